using GeoDispatch.Spatial;

namespace GeoDispatch.Tracking.Motion;

/// <summary>How far a vehicle's day is told, and what is still open in it: from here it goes on, whoever told it so far.</summary>
/// <param name="Closed">All that later fixes cannot change.</param>
/// <param name="To">The time of the last fix that was taken; null before the first.</param>
/// <param name="Whereabouts">Of the day alone: what it tells must not depend on what came before it.</param>
/// <param name="Last">The last fix that was believed.</param>
/// <param name="Still">Where the vehicle stands, since when.</param>
/// <param name="Trip">That is not ended.</param>
/// <param name="OverspeedSeconds">Of one that is not ended.</param>
public sealed record DaySoFar(
    VehicleDay Closed, DateTimeOffset? To, Whereabouts Whereabouts, MotionFix? Last, MotionFix? Still, Trip? Trip, double OverspeedSeconds)
{
    /// <summary>Before the first fix.</summary>
    public static DaySoFar Start(DateOnly day, double speedLimitKmh) =>
        new(VehicleDay.Empty(day, speedLimitKmh), null, default, null, null, null, 0);

    /// <summary>The day as it would be if nothing more came.</summary>
    public VehicleDay Told => DayFold.End(this);
}

/// <summary>
/// Tells the day of a vehicle from its fixes: one after the other in the order of their times, in pieces or at once, with the same result.
/// Pure. Whoever has a fix that is not after all that were taken must begin anew.
/// </summary>
public static class DayFold
{
    /// <summary>A shorter one is a single wrong measurement, or an overtaking; terminals of JT/T 808 are given such a time, too (parameter 0x0056).</summary>
    public static readonly TimeSpan ShortestOverspeed = TimeSpan.FromSeconds(10);

    /// <summary>Goes on with a day. The fixes are all that are after <see cref="DaySoFar.To"/> up to the last of them, in any order, repeated or not.</summary>
    public static DaySoFar Advance(DaySoFar day, IEnumerable<MotionFix> fixes)
    {
        MotionFix[] sorted = [.. fixes];
        if (sorted.Length == 0)
        {
            return day;
        }

        // A total order: fixes of the same moment come in one order, however they were handed in.
        Array.Sort(sorted, Compare);
        var telling = new Telling(day);
        for (int index = 0; index < sorted.Length; index++)
        {
            if (index == 0 || sorted[index] != sorted[index - 1])
            {
                telling.Take(sorted[index]);
            }
        }

        return telling.SoFar(sorted[^1].Time);
    }

    internal static VehicleDay End(DaySoFar day)
    {
        var telling = new Telling(day);
        telling.Break();
        return telling.SoFar(default).Closed;
    }

    private static int Compare(MotionFix a, MotionFix b)
    {
        int order = a.Time.CompareTo(b.Time);
        order = order != 0 ? order : a.Lon.CompareTo(b.Lon);
        order = order != 0 ? order : a.Lat.CompareTo(b.Lat);
        order = order != 0 ? order : Nullable.Compare(a.SpeedKmh, b.SpeedKmh);
        order = order != 0 ? order : Nullable.Compare(a.Ignition, b.Ignition);
        return order != 0 ? order : Nullable.Compare(a.AccuracyMeters, b.AccuracyMeters);
    }

    /// <summary>The day while it is told; not to be seen from outside.</summary>
    private sealed class Telling(DaySoFar day)
    {
        private readonly List<Trip> trips = [.. day.Closed.Trips];
        private readonly List<Stop> stops = [.. day.Closed.Stops];
        private VehicleDay closed = day.Closed;
        private Whereabouts whereabouts = day.Whereabouts;
        private MotionFix? last = day.Last;
        private MotionFix? still = day.Still;
        private Trip? trip = day.Trip;
        private int fixes = day.Closed.Fixes;
        private int jumps = day.Closed.Jumps;
        private double distance = day.Closed.DistanceMeters;
        private double moving = day.Closed.MovingSeconds;
        private double idle = day.Closed.IdleSeconds;
        private double stopped = day.Closed.StoppedSeconds;
        private double fastest = day.Closed.MaxSpeedKmh;
        private double overspeed = day.OverspeedSeconds;

        internal void Take(MotionFix fix)
        {
            fixes++;
            (whereabouts, Move move) = whereabouts.Take(new Place(fix.Time.UtcDateTime, fix.Lon, fix.Lat, fix.AccuracyMeters ?? 0));
            if (move == Move.Jump)
            {
                jumps++;
                return;
            }

            fastest = Math.Max(fastest, fix.SpeedKmh ?? 0);
            if (last is { } from)
            {
                if (move == Move.Carried || fix.Time - from.Time > VehicleDay.LongestGap)
                {
                    Break();
                }
                else
                {
                    Go(from, fix);
                }
            }

            last = fix;
        }

        /// <summary>Ends what is open: nothing is known of what comes now.</summary>
        internal void Break()
        {
            EndStill(last?.Time ?? default);
            EndTrip();
            EndOverspeed();
        }

        internal DaySoFar SoFar(DateTimeOffset to) => new(
            closed with
            {
                Fixes = fixes,
                Jumps = jumps,
                DistanceMeters = distance,
                MovingSeconds = moving,
                IdleSeconds = idle,
                StoppedSeconds = stopped,
                MaxSpeedKmh = fastest,
                Trips = trips,
                Stops = stops,
            },
            to, whereabouts, last, still, trip, overspeed);

        private void Go(MotionFix from, MotionFix to)
        {
            double seconds = (to.Time - from.Time).TotalSeconds;
            double meters = Geodesy.DistanceMeters(new LonLat(from.Lon, from.Lat), new LonLat(to.Lon, to.Lat));
            double speed = to.SpeedKmh ?? (seconds > 0 ? meters / seconds * 3.6 : 0);
            // Only what was measured proves that it was too fast.
            if (to.SpeedKmh > closed.SpeedLimitKmh)
            {
                overspeed += seconds;
            }
            else
            {
                EndOverspeed();
            }

            if (speed < VehicleDay.SlowestKmh)
            {
                (idle, stopped) = from.Ignition == true ? (idle + seconds, stopped) : (idle, stopped + seconds);
                still ??= from;
                if (to.Time - still.Value.Time >= VehicleDay.ShortestStop)
                {
                    EndTrip();
                }

                return;
            }

            EndStill(from.Time);
            moving += seconds;
            distance += meters;
            trip ??= new Trip(from.Time, to.Time, 0, 0);
            trip = trip with
            {
                End = to.Time,
                DistanceMeters = trip.DistanceMeters + meters,
                MaxSpeedKmh = Math.Max(trip.MaxSpeedKmh, speed),
            };
        }

        private void EndTrip()
        {
            if (trip is not null)
            {
                trips.Add(trip);
            }

            trip = null;
        }

        private void EndStill(DateTimeOffset end)
        {
            if (still is { } at && end - at.Time >= VehicleDay.ShortestStop)
            {
                stops.Add(new Stop(at.Time, end, at.Lon, at.Lat));
            }

            still = null;
        }

        private void EndOverspeed()
        {
            if (overspeed >= ShortestOverspeed.TotalSeconds)
            {
                closed = closed with { Overspeeds = closed.Overspeeds + 1, OverspeedSeconds = closed.OverspeedSeconds + overspeed };
            }

            overspeed = 0;
        }
    }
}
