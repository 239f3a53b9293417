using System.Globalization;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Incidents;
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
    public void What_is_said_and_where_the_unit_is_are_compared(string at, string track, int now, string? found)
    {
        AssignmentStatus status = Enum.Parse<AssignmentStatus>(at, ignoreCase: true);
        Contradiction? contradiction = Contradictions.Find(Work(status), Follow(status, track), Start.AddSeconds(now));
        Assert.Equal(found, contradiction is null ? null : $"{contradiction.Code} {contradiction.Reason.Zh} {contradiction.Reason.En}");
    }

    [Fact]
    public void Where_no_position_came_nothing_is_contradicted() => Assert.Null(Contradictions.Find(Work(OnScene), null, Start));

    private static WatchedWork Work(AssignmentStatus status) => new(status, Start, East(5000), East(9000), East(0));

    private static ProgressState Follow(AssignmentStatus status, string track) => track.Split(' ')
        .Select(point => point.Split(':').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())
        .Aggregate((ProgressState?)null, (state, point) => Progress.Follow(state, status, new Sighting(East(point[0]), Start.AddSeconds(point[1]))))!;

    /// <summary>A degree of longitude is 88.4 km at 37.5°.</summary>
    private static LonLat East(double meters) => LonLat.TryCreate(118.5 + (meters / 88_453), 37.5, out LonLat at) ? at : throw new InvalidOperationException();
}
