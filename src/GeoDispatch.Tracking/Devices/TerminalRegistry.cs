using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>What is known of a terminal. It may report only while it is approved.</summary>
/// <param name="State"><c>waiting</c>, <c>approved</c> or <c>refused</c>.</param>
/// <param name="Device">Whose fixes it sends; null until it is approved, and where its device was disabled.</param>
/// <param name="KeyHash">SHA-256 of what it authenticates by; null where it has nothing yet.</param>
internal sealed record Terminal(string State, DeviceIdentity? Device, byte[]? KeyHash)
{
    internal bool MayReport => State == "approved" && Device is not null;

    /// <summary>In constant time.</summary>
    internal bool IsKey(string key) => KeyHash is not null && CryptographicOperations.FixedTimeEquals(TerminalRegistry.Hash(key), KeyHash);
}

/// <summary>What a terminal says of itself, and from where.</summary>
internal sealed record Sighting(
    string Protocol, string Terminal, string RemoteAddress, string Plate = "", string Maker = "", string Model = "", string OwnId = "", string Version = "");

/// <summary>The terminals by protocol and number: an unknown one is listed for approval and never let in.</summary>
internal sealed class TerminalRegistry(Databases databases, TimeProvider clock)
{
    /// <summary>More unknown terminals than these are not listed: whoever knocks by every number fills no disk.</summary>
    internal const int MostWaiting = 10_000;

    /// <summary>Of a key, hexadecimal.</summary>
    internal const int KeyDigits = 20;

    private const int MostRemembered = 40_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Protocol, string Terminal), (Terminal? Terminal, long ReadAt)> known = new();

    private sealed record Row(string State, byte[]? KeyHash, Guid? DeviceId, Guid? VehicleId, string? Plate, string? Kind);

    /// <summary>False where the database has to be asked.</summary>
    internal bool TryRemember(string protocol, string terminal, out Terminal? found)
    {
        bool isKept = known.TryGetValue((protocol, terminal), out (Terminal? Terminal, long ReadAt) kept) && clock.GetElapsedTime(kept.ReadAt) < Remembered;
        found = isKept ? kept.Terminal : null;
        return isKept;
    }

    /// <summary>From memory of at most a minute; null where nobody ever saw it.</summary>
    internal async ValueTask<Terminal?> FindAsync(string protocol, string terminal, CancellationToken cancellation)
    {
        if (TryRemember(protocol, terminal, out Terminal? kept))
        {
            return kept;
        }

        long readAt = clock.GetTimestamp();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        Row? row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT state AS State, terminal.key_hash AS KeyHash, device.id AS DeviceId, vehicle.id AS VehicleId, vehicle.plate AS Plate, kind AS Kind
            FROM tracking.terminal
            LEFT JOIN tracking.device ON device.id = device_id AND enabled
            LEFT JOIN tracking.vehicle ON vehicle.id = vehicle_id
            WHERE protocol = @protocol AND terminal = @terminal
            """,
            new { protocol, terminal }, cancellationToken: cancellation));
        Terminal? found = row is null ? null : new Terminal(
            row.State, row.DeviceId is { } device ? new DeviceIdentity(device, row.VehicleId!.Value, row.Plate!, row.Kind!) : null, row.KeyHash);
        if (known.Count >= MostRemembered)
        {
            known.Clear();
        }

        known[(protocol, terminal)] = (found, readAt);
        return found;
    }

    /// <summary>
    /// Notes that a terminal was here. An unknown one begins to wait; what one says of itself changes only while it waits, but for an own id
    /// that nobody has said yet.
    /// </summary>
    /// <returns>False where the list of waiting ones is full and this one is not on it.</returns>
    internal async Task<bool> SeenAsync(Sighting sighting, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        long seen = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            WITH seen AS (
                UPDATE tracking.terminal SET last_seen = @now, remote_address = @RemoteAddress,
                    plate = CASE WHEN state = 'waiting' AND @Plate <> '' THEN @Plate ELSE plate END,
                    maker = CASE WHEN state = 'waiting' AND @Maker <> '' THEN @Maker ELSE maker END,
                    model = CASE WHEN state = 'waiting' AND @Model <> '' THEN @Model ELSE model END,
                    own_id = CASE WHEN (state = 'waiting' OR (state = 'approved' AND own_id = '')) AND @OwnId <> '' THEN @OwnId ELSE own_id END,
                    version = CASE WHEN @Version <> '' THEN @Version ELSE version END
                WHERE protocol = @Protocol AND terminal = @Terminal
                RETURNING 1
            ), listed AS (
                INSERT INTO tracking.terminal
                    (protocol, terminal, plate, maker, model, own_id, version, first_seen, last_seen, remote_address)
                SELECT @Protocol, @Terminal, @Plate, @Maker, @Model, @OwnId, @Version, @now, @now, @RemoteAddress
                WHERE NOT EXISTS (SELECT FROM seen)
                AND (SELECT count(*) FROM tracking.terminal WHERE state = 'waiting') < @MostWaiting
                ON CONFLICT DO NOTHING
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM listed)
            """,
            new
            {
                sighting.Protocol,
                sighting.Terminal,
                sighting.RemoteAddress,
                sighting.Plate,
                sighting.Maker,
                sighting.Model,
                sighting.OwnId,
                sighting.Version,
                MostWaiting,
                now = clock.GetUtcNow(),
            },
            cancellationToken: cancellation));
        return seen > 0;
    }

    /// <summary>
    /// Lets a terminal report for a vehicle, by a device of its own. Again is harmless; another vehicle moves it there. The device's own
    /// credential is known to nobody: what comes by this terminal comes by its protocol alone.
    /// </summary>
    /// <returns>The device; null where there is no such terminal or no such vehicle.</returns>
    internal async Task<Guid?> ApproveAsync(string protocol, string terminal, Guid vehicleId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        IReadOnlyList<Guid> devices = await ApproveAsync(connection, [(protocol, terminal, vehicleId)], clock.GetUtcNow(), cancellation);
        Forget(protocol, terminal);
        return devices.Count == 0 ? null : devices[0];
    }

    /// <summary>
    /// The same of several as part of a transaction, in one round trip; after its commit the caller says <see cref="Forget"/> of each. Gives the
    /// devices of those terminals and vehicles that there are.
    /// </summary>
    internal static async Task<IReadOnlyList<Guid>> ApproveAsync(
        NpgsqlConnection connection, IReadOnlyList<(string Protocol, string Terminal, Guid Vehicle)> all, DateTimeOffset now, CancellationToken cancellation) =>
        [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            WITH asked AS (
                SELECT protocol, terminal, vehicle.id AS vehicle_id, no_key, coalesce(device_id, fresh) AS device
                FROM unnest(@protocols, @terminals, @vehicles, @fresh, @noKeys) AS given (protocol, terminal, vehicle_id, fresh, no_key)
                JOIN tracking.terminal USING (protocol, terminal)
                JOIN tracking.vehicle ON vehicle.id = given.vehicle_id
            ), made AS (
                INSERT INTO tracking.device (id, vehicle_id, name, key_hash)
                SELECT device, vehicle_id, protocol || ' ' || terminal, no_key FROM asked
                ON CONFLICT (id) DO UPDATE SET vehicle_id = excluded.vehicle_id, enabled = true
            )
            UPDATE tracking.terminal SET device_id = device, state = 'approved' FROM asked
            WHERE (terminal.protocol, terminal.terminal) = (asked.protocol, asked.terminal)
            RETURNING device
            """,
            new
            {
                protocols = all.Select(static one => one.Protocol).ToArray(),
                terminals = all.Select(static one => one.Terminal).ToArray(),
                vehicles = all.Select(static one => one.Vehicle).ToArray(),
                fresh = all.Select(_ => Guid.CreateVersion7(now)).ToArray(),
                noKeys = all.Select(static _ => RandomNumberGenerator.GetBytes(32)).ToArray(),
            },
            cancellationToken: cancellation))];

    /// <summary>
    /// Lets it report no more, or never; it stays on the list so that it does not wait again. Approved again, its number may be another piece of
    /// hardware's. False where there is none.
    /// </summary>
    internal async Task<bool> RefuseAsync(string protocol, string terminal, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        bool refused = await RefuseAsync(connection, protocol, terminal, cancellation);
        Forget(protocol, terminal);
        return refused;
    }

    /// <summary>The same as part of a transaction; after its commit the caller says <see cref="Forget"/>.</summary>
    internal static async Task<bool> RefuseAsync(NpgsqlConnection connection, string protocol, string terminal, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE tracking.terminal SET state = 'refused', key_hash = NULL, own_id = '' WHERE protocol = @protocol AND terminal = @terminal",
            new { protocol, terminal }, cancellationToken: cancellation)) > 0;

    /// <summary>What is remembered of it is old: its next message is judged by the database.</summary>
    internal void Forget(string protocol, string terminal) => known.TryRemove((protocol, terminal), out _);

    /// <summary>A fresh key for an approved terminal; the one before it ends. Null where it is not approved, or is another.</summary>
    /// <param name="ownId">As the terminal says it; one that was approved under another has none here.</param>
    internal async Task<string?> IssueKeyAsync(string protocol, string terminal, string ownId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        string? key = await IssueKeyAsync(connection, protocol, terminal, cancellation, ownId);
        Forget(protocol, terminal);
        return key;
    }

    /// <summary>The same as part of a transaction; after its commit the caller says <see cref="Forget"/>.</summary>
    internal static async Task<string?> IssueKeyAsync(
        NpgsqlConnection connection, string protocol, string terminal, CancellationToken cancellation, string? ownId = null)
    {
        // 64 digits would not fit some makers' terminals; 80 random bits withstand any guessing that a connection allows.
        string key = Convert.ToHexString(RandomNumberGenerator.GetBytes(KeyDigits / 2));
        int issued = await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE tracking.terminal SET key_hash = @keyHash
            WHERE protocol = @protocol AND terminal = @terminal AND state = 'approved' AND (@ownId::text IS NULL OR own_id IN ('', @ownId))
            """,
            new { protocol, terminal, ownId, keyHash = Hash(key) }, cancellationToken: cancellation));
        return issued == 0 ? null : key;
    }

    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
