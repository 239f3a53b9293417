using System.Buffers.Binary;
using System.Text;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// Writes a layer of shapes (WKB, little or big endian, two dimensions) as a layer of a vector tile, for the painter: nothing is cut, and every
/// attribute is a text. Rings are turned so that inner ones run against outer ones.
/// </summary>
internal sealed class ShapeTile(double west, double north, double unit)
{
    private byte[] geometry = new byte[4096];
    private int length;
    private int x, y;
    private TileShape kind;

    /// <param name="shapes">One behind the other, as many as there are features.</param>
    /// <param name="texts">Of the first column for all features, then of the second.</param>
    internal byte[] Write(string name, int extent, IReadOnlyList<string> columns, string?[] texts, byte[] shapes)
    {
        using var layer = new MemoryStream(shapes.Length / 4);
        Field(layer, 15, 2);
        Text(layer, 1, name);
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        int features = columns.Count == 0 ? int.MaxValue : texts.Length / columns.Count;
        using var feature = new MemoryStream();
        using var tags = new MemoryStream();
        for (int at = 0, number = 0; at < shapes.Length && number < features; number++)
        {
            (length, x, y, kind) = (0, 0, 0, TileShape.Unknown);
            at = Shape(shapes, at);
            if (length == 0)
            {
                continue;
            }

            feature.SetLength(0);
            tags.SetLength(0);
            for (int column = 0; column < columns.Count; column++)
            {
                if (texts[(column * features) + number] is string text)
                {
                    if (!values.TryGetValue(text, out int value))
                    {
                        values.Add(text, value = values.Count);
                    }

                    Varint(tags, (uint)column);
                    Varint(tags, (uint)value);
                }
            }

            Bytes(feature, 2, tags.GetBuffer().AsSpan(0, (int)tags.Length));
            Field(feature, 3, (uint)kind);
            Bytes(feature, 4, geometry.AsSpan(0, length));
            Bytes(layer, 2, feature.GetBuffer().AsSpan(0, (int)feature.Length));
        }

        foreach (string column in columns)
        {
            Text(layer, 3, column);
        }

        foreach (string value in values.Keys)
        {
            feature.SetLength(0);
            Text(feature, 1, value);
            Bytes(layer, 4, feature.GetBuffer().AsSpan(0, (int)feature.Length));
        }

        Field(layer, 5, (uint)extent);
        using var tile = new MemoryStream((int)layer.Length + 8);
        Bytes(tile, 3, layer.GetBuffer().AsSpan(0, (int)layer.Length));
        return tile.ToArray();
    }

    /// <returns>Where the next one begins.</returns>
    private int Shape(byte[] shapes, int at)
    {
        bool little = shapes[at] == 1;
        int type = Whole(shapes, at + 1, little);
        at += 5;
        switch (type)
        {
            case 1:
                Points(shapes, at, 1, little, TileShape.Point);
                return at + 16;
            case 2:
                int points = Whole(shapes, at, little);
                Points(shapes, at + 4, points, little, TileShape.Line);
                return at + 4 + (points * 16);
            case 3:
                int rings = Whole(shapes, at, little);
                at += 4;
                for (int ring = 0; ring < rings; ring++)
                {
                    int corners = Whole(shapes, at, little);
                    Points(shapes, at + 4, corners, little, TileShape.Polygon, ring > 0);
                    at += 4 + (corners * 16);
                }

                return at;
            case >= 4 and <= 7:
                int parts = Whole(shapes, at, little);
                at += 4;
                for (int part = 0; part < parts; part++)
                {
                    at = Shape(shapes, at);
                }

                return at;
            default:
                throw new BrokenTileException($"A shape of type {type}");
        }
    }

    private void Points(byte[] shapes, int at, int count, bool little, TileShape shape, bool inner = false)
    {
        // The last corner of a ring is the first again. A mixed collection is what most of its parts are: the first.
        int wanted = shape == TileShape.Polygon ? count - 1 : count;
        if (wanted < (shape == TileShape.Point ? 1 : shape == TileShape.Line ? 2 : 3) || (kind != TileShape.Unknown && kind != shape))
        {
            return;
        }

        kind = shape;
        bool back = shape == TileShape.Polygon && IsClockwise(shapes, at, count, little) == inner;
        Reserve((wanted + 2) * 10);
        int start = length;
        for (int i = 0; i < wanted; i++)
        {
            int place = at + ((back ? wanted - 1 - i : i) * 16);
            (double easting, double northing) = (Number(shapes, place, little), Number(shapes, place + 8, little));
            if (!double.IsFinite(easting) || !double.IsFinite(northing))
            {
                length = start;
                return;
            }

            (int toX, int toY) = (Unit(easting - west), Unit(north - northing));
            if (i == 0)
            {
                Put((1 << 3) | 1);
            }
            else if (i == 1)
            {
                Put(((uint)(wanted - 1) << 3) | 2);
            }

            Put(Zigzag(toX - x));
            Put(Zigzag(toY - y));
            (x, y) = (toX, toY);
        }

        if (shape == TileShape.Polygon)
        {
            Put((1 << 3) | 7);
        }
    }

    private int Unit(double meters) => (int)Math.Clamp(Math.Round(meters / unit), -(1 << 21), 1 << 21);

    private static bool IsClockwise(byte[] shapes, int at, int count, bool little)
    {
        double twice = 0, x0 = Number(shapes, at, little), y0 = Number(shapes, at + 8, little), beforeX = 0, beforeY = 0;
        for (int i = 1; i < count; i++)
        {
            double nextX = Number(shapes, at + (i * 16), little) - x0, nextY = Number(shapes, at + (i * 16) + 8, little) - y0;
            twice += (beforeX * nextY) - (nextX * beforeY);
            (beforeX, beforeY) = (nextX, nextY);
        }

        return twice < 0;
    }

    private static int Whole(byte[] bytes, int at, bool little)
    {
        int value = little ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
        return value >= 0 && value <= bytes.Length ? value : throw new BrokenTileException($"{value} where {bytes.Length} bytes are");
    }

    private static double Number(byte[] bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(at));

    private static uint Zigzag(int value) => (uint)((value << 1) ^ (value >> 31));

    private void Reserve(int more)
    {
        if (length + more > geometry.Length)
        {
            Array.Resize(ref geometry, Math.Max(geometry.Length * 2, length + more));
        }
    }

    private void Put(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            geometry[length++] = (byte)(value | 0x80);
        }

        geometry[length++] = (byte)value;
    }

    private static void Field(MemoryStream into, int number, uint value)
    {
        Varint(into, (uint)(number << 3));
        Varint(into, value);
    }

    private static void Text(MemoryStream into, int number, string text) => Bytes(into, number, Encoding.UTF8.GetBytes(text));

    private static void Bytes(MemoryStream into, int number, ReadOnlySpan<byte> bytes)
    {
        Varint(into, (uint)(number << 3) | 2);
        Varint(into, (uint)bytes.Length);
        into.Write(bytes);
    }

    private static void Varint(MemoryStream into, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            into.WriteByte((byte)(value | 0x80));
        }

        into.WriteByte((byte)value);
    }
}
