using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;
using static GeoDispatch.Dispatch.Incidents.IncidentState;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>What somebody wants to be done with an incident, already checked for form.</summary>
internal abstract record IncidentCommand
{
    internal sealed record Open(IncidentOpened Opening) : IncidentCommand;

    internal sealed record Assign(Guid AssignmentId, Guid UnitId, string CallSign, double? ExpectedSeconds) : IncidentCommand;

    /// <param name="At">When it happened; null for now.</param>
    internal sealed record RecordMilestone(
        Guid AssignmentId, AssignmentStatus Milestone, DateTimeOffset? At, Guid? DestinationId, string? DestinationName) : IncidentCommand;

    internal sealed record CancelAssignment(Guid AssignmentId, string Reason) : IncidentCommand;

    internal sealed record AddNote(string Text) : IncidentCommand;

    internal sealed record ChangePriority(int Priority) : IncidentCommand;

    internal sealed record ReadBack : IncidentCommand;

    /// <param name="Number">Masked.</param>
    internal sealed record JoinCall(Guid CallId, string? Number) : IncidentCommand;

    internal sealed record LeaveCall(Guid CallId) : IncidentCommand;

    internal sealed record Close(string Disposition, string? Note) : IncidentCommand;
}

/// <summary>Decides what a command does to an incident. Pure: the time comes in with the command.</summary>
internal static class IncidentDecider
{
    /// <summary>How far ahead of ours a crew's clock may be.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    internal static Decision<IncidentEvent> Decide(IncidentState state, IncidentCommand command, DateTimeOffset now) => (state, command) switch
    {
        (NotOpened, IncidentCommand.Open open) => open.Opening,
        (Open or Closed, IncidentCommand.AddNote note) => new NoteAdded(note.Text),
        // Of what is over may be heard again.
        (Open or Closed, IncidentCommand.JoinCall join) => new CallJoined(join.CallId, join.Number),
        (Open or Closed, IncidentCommand.LeaveCall leave) => new CallLeft(leave.CallId),
        (Open open, IncidentCommand.Assign assign) => open.Assignments.Any(a => a.IsActive && a.UnitId == assign.UnitId)
            ? DispatchProblems.UnitBusy(assign.CallSign, open.Number)
            : new UnitAssigned(assign.AssignmentId, assign.UnitId, assign.CallSign, assign.ExpectedSeconds),
        (Open open, IncidentCommand.RecordMilestone step) => open.FindAssignment(step.AssignmentId) is { } assignment
            ? RecordMilestone(assignment, step, now)
            : DispatchProblems.AssignmentUnknown(step.AssignmentId),
        (Open open, IncidentCommand.CancelAssignment cancel) => open.FindAssignment(cancel.AssignmentId) is { } assignment
            ? Cancel(assignment, cancel.Reason)
            : DispatchProblems.AssignmentUnknown(cancel.AssignmentId),
        (Open open, IncidentCommand.ChangePriority change) => open.Priority == change.Priority
            ? Decision<IncidentEvent>.Nothing
            : new PriorityChanged(open.Priority, change.Priority),
        (Open open, IncidentCommand.ReadBack) => open.ReadBack ? Decision<IncidentEvent>.Nothing : new AddressReadBack(),
        (Open open, IncidentCommand.Close close) => open.Assignments.Where(static a => a.IsActive).Select(static a => a.CallSign).ToArray() is { Length: > 0 } busy
            ? DispatchProblems.UnitsActive(open.Number, busy)
            : new IncidentClosed(close.Disposition, close.Note),
        (Closed closed, _) => DispatchProblems.Closed(closed.Last.Number),
        _ => DispatchProblems.IncidentUnknown,
    };

    /// <summary>What may be recorded after what. Without transport a unit is free again from the scene.</summary>
    internal static bool MayFollow(AssignmentStatus before, AssignmentStatus milestone) => (before, milestone) switch
    {
        (Notified, Acknowledged) => true,
        (Notified or Acknowledged, EnRoute) => true,
        (EnRoute, OnScene) => true,
        (OnScene, AtPatient) => true,
        (OnScene or AtPatient, LeftScene) => true,
        (LeftScene, AtDestination) => true,
        (AtDestination, HandedOver) => true,
        (OnScene or AtPatient or HandedOver, Available) => true,
        _ => false,
    };

    private static Decision<IncidentEvent> RecordMilestone(AssignmentState assignment, IncidentCommand.RecordMilestone step, DateTimeOffset now)
    {
        if (!MayFollow(assignment.Status, step.Milestone))
        {
            return DispatchProblems.OutOfOrder(assignment.CallSign, assignment.Status, step.Milestone);
        }

        if (step is { Milestone: LeftScene, DestinationId: null })
        {
            return DispatchProblems.DestinationMissing;
        }

        DateTimeOffset at = step.At ?? (now > assignment.Since ? now : assignment.Since);
        if (at > now + ClockTolerance)
        {
            return DispatchProblems.MilestoneFromFuture(at, now);
        }

        return at < assignment.Since
            ? DispatchProblems.MilestoneTooEarly(at, assignment.Since)
            : new MilestoneRecorded(
                assignment.Id, assignment.UnitId, assignment.CallSign, step.Milestone, at, step.DestinationId, step.DestinationName);
    }

    private static Decision<IncidentEvent> Cancel(AssignmentState assignment, string reason) => assignment.Status switch
    {
        Notified or Acknowledged => new AssignmentCancelled(assignment.Id, assignment.UnitId, assignment.CallSign, "recalled", reason),
        EnRoute or OnScene or AtPatient => new AssignmentCancelled(assignment.Id, assignment.UnitId, assignment.CallSign, "emptyRun", reason),
        LeftScene or AtDestination or HandedOver => DispatchProblems.WithPatient(assignment.CallSign),
        _ => DispatchProblems.AssignmentEnded(assignment.CallSign),
    };
}
