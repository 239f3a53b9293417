using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>A unit whose row is locked until the end of the transaction: nobody else sends it meanwhile.</summary>
/// <param name="IncidentNumber">Of the incident that it works on; null while it is free.</param>
internal sealed record LockedUnit(Guid Id, string CallSign, string? IncidentNumber)
{
    /// <summary>Why it cannot be sent; null where it can.</summary>
    internal Problem? Obstacle => IncidentNumber is null ? null : DispatchProblems.UnitBusy(CallSign, IncidentNumber);

    /// <summary>Locks the units in the order of their ids and reads what they do. An id that no unit has is left out.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, LockedUnit>> LockAsync(
        NpgsqlConnection connection, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, LockedUnit>();
        }

        // Two statements: the second one sees what was committed while the first one waited.
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT id FROM dispatch.unit WHERE id = ANY(@ids) ORDER BY id FOR UPDATE;
            SELECT unit.id, unit.call_sign AS CallSign, incident.number AS IncidentNumber FROM dispatch.unit
            LEFT JOIN dispatch.assignment ON unit_id = unit.id AND active LEFT JOIN dispatch.incident ON incident.id = incident_id
            WHERE unit.id = ANY(@ids)
            """,
            new { ids = ids.ToArray() }, cancellationToken: cancellation));
        await answers.ReadAsync<Guid>();
        return (await answers.ReadAsync<LockedUnit>()).ToDictionary(static unit => unit.Id);
    }
}
