using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Filters;

/// <summary>Places and distances in SQL: what is compared is brought to one system of coordinates, so that a column's index serves.</summary>
internal static class Cql2Places
{
    /// <summary>The refusal of a literal that lies beyond where its system of coordinates means anything.</summary>
    internal static Problem? CheckInside(Shape literal)
    {
        if (Cql2Shapes.IsInside(literal))
        {
            return null;
        }

        Box domain = literal.Crs.Domain;
        return new Problem(
            400, "filter.outside", "坐标超出范围 / Coordinates out of range",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{literal.Crs.Uri}: x {domain.MinX:0.##}…{domain.MaxX:0.##}, y {domain.MinY:0.##}…{domain.MaxY:0.##},最小值在前 / the lower value first"),
            "filter");
    }

    /// <param name="wkt">The parameter that holds the literal's text.</param>
    internal static Fragment Literal(Shape literal, string wkt)
    {
        Crs crs = literal.Crs;
        string geometry = $"ST_GeomFromText({wkt}, {crs.Srid})";
        return new(
            literal switch
            {
                // The edges of a box in metres bend in another projection.
                BboxLiteral when !crs.Degrees => $"ST_Segmentize({geometry}, 20000)",
                // What crosses itself cannot be compared. Lines and points have nothing to repair.
                GeometryLiteral { Type: "Polygon" or "MultiPolygon" or "GeometryCollection" } => $"ST_MakeValid({geometry})",
                _ => geometry,
            },
            ValueKind.Geometry, crs.Srid);
    }

    /// <summary>A spatial function, such as <c>s_touches</c>. The first stays as it is if it is a column, otherwise the second; the other is brought to it.</summary>
    internal static string Condition(string function, Fragment left, Fragment right, bool leftIsColumn)
    {
        int srid = leftIsColumn ? left.Srid!.Value : right.Srid!.Value;
        string both = $"({In(left, srid)}, {In(right, srid)})";
        string name = function["s_".Length..];
        return name == "disjoint" ? $"(NOT ST_Intersects{both})" : $"ST_{char.ToUpperInvariant(name[0])}{name[1..]}{both}";
    }

    /// <summary>Whether the boxes of a column and of a geometry meet: implied by every spatial function but <c>s_disjoint</c>.</summary>
    internal static string BoxesMeet(Fragment column, Fragment geometry) => $"({column.Sql} && {In(geometry, column.Srid!.Value)})";

    /// <summary>Measured on the spheroid. A box around the second geometry, somewhat too large, lets the index of the first serve.</summary>
    internal static string Within(Fragment left, Fragment right, string meters) =>
        $"({BoxesNear(left, right, meters)} AND ST_DWithin({In(left, 4326)}::geography, {In(right, 4326)}::geography, {meters}))";

    /// <summary>Whether the box of a column meets the one around a geometry.</summary>
    internal static string BoxesNear(Fragment column, Fragment geometry, string meters) =>
        $"{column.Sql} && ST_Transform({Around(geometry, meters)}, {column.Srid!.Value})";

    private static string Around(Fragment geometry, string meters) =>
        $"ST_Envelope(ST_Buffer(ST_Envelope({In(geometry, 4326)})::geography, {meters} * 1.01 + 1)::geometry)";

    // What was made valid may cross itself again where its corners come to lie on other numbers.
    private static string In(Fragment geometry, int srid) => geometry.Srid == srid ? geometry.Sql
        : geometry.Sql.StartsWith("ST_MakeValid(", StringComparison.Ordinal) ? $"ST_MakeValid(ST_Transform({geometry.Sql}, {srid}))"
        : $"ST_Transform({geometry.Sql}, {srid})";
}
