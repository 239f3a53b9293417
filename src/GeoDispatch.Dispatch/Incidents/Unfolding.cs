using System.Collections.Immutable;
using static GeoDispatch.Dispatch.Incidents.IncidentState;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>What one more event makes of an incident that was opened. Never refuses.</summary>
internal static class Unfolding
{
    /// <param name="open">Its version is that of the event already.</param>
    /// <param name="recordedAt">When the event was written.</param>
    internal static Open Apply(Open open, IncidentEvent happened, DateTimeOffset recordedAt) => happened switch
    {
        UnitAssigned sent => open with
        {
            Assignments = open.Assignments.Add(new AssignmentState(
                sent.AssignmentId, sent.UnitId, sent.CallSign, AssignmentStatus.Notified, recordedAt, recordedAt, sent.ExpectedSeconds, null, null, [])),
        },
        MilestoneRecorded step => Change(open, step.AssignmentId, assignment => assignment with
        {
            Status = step.Milestone,
            Since = step.At,
            DestinationId = step.DestinationId ?? assignment.DestinationId,
            DestinationName = step.DestinationName ?? assignment.DestinationName,
            Milestones = assignment.Milestones.Add(new MilestoneState(open.Version, step.Milestone, step.At, step.Source)),
        }),
        AssignmentCancelled ended => Change(open, ended.AssignmentId, assignment => assignment with { Status = AssignmentStatus.Cancelled, Since = recordedAt }),
        NoteAdded note => open with { Notes = open.Notes.Add(new NoteState(open.Version, note.Text)) },
        PriorityChanged change => open with { Facts = open.Facts with { Priority = change.To } },
        CapabilitiesRequired asked => open with { Required = asked.Requirement },
        AddressReadBack => open with { Facts = open.Facts with { Place = open.Facts.Place with { ReadBack = true } } },
        AgencyInvolved involved => open with { Agencies = open.Agencies.Add(new AgencyState(involved.Agency, AgencyStatus.Notified, null, recordedAt)) },
        AgencyStatusChanged said => open with
        {
            Agencies = [.. open.Agencies.Select(known => known.Agency == said.Agency ? new AgencyState(said.Agency, said.Status, said.Words, recordedAt) : known)],
        },
        TodoAdded todo => open with { Todos = open.Todos.Add(new TodoState(todo.TodoId, todo.Text, todo.For, false)) },
        TodoDone done => open with { Todos = [.. open.Todos.Select(todo => todo.Id == done.TodoId ? todo with { Done = true } : todo)] },
        IncidentLinked link => open with { Links = open.Links.Add(link.Other) },
        IncidentUnlinked link => open with { Links = open.Links.RemoveAll(other => other.Id == link.Other.Id) },
        AttachmentAdded file => open with { Attachments = open.Attachments.Add(new AttachmentState(file.AttachmentId, file.Name, file.MediaType, file.Bytes, file.Sha256)) },
        Correction correction => Correct(open, correction),
        _ => open,
    };

    private static Open Correct(Open open, Correction correction) => correction switch
    {
        NoteCorrected note => open with
        {
            Notes = [.. open.Notes.Select(known => known.Version == note.Corrects ? new NoteState(open.Version, note.Text) : known)],
        },
        MilestoneCorrected step => Change(open, step.AssignmentId, assignment => Correct(assignment, step, open.Version)),
        PlaceCorrected place => open with { Facts = open.Facts with { Place = place.Place }, Lines = open.Lines with { Place = open.Version } },
        TypeCorrected type => open with { Facts = open.Facts with { Type = type.To }, Lines = open.Lines with { Type = open.Version } },
        ComplaintCorrected complaint => open with
        {
            Facts = open.Facts with { Complaint = complaint.Complaint },
            Lines = open.Lines with { Complaint = open.Version },
        },
        CallerCorrected caller => open with
        {
            Facts = open.Facts with { CallbackNumber = caller.CallbackNumber, CallerName = caller.CallerName },
            Lines = open.Lines with { Caller = open.Version },
        },
        _ => open,
    };

    private static AssignmentState Correct(AssignmentState assignment, MilestoneCorrected step, int version)
    {
        ImmutableArray<MilestoneState> milestones =
            [.. assignment.Milestones.Select(known => known.Version == step.Corrects ? known with { Version = version, At = step.MilestoneAt } : known)];
        return assignment with { Milestones = milestones, Since = assignment.Status == step.Milestone ? step.MilestoneAt : assignment.Since };
    }

    private static Open Change(Open open, Guid assignmentId, Func<AssignmentState, AssignmentState> change) => open with
    {
        Assignments = [.. open.Assignments.Select(assignment => assignment.Id == assignmentId ? change(assignment) : assignment)],
    };
}
