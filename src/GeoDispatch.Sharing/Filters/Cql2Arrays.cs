namespace GeoDispatch.Sharing.Filters;

/// <summary>The array functions: sets of values of one kind.</summary>
internal static class Cql2Arrays
{
    /// <summary>Both are arrays with elements of one kind.</summary>
    internal static string Condition(string function, Fragment left, Fragment right) => function switch
    {
        "a_contains" => $"({left.Sql} @> {right.Sql})",
        "a_containedBy" => $"({left.Sql} <@ {right.Sql})",
        "a_overlaps" => $"({left.Sql} && {right.Sql})",
        _ => $"({left.Sql} @> {right.Sql} AND {left.Sql} <@ {right.Sql})",
    };

    /// <summary>The values of a list. Null where they are not of one kind.</summary>
    /// <param name="ofNone">The kind of an empty list.</param>
    internal static (Array Values, ValueKind Element)? Values(ListExpr list, ValueKind ofNone) =>
        (list.Elements.Count == 0 ? null : list.Elements[0]) switch
        {
            null => (Array.Empty<string>(), ofNone),
            TextLiteral => Each<TextLiteral, string>(list, static one => one.Value, ValueKind.Text),
            NumberLiteral => Each<NumberLiteral, double>(list, static one => one.Value, ValueKind.Number),
            BooleanLiteral => Each<BooleanLiteral, bool>(list, static one => one.Value, ValueKind.Boolean),
            DateLiteral => Each<DateLiteral, DateOnly>(list, static one => one.Value, ValueKind.Date),
            TimestampLiteral => Each<TimestampLiteral, DateTime>(list, static one => one.Utc, ValueKind.Timestamp),
            _ => null,
        };

    /// <summary>As an array of its element's type, so that columns of other types of the same kind can be compared with it.</summary>
    internal static string Cast(string sql, ValueKind element) => $"{sql}::{Type(element)}[]";

    private static (Array Values, ValueKind Element)? Each<TLiteral, TValue>(ListExpr list, Func<TLiteral, TValue> value, ValueKind element)
        where TLiteral : Expr =>
        list.Elements.All(static one => one is TLiteral) ? (list.Elements.Cast<TLiteral>().Select(value).ToArray(), element) : null;

    private static string Type(ValueKind element) => element switch
    {
        ValueKind.Number => "float8",
        ValueKind.Boolean => "boolean",
        ValueKind.Date => "date",
        ValueKind.Timestamp => "timestamptz",
        _ => "text",
    };
}
