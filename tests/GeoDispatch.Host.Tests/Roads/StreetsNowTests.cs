using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>What the server is told of its streets counts from the next answer on, and an old graph can tell it nothing.</summary>
public sealed class StreetsNowTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly object From = new { lon = 118.49, lat = 37.45 }, To = new { lon = 118.60, lat = 37.44 };

    private sealed record Route(double Seconds, double Meters, double[][] Geometry);

    private sealed class Crawling : LearnedSpeeds
    {
        public override double Seconds(int arc, int hourOfWeek, bool emergency) => 1000;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Closures_and_learned_speeds_count_from_the_next_answer_on()
    {
        Streets streets = server.Services.GetRequiredService<Streets>();
        RoadGraph graph = await streets.GetGraphAsync(Cancellation);
        Session desk = await server.DispatcherAsync();
        async Task<Route> AskAsync() => (await desk.PostAsync("/api/roads/route", new { from = From, to = To })).Read<Route>();
        Route usual = await AskAsync();
        LonLat middle = new(usual.Geometry[usual.Geometry.Length / 2][0], usual.Geometry[usual.Geometry.Length / 2][1]);
        int edge = graph.Snap(middle)!.Value.Position.Edge;
        long version = streets.Version;

        Assert.True(streets.SetConditions(graph, [new RoadCondition(Guid.NewGuid(), [2 * edge, 2 * edge + 1], 0, EmergencyPasses: false)]));
        Route around = await AskAsync();
        Assert.True(streets.SetConditions(graph, []));
        Route again = await AskAsync();
        Assert.True(streets.SetLearned(graph, new Crawling()));
        Route crawling = await AskAsync();
        Assert.True(streets.SetLearned(graph, null));

        Assert.True(around.Seconds > usual.Seconds, $"{around.Seconds} s around, {usual.Seconds} s before");
        Assert.Equal(usual.Seconds, again.Seconds, usual.Seconds * 0.3);
        Assert.True(crawling.Seconds > 10 * usual.Seconds);
        Assert.Equal(version + 4, streets.Version);
    }

    [Fact]
    public async Task New_streets_are_prepared_before_they_are_asked_and_those_of_before_are_told_nothing()
    {
        using var streets = new Streets(server.Services.GetRequiredService<Postgres.Databases>(), TimeProvider.System);
        var prepared = new List<RoadGraph>();
        streets.WhenLoaded((graph, _) =>
        {
            prepared.Add(graph);
            Assert.True(streets.SetConditions(graph, [new RoadCondition(Guid.Empty, [.. Enumerable.Range(0, 2 * graph.EdgeCount)], 0, EmergencyPasses: false)]));
            return Task.CompletedTask;
        });
        RoadGraph first = await streets.GetGraphAsync(Cancellation);
        RoadPosition from = first.Snap(new LonLat(118.49, 37.45))!.Value.Position, to = first.Snap(new LonLat(118.60, 37.44))!.Value.Position;
        Assert.Null((await streets.GetAsync(RoadProfile.Emergency, Cancellation)).Route(from, to));

        await streets.ReloadAsync(Cancellation);

        Assert.Equal([first, await streets.GetGraphAsync(Cancellation)], prepared);
        Assert.False(streets.SetConditions(first, []));
        Assert.Null((await streets.GetAsync(RoadProfile.Emergency, Cancellation)).Route(from, to));
    }
}
