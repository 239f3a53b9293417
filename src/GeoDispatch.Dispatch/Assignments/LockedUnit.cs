using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>A unit whose row is locked until the end of the transaction: nobody else sends it, takes it out or logs it off meanwhile.</summary>
/// <param name="Obstacle">Why it cannot be sent: it works, is out of service or off duty; null where it can.</param>
internal sealed record LockedUnit(Guid Id, string CallSign, Problem? Obstacle)
{
    private sealed record Row(
        Guid Id, string CallSign, string? IncidentNumber, bool OnDuty, DateTimeOffset? OutSince, string? OutReason, string? OutWords, DateTimeOffset? OutUntil);

    /// <summary>Locks the units in the order of their ids and reads what they do. An id that no unit has is left out.</summary>
    /// <param name="zone">In which an obstacle says its time.</param>
    internal static async Task<IReadOnlyDictionary<Guid, LockedUnit>> LockAsync(
        NpgsqlConnection connection, IReadOnlyList<Guid> ids, TimeZoneInfo zone, CancellationToken cancellation)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, LockedUnit>();
        }

        // Two statements: the second one sees what was committed while the first one waited.
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT id FROM dispatch.unit WHERE id = ANY(@ids) ORDER BY id FOR UPDATE;
            SELECT unit.id, unit.call_sign AS CallSign, incident.number AS IncidentNumber, on_duty AS OnDuty, out_since AS OutSince,
                   out_reason AS OutReason, out_words AS OutWords, out_until AS OutUntil
            FROM dispatch.unit
            LEFT JOIN dispatch.assignment ON unit_id = unit.id AND active LEFT JOIN dispatch.incident ON incident.id = incident_id
            WHERE unit.id = ANY(@ids)
            """,
            new { ids = ids.ToArray() }, cancellationToken: cancellation));
        await answers.ReadAsync<Guid>();
        return (await answers.ReadAsync<Row>()).ToDictionary(static row => row.Id, row => new LockedUnit(row.Id, row.CallSign, ObstacleOf(row, zone)));
    }

    private static Problem? ObstacleOf(Row row, TimeZoneInfo zone) => row.IncidentNumber is { } number
        ? DispatchProblems.UnitBusy(row.CallSign, number)
        : UnitDecider.RefusesToBeSent(
            row.OnDuty, row.OutSince is { } since ? new UnitOut(since, row.OutReason!, row.OutWords, row.OutUntil) : null, row.CallSign, zone);
}
