using System.Globalization;
using Xunit;

namespace GeoDispatch.Testing;

/// <summary>A search that was written down with its answer before there was one that could be tuned to it.</summary>
/// <param name="Form">What kind of words: address, pinyin, crossing …</param>
/// <param name="Mistake">What is wrong in them; empty where nothing is.</param>
/// <param name="Name">Of the answer; empty where its place says it: a crossing, a kilometre.</param>
/// <param name="WithinMeters">How far from <paramref name="At"/> the answer may lie; null where the name says it.</param>
public sealed record WrittenQuery(
    string Form, string Mistake, string Text, (double Lon, double Lat)? Near, string Kind, string Name, string District, (double Lon, double Lat)? At, double? WithinMeters)
{
    /// <summary>The path that asks it.</summary>
    public string Path => string.Create(
        CultureInfo.InvariantCulture, $"/api/places?q={Uri.EscapeDataString(Text)}&limit=5{(Near is var (lon, lat) ? $"&lon={lon}&lat={lat}" : "")}");

    /// <summary>Reads a table of them.</summary>
    public static IReadOnlyList<WrittenQuery> Read(string path) => [.. File.ReadLines(path).Skip(1).Select(static line => line.Split(',')).Select(static cells => new WrittenQuery(
        cells[0], cells[1], cells[2], Point(cells[3], cells[4]), cells[5], cells[6], cells[7], Point(cells[8], cells[9]), Number(cells[10])))];

    /// <summary>True where a place is the one that was meant.</summary>
    public bool IsMeant(PlaceFound place) => place.Kind == Kind && (Name.Length == 0 || place.Name == Name) && (District.Length == 0 || place.District == District)
        && (At is not var (lon, lat) || Math.Sqrt(Math.Pow((place.Lon - lon) * 111_195 * Math.Cos(lat * Math.PI / 180), 2) + Math.Pow((place.Lat - lat) * 111_195, 2)) <= WithinMeters);

    private static (double Lon, double Lat)? Point(string lon, string lat) => Number(lon) is { } x && Number(lat) is { } y ? (x, y) : null;

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
