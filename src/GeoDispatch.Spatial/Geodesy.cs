namespace GeoDispatch.Spatial;

/// <summary>Distances and bearings on the earth. All angle maths of the product stands here.</summary>
public static class Geodesy
{
    /// <summary>Mean radius of the earth in metres (IUGG: (2a + b) / 3 of GRS80).</summary>
    public const double EarthRadiusMeters = 6_371_008.8;

    /// <summary>Great-circle distance in metres on the mean sphere (haversine). Off by at most 0.6 % from the ellipsoid.</summary>
    public static double DistanceMeters(LonLat a, LonLat b)
    {
        double sinLat = Math.Sin(Radians(b.Lat - a.Lat) / 2);
        double sinLon = Math.Sin(Radians(b.Lon - a.Lon) / 2);
        double h = sinLat * sinLat + Math.Cos(Radians(a.Lat)) * Math.Cos(Radians(b.Lat)) * sinLon * sinLon;
        return 2 * EarthRadiusMeters * Math.Asin(Math.Sqrt(Math.Min(1, h)));
    }

    /// <summary>Initial bearing from <paramref name="a"/> to <paramref name="b"/>, 0 to 360 degrees, clockwise from north.</summary>
    public static double BearingDegrees(LonLat a, LonLat b)
    {
        double lon = Radians(b.Lon - a.Lon);
        double y = Math.Sin(lon) * Math.Cos(Radians(b.Lat));
        double x = Math.Cos(Radians(a.Lat)) * Math.Sin(Radians(b.Lat))
            - Math.Sin(Radians(a.Lat)) * Math.Cos(Radians(b.Lat)) * Math.Cos(lon);
        double degrees = Math.Atan2(y, x) * 180 / Math.PI;
        return degrees < 0 ? degrees + 360 : degrees;
    }

    /// <summary>Which of eight directions a bearing in degrees is nearest to: 0 north, 1 north-east, clockwise to 7 north-west.</summary>
    public static int EighthOf(double bearingDegrees) => (int)Math.Round(bearingDegrees / 45) & 7;

    /// <summary>Square metres of a box, on the mean sphere.</summary>
    public static double SquareMeters(Bbox box) => EarthRadiusMeters * EarthRadiusMeters
        * Radians(box.East - box.West) * (Math.Sin(Radians(box.North)) - Math.Sin(Radians(box.South)));

    /// <summary>The point at <paramref name="fraction"/> (0 to 1) of the straight line in degrees from a to b.</summary>
    public static LonLat Between(LonLat a, LonLat b, double fraction) =>
        new(a.Lon + (b.Lon - a.Lon) * fraction, a.Lat + (b.Lat - a.Lat) * fraction);

    /// <summary>How far north of the equator a latitude lies on a web-mercator map (EPSG:3857), in radii of its sphere; −85.06 to 85.06 degrees are −π to π.</summary>
    public static double MercatorNorthing(double latDegrees) => Math.Asinh(Math.Tan(Radians(latDegrees)));

    /// <summary>The latitude, in degrees, of a northing that <see cref="MercatorNorthing"/> gives.</summary>
    public static double MercatorLatDegrees(double northing) => Math.Atan(Math.Sinh(northing)) * 180 / Math.PI;

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
