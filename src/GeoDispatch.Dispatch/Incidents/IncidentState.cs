using System.Collections.Immutable;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>One unit's work on the incident.</summary>
/// <param name="Since">When it reached this status.</param>
internal sealed record AssignmentState(
    Guid Id, Guid UnitId, string CallSign, AssignmentStatus Status, DateTimeOffset Since, DateTimeOffset AssignedAt,
    double? ExpectedSeconds, Guid? DestinationId, string? DestinationName)
{
    /// <summary>The unit is bound by it.</summary>
    internal bool IsActive => Status is not (AssignmentStatus.Available or AssignmentStatus.Cancelled);
}

/// <summary>An incident as its events made it. <see cref="Apply"/> never refuses: what stands in the log has happened.</summary>
internal abstract record IncidentState
{
    private IncidentState()
    {
    }

    internal static readonly IncidentState None = new NotOpened();

    internal sealed record NotOpened : IncidentState;

    internal sealed record Open(
        string Number, int Priority, bool ReadBack, DateTimeOffset OpenedAt, ImmutableArray<AssignmentState> Assignments) : IncidentState
    {
        internal AssignmentState? FindAssignment(Guid id) => Assignments.FirstOrDefault(assignment => assignment.Id == id);

        /// <summary>Waiting until a unit works on it or has.</summary>
        internal bool IsWaiting => Assignments.All(static assignment => assignment.Status == AssignmentStatus.Cancelled);
    }

    /// <param name="Last">As it stood when it was closed.</param>
    internal sealed record Closed(Open Last, DateTimeOffset ClosedAt, string Disposition) : IncidentState;

    /// <summary>The state after one more event.</summary>
    /// <param name="recordedAt">When the event was written.</param>
    internal IncidentState Apply(IncidentEvent happened, DateTimeOffset recordedAt) => (this, happened) switch
    {
        (NotOpened, IncidentOpened opened) => new Open(opened.Number, opened.Priority, opened.Place.ReadBack, recordedAt, []),
        (Open open, UnitAssigned sent) => open with
        {
            Assignments = open.Assignments.Add(new AssignmentState(
                sent.AssignmentId, sent.UnitId, sent.CallSign, AssignmentStatus.Notified, recordedAt, recordedAt, sent.ExpectedSeconds, null, null)),
        },
        (Open open, MilestoneRecorded step) => Change(open, step.AssignmentId, assignment => assignment with
        {
            Status = step.Milestone,
            Since = step.At,
            DestinationId = step.DestinationId ?? assignment.DestinationId,
            DestinationName = step.DestinationName ?? assignment.DestinationName,
        }),
        (Open open, AssignmentCancelled ended) => Change(open, ended.AssignmentId, assignment => assignment with
        {
            Status = AssignmentStatus.Cancelled,
            Since = recordedAt,
        }),
        (Open open, PriorityChanged change) => open with { Priority = change.To },
        (Open open, AddressReadBack) => open with { ReadBack = true },
        (Open open, IncidentClosed end) => new Closed(open, recordedAt, end.Disposition),
        _ => this,
    };

    private static Open Change(Open open, Guid assignmentId, Func<AssignmentState, AssignmentState> change) => open with
    {
        Assignments = [.. open.Assignments.Select(assignment => assignment.Id == assignmentId ? change(assignment) : assignment)],
    };
}
