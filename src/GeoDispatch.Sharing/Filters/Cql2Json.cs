using System.Text.Json;
using GeoDispatch.Postgres;

namespace GeoDispatch.Sharing.Filters;

/// <summary>Reads CQL2 JSON into the tree that the same filter as text gives.</summary>
internal static class Cql2Json
{
    /// <summary>An operator of the tree is an object and a list in JSON, and coordinates nest a little further.</summary>
    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = (2 * Cql2Limits.Depth) + 16 };

    /// <summary>The filter, or the refusal that names the member at fault and what was expected there.</summary>
    internal static (Expr? Filter, Problem? Problem) Parse(string json)
    {
        if (Cql2Limits.CheckLength(json) is { } tooLong)
        {
            return (null, tooLong);
        }

        try
        {
            using var document = JsonDocument.Parse(json, Bounds);
            (Expr? filter, string expected) = Read(document.RootElement, "$");
            return filter is null
                ? (null, Cql2Limits.Malformed($"有误 / Wrong: {expected}", null))
                : Cql2Limits.Check(filter) is { } problem ? (null, problem) : (filter, null);
        }
        catch (JsonException broken)
        {
            return (null, Cql2Limits.Malformed(
                $"第 {broken.LineNumber + 1} 行第 {broken.BytePositionInLine + 1} 字节不是 JSON / Not JSON at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}", null));
        }
    }

    private static (Expr? Node, string Expected) Read(JsonElement json, string path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return Text(json) is { } text ? (new TextLiteral(text), "") : (null, $"{path}: a text without broken characters");
            case JsonValueKind.Number:
                return json.TryGetDouble(out double number) && double.IsFinite(number) ? (new NumberLiteral(number), "") : (null, $"{path}: a number below 1e308");
            case JsonValueKind.True or JsonValueKind.False:
                return (new BooleanLiteral(json.GetBoolean()), "");
            case JsonValueKind.Array:
                (IReadOnlyList<Expr>? elements, string wrong) = ReadAll(json, path);
                return elements is null ? (null, wrong) : (new ListExpr(new Items<Expr>(elements)), "");
            case JsonValueKind.Object:
                (Expr? node, string expected) = ReadObject(json, path);
                return node is null && !expected.StartsWith('$') ? (null, $"{path}: {expected}") : (node, expected);
            default:
                return (null, $"{path}: a value other than null");
        }
    }

    private static (Expr? Node, string Expected) ReadObject(JsonElement json, string path)
    {
        if (json.TryGetProperty("op", out JsonElement op))
        {
            (IReadOnlyList<Expr>? arguments, string wrong) = json.TryGetProperty("args", out JsonElement args) ? ReadAll(args, $"{path}.args") : (null, $"{path}.args: a list");
            return arguments is null ? (null, wrong) : Text(op) is not { } name ? (null, $"{path}.op: a name") : Cql2Operators.Operator(name, arguments);
        }

        if (json.TryGetProperty("property", out JsonElement property))
        {
            return Text(property) is { Length: > 0 } name ? (new Property(name), "") : (null, "the name of a property");
        }

        if (json.TryGetProperty("date", out JsonElement date))
        {
            return Cql2Operators.Date(Text(date) ?? "");
        }

        if (json.TryGetProperty("timestamp", out JsonElement instant))
        {
            return Cql2Operators.Timestamp(Text(instant) ?? "");
        }

        if (json.TryGetProperty("interval", out JsonElement interval))
        {
            (IReadOnlyList<Expr>? ends, string wrong) = ReadAll(interval, $"{path}.interval");
            return ends is null ? (null, wrong) : Cql2Operators.Between(ends);
        }

        if (json.TryGetProperty("type", out JsonElement type))
        {
            return ReadGeometry(json, Text(type) ?? "", path);
        }

        if (json.TryGetProperty("bbox", out JsonElement bbox))
        {
            (IReadOnlyList<Expr>? values, string wrong) = ReadAll(bbox, $"{path}.bbox");
            return values is null ? (null, wrong) : Cql2Operators.Bbox(values);
        }

        return (null, "op, property, date, timestamp, interval, bbox or a geometry");
    }

    private static (IReadOnlyList<Expr>? All, string Expected) ReadAll(JsonElement list, string path)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return (null, $"{path}: a list");
        }

        var all = new List<Expr>(list.GetArrayLength());
        foreach (JsonElement element in list.EnumerateArray())
        {
            (Expr? node, string expected) = Read(element, $"{path}[{all.Count}]");
            if (node is null)
            {
                return (null, expected);
            }

            all.Add(node);
        }

        return (all, "");
    }

    private static (Expr? Node, string Expected) ReadGeometry(JsonElement json, string type, string path)
    {
        if (json.TryGetProperty("geometries", out JsonElement geometries))
        {
            (IReadOnlyList<Expr>? members, string wrong) = ReadAll(geometries, $"{path}.geometries");
            return members is null || type != "GeometryCollection" ? (null, members is null ? wrong : "a GeometryCollection") : Cql2Operators.Collection(members);
        }

        return json.TryGetProperty("coordinates", out JsonElement coordinates) && Coordinates(coordinates) is { } read
            ? Cql2Operators.Geometry(type, read)
            : (null, "coordinates of two or three numbers each");
    }

    private static Coordinates? Coordinates(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        JsonElement[] elements = [.. json.EnumerateArray()];
        if (elements.Length > 0 && elements[0].ValueKind == JsonValueKind.Number)
        {
            double[] numbers = [.. elements.Where(static one => one.ValueKind == JsonValueKind.Number).Select(static one => one.GetDouble())];
            return numbers.Length != elements.Length || numbers.Length is < 2 or > 3 || !numbers.All(double.IsFinite)
                ? null
                : new Position(numbers[0], numbers[1], numbers.Length == 3 ? numbers[2] : null);
        }

        Coordinates?[] nested = [.. elements.Select(Coordinates)];
        return nested.Any(static one => one is null) ? null : new CoordinateList(new Items<Coordinates>(nested!));
    }

    private static string? Text(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            string text = json.GetString()!;
            return Cql2Operators.IsStorable(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped: JSON can spell it, a string in UTF-8 cannot.
            return null;
        }
    }
}
