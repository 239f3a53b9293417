using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
using Npgsql;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>
/// Who is nearest by road, and how near, against <c>pgr_dijkstraCost</c> of pgRouting over the same streets. The oracle is
/// given where vehicles and calls stand on the network and nothing else of ours.
/// </summary>
public sealed class RoadOracleTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int Calls = 100, Shown = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_100_random_calls_each_recommendation_names_the_first_three_units_and_times_of_the_oracle()
    {
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetAsync(Cancellation);
        var random = new Random(370500);
        LonLat[] vehicles = [.. server.Crews.Select(_ => Somewhere(random))];
        LonLat[] calls = [.. Enumerable.Range(0, Calls).Select(_ => Somewhere(random))];
        await Task.WhenAll(server.Crews.Select(async (crew, index) => (await server.SendFixesAsync(
            crew, new AvlFix(TimeProvider.System.GetUtcNow(), vehicles[index].Lon, vehicles[index].Lat))).Read<FixReceipt>()));

        Session desk = await server.DispatcherAsync();
        var recommended = new List<(Guid UnitId, double Seconds)[]>();
        foreach (LonLat call in calls)
        {
            Recommendations advice = await desk.ReadAsync<Recommendations>(FormattableString.Invariant($"/api/recommendations?lon={call.Lon:R}&lat={call.Lat:R}&limit={Shown}"));
            Assert.Equal("road", advice.Basis);
            Assert.All(advice.Units, unit => Assert.Equal("fix", unit.From));
            recommended.Add([.. advice.Units.Select(unit => (unit.UnitId, unit.Seconds!.Value))]);
        }

        double[,] oracle = await AskAsync(graph, [.. vehicles.Select(at => On(graph, at))], [.. calls.Select(at => On(graph, at))]);
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
        RoadGraph graph = await server.Services.GetRequiredService<Streets>().GetAsync(Cancellation);
        var random = new Random(20261124);
        RoadPosition[] calls = [.. Enumerable.Range(0, Calls).Select(_ => Anywhere(random, graph))];
        // Half of the vehicles stand on the street of some call, ahead of it, behind it or at the very same place.
        RoadPosition[] vehicles =
        [
            .. Enumerable.Range(0, 40).Select(_ => Anywhere(random, graph)),
            .. calls.Take(40).Select(call => call with { Fraction = random.Next(3) == 0 ? call.Fraction : Fraction(random) }),
        ];
        double[,] oracle = await AskAsync(graph, vehicles, calls);
        for (int call = 0; call < Calls; call++)
        {
            IReadOnlyList<(int SourceIndex, double Seconds)> nearest = graph.Nearest(calls[call], [.. vehicles.Select(at => (RoadPosition?)at)], vehicles.Length);
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

    private async Task<double[,]> AskAsync(RoadGraph graph, RoadPosition[] vehicles, RoadPosition[] calls)
    {
        // On the superuser's connection, for the extension; it reads the tables of the city and nothing of ours besides.
        await using var connection = new NpgsqlConnection(server.Database.AdminConnectionString);
        await connection.OpenAsync(Cancellation);
        await using (var extension = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pgrouting", connection))
        {
            await extension.ExecuteNonQueryAsync(Cancellation);
        }

        RoadPosition[] places = [.. vehicles, .. calls];
        long Vertex(int place) => -1 - place;
        string sql = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Roads", "RoadOracle.sql"), Cancellation);
        await using (var edges = new NpgsqlCommand(sql, connection))
        {
            edges.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Range(0, places.Length).Select(Vertex).ToArray() });
            edges.Parameters.Add(new NpgsqlParameter { Value = places.Select(graph.StreetId).ToArray() });
            edges.Parameters.Add(new NpgsqlParameter { Value = places.Select(place => place.Fraction).ToArray() });
            await edges.ExecuteNonQueryAsync(Cancellation);
        }

        double[,] seconds = new double[vehicles.Length, calls.Length];
        for (int vehicle = 0; vehicle < vehicles.Length; vehicle++)
        {
            for (int call = 0; call < calls.Length; call++)
            {
                seconds[vehicle, call] = double.PositiveInfinity;
            }
        }

        await using var ask = new NpgsqlCommand(
            """
            SELECT start_vid, end_vid, agg_cost
            FROM pgr_dijkstraCost('SELECT id, source, target, cost, reverse_cost FROM oracle_edge', $1::bigint[], $2::bigint[], directed => true)
            """,
            connection)
        { CommandTimeout = 200 };
        ask.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Range(0, vehicles.Length).Select(Vertex).ToArray() });
        ask.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Range(vehicles.Length, calls.Length).Select(Vertex).ToArray() });
        await using NpgsqlDataReader reader = await ask.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            seconds[-1 - reader.GetInt64(0), -1 - reader.GetInt64(1) - vehicles.Length] = reader.GetDouble(2);
        }

        await reader.DisposeAsync();
        await using var drop = new NpgsqlCommand("DROP TABLE oracle_edge", connection);
        await drop.ExecuteNonQueryAsync(Cancellation);
        return seconds;
    }

    private static double[] Column(double[,] seconds, int call) =>
        [.. Enumerable.Range(0, seconds.GetLength(0)).Select(vehicle => seconds[vehicle, call])];

    /// <summary>A point in or between the two cores, where streets are near but seldom underfoot.</summary>
    private static LonLat Somewhere(Random random) => new(118.44 + random.NextDouble() * 0.28, 37.40 + random.NextDouble() * 0.10);

    private static RoadPosition On(RoadGraph graph, LonLat at) => Assert.NotNull(graph.Snap(at)).Position;

    private static RoadPosition Anywhere(Random random, RoadGraph graph) => new(random.Next(graph.EdgeCount), Fraction(random));

    private static double Fraction(Random random) => random.Next(10) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
}
