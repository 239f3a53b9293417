using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>The legend of what some rules draw: a sample of each that has a title, on the ground of the map, and the title beside it.</summary>
internal static class MapLegend
{
    private const float Row = 22, Sample = 32, Gap = 6, Letter = 12, CasingWidth = 2;

    /// <param name="drawn">The rules of what it is the legend of.</param>
    internal static SKSurface Draw(MapRules rules, IEnumerable<MapRule> drawn, Func<ColourName, SKColor> colours, Lettering letters, IconSet icons)
    {
        MapRule[] shown = [.. drawn.Where(static rule => rule.Title is not null)];
        ShapedText?[] titles = [.. shown.Select(rule => letters.CanWrite ? letters.Shape(rule.Title!, Letter, false, 0) : null)];
        float width = Sample + (3 * Gap) + titles.Select(static title => title?.Width ?? 0).DefaultIfEmpty(0).Max();
        var surface = SKSurface.Create(new SKImageInfo((int)Math.Ceiling(Math.Max(width, Sample + (2 * Gap))), (int)Math.Max(Row, Row * shown.Length), SKColorType.Bgra8888, SKAlphaType.Opaque));
        SKCanvas canvas = surface.Canvas;
        SKColor ground = rules.All.FirstOrDefault(static rule => rule.Ground is not null)?.Ground is { } land ? colours(land.Colour) : SKColors.White;
        canvas.Clear(ground);
        for (int i = 0; i < shown.Length; i++)
        {
            float middle = (Row * i) + (Row / 2);
            canvas.Save();
            canvas.ClipRect(new SKRect(Gap, middle - (Row / 2) + 3, Gap + Sample, middle + (Row / 2) - 3));
            if (rules.All.FirstOrDefault(rule => rule.Id == shown[i].Id + MapRules.Casing) is { Line: not null } casing && shown[i].Line is not null)
            {
                DrawSample(canvas, shown[i] with { Line = shown[i].Line! with { Colour = casing.Line!.Colour } }, middle, CasingWidth, colours, letters, icons);
            }

            DrawSample(canvas, shown[i], middle, 0, colours, letters, icons);
            canvas.Restore();
            if (titles[i] is { } title)
            {
                using var ink = new SKPaint { IsAntialias = true, Color = ground.Green < 128 ? SKColors.White : SKColors.Black };
                canvas.DrawText(title.Rows[0].Blob, Sample + (2 * Gap), middle - (title.RowHeight / 2) + title.Ascent, ink);
            }
        }

        return surface;
    }

    /// <param name="wider">By so many pixels a line is to be wider than it is by itself.</param>
    private static void DrawSample(SKCanvas canvas, MapRule rule, float middle, float wider, Func<ColourName, SKColor> colours, Lettering letters, IconSet icons)
    {
        using var paint = new SKPaint { IsAntialias = true };
        (float left, float right, float centre) = (Gap, Gap + Sample, Gap + (Sample / 2));
        switch (rule)
        {
            case { Ground: not null }:
                // The legend's own ground is it: an edge shows where the sample lies.
                (paint.Style, paint.Color) = (SKPaintStyle.Stroke, SKColors.Gray);
                canvas.DrawRect(new SKRect(left + 0.5f, middle - (Row / 2) + 3.5f, right - 0.5f, middle + (Row / 2) - 3.5f), paint);
                break;
            case { Fill: { } fill }:
                paint.Color = colours(fill.Colour);
                canvas.DrawRect(new SKRect(left, middle - Row, right, middle + Row), paint);
                if (fill.Outline is { } outline)
                {
                    (paint.Style, paint.Color) = (SKPaintStyle.Stroke, colours(outline));
                    canvas.DrawRect(new SKRect(left + 0.5f, middle - (Row / 2) + 3.5f, right - 0.5f, middle + (Row / 2) - 3.5f), paint);
                }

                break;
            case { Line: { } line }:
                (paint.Style, paint.Color) = (SKPaintStyle.Stroke, colours(line.Colour));
                // Whole pixels on either side of the middle, so that the casing is seen.
                paint.StrokeWidth = line.Dash is null ? (2 * (float)Math.Round(Math.Clamp(line.Width.At(15), 2, 12) / 2)) + wider : (float)Math.Clamp(line.Width.At(15), 1, 8);
                using (SKPathEffect? dashes = line.Dash is { } dash ? SKPathEffect.CreateDash([.. dash.Select(part => (float)part * paint.StrokeWidth)], 0) : null)
                {
                    paint.PathEffect = dashes;
                    canvas.DrawLine(left, middle, right, middle, paint);
                }

                break;
            case { Dot: { } dot }:
                paint.Color = colours(dot.Colour);
                canvas.DrawCircle(centre, middle, (float)Math.Clamp(dot.Radius.At(15), 2, 7), paint);
                break;
            case { Icon: { } icon }:
                canvas.Translate(centre, middle);
                canvas.Scale((float)Math.Min(1, 16 / icon.Side));
                icons.Draw(canvas, icon, colours, 1);
                break;
            case { Label: { } label } when letters.CanWrite:
                ShapedText sign = letters.Shape(label.Shield is null ? "字" : "12", label.Shield is null ? Letter + 1 : Letter - 2, label.Bold, 0);
                if (label.Shield is not null)
                {
                    SymbolPainter.DrawPlate(canvas, label, new SKRect(centre - (sign.Width / 2) - 4, middle - 7, centre + (sign.Width / 2) + 4, middle + 7), colours, 1);
                }

                paint.Color = colours(label.Colour);
                canvas.DrawText(sign.Rows[0].Blob, centre - (sign.Width / 2), middle - (sign.RowHeight / 2) + sign.Ascent, paint);
                break;
        }
    }
}
