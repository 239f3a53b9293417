using System.Text.Json;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// A unit's work on an incident, as shown. <c>Since</c>: when it reached the status; <c>Milestones</c>: what it reached, in their order, each with the
/// version of the line that says when, by which that is corrected.
/// </summary>
internal sealed record AssignmentView(
    Guid Id, Guid IncidentId, Guid UnitId, string CallSign, AssignmentStatus Status, bool Active, double? ExpectedSeconds,
    Guid? DestinationId, string? DestinationName, DateTimeOffset Since, DateTimeOffset AssignedAt, IReadOnlyList<MilestoneState> Milestones);

/// <summary>A line of the desk's lists. Holds no telephone number.</summary>
internal record IncidentSummary(
    Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, IncidentPlace Place,
    DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Disposition, IReadOnlyList<AssignmentView> Assignments,
    IReadOnlyList<AgencyState> Agencies);

/// <summary>One event of the log, as shown.</summary>
/// <param name="At">When it happened.</param>
/// <param name="RecordedAt">When we were told.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="Source">Who says so: see <see cref="TimelineSource"/>; null in logs of before.</param>
/// <param name="CorrectedBy">Versions of the lines that correct this one, which stays as it was written.</param>
internal sealed record TimelineEntry(
    int Version, string Type, DateTimeOffset At, DateTimeOffset RecordedAt, string By, string? Source, IReadOnlyList<int> CorrectedBy, JsonElement Data);

/// <summary>All of an incident.</summary>
internal sealed record IncidentDetail(
    Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, IncidentPlace Place,
    DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Disposition, IReadOnlyList<AssignmentView> Assignments,
    IReadOnlyList<AgencyState> Agencies, IReadOnlyList<TodoState> Todos, IReadOnlyList<IncidentRef> Links, IReadOnlyList<AttachmentState> Attachments,
    string? CallbackNumber, string? CallerName, string OpenedBy, IReadOnlyList<TimelineEntry> Timeline)
    : IncidentSummary(
        Id, Number, Version, Status, Type, Priority, Complaint, Place, ReceivedAt, OpenedAt, ClosedAt, Disposition, Assignments, Agencies);
