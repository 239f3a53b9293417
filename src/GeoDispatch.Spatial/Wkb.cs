using System.Buffers.Binary;

namespace GeoDispatch.Spatial;

/// <summary>Reads OGC well-known binary.</summary>
public static class Wkb
{
    private const int HeaderBytes = 9;
    private const int PointBytes = 16;

    /// <summary>Reads a little-endian, two-dimensional LineString.</summary>
    /// <exception cref="FormatException">The bytes are anything else; the message names the thing by <paramref name="id"/>.</exception>
    public static LonLat[] ReadLine(ReadOnlySpan<byte> bytes, long id)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != 1 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]) != 2
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]) != (bytes.Length - HeaderBytes) / (double)PointBytes)
        {
            throw new FormatException($"{id}: the geometry is no plain LineString.");
        }

        var points = new LonLat[(bytes.Length - HeaderBytes) / PointBytes];
        for (int index = 0; index < points.Length; index++)
        {
            ReadOnlySpan<byte> point = bytes[(HeaderBytes + index * PointBytes)..];
            points[index] = new LonLat(
                BinaryPrimitives.ReadDoubleLittleEndian(point), BinaryPrimitives.ReadDoubleLittleEndian(point[8..]));
        }

        return points;
    }
}

/// <summary>Writes well-known binary with the reference system in it, as PostGIS takes it in a binary COPY.</summary>
public static class Ewkb
{
    private const uint LineStringWithSrid = 0x20000002;

    /// <summary>A two-dimensional LineString in EPSG:4326, little-endian.</summary>
    public static byte[] Line(ReadOnlySpan<LonLat> points)
    {
        byte[] bytes = new byte[13 + points.Length * 16];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(1), LineStringWithSrid);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5), 4326);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(9), points.Length);
        for (int index = 0; index < points.Length; index++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(13 + index * 16), points[index].Lon);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(21 + index * 16), points[index].Lat);
        }

        return bytes;
    }
}
