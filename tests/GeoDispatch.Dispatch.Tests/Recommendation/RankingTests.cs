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
        UnitView busy = Unit("A01", null, 0) with { AssignmentId = Guid.NewGuid(), IncidentNumber = "I7", Leg = AssignmentStatus.EnRoute };

        LeftOutUnit left = Assert.Single(Sift(busy).LeftOut);

        Assert.Equal(("assigned", "I7"), (left.Why, left.IncidentNumber));
        Assert.Contains("I7", left.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void Road_times_give_the_order_and_stand_in_the_reason()
    {
        IReadOnlyList<Candidate> candidates = Sift(Unit("A01", Station, 8), Unit("A02", null, 0)).Candidates;

        IReadOnlyList<RankedUnit> ranked = Ranking.ByRoad(candidates, [new RoadEta(1, 65.9, 0, null), new RoadEta(0, 250, 0.7, (200, 305))]);

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

        IReadOnlyList<RankedUnit> ranked = Ranking.ByAirLine(candidates, 10);

        Assert.Equal(["A02", "A01"], ranked.Select(unit => unit.CallSign));
        Assert.All(ranked, unit => Assert.Null(unit.Seconds));
        Assert.Contains("直线估算 0.1 公里", ranked[0].Reason.Zh, StringComparison.Ordinal);
    }

    private static (IReadOnlyList<Candidate> Candidates, IReadOnlyList<LeftOutUnit> LeftOut) Sift(params UnitView[] units) =>
        Ranking.Sift(units, Place, Now);

    private static UnitView Unit(string callSign, LonLat? at, int ageSeconds) => new(
        Guid.NewGuid(), callSign, "ambulance", "鲁E", Guid.NewGuid(), Guid.NewGuid(), "第一急救站", Station.Lon, Station.Lat, true, [], "available",
        null, null, null, null, at is { } fix ? new UnitPosition(fix.Lon, fix.Lat, Now.AddSeconds(-ageSeconds)) : null,
        "ems", ["bls"], 0, new UnitDuty(true, null, null), null, null, null, 0);
}
