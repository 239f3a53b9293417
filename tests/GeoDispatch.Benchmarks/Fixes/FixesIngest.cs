using System.Diagnostics;
using System.Globalization;
using GeoDispatch.Cli;
using GeoDispatch.Host;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Benchmarks.Fixes;

/// <summary>
/// Fixes of 5,000 devices into the pipeline of a running server, each request acknowledged after its commit before its device sends the
/// next, against the baseline's <c>copy</c>: batches of 1,000 over two connections into a table of the same definition, without a check, a
/// latest fix or an acknowledgement. Both write the same columns into one cluster of their own, durable as the product's is.
/// </summary>
internal static class FixesIngest
{
    private const int Devices = 5_000, Rounds = 3, BatchRows = 1_000, Connections = 2;
    private const double Aim = 0.8;
    private static readonly DeviceIdentity[] devices = [.. Enumerable.Range(0, Devices).Select(static _ => new DeviceIdentity(Guid.NewGuid(), Guid.NewGuid(), "", "bus"))];

    /// <param name="arguments"><c>--per-request N</c> (default 10: a JT/T 808 batch of ten seconds) and <c>--per-device N</c> (default 40).</param>
    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        (int perRequest, int perDevice) = (Option(arguments, "--per-request", 10), Option(arguments, "--per-device", 40));
        await using ScratchCluster cluster = await ScratchCluster.StartAsync();
        GeoDispatchServer.Migrate(cluster.ConnectionString);
        await using WebApplication server = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = cluster.ConnectionString,
            Home = cluster.Home,
            TilesFolder = ProductFolders.Find().Tiles,
            Urls = "http://127.0.0.1:0",
        });
        await server.StartAsync();
        FixPipeline pipeline = server.Services.GetRequiredService<FixPipeline>();
        NpgsqlDataSource source = server.Services.GetRequiredService<Databases>().Tracking;
        var start = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-2), TimeSpan.Zero);
        await PrepareAsync(source, start.UtcDateTime);
        var ratios = new List<double>();
        for (int round = 0; round <= Rounds; round++)
        {
            // The first warms both up: code, plans, partitions, the memory of the devices.
            DateTimeOffset from = start.AddHours(2 * round);
            double ours = await OursAsync(pipeline, from, perRequest, perDevice);
            double theirs = await CopyAsync(source, from.UtcDateTime, Devices * perDevice);
            if (round > 0)
            {
                ratios.Add(ours / theirs);
                Console.WriteLine(FormattableString.Invariant(
                    $"round {round}: ours {ours:0} fixes/s, copy {theirs:0} rows/s, ratio {ratios[^1]:0.00}"));
            }
        }

        await using NpgsqlCommand count = source.CreateCommand("SELECT count(*) FROM tracking.fix WHERE device_id = ANY ($1)");
        count.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(devices, static device => device.DeviceId) });
        long stored = (long)(await count.ExecuteScalarAsync())!;
        Console.WriteLine(FormattableString.Invariant(
            $"{Devices} devices, {perRequest} fixes in a request, {stored} fixes stored of {(Rounds + 1L) * Devices * perDevice} acknowledged"));
        return new Verdict(ratios.Median(), Aim, OthersMet: stored == (Rounds + 1L) * Devices * perDevice);
    }

    private static int Option(string[] arguments, string name, int otherwise) =>
        Array.IndexOf(arguments, name) is var at and >= 0 ? int.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : otherwise;

    private static async Task PrepareAsync(NpgsqlDataSource source, DateTime day)
    {
        await using NpgsqlCommand prepare = source.CreateCommand(FormattableString.Invariant(
            $"""
            CREATE TABLE bench_fix (LIKE tracking.fix INCLUDING ALL) PARTITION BY RANGE (fix_time);
            CREATE TABLE bench_fix_day PARTITION OF bench_fix FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00')
            """));
        await prepare.ExecuteNonQueryAsync();
        await using NpgsqlCommand vehicles = source.CreateCommand("INSERT INTO tracking.vehicle (id, plate, kind, name) SELECT id, '', 'bus', '' FROM unnest($1) AS id");
        vehicles.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(devices, static device => device.VehicleId) });
        await vehicles.ExecuteNonQueryAsync();
    }

    private static async Task<double> OursAsync(FixPipeline pipeline, DateTimeOffset from, int perRequest, int perDevice)
    {
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(devices.Select((device, index) => Task.Run(() => SendAsync(pipeline, device, index, from, perRequest, perDevice))));
        return Devices * perDevice / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task SendAsync(FixPipeline pipeline, DeviceIdentity device, int index, DateTimeOffset from, int perRequest, int perDevice)
    {
        // Each drives on its own street, for whoever jumps about the city is not believed to move.
        (double lon, double lat) = (118.3 + index % 100 * 0.008, 37.15 + index / 100 * 0.013);
        for (int sent = 0; sent < perDevice; sent += perRequest)
        {
            var fixes = new AvlFix[Math.Min(perRequest, perDevice - sent)];
            for (int at = 0; at < fixes.Length; at++)
            {
                fixes[at] = new AvlFix(
                    from.AddSeconds(sent + at), lon + (sent + at) * 0.0001, lat, 40, 90, 5);
            }

            // Busy means: the same again, a little later, as a device does.
            while ((await pipeline.TakeAsync(device, fixes, CancellationToken.None)).Problem is not null)
            {
                await Task.Delay(5);
            }
        }
    }

    private static async Task<double> CopyAsync(NpgsqlDataSource source, DateTime from, int rows)
    {
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(part => Task.Run(async () =>
        {
            var random = new Random(part);
            for (int done = 0; done < rows / Connections; done += BatchRows)
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync();
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
                await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
                    "COPY bench_fix (device_id, vehicle_id, fix_time, received_at, lon, lat, speed_kmh, heading_degrees, accuracy_m, "
                    + "content_hash, altitude_m, mileage_km, ignition, alarms, items, quality) FROM STDIN (FORMAT binary)"))
                {
                    for (int at = 0; at < BatchRows; at++)
                    {
                        await importer.StartRowAsync();
                        Write(importer, devices[random.Next(Devices)], from.AddMilliseconds(2 * (done + at) + part), random);
                    }

                    await importer.CompleteAsync();
                }

                await transaction.CommitAsync();
            }
        })));
        return rows / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Write(NpgsqlBinaryImporter importer, DeviceIdentity device, DateTime time, Random random)
    {
        importer.Write(device.DeviceId, NpgsqlDbType.Uuid);
        importer.Write(device.VehicleId, NpgsqlDbType.Uuid);
        importer.Write(time, NpgsqlDbType.TimestampTz);
        importer.Write(time, NpgsqlDbType.TimestampTz);
        importer.Write(118.3 + random.NextDouble() * 0.8, NpgsqlDbType.Double);
        importer.Write(37.15 + random.NextDouble() * 0.65, NpgsqlDbType.Double);
        importer.Write(40f, NpgsqlDbType.Real);
        importer.Write(90f, NpgsqlDbType.Real);
        importer.Write(5f, NpgsqlDbType.Real);
        importer.Write(random.NextInt64(), NpgsqlDbType.Bigint);
        for (int column = 0; column < 5; column++)
        {
            importer.WriteNull();
        }

        importer.Write((short)0, NpgsqlDbType.Smallint);
    }
}
