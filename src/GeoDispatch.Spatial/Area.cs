using System.Buffers.Binary;

namespace GeoDispatch.Spatial;

/// <summary>A part of the earth between straight lines on a web-mercator map, as a Polygon or MultiPolygon in degrees gives its corners.</summary>
public sealed class Area
{
    private const int PolygonType = 3;
    private const int MultiPolygonType = 6;
    private const int PointBytes = 16;
    private readonly List<(double Lon, double Northing)[]> rings = [];
    private Bbox box = new(180, 90, -180, -90);

    private Area()
    {
    }

    /// <summary>Reads little-endian, two-dimensional WKB in EPSG:4326.</summary>
    /// <exception cref="FormatException">The bytes are anything else, or end too soon.</exception>
    public static Area Read(ReadOnlySpan<byte> wkb)
    {
        var area = new Area();
        try
        {
            if (TypeOf(wkb) != MultiPolygonType)
            {
                area.AddPolygon(wkb);
                return area;
            }

            ReadOnlySpan<byte> rest = wkb[9..];
            for (uint left = Count(wkb[5..]); left > 0; left--)
            {
                rest = area.AddPolygon(rest);
            }

            return area;
        }
        catch (ArgumentOutOfRangeException tooShort)
        {
            throw new FormatException("The area ends before its last corner.", tooShort);
        }
    }

    /// <summary>Whether a point lies inside, by how many edges lie west of it; one on an edge may be in or out.</summary>
    public bool Contains(LonLat point)
    {
        if (!box.Contains(point))
        {
            return false;
        }

        double northing = Geodesy.MercatorNorthing(point.Lat);
        bool isInside = false;
        foreach ((double Lon, double Northing)[] ring in rings)
        {
            for (int at = 1; at < ring.Length; at++)
            {
                ((double Lon, double Northing) a, (double Lon, double Northing) b) = (ring[at - 1], ring[at]);
                if (a.Northing > northing != b.Northing > northing
                    && point.Lon > a.Lon + (b.Lon - a.Lon) * (northing - a.Northing) / (b.Northing - a.Northing))
                {
                    isInside = !isInside;
                }
            }
        }

        return isInside;
    }

    private static uint TypeOf(ReadOnlySpan<byte> wkb) => wkb[..1][0] == 1 ? Count(wkb[1..]) : 0;

    private static uint Count(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>What stands behind it.</summary>
    private ReadOnlySpan<byte> AddPolygon(ReadOnlySpan<byte> wkb)
    {
        if (TypeOf(wkb) != PolygonType)
        {
            throw new FormatException("The area is neither a Polygon nor a MultiPolygon.");
        }

        ReadOnlySpan<byte> rest = wkb[9..];
        for (uint left = Count(wkb[5..]); left > 0; left--)
        {
            // No more than there are bytes for, before anything is made for as many corners as they merely promise.
            int corners = (int)Math.Min(Count(rest), (rest.Length / PointBytes) + 1);
            rest = rest[4..];
            ReadOnlySpan<byte> points = rest[..(corners * PointBytes)];
            rest = rest[points.Length..];
            var ring = new (double, double)[corners];
            for (int corner = 0; corner < corners; corner++)
            {
                double lon = BinaryPrimitives.ReadDoubleLittleEndian(points[(corner * PointBytes)..]);
                double lat = BinaryPrimitives.ReadDoubleLittleEndian(points[(corner * PointBytes + 8)..]);
                ring[corner] = (lon, Geodesy.MercatorNorthing(lat));
                box = new Bbox(Math.Min(box.West, lon), Math.Min(box.South, lat), Math.Max(box.East, lon), Math.Max(box.North, lat));
            }

            rings.Add(ring);
        }

        return rest;
    }
}
