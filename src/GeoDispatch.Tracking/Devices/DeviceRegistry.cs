using System.Collections.Concurrent;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>A device whose credential was checked, and the one vehicle that it may report.</summary>
internal sealed record DeviceIdentity(Guid DeviceId, Guid VehicleId, string Plate, string Kind);

/// <summary>The terminals that may send fixes, and their credentials.</summary>
public sealed class DeviceRegistry(Databases databases, TimeProvider clock)
{
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, (DeviceIdentity Identity, byte[] KeyHash, long ReadAt)> known = new();

    private sealed record Row(Guid Id, Guid VehicleId, string Plate, string Kind, byte[] KeyHash);

    /// <summary>
    /// Adds a device and its vehicle, or gives a known one a new credential; the old credential ends within a minute.
    /// </summary>
    /// <param name="department">Code of the department whose fleet the vehicle is in; null leaves it where it is.</param>
    /// <returns>The credential, <c>deviceId.secret</c>. It is shown this once; only its hash is kept.</returns>
    public async Task<string> RegisterAsync(
        Guid deviceId, Guid vehicleId, string plate, string kind, string name, string? department, CancellationToken cancellation = default)
    {
        (string credential, byte[] keyHash) = Credential.Create(deviceId);
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH vehicle AS (
                INSERT INTO tracking.vehicle (id, plate, kind, name, department) VALUES (@vehicleId, @plate, @kind, @name, @department)
                ON CONFLICT (id) DO UPDATE SET plate = excluded.plate, kind = excluded.kind, name = excluded.name,
                    department = coalesce(excluded.department, vehicle.department)
                RETURNING id
            )
            INSERT INTO tracking.device (id, vehicle_id, name, key_hash) SELECT @deviceId, id, @name, @keyHash FROM vehicle
            ON CONFLICT (id) DO UPDATE
            SET vehicle_id = excluded.vehicle_id, name = excluded.name, key_hash = excluded.key_hash, enabled = true
            """,
            new { deviceId, vehicleId, plate, kind, name, department, keyHash },
            cancellationToken: cancellation));
        known.TryRemove(deviceId, out _);
        return credential;
    }

    /// <summary>
    /// Adds a device to a vehicle that is there already, or gives a known one a new credential; the old credential ends within a minute.
    /// </summary>
    /// <returns>The credential, shown this once; null where there is no such vehicle, or the device was disabled.</returns>
    public async Task<string?> AddAsync(Guid deviceId, Guid vehicleId, string name, CancellationToken cancellation = default)
    {
        (string credential, byte[] keyHash) = Credential.Create(deviceId);
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        int added = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tracking.device (id, vehicle_id, name, key_hash)
            SELECT @deviceId, id, @name, @keyHash FROM tracking.vehicle WHERE id = @vehicleId
            ON CONFLICT (id) DO UPDATE SET vehicle_id = excluded.vehicle_id, name = excluded.name, key_hash = excluded.key_hash
            WHERE device.enabled
            """,
            new { deviceId, vehicleId, name, keyHash },
            cancellationToken: cancellation));
        known.TryRemove(deviceId, out _);
        return added == 0 ? null : credential;
    }

    /// <summary>Null where the credential is malformed, unknown, disabled or wrong: which of these is not told.</summary>
    internal async ValueTask<DeviceIdentity?> FindByCredentialAsync(string credential, CancellationToken cancellation)
    {
        if (!Credential.TryRead(credential, out Guid deviceId, out byte[] keyHash))
        {
            return null;
        }

        if (!known.TryGetValue(deviceId, out (DeviceIdentity Identity, byte[] KeyHash, long ReadAt) device)
            || clock.GetElapsedTime(device.ReadAt) > Remembered)
        {
            await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
            Row? row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                """
                SELECT device.id AS Id, vehicle_id AS VehicleId, plate AS Plate, kind AS Kind, key_hash AS KeyHash
                FROM tracking.device JOIN tracking.vehicle ON vehicle.id = vehicle_id
                WHERE device.id = @deviceId AND enabled
                """,
                new { deviceId }, cancellationToken: cancellation));
            if (row is null)
            {
                known.TryRemove(deviceId, out _);
                return null;
            }

            if (known.Count >= MostRemembered)
            {
                known.Clear();
            }

            device = (new DeviceIdentity(row.Id, row.VehicleId, row.Plate, row.Kind), row.KeyHash, clock.GetTimestamp());
            known[deviceId] = device;
        }

        return Credential.Fits(keyHash, device.KeyHash) ? device.Identity : null;
    }
}
