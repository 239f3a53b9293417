using FsCheck.Fluent;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using static GeoDispatch.Dispatch.Tests.Incidents.An_incident;

namespace GeoDispatch.Dispatch.Tests.Incidents;

/// <summary>Whatever four dispatchers order, in whatever order it comes in.</summary>
public sealed class FourDispatchersTests
{
    /// <summary>One order of one of them; each picks what it needs from the numbers.</summary>
    internal sealed record Order(int Kind, int Incident, int Other, int Unit, int Assignment, int Step);

    [Fact]
    public void No_unit_is_on_two_incidents_no_milestone_out_of_order_and_the_logs_replay_to_the_same() =>
        FsCheck.Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120),
            Prop.ForAll(Gen.ListOf(Orders()).ToArbitrary(), static orders =>
            {
                var city = new City();
                foreach (Order order in orders)
                {
                    city.Do(order);
                    city.MustBeSound();
                }

                city.MustReplay();
            }));

    private static FsCheck.Gen<Order> Orders() =>
        from kind in Gen.Choose(0, 14)
        from incidents in Gen.Two(Gen.Choose(0, 3))
        from unit in Gen.Choose(0, 4)
        from assignment in Gen.Choose(0, 30)
        from step in Gen.Choose(0, 8)
        select new Order(kind, incidents.Item1, incidents.Item2, unit, assignment, step);
}

/// <summary>Four incidents and five units, and every command done as the server does it: under the locks of all that it touches.</summary>
internal sealed class City
{
    private static readonly Guid[] Units = [.. Enumerable.Range(1, 5).Select(number => new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]))];
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 4).Select(number => new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 2]))];
    private readonly IncidentState[] incidents = new IncidentState[4];
    private readonly List<(string Type, string Data, DateTimeOffset At)>[] logs = [[], [], [], []];
    private DateTimeOffset now = Start;
    private int made;

    internal City()
    {
        for (int index = 0; index < incidents.Length; index++)
        {
            incidents[index] = IncidentState.None;
            Write((index, IncidentDecider.Decide(IncidentState.None, new IncidentCommand.Open(Opening with { Number = $"I{index + 1}" }), now)));
        }
    }

    internal void Do(FourDispatchersTests.Order order)
    {
        now = now.AddSeconds(20);
        (int incident, Guid assignment) = AnyAssignment(order);
        Guid unit = Units[order.Unit];
        switch (order.Kind)
        {
            case 0 or 1 or 2:
                Guid[] wanted = order.Kind == 2 ? [unit, Units[(order.Unit + 1) % Units.Length]] : [unit];
                Write((order.Incident, Decide(order.Incident, new IncidentCommand.Assign([.. wanted.Select(id => ToSend(id, order.Incident))]))));
                break;
            case 3 when order.Incident != incident:
                var to = new IncidentRef(Ids[order.Incident], $"I{order.Incident + 1}");
                Guid moved = incidents[incident].Known.FindAssignment(assignment)?.UnitId ?? unit;
                Write(
                    (incident, Decide(incident, new IncidentCommand.Divert(assignment, to, "更近"))),
                    (order.Incident, Decide(order.Incident, new IncidentCommand.Assign(
                        [ToSend(moved, order.Incident) with { Obstacle = null }], new IncidentRef(Ids[incident], $"I{incident + 1}")))));
                break;
            case 4:
                Write((incident, Decide(incident, new IncidentCommand.Relieve(assignment, ToSend(unit, incident), "爆胎"))));
                break;
            case 5:
                Write((incident, Decide(incident, new IncidentCommand.CancelAssignment(assignment, "误报"))));
                break;
            case 6 when order.Incident != order.Other:
                Write(
                    (order.Incident, Decide(order.Incident, new IncidentCommand.Link(new IncidentRef(Ids[order.Other], "I"), "同一事故"))),
                    (order.Other, Decide(order.Other, new IncidentCommand.Link(new IncidentRef(Ids[order.Incident], "I"), "同一事故"))));
                break;
            case 7:
                Write((order.Incident, Decide(order.Incident, new IncidentCommand.Close("other", null))));
                break;
            case 8:
                Write((order.Incident, Decide(order.Incident, new IncidentCommand.Reopen("误结案"))));
                break;
            case 9:
                Write((incident, Decide(incident, new IncidentCommand.CorrectMilestone(order.Step + 3, now.AddSeconds(-10 * order.Unit), "记错"))));
                break;
            case 10:
                Write((order.Incident, Decide(order.Incident, new IncidentCommand.AddNote("家属来电"))));
                break;
            default:
                Write((incident, Decide(incident, Step(Way[order.Step]) with { AssignmentId = assignment })));
                break;
        }
    }

    internal void MustBeSound()
    {
        AssignmentState[] all = [.. incidents.SelectMany(incident => incident.Known.Assignments)];
        Assert.All(all.Where(work => work.IsActive).CountBy(work => work.UnitId), unit => Assert.Equal(1, unit.Value));
        Assert.DoesNotContain(incidents.OfType<IncidentState.Closed>().SelectMany(closed => closed.Last.Assignments), work => work.IsActive);
        Assert.All(all, work =>
        {
            Assert.Equal(work.Milestones.Select(step => step.Milestone).Distinct().Order(), work.Milestones.Select(step => step.Milestone));
            Assert.Equal(work.Milestones.Select(step => step.At).Order(), work.Milestones.Select(step => step.At));
            Assert.True(work.Milestones.IsEmpty || work.Milestones[0].At >= work.AssignedAt);
        });
        Assert.All(Enumerable.Range(0, 4), one => Assert.All(
            incidents[one].Known.Links, link => Assert.Contains(incidents[Array.IndexOf(Ids, link.Id)].Known.Links, back => back.Id == Ids[one])));
    }

    internal void MustReplay() => Assert.Equal(
        incidents.Select(incident => incident.Describe()),
        logs.Select(log => log.Aggregate(
            IncidentState.None, (state, row) => state.Apply(EventFormat<IncidentEvent>.Read(row.Type, row.Data), row.At)).Describe()));

    private Decision<IncidentEvent> Decide(int incident, IncidentCommand command) => IncidentDecider.Decide(incidents[incident], command, now);

    /// <summary>All of it or nothing.</summary>
    private void Write(params (int Incident, Decision<IncidentEvent> Decision)[] decisions)
    {
        if (decisions.Any(one => one.Decision.Refusal is not null))
        {
            return;
        }

        foreach ((int incident, Decision<IncidentEvent> decision) in decisions)
        {
            foreach (IncidentEvent happened in decision.Events)
            {
                (string type, string data) = EventFormat<IncidentEvent>.Write(happened);
                logs[incident].Add((type, data, now));
                incidents[incident] = incidents[incident].Apply(happened, now);
            }
        }
    }

    /// <summary>As its locked row shows it: busy where another incident has it.</summary>
    private UnitToSend ToSend(Guid unit, int incident)
    {
        IncidentState? busyWith = incidents.Where((_, index) => index != incident)
            .FirstOrDefault(other => other.Known.Assignments.Any(work => work.IsActive && work.UnitId == unit));
        Problem? obstacle = busyWith is null ? null : DispatchProblems.UnitBusy("A", busyWith.Known.Number);
        return new UnitToSend(new Guid(++made, 0, 0, [0, 0, 0, 0, 0, 0, 0, 3]), unit, "A", null, obstacle);
    }

    private (int Incident, Guid Assignment) AnyAssignment(FourDispatchersTests.Order order)
    {
        (int, Guid)[] all = [.. incidents.SelectMany((incident, index) => incident.Known.Assignments.Select(work => (index, work.Id)))];
        return all.Length == 0 ? (order.Other, First) : all[order.Assignment % all.Length];
    }
}
