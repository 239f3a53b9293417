using FsCheck.Fluent;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Dispatch.Units;

namespace GeoDispatch.Dispatch.Tests.Units;

public sealed class UnitDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid Home = Guid.NewGuid();
    private static readonly CrewMember[] Crew = [new("doctor", "甲"), new("driver", "乙")];
    private static readonly UnitFacts Free = new("A12", null, Crew, ["bls"], 0, Home, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    private static readonly Dictionary<string, UnitCommand> Commands = new()
    {
        ["logOn"] = new UnitCommand.LogOn(Crew, null, Now.AddHours(12)),
        ["logOff"] = new UnitCommand.LogOff(),
        ["nameCrew"] = new UnitCommand.NameCrew([new CrewMember("driver", "丙")]),
        ["takeOut"] = new UnitCommand.TakeOut("meal", null, Now.AddMinutes(30)),
        ["bringBack"] = new UnitCommand.BringBack(),
        ["comeBack"] = new UnitCommand.ComeBack(),
        ["moveToPost"] = new UnitCommand.MoveToPost("体育场", 118.6, 37.4),
        ["leavePost"] = new UnitCommand.LeavePost(),
        ["changeCapabilities"] = new UnitCommand.ChangeCapabilities(["als", "bls"]),
        ["changeRest"] = new UnitCommand.ChangeRest(20),
        ["changeStation"] = new UnitCommand.ChangeStation(Guid.NewGuid()),
    };

    private static readonly Dictionary<string, UnitState> States = new()
    {
        ["ready"] = UnitState.None,
        ["atPost"] = After(UnitState.None, new PostTaken("会展中心", 118.5, 37.4)),
        ["out"] = After(UnitState.None, new UnitTakenOut("vehicle", "换轮胎", null)),
        ["outUntilNow"] = After(UnitState.None, new UnitTakenOut("meal", null, Now)),
        ["off"] = After(UnitState.None, new CrewLoggedOff()),
        ["offAndOut"] = After(UnitState.None, new CrewLoggedOff(), new UnitTakenOut("vehicle", null, null)),
    };

    // Row: the state of a unit without a job. Column: in the order of the commands above: the event, – for none, or the refusal.
    private static readonly Dictionary<string, string> WhatComesOfIt = new()
    {
        ["ready"] = "CrewLoggedOn CrewLoggedOff CrewNamed UnitTakenOut – – PostTaken – CapabilitiesChanged RestRuleChanged StationChanged",
        ["atPost"] = "CrewLoggedOn CrewLoggedOff CrewNamed UnitTakenOut – – PostTaken PostLeft CapabilitiesChanged RestRuleChanged StationChanged",
        ["out"] = "CrewLoggedOn CrewLoggedOff CrewNamed UnitTakenOut UnitBroughtBack – unit.out_of_service – CapabilitiesChanged RestRuleChanged StationChanged",
        ["outUntilNow"] = "CrewLoggedOn CrewLoggedOff CrewNamed UnitTakenOut UnitBroughtBack UnitBroughtBack unit.out_of_service – CapabilitiesChanged RestRuleChanged StationChanged",
        ["off"] = "CrewLoggedOn – unit.off_duty UnitTakenOut – – unit.off_duty – CapabilitiesChanged RestRuleChanged StationChanged",
        ["offAndOut"] = "CrewLoggedOn – unit.off_duty UnitTakenOut UnitBroughtBack – unit.out_of_service – CapabilitiesChanged RestRuleChanged StationChanged",
    };

    public static TheoryData<string, string> EveryPair() => new(from state in States.Keys from command in Commands.Keys select (state, command));

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Every_command_in_every_state_has_one_outcome(string state, string command)
    {
        string expected = WhatComesOfIt[state].Split(' ')[Commands.Keys.ToList().IndexOf(command)];

        Assert.Equal(expected, Outcome(UnitDecider.Decide(States[state], Commands[command], Free, Now)));
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void A_unit_at_work_is_left_alone_but_for_its_crew_what_it_can_do_its_rest_and_its_home(string state, string command)
    {
        Decision<UnitEvent> decision = UnitDecider.Decide(States[state], Commands[command], Free with { IncidentNumber = "I7" }, Now);

        if (command is "nameCrew" or "changeCapabilities" or "changeRest" or "changeStation")
        {
            Assert.Equal(Outcome(UnitDecider.Decide(States[state], Commands[command], Free, Now)), Outcome(decision));
        }
        else
        {
            Assert.Equal("unit.at_work", decision.Refusal?.Code);
            Assert.Contains("I7", decision.Refusal!.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_unit_out_of_service_says_why_and_until_when_in_the_citys_time()
    {
        UnitState @out = After(UnitState.None, new UnitTakenOut("vehicle", "换轮胎", Now.AddHours(2)));

        string said = UnitDecider.RefusesToBeSent(@out, Free)!.Detail;

        Assert.Equal("A12 停用:车辆维修(换轮胎),至 2026-11-30 10:00 / A12 is out of service: vehicle repair(换轮胎), until 2026-11-30 10:00", said);
    }

    [Theory]
    [InlineData(0, 24, null)]
    [InlineData(0, 25, "until")]
    [InlineData(-3, 0, "until")]
    [InlineData(-23, 2, "until")]
    [InlineData(-25, 1, "from")]
    [InlineData(1, 2, "from")]
    public void A_shift_has_begun_ends_later_and_lasts_a_day_at_most(int fromHours, int untilHours, string? wrong) => Assert.Equal(
        wrong,
        UnitDecider.Decide(UnitState.None, new UnitCommand.LogOn(Crew, Now.AddHours(fromHours), Now.AddHours(untilHours)), Free, Now).Refusal?.Field);

    [Theory]
    [InlineData(0, "until")]
    [InlineData(90, null)]
    [InlineData(91, "until")]
    public void Out_of_service_ends_in_the_future_but_not_in_the_far_one(int days, string? wrong) => Assert.Equal(
        wrong, UnitDecider.Decide(UnitState.None, new UnitCommand.TakeOut("vehicle", null, Now.AddDays(days)), Free, Now).Refusal?.Field);

    [Fact]
    public void What_is_so_already_is_no_event()
    {
        Assert.Empty(UnitDecider.Decide(UnitState.None, new UnitCommand.NameCrew(Crew), Free, Now).Events);
        Assert.Empty(UnitDecider.Decide(UnitState.None, new UnitCommand.ChangeCapabilities(["bls"]), Free, Now).Events);
        Assert.Empty(UnitDecider.Decide(UnitState.None, new UnitCommand.ChangeRest(0), Free, Now).Events);
        Assert.Empty(UnitDecider.Decide(UnitState.None, new UnitCommand.ChangeStation(Home), Free, Now).Events);
        Assert.Empty(UnitDecider.Decide(States["out"], new UnitCommand.TakeOut("vehicle", "换轮胎", null), Free, Now).Events);
        Assert.Empty(UnitDecider.Decide(States["atPost"], new UnitCommand.MoveToPost("会展中心", 118.5, 37.4), Free, Now).Events);
    }

    [Fact]
    public void Whoever_goes_off_duty_leaves_no_post_behind() => Assert.Null(After(States["atPost"], new CrewLoggedOff()).Post);

    [Fact]
    public void Any_order_of_commands_leaves_a_log_that_replays_to_the_same_state_and_nobody_waits_at_a_post_off_duty() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.ListOf(Gen.Elements(Commands.Values.ToArray())).ToArbitrary(), static commands =>
        {
            UnitState state = UnitState.None;
            var log = new List<(string Type, string Data)>();
            foreach (UnitCommand command in commands)
            {
                foreach (UnitEvent happened in UnitDecider.Decide(state, command, Free, Now).Events)
                {
                    log.Add(EventFormat<UnitEvent>.Write(happened));
                    state = state.Apply(happened, Now);
                }

                Assert.True(state.Post is null || state.Duty.OnDuty);
            }

            Assert.Equal(state, log.Aggregate(UnitState.None, static (at, row) => at.Apply(EventFormat<UnitEvent>.Read(row.Type, row.Data), Now)));
        }));

    private static UnitState After(UnitState state, params UnitEvent[] events) => events.Aggregate(state, static (at, happened) => at.Apply(happened, Now));

    private static string Outcome(Decision<UnitEvent> decision) =>
        decision.Refusal?.Code ?? (decision.Events.Count == 0 ? "–" : Assert.Single(decision.Events).GetType().Name);
}
