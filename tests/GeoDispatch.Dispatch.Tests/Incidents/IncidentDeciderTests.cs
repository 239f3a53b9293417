using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;
using static GeoDispatch.Dispatch.Tests.Incidents.An_incident;

namespace GeoDispatch.Dispatch.Tests.Incidents;

public sealed class IncidentDeciderTests
{
    // Row: where the assignment stands. Marked: what may be recorded next.
    private static readonly Dictionary<string, string> MayFollow = new()
    {
        ["notified"] = "acknowledged enRoute",
        ["acknowledged"] = "enRoute",
        ["enRoute"] = "onScene",
        ["onScene"] = "atPatient leftScene available",
        ["atPatient"] = "leftScene available",
        ["leftScene"] = "atDestination",
        ["atDestination"] = "handedOver",
        ["handedOver"] = "available",
        ["available"] = "",
    };

    public static TheoryData<string, string> EveryStep() => new(
        from before in MayFollow.Keys
        from milestone in Way
        select (before, milestone.Text()));

    [Theory]
    [MemberData(nameof(EveryStep))]
    public void Milestones_come_in_their_order(string before, string milestone)
    {
        Decision<IncidentEvent> decision = Decide(WithUnitAt(Parse(before)), Step(Parse(milestone)));

        if (MayFollow[before].Split(' ').Contains(milestone))
        {
            Assert.Equal(Parse(milestone), Assert.IsType<MilestoneRecorded>(Assert.Single(decision.Events)).Milestone);
        }
        else
        {
            Assert.Equal(("milestone.out_of_order", 409), (decision.Refusal!.Code, decision.Refusal.Status));
            Assert.Empty(decision.Events);
        }
    }

    [Fact]
    public void Leaving_the_scene_needs_a_hospital() => Assert.Equal(
        "destination.missing", Decide(WithUnitAt(AtPatient), new IncidentCommand.RecordMilestone(First, LeftScene, null, null, null)).Refusal?.Code);

    [Theory]
    [InlineData("notified", "recalled", null)]
    [InlineData("acknowledged", "recalled", null)]
    [InlineData("enRoute", "emptyRun", null)]
    [InlineData("onScene", "emptyRun", null)]
    [InlineData("atPatient", "emptyRun", null)]
    [InlineData("leftScene", null, "assignment.with_patient")]
    [InlineData("atDestination", null, "assignment.with_patient")]
    [InlineData("handedOver", null, "assignment.with_patient")]
    [InlineData("available", null, "assignment.ended")]
    public void A_unit_is_recalled_before_it_moves_and_runs_empty_after_but_never_with_a_patient(string at, string? kind, string? refusal)
    {
        Decision<IncidentEvent> decision = Decide(WithUnitAt(Parse(at)), new IncidentCommand.CancelAssignment(First, "误报"));

        Assert.Equal(kind, decision.Events.OfType<AssignmentCancelled>().SingleOrDefault()?.Kind);
        Assert.Equal(refusal, decision.Refusal?.Code);
    }

    [Fact]
    public void The_same_unit_is_not_sent_twice()
    {
        Decision<IncidentEvent> decision = Decide(WithUnitSent(), new IncidentCommand.Assign(Guid.NewGuid(), A01, "A01", 100));

        Assert.Equal("unit.busy", decision.Refusal?.Code);
        Assert.Contains("I3", decision.Refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_was_recalled_may_be_sent_again()
    {
        IncidentState recalled = After(WithUnitSent(), new IncidentCommand.CancelAssignment(First, "误报"));

        Assert.IsType<UnitAssigned>(Assert.Single(Decide(recalled, new IncidentCommand.Assign(Guid.NewGuid(), A01, "A01", 100)).Events));
    }

    [Fact]
    public void An_incident_is_not_closed_while_a_unit_works_on_it()
    {
        Assert.Equal("incident.units_active", Decide(WithUnitAt(OnScene), new IncidentCommand.Close("other", null)).Refusal?.Code);
        Assert.Null(Decide(WithUnitAt(Available), new IncidentCommand.Close("transported", null)).Refusal);
        Assert.Null(Decide(Opened(), new IncidentCommand.Close("cancelledByCaller", null)).Refusal);
    }

    [Fact]
    public void Closed_incident_takes_notes_alone()
    {
        Assert.Null(Decide(Closed(), new IncidentCommand.AddNote("家属来电")).Refusal);
        Assert.All(
            new IncidentCommand[]
            {
                new IncidentCommand.Assign(Guid.NewGuid(), A01, "A01", null), Step(Acknowledged), new IncidentCommand.ChangePriority(1),
                new IncidentCommand.ReadBack(), new IncidentCommand.Close("other", null), new IncidentCommand.CancelAssignment(First, "x"),
            },
            command => Assert.Equal("incident.closed", Decide(Closed(), command).Refusal?.Code));
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
