using System.Runtime.InteropServices;
using GeoDispatch.Tracking.Live;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>The statements of one transaction of fixes.</summary>
internal static class FixTable
{
    private const string Columns =
        "device_id, vehicle_id, fix_time, received_at, lon, lat, speed_kmh, heading_degrees, accuracy_m, content_hash, "
        + "altitude_m, mileage_km, ignition, alarms, items, quality";

    /// <summary>Stores the rows that are the newest of their device. A unique violation where one of them is there after all.</summary>
    /// <returns>How many.</returns>
    internal static async Task<int> CopyNewestAsync(NpgsqlConnection connection, List<FixRow> rows, CancellationToken cancellation)
    {
        await using NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(CopySql, cancellation);
        WriteNewest(importer, rows);
        return (int)await importer.CompleteAsync(cancellation);
    }

    /// <summary>Stores those of the rows that are not there yet.</summary>
    /// <returns>The keys of the stored.</returns>
    internal static async Task<HashSet<(Guid Device, DateTime Time, long ContentHash)>> InsertAsync(
        NpgsqlConnection connection, FixRow[] rows, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(InsertSql, connection);
        AddPlace(insert, rows);
        Add(insert, Array.ConvertAll(rows, static row => row.ContentHash));
        Add(insert, Array.ConvertAll(rows, static row => (float?)row.Fix.AltitudeMeters));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.MileageKm));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.Ignition));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.Alarms));
        Add(insert, Array.ConvertAll(rows, static row => row.Fix.Items));
        Add(insert, Array.ConvertAll(rows, static row => (short)row.Quality));
        var stored = new HashSet<(Guid, DateTime, long)>();
        await using NpgsqlDataReader reader = await insert.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            stored.Add((reader.GetGuid(0), reader.GetDateTime(1), reader.GetInt64(2)));
        }

        return stored;
    }

    /// <summary>Moves vehicles to a newer place; one row of each vehicle.</summary>
    internal static async Task<List<VehiclePosition>> MoveLatestAsync(
        NpgsqlConnection connection, Dictionary<Guid, FixRow> newest, CancellationToken cancellation)
    {
        await using var move = new NpgsqlCommand(MoveSql, connection);
        AddPlace(move, [.. newest.Values]);
        var moved = new List<VehiclePosition>(newest.Count);
        await using NpgsqlDataReader reader = await move.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            FixRow row = newest[reader.GetGuid(0)];
            moved.Add(new VehiclePosition(
                row.Device.VehicleId, row.Device.Plate, row.Device.Kind, row.Fix.Lon, row.Fix.Lat,
                row.Fix.SpeedKmh, row.Fix.HeadingDegrees, new DateTimeOffset(row.Time)));
        }

        return moved;
    }

    // Written into the connection's buffer without waiting for each value: awaiting costs more than the value does.
    private static void WriteNewest(NpgsqlBinaryImporter importer, List<FixRow> rows)
    {
        foreach (ref readonly FixRow row in CollectionsMarshal.AsSpan(rows))
        {
            if (!row.IsNewest)
            {
                continue;
            }

            importer.StartRow();
            importer.Write(row.Device.DeviceId, NpgsqlDbType.Uuid);
            importer.Write(row.Device.VehicleId, NpgsqlDbType.Uuid);
            importer.Write(row.Time, NpgsqlDbType.TimestampTz);
            importer.Write(row.ReceivedAt, NpgsqlDbType.TimestampTz);
            bool hasPlace = row.Fix.HasPlace;
            Write(importer, hasPlace ? row.Fix.Lon : (double?)null, NpgsqlDbType.Double);
            Write(importer, hasPlace ? row.Fix.Lat : (double?)null, NpgsqlDbType.Double);
            Write(importer, (float?)row.Fix.SpeedKmh, NpgsqlDbType.Real);
            Write(importer, (float?)row.Fix.HeadingDegrees, NpgsqlDbType.Real);
            Write(importer, (float?)row.Fix.AccuracyMeters, NpgsqlDbType.Real);
            importer.Write(row.ContentHash, NpgsqlDbType.Bigint);
            Write(importer, (float?)row.Fix.AltitudeMeters, NpgsqlDbType.Real);
            Write(importer, row.Fix.MileageKm, NpgsqlDbType.Double);
            Write(importer, row.Fix.Ignition, NpgsqlDbType.Boolean);
            Write(importer, row.Fix.Alarms, NpgsqlDbType.Bigint);
            if (row.Fix.Items is { } items)
            {
                importer.Write(items, NpgsqlDbType.Bytea);
            }
            else
            {
                importer.WriteNull();
            }

            importer.Write((short)row.Quality, NpgsqlDbType.Smallint);
        }
    }

    private static void Write<T>(NpgsqlBinaryImporter importer, T? value, NpgsqlDbType type)
        where T : struct
    {
        if (value is { } known)
        {
            importer.Write(known, type);
        }
        else
        {
            importer.WriteNull();
        }
    }

    private static void AddPlace(NpgsqlCommand command, FixRow[] rows)
    {
        Add(command, Array.ConvertAll(rows, static row => row.Device.DeviceId));
        Add(command, Array.ConvertAll(rows, static row => row.Device.VehicleId));
        Add(command, Array.ConvertAll(rows, static row => row.Time));
        Add(command, Array.ConvertAll(rows, static row => row.ReceivedAt));
        Add(command, Array.ConvertAll(rows, static row => row.Fix.HasPlace ? row.Fix.Lon : (double?)null));
        Add(command, Array.ConvertAll(rows, static row => row.Fix.HasPlace ? row.Fix.Lat : (double?)null));
        Add(command, Array.ConvertAll(rows, static row => (float?)row.Fix.SpeedKmh));
        Add(command, Array.ConvertAll(rows, static row => (float?)row.Fix.HeadingDegrees));
        Add(command, Array.ConvertAll(rows, static row => (float?)row.Fix.AccuracyMeters));
    }

    private static void Add<T>(NpgsqlCommand command, T[] column) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = column });

    private const string CopySql = $"COPY tracking.fix ({Columns}) FROM STDIN (FORMAT binary)";

    private const string InsertSql =
        $"""
        INSERT INTO tracking.fix ({Columns})
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT DO NOTHING
        RETURNING device_id, fix_time, content_hash
        """;

    // One order for all transactions, by vehicle: two that move the same vehicles wait for each other and never in a ring. At the same
    // time the first stays.
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
