using System.Globalization;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Features;

/// <summary>The box of a layer's features and of the city together, in degrees, as a reader may see them. At most five seconds old.</summary>
internal static class SpatialExtents
{
    // Beyond any coordinate of any system of ours.
    private const double Far = 1e9;

    /// <summary>Null where there are no features, or none on earth.</summary>
    internal static readonly Summary<Bbox?> Summary = new(
        5_000,
        Write,
        static row => new Bbox(row.GetDouble(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3)) is { IsValid: true } box ? box : null,
        null);

    /// <param name="data">What <see cref="Summary"/> says.</param>
    /// <param name="city">Null while there is no city.</param>
    internal static Bbox? Of(Bbox? data, Bbox? city) => (data, city) is (Bbox one, Bbox other)
        ? new Bbox(Math.Min(one.West, other.West), Math.Min(one.South, other.South), Math.Max(one.East, other.East), Math.Max(one.North, other.North))
        : data ?? city;

    /// <summary>
    /// The outermost features in each direction, which an index of the table finds without reading the rest: the nearest to a line far out.
    /// </summary>
    private static string Write(ReadableLayer readable, SqlParameters parameters)
    {
        string geometry = SqlParameters.Quoted(readable.Layer.GeometryColumn), source = readable.Source(parameters);
        string Outermost(double x1, double y1, double x2, double y2) => string.Create(
            CultureInfo.InvariantCulture,
            $"""
            (SELECT {geometry} AS g FROM {source} AS source WHERE NOT ST_IsEmpty({geometry})
             ORDER BY {geometry} <-> ST_SetSRID(ST_MakeLine(ST_Point({x1}, {y1}), ST_Point({x2}, {y2})), {readable.Layer.Srid}) LIMIT 1)
            """);
        return $"""
            SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Extent(ST_Transform(g, 4326)) AS b FROM (
                {Outermost(-Far, -Far, -Far, Far)} UNION ALL {Outermost(Far, -Far, Far, Far)}
                UNION ALL {Outermost(-Far, -Far, Far, -Far)} UNION ALL {Outermost(-Far, Far, Far, Far)}) outermost) box WHERE b IS NOT NULL
            """;
    }
}
