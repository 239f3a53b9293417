using GeoDispatch.Sharing.Raster;
using Microsoft.AspNetCore.Http;
using SkiaSharp;

namespace GeoDispatch.Sharing.Wms;

/// <summary>Where a refusal of a map is written: in a document, into a picture of the asked size, or nowhere in a picture of no content.</summary>
internal static class ExceptionPicture
{
    internal static readonly IReadOnlyList<string> Formats = ["XML", "INIMAGE", "BLANK"];
    internal static readonly IReadOnlyList<string> OldFormats =
        ["application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank"];

    private const int UsualPixels = 256, Margin = 8;
    private const float Letter = 13;

    /// <summary>The refusal as the request wants it told. Both versions' names are understood in both; what is neither means a document.</summary>
    internal static IResult Answer(WmsRefusal refusal, WmsParameters given, Lettering letters)
    {
        string wanted = given.Find("exceptions")?.ToUpperInvariant() ?? "";
        bool written = wanted is "INIMAGE" or "APPLICATION/VND.OGC.SE_INIMAGE";
        if (!written && wanted is not ("BLANK" or "APPLICATION/VND.OGC.SE_BLANK"))
        {
            return refusal.ToXml(given.Version);
        }

        // Whatever of the request can be read, be it the size alone, shapes the picture.
        int Size(string name) => given.ReadCount(name, MapFrame.MostPixels, out int size) is null ? size : UsualPixels;
        ImageFormat format = MapRequest.FindFormat(given.Find("format")) ?? ImageFormat.Png;
        MapRequest.ParseBackground(given, format, out int? background);
        using var surface = SKSurface.Create(new SKImageInfo(Size("width"), Size("height")));
        surface.Canvas.Clear(MapRequest.Colour(background) ?? SKColors.Transparent);
        if (written && letters.CanWrite)
        {
            Write(surface.Canvas, Size("width"), refusal, letters);
        }

        using SKImage image = surface.Snapshot();
        using SKData data = format == ImageFormat.Png ? image.Encode(SKEncodedImageFormat.Png, 100) : image.Encode(SKEncodedImageFormat.Jpeg, 90);
        return TypedResults.Bytes(data.ToArray(), MapRequest.MediaType(format));
    }

    private static void Write(SKCanvas canvas, int width, WmsRefusal refusal, Lettering letters)
    {
        using var ink = new SKPaint { IsAntialias = true, Color = new SKColor(0xB0, 0x20, 0x20) };
        using var halo = new SKPaint { IsAntialias = true, Color = SKColors.White, Style = SKPaintStyle.Stroke, StrokeWidth = 3 };
        // What one row holds is measured in letters' widths.
        int wrap = Math.Max(4, (int)((width - (2 * Margin)) / Letter));
        float y = Margin;
        foreach (string part in (string[])[refusal.Code, .. WmsRefusal.Printable(refusal.Text).Chunk(90).Select(static part => new string(part))])
        {
            ShapedText shaped = letters.Shape(part, Letter, bold: false, wrap);
            foreach (ShapedRow row in shaped.Rows)
            {
                canvas.DrawText(row.Blob, Margin, y + shaped.Ascent, halo);
                canvas.DrawText(row.Blob, Margin, y + shaped.Ascent, ink);
                y += shaped.RowHeight;
            }
        }
    }
}
