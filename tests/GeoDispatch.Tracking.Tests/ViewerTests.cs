using System.Security.Claims;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Live;

namespace GeoDispatch.Tracking.Tests;

public sealed class ViewerTests
{
    private static readonly Guid Vehicle = Guid.NewGuid();
    private static readonly Bbox Box = new(118, 37, 119, 38);
    private readonly LiveFleet fleet = new();
    private readonly HandClock clock = new();
    private readonly Viewer viewer = new(packs: false, new ClaimsPrincipal(), Sight.Everything);

    [Fact]
    public void The_snapshot_comes_first_even_when_nobody_is_there()
    {
        viewer.Show(Box);
        Assert.Empty(Beat()!);
        Assert.Null(Beat());
    }

    [Fact]
    public void A_vehicle_is_told_at_most_twice_a_second_and_its_last_place_is_not_lost()
    {
        viewer.Show(Box);
        Assert.Equal(118.1, Assert.Single(Beat(118.1)!).Lon);
        clock.Milliseconds = 499;
        Assert.Null(Beat(118.2));
        clock.Milliseconds = 500;
        Assert.Equal(118.3, Assert.Single(Beat(118.3)!).Lon);
        clock.Milliseconds = 5000;
        Assert.Null(Beat());
    }

    [Fact]
    public void A_vehicle_that_leaves_is_told_once_more_and_then_no_longer()
    {
        viewer.Show(Box);
        Beat(118.9);
        clock.Milliseconds = 1000;
        Assert.Equal(119.1, Assert.Single(Beat(119.1)!).Lon);
        clock.Milliseconds = 2000;
        Assert.Null(Beat(119.2));
        Assert.Equal(118.9, Assert.Single(Beat(118.9)!).Lon);
    }

    [Fact]
    public void A_new_viewport_brings_a_snapshot_of_its_own()
    {
        viewer.Show(Box);
        Beat(118.5);
        viewer.Show(new Bbox(118, 37, 118.4, 38));
        Assert.Empty(Beat()!);
        viewer.Show(Box);
        Assert.Single(Beat()!);
    }

    [Fact]
    public void A_place_that_was_measured_earlier_is_not_told()
    {
        viewer.Show(Box);
        Beat(118.5);
        clock.Milliseconds = 1000;
        viewer.BeginBeat();
        fleet.BeginBeat();
        fleet.Take([new VehiclePosition(Vehicle, "鲁E12345", "ambulance", 118.6, 37.5, null, null, DateTimeOffset.UnixEpoch.AddSeconds(-1))]);
        viewer.Note(fleet);
        Assert.Null(viewer.Next(fleet, clock));
    }

    /// <summary>One beat, before which the vehicle may have moved.</summary>
    private VehiclePosition[]? Beat(double? lon = null)
    {
        viewer.BeginBeat();
        fleet.BeginBeat();
        if (lon is { } moved)
        {
            fleet.Take([new VehiclePosition(Vehicle, "鲁E12345", "ambulance", moved, 37.5, null, null, DateTimeOffset.UnixEpoch)]);
        }

        viewer.Note(fleet);
        return viewer.Next(fleet, clock)?.Numbers.Select(number => fleet[number]).ToArray();
    }

    private sealed class HandClock : TimeProvider
    {
        internal long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
