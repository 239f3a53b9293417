using System.Text.Json;
using GeoDispatch.Dispatch.Orders;
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
        IncidentState.Open known = state.Known;
        var closed = state as IncidentState.Closed;
        batch.Add(
            """
            UPDATE dispatch.incident SET version = $2, status = $3, closed_at = $4, disposition = $5,
                agencies = $6::jsonb, todos = $7::jsonb, links = $8::jsonb, attachments = $9::jsonb, required = $10::jsonb WHERE id = $1
            """,
            incidentId, version, closed is not null ? "closed" : known.IsWaiting ? "waiting" : "running",
            OrNull(closed?.ClosedAt.UtcDateTime), OrNull(closed?.Disposition), Json(known.Agencies), Json(known.Todos), Json(known.Links), Json(known.Attachments),
            OrNull(known.Required is null ? null : Json(known.Required)));
        IncidentPlace place = known.Facts.Place;
        batch.Add(
            """
            UPDATE dispatch.incident SET type = $2, priority = $3, complaint = $4, callback_number = $5, caller_name = $6,
                lon = $7, lat = $8, address = $9, detail = $10, read_back = $11, found_by = $12, caller_words = $13 WHERE id = $1
            """,
            incidentId, known.Facts.Type, known.Facts.Priority, known.Facts.Complaint, OrNull(known.Facts.CallbackNumber), OrNull(known.Facts.CallerName),
            place.Lon, place.Lat, place.Address, OrNull(place.Detail), place.ReadBack, OrNull(place.FoundBy), OrNull(place.CallerWords));
        foreach (Guid changed in events.Select(Touched).OfType<Guid>().Distinct())
        {
            Update(batch, incidentId, known.FindAssignment(changed)!, moved: events.Any(happened => Moves(happened, changed)));
        }

        OrderOutbox.Add(batch, incidentId, version, known, events);
    }

    /// <param name="moved">The unit goes on with this work or ends it; it may have other work since.</param>
    private static void Update(NpgsqlBatch batch, Guid incidentId, AssignmentState assignment, bool moved)
    {
        batch.Add(
            """
            INSERT INTO dispatch.assignment AS a (id, incident_id, unit_id, call_sign, status, since, active, expected_seconds,
                destination_id, destination_name, assigned_at, milestones)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, since = excluded.since, active = excluded.active,
                destination_id = excluded.destination_id, destination_name = excluded.destination_name, milestones = excluded.milestones
            """,
            assignment.Id, incidentId, assignment.UnitId, assignment.CallSign, assignment.Status.Text(), assignment.Since.UtcDateTime,
            assignment.IsActive, OrNull(assignment.ExpectedSeconds), OrNull(assignment.DestinationId),
            OrNull(assignment.DestinationName), assignment.AssignedAt.UtcDateTime, Json(assignment.Milestones));
        if (!moved)
        {
            return;
        }

        // Whatever the position proposed, the work went on.
        batch.Add("UPDATE dispatch.proposal SET state = 'obsolete' WHERE assignment_id = $1 AND state = 'open'", assignment.Id);
        if (!assignment.IsActive)
        {
            batch.Add("UPDATE dispatch.unit SET freed_at = $2 WHERE id = $1", assignment.UnitId, assignment.Since.UtcDateTime);
        }

        // To the scene and to hospital with lights and sirens; what such runs teach of the streets is kept apart.
        EmergencyRuns.Say(
            batch, "SELECT vehicle_id FROM dispatch.unit WHERE id = $1", assignment.UnitId,
            assignment is { IsActive: true, Status: AssignmentStatus.EnRoute or AssignmentStatus.LeftScene }, assignment.Since);
    }

    private static Guid? Touched(IncidentEvent happened) => happened switch
    {
        UnitAssigned assigned => assigned.AssignmentId,
        MilestoneRecorded step => step.AssignmentId,
        MilestoneCorrected step => step.AssignmentId,
        AssignmentCancelled cancelled => cancelled.AssignmentId,
        _ => null,
    };

    /// <summary>Not what is only said later of work that is over.</summary>
    private static bool Moves(IncidentEvent happened, Guid assignmentId) =>
        Touched(happened) == assignmentId && happened is not (MilestoneCorrected or MilestoneRecorded { Milestone: AssignmentStatus.BackAtStation });

    private static string Json<T>(T list) => JsonSerializer.Serialize(list, JsonSerializerOptions.Web);

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
