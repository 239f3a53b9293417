using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Benchmarks.Dispatch;

/// <summary>
/// All 200 ambulances of a city of 305,000 pieces of street and 200,000 addresses ranked for a call, with reasons and with what each costs in
/// cover, over HTTP as a desk asks; beside it the plain road times of the same 200 in process. The ratio is plain times by recommendation:
/// what knowing more than the time costs.
/// </summary>
internal static class Recommend
{
    private const int Units = 200, Calls = 40, Rounds = 5, Addresses = 200_000;
    private const double Aim = 0.2;

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        await using BenchmarkCity city = await BenchmarkCity.OpenAsync();
        await using ScratchCluster cluster = await ScratchCluster.StartAsync();
        await using WebApplication server = await cluster.DemoAsync();
        NpgsqlDataSource source = server.Services.GetRequiredService<Databases>().Batch;
        await FillAsync(city.ConnectionString, source);
        LonLat[] calls = await CallsAsync(source);
        await server.StartAsync();
        NewAccount account = (await DemoSeed.DeskAccountsAsync(server.Services, CancellationToken.None)).First(static one => one.UserName == "dispatcher1");
        using Desk desk = await Desk.SignInAsync(new Uri(server.Urls.Single()), account.UserName, account.Password);
        RoadNetwork network = await server.Services.GetRequiredService<Streets>().GetAsync(RoadProfile.Emergency);
        RoadPosition?[] sources = await UnitsAsync(source, network.Graph);
        await WarmAsync(desk, calls[0]);

        (Measured all, Measured times) = (new Measured(), new Measured());
        var ratios = new List<double>();
        for (int round = 1; round <= Rounds; round++)
        {
            (Measured ours, Measured plain) = (new Measured(), new Measured());
            foreach (LonLat call in calls)
            {
                // Positions grow old: they are told again, as vehicles do.
                await RefreshAsync(source);
                JsonElement answer = await ours.TimeAsync(() => AskAsync(desk, call));
                MustBeWhole(answer);
                plain.Time(() => network.Nearest(network.Graph.Snap(call)!.Value.Position, sources, Units));
            }

            ratios.Add(plain.Median / ours.Median);
            all.AddAll(ours);
            times.AddAll(plain);
            Say($"round {round}: recommendation p50 {ours.Median:0.0} p99 {ours.At(0.99):0.0} ms, plain times p50 {plain.Median:0.0} ms, ratio {ratios[^1]:0.00}");
        }

        Say($"recommendation p50 {all.Median:0.0} p95 {all.At(0.95):0.0} p99 {all.At(0.99):0.0} ms; plain times of all {Units} p50 {times.Median:0.0} p99 {times.At(0.99):0.0} ms");
        return new Verdict(ratios.Median(), Aim);
    }

    private static Task<JsonElement> AskAsync(Desk desk, LonLat call) => desk.PostAsync(
        "/api/recommendations", new { lon = call.Lon, lat = call.Lat, type = "medical", priority = 1, limit = 50 });

    private static void MustBeWhole(JsonElement answer)
    {
        JsonElement units = answer.GetProperty("units");
        if (answer.GetProperty("basis").GetString() != "road" || units.GetArrayLength() != 50
            || units.EnumerateArray().Any(static unit => unit.GetProperty("cover").ValueKind == JsonValueKind.Null))
        {
            throw new SetupException($"The recommendation is not whole: {units.GetArrayLength()} units, {answer.GetProperty("leftOut").GetArrayLength()} left out.");
        }
    }

    /// <summary>The streets, and what each unit reaches, are read and worked out at the first questions.</summary>
    private static async Task WarmAsync(Desk desk, LonLat call)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            JsonElement answer = await AskAsync(desk, call);
            if (answer.GetProperty("units").EnumerateArray().Any(static unit => unit.GetProperty("cover").ValueKind == JsonValueKind.Object))
            {
                break;
            }

            await Task.Delay(200);
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
            {
                throw new SetupException("What each unit reaches was not worked out in two minutes.");
            }
        }

        Say($"streets, addresses and what {Units} units reach: ready {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s after the first question");
    }

    private static async Task FillAsync(string bench, NpgsqlDataSource source)
    {
        await using var city = new NpgsqlConnection(bench);
        await city.OpenAsync();
        await using NpgsqlConnection ours = await source.OpenConnectionAsync();
        await RunAsync(ours, "TRUNCATE city.street, city.address, city.turn_restriction; DELETE FROM dispatch.crew_member; DELETE FROM dispatch.unit; DELETE FROM dispatch.station");
        await CopyAsync(
            city, "SELECT id::bigint, id::bigint, name, highway, oneway = 1, maxspeed::real, source::bigint, target::bigint, greatest(len_m, 0.1)::float8, greatest(len_m, 0.1) / (maxspeed / 3.6)::float8, true, geom FROM roads",
            ours, "city.street (id, way_id, name, kind, oneway, speed_kmh, from_node, to_node, length_m, travel_s, synthetic, geom)");
        await CopyAsync(
            city, $"SELECT id::bigint, 'x', (id % 500)::text, true, ST_PointOnSurface(geom) FROM buildings ORDER BY md5(id::text) LIMIT {Addresses}",
            ours, "city.address (id, street_name, house_number, synthetic, geom)");
        await RunAsync(
            ours,
            $"""
            WITH place AS (
                SELECT row_number() OVER (ORDER BY md5('unit' || id)) AS n, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM city.address ORDER BY 1 LIMIT {Units}
            ), made AS (SELECT n, lon, lat, md5('unit' || n)::uuid AS id FROM place),
            station AS (INSERT INTO dispatch.station (id, name, name_en, district, lon, lat, synthetic) SELECT id, 'S' || n, 'S' || n, '', lon, lat, true FROM made),
            vehicle AS (INSERT INTO tracking.vehicle (id, plate, kind, name) SELECT id, 'B' || n, 'ambulance', 'B' || n FROM made),
            unit AS (INSERT INTO dispatch.unit (id, call_sign, kind, plate, vehicle_id, station_id, synthetic) SELECT id, 'B' || n, 'ambulance', 'B' || n, id, id, true FROM made)
            INSERT INTO tracking.latest_fix (vehicle_id, device_id, fix_time, received_at, lon, lat) SELECT id, id, now(), now(), lon, lat FROM made
            """);
        await RunAsync(ours, "VACUUM ANALYZE city.street, city.address");
    }

    private static async Task CopyAsync(NpgsqlConnection from, string query, NpgsqlConnection to, string into)
    {
        await using NpgsqlRawCopyStream read = await from.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT BINARY)");
        await using NpgsqlRawCopyStream write = await to.BeginRawBinaryCopyAsync($"COPY {into} FROM STDIN (FORMAT BINARY)");
        await read.CopyToAsync(write);
    }

    private static async Task<LonLat[]> CallsAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand read = source.CreateCommand($"SELECT ST_X(geom), ST_Y(geom) FROM city.address ORDER BY md5('call' || id) LIMIT {Calls}");
        return [.. await PointsAsync(read)];
    }

    private static async Task<RoadPosition?[]> UnitsAsync(NpgsqlDataSource source, RoadGraph graph)
    {
        await using NpgsqlCommand read = source.CreateCommand("SELECT lon, lat FROM tracking.latest_fix JOIN dispatch.unit USING (vehicle_id) ORDER BY call_sign");
        return [.. (await PointsAsync(read)).Select(point => graph.Snap(point)?.Position)];
    }

    private static async Task<List<LonLat>> PointsAsync(NpgsqlCommand read)
    {
        var points = new List<LonLat>();
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            points.Add(new LonLat(row.GetDouble(0), row.GetDouble(1)));
        }

        return points;
    }

    private static async Task RefreshAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand refresh = source.CreateCommand("UPDATE tracking.latest_fix SET fix_time = now(), received_at = now()");
        await refresh.ExecuteNonQueryAsync();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
