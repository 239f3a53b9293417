using GeoDispatch.Dispatch.Incidents;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>A call that nobody has answered.</summary>
/// <param name="Seat">Where the exchange lets it ring; null for all.</param>
/// <param name="Since">When it began to ring.</param>
internal sealed record RingingCall(Guid Id, string? Seat, DateTimeOffset Since);

/// <summary>An open incident on which no unit works.</summary>
/// <param name="Seat">Where it is worked on.</param>
/// <param name="Since">When it was opened, or its last unit recalled.</param>
internal sealed record WaitingIncident(Guid Id, string Number, int Priority, string? Seat, DateTimeOffset Since);

/// <summary>An order that was given to a unit which is not at the scene yet.</summary>
/// <param name="ExpectedSeconds">By road, when it was given; null where that was not known.</param>
/// <param name="Since">When it reached <paramref name="Status"/>.</param>
/// <param name="UnitOut">The unit is out of service.</param>
/// <param name="StillSince">Since when its vehicle stands, by its fixes; null where it drives or is not heard.</param>
internal sealed record GivenOrder(
    Guid AssignmentId, Guid UnitId, string CallSign, Guid IncidentId, string Number, int Priority, string? Seat, AssignmentStatus Status,
    DateTimeOffset AssignedAt, DateTimeOffset Since, double? ExpectedSeconds, bool UnitOut, DateTimeOffset? StillSince);

/// <summary>A unit with a crew.</summary>
/// <param name="HeardAt">When its device was last heard; null where it never was, so that nothing was lost.</param>
internal sealed record DutyUnit(Guid Id, string CallSign, bool Out, DateTimeOffset? HeardAt);

/// <summary>What the rules look at, as of one moment.</summary>
internal sealed record BoardFacts(
    IReadOnlyList<RingingCall> Ringing, IReadOnlyList<WaitingIncident> Waiting, IReadOnlyList<GivenOrder> Orders, IReadOnlyList<DutyUnit> Units);

/// <summary>What an alarm is of, and where to look.</summary>
/// <param name="Id">With the kind it makes one alarm: a call's, an incident's, an assignment's or a unit's.</param>
/// <param name="Seat">Whose it is; null for nobody's own.</param>
internal sealed record AlarmSubject(Guid Id, Guid? IncidentId, string? IncidentNumber, Guid? UnitId, string? CallSign, string? Seat);

/// <summary>Something is abnormal.</summary>
/// <param name="Since">When it passed the limit of its kind.</param>
internal sealed record Condition(AlarmKind Kind, AlarmSubject Subject, DateTimeOffset Since);

/// <summary>Says what on the board is abnormal. Pure: facts and moment are given.</summary>
internal static class AlarmRules
{
    /// <summary>A vehicle that was silent for longer stands or drives, nobody knows; that is another alarm.</summary>
    internal static readonly TimeSpan FixHolds = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Every condition that is past its limit. A unit out of service raises none, and neither does a closed incident, which is not among the facts.
    /// </summary>
    internal static IReadOnlyList<Condition> Standing(BoardFacts facts, DateTimeOffset now) =>
    [
        .. from found in facts.Ringing.Select(Unanswered)
            .Concat(facts.Waiting.Where(static incident => incident.Priority == 1).Select(Waiting))
            .Concat(facts.Orders.Where(static order => !order.UnitOut).SelectMany(Late))
            .Concat(facts.Units.Where(static unit => !unit.Out).SelectMany(Offline))
           where found.Since <= now
           select found,
    ];

    private static Condition Unanswered(RingingCall call) =>
        Past(AlarmKind.CallUnanswered, new AlarmSubject(call.Id, null, null, null, null, call.Seat), call.Since);

    private static Condition Waiting(WaitingIncident incident) => Past(
        AlarmKind.IncidentWaiting, new AlarmSubject(incident.Id, incident.Id, incident.Number, null, null, incident.Seat), incident.Since);

    private static IEnumerable<Condition> Late(GivenOrder order)
    {
        var subject = new AlarmSubject(order.AssignmentId, order.IncidentId, order.Number, order.UnitId, order.CallSign, order.Seat);
        if (order.Status == AssignmentStatus.Notified)
        {
            yield return Past(order.Priority == 1 ? AlarmKind.UrgentOrderUnconfirmed : AlarmKind.OrderUnconfirmed, subject, order.AssignedAt);
        }

        if (order.Status is AssignmentStatus.Notified or AssignmentStatus.Acknowledged)
        {
            yield return Past(AlarmKind.NotDeparted, subject, order.AssignedAt);
        }

        if (order is { Status: AssignmentStatus.EnRoute, StillSince: { } still })
        {
            // It stood at its station before: what counts begins with the departure.
            yield return Past(AlarmKind.UnitStill, subject, still > order.Since ? still : order.Since);
        }

        if (order is { Status: AssignmentStatus.EnRoute, Priority: 1 or 2, ExpectedSeconds: { } expected })
        {
            yield return Past(AlarmKind.ArrivalSlipped, subject, order.AssignedAt.AddSeconds(expected));
        }
    }

    private static IEnumerable<Condition> Offline(DutyUnit unit) => unit.HeardAt is { } heard
        ? [Past(AlarmKind.DeviceOffline, new AlarmSubject(unit.Id, null, null, unit.Id, unit.CallSign, null), heard)]
        : [];

    private static Condition Past(AlarmKind kind, AlarmSubject subject, DateTimeOffset began) => new(kind, subject, began + kind.Limit);
}
