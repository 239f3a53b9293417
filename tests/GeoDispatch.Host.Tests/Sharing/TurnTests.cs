using System.Net.Sockets;
using System.Text;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Sharing;

/// <summary>A server whose map does one thing at a time, lets one wait, and gives answers of at most 400,000 bytes.</summary>
public sealed class NarrowServer(TestCluster cluster) : IAsyncLifetime
{
    public RunningServer Server { get; } = new(cluster)
    {
        MapLoad = new MapLoadSettings { AtOnce = 1, Waiting = 1, LongestWait = TimeSpan.FromMinutes(2), AnswerBytes = 400_000 },
    };

    public ValueTask InitializeAsync() => Server.InitializeAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>However many ask, the map takes no more of the machine than its turns; what dispatch needs takes none.</summary>
public sealed class TurnTests(NarrowServer narrow) : IClassFixture<NarrowServer>
{
    private const string Query = "/ogc/collections/pois/items?limit=1";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunningServer Server => narrow.Server;

    [Theory]
    [InlineData(Query)]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=pois&count=1")]
    [InlineData("/wms?service=WMS&version=1.3.0&request=GetMap&layers=city&styles=&crs=CRS:84&bbox=118.5,37.4,118.52,37.42&width=64&height=64&format=image/png")]
    public async Task Who_finds_no_turn_and_no_place_to_wait_is_asked_to_come_again(string path)
    {
        Task<Answer>[] asked;
        using (await TakeTurnAsync())
        {
            asked = [.. Enumerable.Range(0, 3).Select(_ => Server.Anonymous().GetAsync(path))];
            Task<Answer>[] refused = await Eventually.GetAsync(
                () => Task.FromResult(asked.Where(static task => task.IsCompleted).ToArray()), static done => done.Length >= 2, "nobody is refused");
            foreach (Task<Answer> one in refused)
            {
                Answer answer = (await one).MustSay(503, "map.busy");
                Assert.True(answer.Response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            }

            Assert.Equal(1, asked.Count(static task => !task.IsCompleted));
        }

        Assert.Single(await Task.WhenAll(asked), static answer => answer.Status == 200);
    }

    [Fact]
    public async Task What_is_kept_and_what_is_not_the_map_needs_no_turn()
    {
        const string kept = "/tiles/city/14/13587/6346.mvt";
        TileCounts counts = Server.Services.GetRequiredService<TileCounts>();
        await Eventually.GetAsync(
            async () =>
            {
                long before = counts.Queries;
                Assert.Equal(200, (await Server.Anonymous().GetAsync(kept)).Status);
                return counts.Queries - before;
            },
            static cut => cut == 0,
            "the tile is not kept");
        Session desk = await Server.DispatcherAsync();
        using (await TakeTurnAsync())
        {
            Assert.Equal(200, (await Server.Anonymous().GetAsync(kept)).Status);
            Assert.Equal(200, (await Server.Anonymous().GetAsync("/healthz/ready")).Status);
            Incident incident = await desk.OpenAsync();
            Recommendations advice = await desk.ReadAsync<Recommendations>("/api/recommendations?lon=118.58&lat=37.455");
            Assert.Equal(201, (await desk.TryAssignAsync(incident.Id, advice.Units[0].UnitId)).Status);
        }
    }

    [Theory]
    [InlineData("mvt", 13588)]
    [InlineData("png", 13592)]
    public async Task The_desk_waits_for_no_tile_not_even_behind_one_who_does(string kind, int column)
    {
        string tile = $"/tiles/city/14/{column}/6346.{kind}";
        Session desk = await Server.DispatcherAsync();
        using (await TakeTurnAsync())
        {
            Task<Answer> somebody = Server.Anonymous().GetAsync(tile);
            await Eventually.GetAsync(
                () => Task.FromResult(Server.Services.GetRequiredService<MapWork>().Waiting), static waiting => waiting == 1, "nobody waits");
            Assert.False(somebody.IsCompleted);
            Assert.Equal(200, (await desk.GetAsync(tile)).Status);
            Assert.Equal(200, (await somebody).Status);
        }
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_holds_no_turn()
    {
        const string page = "/ogc/collections/streets/items?limit=600";
        var readers = new List<TcpClient>();
        for (int reader = 0; reader < 5; reader++)
        {
            var client = new TcpClient { ReceiveBufferSize = 1_024 };
            readers.Add(client);
            await client.ConnectAsync(Server.Address.Host, Server.Address.Port, Cancellation);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {page} HTTP/1.1\r\nHost: {Server.Address.Authority}\r\n\r\n"), Cancellation);
            await client.GetStream().ReadExactlyAsync(new byte[12], Cancellation);
        }

        Assert.Equal(200, (await Server.Anonymous().GetAsync(Query)).Status);
        readers.ForEach(static reader => reader.Dispose());
    }

    [Theory]
    [InlineData("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=buildings&count=10000")]
    public async Task An_answer_that_is_too_long_is_refused_before_its_first_byte(string path)
    {
        Answer refused = (await Server.Anonymous().GetAsync(path)).MustSay(400, "answer.too_long");
        Assert.Contains("400000", refused.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await Server.Anonymous().GetAsync(path.Replace("10000", "10", StringComparison.Ordinal))).Status);
    }

    private ValueTask<IDisposable?> TakeTurnAsync() => Server.Services.GetRequiredService<MapWork>().EnterAsync(Cancellation);
}
