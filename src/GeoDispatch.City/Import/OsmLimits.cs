using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoDispatch.City.Import;

/// <summary>Reads <c>maxheight</c>, <c>maxwidth</c> and <c>maxweight</c> as OpenStreetMap writes them, with their units.</summary>
internal static partial class OsmLimits
{
    private const double FootMeters = 0.3048, InchMeters = 0.0254, PoundTonnes = 0.00045359237;

    /// <summary>Metres, more than 0 and at most 50; null where the value is no length, such as <c>default</c> or <c>none</c>.</summary>
    internal static float? Meters(string? value)
    {
        Match feet = FeetAndInches().Match(value ?? "");
        return InRange(
            feet.Success ? Number(feet.Groups["feet"].Value) * FootMeters + (feet.Groups["inches"].Success ? Number(feet.Groups["inches"].Value) * InchMeters : 0)
            : With(value, unit => unit switch { "" or "m" => 1, "cm" => 0.01, "ft" => FootMeters, _ => null }),
            50);
    }

    /// <summary>Tonnes, more than 0 and at most 500; null where the value is no weight.</summary>
    internal static float? Tonnes(string? value) => InRange(
        With(value, static unit => unit switch { "" or "t" => 1, "kg" => 0.001, "st" => 2000 * PoundTonnes, "lt" => 2240 * PoundTonnes, "lb" or "lbs" => PoundTonnes, _ => null }),
        500);

    private static double? With(string? value, Func<string, double?> unitOf)
    {
        Match match = NumberAndUnit().Match(value ?? "");
        return match.Success ? Number(match.Groups["number"].Value) * unitOf(match.Groups["unit"].Value) : null;
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static float? InRange(double? value, double most) => value > 0 && value <= most ? (float)value : null;

    [GeneratedRegex("""^(?<number>[0-9]+(\.[0-9]+)?) ?(?<unit>[a-z]*)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberAndUnit();

    // 12'6" or 12'
    [GeneratedRegex("""^(?<feet>[0-9]+)' ?((?<inches>[0-9]+)")?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FeetAndInches();
}
