using System.Runtime.InteropServices;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Motion;
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
/// <param name="Moves">The newest place of its vehicle, and a possible one.</param>
internal readonly record struct FixRow(
    DeviceIdentity Device, int BatchIndex, AvlFix Fix, DateTime ReceivedAt, DateTime Time, long ContentHash, FixQualities Quality, bool IsNewest,
    bool Moves)
{
    /// <summary>Has a place, and is not after all places before it of its vehicle: what was told of its day is to be told anew.</summary>
    internal bool ChangesPast => Fix.HasPlace && !Moves && !Quality.HasFlag(FixQualities.Jump);
}

/// <summary>
/// Judges each fix by those before it, of the database and of the same transaction. Remembers the newest time stored of each device and the
/// whereabouts of each vehicle, so that a transaction need not ask for them. Memory may be behind the database (another writer had the device
/// for a while), never relied on for uniqueness: that is the index's. Of one writer alone, not safe for threads. At most
/// <see cref="MostRemembered"/> devices and those of one transaction.
/// </summary>
internal sealed class FixJudge
{
    private const int MostRemembered = 50_000;
    private readonly Dictionary<Guid, DateTime> ofDevice = [];
    private readonly Dictionary<Guid, Vehicle> ofVehicle = [];

    /// <param name="Newest">Of all its fixes with a place, late ones and jumps too.</param>
    private readonly record struct Vehicle(DateTime Newest, Whereabouts Whereabouts);

    /// <summary>
    /// The steps of one fix in their order: deduplicate, order, possible. It is remembered at once: where the transaction then does not
    /// commit, its devices must be forgotten.
    /// </summary>
    internal FixRow Take(FixBatch batch, int batchIndex, AvlFix fix)
    {
        var time = new DateTime(fix.Time.UtcTicks - fix.Time.UtcTicks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        bool isNewest = Deduplicate(batch.Device.DeviceId, time);
        FixQualities quality = fix.HasPlace ? FixQualities.None : FixQualities.NoFix;
        ref Vehicle vehicle = ref CollectionsMarshal.GetValueRefOrAddDefault(ofVehicle, batch.Device.VehicleId, out _);
        quality |= Order(in vehicle, time);
        if (fix.HasPlace && time > vehicle.Newest)
        {
            quality |= Possible(ref vehicle, new Place(time, fix.Lon, fix.Lat, (float)(fix.AccuracyMeters ?? 0)));
            return Row(moves: !quality.HasFlag(FixQualities.Jump));
        }

        return Row(moves: false);

        FixRow Row(bool moves) =>
            new(batch.Device, batchIndex, fix, batch.ReceivedAt.UtcDateTime, time, FixContent.Hash(fix), quality, isNewest, moves);
    }

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
            ofDevice[reader.GetGuid(0)] = reader.IsDBNull(2) ? DateTime.MinValue : reader.GetDateTime(2);
            Place? last = reader.IsDBNull(4)
                ? null
                : new Place(reader.GetDateTime(4), reader.GetDouble(5), reader.GetDouble(6), reader.IsDBNull(7) ? 0 : reader.GetFloat(7));
            DateTime newest = reader.IsDBNull(3) ? DateTime.MinValue : reader.GetDateTime(3);
            // The history may be shorter than the time since the vehicle last moved.
            newest = last?.Time > newest ? last.Value.Time : newest;
            ofVehicle[reader.GetGuid(1)] = new Vehicle(newest, new Whereabouts(last, null, 0));
        }
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

    /// <summary>Another writer moved the vehicle meanwhile.</summary>
    internal void Forget(Guid vehicleId) => ofVehicle.Remove(vehicleId);

    /// <summary>Whether the table need not be asked if the fix is there.</summary>
    private bool Deduplicate(Guid deviceId, DateTime time)
    {
        ref DateTime stored = ref CollectionsMarshal.GetValueRefOrNullRef(ofDevice, deviceId);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref stored) || stored >= time)
        {
            return false;
        }

        stored = time;
        return true;
    }

    /// <summary>A late one goes into the history and never moves its vehicle back.</summary>
    private static FixQualities Order(in Vehicle vehicle, DateTime time) => vehicle.Newest > time ? FixQualities.Late : FixQualities.None;

    /// <summary>A jump goes into the history and moves nobody.</summary>
    private static FixQualities Possible(ref Vehicle vehicle, Place place)
    {
        (Whereabouts next, Move move) = vehicle.Whereabouts.Take(place);
        vehicle = new Vehicle(place.Time, next);
        return move == Move.Jump ? FixQualities.Jump : FixQualities.None;
    }

    // Each key's index gives the newest from the newest day that has one.
    private const string LoadSql =
        """
        SELECT asked.device_id, asked.vehicle_id, of_device.fix_time, of_vehicle.fix_time,
            latest.fix_time, latest.lon, latest.lat, latest.accuracy_m
        FROM unnest($1, $2) AS asked (device_id, vehicle_id)
        LEFT JOIN LATERAL (
            SELECT fix.fix_time FROM tracking.fix WHERE fix.device_id = asked.device_id ORDER BY fix.fix_time DESC LIMIT 1
        ) AS of_device ON true
        LEFT JOIN LATERAL (
            SELECT fix.fix_time FROM tracking.fix WHERE fix.vehicle_id = asked.vehicle_id AND fix.lon IS NOT NULL ORDER BY fix.fix_time DESC LIMIT 1
        ) AS of_vehicle ON true
        LEFT JOIN tracking.latest_fix AS latest ON latest.vehicle_id = asked.vehicle_id
        """;
}
