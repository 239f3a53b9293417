using GeoDispatch.Dispatch.Alarms;
using GeoDispatch.Dispatch.Incidents;

namespace GeoDispatch.Dispatch.Tests.Alarms;

/// <summary>What is abnormal, and from which second on.</summary>
public sealed class AlarmRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly BoardFacts Quiet = new([], [], [], []);

    private static readonly WaitingIncident Incident = new(Guid.NewGuid(), "I3", 1, "王调度", Start);

    private static readonly GivenOrder Order = new(
        Guid.NewGuid(), Guid.NewGuid(), "A12", Incident.Id, "I3", 1, "王调度", AssignmentStatus.Notified, Start, Start, null, UnitOut: false, null);

    private static readonly GivenOrder OnTheWay = Order with { Status = AssignmentStatus.EnRoute, Since = Start.AddSeconds(100) };

    private static readonly DutyUnit Unit = new(Guid.NewGuid(), "A12", Out: false, Start);

    private static readonly Dictionary<string, BoardFacts> Boards = new(StringComparer.Ordinal)
    {
        ["call ringing"] = Quiet with { Ringing = [new RingingCall(Guid.NewGuid(), null, Start)] },
        ["P1 waiting"] = Quiet with { Waiting = [Incident] },
        ["P2 waiting"] = Quiet with { Waiting = [Incident with { Priority = 2 }] },
        ["P1 order unread"] = Quiet with { Orders = [Order] },
        ["P2 order unread"] = Quiet with { Orders = [Order with { Priority = 2 }] },
        ["order read"] = Quiet with { Orders = [Order with { Status = AssignmentStatus.Acknowledged, Since = Start.AddSeconds(20) }] },
        ["on the way"] = Quiet with { Orders = [OnTheWay] },
        ["stands since before it left"] = Quiet with { Orders = [OnTheWay with { StillSince = Start }] },
        ["stands on the way"] = Quiet with { Orders = [OnTheWay with { StillSince = Start.AddSeconds(200) }] },
        ["P1 foreseen after 4 min"] = Quiet with { Orders = [OnTheWay with { ExpectedSeconds = 240 }] },
        ["P3 foreseen after 4 min"] = Quiet with { Orders = [OnTheWay with { ExpectedSeconds = 240, Priority = 3 }] },
        ["unit out of service, order unread"] = Quiet with { Orders = [Order with { UnitOut = true }] },
        ["device silent"] = Quiet with { Units = [Unit] },
        ["device never heard"] = Quiet with { Units = [Unit with { HeardAt = null }] },
        ["device of a unit out of service"] = Quiet with { Units = [Unit with { Out = true }] },
    };

    [Theory]
    [InlineData("call ringing", 9, "")]
    [InlineData("call ringing", 10, "callUnanswered")]
    [InlineData("P1 waiting", 59, "")]
    [InlineData("P1 waiting", 60, "incidentWaiting")]
    [InlineData("P2 waiting", 3600, "")]
    [InlineData("P1 order unread", 44, "")]
    [InlineData("P1 order unread", 45, "urgentOrderUnconfirmed")]
    [InlineData("P1 order unread", 179, "urgentOrderUnconfirmed")]
    [InlineData("P1 order unread", 180, "urgentOrderUnconfirmed notDeparted")]
    [InlineData("P2 order unread", 59, "")]
    [InlineData("P2 order unread", 60, "orderUnconfirmed")]
    [InlineData("order read", 179, "")]
    [InlineData("order read", 180, "notDeparted")]
    [InlineData("on the way", 3600, "")]
    [InlineData("stands since before it left", 399, "")]
    [InlineData("stands since before it left", 400, "unitStill")]
    [InlineData("stands on the way", 499, "")]
    [InlineData("stands on the way", 500, "unitStill")]
    [InlineData("P1 foreseen after 4 min", 539, "")]
    [InlineData("P1 foreseen after 4 min", 540, "arrivalSlipped")]
    [InlineData("P3 foreseen after 4 min", 3600, "")]
    [InlineData("unit out of service, order unread", 3600, "")]
    [InlineData("device silent", 899, "")]
    [InlineData("device silent", 900, "deviceOffline")]
    [InlineData("device never heard", 3600, "")]
    [InlineData("device of a unit out of service", 3600, "")]
    public void What_is_abnormal_is_said_from_its_second_on(string board, int seconds, string kinds)
    {
        IReadOnlyList<Condition> standing = AlarmRules.Standing(Boards[board], Start.AddSeconds(seconds));

        Assert.Equal(kinds, string.Join(' ', standing.Select(condition => condition.Kind.Code)));
    }

    [Fact]
    public void An_alarm_names_the_unit_the_incident_and_whose_it_is()
    {
        Condition late = Assert.Single(AlarmRules.Standing(Boards["P2 order unread"], Start.AddSeconds(61)));

        Assert.Equal(new AlarmSubject(Order.AssignmentId, Incident.Id, "I3", Order.UnitId, "A12", "王调度"), late.Subject);
        Assert.Equal(Start.AddSeconds(60), late.Since);
    }

    [Theory]
    [InlineData(1, 29, "")]
    [InlineData(1, 30, "nextSeat supervisor")]
    [InlineData(1, 60, "nextSeat supervisor phone")]
    [InlineData(2, 119, "")]
    [InlineData(2, 120, "supervisor")]
    [InlineData(3, 3600, "")]
    public void What_nobody_confirms_is_passed_on(int level, int seconds, string to)
    {
        AlarmKind kind = AlarmKind.All.First(one => one.Level == level);
        AlarmState raised = AlarmState.None.Apply(new AlarmRaised(kind.Code, new AlarmSubject(Guid.NewGuid(), null, null, null, null, null), Start), Start);

        AlarmState after = AlarmDecider.Decide(raised, new AlarmCommand.Escalate(), Start.AddSeconds(seconds)).Events.Aggregate(
            raised, (state, happened) => state.Apply(happened, Start.AddSeconds(seconds)));

        Assert.Equal(to, string.Join(' ', ((AlarmState.Raised)after).EscalatedTo));
    }
}
