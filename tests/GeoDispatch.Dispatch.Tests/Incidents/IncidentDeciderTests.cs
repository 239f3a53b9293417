using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;
using static GeoDispatch.Dispatch.Tests.Incidents.An_incident;

namespace GeoDispatch.Dispatch.Tests.Incidents;

public sealed class IncidentDeciderTests
{
    [Fact]
    public void Leaving_the_scene_needs_a_hospital() => Assert.Equal(
        "destination.missing", Decide(WithUnitAt(AtPatient), new IncidentCommand.RecordMilestone(First, LeftScene, null, null, null, MilestoneSource.Crew)).Refusal?.Code);

    [Fact]
    public void The_same_unit_is_not_sent_twice()
    {
        Decision<IncidentEvent> decision = Decide(WithUnitSent(), Send(Guid.NewGuid(), A01, "A01"));

        Assert.Equal("unit.busy", decision.Refusal?.Code);
        Assert.Contains("I3", decision.Refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_was_recalled_may_be_sent_again()
    {
        IncidentState recalled = After(WithUnitSent(), new IncidentCommand.CancelAssignment(First, "误报"));

        Assert.IsType<UnitAssigned>(Assert.Single(Decide(recalled, Send(Guid.NewGuid(), A01, "A01")).Events));
    }

    [Fact]
    public void An_incident_is_not_closed_while_a_unit_works_on_it()
    {
        Assert.Equal("incident.units_active", Decide(WithUnitAt(OnScene), new IncidentCommand.Close("other", null)).Refusal?.Code);
        Assert.Null(Decide(WithUnitAt(Available), new IncidentCommand.Close("transported", null)).Refusal);
        Assert.Null(Decide(Opened(), new IncidentCommand.Close("cancelledByCaller", null)).Refusal);
    }

    [Fact]
    public void Of_several_units_all_go_or_none_and_each_that_cannot_is_named_with_its_reason()
    {
        Guid a02 = Guid.NewGuid(), a03 = Guid.NewGuid();
        UnitToSend free = Send(Guid.NewGuid(), a02, "A02").Units[0];
        UnitToSend elsewhere = Send(Guid.NewGuid(), a03, "A03", DispatchProblems.UnitBusy("A03", "I7")).Units[0];
        UnitToSend here = Send(Guid.NewGuid(), A01, "A01").Units[0];

        Decision<IncidentEvent> none = Decide(WithUnitSent(), new IncidentCommand.Assign([free, elsewhere, here]));
        Assert.Equal("units.cannot_go", none.Refusal?.Code);
        Assert.Empty(none.Events);
        Assert.Matches("A03: .*I7.*; A01: .*I3", none.Refusal!.Detail);
        Assert.DoesNotContain("A02", none.Refusal.Detail, StringComparison.Ordinal);

        Decision<IncidentEvent> all = Decide(Opened(), new IncidentCommand.Assign([free, here]));
        Assert.Equal(["A02", "A01"], all.Events.Cast<UnitAssigned>().Select(sent => sent.CallSign));
    }

    [Fact]
    public void A_unit_that_is_relieved_after_it_handed_over_or_ended_gives_nothing_away()
    {
        UnitToSend a02 = Send(Guid.NewGuid(), Guid.NewGuid(), "A02").Units[0];
        Decision<IncidentEvent> relieved = Decide(WithUnitAt(LeftScene), new IncidentCommand.Relieve(First, a02, "爆胎"));
        Assert.Equal("A02", relieved.Events.OfType<AssignmentCancelled>().Single().RelievedBy?.CallSign);
        Assert.Equal("A01", relieved.Events.OfType<UnitAssigned>().Single().Relieves?.CallSign);
        Assert.Equal(
            ["unit.busy", "unit.busy"],
            new[] { a02 with { Obstacle = DispatchProblems.UnitBusy("A02", "I7") }, a02 with { UnitId = A01 } }
                .Select(by => Decide(WithUnitAt(EnRoute), new IncidentCommand.Relieve(First, by, "爆胎")).Refusal?.Code));
    }

    [Fact]
    public void Who_is_diverted_after_handing_over_has_done_its_work_and_the_old_incident_does_not_wait_again()
    {
        var divert = new IncidentCommand.Divert(First, new IncidentRef(Guid.NewGuid(), "I9"), "更近");
        Assert.True(Assert.IsType<IncidentState.Open>(After(WithUnitAt(EnRoute), divert)).IsWaiting);
        IncidentState done = After(WithUnitAt(HandedOver), divert);
        Assert.Equal((false, Available), (done.Known.IsWaiting, done.Known.FindAssignment(First)!.Status));
    }

    [Fact]
    public void What_is_so_already_is_no_event()
    {
        Assert.Equal(Decision<IncidentEvent>.Nothing, Decide(Opened(), new IncidentCommand.ChangePriority(2)));
        Assert.Equal(Decision<IncidentEvent>.Nothing, Decide(After(Opened(), new IncidentCommand.ReadBack()), new IncidentCommand.ReadBack()));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(30, null)]
    [InlineData(31, "milestone.from_future")]
    [InlineData(-1, "milestone.too_early")]
    public void A_milestone_has_its_own_time_not_before_the_last_and_not_in_the_future(int seconds, string? refusal) => Assert.Equal(
        refusal, Decide(WithUnitSent(), Step(Acknowledged, Start.AddSeconds(seconds))).Refusal?.Code);

    [Fact]
    public void A_crew_whose_clock_is_ahead_does_not_stop_the_next_milestone()
    {
        IncidentState ahead = After(WithUnitSent(), Step(Acknowledged, Start.AddSeconds(20)));

        Assert.Equal(Start.AddSeconds(20), ((MilestoneRecorded)Decide(ahead, Step(EnRoute)).Events.Single()).At);
    }

    [Fact]
    public void An_assignment_of_another_incident_is_unknown_here() => Assert.Equal(
        ("assignment.unknown", "assignment.unknown"),
        (Decide(Opened(), Step(Acknowledged)).Refusal?.Code, Decide(Opened(), new IncidentCommand.CancelAssignment(First, "x")).Refusal?.Code));

    private static Decision<IncidentEvent> Decide(IncidentState state, IncidentCommand command) => IncidentDecider.Decide(state, command, Start);

    private static AssignmentStatus Parse(string text) => Enum.Parse<AssignmentStatus>(text, ignoreCase: true);
}
