using System.Security.Cryptography;
using System.Text;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>
/// The vehicles of a load test: synthetic, and called so wherever they show. Their ids, terminal numbers and secrets follow from a number and
/// the test's own secret, so that the same test again has the same vehicles, and a program that was told the secret needs no list of them.
/// </summary>
/// <param name="protocol"><c>jt808</c>, whose terminals are approved and have registered already; others report as devices with a credential.</param>
/// <param name="secret">At least 16 random bytes.</param>
internal sealed class SyntheticFleet(string protocol, byte[] secret)
{
    internal const string Kind = "loadtest";

    // Another secret is another fleet: a server remembers for a minute what the vehicles of one authenticate by.
    private readonly ushort fleet = BitConverter.ToUInt16(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(protocol)));

    internal Guid Device(int number) => Id(1, number);

    internal Guid Vehicle(int number) => Id(0, number);

    /// <summary>As the terminal calls itself in JT/T 808: twelve digits that begin with 9 are nobody's telephone.</summary>
    internal string Phone(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"9{fleet:00000}{number:000000}");

    /// <summary>What it authenticates by: the code of JT/T 808, or the secret half of the credential.</summary>
    internal string Key(int number) =>
        Convert.ToHexString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{protocol} {number}")))[..20];

    /// <summary><c>deviceId.secret</c>.</summary>
    internal string Credential(int number) => $"{Device(number):D}.{Key(number)}";

    /// <summary>Enters so many vehicles, with what they report by. Again changes nothing.</summary>
    internal async Task RegisterAsync(NpgsqlDataSource source, int count, DateTimeOffset now, CancellationToken cancellation)
    {
        int[] numbers = [.. Enumerable.Range(0, count)];
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await using var register = new NpgsqlCommand(RegisterSql, connection);
        register.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(numbers, Vehicle) });
        register.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(numbers, Device) });
        register.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = Array.ConvertAll(numbers, number => TerminalRegistry.Hash(Key(number))) });
        register.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(numbers, number => $"测{protocol}{number:000000}") });
        register.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Kind });
        await register.ExecuteNonQueryAsync(cancellation);
        if (protocol == "jt808")
        {
            await using var approve = new NpgsqlCommand(ApproveSql, connection);
            approve.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(numbers, Phone) });
            approve.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(numbers, Device) });
            approve.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = Array.ConvertAll(numbers, number => TerminalRegistry.Hash(Key(number))) });
            approve.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
            await approve.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    // A UUID of version 8 (RFC 9562, 5.8): whose digits are ours.
    private Guid Id(int part, int number) => Guid.Parse($"10ad7e57-{part:x4}-8000-8000-{fleet:x4}{number:x8}");

    private const string RegisterSql =
        """
        WITH vehicle AS (
            INSERT INTO tracking.vehicle (id, plate, kind, name)
            SELECT id, plate, $5, '合成,负载测试 / synthetic, load test' FROM unnest($1, $4) AS asked (id, plate)
            ON CONFLICT (id) DO NOTHING
        )
        INSERT INTO tracking.device (id, vehicle_id, name, key_hash)
        SELECT id, vehicle_id, 'load test', key_hash FROM unnest($2, $1, $3) AS asked (id, vehicle_id, key_hash)
        ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash, enabled = true
        """;

    private const string ApproveSql =
        """
        INSERT INTO tracking.terminal (protocol, terminal, device_id, key_hash, first_seen, last_seen, state)
        SELECT 'jt808', terminal, device_id, key_hash, $4, $4, 'approved' FROM unnest($1, $2, $3) AS asked (terminal, device_id, key_hash)
        ON CONFLICT (protocol, terminal) DO UPDATE SET device_id = excluded.device_id, key_hash = excluded.key_hash, state = 'approved'
        """;
}
