namespace GeoDispatch.Spatial;

/// <summary>A point in degrees, longitude first (EPSG:4326; CGCS2000 is the same at this accuracy).</summary>
/// <param name="Lon">Longitude, −180 to 180 degrees, east positive.</param>
/// <param name="Lat">Latitude, −90 to 90 degrees, north positive.</param>
public readonly record struct LonLat(double Lon, double Lat)
{
    /// <summary>True where both numbers are finite and inside their ranges.</summary>
    public bool IsOnEarth => Lon is >= -180 and <= 180 && Lat is >= -90 and <= 90;

    /// <summary>Gives a point only where both numbers are finite and in range.</summary>
    public static bool TryCreate(double lon, double lat, out LonLat point)
    {
        point = new LonLat(lon, lat);
        return point.IsOnEarth;
    }

    /// <summary>Reads <c>lon,lat</c> as it stands in a query string, with a point as the decimal sign.</summary>
    public static bool TryParse(string? text, out LonLat point)
    {
        point = default;
        string[] parts = (text ?? "").Split(',');
        return parts.Length == 2
            && TryNumber(parts[0], out double lon)
            && TryNumber(parts[1], out double lat)
            && TryCreate(lon, lat, out point);
    }

    internal static bool TryNumber(string text, out double value) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value);
}

/// <summary>A box in degrees. It does not cross the antimeridian: a prefecture city does not.</summary>
public readonly record struct Bbox(double West, double South, double East, double North)
{
    /// <summary>True where both corners are on earth and west is not east of east, nor south north of north.</summary>
    public bool IsValid =>
        new LonLat(West, South).IsOnEarth && new LonLat(East, North).IsOnEarth && West <= East && South <= North;

    /// <summary>True where the point lies inside or on the edge.</summary>
    public bool Contains(LonLat point) =>
        point.Lon >= West && point.Lon <= East && point.Lat >= South && point.Lat <= North;
}
