using FsCheck.Fluent;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;
using static GeoDispatch.Dispatch.Tests.Incidents.An_incident;

namespace GeoDispatch.Dispatch.Tests.Incidents;

public sealed class IncidentStateTests
{
    [Fact]
    public void An_incident_waits_until_a_unit_is_sent_and_again_when_it_was_recalled()
    {
        Assert.True(Open(Opened()).IsWaiting);
        Assert.False(Open(WithUnitSent()).IsWaiting);
        Assert.True(Open(After(WithUnitSent(), new IncidentCommand.CancelAssignment(First, "误报"))).IsWaiting);
        Assert.False(Open(WithUnitAt(Available)).IsWaiting);
    }

    [Fact]
    public void The_hospital_stays_known_to_the_end()
    {
        AssignmentState assignment = Open(WithUnitAt(HandedOver)).FindAssignment(First)!;

        Assert.Equal((Hospital, "第一医院"), (assignment.DestinationId, assignment.DestinationName));
    }

    [Fact]
    public void Any_order_of_commands_leaves_a_log_that_replays_to_the_same_state() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.ListOf(Commands()).ToArbitrary(), static commands =>
        {
            IncidentState state = Opened();
            var log = new List<(string Type, string Data)> { EventFormat<IncidentEvent>.Write(Opening) };
            foreach (IncidentCommand command in commands)
            {
                foreach (IncidentEvent happened in IncidentDecider.Decide(state, command, Start).Events)
                {
                    log.Add(EventFormat<IncidentEvent>.Write(happened));
                    state = state.Apply(happened, Start);
                }
            }

            IncidentState replayed = log.Aggregate(
                IncidentState.None, static (state, row) => state.Apply(EventFormat<IncidentEvent>.Read(row.Type, row.Data), Start));
            Assert.Equal(state.Describe(), replayed.Describe());
            Assert.True(Open(state).Assignments.GroupBy(static a => a.UnitId).All(static unit => unit.Count(static a => a.IsActive) <= 1));
        }));

    [Fact]
    public void An_event_of_an_unknown_type_is_not_passed_over() =>
        Assert.Throws<InvalidDataException>(() => EventFormat<IncidentEvent>.Read("unitTeleported", "{}"));

    private static FsCheck.Gen<IncidentCommand> Commands()
    {
        Guid[] units = [A01, Guid.Parse("00000000-0000-0000-0000-0000000000a2")];
        Guid[] assignments = [First, Guid.Parse("00000000-0000-0000-0000-000000000002")];
        return Gen.OneOf(
            Gen.Choose(0, 1).Select(n => (IncidentCommand)Send(assignments[n], units[n], $"A0{n + 1}")),
            Gen.Choose(0, 1).SelectMany(n => Gen.Elements(Way).Select(step => (IncidentCommand)(Step(step) with { AssignmentId = assignments[n] }))),
            Gen.Choose(0, 1).Select(n => (IncidentCommand)new IncidentCommand.CancelAssignment(assignments[n], "误报")),
            Gen.Choose(1, 4).Select(n => (IncidentCommand)new IncidentCommand.ChangePriority(n)),
            Gen.Constant((IncidentCommand)new IncidentCommand.ReadBack()),
            Gen.Constant((IncidentCommand)new IncidentCommand.AddNote("电话占线")),
            Gen.Constant((IncidentCommand)new IncidentCommand.Close("other", null)));
    }

    private static IncidentState.Open Open(IncidentState state) => state.Known;
}
