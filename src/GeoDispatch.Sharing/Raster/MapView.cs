using GeoDispatch.Sharing.Features;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>In what form an image is sent.</summary>
internal enum ImageFormat
{
    Png,

    /// <summary>Knows no transparency: what is transparent becomes white.</summary>
    Jpeg,
}

/// <summary>A picture of the map that somebody wants.</summary>
/// <param name="Box">In <paramref name="Crs"/>, x before y, of more than no width and height.</param>
/// <param name="Width">In pixels of the image, 1 to 4,096.</param>
/// <param name="Height">In pixels of the image, 1 to 4,096.</param>
/// <param name="Layers"><c>city</c> for the whole base map, or ids of collections, the lowest first.</param>
/// <param name="Background">Null leaves what nothing covers transparent; the base map has a ground of its own.</param>
/// <param name="Flavour">Of the colours: <c>day</c> or <c>night</c>.</param>
/// <param name="PixelRatio">Pixels of the image to a pixel of 0.28 mm, in which widths and letters are measured: 1 or 2.</param>
/// <param name="Flavours">Of each layer; null where <paramref name="Flavour"/> is that of all.</param>
internal sealed record MapView(
    Crs Crs, Box Box, int Width, int Height, IReadOnlyList<string> Layers, SKColor? Background, string Flavour, double PixelRatio,
    IReadOnlyList<string>? Flavours = null)
{
    /// <summary>The layer that stands for the whole base map.</summary>
    internal const string City = "city";

    internal const int LargestSide = 4096;
}
