using System.Xml.Linq;
using GeoDispatch.Sharing.Tiles;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>The pictures of <c>tiles/icons</c>, each an SVG of paths in a square of 15 units, drawn in one colour, in a frame if wanted.</summary>
internal sealed class IconSet(TilesFolder folder)
{
    private const float Unit = 15;

    // Around a frame, in pixels.
    private const float FrameLine = 1.5f;

    private readonly Lazy<Dictionary<string, SKPath>> paths = new(() => Directory.EnumerateFiles(Path.Combine(folder.Path, "icons"), "*.svg")
        .ToDictionary(static file => Path.GetFileNameWithoutExtension(file), static file =>
        {
            using var builder = new SKPathBuilder();
            foreach (XElement path in XDocument.Load(file).Descendants().Where(static element => element.Name.LocalName == "path"))
            {
                using SKPath part = SKPath.ParseSvgPathData((string?)path.Attribute("d")) ?? throw new InvalidDataException($"{file}: not a path");
                builder.AddPath(part);
            }

            return builder.Detach();
        }, StringComparer.Ordinal));

    internal bool Has(string name) => paths.Value.ContainsKey(name);

    /// <summary>Draws the icon with its middle at the origin.</summary>
    internal void Draw(SKCanvas canvas, IconDrawing icon, Func<ColourName, SKColor> colours, float ratio)
    {
        using var paint = new SKPaint { IsAntialias = true };
        if (icon.Disc is { } disc)
        {
            using SKPath frame = FrameOf(icon.Frame, ((float)icon.Side / 2 * ratio) - ratio);
            paint.Color = colours(disc);
            canvas.DrawPath(frame, paint);
            if (icon.Outline is { } outline)
            {
                (paint.Style, paint.StrokeWidth, paint.StrokeJoin, paint.Color) = (SKPaintStyle.Stroke, FrameLine * ratio, SKStrokeJoin.Round, colours(outline));
                canvas.DrawPath(frame, paint);
            }
        }

        canvas.Save();
        float scale = (float)icon.Size * ratio / Unit;
        canvas.Scale(scale);
        canvas.Translate(-Unit / 2, -Unit / 2);
        if (icon is { Disc: null, Outline: { } halo })
        {
            (paint.Style, paint.StrokeWidth, paint.StrokeJoin, paint.Color) = (SKPaintStyle.Stroke, 2 * FrameLine * ratio / scale, SKStrokeJoin.Round, colours(halo));
            canvas.DrawPath(paths.Value[icon.Name], paint);
        }

        (paint.Style, paint.Color) = (SKPaintStyle.Fill, colours(icon.Colour));
        canvas.DrawPath(paths.Value[icon.Name], paint);
        canvas.Restore();
    }

    private static SKPath FrameOf(IconFrame frame, float radius)
    {
        using var builder = new SKPathBuilder();
        switch (frame)
        {
            case IconFrame.Disc:
                builder.AddCircle(0, 0, radius);
                break;
            case IconFrame.Square:
                float half = radius * 0.92f;
                builder.AddRoundRect(new SKRoundRect(new SKRect(-half, -half, half, half), radius * 0.3f));
                break;
            default:
                int corners = frame switch { IconFrame.Diamond => 4, IconFrame.Pentagon => 5, _ => 6 };
                builder.AddPoly([.. Enumerable.Range(0, corners).Select(corner =>
                {
                    (float sin, float cos) = MathF.SinCos(corner * MathF.Tau / corners);
                    return new SKPoint(radius * sin, -radius * cos);
                })], close: true);
                break;
        }

        return builder.Detach();
    }
}
