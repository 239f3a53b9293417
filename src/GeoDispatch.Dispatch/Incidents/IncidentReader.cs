using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Orders;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>Reads incidents as they are shown, each answer in one round trip.</summary>
internal static class IncidentReader
{
    private sealed record Row(
        Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, double Lon, double Lat,
        string Address, string? Detail, bool ReadBack, string? FoundBy, string? CallerWords, DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, string OpenedBy, DateTimeOffset? ClosedAt,
        string? Disposition, string? CallbackNumber, string? CallerName, string Agencies, string Todos, string Links, string Attachments, string? Required);

    private sealed record AssignmentRow(
        Guid Id, Guid IncidentId, Guid UnitId, string CallSign, AssignmentStatus Status, bool Active, double? ExpectedSeconds,
        Guid? DestinationId, string? DestinationName, DateTimeOffset Since, DateTimeOffset AssignedAt, string Milestones, string Deliveries,
        Guid? ProposalId, AssignmentStatus? Proposed, DateTimeOffset? ProposedAt);

    private sealed record CallRow(Guid Id, string? Number, string Result, DateTimeOffset ReceivedAt);

    /// <summary>Every open incident, and those that were closed after <paramref name="closedAfter"/>; oldest first.</summary>
    internal static async Task<IReadOnlyList<IncidentSummary>> ListAsync(
        Databases databases, DateTimeOffset closedAfter, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            {SelectIncident} WHERE status <> 'closed' OR closed_at > @closedAfter ORDER BY opened_at, id;
            {SelectAssignment} WHERE incident_id IN (SELECT id FROM dispatch.incident WHERE status <> 'closed' OR closed_at > @closedAfter)
            ORDER BY assigned_at, assignment.id
            """,
            new { closedAfter },
            cancellationToken: cancellation));
        IEnumerable<Row> rows = await answers.ReadAsync<Row>();
        ILookup<Guid, AssignmentView> assignments = (await answers.ReadAsync<AssignmentRow>()).Select(View).ToLookup(view => view.IncidentId);
        return [.. rows.Select(row => Summary(row, [.. assignments[row.Id]]))];
    }

    /// <summary>All of one incident; null where there is none.</summary>
    internal static async Task<IncidentDetail?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            {SelectIncident} WHERE id = @id;
            {SelectAssignment} WHERE incident_id = @id ORDER BY assigned_at, assignment.id;
            {Timeline.Select("incident")};
            SELECT id, number, result, received_at AS ReceivedAt FROM dispatch.call WHERE incident_id = @id ORDER BY received_at, id
            """,
            new { id },
            cancellationToken: cancellation));
        if (await answers.ReadSingleOrDefaultAsync<Row>() is not { } row)
        {
            return null;
        }

        IncidentSummary summary = Summary(row, [.. (await answers.ReadAsync<AssignmentRow>()).Select(View)]);
        return new IncidentDetail(
            summary.Id, summary.Number, summary.Version, summary.Status, summary.Type, summary.Priority, summary.Complaint, summary.Place,
            summary.ReceivedAt, summary.OpenedAt, summary.ClosedAt, summary.Disposition, summary.Assignments,
            summary.Agencies, List<TodoState>(row.Todos), List<IncidentRef>(row.Links), List<AttachmentState>(row.Attachments),
            row.Required is null ? null : JsonSerializer.Deserialize<Requirement>(row.Required, JsonSerializerOptions.Web),
            row.CallbackNumber, row.CallerName, row.OpenedBy, IncidentTimeline.Of(await answers.ReadAsync<Timeline.Row>()),
            [.. (await answers.ReadAsync<CallRow>()).Select(static call => new JoinedCall(call.Id, PhoneNumber.Mask(call.Number), call.Result, call.ReceivedAt))]);
    }

    private static IncidentSummary Summary(Row row, IReadOnlyList<AssignmentView> assignments) => new(
        row.Id, row.Number, row.Version, row.Status, row.Type, row.Priority, row.Complaint,
        new IncidentPlace(row.Lon, row.Lat, row.Address, row.Detail, row.ReadBack, row.FoundBy, row.CallerWords),
        row.ReceivedAt, row.OpenedAt, row.ClosedAt, row.Disposition, assignments, List<AgencyState>(row.Agencies));

    private static AssignmentView View(AssignmentRow row) => new(
        row.Id, row.IncidentId, row.UnitId, row.CallSign, row.Status, row.Active, row.ExpectedSeconds, row.DestinationId, row.DestinationName,
        row.Since, row.AssignedAt, List<MilestoneState>(row.Milestones),
        row.ProposalId is { } proposal ? new MilestoneProposal(proposal, row.Proposed!.Value, row.ProposedAt!.Value) : null,
        List<OrderDelivery>(row.Deliveries));

    private static T[] List<T>(string json) => JsonSerializer.Deserialize<T[]>(json, JsonSerializerOptions.Web)!;

    private const string SelectIncident = """
        SELECT id, number, version, status, type, priority, complaint, lon, lat, address, detail, read_back AS ReadBack,
               found_by AS FoundBy, caller_words AS CallerWords,
               received_at AS ReceivedAt, opened_at AS OpenedAt, opened_by AS OpenedBy, closed_at AS ClosedAt, disposition,
               callback_number AS CallbackNumber, caller_name AS CallerName,
               agencies::text AS Agencies, todos::text AS Todos, links::text AS Links, attachments::text AS Attachments, required::text AS Required
        FROM dispatch.incident
        """;

    private const string SelectAssignment = $"""
        SELECT assignment.id, incident_id AS IncidentId, unit_id AS UnitId, call_sign AS CallSign, status, active, expected_seconds AS ExpectedSeconds,
               destination_id AS DestinationId, destination_name AS DestinationName, since, assigned_at AS AssignedAt,
               milestones::text AS Milestones, {OrderDelivery.ListSql}::text AS Deliveries, proposal.id AS ProposalId, milestone AS Proposed, at AS ProposedAt
        FROM dispatch.assignment LEFT JOIN dispatch.proposal ON assignment_id = assignment.id AND state = 'open'
        """;
}
