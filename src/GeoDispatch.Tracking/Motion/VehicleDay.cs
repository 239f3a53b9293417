using GeoDispatch.Spatial;

namespace GeoDispatch.Tracking.Motion;

/// <summary>What the motion of a vehicle is judged by; degrees, km/h, null where not measured.</summary>
public readonly record struct MotionFix(DateTimeOffset Time, double Lon, double Lat, float? SpeedKmh, bool? Ignition);

/// <summary>From the first movement to the last before a stop or a gap.</summary>
public sealed record Trip(DateTimeOffset Start, DateTimeOffset End, double DistanceMeters, double MaxSpeedKmh);

/// <summary>A time without movement, at least <see cref="VehicleDay.ShortestStop"/> long.</summary>
public sealed record Stop(DateTimeOffset Start, DateTimeOffset End, double Lon, double Lat);

/// <summary>What a vehicle did in a day; idle is standing with the ignition on.</summary>
public sealed record VehicleDay(
    int Fixes, double DistanceMeters, double MovingSeconds, double IdleSeconds, double StoppedSeconds,
    IReadOnlyList<Trip> Trips, IReadOnlyList<Stop> Stops)
{
    /// <summary>Slower than this is standing: receivers at rest report up to 2 km/h.</summary>
    public const double SlowestKmh = 3;

    /// <summary>A shorter halt belongs to the trip: lights, crossings.</summary>
    public static readonly TimeSpan ShortestStop = TimeSpan.FromMinutes(2);

    /// <summary>Nothing is known of a longer time between two fixes: it is neither movement nor a stop, and ends a trip.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(10);

    /// <summary>Folds the fixes of one day. Their order and repetitions do not matter.</summary>
    public static VehicleDay Fold(IEnumerable<MotionFix> fixes)
    {
        // A total order: fixes of the same moment come in one order, however they were handed in.
        MotionFix[] day = fixes.Distinct()
            .OrderBy(static fix => fix.Time).ThenBy(static fix => fix.Lon).ThenBy(static fix => fix.Lat)
            .ThenBy(static fix => fix.SpeedKmh).ThenBy(static fix => fix.Ignition).ToArray();
        var trips = new List<Trip>();
        var stops = new List<Stop>();
        double distance = 0, moving = 0, idle = 0, stopped = 0;
        Trip? trip = null;
        MotionFix? still = null;
        for (int index = 1; index < day.Length; index++)
        {
            (MotionFix from, MotionFix to) = (day[index - 1], day[index]);
            TimeSpan time = to.Time - from.Time;
            if (time > LongestGap)
            {
                EndStill(from.Time);
                EndTrip();
                continue;
            }

            double meters = Geodesy.DistanceMeters(new LonLat(from.Lon, from.Lat), new LonLat(to.Lon, to.Lat));
            double speed = to.SpeedKmh ?? (time > TimeSpan.Zero ? meters / time.TotalSeconds * 3.6 : 0);
            if (speed < SlowestKmh)
            {
                (idle, stopped) = from.Ignition == true ? (idle + time.TotalSeconds, stopped) : (idle, stopped + time.TotalSeconds);
                still ??= from;
                if (to.Time - still.Value.Time >= ShortestStop)
                {
                    EndTrip();
                }

                continue;
            }

            EndStill(from.Time);
            moving += time.TotalSeconds;
            distance += meters;
            trip ??= new Trip(from.Time, to.Time, 0, 0);
            trip = trip with
            {
                End = to.Time,
                DistanceMeters = trip.DistanceMeters + meters,
                MaxSpeedKmh = Math.Max(trip.MaxSpeedKmh, speed),
            };
        }

        EndStill(day.Length == 0 ? default : day[^1].Time);
        EndTrip();
        return new VehicleDay(day.Length, distance, moving, idle, stopped, trips, stops);

        void EndTrip()
        {
            if (trip is not null)
            {
                trips.Add(trip);
            }

            trip = null;
        }

        void EndStill(DateTimeOffset end)
        {
            if (still is { } at && end - at.Time >= ShortestStop)
            {
                stops.Add(new Stop(at.Time, end, at.Lon, at.Lat));
            }

            still = null;
        }
    }
}
