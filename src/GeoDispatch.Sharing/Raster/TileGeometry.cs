using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// The drawing commands of a feature (Mapbox Vector Tile 2.1, section 4.3), given out part by part: a line, a ring, or all points at once.
/// </summary>
internal struct TileGeometry(byte[] bytes, int start, int end, TileShape shape)
{
    private const uint MoveTo = 1, LineTo = 2, ClosePath = 7;

    // Beyond, nothing can be seen: so hostile numbers make no endless lines.
    private const int Farthest = 1 << 21;
    private ProtoReader reader = new(bytes, start, end);
    private int x, y;
    private int waiting;

    /// <summary>Reads the next part in units of the tile. The array grows where it is too small.</summary>
    /// <param name="count">How many points it has.</param>
    internal bool Next(ref SKPoint[] points, out int count)
    {
        count = 0;
        if (waiting > 0)
        {
            waiting = 0;
            Add(ref points, ref count);
        }

        while (!reader.AtEnd)
        {
            uint command = (uint)reader.Varint();
            uint times = command >> 3;
            switch (command & 7)
            {
                case MoveTo when shape == TileShape.Point:
                    Read(ref points, ref count, times);
                    break;
                case MoveTo:
                    if (times != 1)
                    {
                        throw new BrokenTileException($"A part of a shape that begins {times} times");
                    }

                    Move();
                    if (count > 0)
                    {
                        waiting = 1;
                        return true;
                    }

                    Add(ref points, ref count);
                    break;
                case LineTo:
                    Read(ref points, ref count, times);
                    break;
                case ClosePath:
                    break;
                default:
                    throw new BrokenTileException($"Command {command & 7}");
            }
        }

        return count > 0;
    }

    private void Read(ref SKPoint[] points, ref int count, uint times)
    {
        for (uint time = 0; time < times; time++)
        {
            // Each takes bytes of its own, so their end ends this.
            Move();
            Add(ref points, ref count);
        }
    }

    private void Move()
    {
        x = unchecked(x + (int)ProtoReader.Signed(reader.Varint()));
        y = unchecked(y + (int)ProtoReader.Signed(reader.Varint()));
    }

    private readonly void Add(ref SKPoint[] points, ref int count)
    {
        if (count == points.Length)
        {
            Array.Resize(ref points, points.Length * 2);
        }

        points[count++] = new SKPoint(Math.Clamp(x, -Farthest, Farthest), Math.Clamp(y, -Farthest, Farthest));
    }
}
