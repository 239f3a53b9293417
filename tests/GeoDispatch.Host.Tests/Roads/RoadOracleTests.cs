using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>
/// Who is nearest by road, and how near, against <c>pgr_dijkstraCost</c> of pgRouting on the line graph of the same streets.
/// </summary>
public sealed class RoadOracleTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int Calls = 100, Shown = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_100_random_calls_each_recommendation_names_the_first_three_units_and_times_of_the_oracle()
    {
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetGraphAsync(Cancellation);
        var random = new Random(370500);
        LonLat[] vehicles = [.. server.Crews.Select(_ => Somewhere(random))];
        LonLat[] calls = [.. Enumerable.Range(0, Calls).Select(_ => Somewhere(random))];
        await Task.WhenAll(server.Crews.Select(async (crew, index) => (await server.SendFixesAsync(
            crew, new AvlFix(TimeProvider.System.GetUtcNow(), vehicles[index].Lon, vehicles[index].Lat))).Read<FixReceipt>()));

        Session desk = await server.DispatcherAsync();
        var recommended = new List<(Guid UnitId, double Seconds)[]>();
        int hour = HourOfWeek();
        do
        {
            // Speeds are those of the hour: where it changes while we ask, we ask again.
            recommended.Clear();
            hour = HourOfWeek();
            foreach (LonLat call in calls)
            {
                Recommendations advice = await desk.ReadAsync<Recommendations>(FormattableString.Invariant($"/api/recommendations?lon={call.Lon:R}&lat={call.Lat:R}&limit={Shown}"));
                Assert.Equal("road", advice.Basis);
                Assert.All(advice.Units, unit => Assert.Equal("fix", unit.From));
                recommended.Add([.. advice.Units.Select(unit => (unit.UnitId, unit.Seconds!.Value))]);
            }
        }
        while (hour != HourOfWeek());

        bool isRush = hour / 24 < 5 && (hour % 24) is 7 or 8 or 17 or 18;
        double[,] oracle = await new LineGraph(server.Database, "emergency", TurnCosts.Of(RoadProfile.Emergency), "emergency", isRush, [])
            .SecondsAsync(graph, [.. vehicles.Select(at => On(graph, at))], [.. calls.Select(at => On(graph, at))], Cancellation);
        for (int call = 0; call < Calls; call++)
        {
            MustAgree(
                Column(oracle, call),
                [.. recommended[call].Select(unit => (server.Crews.Index().First(crew => crew.Item.UnitId == unit.UnitId).Index, unit.Seconds))],
                $"call {call} at {calls[call]}");
        }
    }

    [Fact]
    public async Task Ends_of_streets_one_ways_and_vehicles_on_the_street_of_the_call_agree_with_the_oracle_too()
    {
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetGraphAsync(Cancellation);
        var random = new Random(20261124);
        RoadPosition[] calls = [.. Enumerable.Range(0, Calls).Select(_ => Anywhere(random, graph))];
        // Half of the vehicles stand on the street of some call, ahead of it, behind it or at the very same place.
        RoadPosition[] vehicles =
        [
            .. Enumerable.Range(0, 40).Select(_ => Anywhere(random, graph)),
            .. calls.Take(40).Select(call => call with { Fraction = random.Next(3) == 0 ? call.Fraction : Fraction(random) }),
        ];
        RoadNetwork network = graph.At(RoadMoment.AsGiven());
        double[,] oracle = await new LineGraph(server.Database, "emergency", TurnCosts.None, "given", false, []).SecondsAsync(graph, vehicles, calls, Cancellation);
        for (int call = 0; call < Calls; call++)
        {
            IReadOnlyList<(int SourceIndex, double Seconds)> nearest = network.Nearest(calls[call], [.. vehicles.Select(at => (RoadPosition?)at)], vehicles.Length);
            MustAgree(Column(oracle, call), nearest, $"call {call} on street {graph.StreetId(calls[call])} at {calls[call].Fraction}");
        }
    }

    /// <summary>Times equal to a microsecond, rank by rank; the same vehicle unless two are as near as that.</summary>
    private static void MustAgree(double[] oracle, IReadOnlyList<(int Vehicle, double Seconds)> ours, string which)
    {
        int[] order = [.. Enumerable.Range(0, oracle.Length).Where(vehicle => double.IsFinite(oracle[vehicle])).OrderBy(vehicle => oracle[vehicle])];
        Assert.True(ours.Count >= Math.Min(Shown, order.Length), which);
        for (int rank = 0; rank < ours.Count; rank++)
        {
            Assert.True(Math.Abs(ours[rank].Seconds - oracle[order[rank]]) <= 1e-6, $"{which}, rank {rank + 1}: {ours[rank].Seconds}, oracle {oracle[order[rank]]}");
            Assert.True(Math.Abs(oracle[ours[rank].Vehicle] - oracle[order[rank]]) <= 1e-6, $"{which}, rank {rank + 1}: another vehicle is nearer");
        }

        Assert.Equal(ours.Count, ours.DistinctBy(unit => unit.Vehicle).Count());
    }

    private static double[] Column(double[,] seconds, int call) =>
        [.. Enumerable.Range(0, seconds.GetLength(0)).Select(vehicle => seconds[vehicle, call])];

    /// <summary>A point in or between the two cores, where streets are near but seldom underfoot.</summary>
    private static LonLat Somewhere(Random random) => new(118.44 + random.NextDouble() * 0.28, 37.40 + random.NextDouble() * 0.10);

    private static int HourOfWeek()
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        return ((int)local.DayOfWeek + 6) % 7 * 24 + local.Hour;
    }

    private static RoadPosition On(RoadGraph graph, LonLat at) => Assert.NotNull(graph.Snap(at)).Position;

    private static RoadPosition Anywhere(Random random, RoadGraph graph) => new(random.Next(graph.EdgeCount), Fraction(random));

    private static double Fraction(Random random) => random.Next(10) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
}
