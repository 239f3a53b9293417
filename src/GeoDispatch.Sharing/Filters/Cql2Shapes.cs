using System.Globalization;
using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Filters;

/// <summary>Places of filters: where they may lie, and flat well-known text of them.</summary>
internal static class Cql2Shapes
{
    /// <summary>True where every place lies in the range of its system.</summary>
    internal static bool IsInside(Shape literal) => literal switch
    {
        BboxLiteral box => IsInside(box.West, box.South, box.Crs) && IsInside(box.East, box.North, box.Crs)
            && box.South <= box.North && (box.West <= box.East || box.Crs.Degrees),
        GeometryLiteral geometry => geometry.Members.Count > 0 ? geometry.Members.All(IsInside) : IsInside(geometry.Coordinates, geometry.Crs),
        _ => false,
    };

    /// <summary>The filter with its places, read in the order of an authority, in its system and x before y.</summary>
    internal static Expr Placed(Expr filter, Crs crs) => filter switch
    {
        BboxLiteral box when crs.YFirst => new BboxLiteral(box.South, box.West, box.North, box.East) { Crs = crs },
        BboxLiteral box => box with { Crs = crs },
        GeometryLiteral geometry => Placed(geometry, crs),
        Op op => op with { Arguments = Placed(op.Arguments, crs) },
        ListExpr list => new ListExpr(Placed(list.Elements, crs)),
        _ => filter,
    };

    internal static string ToWkt(Shape literal) => literal switch
    {
        BboxLiteral box => Outline(box),
        GeometryLiteral { Members.Count: > 0 } collection => $"GEOMETRYCOLLECTION({string.Join(",", collection.Members.Select(ToWkt))})",
        GeometryLiteral { Coordinates: Position point } => $"POINT({Pair(point)})",
        GeometryLiteral geometry => geometry.Type.ToUpperInvariant() + Nested(geometry.Coordinates),
        _ => throw new ArgumentOutOfRangeException(nameof(literal), literal, "not a geometry"),
    };

    private static Items<Expr> Placed(Items<Expr> all, Crs crs) => new([.. all.Select(one => Placed(one, crs))]);

    private static GeometryLiteral Placed(GeometryLiteral geometry, Crs crs) => geometry with
    {
        Coordinates = crs.YFirst ? Swapped(geometry.Coordinates) : geometry.Coordinates,
        Members = new Items<GeometryLiteral>([.. geometry.Members.Select(member => Placed(member, crs))]),
        Crs = crs,
    };

    private static Coordinates Swapped(Coordinates coordinates) => coordinates switch
    {
        Position position => position with { X = position.Y, Y = position.X },
        _ => new CoordinateList(new Items<Coordinates>([.. ((CoordinateList)coordinates).Elements.Select(Swapped)])),
    };

    private static bool IsInside(Coordinates coordinates, Crs crs) => coordinates switch
    {
        Position position => IsInside(position.X, position.Y, crs),
        CoordinateList list => list.Elements.All(element => IsInside(element, crs)),
        _ => false,
    };

    private static bool IsInside(double x, double y, Crs crs) => crs.Domain.Contains(new Box(x, y, x, y));

    /// <summary>Two areas where it crosses the 180th meridian, a line or a point where it has no area.</summary>
    private static string Outline(BboxLiteral box)
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
