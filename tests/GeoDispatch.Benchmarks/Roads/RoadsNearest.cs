using System.Diagnostics;
using System.Globalization;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Benchmarks.Roads;

/// <summary>
/// The nearest 3 of N units to a call, ours against pgRouting's forms of <c>shared/bench/routing.sql</c>: the whole graph, the edges
/// within 0.15°, and the 8 nearest by air line with the edges in their box. The fastest of them is the baseline, exact or not.
/// </summary>
internal static class RoadsNearest
{
    private const int Rounds = 5, Calls = 30;
    private const string Whole = "SELECT id, source, target, cost_s AS cost, rcost_s AS reverse_cost FROM roads";

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        int units = arguments is ["--units", var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 200;
        await using BenchmarkCity city = await BenchmarkCity.OpenAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(city.ConnectionString);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await PrepareAsync(connection);
        RoadGraph graph = await LoadAsync(connection);
        RoadNetwork network = graph.At(RoadMoment.AsGiven());
        (int Node, LonLat At)[] ambulances = await NodesAsync(connection, "unit", units), calls = await NodesAsync(connection, "call", Calls);
        RoadPosition?[] sources = [.. ambulances.Select(unit => graph.Snap(unit.At)?.Position)];

        // Everything warm, and the answers of both compared once, before the clock runs.
        await CompareAsync(connection, graph.At(RoadMoment.AsGiven()), ambulances, sources, calls[..3]);
        var ratios = new List<double>();
        (Measured allOurs, Measured allTheirs) = (new Measured(), new Measured());
        for (int round = 1; round <= Rounds; round++)
        {
            (Measured ours, Measured kNearest, Measured box) = (new Measured(), new Measured(), new Measured());
            foreach ((int node, LonLat at) in calls)
            {
                ours.Time(() => network.Nearest(graph.Snap(at)!.Value.Position, sources, 3));
                await kNearest.TimeAsync(() => OfEightNearestAsync(connection, at, node));
                await box.TimeAsync(() => WithinBoxAsync(connection, ambulances, at, node));
            }

            Measured best = kNearest.Median < box.Median ? kNearest : box;
            ratios.Add(best.Median / ours.Median);
            allOurs.AddAll(ours);
            allTheirs.AddAll(best);
            Console.WriteLine(FormattableString.Invariant(
                $"round {round}: ours {ours.Median:0.000} ms, pgRouting 8 nearest {kNearest.Median:0.0} ms, box {box.Median:0.0} ms, ratio {ratios[^1]:0.0}"));
        }

        Measured full = new();
        foreach ((int node, LonLat _) in calls[..3])
        {
            await full.TimeAsync(() => CostsAsync(connection, Whole, [.. ambulances.Select(static unit => unit.Node)], node));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{units} units, nearest 3: ours p50 {allOurs.Median:0.000} ms, p99 {allOurs.At(0.99):0.000} ms; best pgRouting p50 {allTheirs.Median:0.0} ms; whole graph {full.Median:0} ms"));
        return new Verdict(ratios.Median(), 25);
    }

    /// <summary>As routing.sql does.</summary>
    private static async Task PrepareAsync(NpgsqlConnection connection)
    {
        await using var prepare = new NpgsqlCommand(
            """
            ALTER TABLE roads ADD COLUMN IF NOT EXISTS cost_s real, ADD COLUMN IF NOT EXISTS rcost_s real;
            UPDATE roads SET cost_s = len_m / (maxspeed / 3.6), rcost_s = CASE WHEN oneway = 1 THEN -1 ELSE len_m / (maxspeed / 3.6) END WHERE cost_s IS NULL;
            DROP TABLE IF EXISTS bench_unit
            """,
            connection)
        { CommandTimeout = 300 };
        await prepare.ExecuteNonQueryAsync();
        await using var vacuum = new NpgsqlCommand("VACUUM ANALYZE roads", connection) { CommandTimeout = 300 };
        await vacuum.ExecuteNonQueryAsync();
    }

    private static async Task<RoadGraph> LoadAsync(NpgsqlConnection connection)
    {
        GC.Collect();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long began = Stopwatch.GetTimestamp();
        var edges = new List<RoadEdge>();
        await using (var read = new NpgsqlCommand("SELECT id, source, target, oneway, cost_s, len_m, ST_AsBinary(geom, 'NDR') FROM roads ORDER BY id", connection))
        await using (NpgsqlDataReader row = await read.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                edges.Add(new RoadEdge(
                    row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt16(3) == 1, row.GetFloat(4), row.GetFloat(5),
                    Wkb.ReadLine(row.GetFieldValue<byte[]>(6), row.GetInt32(0)), row.GetInt32(0)));
            }
        }

        RoadGraph graph = RoadGraph.Build(edges);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        edges = null;
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(FormattableString.Invariant(
            $"{graph.EdgeCount} edges, {graph.NodeCount} nodes: loaded in {seconds:0.00} s (aim 3), {kept / 1e6:0} MB kept (aim 200)"));
        return graph;
    }

    private static async Task<(int Node, LonLat At)[]> NodesAsync(NpgsqlConnection connection, string salt, int count)
    {
        await using var read = new NpgsqlCommand(
            """
            SELECT n.id, ST_X(n.geom), ST_Y(n.geom) FROM nodes n
            WHERE EXISTS (SELECT FROM buildings b WHERE ST_DWithin(b.geom, n.geom, 0.0005)) ORDER BY md5($1 || n.id) LIMIT $2
            """,
            connection);
        read.Parameters.Add(new NpgsqlParameter { Value = salt });
        read.Parameters.Add(new NpgsqlParameter { Value = count });
        var nodes = new List<(int, LonLat)>();
        await using (NpgsqlDataReader row = await read.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                nodes.Add((row.GetInt32(0), new LonLat(row.GetDouble(1), row.GetDouble(2))));
            }
        }

        if (salt == "unit")
        {
            await using var keep = new NpgsqlCommand(
                "CREATE TABLE bench_unit AS SELECT id AS node, geom FROM nodes WHERE id = ANY ($1); CREATE INDEX ON bench_unit USING gist (geom)".Replace("$1", $"'{{{string.Join(',', nodes.Select(static node => node.Item1))}}}'", StringComparison.Ordinal),
                connection);
            await keep.ExecuteNonQueryAsync();
        }

        return [.. nodes];
    }

    private static async Task CompareAsync(
        NpgsqlConnection connection, RoadNetwork network, (int Node, LonLat At)[] ambulances, RoadPosition?[] sources, (int Node, LonLat At)[] calls)
    {
        foreach ((int node, LonLat at) in calls)
        {
            double ours = network.Nearest(network.Graph.Snap(at)!.Value.Position, sources, 3)[0].Seconds;
            double theirs = (await CostsAsync(connection, Whole, [.. ambulances.Select(static unit => unit.Node)], node)).Min();
            if (Math.Abs(ours - theirs) > 1e-3)
            {
                throw new InvalidOperationException($"The answers differ at node {node}: {ours} s, pgRouting {theirs} s");
            }

            await OfEightNearestAsync(connection, at, node);
            await WithinBoxAsync(connection, ambulances, at, node);
        }
    }

    private static Task<double[]> WithinBoxAsync(NpgsqlConnection connection, (int Node, LonLat At)[] ambulances, LonLat at, int node) => CostsAsync(
        connection,
        string.Create(CultureInfo.InvariantCulture, $"{Whole} WHERE geom && ST_Expand(ST_SetSRID(ST_MakePoint({at.Lon}, {at.Lat}), 4326), 0.15)"),
        [.. ambulances.Select(static unit => unit.Node)], node);

    private static async Task<double[]> OfEightNearestAsync(NpgsqlConnection connection, LonLat at, int node)
    {
        var nearest = new List<int>();
        (double west, double south, double east, double north) = (at.Lon, at.Lat, at.Lon, at.Lat);
        await using (var read = new NpgsqlCommand(
            "SELECT node, ST_X(geom), ST_Y(geom) FROM bench_unit ORDER BY geom <-> ST_SetSRID(ST_MakePoint($1, $2), 4326) LIMIT 8", connection))
        {
            read.Parameters.Add(new NpgsqlParameter { Value = at.Lon });
            read.Parameters.Add(new NpgsqlParameter { Value = at.Lat });
            await using NpgsqlDataReader row = await read.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                nearest.Add(row.GetInt32(0));
                (west, south) = (Math.Min(west, row.GetDouble(1)), Math.Min(south, row.GetDouble(2)));
                (east, north) = (Math.Max(east, row.GetDouble(1)), Math.Max(north, row.GetDouble(2)));
            }
        }

        return await CostsAsync(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"{Whole} WHERE geom && ST_MakeEnvelope({west - 0.03}, {south - 0.03}, {east + 0.03}, {north + 0.03}, 4326)"),
            [.. nearest], node);
    }

    private static async Task<double[]> CostsAsync(NpgsqlConnection connection, string edges, int[] from, int to)
    {
        await using var ask = new NpgsqlCommand("SELECT agg_cost FROM pgr_dijkstraCost($1, $2::bigint[], $3::bigint, true) ORDER BY agg_cost LIMIT 3", connection)
        { CommandTimeout = 120 };
        ask.Parameters.Add(new NpgsqlParameter { Value = edges });
        ask.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(from, static node => (long)node) });
        ask.Parameters.Add(new NpgsqlParameter { Value = (long)to });
        var costs = new List<double>();
        await using NpgsqlDataReader row = await ask.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            costs.Add(row.GetDouble(0));
        }

        return [.. costs];
    }
}
