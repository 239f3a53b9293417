using GeoDispatch.City.Import;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
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

    private sealed record Timed(double Seconds, double LearnedShare, double? LowSeconds, double? HighSeconds);

    private sealed record NearestTimes(Timed[] Nearest);

    private sealed record RouteTimes(Timed[] Routes);

    /// <summary>Every street was driven, and of a hundred trips half took twice as long as was told, and half took half.</summary>
    private sealed class Judged : LearnedSpeeds
    {
        public override EtaBand Band { get; } = EtaBand.Of(Enumerable.Range(0, 100).Select(static trip => new PastTrip(100, trip % 2 == 0 ? 50 : 200, 1_000, 1)));

        public override double Seconds(int arc, int hourOfWeek, bool emergency) => double.NaN;

        public override bool IsLearned(int arc) => true;
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
        // Between two points of the line, so that it is on one street and at no crossing.
        double[] a = usual.Geometry[usual.Geometry.Length / 2], b = usual.Geometry[usual.Geometry.Length / 2 + 1];
        LonLat middle = new((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
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
    public async Task A_unit_that_drives_away_from_a_place_has_to_turn_round_first_and_one_that_stands_has_not()
    {
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetGraphAsync(Cancellation);
        long street = await server.Database.ReadAsync<long>("SELECT id FROM city.street WHERE NOT oneway AND length_m > 400 ORDER BY id LIMIT 1");
        int edge = Enumerable.Range(0, graph.EdgeCount).First(edge => graph.StreetId(new RoadPosition(edge, 0)) == street);
        (LonLat unit, LonLat place) = (graph.PointAt(new RoadPosition(edge, 0.5)), graph.PointAt(new RoadPosition(edge, 0.6)));
        double towards = Geodesy.BearingDegrees(unit, place);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Session desk = await server.DispatcherAsync();
        async Task<double> AskAsync(int ago, double speed, double heading)
        {
            (await server.SendFixesAsync(server.Crews[0], new AvlFix(now.AddSeconds(-ago), unit.Lon, unit.Lat, speed, heading))).Read<FixReceipt>();
            Recommendations advice = await desk.ReadAsync<Recommendations>(FormattableString.Invariant($"/api/recommendations?lon={place.Lon:R}&lat={place.Lat:R}&limit=50"));
            return advice.Units.Single(found => found.UnitId == server.Crews[0].UnitId).Seconds!.Value;
        }

        (double ahead, double away, double standing) = (await AskAsync(9, 40, towards), await AskAsync(6, 40, (towards + 180) % 360), await AskAsync(3, 2, (towards + 180) % 360));

        Assert.InRange(away - ahead, 5, TurnCosts.Of(RoadProfile.Emergency).Back + 1);
        Assert.Equal(ahead, standing, 1.0);
    }

    [Fact]
    public async Task Nearest_and_many_routes_say_the_same_band_as_one_route_once_enough_trips_were_driven_and_none_before()
    {
        Streets streets = server.Services.GetRequiredService<Streets>();
        RoadGraph graph = await streets.GetGraphAsync(Cancellation);
        Session desk = await server.DispatcherAsync();
        async Task<Timed[]> AskAsync() =>
        [
            (await desk.PostAsync("/api/roads/route", new { from = From, to = To })).Read<Timed>(),
            (await desk.PostAsync("/api/roads/nearest", new { target = To, sources = new[] { From } })).Read<NearestTimes>().Nearest[0],
            (await desk.PostAsync("/api/roads/routes", new { pairs = new[] { new { from = From, to = To } } })).Read<RouteTimes>().Routes[0],
        ];

        Timed[] before = await AskAsync();
        Assert.True(streets.SetLearned(graph, new Judged()));
        Timed[] after = await AskAsync();
        Assert.True(streets.SetLearned(graph, null));

        Assert.All(before, time => Assert.Equal((0.0, null, null), (time.LearnedShare, time.LowSeconds, time.HighSeconds)));
        Assert.All(after, time =>
        {
            Assert.Equal(after[0].Seconds, time.Seconds, 6);
            Assert.Equal(1, time.LearnedShare, 6);
            Assert.Equal((time.Seconds / 2, time.Seconds * 2), (time.LowSeconds!.Value, time.HighSeconds!.Value));
        });
    }

    [Fact]
    public async Task Where_new_streets_cannot_be_read_those_of_before_answer_on_and_it_is_tried_again()
    {
        Streets streets = server.Services.GetRequiredService<Streets>();
        RoadGraph before = await streets.GetGraphAsync(Cancellation);
        Session desk = await server.DispatcherAsync();
        int attempts = 0;
        streets.WhenLoaded((_, _) => Interlocked.Increment(ref attempts) == 1 ? throw new IOException("The disk is away.") : Task.CompletedTask);

        await server.Database.AdministerAsync($"NOTIFY {OsmImport.StreetsChanged}");

        RoadGraph after = await Eventually.GetAsync(
            async () =>
            {
                Assert.Equal(200, (await desk.PostAsync("/api/roads/route", new { from = From, to = To })).Status);
                return await streets.GetGraphAsync(Cancellation);
            },
            graph => graph != before, "the streets are not read again");
        Assert.Equal(before.EdgeCount, after.EdgeCount);
        Assert.True(Volatile.Read(ref attempts) >= 2);
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
