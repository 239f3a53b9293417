using System.Xml.Linq;
using GeoDispatch.Sharing.Tiles;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>The pictures of <c>tiles/icons</c>, each an SVG of paths in a square of 15 units, drawn in one colour, on a disc if wanted.</summary>
internal sealed class IconSet(TilesFolder folder)
{
    private const float Unit = 15;
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
            float radius = ((float)icon.Side / 2 * ratio) - (ratio / 2);
            paint.Color = colours(disc);
            canvas.DrawCircle(0, 0, radius, paint);
            if (icon.Outline is { } outline)
            {
                (paint.Style, paint.StrokeWidth, paint.Color) = (SKPaintStyle.Stroke, ratio, colours(outline));
                canvas.DrawCircle(0, 0, radius, paint);
            }
        }

        canvas.Save();
        canvas.Scale((float)icon.Size * ratio / Unit);
        canvas.Translate(-Unit / 2, -Unit / 2);
        (paint.Style, paint.Color) = (SKPaintStyle.Fill, colours(icon.Colour));
        canvas.DrawPath(paths.Value[icon.Name], paint);
        canvas.Restore();
    }
}
