using GeoDispatch.Dispatch.Orders;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// A unit's work on an incident, as shown. <c>Since</c>: when it reached the status; <c>Milestones</c>: what it reached, in their order, each with the
/// version of the line that says when, by which that is corrected; <c>Deliveries</c>: how far its orders have come, oldest first.
/// </summary>
internal sealed record AssignmentView(
    Guid Id, Guid IncidentId, Guid UnitId, string CallSign, AssignmentStatus Status, bool Active, double? ExpectedSeconds,
    Guid? DestinationId, string? DestinationName, DateTimeOffset Since, DateTimeOffset AssignedAt, IReadOnlyList<MilestoneState> Milestones,
    MilestoneProposal? Proposal, IReadOnlyList<OrderDelivery> Deliveries);

/// <summary>A milestone that the unit's position speaks for, to be confirmed or dismissed.</summary>
internal sealed record MilestoneProposal(Guid Id, AssignmentStatus Milestone, DateTimeOffset At);

/// <summary>A line of the desk's lists. Holds no telephone number.</summary>
internal record IncidentSummary(
    Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, IncidentPlace Place,
    DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Disposition, IReadOnlyList<AssignmentView> Assignments,
    IReadOnlyList<AgencyState> Agencies)
    : IStreamView;

/// <summary>A call that the incident was opened from, or that was merged into it. <c>Number</c>: masked.</summary>
internal sealed record JoinedCall(Guid Id, string? Number, string Result, DateTimeOffset ReceivedAt);

/// <summary>All of an incident. <c>Required</c>: what its triage asks of the response; null where nothing was asked.</summary>
internal sealed record IncidentDetail(
    Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, IncidentPlace Place,
    DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Disposition, IReadOnlyList<AssignmentView> Assignments,
    IReadOnlyList<AgencyState> Agencies, IReadOnlyList<TodoState> Todos, IReadOnlyList<IncidentRef> Links, IReadOnlyList<AttachmentState> Attachments,
    Requirement? Required, string? CallbackNumber, string? CallerName, string OpenedBy, IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<JoinedCall> Calls)
    : IncidentSummary(
        Id, Number, Version, Status, Type, Priority, Complaint, Place, ReceivedAt, OpenedAt, ClosedAt, Disposition, Assignments, Agencies);
