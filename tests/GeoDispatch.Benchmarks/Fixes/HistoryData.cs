using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Benchmarks.Fixes;

/// <summary>
/// A history as a fleet leaves it: a fix every ten seconds of sixteen hours, all vehicles one after the other, so that the fixes of one are on
/// as many pages as there are. Vehicles drive for half an hour and stand for ten minutes.
/// </summary>
/// <param name="Vehicles">Each has a device of its own.</param>
/// <param name="Days">UTC days, the oldest first; each within one day of China.</param>
internal sealed record HistoryData(Guid[] Vehicles, DateOnly[] Days)
{
    internal const int FixesOfDay = 16 * 360;
    private const int Connections = 2;

    /// <param name="fixes">Of at least ten vehicles in ten days.</param>
    /// <param name="today">UTC.</param>
    internal static HistoryData Of(long fixes, DateOnly today)
    {
        const int days = 10;
        return new HistoryData(
            [.. Enumerable.Range(0, (int)Math.Max(10, fixes / FixesOfDay / days)).Select(static _ => Guid.NewGuid())],
            [.. Enumerable.Range(0, days).Select(day => today.AddDays(day - days - 1))]);
    }

    internal long Fixes => (long)Vehicles.Length * Days.Length * FixesOfDay;

    /// <summary>Fills the tables of the days before they become part of the history, which is when they get their indexes.</summary>
    internal async Task MakeAsync(NpgsqlDataSource source)
    {
        await using (NpgsqlCommand vehicles = source.CreateCommand("INSERT INTO tracking.vehicle (id, plate, kind, name) SELECT id, '', 'bus', '' FROM unnest($1) AS id"))
        {
            vehicles.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Vehicles });
            await vehicles.ExecuteNonQueryAsync();
        }

        long began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Days, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (day, cancellation) =>
        {
            string table = string.Create(CultureInfo.InvariantCulture, $"tracking.fix_{day:yyyyMMdd}");
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
            await SayAsync(connection, $"CREATE TABLE {table} (LIKE tracking.fix INCLUDING DEFAULTS INCLUDING CONSTRAINTS)");
            await CopyAsync(connection, table, day);
            await SayAsync(connection, string.Create(
                CultureInfo.InvariantCulture,
                $"ALTER TABLE tracking.fix ATTACH PARTITION {table} FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00')"));
            await SayAsync(connection, $"VACUUM (FREEZE, ANALYZE) {table}");
            Console.WriteLine(FormattableString.Invariant($"{day:yyyy-MM-dd} is there after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"));
        });
    }

    private async Task CopyAsync(NpgsqlConnection connection, string table, DateOnly day)
    {
        await using NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
            $"COPY {table} (device_id, vehicle_id, fix_time, received_at, lon, lat, speed_kmh, heading_degrees, accuracy_m, content_hash, ignition, quality) FROM STDIN (FORMAT binary)");
        importer.Timeout = TimeSpan.FromHours(1);
        WriteDay(importer, day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        await importer.CompleteAsync();
    }

    private void WriteDay(NpgsqlBinaryImporter importer, DateTime midnight)
    {
        var random = new Random(midnight.DayOfYear);
        for (int tick = 0; tick < FixesOfDay; tick++)
        {
            for (int vehicle = 0; vehicle < Vehicles.Length; vehicle++)
            {
                // Each begins its rounds at another time, and none reports in the same millisecond.
                int phase = (tick + vehicle * 7) % 240;
                bool drives = phase < 180;
                DateTime time = midnight.AddMilliseconds(tick * 10_000.0 + vehicle % 10_000);
                double along = Math.Min(phase, 180) * 0.001;
                importer.StartRow();
                importer.Write(Vehicles[vehicle], NpgsqlDbType.Uuid);
                importer.Write(Vehicles[vehicle], NpgsqlDbType.Uuid);
                importer.Write(time, NpgsqlDbType.TimestampTz);
                importer.Write(time.AddMilliseconds(300), NpgsqlDbType.TimestampTz);
                importer.Write(118.3 + vehicle % 100 * 0.006 + (along < 0.09 ? along : 0.18 - along), NpgsqlDbType.Double);
                importer.Write(37.15 + vehicle / 100 % 100 * 0.006 + random.Next(100) * 1e-6, NpgsqlDbType.Double);
                importer.Write(drives ? 32f : 0f, NpgsqlDbType.Real);
                importer.Write(drives ? 90f : 0f, NpgsqlDbType.Real);
                importer.Write(5f, NpgsqlDbType.Real);
                importer.Write(random.NextInt64(), NpgsqlDbType.Bigint);
                importer.Write(drives, NpgsqlDbType.Boolean);
                importer.Write((short)0, NpgsqlDbType.Smallint);
            }
        }
    }

    private static async Task SayAsync(NpgsqlConnection connection, string sql)
    {
        await using var say = new NpgsqlCommand(sql, connection) { CommandTimeout = 3_600 };
        await say.ExecuteNonQueryAsync();
    }
}
