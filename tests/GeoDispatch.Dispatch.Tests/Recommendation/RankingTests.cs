using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Tests.Recommendation;

public sealed class RankingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly LonLat Place = new(118.5, 37.45);
    private static readonly LonLat Station = new(118.52, 37.45);

    [Theory]
    [InlineData(8, "fix")]
    [InlineData(120, "fix")]
    public void A_fresh_position_says_where_a_unit_is(int age, string from)
    {
        Candidate candidate = Assert.Single(Sift(Unit("A01", new LonLat(118.51, 37.45), age)).Candidates);

        Assert.Equal((from, 118.51), (candidate.From, candidate.At.Lon));
    }

    [Fact]
    public void A_unit_that_never_reported_or_was_last_seen_at_its_station_is_taken_to_be_there()
    {
        Assert.Equal("station", Assert.Single(Sift(Unit("A01", null, 0)).Candidates).From);
        Assert.Equal("station", Assert.Single(Sift(Unit("A01", Station with { Lon = 118.521 }, 3_600)).Candidates).From);
    }

    [Fact]
    public void A_stale_position_on_the_road_leaves_a_unit_out_and_says_why()
    {
        LeftOutUnit left = Assert.Single(Sift(Unit("A01", new LonLat(118.51, 37.45), 600)).LeftOut);

        Assert.Equal(("stalePosition", "定位已 10 min 未更新"), (left.Why, left.Reason.Zh));
    }

    [Fact]
    public void A_unit_at_work_is_left_out_by_the_number_of_its_incident()
    {
        UnitView busy = Busy("A01", AssignmentStatus.EnRoute, 2);

        LeftOutUnit left = Assert.Single(Sift(busy).LeftOut);

        Assert.Equal(("assigned", "I7"), (left.Why, left.IncidentNumber));
        Assert.Contains("I7", left.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void Road_times_give_the_order_and_stand_in_the_reason()
    {
        IReadOnlyList<Candidate> candidates = Sift(Unit("A01", Station, 8), Unit("A02", null, 0)).Candidates;

        IReadOnlyList<RankedUnit> ranked = Rank(candidates, [new RoadEta(1, 65.9, 0, null), new RoadEta(0, 250, 0.7, (200, 305))]).Units;

        Assert.Equal(["1 A02 65.9", "2 A01 250"], ranked.Select(unit => $"{unit.Rank} {unit.CallSign} {unit.Seconds}"));
        Assert.StartsWith("待命 · 道路 1:05 · 按在站计", ranked[0].Reason.Zh, StringComparison.Ordinal);
        // Where enough trips are known, the time has a band.
        Assert.Equal("available · 4:10 (3:20–5:05) by road · position 8 s old", ranked[1].Reason.En);
        Assert.Equal((200, 305, 0.7), (ranked[1].LowSeconds, ranked[1].HighSeconds, ranked[1].LearnedShare));
        Assert.Null(ranked[0].LowSeconds);
    }

    [Fact]
    public void Without_roads_the_air_line_orders_and_no_time_is_pretended()
    {
        IReadOnlyList<Candidate> candidates = Sift(Unit("A01", null, 0), Unit("A02", new LonLat(118.501, 37.45), 5)).Candidates;

        IReadOnlyList<RankedUnit> ranked = Ranking.ByAirLine(candidates, Asked, Rules).Units;

        Assert.Equal(["A02", "A01"], ranked.Select(unit => unit.CallSign));
        Assert.All(ranked, unit => Assert.Null(unit.Seconds));
        Assert.Contains("直线估算 0.1 公里", ranked[0].Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_at_hospital_counts_with_the_time_until_it_is_free()
    {
        UnitView handing = Busy("A01", AssignmentStatus.AtDestination, 2, since: -600) with { Position = At(118.501) };
        UnitView overdue = Busy("A02", AssignmentStatus.HandedOver, 2, since: -3600) with { Position = At(118.501) };
        IReadOnlyList<Candidate> candidates = Sift(handing, overdue, Unit("A03", Station, 8)).Candidates;

        Assert.Equal([300.0, 60, 0], candidates.Select(static candidate => candidate.ReadyInSeconds));
        IReadOnlyList<RankedUnit> ranked = Rank(candidates, [new RoadEta(0, 30, 0, (20, 40)), new RoadEta(1, 30, 0, null), new RoadEta(2, 200, 0, null)]).Units;

        Assert.Equal(["1 A02 90 soonFree", "2 A03 200 available", "3 A01 330 soonFree"], ranked.Select(unit => $"{unit.Rank} {unit.CallSign} {unit.Seconds} {unit.Way}"));
        Assert.Equal((320, 340), (ranked[2].LowSeconds, ranked[2].HighSeconds));
        Assert.StartsWith("I7 交接中,约 5:00 后可派 · 道路 0:30", ranked[2].Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_on_its_way_to_something_less_urgent_is_proposed_where_it_saves_what_the_policy_asks()
    {
        UnitView underWay = Busy("A01", AssignmentStatus.EnRoute, priority: 3) with { Position = At(118.501) };
        IReadOnlyList<Candidate> candidates = Sift(Asked with { Priority = 1 }, underWay, Unit("A02", Station, 8)).Candidates;

        RankedUnit first = Rank(candidates, [new RoadEta(0, 100, 0, null), new RoadEta(1, 160, 0, null)], Asked with { Priority = 1 }).Units[0];
        Assert.Equal(("A01", "divert", 60.0, "I7"), (first.CallSign, first.Way, first.SavedSeconds, first.IncidentNumber));
        Assert.StartsWith("改派自 I7(P3),快 1:00", first.Reason.Zh, StringComparison.Ordinal);

        (IReadOnlyList<RankedUnit> units, IReadOnlyList<LeftOutUnit> leftOut, _) = Rank(candidates, [new RoadEta(0, 101, 0, null), new RoadEta(1, 160, 0, null)], Asked with { Priority = 1 });
        Assert.Equal(["A02"], units.Select(static unit => unit.CallSign));
        Assert.Equal(("notWorthDiverting", "正前往 I7,改派只快 0:59"), (Assert.Single(leftOut).Why, leftOut[0].Reason.Zh));
    }

    [Theory]
    [InlineData(nameof(AssignmentStatus.EnRoute), 3, 3, "assigned")]
    [InlineData(nameof(AssignmentStatus.EnRoute), 1, 1, "assigned")]
    [InlineData(nameof(AssignmentStatus.OnScene), 4, 1, "assigned")]
    [InlineData(nameof(AssignmentStatus.AtPatient), 4, 1, "assigned")]
    [InlineData(nameof(AssignmentStatus.LeftScene), 4, 1, "withPatient")]
    public void Whoever_is_at_the_scene_has_a_patient_or_does_what_is_as_urgent_is_never_diverted(string leg, int from, int to, string why) =>
        Assert.Equal(why, Assert.Single(Sift(Asked with { Priority = to }, Busy("A01", Enum.Parse<AssignmentStatus>(leg), from)).LeftOut).Why);

    [Fact]
    public void A_unit_is_not_diverted_to_the_incident_that_it_is_on()
    {
        UnitView underWay = Busy("A01", AssignmentStatus.EnRoute, priority: 3);

        Assert.Equal("assigned", Assert.Single(Sift(Asked with { Priority = 1, IncidentId = underWay.IncidentId }, underWay).LeftOut).Why);
    }

    [Fact]
    public void Who_is_of_another_agency_or_district_lacks_something_or_is_away_is_left_out_and_says_why()
    {
        UnitView unit = Unit("A01", null, 0);
        (string, UnitView, Wish)[] cases =
        [
            ("otherAgency 其他单位的车辆", unit with { Agency = "fire" }, Asked),
            ("otherDistrict 属 东营区", unit with { District = "东营区" }, Asked with { Districts = ["河口区"] }),
            ("lacksCapability 不具备: 高级生命支持", unit, Asked with { Capabilities = ["bls", "als"] }),
            ("outOfService 停用: 车辆维修", unit with { Out = new UnitOut(Now, "vehicle", null, null) }, Asked),
            ("offDuty 不在班", unit with { Duty = new UnitDuty(false, null, null) }, Asked),
            ("resting 休整中,还需 5 min", unit with { RestMinutes = 30, FreedAt = Now.AddMinutes(-25) }, Asked with { Priority = 3 }),
        ];

        Assert.All(cases, one =>
        {
            LeftOutUnit left = Assert.Single(Sift(one.Item3, one.Item2).LeftOut);
            Assert.Equal(one.Item1, $"{left.Why} {left.Reason.Zh}");
        });
        // A life is at stake: nobody rests.
        Assert.Single(Sift(Asked with { Priority = 2 }, unit with { RestMinutes = 30, FreedAt = Now.AddMinutes(-25) }).Candidates);
    }

    [Fact]
    public void A_unit_without_a_position_is_taken_to_be_where_it_stands_by()
    {
        Candidate candidate = Assert.Single(Sift(Unit("A01", null, 0) with { Post = new UnitPost("广场", 118.53, 37.46) }).Candidates);

        Assert.Equal(("post", 118.53), (candidate.From, candidate.At.Lon));
    }

    [Fact]
    public void Each_agency_has_its_own_order_and_its_own_number_of_places()
    {
        Wish wish = Asked with { Agencies = ["ems", "fire"], Limit = 1 };
        IReadOnlyList<Candidate> candidates = Sift(wish, Unit("A01", Station, 8), Unit("A02", Station, 8), Unit("F01", Station, 8) with { Agency = "fire" }).Candidates;

        Assert.Equal(["1 A02", "1 F01"], Rank(candidates, [new RoadEta(0, 90, 0, null), new RoadEta(1, 80, 0, null), new RoadEta(2, 100, 0, null)], wish).Units
            .Select(static unit => $"{unit.Rank} {unit.CallSign}").Order());
    }

    private static readonly Wish Asked = new(Place, null, null, null, ["ems"], [], [], 10);

    private static readonly RecommendationRules Rules = new(
        new Dictionary<string, string[]>(), new HashSet<string> { "ems", "fire" }, new Dictionary<string, Reason> { ["als"] = new("高级生命支持", "ALS") },
        new DivertPolicy(new Dictionary<(int, int), double> { [(3, 1)] = 60, [(2, 1)] = 120 }), 900);

    private static (IReadOnlyList<Candidate> Candidates, IReadOnlyList<LeftOutUnit> LeftOut) Sift(params UnitView[] units) => Sift(Asked, units);

    private static (IReadOnlyList<Candidate> Candidates, IReadOnlyList<LeftOutUnit> LeftOut) Sift(Wish wish, params UnitView[] units) =>
        Sifting.Sift(units, wish, Rules, Now);

    private static Ranked Rank(IReadOnlyList<Candidate> candidates, RoadEta[] etas, Wish? wish = null) =>
        Ranking.ByRoad(candidates, etas, wish ?? Asked, Rules, new RecommendationSettings(), new Dictionary<Guid, CoverCost>());

    private static UnitPosition At(double lon) => new(lon, 37.45, Now.AddSeconds(-5));

    private static UnitView Busy(string callSign, AssignmentStatus leg, int priority, int since = -60) => Unit(callSign, Station, 5) with
    {
        AssignmentId = Guid.NewGuid(),
        IncidentId = Guid.NewGuid(),
        IncidentNumber = "I7",
        IncidentPriority = priority,
        Leg = leg,
        LegSince = Now.AddSeconds(since),
    };

    private static UnitView Unit(string callSign, LonLat? at, int ageSeconds) => AnyUnit.Of(callSign, Station, at is { } fix ? new UnitPosition(fix.Lon, fix.Lat, Now.AddSeconds(-ageSeconds)) : null);
}

/// <summary>An ambulance on duty with nothing to do.</summary>
internal static class AnyUnit
{
    internal static UnitView Of(string callSign, LonLat station, UnitPosition? position) => new(
        Guid.NewGuid(), callSign, "ambulance", "鲁E", Guid.NewGuid(), Guid.NewGuid(), "第一急救站", station.Lon, station.Lat, true, [], "available",
        null, null, null, null, position, "ems", ["bls"], 0, new UnitDuty(true, null, null), null, null, null, 0, "东营区", null, null);
}
