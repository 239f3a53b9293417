using System.Text;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>Writes vector tiles by hand, so that what checks the reader is not what it reads from. Field numbers: vector_tile.proto, 2.1.</summary>
internal static class TileBytes
{
    internal static byte[] Tile(params byte[][] layers) => [.. layers.SelectMany(static layer => Field(3, layer))];

    /// <param name="features">Type, drawing commands, and tags as numbers of keys and values.</param>
    internal static byte[] Layer(string name, string[] keys, byte[][] values, params (int Type, uint[] Geometry, uint[] Tags)[] features) =>
    [
        .. Varint((15 << 3) | 0), .. Varint(2),
        .. Field(1, Encoding.UTF8.GetBytes(name)),
        .. features.SelectMany(static feature => Field(2,
            [.. Field(2, [.. feature.Tags.SelectMany(static tag => Varint(tag))]), .. Varint((3 << 3) | 0), .. Varint((uint)feature.Type),
                .. Field(4, [.. feature.Geometry.SelectMany(static part => Varint(part))])])),
        .. keys.SelectMany(static key => Field(3, Encoding.UTF8.GetBytes(key))),
        .. values.SelectMany(static value => Field(4, value)),
        .. Varint((5 << 3) | 0), .. Varint(4096),
    ];

    internal static byte[] Text(string text) => Field(1, Encoding.UTF8.GetBytes(text));

    internal static byte[] Truth(bool value) => [.. Varint((7 << 3) | 0), .. Varint(value ? 1u : 0)];

    internal static byte[] Whole(uint value) => [.. Varint((5 << 3) | 0), .. Varint(value)];

    /// <summary>A line or, with <paramref name="closed"/>, a ring through places of the tile.</summary>
    internal static uint[] Line(bool closed, params (int X, int Y)[] places)
    {
        var commands = new List<uint>();
        (int x, int y) = (0, 0);
        for (int i = 0; i < places.Length; i++)
        {
            if (i < 2)
            {
                commands.Add(i == 0 ? 1 | (1 << 3) : 2 | ((uint)(places.Length - 1) << 3));
            }

            commands.AddRange([Zigzag(places[i].X - x), Zigzag(places[i].Y - y)]);
            (x, y) = places[i];
        }

        return closed ? [.. commands, 7 | (1 << 3)] : [.. commands];
    }

    internal static uint[] Point(int x, int y) => [1 | (1 << 3), Zigzag(x), Zigzag(y)];

    private static uint Zigzag(int value) => (uint)((value << 1) ^ (value >> 31));

    private static byte[] Field(int number, byte[] bytes) => [.. Varint((uint)(number << 3) | 2), .. Varint((uint)bytes.Length), .. bytes];

    private static IEnumerable<byte> Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
