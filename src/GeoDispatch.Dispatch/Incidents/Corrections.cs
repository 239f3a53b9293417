using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>Decides corrections: which line each corrects, and whether the milestones keep their order. Pure.</summary>
internal static class Corrections
{
    internal static Decision<IncidentEvent> Decide(IncidentState.Open known, IncidentCommand.Correct command, DateTimeOffset now) => command switch
    {
        IncidentCommand.CorrectNote note => known.Notes.FirstOrDefault(line => line.Version == note.Version) switch
        {
            null => DispatchProblems.NothingToCorrect("note.version", note.Version, known.Notes.Select(static line => line.Version)),
            var line when line.Text == note.Text => Decision<IncidentEvent>.Nothing,
            _ => new NoteCorrected(note.Version, note.Why, note.Text),
        },
        IncidentCommand.CorrectMilestone step => Milestone(known, step, now),
        IncidentCommand.CorrectPlace place => known.Facts.Place == place.Place
            ? Decision<IncidentEvent>.Nothing
            : new PlaceCorrected(known.Lines.Place, place.Why, place.Place),
        IncidentCommand.CorrectType type => known.Facts.Type == type.Type
            ? Decision<IncidentEvent>.Nothing
            : new TypeCorrected(known.Lines.Type, type.Why, known.Facts.Type, type.Type),
        IncidentCommand.CorrectComplaint complaint => known.Facts.Complaint == complaint.Complaint
            ? Decision<IncidentEvent>.Nothing
            : new ComplaintCorrected(known.Lines.Complaint, complaint.Why, complaint.Complaint),
        IncidentCommand.CorrectCaller caller => (known.Facts.CallbackNumber, known.Facts.CallerName) == (caller.CallbackNumber, caller.CallerName)
            ? Decision<IncidentEvent>.Nothing
            : new CallerCorrected(known.Lines.Caller, caller.Why, caller.CallbackNumber, caller.CallerName),
        _ => throw new InvalidOperationException($"Nobody decides {command.GetType().Name}."),
    };

    /// <summary>A milestone lies between those beside it, whatever is corrected.</summary>
    private static Decision<IncidentEvent> Milestone(IncidentState.Open known, IncidentCommand.CorrectMilestone command, DateTimeOffset now)
    {
        foreach (AssignmentState assignment in known.Assignments)
        {
            int index = assignment.Milestones.IndexOf(assignment.Milestones.FirstOrDefault(line => line.Version == command.Version)!);
            if (index < 0)
            {
                continue;
            }

            MilestoneState line = assignment.Milestones[index];
            DateTimeOffset from = index == 0 ? assignment.AssignedAt : assignment.Milestones[index - 1].At;
            DateTimeOffset until = index + 1 < assignment.Milestones.Length ? assignment.Milestones[index + 1].At
                : assignment.Status == AssignmentStatus.Cancelled && assignment.Since < now ? assignment.Since
                : now + AssignmentDecider.ClockTolerance;
            return line.At == command.At ? Decision<IncidentEvent>.Nothing
                : command.At < from || command.At > until ? DispatchProblems.CorrectionOutOfOrder(assignment.CallSign, line.Milestone, command.At, from, until)
                : new MilestoneCorrected(
                    command.Version, command.Why, assignment.Id, assignment.UnitId, assignment.CallSign, line.Milestone, command.At);
        }

        return DispatchProblems.NothingToCorrect(
            "milestone.version", command.Version, known.Assignments.SelectMany(static assignment => assignment.Milestones).Select(static line => line.Version).Order());
    }
}
