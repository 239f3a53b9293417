using System.Text.Json;
using FsCheck.Xunit;
using GeoDispatch.Tracking.Motion;

namespace GeoDispatch.Tracking.Tests;

public sealed class VehicleDayTests
{
    private static readonly DateOnly Today = new(2026, 11, 24);
    private static readonly DateTimeOffset Midnight = new(2026, 11, 24, 0, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void A_day_of_two_trips_with_a_halt_at_lights_and_a_stop_between()
    {
        // Ten-second fixes: 5 min drive, 1 min at lights, 5 min drive, 10 min stop with the engine on, 5 min drive, then nothing for an hour.
        var fixes = new List<MotionFix>();
        Append(31, 36, true);
        Append(6, 0, true);
        Append(30, 36, true);
        Append(60, 0, true);
        Append(30, 54, true);
        fixes.Add(fixes[^1] with { Time = fixes[^1].Time.AddHours(1), SpeedKmh = 0 });
        VehicleDay day = Tell(fixes);
        Assert.Equal([(0.0, 660.0, 36.0), (1260.0, 1560.0, 54.0)], day.Trips.Select(trip =>
            ((trip.Start - Midnight).TotalSeconds, (trip.End - Midnight).TotalSeconds, trip.MaxSpeedKmh)));
        Stop stop = Assert.Single(day.Stops);
        Assert.Equal((660, 1260), ((stop.Start - Midnight).TotalSeconds, (stop.End - Midnight).TotalSeconds));
        Assert.Equal((900, 660, 0), (day.MovingSeconds, day.IdleSeconds, day.StoppedSeconds));

        void Append(int count, float speed, bool ignition)
        {
            for (int step = 0; step < count; step++)
            {
                MotionFix last = fixes.Count == 0 ? new MotionFix(Midnight.AddSeconds(-10), 118.5, 37.4, 0, true) : fixes[^1];
                fixes.Add(new MotionFix(last.Time.AddSeconds(10), last.Lon + speed * 3e-5, last.Lat, speed, ignition));
            }
        }
    }

    [Fact]
    public void A_jump_is_counted_and_adds_no_way_and_who_was_carried_begins_a_new_trip()
    {
        MotionFix[] drive = Drive(60);
        MotionFix[] glitch = [.. drive];
        glitch[20] = glitch[20] with { Lon = 119.5 };
        VehicleDay whole = Tell(drive);
        VehicleDay day = Tell(glitch);
        Assert.Equal((60, 0, 60, 1), (whole.Fixes, whole.Jumps, day.Fixes, day.Jumps));
        Assert.Equal(whole.DistanceMeters, day.DistanceMeters, 0.01);
        Assert.Single(day.Trips);

        MotionFix[] ferry = [.. drive.Select(static (fix, index) => index < 30 ? fix : fix with { Lon = fix.Lon + 1 })];
        day = Tell(ferry);
        Assert.Equal((60, 2, 2), (day.Fixes, day.Jumps, day.Trips.Count));
        Assert.InRange(day.DistanceMeters, whole.DistanceMeters * 0.9, whole.DistanceMeters);
    }

    [Theory]
    [InlineData(1, 0, 0)] // Ten seconds between fixes: one fast fix is ten seconds.
    [InlineData(1, 121, 1)]
    [InlineData(3, 121, 1)]
    [InlineData(3, 120, 0)]
    public void Overspeed_is_counted_by_times_and_seconds(int fast, float speed, int expected)
    {
        MotionFix[] drive = Drive(30);
        for (int index = 10; index < 10 + fast; index++)
        {
            drive[index] = drive[index] with { SpeedKmh = speed };
        }

        drive[20] = drive[20] with { SpeedKmh = null, Time = drive[20].Time.AddSeconds(-9) };
        VehicleDay day = Tell(drive);
        Assert.Equal((expected, expected * fast * 10.0), (day.Overspeeds, day.OverspeedSeconds));
        Assert.Equal(Math.Max(36, speed), day.MaxSpeedKmh);
    }

    [Property]
    public void Shuffled_and_repeated_input_gives_the_same_day(ushort[] steps, int seed)
    {
        MotionFix[] fixes = Any(steps);
        MotionFix[] shuffled = [.. fixes, .. fixes.Where((_, index) => index % 3 == 0)];
        new Random(seed).Shuffle(shuffled);
        AssertSame(Tell(fixes), Tell(shuffled));
    }

    [Property]
    public void A_day_told_in_pieces_that_were_written_down_between_is_the_day_told_at_once(ushort[] steps, byte piece)
    {
        MotionFix[] fixes = Any(steps);
        DaySoFar soFar = DaySoFar.Start(Today, 60);
        // Fixes of one moment come in one piece, as they do from the history.
        foreach (MotionFix[] some in fixes.GroupBy(static fix => fix.Time).Chunk(1 + piece % 7).Select(static groups => groups.SelectMany(static of => of).ToArray()))
        {
            soFar = DayFold.Advance(soFar, some);
            soFar = JsonSerializer.Deserialize<DaySoFar>(JsonSerializer.Serialize(soFar, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;
        }

        AssertSame(Tell(fixes, 60), soFar.Told);
    }

    private static VehicleDay Tell(IEnumerable<MotionFix> fixes, double limit = 120) => DayFold.Advance(DaySoFar.Start(Today, limit), fixes).Told;

    private static MotionFix[] Drive(int count) => [.. Enumerable.Range(0, count).Select(
        static step => new MotionFix(Midnight.AddSeconds(step * 10), 118.5 + step * 0.00113, 37.4, 36, true))];

    private static MotionFix[] Any(ushort[] steps)
    {
        var fixes = new List<MotionFix>();
        DateTimeOffset time = Midnight;
        foreach (ushort step in steps)
        {
            time = time.AddSeconds(step % 900 / (1 + step % 4));
            double lon = step % 11 == 0 ? 119.9 : 118.5;
            fixes.Add(new MotionFix(
                time, lon + step % 7 * 0.001, 37.4, step % 5 == 0 ? null : step % 90, step % 3 == 0 ? null : step % 2 == 0, step % 13 == 0 ? null : step % 40));
        }

        return [.. fixes];
    }

    private static void AssertSame(VehicleDay expected, VehicleDay day)
    {
        Assert.Equal(expected.Trips, day.Trips);
        Assert.Equal(expected.Stops, day.Stops);
        Assert.Equal(expected with { Trips = day.Trips, Stops = day.Stops }, day);
    }
}
