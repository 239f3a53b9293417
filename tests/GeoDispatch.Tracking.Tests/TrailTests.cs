using FsCheck.Xunit;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Motion;

namespace GeoDispatch.Tracking.Tests;

public sealed class TrailTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void A_drive_a_stop_and_a_turn_keep_their_places_and_times_in_a_handful_of_points()
    {
        // East for 10 min at one speed, 20 min standing, north for 10 min: a fix each second.
        TrailFix[] fixes = [.. Enumerable.Range(0, 2_401).Select(second => Fix(
            second, 118.4 + Math.Min(second, 600) * 1e-4, 37.4 + Math.Max(0, second - 1_800) * 1e-4))];
        Trail trail = Trail.Of(fixes, 4);
        TrailSegment thin = Assert.Single(trail.Segments);
        Assert.Equal((2_401, 4), (trail.Fixes, thin.Times.Length));
        Assert.Equal([0L, 600, 1_800, 2_400], thin.Times.Select(static time => (time - Noon.ToUnixTimeMilliseconds()) / 1_000));
        Assert.InRange(trail.WithinMeters, 0, 0.01);
    }

    [Fact]
    public void What_nobody_knows_is_a_gap_and_no_line()
    {
        Trail trail = Trail.Of(
            [Fix(0, 118.4, 37.4), Fix(30, 118.41, 37.4), Blind(40), Fix(50, 118.42, 37.4), Blind(60), Fix(120, 118.43, 37.4), Fix(721, 118.44, 37.4)], 100);
        Assert.Equal([3, 1, 1], trail.Segments.Select(static segment => segment.Times.Length));
        Assert.Equal(
            [(50, 120, true), (120, 721, false)],
            trail.Gaps.Select(static gap => ((int)(gap.From - Noon).TotalSeconds, (int)(gap.To - Noon).TotalSeconds, gap.NoReception)));
    }

    [Fact]
    public void A_jump_is_left_out_and_a_vehicle_that_was_carried_begins_anew()
    {
        // Once 50 km off; later three in a row agree that it is there: the third is believed, and nothing is known of the way.
        Trail trail = Trail.Of([Fix(0, 118.4, 37.4), Fix(10, 119, 37.4), Fix(20, 118.401, 37.4), .. Enumerable.Range(3, 4).Select(static step => Fix(step * 10, 119, 37.4))], 100);
        Assert.Equal((4, 3), (trail.Fixes, trail.LeftOut));
        Assert.Equal([[118.4, 118.401], [119, 119]], trail.Segments.Select(static segment => segment.Lons));
        Assert.Equal((20, 50), ((int)(trail.Gaps.Single().From - Noon).TotalSeconds, (int)(trail.Gaps.Single().To - Noon).TotalSeconds));
    }

    [Fact]
    public void Of_a_vehicle_that_never_had_a_place_there_is_no_trail() =>
        Assert.Equivalent(new Trail(0, 0, 0, [], []), Trail.Of([Blind(0), Blind(1)], 100));

    [Property]
    public void A_thinned_trail_is_in_bounds_in_order_and_as_near_as_it_says((ushort Step, short East, short North)[] moves, byte most)
    {
        var fixes = new List<TrailFix>();
        (double seconds, double lon, double lat) = (0, 118.4, 37.4);
        foreach ((ushort step, short east, short north) in moves)
        {
            (seconds, lon, lat) = (seconds + step / 60, lon + east * 1e-6, Math.Clamp(lat + north * 1e-6, -80, 80));
            fixes.Add(step % 50 == 0 ? Blind(seconds) : Fix(seconds, lon, lat));
        }

        Trail whole = Trail.Of(fixes, int.MaxValue), thin = Trail.Of(fixes, most + 2);
        Assert.Equal(fixes.Count(static fix => fix.Place is not null), whole.Fixes + whole.LeftOut);
        Assert.Equal(whole.Fixes, whole.Segments.Sum(static segment => segment.Times.Length));
        Assert.Equal(0, whole.WithinMeters);
        Assert.Equal((whole.Fixes, whole.Segments.Count), (thin.Fixes, thin.Segments.Count));
        Assert.InRange(thin.Segments.Sum(static segment => segment.Times.Length), 0, Math.Max(most + 2, 2 * thin.Segments.Count));
        foreach ((TrailSegment all, TrailSegment kept) in whole.Segments.Zip(thin.Segments))
        {
            Assert.Equal((all.Times[0], all.Times[^1]), (kept.Times[0], kept.Times[^1]));
            Assert.Equal(kept.Times.Order(), kept.Times);
            for (int index = 0; index < all.Times.Length; index++)
            {
                LonLat place = new(all.Lons[index], all.Lats[index]);
                Assert.Contains(Places(kept, all.Times[index]), near => Geodesy.DistanceMeters(place, near) <= thin.WithinMeters + 0.01);
            }
        }
    }

    /// <summary>Where the trail has the vehicle at a time: several places where several fixes have it.</summary>
    private static IEnumerable<LonLat> Places(TrailSegment trail, long time)
    {
        for (int index = 0; index < trail.Times.Length; index++)
        {
            if (trail.Times[index] == time)
            {
                yield return new LonLat(trail.Lons[index], trail.Lats[index]);
            }

            if (index > 0 && trail.Times[index - 1] < time && time < trail.Times[index])
            {
                yield return Geodesy.Between(
                    new(trail.Lons[index - 1], trail.Lats[index - 1]), new(trail.Lons[index], trail.Lats[index]),
                    (double)(time - trail.Times[index - 1]) / (trail.Times[index] - trail.Times[index - 1]));
            }
        }
    }

    private static TrailFix Fix(double second, double lon, double lat) => new(Noon.AddSeconds(second), new LonLat(lon, lat), 36);

    private static TrailFix Blind(double second) => new(Noon.AddSeconds(second), null, null);
}
