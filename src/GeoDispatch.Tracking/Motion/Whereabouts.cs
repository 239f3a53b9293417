using GeoDispatch.Spatial;

namespace GeoDispatch.Tracking.Motion;

/// <summary>A place at a moment, as far as it is judged whether a vehicle could have come there.</summary>
/// <param name="Time">UTC.</param>
/// <param name="Lon">Degrees.</param>
/// <param name="Lat">Degrees.</param>
/// <param name="AccuracyMeters">0 where not measured.</param>
public readonly record struct Place(DateTime Time, double Lon, double Lat, float AccuracyMeters = 0);

/// <summary>How a vehicle came to a place.</summary>
public enum Move
{
    /// <summary>It could drive there.</summary>
    Possible,

    /// <summary>It could not, and is not believed to be there.</summary>
    Jump,

    /// <summary>It could not, and is there all the same; nothing is known of the way.</summary>
    Carried,
}

/// <summary>
/// Where a vehicle is believed to be, and where it was last said to be instead. A receiver among tall houses, or just switched on, may put
/// it kilometres away: such a jump is not believed, until several in a row agree. Pure.
/// </summary>
/// <param name="Last">The last place that was believed; null before the first.</param>
/// <param name="Elsewhere">The last that was not, where none was believed since.</param>
/// <param name="TimesElsewhere">How many in a row said so that agree with each other.</param>
public readonly record struct Whereabouts(Place? Last, Place? Elsewhere, int TimesElsewhere)
{
    /// <summary>Faster than any vehicle on a road.</summary>
    public const double FastestKmh = 300;

    /// <summary>So far two fixes may be apart whatever their times are: clocks and places are not exact, and a street's reflections bend them.</summary>
    public const double FloorMeters = 500;

    /// <summary>More than this is not granted to a fix that says of itself how wrong it may be.</summary>
    public const double MostAccuracyMeters = 2_000;

    /// <summary>The fix, of those in a row that agree, with which the vehicle is where they say: it was carried, or the old place was wrong.</summary>
    public const int TimesToBelieve = 3;

    // A degree is at most 111.7 km: within these two fixes are nearer to each other than the floor, and nothing needs to be measured.
    private const double NearDegrees = 0.003;

    /// <summary>Judges the next place; its time is not before any that was taken.</summary>
    public (Whereabouts Next, Move Move) Take(Place place)
    {
        if (Last is not { } last || IsPossible(last, place))
        {
            return (new Whereabouts(place, null, 0), Move.Possible);
        }

        int times = Elsewhere is { } elsewhere && IsPossible(elsewhere, place) ? TimesElsewhere + 1 : 1;
        return times >= TimesToBelieve
            ? (new Whereabouts(place, null, 0), Move.Carried)
            : (new Whereabouts(Last, place, times), Move.Jump);
    }

    private static bool IsPossible(Place from, Place to)
    {
        if (Math.Abs(to.Lon - from.Lon) < NearDegrees && Math.Abs(to.Lat - from.Lat) < NearDegrees)
        {
            return true;
        }

        double slack = FloorMeters + Math.Min(from.AccuracyMeters, MostAccuracyMeters) + Math.Min(to.AccuracyMeters, MostAccuracyMeters);
        return Geodesy.DistanceMeters(new LonLat(from.Lon, from.Lat), new LonLat(to.Lon, to.Lat))
            <= slack + (to.Time - from.Time).TotalSeconds * (FastestKmh / 3.6);
    }
}
