namespace GeoDispatch.Tracking.Motion;

/// <summary>What the motion of a vehicle is judged by; degrees, km/h, metres, null where not measured.</summary>
public readonly record struct MotionFix(
    DateTimeOffset Time, double Lon, double Lat, float? SpeedKmh, bool? Ignition, float? AccuracyMeters = null);

/// <summary>From the first movement to the last before a stop or a gap.</summary>
public sealed record Trip(DateTimeOffset Start, DateTimeOffset End, double DistanceMeters, double MaxSpeedKmh);

/// <summary>A time without movement, at least <see cref="VehicleDay.ShortestStop"/> long.</summary>
public sealed record Stop(DateTimeOffset Start, DateTimeOffset End, double Lon, double Lat);

/// <summary>What a vehicle did in a day.</summary>
/// <param name="Day">Of China (UTC+8).</param>
/// <param name="Fixes">With a place; of those that are the same to the last digit one counts.</param>
/// <param name="Jumps">Of these, where it cannot have been (<see cref="Whereabouts"/>); they count for nothing else.</param>
/// <param name="DistanceMeters">Of all trips, from fix to fix.</param>
/// <param name="MovingSeconds">At least as fast as <see cref="VehicleDay.SlowestKmh"/>.</param>
/// <param name="IdleSeconds">Standing with the ignition on.</param>
/// <param name="StoppedSeconds">Standing with the ignition off or not known.</param>
/// <param name="MaxSpeedKmh">The fastest that was measured.</param>
/// <param name="SpeedLimitKmh">What overspeed was judged by; see <see cref="SpeedLimits"/>.</param>
/// <param name="Overspeeds">How often it was faster, at least <see cref="DayFold.ShortestOverspeed"/> at a time.</param>
/// <param name="OverspeedSeconds">How long in all.</param>
/// <param name="Trips">In the order of time.</param>
/// <param name="Stops">In the order of time.</param>
public sealed record VehicleDay(
    DateOnly Day, int Fixes, int Jumps, double DistanceMeters, double MovingSeconds, double IdleSeconds, double StoppedSeconds,
    double MaxSpeedKmh, double SpeedLimitKmh, int Overspeeds, double OverspeedSeconds, IReadOnlyList<Trip> Trips, IReadOnlyList<Stop> Stops)
{
    /// <summary>Slower than this is standing: receivers at rest report up to 2 km/h.</summary>
    public const double SlowestKmh = 3;

    /// <summary>A shorter halt belongs to the trip: lights, crossings.</summary>
    public static readonly TimeSpan ShortestStop = TimeSpan.FromMinutes(2);

    /// <summary>Nothing is known of a longer time between two fixes: it is neither movement nor a stop, and ends a trip.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Nothing is known of it yet.</summary>
    public static VehicleDay Empty(DateOnly day, double speedLimitKmh) => new(day, 0, 0, 0, 0, 0, 0, 0, speedLimitKmh, 0, 0, [], []);

    /// <summary>The day in which a moment is.</summary>
    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.ToOffset(China).DateTime);

    /// <summary>Its first moment, UTC; the next day's is 24 hours later.</summary>
    public static DateTime StartOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), China).UtcDateTime;
}

/// <summary>
/// How fast a kind of vehicle may go anywhere in China. A street's own limit may be lower: that is not judged here, for the place alone does
/// not say surely which street it was. 道路交通安全法实施条例 art. 78: small cars 120 km/h on motorways, all other vehicles 100;
/// 危险货物道路运输安全管理办法 art. 46: dangerous goods 80. Who is on an urgent task may be faster (道路交通安全法 art. 53): the number is told,
/// a person judges. A vehicle's own limit (<c>tracking.vehicle.speed_limit_kmh</c>) goes before its kind's.
/// </summary>
public static class SpeedLimits
{
    /// <summary>In km/h, by the kind as registered; as of a small car where the kind is not known here.</summary>
    public static double Of(string kind) => kind switch
    {
        "bus" or "coach" or "truck" or "fire" or "sanitation" or "watering" => 100,
        "dangerous-goods" or "hazmat" => 80,
        _ => 120,
    };
}
