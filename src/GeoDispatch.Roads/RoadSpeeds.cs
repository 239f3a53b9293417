namespace GeoDispatch.Roads;

/// <summary>
/// How a profile drives a street at an hour where nothing is learned. All figures here are our assumptions; speeds learned from the
/// city's own vehicles take their place.
/// </summary>
/// <param name="Share">Of the speed that is driven otherwise, more than 0.</param>
/// <param name="LeastKmh">The edge's own speed counts as no less than this; 0 where it counts as it is.</param>
/// <param name="MostKmh">What comes out is no more than this.</param>
internal readonly record struct RoadSpeeds(double Share, double LeastKmh, double MostKmh)
{
    // A long vehicle is not driven faster than this, whatever the road.
    private const double FastestLargeKmh = 80;

    internal static RoadSpeeds AsGiven { get; } = new(1, 0, double.PositiveInfinity);

    internal static RoadSpeeds Of(RoadStreet street, RoadMoment moment)
    {
        double rush = moment.HourOfWeek is { } hour ? Rush(street.Kind, hour) : 1;
        return moment.Profile switch
        {
            RoadProfile.Normal => new(rush, 0, double.PositiveInfinity),
            // Lights and sirens open about half of what the others wait for, and may exceed a posted limit: what the class makes counts.
            RoadProfile.Emergency => new(Sirens(street.Kind) * (1 + rush) / 2, street.ClassSpeedKmh, double.PositiveInfinity),
            _ => new((1 + rush) / 2, 0, FastestLargeKmh),
        };
    }

    /// <summary>Seconds over an edge that takes <paramref name="given"/> seconds by its own speed.</summary>
    internal double Seconds(double given, double meters)
    {
        if (this == AsGiven || !(given > 0 && meters > 0))
        {
            return given;
        }

        double kmh = Math.Min(Math.Max(meters / given * 3.6, LeastKmh) * Share, MostKmh);
        return meters / (kmh / 3.6);
    }

    private static double Sirens(string kind) => kind switch
    {
        "motorway" or "trunk" => 1.15,
        "primary" or "secondary" => 1.25,
        "tertiary" or "unclassified" => 1.15,
        "residential" or "busway" or "road" => 1.05,
        _ => 1,
    };

    /// <summary>What is left of the speed at an hour of the week: less on working days from 7 to 9 and from 17 to 19.</summary>
    private static double Rush(string kind, int hourOfWeek)
    {
        bool isRush = hourOfWeek / 24 < 5 && (hourOfWeek % 24) is 7 or 8 or 17 or 18;
        return !isRush ? 1 : kind switch
        {
            "motorway" or "trunk" or "tertiary" or "unclassified" => 0.8,
            "primary" or "secondary" => 0.7,
            _ => 0.95,
        };
    }
}
