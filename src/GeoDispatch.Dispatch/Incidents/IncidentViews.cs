using System.Text.Json;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>A unit's work on an incident, as shown. <c>Since</c>: when it reached the status.</summary>
internal sealed record AssignmentView(
    Guid Id, Guid IncidentId, Guid UnitId, string CallSign, AssignmentStatus Status, bool Active, double? ExpectedSeconds,
    Guid? DestinationId, string? DestinationName, DateTimeOffset Since, DateTimeOffset AssignedAt);

/// <summary>A line of the desk's lists. Holds no telephone number.</summary>
internal record IncidentSummary(
    Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, IncidentPlace Place,
    DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Disposition, IReadOnlyList<AssignmentView> Assignments);

/// <summary>One event of the log, as shown. <c>At</c>: when it happened; <c>RecordedAt</c>: when we were told.</summary>
internal sealed record TimelineEntry(int Version, string Type, DateTimeOffset At, DateTimeOffset RecordedAt, string By, JsonElement Data);

/// <summary>All of an incident.</summary>
internal sealed record IncidentDetail(
    Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, IncidentPlace Place,
    DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Disposition, IReadOnlyList<AssignmentView> Assignments,
    string? CallbackNumber, string? CallerName, string OpenedBy, IReadOnlyList<TimelineEntry> Timeline)
    : IncidentSummary(Id, Number, Version, Status, Type, Priority, Complaint, Place, ReceivedAt, OpenedAt, ClosedAt, Disposition, Assignments);
