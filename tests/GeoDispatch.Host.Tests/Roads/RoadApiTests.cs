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

    public static TheoryData<string, string, string> Bad() => new()
    {
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
