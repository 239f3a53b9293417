using GeoDispatch.Tracking.Devices;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>A fix on its way into the table.</summary>
/// <param name="Device">Whose it is.</param>
/// <param name="BatchIndex">Of which batch of the transaction.</param>
/// <param name="Fix">As it came.</param>
/// <param name="ReceivedAt">By the server's clock, UTC.</param>
/// <param name="Time">Of the fix, UTC, in whole microseconds as PostgreSQL keeps it: what it returns must be found again.</param>
/// <param name="ContentHash">See <see cref="FixContent.Hash"/>.</param>
/// <param name="Quality">What is known of it besides.</param>
/// <param name="IsNewest">Newer than all that is known of its device, so that it cannot be there already.</param>
internal readonly record struct FixRow(
    DeviceIdentity Device, int BatchIndex, AvlFix Fix, DateTime ReceivedAt, DateTime Time, long ContentHash, FixQualities Quality, bool IsNewest);

/// <summary>
/// The newest time stored of each device and the latest place of each vehicle, so that a transaction need not ask for them. It may be
/// behind the database (another writer had the device for a while), never relied on for uniqueness: that is the index's. Of one writer
/// alone, not safe for threads. At most <see cref="MostRemembered"/> devices and those of one transaction.
/// </summary>
internal sealed class NewestFixes
{
    private const int MostRemembered = 50_000;
    private readonly Dictionary<Guid, DateTime> ofDevice = [];
    private readonly Dictionary<Guid, DateTime> ofVehicle = [];

    /// <summary>Reads what is not remembered of the batches' devices, in one query.</summary>
    internal async Task LoadAsync(NpgsqlConnection connection, IReadOnlyList<FixBatch> batches, CancellationToken cancellation)
    {
        if (ofDevice.Count > MostRemembered || ofVehicle.Count > MostRemembered)
        {
            ofDevice.Clear();
            ofVehicle.Clear();
        }

        HashSet<(Guid Device, Guid Vehicle)>? unknown = null;
        for (int index = 0; index < batches.Count; index++)
        {
            DeviceIdentity device = batches[index].Device;
            if (!ofDevice.ContainsKey(device.DeviceId) || !ofVehicle.ContainsKey(device.VehicleId))
            {
                (unknown ??= []).Add((device.DeviceId, device.VehicleId));
            }
        }

        if (unknown is null)
        {
            return;
        }

        (Guid Device, Guid Vehicle)[] asked = [.. unknown];
        await using var load = new NpgsqlCommand(LoadSql, connection);
        load.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(asked, static pair => pair.Device) });
        load.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(asked, static pair => pair.Vehicle) });
        await using NpgsqlDataReader reader = await load.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            ofDevice[reader.GetGuid(0)] = await reader.IsDBNullAsync(2, cancellation) ? DateTime.MinValue : reader.GetDateTime(2);
            ofVehicle[reader.GetGuid(1)] = await reader.IsDBNullAsync(3, cancellation) ? DateTime.MinValue : reader.GetDateTime(3);
        }
    }

    /// <summary>
    /// Judges a fix by those before it, of the database and of the same transaction, and remembers it. Where the transaction then does
    /// not commit, its devices must be forgotten.
    /// </summary>
    internal FixRow Take(FixBatch batch, int batchIndex, AvlFix fix)
    {
        DeviceIdentity device = batch.Device;
        var time = new DateTime(fix.Time.UtcTicks - fix.Time.UtcTicks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        bool isNewest = ofDevice.TryGetValue(device.DeviceId, out DateTime stored) && stored < time;
        if (isNewest)
        {
            ofDevice[device.DeviceId] = time;
        }

        FixQualities quality = fix.HasPlace ? FixQualities.None : FixQualities.NoFix;
        if (ofVehicle.TryGetValue(device.VehicleId, out DateTime latest) && latest > time)
        {
            quality |= FixQualities.Late;
        }
        else if (fix.HasPlace)
        {
            ofVehicle[device.VehicleId] = time;
        }

        return new FixRow(device, batchIndex, fix, batch.ReceivedAt.UtcDateTime, time, FixContent.Hash(fix), quality, isNewest);
    }

    /// <summary>What became of the batches is not known, or not what was thought.</summary>
    internal void Forget(IReadOnlyList<FixBatch> batches)
    {
        foreach (FixBatch batch in batches)
        {
            ofDevice.Remove(batch.Device.DeviceId);
            ofVehicle.Remove(batch.Device.VehicleId);
        }
    }

    // The key's index gives the newest of a device from the newest day that has one.
    private const string LoadSql =
        """
        SELECT asked.device_id, asked.vehicle_id, newest.fix_time, latest.fix_time
        FROM unnest($1, $2) AS asked (device_id, vehicle_id)
        LEFT JOIN LATERAL (
            SELECT fix.fix_time FROM tracking.fix WHERE fix.device_id = asked.device_id ORDER BY fix.fix_time DESC LIMIT 1
        ) AS newest ON true
        LEFT JOIN tracking.latest_fix AS latest ON latest.vehicle_id = asked.vehicle_id
        """;
}
