using System.Globalization;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Raster;
using SkiaSharp;

namespace GeoDispatch.Sharing.Wms;

/// <summary>A map that is asked for, every parameter read and bounded before anything is drawn.</summary>
/// <param name="Layers">Those that the reader may read, the first drawn lowest.</param>
/// <param name="Flavours">The style of each layer: <c>day</c> or <c>night</c>.</param>
/// <param name="Background">0xRRGGBB; null leaves transparent what nothing is drawn on.</param>
/// <param name="PixelRatio">Pixels of the picture for one of an ordinary screen: 1 or 2.</param>
internal sealed record MapRequest(
    MapFrame Frame, IReadOnlyList<string> Layers, IReadOnlyList<string> Flavours, int? Background, ImageFormat Format, double PixelRatio)
{
    /// <summary>Layers in one picture.</summary>
    internal const int MostLayers = 32;

    /// <summary>The name of the whole base map as one layer.</summary>
    internal const string City = "city";

    internal const int White = 0xFFFFFF;

    /// <summary>The styles of every layer; the first where none is asked for.</summary>
    internal static readonly IReadOnlyList<string> Styles = ["day", "night"];

    // Between the screens that are told apart: 96 to the inch, and 192.
    private const double FineDpi = 144;

    /// <summary>What is drawn for it.</summary>
    internal MapView View => new(Frame.Crs.Crs, Frame.Box, Frame.Width, Frame.Height, Layers, Colour(Background), Flavours[0], PixelRatio, Flavours);

    /// <summary>Null stays none.</summary>
    internal static SKColor? Colour(int? rgb) => rgb is int colour ? new SKColor(0xFF00_0000 | (uint)colour) : null;

    internal static string MediaType(ImageFormat format) => format == ImageFormat.Png ? "image/png" : "image/jpeg";

    /// <summary>Gives the refusal, or null.</summary>
    internal static WmsRefusal? Parse(WmsParameters given, ReadableLayers readable, out MapRequest? parsed)
    {
        parsed = null;
        WmsRefusal? badLayers = ParseLayers(given, "layers", readable, out IReadOnlyList<string> layers);
        WmsRefusal? badStyles = ParseStyles(given, "styles", layers.Count, out string[] flavours);
        WmsRefusal? badFormat = ParseFormat(given, out ImageFormat format);
        WmsRefusal? badFrame = MapFrame.Parse(given, out MapFrame frame);
        WmsRefusal? badColour = ParseBackground(given, format, out int? background);
        if ((badLayers ?? badStyles ?? badFrame ?? badFormat ?? badColour) is WmsRefusal refused)
        {
            return refused;
        }

        parsed = new MapRequest(frame, layers, flavours, background, format, PixelRatioOf(given));
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

    /// <summary>Gives the refusal, or null where <paramref name="flavours"/> has one for each layer; an empty one is the usual one.</summary>
    internal static WmsRefusal? ParseStyles(WmsParameters given, string name, int layers, out string[] flavours)
    {
        string[] styles = given.List(name);
        flavours = [.. styles.Length == 0 ? Enumerable.Repeat(Styles[0], layers) : styles.Select(static style => style is "" or "default" ? Styles[0] : style)];
        if (flavours.Length != layers)
        {
            return WmsRefusal.Of(
                "StyleNotDefined", name, given.Find(name)!, "留空,或每个图层各一 / Empty, or one for each layer");
        }

        return Array.Find(flavours, static flavour => !Styles.Contains(flavour, StringComparer.Ordinal)) is null
            ? null
            : WmsRefusal.Of("StyleNotDefined", name, given.Find(name)!, string.Join(", ", Styles));
    }

    /// <summary>The kind of picture, where its name is one of ours: what follows a semicolon is a wish (GeoServer's <c>mode=8bit</c>).</summary>
    internal static ImageFormat? FindFormat(string? name) => name?.Split(';')[0].Trim().ToUpperInvariant() switch
    {
        "IMAGE/PNG" or "IMAGE/PNG8" or "IMAGE/PNG24" => ImageFormat.Png,
        "IMAGE/JPEG" or "IMAGE/JPG" => ImageFormat.Jpeg,
        _ => null,
    };

    private static WmsRefusal? ParseFormat(WmsParameters given, out ImageFormat format)
    {
        format = FindFormat(given.Find("format")) ?? ImageFormat.Png;
        return given.Find("format") is not string name ? WmsRefusal.Missing("format")
            : FindFormat(name) is null ? WmsRefusal.Of("InvalidFormat", "format", name, "image/png, image/jpeg")
            : null;
    }

    /// <summary>Gives the refusal, or null where <paramref name="background"/> is the colour, null for none.</summary>
    internal static WmsRefusal? ParseBackground(WmsParameters given, ImageFormat format, out int? background)
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
        if (format == ImageFormat.Png && "TRUE".Equals(given.Find("transparent"), StringComparison.OrdinalIgnoreCase))
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
