using System.Text;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>A layer of a tile, as far as the tests look into it.</summary>
internal sealed record VectorTileLayer(string Name, int Version, int Extent, int Features, IReadOnlyList<string> Keys);

/// <summary>
/// Reads the Mapbox Vector Tile 2.1 protobuf by hand, so that what checks the tiles is not what makes them. Field numbers:
/// github.com/mapbox/vector-tile-spec, 2.1/vector_tile.proto.
/// </summary>
internal static class VectorTile
{
    private const int LayerField = 3, NameField = 1, FeatureField = 2, KeyField = 3, ExtentField = 5, VersionField = 15;

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
            [.. fields.Where(field => field.Number == KeyField).Select(field => Text(field.Bytes))]);
    }

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
