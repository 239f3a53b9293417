using Dapper;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>What a module that hangs facts on an incident has to know of it.</summary>
/// <param name="Priority">1 to 4, as it is now.</param>
/// <param name="CallIds">The calls that belong to it.</param>
public sealed record KnownIncident(Guid Id, string Number, int Priority, IReadOnlyList<Guid> CallIds);

/// <summary>For modules above: which calls and incidents there are, and which belong together. Holds nothing that is not for every dispatcher.</summary>
public static class KnownIncidents
{
    private sealed record Row(Guid Id, string Number, int Priority);

    private sealed record CallRow(Guid Id, Guid? IncidentId);

    /// <returns>Null where there is no such incident.</returns>
    public static async Task<KnownIncident?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT id, number, priority FROM dispatch.incident WHERE id = @id;
            SELECT id FROM dispatch.call WHERE incident_id = @id
            """,
            new { id }, cancellationToken: cancellation));
        return await answers.ReadSingleOrDefaultAsync<Row>() is { } row
            ? new KnownIncident(row.Id, row.Number, row.Priority, [.. await answers.ReadAsync<Guid>()])
            : null;
    }

    /// <returns>Whether there is such a call, and the incident that it belongs to, if any.</returns>
    public static async Task<(bool IsKnown, KnownIncident? Incident)> FindOfCallAsync(NpgsqlConnection connection, Guid callId, CancellationToken cancellation)
    {
        CallRow? call = await connection.QuerySingleOrDefaultAsync<CallRow>(new CommandDefinition(
            "SELECT id, incident_id AS IncidentId FROM dispatch.call WHERE id = @callId", new { callId }, cancellationToken: cancellation));
        return (call is not null, call?.IncidentId is { } incident ? await FindAsync(connection, incident, cancellation) : null);
    }
}
