using System.Collections.Concurrent;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Live;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>What a transaction stored.</summary>
/// <param name="Accepted">For each batch: how many of its fixes were new.</param>
/// <param name="Moved">The vehicles whose latest fix is a newer one now.</param>
internal sealed record StoredFixes(int[] Accepted, IReadOnlyList<VehiclePosition> Moved);

/// <summary>Stores batches and moves the latest fixes in one transaction.</summary>
internal sealed class FixWriter(Databases databases)
{
    private const int MostDaysRemembered = 1_000;
    private readonly ConcurrentDictionary<DateTime, bool> knownDays = new();

    private readonly record struct Row(FixBatch Batch, int BatchIndex, AvlFix Fix, DateTime Time, long ContentHash);

    internal async Task<StoredFixes> WriteAsync(IReadOnlyList<FixBatch> batches, CancellationToken cancellation)
    {
        // PostgreSQL keeps microseconds: what it returns must be found again by its time.
        Row[] rows = batches
            .SelectMany((batch, index) => batch.Fixes.Select(fix => new Row(batch, index, fix, ToMicroseconds(fix.Time), FixContent.Hash(fix))))
            .ToArray();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await EnsureDaysAsync(connection, rows, cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        HashSet<(Guid Device, DateTime Time, long ContentHash)> stored = await InsertAsync(connection, rows, cancellation);
        int[] accepted = new int[batches.Count];
        var newest = new SortedDictionary<Guid, Row>();
        foreach (Row row in rows)
        {
            if (!stored.Remove((row.Batch.Device.DeviceId, row.Time, row.ContentHash)))
            {
                continue;
            }

            accepted[row.BatchIndex]++;
            Guid vehicle = row.Batch.Device.VehicleId;
            if (row.Fix.HasPlace && (!newest.TryGetValue(vehicle, out Row best) || best.Time < row.Time))
            {
                newest[vehicle] = row;
            }
        }

        List<VehiclePosition> moved = newest.Count == 0 ? [] : await MoveLatestAsync(connection, newest, cancellation);
        await transaction.CommitAsync(cancellation);
        return new StoredFixes(accepted, moved);
    }

    private static DateTime ToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    /// <summary>Makes missing partitions before the transaction, with the day after the newest: midnight finds its table ready.</summary>
    private async Task EnsureDaysAsync(NpgsqlConnection connection, Row[] rows, CancellationToken cancellation)
    {
        DateTime ahead = rows.Max(static row => row.Time).Date.AddDays(1);
        foreach (DateTime day in rows.Select(static row => row.Time.Date).Append(ahead).Distinct().Order())
        {
            if (knownDays.ContainsKey(day))
            {
                continue;
            }

            await using var make = new NpgsqlCommand("SELECT tracking.ensure_fix_day($1)", connection);
            make.Parameters.Add(new NpgsqlParameter { Value = DateOnly.FromDateTime(day) });
            await make.ExecuteNonQueryAsync(cancellation);
            if (knownDays.Count >= MostDaysRemembered)
            {
                knownDays.Clear();
            }

            knownDays[day] = true;
        }
    }

    private static async Task<HashSet<(Guid Device, DateTime Time, long ContentHash)>> InsertAsync(
        NpgsqlConnection connection, Row[] rows, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(InsertSql, connection);
        AddColumns(insert, rows);
        Add(insert, Array.ConvertAll(rows, static row => row.ContentHash));
        Add(insert, Array.ConvertAll(rows, static row => (float?)row.Fix.AltitudeMeters));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.MileageKm));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.Ignition));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.Alarms));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.Items));
        var stored = new HashSet<(Guid, DateTime, long)>();
        await using NpgsqlDataReader reader = await insert.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            stored.Add((reader.GetGuid(0), reader.GetDateTime(1), reader.GetInt64(2)));
        }

        return stored;
    }

    private static async Task<List<VehiclePosition>> MoveLatestAsync(
        NpgsqlConnection connection, SortedDictionary<Guid, Row> newest, CancellationToken cancellation)
    {
        await using var move = new NpgsqlCommand(MoveSql, connection);
        AddColumns(move, [.. newest.Values]);
        var moved = new List<VehiclePosition>();
        await using NpgsqlDataReader reader = await move.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            Row row = newest[reader.GetGuid(0)];
            moved.Add(new VehiclePosition(
                row.Batch.Device.VehicleId, row.Batch.Device.Plate, row.Batch.Device.Kind, row.Fix.Lon, row.Fix.Lat,
                row.Fix.SpeedKmh, row.Fix.HeadingDegrees, new DateTimeOffset(row.Time)));
        }

        return moved;
    }

    private static void AddColumns(NpgsqlCommand command, Row[] rows)
    {
        Add(command, Array.ConvertAll(rows, static row => row.Batch.Device.DeviceId));
        Add(command, Array.ConvertAll(rows, static row => row.Batch.Device.VehicleId));
        Add(command, Array.ConvertAll(rows, static row => row.Time));
        Add(command, Array.ConvertAll(rows, static row => row.Batch.ReceivedAt.UtcDateTime));
        Add(command, Array.ConvertAll(rows, static row => row.Fix.HasPlace ? row.Fix.Lon : (double?)null));
        Add(command, Array.ConvertAll(rows, static row => row.Fix.HasPlace ? row.Fix.Lat : (double?)null));
        Add(command, Array.ConvertAll(rows, static row => (float?)row.Fix.SpeedKmh));
        Add(command, Array.ConvertAll(rows, static row => (float?)row.Fix.HeadingDegrees));
        Add(command, Array.ConvertAll(rows, static row => (float?)row.Fix.AccuracyMeters));
    }

    private static void Add<T>(NpgsqlCommand command, T[] column) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = column });

    private const string InsertSql =
        """
        INSERT INTO tracking.fix
            (device_id, vehicle_id, fix_time, received_at, lon, lat, speed_kmh, heading_degrees, accuracy_m, content_hash,
             altitude_m, mileage_km, ignition, alarms, items, quality)
        SELECT fix.*, CASE WHEN fix.lon IS NULL THEN 1 ELSE 0 END + CASE WHEN latest.fix_time > fix.fix_time THEN 2 ELSE 0 END
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            AS fix (device_id, vehicle_id, fix_time, received_at, lon)
        LEFT JOIN tracking.latest_fix AS latest ON latest.vehicle_id = fix.vehicle_id
        ON CONFLICT DO NOTHING
        RETURNING device_id, fix_time, content_hash
        """;

    // One order for all transactions, by vehicle: two that move the same vehicles wait for each other and never in a ring.
    private const string MoveSql =
        """
        INSERT INTO tracking.latest_fix AS latest
            (device_id, vehicle_id, fix_time, received_at, lon, lat, speed_kmh, heading_degrees, accuracy_m)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS fix (device_id, vehicle_id, fix_time, received_at)
        ORDER BY fix.vehicle_id
        ON CONFLICT (vehicle_id) DO UPDATE
        SET device_id = excluded.device_id, fix_time = excluded.fix_time, received_at = excluded.received_at,
            lon = excluded.lon, lat = excluded.lat, speed_kmh = excluded.speed_kmh,
            heading_degrees = excluded.heading_degrees, accuracy_m = excluded.accuracy_m
        WHERE latest.fix_time < excluded.fix_time
        RETURNING latest.vehicle_id
        """;
}
