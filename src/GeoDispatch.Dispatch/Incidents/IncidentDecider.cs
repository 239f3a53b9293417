using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Incidents.IncidentState;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>Decides what a command does to an incident. Pure: the time comes in with the command.</summary>
internal static class IncidentDecider
{
    /// <summary>More files than that are a folder elsewhere.</summary>
    internal const int MostAttachments = 20;

    internal static Decision<IncidentEvent> Decide(IncidentState state, IncidentCommand command, DateTimeOffset now) => (state, command) switch
    {
        (NotOpened, IncidentCommand.Open open) => open.Opening,
        (NotOpened, _) => DispatchProblems.IncidentUnknown,

        // What may be said when the work is over, too.
        (_, IncidentCommand.AddNote note) => new NoteAdded(note.Text),
        (_, IncidentCommand.JoinCall join) => new CallJoined(join.CallId, join.Number),
        (_, IncidentCommand.LeaveCall leave) => new CallLeft(leave.CallId),
        (_, IncidentCommand.Correct correct) => Corrections.Decide(state.Known, correct, now),
        (_, IncidentCommand.Link link) => state.Known.Links.Any(other => other.Id == link.Other.Id)
            ? Decision<IncidentEvent>.Nothing
            : new IncidentLinked(link.Other, link.Why),
        (_, IncidentCommand.Unlink link) => state.Known.Links.Any(other => other.Id == link.Other.Id)
            ? new IncidentUnlinked(link.Other, link.Why)
            : Decision<IncidentEvent>.Nothing,
        (_, IncidentCommand.Attach attach) => state.Known.Attachments.Length >= MostAttachments
            ? DispatchProblems.TooManyAttachments(state.Known.Number)
            : new AttachmentAdded(attach.File.Id, attach.File.Name, attach.File.MediaType, attach.File.Bytes, attach.File.Sha256),

        (Closed, IncidentCommand.Reopen reopen) => new IncidentReopened(reopen.Reason),
        (Closed closed, _) => DispatchProblems.Closed(closed.Last.Number),

        (Open, IncidentCommand.Reopen) => Decision<IncidentEvent>.Nothing,
        (Open open, IncidentCommand.Assign assign) => AssignmentDecider.Assign(open, assign),
        (Open open, IncidentCommand.RecordMilestone step) => open.FindAssignment(step.AssignmentId) is { } assignment
            ? AssignmentDecider.RecordMilestone(assignment, step, now)
            : DispatchProblems.AssignmentUnknown(step.AssignmentId),
        (Open open, IncidentCommand.CancelAssignment cancel) => open.FindAssignment(cancel.AssignmentId) is { } assignment
            ? AssignmentDecider.Cancel(assignment, cancel.Reason)
            : DispatchProblems.AssignmentUnknown(cancel.AssignmentId),
        (Open open, IncidentCommand.Divert divert) => open.FindAssignment(divert.AssignmentId) is { } assignment
            ? AssignmentDecider.Divert(assignment, divert, now)
            : DispatchProblems.AssignmentUnknown(divert.AssignmentId),
        (Open open, IncidentCommand.Relieve relieve) => open.FindAssignment(relieve.AssignmentId) is { } assignment
            ? AssignmentDecider.Relieve(open, assignment, relieve)
            : DispatchProblems.AssignmentUnknown(relieve.AssignmentId),
        (Open open, IncidentCommand.ChangePriority change) => open.Facts.Priority == change.Priority
            ? Decision<IncidentEvent>.Nothing
            : new PriorityChanged(open.Facts.Priority, change.Priority),
        (Open open, IncidentCommand.RequireCapabilities require) => open.Required?.Says(require.Requirement) == true
            ? Decision<IncidentEvent>.Nothing
            : new CapabilitiesRequired(require.Requirement),
        (Open open, IncidentCommand.ReadBack) => open.Facts.Place.ReadBack ? Decision<IncidentEvent>.Nothing : new AddressReadBack(),
        (Open open, IncidentCommand.InvolveAgency involve) => open.Agencies.Any(known => known.Agency == involve.Agency)
            ? Decision<IncidentEvent>.Nothing
            : new AgencyInvolved(involve.Agency),
        (Open open, IncidentCommand.ChangeAgencyStatus said) => open.Agencies.FirstOrDefault(known => known.Agency == said.Agency) switch
        {
            null => DispatchProblems.AgencyNotInvolved(said.Agency, open.Number),
            var known when known.Status == said.Status && known.Words == said.Words => Decision<IncidentEvent>.Nothing,
            _ => new AgencyStatusChanged(said.Agency, said.Status, said.Words),
        },
        (Open, IncidentCommand.AddTodo todo) => new TodoAdded(todo.TodoId, todo.Text, todo.For),
        (Open open, IncidentCommand.DoTodo done) => open.Todos.FirstOrDefault(known => known.Id == done.TodoId) switch
        {
            null => DispatchProblems.TodoUnknown(done.TodoId),
            { Done: true } => Decision<IncidentEvent>.Nothing,
            var todo => new TodoDone(todo.Id, todo.Text),
        },
        (Open open, IncidentCommand.Close close) => End(open, new IncidentClosed(close.Disposition, close.Note)),
        (Open open, IncidentCommand.MergeInto merge) => End(open, new IncidentClosed(FixedCodes.Duplicate, merge.Other.Number), merge),
        _ => throw new InvalidOperationException($"Nobody decides {command.GetType().Name} on {state.GetType().Name}."),
    };

    /// <summary>An incident ends when no unit works on it.</summary>
    private static Decision<IncidentEvent> End(Open open, IncidentClosed end, IncidentCommand.MergeInto? merge = null)
    {
        string[] busy = [.. open.Assignments.Where(static assignment => assignment.IsActive).Select(static assignment => assignment.CallSign)];
        return busy.Length > 0 ? DispatchProblems.UnitsActive(open.Number, busy)
            : merge is null || open.Links.Any(other => other.Id == merge.Other.Id) ? end
            : new Decision<IncidentEvent>([new IncidentLinked(merge.Other, merge.Why), end], null);
    }
}
