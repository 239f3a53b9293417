using System.Collections;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Filters;

/// <summary>A filter of OGC 21-065r2, the same whether it was written as text or as JSON. Two equal trees ask the same.</summary>
internal abstract record Expr;

/// <summary>The value of a feature's property.</summary>
internal sealed record Property(string Name) : Expr;

internal sealed record TextLiteral(string Value) : Expr;

/// <param name="Value">Finite.</param>
internal sealed record NumberLiteral(double Value) : Expr;

internal sealed record BooleanLiteral(bool Value) : Expr;

internal sealed record DateLiteral(DateOnly Value) : Expr;

/// <param name="Utc">To 100 ns.</param>
internal sealed record TimestampLiteral(DateTime Utc) : Expr;

/// <summary>The <c>..</c> of an interval that has no such end.</summary>
internal sealed record OpenEnd : Expr;

/// <summary>From one instant to another, both included.</summary>
internal sealed record Interval(Expr Start, Expr End) : Expr;

/// <summary>A place: a box or a geometry.</summary>
internal abstract record Shape : Expr
{
    /// <summary>What its coordinates are in, x before y whatever the order of the authority.</summary>
    internal Crs Crs { get; init; } = Crs.Crs84;
}

/// <summary>West, south, east, north. In degrees, west beyond east crosses the 180th meridian; height was left out.</summary>
internal sealed record BboxLiteral(double West, double South, double East, double North) : Shape;

/// <summary>An array, or the list that <c>IN</c> looks into.</summary>
internal sealed record ListExpr(Items<Expr> Elements) : Expr;

/// <summary>An operator or a function with its arguments. <paramref name="Name"/> is spelled as in CQL2 JSON.</summary>
internal sealed record Op(string Name, Items<Expr> Arguments) : Expr
{
    internal Op(string name, params Expr[] arguments)
        : this(name, new Items<Expr>(arguments))
    {
    }
}

/// <summary>True where two geometries come as near as this on the ground. CQL2 has no word for it, other protocols do.</summary>
internal sealed record Near(Expr Left, Expr Right, double DistanceMeters) : Expr;

/// <summary>A geometry.</summary>
/// <param name="Type">Spelled as in GeoJSON.</param>
/// <param name="Coordinates">Nested as in GeoJSON; of a GeometryCollection an empty list.</param>
/// <param name="Members">Of a GeometryCollection alone.</param>
internal sealed record GeometryLiteral(string Type, Coordinates Coordinates, Items<GeometryLiteral> Members) : Shape;

internal abstract record Coordinates;

/// <summary>Longitude, or easting, first.</summary>
internal sealed record Position(double X, double Y, double? Z) : Coordinates;

internal sealed record CoordinateList(Items<Coordinates> Elements) : Coordinates;

/// <summary>A list that is equal to another with equal elements.</summary>
internal sealed class Items<T>(IReadOnlyList<T> all) : IReadOnlyList<T>, IEquatable<Items<T>>
{
    internal static readonly Items<T> None = new([]);

    public int Count => all.Count;

    public T this[int index] => all[index];

    public bool Equals(Items<T>? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as Items<T>);

    public override int GetHashCode() => all.Aggregate(all.Count, static (hash, element) => HashCode.Combine(hash, element));

    public IEnumerator<T> GetEnumerator() => all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", all)}]";
}

/// <summary>What a filter may be at most, so that nobody can hold the server up with one.</summary>
internal static class Cql2Limits
{
    /// <summary>In characters. A geometry of it has no more than 16,384 points.</summary>
    internal const int Length = 64 * 1024;

    /// <summary>Parentheses in parentheses, or operators in operators.</summary>
    internal const int Depth = 200;

    /// <summary>Elements of one list, arguments of one function.</summary>
    internal const int ListItems = 1000;

    internal static Problem? CheckLength(string filter) => filter.Length <= Length
        ? null
        : Malformed($"过滤条件最多 {Length} 个字符 / A filter has at most {Length} characters", null);

    /// <summary>Walks without recursion: chains such as <c>1+1+1</c> grow deep without a parenthesis.</summary>
    internal static Problem? Check(Expr filter)
    {
        var open = new Stack<(Expr Node, int Depth)>([(filter, 1)]);
        while (open.TryPop(out (Expr Node, int Depth) next))
        {
            if (next.Depth > Depth)
            {
                return TooDeep();
            }

            Items<Expr> children = Children(next.Node);
            if (children.Count > ListItems && next.Node is not Op { Name: "and" or "or" })
            {
                return Malformed($"列表最多 {ListItems} 项 / A list has at most {ListItems} items", null);
            }

            foreach (Expr child in children)
            {
                open.Push((child, next.Depth + 1));
            }
        }

        return null;
    }

    /// <summary>True where a filter that was checked reads no property but these.</summary>
    internal static bool IsOver(Expr filter, IReadOnlySet<string> properties) => filter switch
    {
        Property property => properties.Contains(property.Name),
        TextLiteral or NumberLiteral or BooleanLiteral or DateLiteral or TimestampLiteral or OpenEnd => true,
        Op or ListExpr or Interval => Children(filter).All(child => IsOver(child, properties)),
        _ => false,
    };

    internal static Problem TooDeep() => Malformed($"嵌套最多 {Depth} 层 / At most {Depth} levels of nesting", null);

    internal static Problem Malformed(string detail, string? value) =>
        new(400, "filter.malformed", "过滤条件无法读懂 / Malformed filter", detail, "filter", value);

    private static Items<Expr> Children(Expr node) => node switch
    {
        Op op => op.Arguments,
        ListExpr list => list.Elements,
        Interval interval => new([interval.Start, interval.End]),
        _ => Items<Expr>.None,
    };
}
