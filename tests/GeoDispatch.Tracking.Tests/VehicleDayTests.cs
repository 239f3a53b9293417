using FsCheck.Xunit;
using GeoDispatch.Tracking.Motion;

namespace GeoDispatch.Tracking.Tests;

public sealed class VehicleDayTests
{
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
        VehicleDay day = VehicleDay.Fold(fixes);
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

    [Property]
    public void Shuffled_and_repeated_input_gives_the_same_day(ushort[] steps, int seed)
    {
        var fixes = new List<MotionFix>();
        DateTimeOffset time = Midnight;
        foreach (ushort step in steps)
        {
            time = time.AddSeconds(step % 900);
            fixes.Add(new MotionFix(
                time, 118.5 + step % 7 * 0.001, 37.4, step % 5 == 0 ? null : step % 90, step % 3 == 0 ? null : step % 2 == 0));
        }

        MotionFix[] shuffled = [.. fixes, .. fixes.Where((_, index) => index % 3 == 0)];
        new Random(seed).Shuffle(shuffled);
        VehicleDay expected = VehicleDay.Fold(fixes);
        VehicleDay day = VehicleDay.Fold(shuffled);
        Assert.Equal(expected.Trips, day.Trips);
        Assert.Equal(expected.Stops, day.Stops);
        Assert.Equal(expected with { Trips = day.Trips, Stops = day.Stops }, day);
    }
}
