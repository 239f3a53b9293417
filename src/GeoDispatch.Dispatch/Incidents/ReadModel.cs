using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Tracking.Traffic;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>Keeps <c>dispatch.incident</c> and <c>dispatch.assignment</c> as the events say.</summary>
internal static class ReadModel
{
    /// <summary>Adds to the batch what makes the rows those of <paramref name="state"/>.</summary>
    internal static void Update(NpgsqlBatch batch, Guid incidentId, int version, IncidentState state, IReadOnlyList<IncidentEvent> events)
    {
        (IncidentState.Open last, IncidentState.Closed? closed) = state switch
        {
            IncidentState.Open open => (open, null),
            IncidentState.Closed ended => (ended.Last, ended),
            _ => throw new InvalidOperationException("An incident that has events has been opened."),
        };
        batch.Add(
            "UPDATE dispatch.incident SET version = $2, status = $3, priority = $4, read_back = $5, closed_at = $6, disposition = $7 WHERE id = $1",
            incidentId, version, closed is not null ? "closed" : last.IsWaiting ? "waiting" : "running", last.Priority, last.ReadBack,
            (object?)closed?.ClosedAt.UtcDateTime ?? DBNull.Value, (object?)closed?.Disposition ?? DBNull.Value);
        foreach (Guid changed in events.Select(Touched).OfType<Guid>().Distinct())
        {
            AssignmentState assignment = last.FindAssignment(changed)!;
            batch.Add(
                """
                INSERT INTO dispatch.assignment AS a (id, incident_id, unit_id, call_sign, status, since, active, expected_seconds,
                    destination_id, destination_name, assigned_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                ON CONFLICT (id) DO UPDATE SET status = excluded.status, since = excluded.since, active = excluded.active,
                    destination_id = excluded.destination_id, destination_name = excluded.destination_name
                """,
                assignment.Id, incidentId, assignment.UnitId, assignment.CallSign, assignment.Status.Text(), assignment.Since.UtcDateTime,
                assignment.IsActive, (object?)assignment.ExpectedSeconds ?? DBNull.Value, (object?)assignment.DestinationId ?? DBNull.Value,
                (object?)assignment.DestinationName ?? DBNull.Value, assignment.AssignedAt.UtcDateTime);
            if (!assignment.IsActive)
            {
                batch.Add("UPDATE dispatch.unit SET freed_at = $2 WHERE id = $1", assignment.UnitId, assignment.Since.UtcDateTime);
            }

            // To the scene and to hospital with lights and sirens; what such runs teach of the streets is kept apart.
            EmergencyRuns.Say(
                batch, "SELECT vehicle_id FROM dispatch.unit WHERE id = $1", assignment.UnitId,
                assignment is { IsActive: true, Status: AssignmentStatus.EnRoute or AssignmentStatus.LeftScene }, assignment.Since);
        }
    }

    private static Guid? Touched(IncidentEvent happened) => happened switch
    {
        UnitAssigned assigned => assigned.AssignmentId,
        MilestoneRecorded step => step.AssignmentId,
        AssignmentCancelled cancelled => cancelled.AssignmentId,
        _ => null,
    };
}
