using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>Which parts of the picture letters and icons have taken. Who comes first stays; nothing is taken beyond the picture's edge.</summary>
internal sealed class LabelRoom(float width, float height)
{
    // What was moved to the edge lies there but for the rounding; in pixels.
    private const float Cell = 64, Nothing = 0.01f;
    private readonly Dictionary<(int, int), List<SKRect>> taken = [];
    private readonly Dictionary<string, List<SKPoint>> written = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes all the boxes with <paramref name="padding"/> around them, or none where one lies beyond the edge or its padding over another's:
    /// as MapLibre keeps names apart, so that both maps show about as many.
    /// </summary>
    internal bool TryTake(ReadOnlySpan<SKRect> boxes, float padding)
    {
        bool free = IsFree(boxes, padding);
        if (free)
        {
            Take(boxes, padding);
        }

        return free;
    }

    internal bool IsFree(ReadOnlySpan<SKRect> boxes, float padding)
    {
        foreach (SKRect box in boxes)
        {
            if (!(box.Left >= -Nothing && box.Top >= -Nothing && box.Right <= width + Nothing && box.Bottom <= height + Nothing) || !IsFree(Inflated(box, padding)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes the boxes whatever there is already.</summary>
    internal void Take(ReadOnlySpan<SKRect> boxes, float padding)
    {
        foreach (SKRect bare in boxes)
        {
            SKRect box = Inflated(bare, padding);
            foreach ((int, int) cell in Cells(box))
            {
                if (!taken.TryGetValue(cell, out List<SKRect>? there))
                {
                    taken.Add(cell, there = []);
                }

                there.Add(box);
            }
        }
    }

    /// <summary>True where the same text stands nearer than so many pixels.</summary>
    internal bool IsWrittenNear(string text, SKPoint place, float distance) =>
        written.TryGetValue(text, out List<SKPoint>? places) && places.Exists(other => SKPoint.Distance(other, place) < distance);

    internal void Write(string text, SKPoint place)
    {
        if (!written.TryGetValue(text, out List<SKPoint>? places))
        {
            written.Add(text, places = []);
        }

        places.Add(place);
    }

    private bool IsFree(SKRect box)
    {
        foreach ((int, int) cell in Cells(box))
        {
            if (taken.TryGetValue(cell, out List<SKRect>? there))
            {
                foreach (SKRect other in there)
                {
                    if (other.Left < box.Right && box.Left < other.Right && other.Top < box.Bottom && box.Top < other.Bottom)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private static SKRect Inflated(SKRect box, float by) => new(box.Left - by, box.Top - by, box.Right + by, box.Bottom + by);

    private IEnumerable<(int X, int Y)> Cells(SKRect box)
    {
        static int At(float distance, float side) => (int)Math.Floor(Math.Clamp(distance, -Cell, side + Cell) / Cell);
        (int left, int right, int top, int bottom) = (At(box.Left, width), At(box.Right, width), At(box.Top, height), At(box.Bottom, height));
        for (int x = left; x <= right; x++)
        {
            for (int y = top; y <= bottom; y++)
            {
                yield return (x, y);
            }
        }
    }
}
