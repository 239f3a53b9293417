using System.Collections.Immutable;
using GeoDispatch.Dispatch.RunCards;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>A milestone that was reached.</summary>
/// <param name="Version">Of the line that says when, which is the correction where there is one.</param>
internal sealed record MilestoneState(int Version, AssignmentStatus Milestone, DateTimeOffset At, MilestoneSource? Source);

/// <summary>One unit's work on the incident.</summary>
/// <param name="Since">When it reached this status.</param>
internal sealed record AssignmentState(
    Guid Id, Guid UnitId, string CallSign, AssignmentStatus Status, DateTimeOffset Since, DateTimeOffset AssignedAt,
    double? ExpectedSeconds, Guid? DestinationId, string? DestinationName, ImmutableArray<MilestoneState> Milestones)
{
    /// <summary>The unit is bound by it.</summary>
    internal bool IsActive => Status is not (AssignmentStatus.Available or AssignmentStatus.BackAtStation or AssignmentStatus.Cancelled);
}

/// <summary>What another agency does; <c>Since</c> is when we were told.</summary>
internal sealed record AgencyState(string Agency, AgencyStatus Status, string? Words, DateTimeOffset Since);

/// <summary>Something to be done beside the units' work.</summary>
internal sealed record TodoState(Guid Id, string Text, string? For, bool Done);

/// <summary>A file that belongs to the incident.</summary>
internal sealed record AttachmentState(Guid Id, string Name, string MediaType, int Bytes, string Sha256);

/// <summary>A note as it reads now.</summary>
/// <param name="Version">Of the line that says so, which is the correction where there is one.</param>
internal sealed record NoteState(int Version, string Text);

/// <summary>What was said of the incident itself.</summary>
internal sealed record IncidentFacts(
    string Number, string Type, int Priority, string Complaint, string? CallbackNumber, string? CallerName, IncidentPlace Place);

/// <summary>The versions of the lines that say the facts: the opening until it is corrected.</summary>
internal sealed record FactLines(int Place, int Type, int Complaint, int Caller);

/// <summary>An incident as its events made it. <see cref="Apply"/> never refuses: what stands in the log has happened.</summary>
internal abstract record IncidentState
{
    private IncidentState()
    {
    }

    internal static readonly IncidentState None = new NotOpened();

    internal sealed record NotOpened : IncidentState;

    /// <param name="Version">Of the last event.</param>
    internal sealed record Open(int Version, IncidentFacts Facts, FactLines Lines, DateTimeOffset OpenedAt) : IncidentState
    {
        internal ImmutableArray<AssignmentState> Assignments { get; init; } = [];

        internal ImmutableArray<AgencyState> Agencies { get; init; } = [];

        internal ImmutableArray<TodoState> Todos { get; init; } = [];

        internal ImmutableArray<IncidentRef> Links { get; init; } = [];

        internal ImmutableArray<AttachmentState> Attachments { get; init; } = [];

        internal ImmutableArray<NoteState> Notes { get; init; } = [];

        /// <summary>What its triage asks of the response; null where nothing was asked.</summary>
        internal Requirement? Required { get; init; }

        internal string Number => Facts.Number;

        internal AssignmentState? FindAssignment(Guid id) => Assignments.FirstOrDefault(assignment => assignment.Id == id);

        /// <summary>Waiting until a unit works on it or has.</summary>
        internal bool IsWaiting => Assignments.All(static assignment => assignment.Status == AssignmentStatus.Cancelled);
    }

    /// <param name="Last">As it stood when it was closed, and what was said of it since.</param>
    internal sealed record Closed(Open Last, DateTimeOffset ClosedAt, string Disposition) : IncidentState;

    /// <summary>All that is known of it, whether open or closed.</summary>
    /// <exception cref="InvalidOperationException">It was never opened.</exception>
    internal Open Known => this switch
    {
        Open open => open,
        Closed closed => closed.Last,
        _ => throw new InvalidOperationException("An incident that has events has been opened."),
    };

    /// <summary>The state after one more event.</summary>
    /// <param name="recordedAt">When the event was written.</param>
    internal IncidentState Apply(IncidentEvent happened, DateTimeOffset recordedAt) => (this, happened) switch
    {
        (NotOpened, IncidentOpened opened) => new Open(
            1, new IncidentFacts(opened.Number, opened.Type, opened.Priority, opened.Complaint, opened.CallbackNumber, opened.CallerName, opened.Place),
            new FactLines(1, 1, 1, 1), recordedAt)
        {
            Agencies = [.. (opened.Agencies ?? []).Select(agency => new AgencyState(agency, AgencyStatus.Notified, null, recordedAt))],
        },
        (NotOpened, _) => this,
        (Open open, IncidentClosed end) => new Closed(open with { Version = open.Version + 1 }, recordedAt, end.Disposition),
        (Closed closed, IncidentReopened) => closed.Last with { Version = closed.Last.Version + 1 },
        (Closed closed, _) => closed with { Last = Unfolding.Apply(closed.Last with { Version = closed.Last.Version + 1 }, happened, recordedAt) },
        _ => Unfolding.Apply(Known with { Version = Known.Version + 1 }, happened, recordedAt),
    };
}
