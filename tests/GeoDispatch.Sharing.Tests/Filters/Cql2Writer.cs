using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>Writes a filter down again in either encoding, with parentheses wherever they may stand.</summary>
internal static class Cql2Writer
{
    internal static string ToText(Expr expr) => expr switch
    {
        Property property => $"\"{property.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        TextLiteral text => $"'{text.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'",
        NumberLiteral number => Number(number.Value),
        BooleanLiteral boolean => boolean.Value ? "TRUE" : "FALSE",
        DateLiteral date => $"DATE('{Day(date)}')",
        TimestampLiteral instant => $"TIMESTAMP('{Moment(instant)}')",
        Interval interval => $"INTERVAL({End(interval.Start)}, {End(interval.End)})",
        BboxLiteral box => $"BBOX({Number(box.West)}, {Number(box.South)}, {Number(box.East)}, {Number(box.North)})",
        ListExpr list => $"({string.Join(", ", list.Elements.Select(ToText))})",
        GeometryLiteral { Members.Count: > 0 } collection => $"GEOMETRYCOLLECTION({string.Join(", ", collection.Members.Select(ToText))})",
        GeometryLiteral { Coordinates: Position point } => $"POINT({Pair(point)})",
        GeometryLiteral geometry => geometry.Type.ToUpperInvariant() + Nested(geometry.Coordinates),
        Op op => Operator(op),
        _ => throw new ArgumentOutOfRangeException(nameof(expr), expr, "no such node"),
    };

    internal static string ToJson(Expr expr) => Json(expr).ToJsonString();

    private static string Operator(Op op)
    {
        string[] arguments = [.. op.Arguments.Select(ToText)];
        return op.Name switch
        {
            "and" or "or" => $"({string.Join($" {op.Name.ToUpperInvariant()} ", arguments)})",
            "not" => $"(NOT {arguments[0]})",
            "isNull" => $"({arguments[0]} IS NULL)",
            "between" => $"({arguments[0]} BETWEEN {arguments[1]} AND {arguments[2]})",
            "like" or "in" or "div" or "=" or "<>" or "<" or ">" or "<=" or ">=" or "+" or "-" or "*" or "/" or "%" or "^" =>
                $"({arguments[0]} {op.Name.ToUpperInvariant()} {arguments[1]})",
            _ => $"{op.Name}({string.Join(", ", arguments)})",
        };
    }

    private static JsonNode Json(Expr expr) => expr switch
    {
        Property property => new JsonObject { ["property"] = property.Name },
        TextLiteral text => JsonValue.Create(text.Value),
        NumberLiteral number => JsonValue.Create(number.Value),
        BooleanLiteral boolean => JsonValue.Create(boolean.Value),
        DateLiteral date => new JsonObject { ["date"] = Day(date) },
        TimestampLiteral instant => new JsonObject { ["timestamp"] = Moment(instant) },
        Interval interval => new JsonObject { ["interval"] = new JsonArray(JsonEnd(interval.Start), JsonEnd(interval.End)) },
        BboxLiteral box => new JsonObject { ["bbox"] = new JsonArray(box.West, box.South, box.East, box.North) },
        ListExpr list => Array(list.Elements, Json),
        GeometryLiteral { Members.Count: > 0 } collection => new JsonObject { ["type"] = collection.Type, ["geometries"] = Array(collection.Members, Json) },
        GeometryLiteral geometry => new JsonObject { ["type"] = geometry.Type, ["coordinates"] = Json(geometry.Coordinates) },
        Op op => new JsonObject { ["op"] = op.Name, ["args"] = Array(op.Arguments, Json) },
        _ => throw new ArgumentOutOfRangeException(nameof(expr), expr, "no such node"),
    };

    private static JsonArray Json(Coordinates coordinates) => coordinates switch
    {
        Position { Z: null } flat => new JsonArray(flat.X, flat.Y),
        Position high => new JsonArray(high.X, high.Y, high.Z),
        _ => Array(((CoordinateList)coordinates).Elements, Json),
    };

    private static JsonArray Array<T>(IEnumerable<T> all, Func<T, JsonNode> write) => new([.. all.Select(write)]);

    private static string End(Expr end) => end switch
    {
        OpenEnd => "'..'",
        DateLiteral date => $"'{Day(date)}'",
        TimestampLiteral instant => $"'{Moment(instant)}'",
        _ => ToText(end),
    };

    private static JsonNode JsonEnd(Expr end) => end switch
    {
        OpenEnd => JsonValue.Create(".."),
        DateLiteral date => JsonValue.Create(Day(date)),
        TimestampLiteral instant => JsonValue.Create(Moment(instant)),
        _ => Json(end),
    };

    private static string Nested(Coordinates coordinates) =>
        coordinates is Position position ? Pair(position) : $"({string.Join(", ", ((CoordinateList)coordinates).Elements.Select(Nested))})";

    private static string Pair(Position position) =>
        $"{Number(position.X)} {Number(position.Y)}" + (position.Z is { } height ? " " + Number(height) : "");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Day(DateLiteral date) => date.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Moment(TimestampLiteral instant) => instant.Utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
