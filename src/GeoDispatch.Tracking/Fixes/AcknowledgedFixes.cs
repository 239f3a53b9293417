using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>What the table of fixes says of those that were acknowledged.</summary>
/// <param name="Acknowledged">So many were looked for.</param>
/// <param name="Missing">Of these, not in the table: each is a lie of the server.</param>
/// <param name="Doubled">Moments of one device that are there more than once, acknowledged or not.</param>
internal sealed record AcknowledgementCheck(long Acknowledged, long Missing, long Doubled);

/// <summary>Compares what devices were told with what is stored; each device made at most one fix at one time.</summary>
internal static class AcknowledgedFixes
{
    /// <param name="source">The database.</param>
    /// <param name="acknowledged">Read once, never all in memory.</param>
    /// <param name="devices">Whose fixes are looked at for doubles.</param>
    /// <param name="since">From then on.</param>
    /// <param name="cancellation">Of the whole check.</param>
    internal static async Task<AcknowledgementCheck> CheckAsync(
        NpgsqlDataSource source, IEnumerable<(Guid Device, DateTime Time)> acknowledged, Guid[] devices, DateTimeOffset since, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        await using (var make = new NpgsqlCommand("CREATE TEMP TABLE acknowledged (device_id uuid, fix_time timestamptz)", connection))
        {
            await make.ExecuteNonQueryAsync(cancellation);
        }

        await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
            "COPY acknowledged (device_id, fix_time) FROM STDIN (FORMAT binary)", cancellation))
        {
            foreach ((Guid device, DateTime time) in acknowledged)
            {
                await importer.StartRowAsync(cancellation);
                await importer.WriteAsync(device, NpgsqlDbType.Uuid, cancellation);
                await importer.WriteAsync(time, NpgsqlDbType.TimestampTz, cancellation);
            }

            await importer.CompleteAsync(cancellation);
        }

        await using var check = new NpgsqlCommand(CheckSql, connection) { CommandTimeout = 600 };
        check.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = devices });
        check.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        await using NpgsqlDataReader reader = await check.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var found = new AcknowledgementCheck(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        await reader.CloseAsync();
        await using var drop = new NpgsqlCommand("DROP TABLE acknowledged", connection);
        await drop.ExecuteNonQueryAsync(cancellation);
        return found;
    }

    private const string CheckSql =
        """
        WITH stored AS (
            SELECT device_id, fix_time, count(*) AS times FROM tracking.fix
            WHERE device_id = ANY ($1) AND fix_time >= $2 GROUP BY device_id, fix_time
        )
        SELECT
            (SELECT count(*) FROM acknowledged),
            (SELECT count(*) FROM acknowledged WHERE NOT EXISTS (
                SELECT FROM stored WHERE stored.device_id = acknowledged.device_id AND stored.fix_time = acknowledged.fix_time)),
            (SELECT count(*) FROM stored WHERE times > 1)
        """;
}
