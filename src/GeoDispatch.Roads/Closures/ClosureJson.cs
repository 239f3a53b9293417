using System.Buffers;
using System.Text;
using System.Text.Json;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Closures;

/// <summary>Drawings and lines as GeoJSON (RFC 7946), the form in which they come, are kept and are given.</summary>
internal static class ClosureJson
{
    internal const int MostPoints = 1_000;

    /// <summary>Reads a LineString, or a Polygon of one ring; points to seven decimals of a degree, a centimetre.</summary>
    /// <returns>Null where it is neither, or has a point off the earth, or more than <see cref="MostPoints"/>; then what is wrong.</returns>
    internal static (ClosureDrawing? Drawing, string? Wrong) ReadDrawing(JsonElement geometry)
    {
        try
        {
            bool isArea = geometry.GetProperty("type").GetString() == "Polygon";
            JsonElement coordinates = geometry.GetProperty("coordinates");
            if ((!isArea && geometry.GetProperty("type").GetString() != "LineString") || (isArea && coordinates.GetArrayLength() != 1))
            {
                return (null, "须为 LineString,或一个环的 Polygon / a LineString, or a Polygon of one ring");
            }

            JsonElement line = isArea ? coordinates[0] : coordinates;
            if (line.GetArrayLength() is > MostPoints or < 2)
            {
                return (null, $"2 至 {MostPoints} 个点 / 2 to {MostPoints} points");
            }

            LonLat[] points = [.. line.EnumerateArray().Select(static point => new LonLat(Math.Round(point[0].GetDouble(), 7), Math.Round(point[1].GetDouble(), 7)))];
            return !Array.TrueForAll(points, static point => point.IsOnEarth) ? (null, "lon −180…180, lat −90…90")
                : isArea && (points.Length < 4 || points[0] != points[^1]) ? (null, "环须闭合,至少四点 / a ring of four points or more whose last is its first")
                : !isArea && points.Distinct().Count() < 2 ? (null, "至少两个不同的点 / two points that differ")
                : (new ClosureDrawing(isArea, points), null);
        }
        catch (Exception malformed) when (malformed is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return (null, "须为 GeoJSON / must be GeoJSON: {\"type\": \"LineString\", \"coordinates\": [[118.5, 37.4], [118.6, 37.4]]}");
        }
    }

    internal static string Write(ClosureDrawing drawing) => Write(drawing.IsArea ? "Polygon" : "LineString", drawing.IsArea ? [drawing.Points] : null, drawing.Points);

    internal static string Write(IReadOnlyList<LonLat[]> lines) => Write("MultiLineString", lines, []);

    internal static IReadOnlyList<LonLat[]> ReadLines(JsonElement geometry) =>
        [.. geometry.GetProperty("coordinates").EnumerateArray().Select(static line =>
            line.EnumerateArray().Select(static point => new LonLat(point[0].GetDouble(), point[1].GetDouble())).ToArray())];

    private static string Write(string type, IEnumerable<IReadOnlyList<LonLat>>? lines, IReadOnlyList<LonLat> single)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteStartArray("coordinates");
            if (lines is null)
            {
                WritePoints(json, single);
            }
            else
            {
                foreach (IReadOnlyList<LonLat> line in lines)
                {
                    json.WriteStartArray();
                    WritePoints(json, line);
                    json.WriteEndArray();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void WritePoints(Utf8JsonWriter json, IReadOnlyList<LonLat> points)
    {
        foreach (LonLat point in points)
        {
            json.WriteStartArray();
            json.WriteNumberValue(Math.Round(point.Lon, 7));
            json.WriteNumberValue(Math.Round(point.Lat, 7));
            json.WriteEndArray();
        }
    }
}
