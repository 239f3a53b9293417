using System.Globalization;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>The table of one UTC day of the history.</summary>
/// <param name="State">Whether it is part of the history, or how far it was taken out when the server ended.</param>
internal sealed record FixDay(DateOnly Day, FixDayState State);

/// <summary>How a day's table stands to the history.</summary>
internal enum FixDayState
{
    /// <summary>Part of it.</summary>
    Attached,

    /// <summary>Half taken out: readers see it no more, and it is to be finished.</summary>
    Leaving,

    /// <summary>No part of it any more.</summary>
    Detached,
}

/// <summary>The days of the history as tables: made ahead, dropped whole. Nothing here waits in a line before which fixes would wait.</summary>
internal static class FixDays
{
    private static readonly TimeSpan LongestClearing = TimeSpan.FromMinutes(2);

    /// <summary>Makes the table of a day where it is missing.</summary>
    internal static async Task MakeAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellation)
    {
        await using var make = new NpgsqlCommand("SELECT tracking.ensure_fix_day($1)", connection);
        make.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        await make.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>All that there are, the oldest first.</summary>
    internal static async Task<List<FixDay>> ListAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var list = new NpgsqlCommand(ListSql, connection);
        var days = new List<FixDay>();
        await using NpgsqlDataReader reader = await list.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            days.Add(new FixDay(
                DateOnly.ParseExact(reader.GetString(0), "yyyyMMdd", CultureInfo.InvariantCulture),
                reader.IsDBNull(1) ? FixDayState.Detached : reader.GetBoolean(1) ? FixDayState.Leaving : FixDayState.Attached));
        }

        return days;
    }

    /// <summary>
    /// Drops a day, whatever it holds, without a lock that a writer or a reader of other days would wait for. What a server that ended in
    /// the middle left is finished.
    /// </summary>
    internal static async Task DropAsync(NpgsqlConnection connection, FixDay day, CancellationToken cancellation)
    {
        string table = Name(day.Day);
        if (day.State != FixDayState.Detached)
        {
            await SayAsync($"ALTER TABLE tracking.fix DETACH PARTITION {table} {(day.State == FixDayState.Leaving ? "FINALIZE" : "CONCURRENTLY")}");
        }

        await SayAsync($"DROP TABLE {table}");

        async Task SayAsync(string sql)
        {
            await using var say = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
            await say.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Deletes the fixes of some vehicles in one day.</summary>
    /// <returns>How many there were.</returns>
    internal static async Task<int> ClearAsync(NpgsqlConnection connection, DateOnly day, Guid[] vehicles, CancellationToken cancellation)
    {
        await using var clear = new NpgsqlCommand($"DELETE FROM {Name(day)} WHERE vehicle_id = ANY ($1)", connection)
        {
            CommandTimeout = (int)LongestClearing.TotalSeconds,
        };
        clear.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = vehicles });
        return await clear.ExecuteNonQueryAsync(cancellation);
    }

    private static string Name(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"tracking.fix_{day:yyyyMMdd}");

    private const string ListSql =
        """
        SELECT substr(relname, 5), inhdetachpending
        FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid AND inhparent = 'tracking.fix'::regclass
        WHERE relnamespace = 'tracking'::regnamespace AND relkind = 'r' AND relname ~ '^fix_[0-9]{8}$'
        ORDER BY relname
        """;
}
