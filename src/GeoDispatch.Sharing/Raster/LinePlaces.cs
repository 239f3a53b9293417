using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>Finds places along a line in the picture: for letters that follow it, for arrows and for plates.</summary>
internal sealed class LinePlaces
{
    private const float StraightDegrees = 3, SharpestDegrees = 30, SteepSlope = 1.2f;
    private readonly SKPoint[] line;
    private readonly float[] lengths;

    internal LinePlaces(SKPoint[] line)
    {
        this.line = line;
        lengths = new float[line.Length];
        for (int i = 1; i < line.Length; i++)
        {
            lengths[i] = lengths[i - 1] + SKPoint.Distance(line[i - 1], line[i]);
        }
    }

    private float Length => lengths[^1];

    internal void Along(MapRule rule, string? text, SymbolPainter painter)
    {
        if (rule.Label is { } label && text is not null)
        {
            if (painter.Shape(label, text) is { } shaped)
            {
                float needed = label.Shield is null ? shaped.Width * 1.1f : shaped.Width * 0.6f;
                foreach (float middle in Middles((float)label.Spacing * painter.Ratio, needed))
                {
                    // Where there is no room, a little to either side there may be.
                    foreach (float shift in (ReadOnlySpan<float>)[0, 0.6f, -0.6f, 1.4f, -1.4f])
                    {
                        float at = middle + (shift * shaped.Width);
                        if (at - (needed / 2) >= 0 && at + (needed / 2) <= Length
                            && (label.Shield is null ? TryWrite(label, text, shaped, at, painter) : painter.TryShield(label, text, shaped, PointAt(at).Point)))
                        {
                            break;
                        }
                    }
                }
            }
        }
        else if (rule.Icon is { } icon)
        {
            foreach (float middle in Middles(180 * painter.Ratio, (float)icon.Side * painter.Ratio * 2))
            {
                (SKPoint point, float degrees) = PointAt(middle);
                painter.TryIcon(icon, point, degrees);
            }
        }
    }

    private IEnumerable<float> Middles(float spacing, float needed)
    {
        if (Length < needed)
        {
            yield break;
        }

        int count = Math.Clamp((int)Math.Round(Length / spacing), 1, 200);
        for (int i = 0; i < count; i++)
        {
            yield return Length * (i + 0.5f) / count;
        }
    }

    private (SKPoint Point, float Degrees) PointAt(float distance)
    {
        int i = Array.BinarySearch(lengths, distance);
        i = Math.Clamp(i < 0 ? ~i : i, 1, line.Length - 1);
        // Two points in one place have no direction.
        while (i < line.Length - 1 && lengths[i] <= lengths[i - 1])
        {
            i++;
        }

        (SKPoint from, SKPoint to) = (line[i - 1], line[i]);
        float part = lengths[i] > lengths[i - 1] ? (distance - lengths[i - 1]) / (lengths[i] - lengths[i - 1]) : 0;
        return (new SKPoint(from.X + ((to.X - from.X) * part), from.Y + ((to.Y - from.Y) * part)), MathF.Atan2(to.Y - from.Y, to.X - from.X) * 180 / MathF.PI);
    }

    /// <summary>A letter that leans a little is drawn as one that stands: its picture is kept by Skia then.</summary>
    private static float Rounded(float degrees) => MathF.Abs(MathF.IEEERemainder(degrees, 360)) < StraightDegrees ? 0 : degrees;

    private bool TryWrite(LabelDrawing label, string text, ShapedText shaped, float middle, SymbolPainter painter)
    {
        float start = middle - (shaped.Width / 2), end = middle + (shaped.Width / 2);
        (SKPoint first, SKPoint last) = (PointAt(start).Point, PointAt(end).Point);
        // Chinese stands upright in a steep line, and is read downwards.
        bool upright = Math.Abs(last.Y - first.Y) > SteepSlope * Math.Abs(last.X - first.X) && text.All(static letter => letter >= 0x2E80);
        bool reversed = upright ? last.Y < first.Y : last.X < first.X;
        // From its baseline to the middle of a letter.
        float rise = shaped.Ascent - (shaped.RowHeight / 1.2f / 2), half = shaped.RowHeight / 2;
        var runs = new List<(ShapedRun Run, SKRotationScaleMatrix[] Places)>();
        var boxes = new List<SKRect>();
        float? before = null;
        float least = float.MaxValue, most = float.MinValue;
        foreach (ShapedRun run in shaped.Rows[0].Runs)
        {
            var places = new SKRotationScaleMatrix[run.Glyphs.Length];
            for (int i = 0; i < places.Length; i++)
            {
                float width = (i + 1 < places.Length ? run.Places[i + 1].X : run.End) - run.Places[i].X;
                float along = run.Places[i].X + (width / 2);
                (SKPoint at, float degrees) = PointAt(reversed ? end - along : start + along);
                degrees = reversed ? degrees + 180 : degrees;
                float bend = MathF.IEEERemainder(degrees - (before ?? degrees), 360);
                if (MathF.Abs(bend) > SharpestDegrees)
                {
                    return false;
                }

                before = (before ?? degrees) + bend;
                (least, most) = (Math.Min(least, before.Value), Math.Max(most, before.Value));
                float turned = upright ? Rounded(degrees - 90) : degrees;
                (float sin, float cos) = MathF.SinCos(turned * MathF.PI / 180);
                places[i] = new SKRotationScaleMatrix(cos, sin, at.X - (cos * width / 2) - (sin * rise), at.Y - (sin * width / 2) + (cos * rise));
                float reach = Math.Max(half, width / 2);
                boxes.Add(new SKRect(at.X - reach, at.Y - reach, at.X + reach, at.Y + reach));
            }

            runs.Add((run, places));
        }

        SKPoint centre = PointAt(middle).Point;
        if (upright || most - least > StraightDegrees)
        {
            return painter.TryAlong(label, text, centre, [.. boxes], paint =>
            {
                using var builder = new SKTextBlobBuilder();
                foreach ((ShapedRun run, SKRotationScaleMatrix[] places) in runs)
                {
                    builder.AddRotationScaleRun(run.Glyphs, run.Font, places);
                }

                using SKTextBlob blob = builder.Build()!;
                painter.Canvas.DrawText(blob, 0, 0, paint);
            });
        }

        // A straight row is drawn as one, from its middle.
        float turn = (least + most) / 2;
        return painter.TryAlong(label, text, centre, [.. boxes], paint =>
        {
            painter.Canvas.Save();
            painter.Canvas.Translate(centre.X, centre.Y);
            painter.Canvas.RotateDegrees(turn);
            painter.Canvas.DrawText(shaped.Rows[0].Blob, -shaped.Width / 2, rise, paint);
            painter.Canvas.Restore();
        });
    }
}
