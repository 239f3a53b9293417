using System.Globalization;

namespace GeoDispatch.Sharing.Filters;

/// <summary>
/// Puts nodes together for both encodings, so that both keep the same rules. Each answer is a node, or null and what was expected.
/// </summary>
internal static class Cql2Operators
{
    private static readonly string[] Unary = ["not", "isNull", "casei", "accenti"];
    private static readonly string[] Binary = ["=", "<>", "<", ">", "<=", ">=", "like", "in", "+", "-", "*", "/", "%", "div", "^"];
    private static readonly string[] Spatial =
        ["s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains"];

    private static readonly string[] Temporal =
    [
        "t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedBy", "t_finishes", "t_intersects",
        "t_meets", "t_metBy", "t_overlappedBy", "t_overlaps", "t_startedBy", "t_starts",
    ];

    private static readonly string[] Array = ["a_equals", "a_contains", "a_containedBy", "a_overlaps"];
    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    /// <summary>Name in any case → the name as in CQL2 JSON, fewest and most arguments.</summary>
    private static readonly Dictionary<string, (string Name, int Fewest, int Most)> Known = new[]
    {
        Unary.Select(static name => (name, 1, 1)),
        Binary.Concat(Spatial).Concat(Temporal).Concat(Array).Select(static name => (name, 2, 2)),
        [("between", 3, 3), ("and", 2, int.MaxValue), ("or", 2, int.MaxValue)],
    }.SelectMany(static one => one).ToDictionary(static one => one.name, static one => one, StringComparer.OrdinalIgnoreCase);

    /// <summary>How many lists of lists the coordinates of a type are.</summary>
    private static readonly Dictionary<string, (string Name, int Nesting)> Geometries = new (string Name, int Nesting)[]
    {
        ("Point", 0), ("LineString", 1), ("MultiPoint", 1), ("Polygon", 2), ("MultiLineString", 2), ("MultiPolygon", 3), ("GeometryCollection", -1),
    }.ToDictionary(static one => one.Name, static one => one, StringComparer.OrdinalIgnoreCase);

    internal static bool IsKnown(string name) => Known.ContainsKey(name);

    internal static bool IsArrayFunction(string name) => Array.Contains(name, StringComparer.OrdinalIgnoreCase);

    internal static bool IsGeometry(string name) => Geometries.ContainsKey(name);

    /// <summary>An operator of the language or, by any other name, a function.</summary>
    internal static (Expr? Node, string Expected) Operator(string name, IReadOnlyList<Expr> arguments)
    {
        if (!Known.TryGetValue(name, out (string Name, int Fewest, int Most) known))
        {
            return (new Op(name, new Items<Expr>(arguments)), "");
        }

        if (arguments.Count < known.Fewest || arguments.Count > known.Most)
        {
            return (null, $"{known.Fewest} arguments of {known.Name}");
        }

        return known.Name switch
        {
            "in" when arguments[1] is not ListExpr { Elements.Count: > 0 } => (null, "a list of at least one value after IN"),
            "like" when !IsPattern(arguments[1]) => (null, "a pattern in quotes after LIKE"),
            _ => (new Op(known.Name, new Items<Expr>(arguments)), ""),
        };
    }

    internal static (Expr? Node, string Expected) Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? (new DateLiteral(date), "")
            : (null, "a date such as '2026-07-01'");

    internal static (Expr? Node, string Expected) Timestamp(string text) =>
        DateTime.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime instant)
            ? (new TimestampLiteral(instant), "")
            : (null, "an instant such as '2026-07-01T08:00:00Z'");

    internal static (Expr? Node, string Expected) Between(IReadOnlyList<Expr> ends)
    {
        if (ends.Count != 2)
        {
            return (null, "two ends of an interval");
        }

        (Expr? start, string wrongStart) = End(ends[0]);
        (Expr? end, string wrongEnd) = End(ends[1]);
        return start is null ? (null, wrongStart) : end is null ? (null, wrongEnd) : (new Interval(start, end), "");
    }

    internal static (Expr? Node, string Expected) Bbox(IReadOnlyList<Expr> values)
    {
        double[] numbers = [.. values.OfType<NumberLiteral>().Select(static number => number.Value)];
        return numbers.Length != values.Count ? (null, "4 or 6 numbers of a BBOX") : numbers switch
        {
            [double west, double south, double east, double north] => (new BboxLiteral(west, south, east, north), ""),
            [double west, double south, _, double east, double north, _] => (new BboxLiteral(west, south, east, north), ""),
            _ => (null, "4 or 6 numbers of a BBOX"),
        };
    }

    internal static (GeometryLiteral? Node, string Expected) Geometry(string type, Coordinates coordinates)
    {
        if (!Geometries.TryGetValue(type, out (string Name, int Nesting) known) || known.Nesting < 0)
        {
            return (null, "a type of geometry");
        }

        bool fits = Fits(coordinates, known.Nesting) && known.Name switch
        {
            "LineString" => IsLine(coordinates),
            "MultiLineString" => Elements(coordinates).All(IsLine),
            "Polygon" => Elements(coordinates).All(IsRing),
            "MultiPolygon" => Elements(coordinates).All(static polygon => Elements(polygon).All(IsRing)),
            _ => true,
        };
        return fits
            ? (new GeometryLiteral(known.Name, coordinates, Items<GeometryLiteral>.None), "")
            : (null, $"the coordinates of a {known.Name}, lines of two points at least, rings of four and closed");
    }

    internal static (GeometryLiteral? Node, string Expected) Collection(IReadOnlyList<Expr> members) =>
        members.Count > 0 && members.All(static member => member is GeometryLiteral { Type: not "GeometryCollection" })
            ? (new GeometryLiteral("GeometryCollection", new CoordinateList(Items<Coordinates>.None), new Items<GeometryLiteral>([.. members.Cast<GeometryLiteral>()])), "")
            : (null, "geometries in a GeometryCollection, none of them a collection itself");

    /// <summary>PostgreSQL stores neither.</summary>
    internal static bool IsStorable(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\0' || (char.IsSurrogate(text[at]) && !(char.IsHighSurrogate(text[at]) && ++at < text.Length && char.IsLowSurrogate(text[at]))))
            {
                return false;
            }
        }

        return true;
    }

    private static (Expr? Node, string Expected) End(Expr end) => end switch
    {
        TextLiteral { Value: ".." } => (new OpenEnd(), ""),
        TextLiteral { Value.Length: 10 } date => Date(date.Value),
        TextLiteral instant => Timestamp(instant.Value),
        DateLiteral or TimestampLiteral or Property => (end, ""),
        Op function when !IsKnown(function.Name) => (end, ""),
        _ => (null, "an instant, a property or '..' at the end of an interval"),
    };

    private static bool IsPattern(Expr pattern) =>
        pattern is TextLiteral || (pattern is Op { Name: "casei" or "accenti" } wrapped && IsPattern(wrapped.Arguments[0]));

    private static Items<Coordinates> Elements(Coordinates coordinates) => ((CoordinateList)coordinates).Elements;

    private static bool Fits(Coordinates coordinates, int nesting) => coordinates switch
    {
        Position => nesting == 0,
        CoordinateList list => nesting > 0 && list.Elements.Count > 0 && list.Elements.All(element => Fits(element, nesting - 1)),
        _ => false,
    };

    private static bool IsLine(Coordinates line) => Elements(line).Count >= 2;

    private static bool IsRing(Coordinates ring)
    {
        Items<Coordinates> points = Elements(ring);
        return points.Count >= 4 && points[0] is Position first && points[^1] is Position last && first.X.Equals(last.X) && first.Y.Equals(last.Y);
    }
}
