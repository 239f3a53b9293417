using System.Text;

namespace GeoDispatch.Sharing.Raster;

/// <summary>The bytes are no vector tile. Says what is wrong with them.</summary>
internal sealed class BrokenTileException(string message) : Exception(message);

/// <summary>Of what a feature is made, by its number in the tile.</summary>
internal enum TileShape
{
    Unknown = 0,
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// <summary>Where a feature's tags and geometry stand among the bytes of its tile.</summary>
internal readonly record struct TileFeature(TileShape Shape, int Tags, int TagsEnd, int Geometry, int GeometryEnd);

/// <summary>
/// A layer of a Mapbox Vector Tile 2.1, read where it lies: texts become strings when they are asked for, geometry becomes points when it is
/// drawn. Field numbers: github.com/mapbox/vector-tile-spec, 2.1/vector_tile.proto.
/// </summary>
internal sealed class VectorTileLayer
{
    private const int LargestExtent = 1 << 20;
    private readonly byte[] bytes;
    private readonly List<(int Start, int End)> values = [];
    private string?[]? texts;

    private VectorTileLayer(byte[] bytes, int start, int end)
    {
        this.bytes = bytes;
        var keys = new List<string>();
        var features = new List<TileFeature>();
        for (var reader = new ProtoReader(bytes, start, end); reader.Next();)
        {
            switch (reader.Field)
            {
                case (1, ProtoReader.Delimited):
                    Name = Text(reader.Delimit());
                    break;
                case (2, ProtoReader.Delimited):
                    features.Add(ReadFeature(reader.Delimit()));
                    break;
                case (3, ProtoReader.Delimited):
                    keys.Add(Text(reader.Delimit()));
                    break;
                case (4, ProtoReader.Delimited):
                    values.Add(reader.Delimit());
                    break;
                case (5, ProtoReader.Number):
                    ulong extent = reader.Varint();
                    Extent = extent is > 0 and <= LargestExtent ? (int)extent : throw new BrokenTileException($"An extent of {extent}");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        (Keys, Features) = (keys, features);
    }

    internal string Name { get; } = "";

    /// <summary>Units of a side, 4,096 where the tile does not say.</summary>
    internal int Extent { get; } = 4096;

    internal IReadOnlyList<string> Keys { get; }

    internal IReadOnlyList<TileFeature> Features { get; }

    internal int Values => values.Count;

    /// <exception cref="BrokenTileException">The bytes are no vector tile.</exception>
    internal static List<VectorTileLayer> ReadAll(byte[] bytes)
    {
        var layers = new List<VectorTileLayer>();
        for (var reader = new ProtoReader(bytes, 0, bytes.Length); reader.Next();)
        {
            if (reader.Field == (3, ProtoReader.Delimited))
            {
                (int start, int end) = reader.Delimit();
                layers.Add(new VectorTileLayer(bytes, start, end));
            }
            else
            {
                reader.Skip();
            }
        }

        return layers;
    }

    /// <summary>The number of the key; −1 where no feature has it.</summary>
    internal int FindKey(string key)
    {
        for (int i = 0; i < Keys.Count; i++)
        {
            if (Keys[i] == key)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A value as text, as a rule writes it: <c>primary</c>, <c>true</c>, <c>6</c>.</summary>
    internal string TextOf(int value) => (texts ??= new string?[values.Count])[value] ??= ReadValue(values[value]);

    /// <summary>The number of the value that a feature has for a key; −1 where it has none.</summary>
    internal int FindValue(in TileFeature feature, int key)
    {
        if (key < 0)
        {
            return -1;
        }

        for (var reader = new ProtoReader(bytes, feature.Tags, feature.TagsEnd); !reader.AtEnd;)
        {
            ulong found = reader.Varint();
            if (reader.AtEnd)
            {
                throw new BrokenTileException("A tag without a value");
            }

            ulong value = reader.Varint();
            if (found == (ulong)key)
            {
                return value < (ulong)values.Count ? (int)value : throw new BrokenTileException($"Value {value} of {values.Count}");
            }
        }

        return -1;
    }

    internal TileGeometry GeometryOf(in TileFeature feature) => new(bytes, feature.Geometry, feature.GeometryEnd, feature.Shape);

    private TileFeature ReadFeature((int Start, int End) at)
    {
        var feature = new TileFeature(TileShape.Unknown, 0, 0, 0, 0);
        for (var reader = new ProtoReader(bytes, at.Start, at.End); reader.Next();)
        {
            switch (reader.Field)
            {
                case (2, ProtoReader.Delimited):
                    (int tags, int tagsEnd) = reader.Delimit();
                    feature = feature with { Tags = tags, TagsEnd = tagsEnd };
                    break;
                case (3, ProtoReader.Number):
                    ulong shape = reader.Varint();
                    feature = feature with { Shape = shape <= 3 ? (TileShape)shape : TileShape.Unknown };
                    break;
                case (4, ProtoReader.Delimited):
                    (int geometry, int geometryEnd) = reader.Delimit();
                    feature = feature with { Geometry = geometry, GeometryEnd = geometryEnd };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return feature;
    }

    private string Text((int Start, int End) at) => Encoding.UTF8.GetString(bytes.AsSpan(at.Start..at.End));

    private string ReadValue((int Start, int End) at)
    {
        for (var reader = new ProtoReader(bytes, at.Start, at.End); reader.Next();)
        {
            IFormattable? number = null;
            switch (reader.Field)
            {
                case (1, ProtoReader.Delimited):
                    return Text(reader.Delimit());
                case (2, ProtoReader.Fixed32):
                    number = BitConverter.UInt32BitsToSingle((uint)reader.Fixed());
                    break;
                case (3, ProtoReader.Fixed64):
                    number = BitConverter.UInt64BitsToDouble(reader.Fixed());
                    break;
                case (4, ProtoReader.Number):
                    number = (long)reader.Varint();
                    break;
                case (5, ProtoReader.Number):
                    number = reader.Varint();
                    break;
                case (6, ProtoReader.Number):
                    number = ProtoReader.Signed(reader.Varint());
                    break;
                case (7, ProtoReader.Number):
                    return reader.Varint() != 0 ? "true" : "false";
                default:
                    reader.Skip();
                    continue;
            }

            return number.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
        }

        return "";
    }
}

/// <summary>Pulls the fields of one message of protocol buffers out of a part of an array, and never looks beyond that part.</summary>
internal struct ProtoReader(byte[] bytes, int start, int end)
{
    internal const int Number = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;
    private int at = start;

    /// <summary>Number and wire type of the field that <see cref="Next"/> found.</summary>
    internal (int Number, int Wire) Field { get; private set; }

    internal readonly bool AtEnd => at >= end;

    internal static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);

    internal bool Next()
    {
        if (AtEnd)
        {
            return false;
        }

        ulong tag = Varint();
        Field = (tag >> 3) is > 0 and < 1 << 29 ? ((int)(tag >> 3), (int)(tag & 7)) : throw new BrokenTileException($"A field of number {tag >> 3}");
        return true;
    }

    internal ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= end)
            {
                break;
            }

            byte part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new BrokenTileException("A number that does not end");
    }

    internal (int Start, int End) Delimit()
    {
        ulong length = Varint();
        if (length > (ulong)(end - at))
        {
            throw new BrokenTileException($"{length} bytes where {end - at} are left");
        }

        int from = at;
        at += (int)length;
        return (from, at);
    }

    internal ulong Fixed()
    {
        int length = Field.Wire == Fixed32 ? 4 : 8;
        if (length > end - at)
        {
            throw new BrokenTileException($"{length} bytes where {end - at} are left");
        }

        ulong value = length == 4 ? BitConverter.ToUInt32(bytes, at) : BitConverter.ToUInt64(bytes, at);
        at += length;
        return value;
    }

    internal void Skip()
    {
        switch (Field.Wire)
        {
            case Number:
                Varint();
                break;
            case Delimited:
                Delimit();
                break;
            case Fixed32 or Fixed64:
                Fixed();
                break;
            default:
                throw new BrokenTileException($"Wire type {Field.Wire}");
        }
    }
}
