using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>A unit that is to go.</summary>
/// <param name="ExpectedSeconds">By road from where it is now; null where that is not known.</param>
/// <param name="Obstacle">Why it cannot go, as found under the lock of its row; null where it can.</param>
/// <param name="Recommended">What was recommended when it was chosen.</param>
internal sealed record UnitToSend(Guid AssignmentId, Guid UnitId, string CallSign, double? ExpectedSeconds, Problem? Obstacle, Recommended? Recommended = null);

/// <summary>What somebody wants to be done with an incident, already checked for form.</summary>
internal abstract record IncidentCommand
{
    internal sealed record Open(IncidentOpened Opening) : IncidentCommand;

    /// <summary>All of them or none.</summary>
    internal sealed record Assign(IReadOnlyList<UnitToSend> Units, IncidentRef? DivertedFrom = null) : IncidentCommand;

    /// <param name="At">When it happened; null for now.</param>
    internal sealed record RecordMilestone(
        Guid AssignmentId, AssignmentStatus Milestone, DateTimeOffset? At, Guid? DestinationId, string? DestinationName, MilestoneSource Source) : IncidentCommand;

    internal sealed record CancelAssignment(Guid AssignmentId, string Reason) : IncidentCommand;

    /// <summary>What the incident loses when its unit goes to another; <see cref="Assign"/> is the other half.</summary>
    internal sealed record Divert(Guid AssignmentId, IncidentRef To, string Reason) : IncidentCommand;

    internal sealed record Relieve(Guid AssignmentId, UnitToSend By, string Reason) : IncidentCommand;

    internal sealed record AddNote(string Text) : IncidentCommand;

    internal sealed record ChangePriority(int Priority) : IncidentCommand;

    /// <summary>From a module above: what it asks of the response besides the run card, in place of what it asked before.</summary>
    internal sealed record RequireCapabilities(Requirement Requirement) : IncidentCommand;

    internal sealed record ReadBack : IncidentCommand;

    /// <param name="Number">Masked.</param>
    internal sealed record JoinCall(Guid CallId, string? Number) : IncidentCommand;

    internal sealed record LeaveCall(Guid CallId) : IncidentCommand;

    internal sealed record Close(string Disposition, string? Note) : IncidentCommand;

    internal sealed record Reopen(string Reason) : IncidentCommand;

    internal sealed record InvolveAgency(string Agency) : IncidentCommand;

    internal sealed record ChangeAgencyStatus(string Agency, AgencyStatus Status, string? Words) : IncidentCommand;

    internal sealed record AddTodo(Guid TodoId, string Text, string? For) : IncidentCommand;

    internal sealed record DoTodo(Guid TodoId) : IncidentCommand;

    /// <summary>One side of a link; the other incident gets the same command.</summary>
    internal sealed record Link(IncidentRef Other, string Why) : IncidentCommand;

    internal sealed record Unlink(IncidentRef Other, string Why) : IncidentCommand;

    /// <summary>It tells of the same as another one: it ends, and what is done goes on there. The other one gets <see cref="Link"/>.</summary>
    internal sealed record MergeInto(IncidentRef Other, string Why) : IncidentCommand;

    internal sealed record Attach(AttachmentState File) : IncidentCommand;

    /// <summary>Says better what a line of the log said.</summary>
    internal abstract record Correct(string Why) : IncidentCommand;

    /// <param name="Version">Of the line that says what the note reads now.</param>
    internal sealed record CorrectNote(int Version, string Text, string Why) : Correct(Why);

    /// <param name="Version">Of the line that says when the milestone was reached.</param>
    internal sealed record CorrectMilestone(int Version, DateTimeOffset At, string Why) : Correct(Why);

    internal sealed record CorrectPlace(IncidentPlace Place, string Why) : Correct(Why);

    internal sealed record CorrectType(string Type, string Why) : Correct(Why);

    internal sealed record CorrectComplaint(string Complaint, string Why) : Correct(Why);

    internal sealed record CorrectCaller(string? CallbackNumber, string? CallerName, string Why) : Correct(Why);
}
