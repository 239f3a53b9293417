namespace GeoDispatch.Sharing.Features;

/// <summary>A coordinate reference system that features are given in, by its URI.</summary>
/// <param name="Srid">What PostGIS computes it by, always with x before y. CGCS2000 in degrees is taken for WGS 84, as everywhere here.</param>
/// <param name="YFirst">True where the authority puts latitude, or northing, first.</param>
/// <param name="Decimals">Of a coordinate: about a centimetre in degrees, a millimetre in metres.</param>
/// <param name="Domain">The box, x before y, outside of which its coordinates mean nothing here.</param>
internal sealed record Crs(string Uri, int Srid, bool YFirst, bool Degrees, int Decimals, Box Domain)
{
    internal static readonly Crs Crs84 = new("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, false, true, 7, new Box(-180, -90, 180, 90));

    /// <summary>The first is the default. Axis orders as the EPSG registry states them.</summary>
    internal static readonly IReadOnlyList<Crs> All =
    [
        Crs84,
        Crs84 with { Uri = Epsg(4326), YFirst = true },
        Crs84 with { Uri = Epsg(4490), YFirst = true },
        new(Epsg(3857), 3857, false, false, 3, new Box(-20_037_508.35, -60_000_000, 20_037_508.35, 60_000_000)),
        // CGCS2000 / 3-degree Gauss-Kruger, zones 39 and 40 (with the zone before the easting) and central meridians 117° and 120° E.
        GaussKruger(4527, 39_500_000),
        GaussKruger(4528, 40_500_000),
        GaussKruger(4548, 500_000),
        GaussKruger(4549, 500_000),
    ];

    /// <summary>Null where it is none of ours.</summary>
    internal static Crs? Find(string uri) => All.FirstOrDefault(crs => crs.Uri == uri);

    /// <summary>The system that geometry of this SRID is kept in.</summary>
    internal static Crs? FindStorage(int srid) => srid == 4326 ? Crs84 : All.FirstOrDefault(crs => crs.Uri == Epsg(srid));

    private static string Epsg(int code) => $"http://www.opengis.net/def/crs/EPSG/0/{code}";

    // 800 km to either side of the meridian, from the equator to 58° N: far beyond any Chinese city's own zone.
    private static Crs GaussKruger(int code, double falseEasting) =>
        new(Epsg(code), code, true, false, 3, new Box(falseEasting - 800_000, 0, falseEasting + 800_000, 6_500_000));
}

/// <summary>A box in some system, x before y.</summary>
internal readonly record struct Box(double MinX, double MinY, double MaxX, double MaxY)
{
    internal bool Contains(Box other) => other.MinX >= MinX && other.MaxX <= MaxX && other.MinY >= MinY && other.MaxY <= MaxY;

    /// <summary>Every corner moved to the nearest place inside.</summary>
    internal Box Within(Box domain) => new(
        Math.Clamp(MinX, domain.MinX, domain.MaxX), Math.Clamp(MinY, domain.MinY, domain.MaxY),
        Math.Clamp(MaxX, domain.MinX, domain.MaxX), Math.Clamp(MaxY, domain.MinY, domain.MaxY));
}
