using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>The units' part of what <see cref="IncidentDecider"/> decides. Pure.</summary>
internal static class AssignmentDecider
{
    /// <summary>How far ahead of ours a crew's clock may be.</summary>
    internal static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

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
        (Available, BackAtStation) => true,
        _ => false,
    };

    internal static Decision<IncidentEvent> Assign(IncidentState.Open open, IncidentCommand.Assign command)
    {
        (UnitToSend Unit, Problem? Problem)[] asked = [.. command.Units.Select(unit => (unit, ObstacleOf(open, unit)))];
        (UnitToSend Unit, Problem Problem)[] cannot = [.. asked.Where(static one => one.Problem is not null).Select(static one => (one.Unit, one.Problem!))];
        return cannot switch
        {
            [] => new Decision<IncidentEvent>([.. command.Units.Select(unit => Sent(unit) with { DivertedFrom = command.DivertedFrom })], null),
            [var only] when asked.Length == 1 => only.Problem,
            _ => DispatchProblems.UnitsCannotGo(cannot.Select(static one => (one.Unit.CallSign, one.Problem))),
        };
    }

    internal static Decision<IncidentEvent> RecordMilestone(AssignmentState assignment, IncidentCommand.RecordMilestone step, DateTimeOffset now)
    {
        if (!MayFollow(assignment.Status, step.Milestone))
        {
            return DispatchProblems.OutOfOrder(assignment.CallSign, assignment.Status, step.Milestone);
        }

        if (step is { Milestone: LeftScene, DestinationId: null })
        {
            return DispatchProblems.DestinationMissing;
        }

        DateTimeOffset at = step.At ?? Later(now, assignment.Since);
        if (at > now + ClockTolerance)
        {
            return DispatchProblems.MilestoneFromFuture(at, now);
        }

        return at < assignment.Since
            ? DispatchProblems.MilestoneTooEarly(at, assignment.Since)
            : new MilestoneRecorded(
                assignment.Id, assignment.UnitId, assignment.CallSign, step.Milestone, at, step.DestinationId, step.DestinationName, step.Source);
    }

    internal static Decision<IncidentEvent> Cancel(AssignmentState assignment, string reason) => assignment.Status switch
    {
        Notified or Acknowledged => Ended(assignment, "recalled", reason),
        EnRoute or OnScene or AtPatient => Ended(assignment, "emptyRun", reason),
        LeftScene or AtDestination or HandedOver => DispatchProblems.WithPatient(assignment.CallSign),
        _ => DispatchProblems.AssignmentEnded(assignment.CallSign),
    };

    /// <summary>Never with a patient on board. Who has handed over has done its work, and that is how it is kept.</summary>
    internal static Decision<IncidentEvent> Divert(AssignmentState assignment, IncidentCommand.Divert command, DateTimeOffset now) => assignment.Status switch
    {
        Notified or Acknowledged or EnRoute or OnScene or AtPatient => Ended(assignment, "diverted", command.Reason) with { DivertedTo = command.To },
        HandedOver => new MilestoneRecorded(
            assignment.Id, assignment.UnitId, assignment.CallSign, Available, Later(now, assignment.Since), null, null, MilestoneSource.Dispatcher),
        LeftScene or AtDestination => DispatchProblems.WithPatient(assignment.CallSign),
        _ => DispatchProblems.AssignmentEnded(assignment.CallSign),
    };

    /// <summary>Also with a patient on board: a vehicle that breaks down on the way is relieved where it stands.</summary>
    internal static Decision<IncidentEvent> Relieve(IncidentState.Open open, AssignmentState assignment, IncidentCommand.Relieve command) =>
        !assignment.IsActive ? DispatchProblems.AssignmentEnded(assignment.CallSign)
        : ObstacleOf(open, command.By) is { } obstacle ? obstacle
        : new Decision<IncidentEvent>(
            [
                Ended(assignment, "relieved", command.Reason) with { RelievedBy = new UnitRef(command.By.UnitId, command.By.CallSign) },
                Sent(command.By) with { Relieves = new UnitRef(assignment.UnitId, assignment.CallSign) },
            ],
            null);

    private static Problem? ObstacleOf(IncidentState.Open open, UnitToSend unit) => open.Assignments.Any(a => a.IsActive && a.UnitId == unit.UnitId)
        ? DispatchProblems.UnitBusy(unit.CallSign, open.Number)
        : unit.Obstacle;

    private static UnitAssigned Sent(UnitToSend unit) =>
        new(unit.AssignmentId, unit.UnitId, unit.CallSign, unit.ExpectedSeconds, Recommended: unit.Recommended);

    private static AssignmentCancelled Ended(AssignmentState assignment, string kind, string reason) =>
        new(assignment.Id, assignment.UnitId, assignment.CallSign, kind, reason);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
