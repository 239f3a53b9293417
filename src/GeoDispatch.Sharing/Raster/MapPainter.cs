using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>One tile read and placed in the picture.</summary>
internal sealed record PlacedTile(IReadOnlyList<VectorTileLayer> Layers, Func<int, TilePlacement> PlacementFor);

/// <summary>What is drawn together: tiles, and the rules that their layers follow.</summary>
/// <param name="Colours">Null for those of the picture.</param>
internal sealed record MapSheet(IReadOnlyList<MapRule> Rules, IReadOnlyList<PlacedTile> Tiles, Func<ColourName, SKColor>? Colours = null);

/// <summary>Draws grounds, areas, lines and dots, rule after rule. A tile is cut at its own edge: what it knows beyond belongs to its neighbours.</summary>
internal sealed class MapPainter(SKCanvas canvas, ViewFrame frame, Func<ColourName, SKColor> colours, float ratio)
{
    // Finer than this, in pixels, nothing is seen.
    private const float Step = 0.3f;
    private SKPoint[] points = new SKPoint[1024];

    internal void Draw(MapSheet sheet)
    {
        var paths = new Dictionary<(VectorTileLayer, string), SKPath>();
        try
        {
            foreach (MapRule rule in sheet.Rules.Where(rule => rule.ShownAt(frame.Zoom)))
            {
                if (rule.Ground is { } ground)
                {
                    canvas.Clear(colours(ground.Colour));
                }
                else if (rule.Icon is null && rule.Label is null)
                {
                    Draw(rule, sheet, paths);
                }
            }
        }
        finally
        {
            foreach (SKPath path in paths.Values)
            {
                path.Dispose();
            }
        }
    }

    private void Draw(MapRule rule, MapSheet sheet, Dictionary<(VectorTileLayer, string), SKPath> paths)
    {
        using var paint = new SKPaint { IsAntialias = true };
        foreach (PlacedTile tile in sheet.Tiles)
        {
            foreach (VectorTileLayer layer in tile.Layers)
            {
                if (rule.Layer != MapRules.Any && layer.Name != rule.Layer)
                {
                    continue;
                }

                TilePlacement placement = tile.PlacementFor(layer.Extent);
                // A road and its casing are the same features: they are read once.
                (VectorTileLayer, string) key = (layer, rule.Selection);
                if (!paths.TryGetValue(key, out SKPath? path))
                {
                    paths.Add(key, path = rule.Dot is null ? PathOf(rule, layer, placement) : DotsOf(rule, layer, placement));
                }

                if (!path.IsEmpty)
                {
                    canvas.Save();
                    Clip(placement);
                    Draw(rule, path, paint);
                    canvas.Restore();
                }
            }
        }
    }

    private void Draw(MapRule rule, SKPath path, SKPaint paint)
    {
        if (rule.Fill is { } fill)
        {
            (paint.Style, paint.Color) = (SKPaintStyle.Fill, WithOpacity(colours(fill.Colour), fill.Opacity));
            // An outline covers the steps of the edge, and without smoothing the area takes a third of the time.
            paint.IsAntialias = fill.Outline is null;
            canvas.DrawPath(path, paint);
            paint.IsAntialias = true;
            if (fill.Outline is { } outline)
            {
                (paint.Style, paint.Color, paint.StrokeWidth) = (SKPaintStyle.Stroke, WithOpacity(colours(outline), fill.Opacity), ratio);
                canvas.DrawPath(path, paint);
            }
        }
        else if (rule.Line is { } line)
        {
            float width = (float)line.Width.At(frame.Zoom) * ratio;
            (paint.Style, paint.Color, paint.StrokeWidth) = (SKPaintStyle.Stroke, WithOpacity(colours(line.Colour), line.Opacity), width);
            // Caps and joins of a thin line are not seen.
            bool round = line.Round && width > 2.5f;
            (paint.StrokeCap, paint.StrokeJoin) = (round ? SKStrokeCap.Round : SKStrokeCap.Butt, round ? SKStrokeJoin.Round : SKStrokeJoin.Bevel);
            using SKPathEffect? dashes = line.Dash is { } dash ? SKPathEffect.CreateDash([.. dash.Select(part => (float)part * width)], 0) : null;
            paint.PathEffect = dashes;
            canvas.DrawPath(path, paint);
            paint.PathEffect = null;
        }
        else if (rule.Dot is { } dot)
        {
            (paint.Style, paint.Color) = (SKPaintStyle.Fill, colours(dot.Colour));
            canvas.DrawPath(path, paint);
            if (dot.Outline is { } outline)
            {
                (paint.Style, paint.Color, paint.StrokeWidth) = (SKPaintStyle.Stroke, colours(outline), ratio);
                canvas.DrawPath(path, paint);
            }
        }
    }

    private void Clip(TilePlacement placement)
    {
        if (placement.IsStraight)
        {
            (SKPoint from, SKPoint to) = (placement.Edge[0], placement.Edge[2]);
            if (from.X > 0 || from.Y > 0 || to.X < frame.Width || to.Y < frame.Height)
            {
                canvas.ClipRect(new SKRect(from.X, from.Y, to.X, to.Y), SKClipOperation.Intersect, antialias: false);
            }

            return;
        }

        using var builder = new SKPathBuilder();
        builder.AddPoly([.. placement.Edge], close: true);
        using SKPath edge = builder.Detach();
        canvas.ClipPath(edge, SKClipOperation.Intersect, antialias: false);
    }

    private SKPath PathOf(MapRule rule, VectorTileLayer layer, TilePlacement placement)
    {
        using var builder = new SKPathBuilder();
        var match = new RuleMatch(rule, layer);
        if (!match.Never)
        {
            TileShape least = rule.Fill is null ? TileShape.Line : TileShape.Polygon;
            foreach (TileFeature feature in layer.Features)
            {
                if (feature.Shape < least || !match.Fits(feature))
                {
                    continue;
                }

                TileGeometry geometry = layer.GeometryOf(feature);
                while (geometry.Next(ref points, out int count))
                {
                    Span<SKPoint> part = points.AsSpan(0, count);
                    placement.Place(part);
                    count = Thin(part);
                    if (count > 1)
                    {
                        builder.AddPoly(part[..count], feature.Shape == TileShape.Polygon);
                    }
                }
            }
        }

        return builder.Detach();
    }

    private SKPath DotsOf(MapRule rule, VectorTileLayer layer, TilePlacement placement)
    {
        using var builder = new SKPathBuilder();
        var match = new RuleMatch(rule, layer);
        float radius = (float)rule.Dot!.Radius.At(frame.Zoom) * ratio;
        foreach (TileFeature feature in layer.Features)
        {
            if (feature.Shape != TileShape.Point || match.Never || !match.Fits(feature))
            {
                continue;
            }

            TileGeometry geometry = layer.GeometryOf(feature);
            while (geometry.Next(ref points, out int count))
            {
                Span<SKPoint> places = points.AsSpan(0, count);
                placement.Place(places);
                foreach (SKPoint place in places)
                {
                    builder.AddCircle(place.X, place.Y, radius);
                }
            }
        }

        return builder.Detach();
    }

    /// <summary>Leaves out points so near to the one before that nobody sees them; the last one stays.</summary>
    private static int Thin(Span<SKPoint> part)
    {
        int kept = 1;
        for (int i = 1; i < part.Length; i++)
        {
            SKPoint last = part[kept - 1];
            if (i == part.Length - 1 || Math.Abs(part[i].X - last.X) > Step || Math.Abs(part[i].Y - last.Y) > Step)
            {
                part[kept++] = part[i];
            }
        }

        return kept;
    }

    private static SKColor WithOpacity(SKColor colour, double opacity) => colour.WithAlpha((byte)Math.Round(colour.Alpha * opacity));
}
