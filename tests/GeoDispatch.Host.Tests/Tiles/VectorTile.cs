using System.Text;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>A layer of a tile, as far as the tests look into it.</summary>
internal sealed record VectorTileLayer(
    string Name, int Version, int Extent, int Features, IReadOnlyList<string> Keys, IReadOnlyList<VectorTileFeature> Shapes);

/// <summary>A feature of a tile: 1 for points, 2 for lines, 3 for areas, and every vertex in units of the tile, from the top left.</summary>
internal sealed record VectorTileFeature(ulong Id, int Type, IReadOnlyList<(int X, int Y)> Points);

/// <summary>
/// Reads the Mapbox Vector Tile 2.1 protobuf by hand, so that what checks the tiles is not what makes them. Field numbers:
/// github.com/mapbox/vector-tile-spec, 2.1/vector_tile.proto.
/// </summary>
internal static class VectorTile
{
    private const int LayerField = 3, NameField = 1, FeatureField = 2, KeyField = 3, ExtentField = 5, VersionField = 15;
    private const int IdField = 1, TypeField = 3, GeometryField = 4;

    internal static List<VectorTileLayer> Read(byte[] bytes) =>
        [.. Fields(bytes).Where(field => field.Number == LayerField).Select(field => ReadLayer(field.Bytes))];

    private static VectorTileLayer ReadLayer(byte[] bytes)
    {
        (int Number, ulong Value, byte[] Bytes)[] fields = [.. Fields(bytes)];
        string Text(byte[] text) => Encoding.UTF8.GetString(text);
        return new VectorTileLayer(
            Text(fields.Single(field => field.Number == NameField).Bytes),
            (int)fields.Single(field => field.Number == VersionField).Value,
            (int)fields.Single(field => field.Number == ExtentField).Value,
            fields.Count(field => field.Number == FeatureField),
            [.. fields.Where(field => field.Number == KeyField).Select(field => Text(field.Bytes))],
            [.. fields.Where(field => field.Number == FeatureField).Select(field => ReadFeature(field.Bytes))]);
    }

    private static VectorTileFeature ReadFeature(byte[] bytes)
    {
        (int Number, ulong Value, byte[] Bytes)[] fields = [.. Fields(bytes)];
        byte[] geometry = fields.Single(field => field.Number == GeometryField).Bytes;
        var points = new List<(int X, int Y)>();
        (int x, int y) = (0, 0);
        for (int at = 0; at < geometry.Length;)
        {
            // Moves and lines have pairs of steps; 7 closes a ring and has none.
            ulong command = Varint(geometry, ref at);
            for (ulong left = (command & 7) == 7 ? 0 : command >> 3; left > 0; left--)
            {
                (x, y) = (x + Signed(Varint(geometry, ref at)), y + Signed(Varint(geometry, ref at)));
                points.Add((x, y));
            }
        }

        return new VectorTileFeature(
            fields.FirstOrDefault(field => field.Number == IdField).Value, (int)fields.Single(field => field.Number == TypeField).Value, points);
    }

    private static int Signed(ulong zigzag) => (int)(zigzag >> 1) ^ -(int)(zigzag & 1);

    private static IEnumerable<(int Number, ulong Value, byte[] Bytes)> Fields(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            ulong tag = Varint(bytes, ref at);
            switch (tag & 7)
            {
                case 0:
                    yield return ((int)(tag >> 3), Varint(bytes, ref at), []);
                    break;
                case 2:
                    int length = (int)Varint(bytes, ref at);
                    yield return ((int)(tag >> 3), 0, bytes[at..(at + length)]);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} has no place in a vector tile's layers.");
            }
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
