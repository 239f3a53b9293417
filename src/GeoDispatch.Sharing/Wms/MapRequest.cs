using System.Globalization;
using GeoDispatch.Sharing.Access;

namespace GeoDispatch.Sharing.Wms;

/// <summary>What a picture is written as.</summary>
internal enum MapFormat
{
    Png,
    Jpeg,
}

/// <summary>A map that is asked for, every parameter read and bounded before anything is drawn.</summary>
/// <param name="Layers">Those that the reader may read, the first drawn lowest.</param>
/// <param name="Flavour">Of the style: <c>day</c> or <c>night</c>.</param>
/// <param name="Background">0xRRGGBB; null leaves transparent what nothing is drawn on.</param>
/// <param name="PixelRatio">Pixels of the picture for one of an ordinary screen: 1 or 2.</param>
internal sealed record MapRequest(
    MapFrame Frame, IReadOnlyList<string> Layers, string Flavour, int? Background, MapFormat Format, double PixelRatio)
{
    /// <summary>Layers in one picture.</summary>
    internal const int MostLayers = 32;

    /// <summary>The name of the whole base map as one layer.</summary>
    internal const string City = "city";

    internal const int White = 0xFFFFFF;

    /// <summary>The styles of every layer; the first where none is asked for.</summary>
    internal static readonly IReadOnlyList<string> Flavours = ["day", "night"];

    // Between the screens that are told apart: 96 to the inch, and 192.
    private const double FineDpi = 144;

    /// <summary>Gives the refusal, or null.</summary>
    internal static WmsRefusal? Parse(WmsParameters given, ReadableLayers readable, out MapRequest? parsed)
    {
        parsed = null;
        WmsRefusal? badLayers = ParseLayers(given, "layers", readable, out IReadOnlyList<string> layers);
        WmsRefusal? badStyles = ParseStyles(given, layers.Count, out string flavour);
        WmsRefusal? badFormat = ParseFormat(given, out MapFormat format);
        WmsRefusal? badFrame = MapFrame.Parse(given, out MapFrame frame);
        WmsRefusal? badColour = ParseBackground(given, format, out int? background);
        if ((badLayers ?? badStyles ?? badFrame ?? badFormat ?? badColour) is WmsRefusal refused)
        {
            return refused;
        }

        parsed = new MapRequest(frame, layers, flavour, background, format, PixelRatioOf(given));
        return null;
    }

    /// <summary>Gives the refusal, or null. A layer that the reader may not read is a layer that there is not.</summary>
    internal static WmsRefusal? ParseLayers(WmsParameters given, string name, ReadableLayers readable, out IReadOnlyList<string> layers)
    {
        layers = given.List(name);
        if (layers.Count == 0)
        {
            return WmsRefusal.Missing(name);
        }

        if (layers.Count > MostLayers)
        {
            return WmsRefusal.Invalid(name, $"{layers.Count}", $"至多 {MostLayers} 个图层 / At most {MostLayers} layers");
        }

        return layers.FirstOrDefault(layer => layer != City && readable.Find(layer) is null) is string unknown
            ? WmsRefusal.Of("LayerNotDefined", name, unknown, $"见 GetCapabilities / See GetCapabilities")
            : null;
    }

    /// <summary>One style for the whole picture: a city by day beside roads by night would be neither.</summary>
    internal static WmsRefusal? ParseStyles(WmsParameters given, int layers, out string flavour)
    {
        flavour = Flavours[0];
        string[] styles = given.List("styles");
        if (styles.Length == 0)
        {
            return null;
        }

        if (styles.Length != layers)
        {
            return WmsRefusal.Of(
                "StyleNotDefined", "styles", given.Find("styles")!, "留空,或每个图层各一 / Empty, or one for each layer");
        }

        string[] asked = [.. styles.Select(static style => style is "" or "default" ? Flavours[0] : style).Distinct(StringComparer.Ordinal)];
        flavour = asked[0];
        return asked.Length > 1 || !Flavours.Contains(flavour, StringComparer.Ordinal)
            ? WmsRefusal.Of("StyleNotDefined", "styles", given.Find("styles")!, $"{string.Join(", ", Flavours)},一图一种 / one for the whole picture")
            : null;
    }

    /// <summary>The kind of picture, where its name is one of ours: what follows a semicolon is a wish (GeoServer's <c>mode=8bit</c>).</summary>
    internal static MapFormat? FindFormat(string? name) => name?.Split(';')[0].Trim().ToUpperInvariant() switch
    {
        "IMAGE/PNG" or "IMAGE/PNG8" or "IMAGE/PNG24" => MapFormat.Png,
        "IMAGE/JPEG" or "IMAGE/JPG" => MapFormat.Jpeg,
        _ => null,
    };

    private static WmsRefusal? ParseFormat(WmsParameters given, out MapFormat format)
    {
        format = FindFormat(given.Find("format")) ?? MapFormat.Png;
        return given.Find("format") is not string name ? WmsRefusal.Missing("format")
            : FindFormat(name) is null ? WmsRefusal.Of("InvalidFormat", "format", name, "image/png, image/jpeg")
            : null;
    }

    /// <summary>Gives the refusal, or null where <paramref name="background"/> is the colour, null for none.</summary>
    internal static WmsRefusal? ParseBackground(WmsParameters given, MapFormat format, out int? background)
    {
        background = White;
        if (given.Find("bgcolor") is string colour)
        {
            string digits = colour.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? colour[2..] : colour.TrimStart('#');
            if (digits.Length != 6 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb))
            {
                return WmsRefusal.Invalid("bgcolor", colour, "0xRRGGBB");
            }

            background = rgb;
        }

        // A JPEG has no place for transparency: clients that ask for it mean the background.
        if (format == MapFormat.Png && "TRUE".Equals(given.Find("transparent"), StringComparison.OrdinalIgnoreCase))
        {
            background = null;
        }

        return null;
    }

    /// <summary>What QGIS, GeoServer's clients and MapServer's say of the density of their screen or paper; one where it makes no sense.</summary>
    private static double PixelRatioOf(WmsParameters given)
    {
        string? dpi = given.Find("dpi") ?? given.Find("map_resolution")
            ?? given.Find("format_options")?.Split(';').FirstOrDefault(static option => option.StartsWith("dpi:", StringComparison.OrdinalIgnoreCase))?[4..];
        return dpi is not null && WmsParameters.TryNumber(dpi, out double asked) && asked >= FineDpi ? 2 : 1;
    }
}
