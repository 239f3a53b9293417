using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// Places icons and letters, the most important first: the last rule of the file, of the last sheet. Each stands whole inside the picture,
/// and none touches another; what stands too near to the edge moves inwards, so that no block of tiles lacks a name that lies in it.
/// </summary>
internal sealed class SymbolPainter(SKCanvas canvas, ViewFrame frame, Func<ColourName, SKColor> usual, float ratio, Lettering letters, IconSet icons)
{
    // As MapLibre keeps around an icon.
    private const float IconPadding = 2;
    private readonly LabelRoom room = new(frame.Width, frame.Height);
    private readonly List<Action> drawings = [];

    private readonly Func<ColourName, SKColor> usual = usual;

    // Of the sheet that is read, then of what is drawn.
    private Func<ColourName, SKColor> colours = usual;
    private SKPoint[] points = new SKPoint[1024];

    internal void Draw(IReadOnlyList<MapSheet> sheets)
    {
        foreach (MapSheet sheet in sheets.Reverse())
        {
            colours = sheet.Colours ?? usual;
            foreach (MapRule rule in sheet.Rules.Where(rule => (rule.Icon ?? (object?)rule.Label) is not null && rule.ShownAt(frame.Zoom)).Reverse())
            {
                if (rule.Icon is not null || letters.CanWrite)
                {
                    Place(rule, sheet);
                }
            }
        }

        // What came first lies on top of what is drawn in any case.
        for (int i = drawings.Count - 1; i >= 0; i--)
        {
            drawings[i]();
        }
    }

    /// <summary>In the colours of the sheet that is read now.</summary>
    private void Later(Action draw)
    {
        Func<ColourName, SKColor> own = colours;
        drawings.Add(() =>
        {
            colours = own;
            draw();
        });
    }

    private void Place(MapRule rule, MapSheet sheet)
    {
        foreach (PlacedTile tile in sheet.Tiles)
        {
            foreach (VectorTileLayer layer in tile.Layers)
            {
                if (rule.Layer != MapRules.Any && layer.Name != rule.Layer)
                {
                    continue;
                }

                var match = new RuleMatch(rule, layer);
                if (match.Never)
                {
                    continue;
                }

                int[] keys = rule.Label is null ? [] : [.. rule.Label.Text.Select(layer.FindKey)];
                TilePlacement placement = tile.PlacementFor(layer.Extent);
                foreach (TileFeature feature in layer.Features)
                {
                    if (match.Fits(feature))
                    {
                        Place(rule, layer, feature, placement, TextOf(layer, feature, keys));
                    }
                }
            }
        }
    }

    private static string? TextOf(VectorTileLayer layer, TileFeature feature, int[] keys)
    {
        foreach (int key in keys)
        {
            int value = layer.FindValue(feature, key);
            if (value >= 0 && layer.TextOf(value) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    private void Place(MapRule rule, VectorTileLayer layer, TileFeature feature, TilePlacement placement, string? text)
    {
        if (rule.Icon is null && text is null)
        {
            return;
        }

        TileGeometry geometry = layer.GeometryOf(feature);
        while (geometry.Next(ref points, out int count))
        {
            Span<SKPoint> part = points.AsSpan(0, count);
            if (feature.Shape == TileShape.Point)
            {
                foreach (SKPoint point in part)
                {
                    bool owned = placement.Owns(point);
                    // What is drawn in any case is the same in both pictures whose edge it lies on: half of it in each.
                    if (owned || rule.Icon is { Always: true })
                    {
                        SKPoint at = point;
                        placement.Place(new Span<SKPoint>(ref at));
                        PlaceAt(rule, owned ? text : null, at);
                    }
                }
            }
            else if (feature.Shape == TileShape.Polygon && rule.Label is { Along: false, Shield: null })
            {
                placement.Place(part);
                PlaceInside(rule, text, part);
            }
            else if (feature.Shape == TileShape.Line && count > 1)
            {
                placement.Place(part);
                new LinePlaces(part.ToArray()).Along(rule, text, this);
            }
        }
    }

    /// <summary>The middle of an area, if the letters fit into its width.</summary>
    private void PlaceInside(MapRule rule, string? text, Span<SKPoint> ring)
    {
        float area = 0, x = 0, y = 0, minX = float.MaxValue, maxX = float.MinValue;
        for (int i = 0, last = ring.Length - 1; i < ring.Length; last = i++)
        {
            float cross = (ring[last].X * ring[i].Y) - (ring[i].X * ring[last].Y);
            (area, x, y) = (area + cross, x + ((ring[last].X + ring[i].X) * cross), y + ((ring[last].Y + ring[i].Y) * cross));
            (minX, maxX) = (Math.Min(minX, ring[i].X), Math.Max(maxX, ring[i].X));
        }

        float size = (float)rule.Label!.Size.At(frame.Zoom) * ratio;
        if (area > size * size * 6 && maxX - minX > size * Math.Min(text!.Length, rule.Label.Wrap))
        {
            PlaceAt(rule, text, new SKPoint(x / (3 * area), y / (3 * area)));
        }
    }

    private void PlaceAt(MapRule rule, string? text, SKPoint at)
    {
        float half = 0;
        SKRect sign = default;
        if (rule.Icon is { } icon)
        {
            half = (float)icon.Side / 2 * ratio;
            sign = new SKRect(at.X - half, at.Y - half, at.X + half, at.Y + half);
            if (!icon.Always)
            {
                SKPoint moved = at + Inwards(sign, at);
                (sign, at) = (new SKRect(moved.X - half, moved.Y - half, moved.X + half, moved.Y + half), moved);
                if (!room.IsFree([sign], IconPadding * ratio))
                {
                    return;
                }
            }

            SKPoint place = at;
            Later(() => DrawIcon(icon, place, 0));
        }

        if (rule.Label is { } label && text is not null && letters.CanWrite)
        {
            // Asked before the icon takes its place, which is as near as may be.
            PlaceRows(label, text, at, half);
        }

        if (rule.Icon is not null)
        {
            room.Take([sign], IconPadding * ratio);
        }
    }

    /// <summary>How far a box is to move to lie inside the picture; not at all where its place lies beyond.</summary>
    private SKPoint Inwards(SKRect box, SKPoint at)
    {
        static float Move(float low, float high, float most) => low < 0 ? -low : high > most ? most - high : 0;
        return at.X < 0 || at.Y < 0 || at.X > frame.Width || at.Y > frame.Height
            ? default
            : new SKPoint(Move(box.Left, box.Right, frame.Width), Move(box.Top, box.Bottom, frame.Height));
    }

    /// <summary>Around the point or, where there is an icon, beside it: below, to its right, to its left, above, wherever there is room first.</summary>
    private void PlaceRows(LabelDrawing label, string text, SKPoint at, float iconHalf)
    {
        if (room.IsWrittenNear(text, at, 120 * ratio))
        {
            return;
        }

        float size = (float)label.Size.At(frame.Zoom) * ratio, halo = label.Halo is null ? 0 : (float)label.HaloWidth * ratio;
        ShapedText shaped = letters.Shape(text, size, label.Bold, label.Wrap);
        float height = shaped.RowHeight * shaped.Rows.Count, apart = iconHalf + ratio;
        // Where the rows' box lies from the place, and on which side the rows are even: 0 left, 0.5 middle, 1 right.
        (float X, float Y, float Even)[] sides = iconHalf > 0
            ? [(-shaped.Width / 2, apart, 0.5f), (apart + halo, -height / 2, 0), (-apart - halo - shaped.Width, -height / 2, 1), (-shaped.Width / 2, -apart - height, 0.5f)]
            : [(-shaped.Width / 2, -height / 2, 0.5f)];
        foreach ((float x, float y, float even) in sides)
        {
            SKPoint corner = at + new SKPoint(x, y);
            if (iconHalf == 0)
            {
                corner += Inwards(new SKRect(corner.X - halo, corner.Y - halo, corner.X + shaped.Width + halo, corner.Y + height + halo), at);
            }

            var starts = new SKPoint[shaped.Rows.Count];
            var boxes = new SKRect[starts.Length];
            for (int row = 0; row < boxes.Length; row++)
            {
                starts[row] = corner + new SKPoint((shaped.Width - shaped.Rows[row].Width) * even, shaped.RowHeight * row);
                boxes[row] = new SKRect(
                    starts[row].X - halo, starts[row].Y - halo, starts[row].X + shaped.Rows[row].Width + halo, starts[row].Y + shaped.RowHeight + halo);
            }

            if (room.TryTake(boxes, (float)label.Padding * ratio))
            {
                room.Write(text, at);
                Later(() => DrawRows(label, shaped, starts));
                return;
            }
        }
    }

    internal float Ratio => ratio;

    internal double Zoom => frame.Zoom;

    internal ShapedText? Shape(LabelDrawing label, string text) =>
        letters.CanWrite ? letters.Shape(text, (float)label.Size.At(frame.Zoom) * ratio, label.Bold, 0) : null;

    /// <summary>A plate with a road's number. False where there is no room.</summary>
    internal bool TryShield(LabelDrawing label, string text, ShapedText shaped, SKPoint at)
    {
        float halfWidth = (shaped.Width / 2) + (3 * ratio), halfHeight = (shaped.RowHeight / 2) + ratio;
        var plate = new SKRect(at.X - halfWidth, at.Y - halfHeight, at.X + halfWidth, at.Y + halfHeight);
        if (room.IsWrittenNear(text, at, (float)label.Spacing * ratio * 0.6f) || !room.TryTake([plate], (float)label.Padding * ratio))
        {
            return false;
        }

        room.Write(text, at);
        Later(() =>
        {
            DrawPlate(canvas, label, plate, colours, ratio);
            DrawRows(label, shaped, [new SKPoint(at.X - (shaped.Width / 2), at.Y - (shaped.RowHeight / 2))]);
        });
        return true;
    }

    /// <summary>A plate with a thin edge in the colour of its letters, so that a yellow one is seen on a yellow road.</summary>
    internal static void DrawPlate(SKCanvas canvas, LabelDrawing label, SKRect plate, Func<ColourName, SKColor> colours, float ratio)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = colours(label.Colour) };
        canvas.DrawRoundRect(plate, 2.5f * ratio, 2.5f * ratio, paint);
        plate.Inflate(-0.75f * ratio, -0.75f * ratio);
        paint.Color = colours(label.Shield!);
        canvas.DrawRoundRect(plate, 2 * ratio, 2 * ratio, paint);
    }

    /// <summary>Letters along a line. False where there is no room.</summary>
    internal bool TryAlong(LabelDrawing label, string text, SKPoint middle, SKRect[] boxes, Action<SKPaint> draw)
    {
        if (room.IsWrittenNear(text, middle, (float)label.Spacing * ratio * 0.6f) || !room.TryTake(boxes, (float)label.Padding * ratio))
        {
            return false;
        }

        room.Write(text, middle);
        Later(() => WithHalo(label, draw));
        return true;
    }

    internal bool TryIcon(IconDrawing icon, SKPoint at, float degrees)
    {
        float half = (float)icon.Side / 2 * ratio;
        if (!room.TryTake([new SKRect(at.X - half, at.Y - half, at.X + half, at.Y + half)], 0))
        {
            return false;
        }

        Later(() => DrawIcon(icon, at, degrees));
        return true;
    }

    internal SKCanvas Canvas => canvas;

    private void DrawIcon(IconDrawing icon, SKPoint at, float degrees)
    {
        canvas.Save();
        canvas.Translate(at.X, at.Y);
        canvas.RotateDegrees(degrees);
        icons.Draw(canvas, icon, colours, ratio);
        canvas.Restore();
    }

    /// <param name="starts">The upper left corner of each row.</param>
    private void DrawRows(LabelDrawing label, ShapedText shaped, SKPoint[] starts) => WithHalo(label, paint =>
    {
        for (int row = 0; row < starts.Length; row++)
        {
            float baseline = starts[row].Y + ((shaped.RowHeight - (shaped.RowHeight / 1.2f)) / 2) + shaped.Ascent;
            canvas.DrawText(shaped.Rows[row].Blob, starts[row].X, baseline, paint);
        }
    });

    private void WithHalo(LabelDrawing label, Action<SKPaint> draw)
    {
        using var paint = new SKPaint { IsAntialias = true };
        if (label.Halo is { } halo)
        {
            (paint.Style, paint.StrokeWidth, paint.StrokeJoin, paint.Color) = (SKPaintStyle.Stroke, 2 * (float)label.HaloWidth * ratio, SKStrokeJoin.Round, colours(halo));
            draw(paint);
        }

        (paint.Style, paint.Color) = (SKPaintStyle.Fill, colours(label.Colour));
        draw(paint);
    }
}
