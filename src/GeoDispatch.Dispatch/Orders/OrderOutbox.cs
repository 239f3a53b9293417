using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using Npgsql;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>How far an order has come on one way to its unit.</summary>
/// <param name="Channel"><c>terminal</c>: the text on the screen of its vehicle's own terminal; <c>station</c>: the screen of its station.</param>
/// <param name="Kind"><c>order</c>; why it ended: <c>recalled</c>, <c>emptyRun</c>, <c>diverted</c>, <c>relieved</c>; or <c>placeCorrected</c>.</param>
/// <param name="CreatedAt">When the desk decided it.</param>
/// <param name="SentAt">When it went out last to the terminal, or first stood on the station's screen; null while it has not.</param>
/// <param name="ReceiptAt">When the terminal said that it has it, or somebody at the station that they have read it.</param>
/// <param name="ReceiptBy">Who at the station said so; null for a terminal.</param>
/// <param name="Failed"><c>noTerminal</c>, <c>failed</c> (the terminal said so), <c>expired</c> without a receipt; null where it did not.</param>
internal sealed record OrderDelivery(
    string Channel, string Kind, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? ReceiptAt, string? ReceiptBy, string? Failed)
{
    /// <summary>Those of the <c>assignment</c> of the query around it, as JSON, oldest first.</summary>
    internal const string ListSql = """
        (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'channel', channel, 'kind', d.kind, 'createdAt', created_at, 'sentAt', sent_at, 'receiptAt', receipt_at, 'receiptBy', receipt_by,
            'failed', failed) ORDER BY ordinal), '[]')
        FROM dispatch.order_delivery d WHERE d.assignment_id = assignment.id)
        """;
}

/// <summary>What is to be told to vehicles and stations, written in the transaction of the event that says it: no crash loses an order.</summary>
internal static class OrderOutbox
{
    /// <summary>
    /// Adds what an event tells the unit that it sends or calls off, and what a correction of the place tells every unit at work: a row for
    /// the vehicle, and one for its station where that has a screen.
    /// </summary>
    /// <param name="version">Of the last event.</param>
    /// <param name="known">The incident after the events.</param>
    internal static void Add(NpgsqlBatch batch, Guid incidentId, int version, IncidentState.Open known, IReadOnlyList<IncidentEvent> events)
    {
        for (int index = 0; index < events.Count; index++)
        {
            int line = version - events.Count + 1 + index;
            foreach ((Guid assignmentId, string kind) in Tells(events[index], known))
            {
                batch.Add(
                    """
                    INSERT INTO dispatch.order_delivery (id, assignment_id, channel, kind, created_at)
                    SELECT id, $1, channel, $2, recorded_at
                    FROM dispatch.incident_event, (VALUES ($3::uuid, 'terminal'), ($4::uuid, 'station')) AS way (id, channel)
                    WHERE incident_id = $5 AND version = $6 AND (channel = 'terminal' OR EXISTS (
                        SELECT FROM dispatch.assignment a JOIN dispatch.unit ON unit.id = unit_id JOIN dispatch.station_screen USING (station_id) WHERE a.id = $1))
                    ORDER BY channel
                    """,
                    assignmentId, kind, Id(assignmentId, line, "terminal"), Id(assignmentId, line, "station"), incidentId, line);
            }
        }
    }

    private static IEnumerable<(Guid AssignmentId, string Kind)> Tells(IncidentEvent happened, IncidentState.Open known) => happened switch
    {
        UnitAssigned sent => [(sent.AssignmentId, "order")],
        AssignmentCancelled ended => [(ended.AssignmentId, ended.Kind)],
        PlaceCorrected => known.Assignments.Where(static work => work.IsActive).Select(static work => (work.Id, "placeCorrected")),
        _ => [],
    };

    /// <summary>The same line of the log is the same message.</summary>
    private static Guid Id(Guid assignmentId, int line, string channel) =>
        DerivedId.Of("order", assignmentId.ToString("D"), line.ToString(CultureInfo.InvariantCulture), channel);
}
