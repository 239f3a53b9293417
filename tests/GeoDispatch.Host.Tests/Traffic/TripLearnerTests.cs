using System.Globalization;
using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Motion;
using GeoDispatch.Tracking.Traffic;

namespace GeoDispatch.Host.Tests.Traffic;

/// <summary>From the fixes of a trip to what it taught, and to the page on arrival times.</summary>
public sealed class TripLearnerTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly LonLat WesternCore = new(118.495, 37.455);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed record Figures(string Key, int Trips, double? MedianError, double? ClassError, double? Bias, int Banded, double? InsideBand, string? Name = null);

    private sealed record Worst(Guid VehicleId, string Plate, DateTimeOffset Start, double Meters, bool Emergency, double PredictedSeconds, double? LowSeconds, double ActualSeconds);

    private sealed record Eta(int Days, double? LearnedShare, Figures All, Figures[] ByHour, Figures[] ByLength, Figures[] ByKind, Figures[] ByDay, Figures[] ByDistrict, Worst[] Worst);

    private sealed record Match(MatchPlace[] Places, MatchStreet[] Streets, double[][][] Lines);

    private sealed record MatchPlace(double? Lon, double? Lat, string? Break);

    private sealed record MatchStreet(long StreetId, string? Name, DateTimeOffset Enter, DateTimeOffset Leave, double Meters, bool IsWhole);

    [Fact]
    public async Task A_trip_teaches_its_streets_once_and_what_was_told_at_its_start_is_judged()
    {
        (DemoCrew normal, DemoCrew withSirens) = (server.Crews[0], server.Crews[1]);
        Session desk = await server.DispatcherAsync();
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetGraphAsync(Cancellation);
        var city = new HiddenCity(graph, WesternCore, seed: 5);
        var random = new Random(5);
        DateTimeOffset noon = new(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date.AddDays(-1).AddHours(12), TimeSpan.FromHours(8));
        SimulatedTrip trip = city.Trip(random, noon, emergency: false), run = city.Trip(random, noon.AddMinutes(30), emergency: true);
        await server.Database.ListAsync<object>(
            "SELECT tracking.say_emergency($1, true, $2), tracking.say_emergency($1, false, $3)",
            await VehicleAsync(withSirens), run.Start.AddMinutes(-1).UtcDateTime, run.Start.AddHours(1).UtcDateTime);
        Assert.Equal(0, (await desk.ReadAsync<Eta>("/api/roads/eta")).All.Trips);

        await DriveAsync(normal, city.Fixes(trip, random));
        await DriveAsync(withSirens, city.Fixes(run, random));
        await LearnedAsync(2);
        string taught = await TaughtAsync();
        await Learner.KeepAsync(Cancellation);
        await Learned.RefreshAsync(Cancellation);

        Assert.Equal(taught, await TaughtAsync());
        HashSet<long> driven = [.. trip.Arcs.Select(arc => graph.StreetId(new RoadPosition(arc >> 1, 0)))];
        List<long> ways = await server.Database.ListAsync<long>("SELECT DISTINCT way FROM tracking.arc_passes WHERE NOT emergency");
        Assert.True(ways.Count(driven.Contains) >= 0.8 * (driven.Count - 2) && ways.Count(way => !driven.Contains(way)) <= 2, $"{ways.Count} of {driven.Count}");
        Assert.True(await server.Database.CountAsync("tracking.arc_passes WHERE emergency") > 3);
        Eta eta = await desk.ReadAsync<Eta>("/api/roads/eta?days=3");
        Assert.Equal(2, eta.All.Trips);
        Assert.Equal(["emergency 1", "normal 1"], eta.ByKind.Select(static kind => $"{kind.Key} {kind.Trips}").Order());
        Assert.Equal("12 2", string.Join(", ", eta.ByHour.Select(static hour => $"{hour.Key} {hour.Trips}")));
        Assert.Equal(noon.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Assert.Single(eta.ByDay).Key);
        Assert.Equal(
            await server.Database.ListAsync<string>(
                "SELECT code || ' ' || name || ' ' || count(*) FROM city.district JOIN tracking.eta_error ON ST_Intersects(geom, ST_SetSRID(ST_MakePoint(to_lon, to_lat), 4326)) GROUP BY code, name ORDER BY code"),
            eta.ByDistrict.Select(static district => $"{district.Key} {district.Name} {district.Trips}"));
        Worst judged = Assert.Single(eta.Worst, static one => !one.Emergency);
        Assert.Equal(trip.Seconds, judged.ActualSeconds, trip.Seconds * 0.1);
        // Nothing was learned when it began, and too few trips were known for a band.
        Assert.InRange(judged.PredictedSeconds, trip.Arcs.Sum(graph.ArcClassSeconds) * 0.8, trip.Arcs.Sum(graph.ArcClassSeconds) * 1.5);
        Assert.Null(judged.LowSeconds);
        // One drive over a street is not enough.
        Assert.Equal(0, eta.LearnedShare);

        // The same way twice more: now it is learned.
        for (int day = 1; day <= 2; day++)
        {
            await DriveAsync(normal, city.Fixes(trip, random).Select(point => point with { Time = point.Time.AddHours(2 * day) }));
        }

        await LearnedAsync(4);
        await Learned.RefreshAsync(Cancellation);
        Assert.InRange((await desk.ReadAsync<Eta>("/api/roads/eta?days=3")).LearnedShare!.Value, 1e-5, 0.05);
        RoadNetwork network = await server.Services.GetRequiredService<Streets>().GetAsync(RoadProfile.Normal, Cancellation);
        RoadRoute route = network.Route(new RoadPosition(trip.Arcs[2] >> 1, 0.5), new RoadPosition(trip.Arcs[^3] >> 1, 0.5))!;
        Assert.InRange(route.LearnedShare, 0.3, 1);
        Assert.Null(route.Band);
    }

    [Fact]
    public async Task Whoever_asks_wrongly_for_arrival_times_reads_what_would_be_right()
    {
        Session desk = await server.DispatcherAsync();
        foreach (string days in new[] { "0", "93", "x", "-1", "1.5" })
        {
            (await desk.GetAsync($"/api/roads/eta?days={days}")).MustRefuse(400, "eta.days");
        }

        Assert.Equal(403, (await (await server.SignInAsync("department")).GetAsync("/api/roads/eta")).Status);
        (await server.Anonymous().GetAsync("/api/roads/eta")).MustRefuse(401, "session.required");
    }

    [Fact]
    public async Task A_department_reads_the_streets_of_its_trace()
    {
        Session department = await server.SignInAsync("department");
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetGraphAsync(Cancellation);
        var random = new Random(6);
        SimulatedTrip trip = new HiddenCity(graph, WesternCore, seed: 5).Trip(random, HiddenCity.Monday.AddHours(10), emergency: false);
        object[] points = [.. new HiddenCity(graph, WesternCore, seed: 5).Fixes(trip, random)
            .Select(static point => new { time = point.Time, lon = point.At.Lon, lat = point.At.Lat })];
        Match match = (await department.PostAsync("/api/roads/match", new { points })).Read<Match>();

        Assert.Equal(points.Length, match.Places.Length);
        Assert.All(match.Places, static place => Assert.True(place is { Lon: not null, Break: null }));
        Assert.Single(match.Lines);
        HashSet<long> driven = [.. trip.Arcs.Select(arc => graph.StreetId(new RoadPosition(arc >> 1, 0)))];
        Assert.True(match.Streets.Count(street => driven.Contains(street.StreetId)) >= 0.9 * match.Streets.Length);
        Assert.Contains(match.Streets, static street => street is { Name.Length: > 0, IsWhole: true } && street.Leave > street.Enter);

        foreach ((object wrong, string field) in new (object, string)[]
        {
            (new { }, "points"), (new { points = Array.Empty<object>() }, "points"), (new { points = Enumerable.Repeat(points[0], 5_001) }, "points"),
            (new { points = new[] { points[0], null } }, "points[1].time"), (new { points = new[] { points[1], points[0] } }, "points[1].time"),
            (new { points = new object[] { points[0], new { time = trip.Start.AddHours(1), lon = 181, lat = 0 } } }, "points[1]"),
            (new { points = new object[] { points[0], new { time = trip.Start.AddHours(1), lon = 118, lat = 37, heading = 361 } } }, "points[1].heading"),
        })
        {
            Assert.Equal(field, (await department.PostAsync("/api/roads/match", wrong)).MustRefuse(400, "roads.bad_trace").Problem.GetProperty("field").GetString());
        }
    }

    private TripLearner Learner => server.Services.GetRequiredService<TripLearner>();

    private LearnedStreets Learned => server.Services.GetRequiredService<LearnedStreets>();

    /// <summary>The drive, and then a halt that ends the trip.</summary>
    private async Task DriveAsync(DemoCrew crew, IEnumerable<TracePoint> drive)
    {
        TracePoint[] points = [.. drive];
        AvlFix[] fixes =
        [
            .. points.Select(static point => new AvlFix(point.Time, point.At.Lon, point.At.Lat, 30)),
            .. Enumerable.Range(1, 18).Select(step => new AvlFix(points[^1].Time.AddSeconds(10 * step), points[^1].At.Lon, points[^1].At.Lat, 0)),
        ];
        Assert.Equal(fixes.Length, (await server.SendFixesAsync(crew, fixes)).Read<FixReceipt>().Accepted);
    }

    private Task<long> LearnedAsync(int trips) => Eventually.GetAsync(
        async () =>
        {
            await server.Services.GetRequiredService<DayKeeper>().KeepAsync(Cancellation);
            await Learner.KeepAsync(Cancellation);
            return await server.Database.CountAsync("tracking.eta_error");
        },
        count => count == trips, "the trips are not learned");

    private Task<string> TaughtAsync() =>
        server.Database.ReadAsync<string>("SELECT md5(string_agg(way || encode(bars, 'hex'), ',' ORDER BY way, from_node, to_node, along, emergency)) FROM tracking.arc_passes");

    private Task<Guid> VehicleAsync(DemoCrew crew) =>
        server.Database.ReadAsync<Guid>("SELECT vehicle_id FROM tracking.device WHERE id = $1", crew.DeviceId);
}
