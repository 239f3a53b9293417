using System.Globalization;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Spatial;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;

namespace GeoDispatch.Dispatch.Tests.Assignments;

/// <summary>What a unit's positions say: metres to the east of its station, seconds after the order. The scene is at 5,000 m, the hospital at 9,000.</summary>
public sealed class ProgressTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("notified", "0:0 140:30", null)]
    [InlineData("notified", "0:0 160:30", "enRoute at 30")]
    [InlineData("acknowledged", "0:0 160:30", "enRoute at 30")]
    // Ordered while it drives home: where it was then counts, not its station.
    [InlineData("notified", "2000:0 2100:10", null)]
    [InlineData("enRoute", "4990:100 4995:110", null)]
    [InlineData("enRoute", "4500:80 4990:100 4995:110 4990:121", "onScene at 100")]
    // Wavers, but stays.
    [InlineData("enRoute", "4930:100 4955:110 4932:125", "onScene at 100")]
    // Crawls past the scene without stopping.
    [InlineData("enRoute", "4920:100 4960:112 5000:124 5040:136 5080:148", null)]
    // A red light elsewhere.
    [InlineData("enRoute", "4800:100 4800:160", null)]
    [InlineData("onScene", "4990:100 4990:200", null)]
    [InlineData("leftScene", "8900:300 8900:321", "atDestination at 300")]
    [InlineData("handedOver", "9000:0 9200:60", "available at 60")]
    [InlineData("available", "100:500 100:521", "backAtStation at 500")]
    [InlineData("available", "400:500 400:521", null)]
    [InlineData("backAtStation", "0:500 0:900", null)]
    public void Positions_propose_the_milestone_that_may_come_next(string at, string track, string? proposes)
    {
        AssignmentStatus status = Enum.Parse<AssignmentStatus>(at, ignoreCase: true);
        ProposedMilestone? proposed = Progress.Propose(Follow(status, track), Work(status));

        Assert.Equal(proposes, proposed is null ? null : $"{proposed.Milestone.Text()} at {(proposed.At - Start).TotalSeconds:0}");
        Assert.True(proposed is null || AssignmentDecider.MayFollow(status, proposed.Milestone));
    }

    [Fact]
    public void What_was_reached_before_the_last_milestone_is_proposed_for_the_moment_of_that()
    {
        ProgressState state = Follow(EnRoute, "4990:10 4990:100");
        Assert.Equal(Start.AddSeconds(60), Progress.Propose(state, Work(EnRoute) with { Since = Start.AddSeconds(60) })!.At);
    }

    [Theory]
    [InlineData("onScene", "2700:0", 10, "farFromScene 报到达现场,实距 2.3 公里 says on scene, is 2.3 km away")]
    [InlineData("atPatient", "4600:0", 10, null)]
    [InlineData("atDestination", "5000:0", 10, "farFromDestination 报送达医院,实距 4.0 公里 says at destination, is 4.0 km away")]
    [InlineData("enRoute", "1000:0 1000:185", 190, "notMoving 途中,已 3 分钟未移动 says under way, has not moved for 3 min")]
    [InlineData("enRoute", "1000:0 1000:170", 179, null)]
    // It has arrived: that is a proposal, not a contradiction.
    [InlineData("enRoute", "4990:0 4990:190", 195, null)]
    [InlineData("leftScene", "6000:0", 200, "positionOld 途中,定位已 3 分钟未更新 under way, position 3 min old")]
    [InlineData("onScene", "5000:0", 200, null)]
    [InlineData("notified", "0:0 0:300", 301, null)]
    // The city's hospital was said; the second one stands at 7,000 m.
    [InlineData("atDestination", "7050:0", 10, "otherHospital 报往市医院,停在二院 says to City Hospital, stands at Second Hospital")]
    [InlineData("leftScene", "6990:0 7000:125", 130, "otherHospital 报往市医院,停在二院 says to City Hospital, stands at Second Hospital")]
    // A red light before its gate.
    [InlineData("leftScene", "6990:0 7000:110", 115, null)]
    [InlineData("enRoute", "6990:0 7000:125", 130, null)]
    [InlineData("atDestination", "8900:0", 10, null)]
    public void What_is_said_and_where_the_unit_is_are_compared(string at, string track, int now, string? found)
    {
        AssignmentStatus status = Enum.Parse<AssignmentStatus>(at, ignoreCase: true);
        Contradiction? contradiction = Find(Work(status), Follow(status, track), now);
        Assert.Equal(found, contradiction is null ? null : $"{contradiction.Code} {contradiction.Reason.Zh} {contradiction.Reason.En}");
    }

    [Theory]
    [InlineData(8_000, 20, null)]
    [InlineData(8_000, 10, "farFromDestination")]
    // It passed the second hospital.
    [InlineData(7_000, 60, null)]
    public void A_position_from_before_the_milestone_counts_as_far_as_it_may_have_driven_since(double meters, int secondsBefore, string? found)
    {
        WatchedWork work = Work(AtDestination) with { Since = Start.AddSeconds(secondsBefore) };
        Assert.Equal(found, Find(work, Follow(LeftScene, $"{meters}:0"), secondsBefore + 1)?.Code);
    }

    [Fact]
    public void Who_brings_a_patient_from_one_hospital_to_another_does_not_stand_at_the_wrong_one_before_he_leaves() =>
        Assert.Null(Find(Work(LeftScene) with { Scene = East(7000) }, Follow(LeftScene, "7000:0 7000:125"), 130));

    [Theory]
    [InlineData("enRoute", -30, 100, null)]
    [InlineData("enRoute", -30, 121, "positionOld")]
    [InlineData("leftScene", -600, 121, "positionOld")]
    // A vehicle that stands at its station tells more seldom: it has just departed.
    [InlineData("enRoute", -600, 30, null)]
    [InlineData("acknowledged", -600, 300, null)]
    // It has no terminal.
    [InlineData("enRoute", null, 300, null)]
    public void Who_fell_silent_before_his_order_is_found_once_he_is_under_way(string at, int? heard, int now, string? found) => Assert.Equal(
        found,
        Contradictions.Find(
            Work(Enum.Parse<AssignmentStatus>(at, ignoreCase: true)), null, heard is { } seconds ? Start.AddSeconds(seconds) : null, Hospitals, Start.AddSeconds(now))?.Code);

    private static readonly Destination[] Hospitals = [Hospital("市医院", "City Hospital", 9000), Hospital("二院", "Second Hospital", 7000)];

    private static Destination Hospital(string name, string nameEn, double meters) =>
        new(new Guid((int)meters, 0, 0, new byte[8]), name, nameEn, "hospital", East(meters).Lon, East(meters).Lat, Synthetic: true);

    private static Contradiction? Find(WatchedWork work, ProgressState state, double now) =>
        Contradictions.Find(work, state, state.Last.Time, Hospitals, Start.AddSeconds(now));

    private static WatchedWork Work(AssignmentStatus status) => new(status, Start, East(5000), East(9000), East(0), Hospitals[0].Id);

    private static ProgressState Follow(AssignmentStatus status, string track) => track.Split(' ')
        .Select(point => point.Split(':').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())
        .Aggregate((ProgressState?)null, (state, point) => Progress.Follow(state, status, new Sighting(East(point[0]), Start.AddSeconds(point[1]))))!;

    /// <summary>A degree of longitude is 88.4 km at 37.5°.</summary>
    private static LonLat East(double meters) => LonLat.TryCreate(118.5 + (meters / 88_453), 37.5, out LonLat at) ? at : throw new InvalidOperationException();
}
