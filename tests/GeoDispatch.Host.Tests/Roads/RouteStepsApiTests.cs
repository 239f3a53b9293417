using GeoDispatch.Spatial;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>Instructions, other ways and many routes at once, over the demo city.</summary>
public sealed class RouteStepsApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private sealed record Step(string Turn, string? Street, double Seconds, double Meters, string Zh, string En, double Lon, double Lat);

    private sealed record Route(double Seconds, double Meters, double[][] Geometry, Step[] Steps, Route[]? Alternatives);

    private sealed record Pair(string? Id, double? Seconds, double? Meters, string? Reason, double[][]? Geometry);

    private sealed record Many(Pair[] Routes);

    // Streets of the western core are 120 m apart; every twelfth is a main road, and between main roads those are the fastest way.
    public static TheoryData<string, string, string[]> Written() => new()
    {
        {
            "聊城路:西十三路-西十四路", "聊城路:西二十四路-西二十五路",
            ["沿聊城路向东行驶 1.3 公里 / Drive east on 聊城路 for 1.3 km", "到达 / Arrive"]
        },
        {
            "聊城路:西二十四路-西二十五路", "聊城路:西十三路-西十四路",
            ["沿聊城路向西行驶 1.3 公里 / Drive west on 聊城路 for 1.3 km", "到达 / Arrive"]
        },
        {
            "聊城路:西十三路-西十四路", "西二十五路:菏泽路-枣庄路",
            ["沿聊城路向东行驶 1.4 公里 / Drive east on 聊城路 for 1.4 km", "左转进入西二十五路,行驶 300 米 / Turn left into 西二十五路 and drive 300 m", "到达 / Arrive"]
        },
        {
            "西二十五路:菏泽路-枣庄路", "聊城路:西十三路-西十四路",
            ["沿西二十五路向南行驶 300 米 / Drive south on 西二十五路 for 300 m", "右转进入聊城路,行驶 1.4 公里 / Turn right into 聊城路 and drive 1.4 km", "到达 / Arrive"]
        },
        {
            "聊城路:西二十二路-西二十三路", "栖霞路:西二十七路-西二十八路",
            [
                "沿聊城路向东行驶 300 米 / Drive east on 聊城路 for 300 m",
                "左转进入西二十五路,行驶 1.4 公里 / Turn left into 西二十五路 and drive 1.4 km",
                "右转进入栖霞路,行驶 300 米 / Turn right into 栖霞路 and drive 300 m",
                "到达 / Arrive",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public async Task A_route_is_said_as_somebody_with_the_map_would_say_it(string from, string to, string[] expected)
    {
        Session desk = await server.DispatcherAsync();
        Route route = await RouteAsync(desk, await MiddleAsync(from), await MiddleAsync(to), "normal");
        Assert.Equal(expected, route.Steps.Select(step => $"{step.Zh} / {step.En}"));
        Assert.Equal(route.Seconds, route.Steps.Sum(step => step.Seconds), 6);
        Assert.Equal(route.Meters, route.Steps.Sum(step => step.Meters), 6);
    }

    [Fact]
    public async Task Right_is_right_and_left_is_left_on_the_map()
    {
        Session desk = await server.DispatcherAsync();
        var said = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (LonLat[] ends in Anywhere(5, 60).Chunk(2))
        {
            Route route = await RouteAsync(desk, ends[0], ends[1], "normal");
            foreach (Step step in route.Steps[1..^1].Where(step => step.Turn is not "back"))
            {
                int at = Array.FindIndex(route.Geometry, point => point[0].Equals(step.Lon) && point[1].Equals(step.Lat));
                (double x, double y) before = Way(route.Geometry[at - 1], route.Geometry[at]), after = Way(route.Geometry[at], route.Geometry[at + 1]);
                // Positive to the left, negative to the right; a bend of less than 20 degrees is neither.
                double cross = before.x * after.y - before.y * after.x, along = before.x * after.x + before.y * after.y;
                double left = Math.Atan2(cross, along) * 180 / Math.PI;
                string expected = left > 0 ? "eft" : "ight";
                Assert.True(step.Turn == "straight" ? Math.Abs(left) < 22 : step.Turn.EndsWith(expected, StringComparison.Ordinal), $"{step.Zh}: {left:0}° to the left");
                Assert.True(step.Turn is not ("left" or "right") || Math.Abs(left) is > 43 and < 122, $"{step.Zh}: {left:0}° to the left");
                Assert.Contains(step.Turn == "straight" ? "直行" : left > 0 ? "左" : "右", step.Zh, StringComparison.Ordinal);
                said[step.Turn] = said.GetValueOrDefault(step.Turn) + 1;
            }
        }

        Assert.True(said.GetValueOrDefault("left") > 20 && said.GetValueOrDefault("right") > 20, string.Join(' ', said));
    }

    [Fact]
    public async Task Alternatives_take_little_longer_and_lead_elsewhere()
    {
        Session desk = await server.DispatcherAsync();
        int found = 0;
        foreach (LonLat[] ends in Anywhere(11, 40).Chunk(2))
        {
            Route route = await RouteAsync(desk, ends[0], ends[1], "normal", alternatives: 2);
            Assert.Equal(route.Seconds, (await RouteAsync(desk, ends[0], ends[1], "normal")).Seconds, 9);
            var known = new List<HashSet<(double, double)>> { ([.. Lines(route).Select(line => line.Name)]) };
            foreach (Route other in route.Alternatives!)
            {
                Assert.InRange(other.Seconds, route.Seconds, route.Seconds * 1.4);
                Assert.Equal(other.Seconds, other.Steps.Sum(step => step.Seconds), 6);
                Assert.Equal([.. route.Geometry[0], .. route.Geometry[^1]], [.. other.Geometry[0], .. other.Geometry[^1]]);
                Assert.All(known, before => Assert.InRange(
                    Lines(other).Where(line => before.Contains(line.Name)).Sum(line => line.Meters) / Lines(other).Sum(line => line.Meters), 0, 0.67));
                known.Add([.. Lines(other).Select(line => line.Name)]);
                found++;
            }
        }

        Assert.InRange(found, 10, 40);
    }

    [Fact]
    public async Task Many_routes_take_what_each_takes_and_what_has_none_says_why()
    {
        Session desk = await server.DispatcherAsync();
        LonLat[] places = [.. Anywhere(3, 4)];
        object Point(LonLat at) => new { lon = at.Lon, lat = at.Lat };
        LonLat sea = new(119.19, 38.11);
        object[] pairs =
        [
            new { id = "one", from = Point(places[0]), to = Point(places[1]) }, new { from = Point(sea), to = Point(places[1]) },
            new { from = Point(places[2]), to = Point(sea) }, new { from = Point(places[2]), to = Point(places[3]) },
        ];

        Pair[] many = (await desk.PostAsync("/api/roads/routes", new { pairs, profile = "normal", geometry = true })).Read<Many>().Routes;

        Assert.Equal(["one ", " from.far", " to.far", " "], many.Select(pair => $"{pair.Id} {pair.Reason}"));
        foreach ((int index, LonLat from, LonLat to) in new[] { (0, places[0], places[1]), (3, places[2], places[3]) })
        {
            Route route = await RouteAsync(desk, from, to, "normal");
            Assert.Equal((route.Seconds, route.Meters, route.Geometry.Length), (many[index].Seconds, many[index].Meters, many[index].Geometry!.Length));
        }

        Assert.All(many[1..3], pair => Assert.Equal((null, null), (pair.Seconds, pair.Geometry)));
        Assert.All((await desk.PostAsync("/api/roads/routes", new { pairs })).Read<Many>().Routes, pair => Assert.Null(pair.Geometry));
    }

    private static async Task<Route> RouteAsync(Session session, LonLat from, LonLat to, string? profile, int alternatives = 0) => (await session.PostAsync(
        "/api/roads/route", new { from = new { lon = from.Lon, lat = from.Lat }, to = new { lon = to.Lon, lat = to.Lat }, profile, alternatives })).Read<Route>();

    /// <summary>The middle of a block of a street, between two that cross it: <c>street:cross-cross</c>.</summary>
    private async Task<LonLat> MiddleAsync(string block)
    {
        string[] names = block.Split(':', '-');
        double[] middle = await server.Database.ReadAsync<double[]>(
            $"""
            SELECT ARRAY[avg(ST_X(geom)), avg(ST_Y(geom))] FROM city.crossing
            WHERE streets @> ARRAY['{names[0]}'] AND (streets @> ARRAY['{names[1]}'] OR streets @> ARRAY['{names[2]}'])
            """);
        return new LonLat(middle[0], middle[1]);
    }

    /// <summary>Places in the two cores and between them, the same at each run.</summary>
    private static IEnumerable<LonLat> Anywhere(int seed, int count)
    {
        // Halton's sequence: everywhere alike, by no generator.
        double Part(int index, int radix)
        {
            (double part, double step) = (0, 1.0 / radix);
            for (; index > 0; index /= radix, step /= radix)
            {
                part += index % radix * step;
            }

            return part;
        }

        return Enumerable.Range(seed, count).Select(index => new LonLat(118.45 + 0.25 * Part(index, 2), 37.42 + 0.07 * Part(index, 3)));
    }

    private static (double X, double Y) Way(double[] from, double[] to) => ((to[0] - from[0]) * Math.Cos(37.45 * Math.PI / 180), to[1] - from[1]);

    /// <summary>The lines from point to point, by names that are the same in both directions.</summary>
    private static IEnumerable<((double, double) Name, double Meters)> Lines(Route route) => route.Geometry.Zip(route.Geometry.Skip(1), static (a, b) =>
        ((a[0] + b[0], a[1] + b[1]), Geodesy.DistanceMeters(new LonLat(a[0], a[1]), new LonLat(b[0], b[1]))));
}
