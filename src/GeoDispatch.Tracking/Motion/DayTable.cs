using System.Text.Json;
using GeoDispatch.Tracking.Fixes;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Tracking.Motion;

/// <summary>A day as it is kept.</summary>
/// <param name="VehicleId">Of which vehicle.</param>
/// <param name="Late">The count of late transactions that the story is to be saved with.</param>
/// <param name="SoFar">Where to go on; at the start, where late fixes changed what was told.</param>
/// <param name="Worth">How many fixes the story took since it was read; all, where it was told anew.</param>
internal sealed record KeptDay(Guid VehicleId, long Late, DaySoFar SoFar, int Worth);

/// <summary>The statements about <c>tracking.vehicle_day</c>. The history is the truth: whatever is kept can be told again from it.</summary>
internal static class DayTable
{
    /// <summary>Of one vehicle in one query of several.</summary>
    private const int MostFixes = 10_000;

    /// <summary>Of a day that is told from its start; one with more, a fix each second, is read in parts.</summary>
    private const int MostOfDay = 100_000;

    /// <summary>In the transaction of fixes that are not after all others of their vehicle: their days are not as they were told.</summary>
    internal static async Task MarkLateAsync(
        NpgsqlConnection connection, Dictionary<(Guid VehicleId, DateOnly Day), DateTime> oldest, CancellationToken cancellation)
    {
        await using var mark = new NpgsqlCommand(MarkSql, connection);
        mark.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. oldest.Keys.Select(static key => key.VehicleId)] });
        mark.Parameters.Add(new NpgsqlParameter<DateOnly[]> { TypedValue = [.. oldest.Keys.Select(static key => key.Day)] });
        mark.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = [.. oldest.Values] });
        await mark.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The days of these vehicles as they are kept. Who is not known is left out.</summary>
    internal static async Task<List<KeptDay>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(Guid VehicleId, DateOnly Day)> asked, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(ReadSql, connection);
        read.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. asked.Select(static one => one.VehicleId)] });
        read.Parameters.Add(new NpgsqlParameter<DateOnly[]> { TypedValue = [.. asked.Select(static one => one.Day)] });
        var kept = new List<KeptDay>(asked.Count);
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            DateOnly day = reader.GetFieldValue<DateOnly>(1);
            DaySoFar? story = reader.IsDBNull(4) ? null : JsonSerializer.Deserialize<DaySoFar>(reader.GetString(4), JsonSerializerOptions.Web);
            bool goesOn = story is not null && !reader.GetBoolean(3);
            double limit = reader.IsDBNull(6) ? SpeedLimits.Of(reader.GetString(5)) : reader.GetFloat(6);
            kept.Add(new KeptDay(reader.GetGuid(0), reader.GetInt64(2), goesOn ? story! : DaySoFar.Start(day, limit), 0));
        }

        return kept;
    }

    /// <summary>Goes on with days, all at once, until nothing newer is in the history, or nothing newer than <paramref name="until"/>.</summary>
    internal static async Task<List<KeptDay>> GoOnAsync(
        NpgsqlConnection connection, IReadOnlyList<KeptDay> days, DateTime until, CancellationToken cancellation)
    {
        var told = new List<KeptDay>(days.Count);
        var open = new List<KeptDay>();
        foreach (KeptDay day in days)
        {
            // All of a day is read in another way than a few minutes of each of many.
            if (day.SoFar.To is null && await ReadDayAsync(connection, day, until, cancellation) is { Count: < MostOfDay } all)
            {
                told.Add(day with { SoFar = DayFold.Advance(day.SoFar, all), Worth = all.Count });
            }
            else
            {
                open.Add(day);
            }
        }

        while (open.Count > 0)
        {
            List<MotionFix>[] newer = await ReadFixesAsync(connection, open, until, cancellation);
            var more = new List<KeptDay>();
            for (int index = 0; index < open.Count; index++)
            {
                bool isAll = newer[index].Count < MostFixes;
                List<MotionFix> fixes = isAll ? newer[index] : WithoutLastMoment(newer[index]);
                KeptDay day = open[index] with
                {
                    SoFar = DayFold.Advance(open[index].SoFar, fixes),
                    Worth = open[index].Worth + fixes.Count,
                };
                (isAll ? told : more).Add(day);
            }

            open = more;
        }

        return told;
    }

    /// <summary>Keeps days, each unless late fixes came since it was read, or somebody else told more of it.</summary>
    internal static async Task SaveAsync(NpgsqlConnection connection, IReadOnlyCollection<KeptDay> days, CancellationToken cancellation)
    {
        await using var save = new NpgsqlCommand(SaveSql, connection);
        save.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. days.Select(static day => day.VehicleId)] });
        save.Parameters.Add(new NpgsqlParameter<DateOnly[]> { TypedValue = [.. days.Select(static day => day.SoFar.Closed.Day)] });
        save.Parameters.Add(new NpgsqlParameter<DateTime?[]> { TypedValue = [.. days.Select(static day => day.SoFar.To?.UtcDateTime)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        save.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. days.Select(static day => day.Late)] });
        save.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. days.Select(static day => JsonSerializer.Serialize(day.SoFar, JsonSerializerOptions.Web))],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
        });
        await save.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Days that are not as they were told, the newest first.</summary>
    internal static Task<List<(Guid VehicleId, DateOnly Day)>> ListLateAsync(NpgsqlConnection connection, int most, CancellationToken cancellation) =>
        ListAsync(connection, "SELECT vehicle_id, day FROM tracking.vehicle_day WHERE late <> folded_late ORDER BY day DESC LIMIT $1", most, cancellation);

    /// <summary>The last days of vehicles that reported since <paramref name="since"/>.</summary>
    internal static Task<List<(Guid VehicleId, DateOnly Day)>> ListRecentAsync(NpgsqlConnection connection, DateTime since, CancellationToken cancellation) =>
        ListAsync(
            connection, "SELECT vehicle_id, (fix_time AT TIME ZONE 'Asia/Shanghai')::date FROM tracking.latest_fix WHERE fix_time > $1", since, cancellation);

    private static async Task<List<(Guid VehicleId, DateOnly Day)>> ListAsync<T>(
        NpgsqlConnection connection, string sql, T value, CancellationToken cancellation)
    {
        await using var list = new NpgsqlCommand(sql, connection);
        list.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        var found = new List<(Guid, DateOnly)>();
        await using NpgsqlDataReader reader = await list.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found.Add((reader.GetGuid(0), reader.GetFieldValue<DateOnly>(1)));
        }

        return found;
    }

    private static async Task<List<MotionFix>[]> ReadFixesAsync(
        NpgsqlConnection connection, List<KeptDay> days, DateTime until, CancellationToken cancellation)
    {
        DateTime[] after = [.. days.Select(static day => day.SoFar.To?.UtcDateTime ?? VehicleDay.StartOf(day.SoFar.Closed.Day).AddTicks(-TimeSpan.TicksPerMicrosecond))];
        DateTime[] before = [.. days.Select(day => Earlier(VehicleDay.StartOf(day.SoFar.Closed.Day).AddDays(1), until))];
        await using var read = new NpgsqlCommand(FixesSql, connection);
        read.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. Enumerable.Range(0, days.Count)] });
        read.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. days.Select(static day => day.VehicleId)] });
        read.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = after });
        read.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = before });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = after.Min() });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.Max() });
        read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostFixes });
        List<MotionFix>[] fixes = [.. days.Select(static _ => new List<MotionFix>())];
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            fixes[reader.GetInt32(0)].Add(Fix(reader));
        }

        return fixes;
    }

    private static async Task<List<MotionFix>> ReadDayAsync(NpgsqlConnection connection, KeptDay day, DateTime until, CancellationToken cancellation)
    {
        DateTime start = VehicleDay.StartOf(day.SoFar.Closed.Day);
        await using var read = new NpgsqlCommand(DaySql, connection);
        read.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = day.VehicleId });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = start });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Earlier(start.AddDays(1), until) });
        read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostOfDay });
        var fixes = new List<MotionFix>();
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            fixes.Add(Fix(reader));
        }

        return fixes;
    }

    private static MotionFix Fix(NpgsqlDataReader reader) => new(
        new DateTimeOffset(reader.GetDateTime(1)), reader.GetDouble(2), reader.GetDouble(3),
        reader.IsDBNull(4) ? null : reader.GetFloat(4), reader.IsDBNull(5) ? null : reader.GetBoolean(5),
        reader.IsDBNull(6) ? null : reader.GetFloat(6));

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    /// <summary>More of its moment may come with the next query, and would then be too late. They come in the order of time.</summary>
    private static List<MotionFix> WithoutLastMoment(List<MotionFix> fixes)
    {
        int end = fixes.FindIndex(fix => fix.Time == fixes[^1].Time);
        return end == 0 ? fixes : fixes[..end];
    }

    // In one order for all transactions, so that two never wait for each other in a ring.
    private const string MarkSql =
        """
        INSERT INTO tracking.vehicle_day AS kept (vehicle_id, day, late, late_from)
        SELECT vehicle_id, day, 1, late_from FROM unnest($1, $2, $3) AS late (vehicle_id, day, late_from) ORDER BY vehicle_id, day
        ON CONFLICT (vehicle_id, day) DO UPDATE
        SET late = kept.late + 1, late_from = least(kept.late_from, excluded.late_from)
        """;

    private const string ReadSql =
        """
        SELECT vehicle.id, asked.day, coalesce(kept.late, 0),
            kept.late <> kept.folded_late AND coalesce(kept.late_from <= kept.folded_to, true), kept.story, vehicle.kind, vehicle.speed_limit_kmh
        FROM unnest($1, $2) AS asked (vehicle_id, day)
        JOIN tracking.vehicle ON vehicle.id = asked.vehicle_id
        LEFT JOIN tracking.vehicle_day AS kept ON kept.vehicle_id = asked.vehicle_id AND kept.day = asked.day
        ORDER BY vehicle.id, asked.day
        """;

    // The outer bounds say which days' tables need not be opened.
    private const string FixesSql =
        """
        SELECT asked.at, fix.fix_time, fix.lon, fix.lat, fix.speed_kmh, fix.ignition, fix.accuracy_m
        FROM unnest($1, $2, $3, $4) AS asked (at, vehicle_id, after, before)
        CROSS JOIN LATERAL (
            SELECT * FROM tracking.fix
            WHERE fix.vehicle_id = asked.vehicle_id AND fix.fix_time > asked.after AND fix.fix_time < asked.before
                AND fix.fix_time > $5 AND fix.fix_time < $6 AND fix.lon IS NOT NULL
            ORDER BY fix.fix_time LIMIT $7
        ) AS fix
        """;

    // Without an order: the pages are then read in theirs, many at once, and the fold sorts.
    private const string DaySql =
        """
        SELECT 0, fix_time, lon, lat, speed_kmh, ignition, accuracy_m FROM tracking.fix
        WHERE vehicle_id = $1 AND fix_time >= $2 AND fix_time < $3 AND lon IS NOT NULL
        LIMIT $4
        """;

    private const string SaveSql =
        """
        INSERT INTO tracking.vehicle_day AS kept (vehicle_id, day, folded_to, late, folded_late, story)
        SELECT vehicle_id, day, folded_to, late, late, story
        FROM unnest($1, $2, $3, $4, $5) AS told (vehicle_id, day, folded_to, late, story) ORDER BY vehicle_id, day
        ON CONFLICT (vehicle_id, day) DO UPDATE
        SET folded_to = excluded.folded_to, folded_late = excluded.late, late_from = NULL, story = excluded.story
        WHERE kept.late = excluded.late
            AND (kept.folded_late <> kept.late OR kept.folded_to IS NULL OR kept.folded_to < excluded.folded_to)
        """;
}
