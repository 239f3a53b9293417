using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoDispatch.Sharing.Raster;

/// <summary>A colour by its name in the flavours, written <c>@name</c>.</summary>
[JsonConverter(typeof(ColourNameConverter))]
internal sealed record ColourName(string Name);

/// <summary>One text or several; numbers and truth values by how they are written. <c>S*</c> is whatever begins with S, as numbers of provincial roads do.</summary>
[JsonConverter(typeof(OneOfConverter))]
internal sealed record OneOf(IReadOnlyList<JsonElement> Values)
{
    internal IReadOnlyList<string> Texts { get; } = [.. Values.Select(static value => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText())];

    internal bool Holds(string? text) => text is not null && Texts.Any(one => BeginningOf(one) is string beginning
        ? text.StartsWith(beginning, StringComparison.Ordinal)
        : string.Equals(one, text, StringComparison.Ordinal));

    /// <summary>Null for a text that is meant as it stands.</summary>
    internal static string? BeginningOf(string text) => text is [.. var beginning, '*'] ? beginning : null;
}

/// <summary>
/// A number that grows with the zoom: between two stops by the power of 1.5, as MapLibre's <c>["exponential", 1.5]</c>; written as one number
/// or as <c>[[zoom, number], …]</c>.
/// </summary>
[JsonConverter(typeof(ZoomNumberConverter))]
internal sealed record ZoomNumber(IReadOnlyList<(double Zoom, double Value)> Stops)
{
    internal const double Base = 1.5;

    internal double At(double zoom)
    {
        if (zoom <= Stops[0].Zoom || Stops.Count == 1)
        {
            return Stops[0].Value;
        }

        for (int i = 1; i < Stops.Count; i++)
        {
            ((double from, double low), (double to, double high)) = (Stops[i - 1], Stops[i]);
            if (zoom < to)
            {
                return low + ((high - low) * (Math.Pow(Base, zoom - from) - 1) / (Math.Pow(Base, to - from) - 1));
            }
        }

        return Stops[^1].Value;
    }
}

internal sealed class ColourNameConverter : JsonConverter<ColourName>
{
    public override ColourName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is ['@', _, ..] text
            ? new ColourName(text[1..])
            : throw new JsonException("A colour is written @name");

    public override void Write(Utf8JsonWriter writer, ColourName value, JsonSerializerOptions options) => writer.WriteStringValue($"@{value.Name}");
}

internal sealed class OneOfConverter : JsonConverter<OneOf>
{
    public override OneOf Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement value = JsonElement.ParseValue(ref reader);
        JsonElement[] values = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return values.Length > 0 && Array.TrueForAll(values, static one => one.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            ? new OneOf(values)
            : throw new JsonException("A condition is a text, a number, a truth value, or a list of them");
    }

    public override void Write(Utf8JsonWriter writer, OneOf value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.Values, options);
}

internal sealed class ZoomNumberConverter : JsonConverter<ZoomNumber>
{
    public override ZoomNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement value = JsonElement.ParseValue(ref reader);
        if (value.ValueKind == JsonValueKind.Number)
        {
            return new ZoomNumber([(0, value.GetDouble())]);
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() < 2)
        {
            throw new JsonException("A number by zoom is a number or at least two stops [zoom, number]");
        }

        var stops = new List<(double Zoom, double Value)>();
        foreach (JsonElement stop in value.EnumerateArray())
        {
            if (stop.ValueKind != JsonValueKind.Array || stop.GetArrayLength() != 2 || stop[0].ValueKind != JsonValueKind.Number
                || stop[1].ValueKind != JsonValueKind.Number || (stops.Count > 0 && stop[0].GetDouble() <= stops[^1].Zoom))
            {
                throw new JsonException("Each stop is [zoom, number], the zooms rising");
            }

            stops.Add((stop[0].GetDouble(), stop[1].GetDouble()));
        }

        return new ZoomNumber(stops);
    }

    public override void Write(Utf8JsonWriter writer, ZoomNumber value, JsonSerializerOptions options)
    {
        if (value.Stops.Count == 1)
        {
            writer.WriteNumberValue(value.Stops[0].Value);
            return;
        }

        writer.WriteStartArray();
        foreach ((double zoom, double number) in value.Stops)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(zoom);
            writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
