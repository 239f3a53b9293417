using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>Times and routes for departments' programs.</summary>
public sealed class RoadApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly LonLat[] Places = [new(118.49, 37.45), new(118.52, 37.46), new(118.60, 37.44), new(118.66, 37.43)];

    private sealed record Nearest(NearestItem[] Items)
    {
        [System.Text.Json.Serialization.JsonPropertyName("nearest")]
        public NearestItem[] Items { get; init; } = Items;
    }

    private sealed record NearestItem(int Rank, int Index, string? Id, double Seconds);

    private sealed record Matrix(double?[][] Seconds);

    private sealed record Route(double Seconds, double Meters, double[][] Geometry);

    [Fact]
    public async Task Nearest_matrix_and_route_tell_the_same_times()
    {
        Session department = await server.SignInAsync("department");
        object[] points = [.. Places.Select(place => new { lon = place.Lon, lat = place.Lat })];
        Nearest nearest = (await department.PostAsync("/api/roads/nearest", new
        {
            target = points[0],
            sources = Places.Skip(1).Select((place, index) => new { id = $"v{index}", lon = place.Lon, lat = place.Lat }),
            limit = 2,
        })).Read<Nearest>();
        Matrix matrix = (await department.PostAsync("/api/roads/matrix", new { from = points, to = points })).Read<Matrix>();

        Assert.Equal(["1 v0", "2 v1"], nearest.Items.Select(item => $"{item.Rank} {item.Id}"));
        Assert.All(nearest.Items, item => Assert.Equal(matrix.Seconds[item.Index + 1][0], item.Seconds));
        Assert.All(Enumerable.Range(0, Places.Length), place => Assert.Equal(0, matrix.Seconds[place][place]));
        for (int from = 0; from < Places.Length; from++)
        {
            for (int to = 0; to < Places.Length; to++)
            {
                Route route = (await department.PostAsync("/api/roads/route", new { from = points[from], to = points[to] })).Read<Route>();
                Assert.Equal(matrix.Seconds[from][to]!.Value, route.Seconds, 9);
                Assert.True(route.Geometry.Length >= 2);
            }
        }
    }

    [Fact]
    public async Task On_a_one_way_street_the_way_back_goes_around()
    {
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetGraphAsync(TestContext.Current.CancellationToken);
        long oneway = await server.Database.ReadAsync<long>("SELECT id FROM city.street WHERE oneway AND length_m > 60 ORDER BY id LIMIT 1");
        int edge = Enumerable.Range(0, graph.EdgeCount).First(edge => graph.StreetId(new RoadPosition(edge, 0)) == oneway);
        (LonLat begin, LonLat end) = (graph.PointAt(new RoadPosition(edge, 0.25)), graph.PointAt(new RoadPosition(edge, 0.75)));
        Session department = await server.SignInAsync("department");
        object[] points = [new { lon = begin.Lon, lat = begin.Lat }, new { lon = end.Lon, lat = end.Lat }];

        Matrix matrix = (await department.PostAsync("/api/roads/matrix", new { from = points, to = points })).Read<Matrix>();

        Assert.True(matrix.Seconds[0][1] < matrix.Seconds[1][0] / 2, $"with the street {matrix.Seconds[0][1]} s, against it {matrix.Seconds[1][0]} s");
    }

    [Fact]
    public async Task A_point_far_from_every_street_has_no_time_and_spoils_no_other()
    {
        Session department = await server.SignInAsync("department");
        object sea = new { lon = 119.19, lat = 38.11 }, town = new { lon = 118.49, lat = 37.45 };

        Matrix matrix = (await department.PostAsync("/api/roads/matrix", new { from = new[] { sea, town }, to = new[] { town } })).Read<Matrix>();

        Assert.Equal([null, 0.0], matrix.Seconds.Select(row => row[0]));
        (await department.PostAsync("/api/roads/route", new { from = sea, to = town })).MustRefuse(404, "route.none");
    }

    private sealed record Way(double Seconds, double Meters, double[][] Geometry, Step[] Steps, Way[]? Alternatives);

    private sealed record Step(string Turn, string? Street, double Meters, string Zh, string En);

    private sealed record Pairs(Pair[] Routes);

    private sealed record Pair(double? Seconds, double? Meters);

    private sealed record Areas(string Type, Area[] Features);

    private sealed record Area(AreaProperties Properties, AreaGeometry Geometry);

    private sealed record AreaProperties(int Minutes, double AreaKm2, double CellMeters);

    private sealed record AreaGeometry(string Type, double[][][][] Coordinates)
    {
        // Corners of cells on the map, in a plane of degrees.
        internal double Size => Coordinates.Sum(polygon => polygon.Sum(ring => Enumerable.Range(1, ring.Length - 1).Sum(index =>
            (ring[index - 1][0] * ring[index][1] - ring[index][0] * ring[index - 1][1]) / 2)));
    }

    private sealed record Islands(int Count, int Edges);

    [Fact]
    public async Task A_route_comes_with_instructions_in_both_languages_and_with_other_ways()
    {
        Session department = await server.SignInAsync("department");

        Way way = (await department.PostAsync("/api/roads/route", new { from = Point(0), to = Point(2), alternatives = 2 })).Read<Way>();

        Assert.Equal(("depart", "arrive"), (way.Steps[0].Turn, way.Steps[^1].Turn));
        Assert.StartsWith("沿", way.Steps[0].Zh, StringComparison.Ordinal);
        Assert.StartsWith("Drive ", way.Steps[0].En, StringComparison.Ordinal);
        Assert.Equal(way.Meters, way.Steps.Sum(step => step.Meters), 3);
        Assert.NotEmpty(way.Alternatives!);
        Assert.All(way.Alternatives!, other => Assert.InRange(other.Seconds, way.Seconds, 1.4 * way.Seconds));
        Assert.All(way.Alternatives!, other => Assert.NotEqual(way.Geometry, other.Geometry));
    }

    [Fact]
    public async Task Who_says_no_profile_is_asked_for_as_an_emergency_at_the_desk_and_as_normal_elsewhere()
    {
        (Session department, Session desk) = (await server.SignInAsync("department"), await server.DispatcherAsync());
        async Task<double> AskAsync(Session session, string? profile) =>
            (await session.PostAsync("/api/roads/route", new { from = Point(0), to = Point(3), profile })).Read<Route>().Seconds;

        Assert.Equal(await AskAsync(department, "normal"), await AskAsync(department, null));
        Assert.Equal(await AskAsync(desk, "emergency"), await AskAsync(desk, null));
        Assert.True(await AskAsync(desk, "emergency") < await AskAsync(desk, "large"));
        Assert.True(await AskAsync(desk, "emergency") < await AskAsync(desk, "normal"));
    }

    [Fact]
    public async Task Five_hundred_pairs_are_answered_at_once_as_each_alone_is()
    {
        Session department = await server.SignInAsync("department");
        object sea = new { lon = 119.19, lat = 38.11 };

        Pairs pairs = (await department.PostAsync("/api/roads/routes", new
        {
            pairs = Enumerable.Range(0, 500).Select(pair => new { from = Point(pair % 4), to = pair == 7 ? sea : Point(pair / 4 % 4) }),
        })).Read<Pairs>();

        Route alone = (await department.PostAsync("/api/roads/route", new { from = Point(2), to = Point(1) })).Read<Route>();
        Assert.Equal(500, pairs.Routes.Length);
        Assert.Equal((alone.Seconds, alone.Meters), (pairs.Routes[6].Seconds!.Value, pairs.Routes[6].Meters!.Value));
        Assert.Null(pairs.Routes[7].Seconds);
    }

    [Fact]
    public async Task The_area_within_more_minutes_is_larger_and_holds_the_place()
    {
        Session department = await server.SignInAsync("department");

        Areas areas = (await department.PostAsync("/api/roads/isochrone", new { places = new[] { Point(0) }, minutes = new[] { 2, 6, 4 }, direction = "to" })).Read<Areas>();

        Assert.Equal("FeatureCollection", areas.Type);
        Assert.Equal([6, 4, 2], areas.Features.Select(area => area.Properties.Minutes));
        Assert.All(areas.Features, area => Assert.Equal("MultiPolygon", area.Geometry.Type));
        Assert.True(areas.Features[0].Geometry.Size > areas.Features[1].Geometry.Size && areas.Features[1].Geometry.Size > areas.Features[2].Geometry.Size);
        foreach (Area area in areas.Features)
        {
            string geometry = $"ST_GeomFromGeoJSON('{System.Text.Json.JsonSerializer.Serialize(new { type = area.Geometry.Type, coordinates = area.Geometry.Coordinates })}')";
            Assert.Equal("Valid Geometry", await server.Database.ReadAsync<string>($"SELECT ST_IsValidReason({geometry})"));
            Assert.InRange(area.Properties.AreaKm2 / await server.Database.ReadAsync<double>($"SELECT ST_Area({geometry}::geography) / 1e6"), 0.99, 1.01);
        }

        double[][] points = [.. areas.Features[2].Geometry.Coordinates.SelectMany(polygon => polygon[0])];
        Assert.InRange(Places[0].Lon, points.Min(point => point[0]), points.Max(point => point[0]));
        Assert.InRange(Places[0].Lat, points.Min(point => point[1]), points.Max(point => point[1]));
    }

    [Fact]
    public async Task An_area_around_a_place_that_no_street_reaches_is_refused_by_that_place()
    {
        Session department = await server.SignInAsync("department");

        Answer answer = await department.PostAsync("/api/roads/isochrone", new { places = new[] { Point(0), new { lon = 119.19, lat = 38.11 } }, minutes = new[] { 2 } });

        answer.MustRefuse(404, "route.none");
        Assert.Equal(("places[1]", "119.19,38.11"), (answer.Problem.GetProperty("field").GetString(), answer.Problem.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task Islands_are_told_to_administrators_alone()
    {
        Session admin = await server.SignInAsync("admin");

        Assert.InRange((await admin.ReadAsync<Islands>("/api/roads/islands")).Count, 0, 1000);
        Assert.Equal(403, (await (await server.SignInAsync("department")).GetAsync("/api/roads/islands")).Status);
    }

    private static object Point(int place) => new { lon = Places[place].Lon, lat = Places[place].Lat };

    private static string Repeated(int count) => string.Join(',', Enumerable.Repeat($$"""{"from":{{Here}},"to":{{Here}}}""", count));

    private const string Here = """{"lon":118.5,"lat":37.4}""";

    public static TheoryData<string, string, string> Bad() => new()
    {
        { "isochrone", $$"""{"places":[],"minutes":[5]}""", "places" },
        { "isochrone", $$"""{"places":[{{Here}},{"lon":118.5}],"minutes":[5]}""", "places[1]" },
        { "isochrone", $$"""{"places":[{{Here}}],"minutes":[]}""", "minutes" },
        { "isochrone", $$"""{"places":[{{Here}}],"minutes":[5,61]}""", "minutes" },
        { "isochrone", $$"""{"places":[{{Here}}],"minutes":[5,0]}""", "minutes" },
        { "isochrone", $$"""{"places":[{{Here}}],"minutes":[5],"direction":"up"}""", "direction" },
        { "routes", """{"pairs":[]}""", "pairs" },
        { "routes", $$"""{"pairs":[{{Repeated(501)}}]}""", "pairs" },
        { "routes", $$"""{"geometry":true,"pairs":[{{Repeated(51)}}]}""", "pairs" },
        { "routes", $$"""{"pairs":[{"from":{{Here}}}]}""", "pairs.to[0]" },
        { "route", $$"""{"from":{{Here}},"to":{{Here}},"alternatives":3}""", "alternatives" },
        { "route", $$"""{"from":{{Here}},"to":{{Here}},"profile":"bicycle"}""", "profile" },
        { "route", $$"""{"from":{{Here}},"to":{{Here}},"profile":"normal","vehicle":{"heightMeters":3} }""", "vehicle" },
        { "route", $$"""{"from":{{Here}},"to":{{Here}},"profile":"large","vehicle":{"heightMeters":99} }""", "vehicle.heightMeters" },
        { "nearest", """{"target":{"lon":118.5,"lat":37.4},"sources":[]}""", "sources" },
        { "nearest", """{"target":{"lon":118.5,"lat":37.4}}""", "sources" },
        { "nearest", """{"target":{"lon":181,"lat":37.4},"sources":[{"lon":118.5,"lat":37.4}]}""", "target" },
        { "nearest", """{"target":{"lon":118.5,"lat":37.4},"sources":[{"lon":118.5,"lat":37.4},{"lon":118.5}]}""", "sources[1]" },
        { "nearest", """{"target":{"lon":118.5,"lat":37.4},"sources":[{"lon":118.5,"lat":37.4}],"limit":0}""", "limit" },
        { "nearest", $$"""{"target":{"lon":118.5,"lat":37.4},"sources":[{{string.Join(',', Enumerable.Repeat("""{"lon":118.5,"lat":37.4}""", 1001))}}]}""", "sources" },
        { "route", """{"from":{"lon":118.5,"lat":37.4}}""", "to" },
        { "matrix", """{"from":[{"lon":118.5,"lat":37.4}],"to":[]}""", "from" },
        { "matrix", $$"""{"from":[{{string.Join(',', Enumerable.Repeat("""{"lon":118.5,"lat":37.4}""", 51))}}],"to":[{{string.Join(',', Enumerable.Repeat("""{"lon":118.5,"lat":37.4}""", 50))}}]}""", "from" },
        { "matrix", """{"from":[null],"to":[{"lon":118.5,"lat":37.4}]}""", "from[0]" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task What_cannot_be_answered_is_refused_by_its_field(string question, string body, string field)
    {
        Session department = await server.SignInAsync("department");
        Answer answer = await department.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/api/roads/{question}")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        });

        answer.MustRefuse(400, "roads.bad_question");
        Assert.Equal(field, answer.Problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Nobody_asks_without_a_session() => (await server.Anonymous().PostAsync(
        "/api/roads/matrix", new { from = new[] { new { lon = 118.5, lat = 37.4 } }, to = new[] { new { lon = 118.5, lat = 37.4 } } })).MustRefuse(401, "session.required");
}
