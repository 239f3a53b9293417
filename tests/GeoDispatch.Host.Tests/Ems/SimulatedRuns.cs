using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>SYNTHETIC runs of the demo city's ambulances, written beside the log as the read model has them: with milestones forgotten, runs called off, and calls.</summary>
internal static class SimulatedRuns
{
    /// <summary>Calls from this moment on, one each 53 seconds.</summary>
    internal static readonly DateTimeOffset Begin = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(8));

    /// <summary>The moment after the last of so many.</summary>
    internal static DateTimeOffset End(int count) => Begin.AddSeconds(53.0 * (count + 1));

    internal static async Task WriteAsync(TestDatabase database, int count)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 120 };
        command.Parameters.Add(new NpgsqlParameter("count", count));
        command.Parameters.Add(new NpgsqlParameter("begin", Begin.UtcDateTime));
        await command.ExecuteNonQueryAsync();
    }

    // Every seventeenth was called off: half of these while driving. Of the others every eleventh lacks one milestone.
    private const string Sql =
        """
        CREATE TEMPORARY TABLE simulated AS
        SELECT n, gen_random_uuid() AS incident, gen_random_uuid() AS assignment, @begin + n * interval '53 seconds' AS received, 1 + n % 4 AS level,
            (SELECT array_agg(id ORDER BY call_sign) FROM dispatch.unit WHERE agency = 'ems') AS units, n % 17 = 3 AS off, n % 34 = 3 AS driving,
            CASE WHEN n % 11 = 5 THEN 1 + n / 11 % 7 END AS forgotten,
            ARRAY[2 + 9 * random(), 20 + 60 * random(), 5 + 70 * random(), 10 + 90 * random(), 40 + 200 * random(), 100 + 900 * random(), 20 + 200 * random(),
                300 + 900 * random(), 200 + 1200 * random(), 200 + 1500 * random(), 60 + 400 * random()] AS took
        FROM generate_series(1, @count) n;

        INSERT INTO dispatch.incident (id, number, day, version, status, type, priority, complaint, lon, lat, address, read_back, received_at, opened_at, opened_by, closed_at, disposition)
        SELECT incident, 'S' || n, (received AT TIME ZONE 'Asia/Shanghai')::date, 2, 'closed', 'medical', level, 'SYNTHETIC', 118.40 + n % 97 * 0.004, 37.30 + n % 89 * 0.004,
            'SYNTHETIC', true, received, received + took[1] * interval '1 second' + took[2] * interval '1 second', 'simulated', received + interval '3 hours', 'transported'
        FROM simulated;

        INSERT INTO dispatch.call (id, exchange_id, version, status, source, since, received_at, rang_at, answered_at, line_open, result, incident_id)
        SELECT gen_random_uuid(), 'simulated-' || n, 3, 'ended', 'telephone', received + interval '3 minutes', received, received,
            CASE WHEN n % 29 <> 0 THEN received + took[1] * interval '1 second' END, false, 'incident', incident
        FROM simulated;

        INSERT INTO dispatch.assignment (id, incident_id, unit_id, call_sign, status, since, active, assigned_at, milestones)
        SELECT assignment, incident, units[1 + n % cardinality(units)], 'SYNTHETIC', CASE WHEN off THEN 'cancelled' ELSE 'available' END, received + interval '2 hours', false,
            received + (took[1] + took[2] + took[3]) * interval '1 second', coalesce(steps.list, '[]')
        FROM simulated CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_object('version', step, 'milestone', name, 'at', received + (SELECT sum(took[part]) FROM generate_series(1, 3 + step) part) * interval '1 second', 'source', 'crew') ORDER BY step) AS list
            FROM unnest(ARRAY['acknowledged', 'enRoute', 'onScene', 'atPatient', 'leftScene', 'atDestination', 'handedOver', 'available']) WITH ORDINALITY AS all_steps (name, step)
            WHERE step IS DISTINCT FROM forgotten AND step <= CASE WHEN driving THEN 2 WHEN off THEN 1 ELSE 8 END
        ) steps;

        INSERT INTO dispatch.incident_event (incident_id, version, type, data, recorded_at, recorded_by, account_id)
        SELECT incident, 1, 'assignmentCancelled', jsonb_build_object('assignmentId', assignment, 'kind', CASE WHEN driving THEN 'emptyRun' ELSE 'recalled' END, 'reason', 'SYNTHETIC'),
            received + interval '10 minutes', 'simulated', gen_random_uuid()
        FROM simulated WHERE off;
        ANALYZE dispatch.incident, dispatch.assignment, dispatch.incident_event, dispatch.call;
        """;
}
