using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Live;

namespace GeoDispatch.Tracking.Tests;

public sealed class ViewerTests
{
    private static readonly Guid Vehicle = Guid.NewGuid();
    private static readonly Bbox Box = new(118, 37, 119, 38);
    private readonly Dictionary<Guid, VehiclePosition> latest = [];
    private readonly HandClock clock = new();
    private readonly Viewer viewer = new();

    [Fact]
    public void The_snapshot_comes_first_even_when_nobody_is_there()
    {
        viewer.Show(Box);
        Assert.Empty(Next()!);
        Assert.Null(Next());
    }

    [Fact]
    public void A_vehicle_is_told_at_most_twice_a_second_and_its_last_place_is_not_lost()
    {
        MoveTo(118.1);
        viewer.Show(Box);
        Assert.Equal(118.1, Assert.Single(Next()!).Lon);
        MoveTo(118.2);
        clock.Milliseconds = 499;
        Assert.Null(Next());
        MoveTo(118.3);
        clock.Milliseconds = 500;
        Assert.Equal(118.3, Assert.Single(Next()!).Lon);
        clock.Milliseconds = 5000;
        Assert.Null(Next());
    }

    [Fact]
    public void A_vehicle_that_leaves_is_told_once_more_and_then_no_longer()
    {
        MoveTo(118.9);
        viewer.Show(Box);
        Next();
        clock.Milliseconds = 1000;
        MoveTo(119.1);
        Assert.Equal(119.1, Assert.Single(Next()!).Lon);
        clock.Milliseconds = 2000;
        MoveTo(119.2);
        Assert.Null(Next());
        MoveTo(118.9);
        Assert.Equal(118.9, Assert.Single(Next()!).Lon);
    }

    [Fact]
    public void A_new_viewport_brings_a_snapshot_of_its_own()
    {
        MoveTo(118.5);
        viewer.Show(Box);
        Next();
        viewer.Show(new Bbox(118, 37, 118.4, 38));
        Assert.Empty(Next()!);
        viewer.Show(Box);
        Assert.Single(Next()!);
    }

    private VehiclePosition[]? Next() => viewer.Next(latest, clock);

    private void MoveTo(double lon)
    {
        latest[Vehicle] = new VehiclePosition(Vehicle, "鲁E12345", "ambulance", lon, 37.5, null, null, DateTimeOffset.UnixEpoch);
        viewer.Note([Vehicle]);
    }

    private sealed class HandClock : TimeProvider
    {
        internal long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
