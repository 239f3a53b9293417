using System.Globalization;

namespace GeoDispatch.Sharing.Filters;

/// <summary>Geometries of filters as flat well-known text.</summary>
internal static class Cql2Shapes
{
    internal static bool IsOnEarth(Expr literal) => literal switch
    {
        BboxLiteral box => IsLonLat(box.West, box.South) && IsLonLat(box.East, box.North) && box.South <= box.North,
        GeometryLiteral geometry => geometry.Members.Count > 0 ? geometry.Members.All(IsOnEarth) : IsOnEarth(geometry.Coordinates),
        _ => false,
    };

    internal static string ToWkt(Expr literal) => literal switch
    {
        BboxLiteral box => Box(box),
        GeometryLiteral { Members.Count: > 0 } collection => $"GEOMETRYCOLLECTION({string.Join(",", collection.Members.Select(ToWkt))})",
        GeometryLiteral { Coordinates: Position point } => $"POINT({Pair(point)})",
        GeometryLiteral geometry => geometry.Type.ToUpperInvariant() + Nested(geometry.Coordinates),
        _ => throw new ArgumentOutOfRangeException(nameof(literal), literal, "not a geometry"),
    };

    private static bool IsOnEarth(Coordinates coordinates) => coordinates switch
    {
        Position position => IsLonLat(position.X, position.Y),
        CoordinateList list => list.Elements.All(IsOnEarth),
        _ => false,
    };

    private static bool IsLonLat(double lon, double lat) => Math.Abs(lon) <= 180 && Math.Abs(lat) <= 90;

    /// <summary>Two areas where it crosses the 180th meridian, a line or a point where it has no area.</summary>
    private static string Box(BboxLiteral box)
    {
        if (box.West > box.East)
        {
            return $"MULTIPOLYGON(({Ring(box with { East = 180 })}),({Ring(box with { West = -180 })}))";
        }

        bool narrow = box.West.Equals(box.East);
        bool flat = box.South.Equals(box.North);
        string from = Pair(new Position(box.West, box.South, null));
        return narrow && flat ? $"POINT({from})"
            : narrow || flat ? $"LINESTRING({from},{Pair(new Position(box.East, box.North, null))})"
            : $"POLYGON({Ring(box)})";
    }

    private static string Ring(BboxLiteral box) => string.Create(
        CultureInfo.InvariantCulture,
        $"({box.West:R} {box.South:R},{box.East:R} {box.South:R},{box.East:R} {box.North:R},{box.West:R} {box.North:R},{box.West:R} {box.South:R})");

    private static string Nested(Coordinates coordinates) =>
        coordinates is Position position ? Pair(position) : $"({string.Join(",", ((CoordinateList)coordinates).Elements.Select(Nested))})";

    private static string Pair(Position position) => string.Create(CultureInfo.InvariantCulture, $"{position.X:R} {position.Y:R}");
}
