using System.Buffers.Binary;
using System.Xml;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>
/// Writes the well-known binary of PostGIS as GML 3.2. ST_AsGML does not: it gives the parts of a geometry no <c>gml:id</c>, which
/// GML 3.2 demands of each, and knows one name of a system.
/// </summary>
/// <param name="wkb">Little-endian, of two dimensions, without curves.</param>
internal ref struct GmlGeometry(ReadOnlySpan<byte> wkb, WfsCrs crs, XmlWriter xml)
{
    private const string Gml = "http://www.opengis.net/gml/3.2";
    private const string P = "gml";
    private ReadOnlySpan<byte> rest = wkb;

    private enum Kind
    {
        Point = 1,
        LineString,
        Polygon,
        MultiPoint,
        MultiLineString,
        MultiPolygon,
        Collection,
    }

    /// <param name="id">Of the geometry; its parts add their number.</param>
    internal void Write(string id) => Write(id, isPart: false);

    private void Write(string id, bool isPart)
    {
        rest = rest[1..];
        var kind = (Kind)ReadCount();
        (string name, string member) = kind switch
        {
            Kind.Point => ("Point", ""),
            Kind.LineString => ("LineString", ""),
            Kind.Polygon => ("Polygon", ""),
            Kind.MultiPoint => ("MultiPoint", "pointMember"),
            Kind.MultiLineString => ("MultiCurve", "curveMember"),
            Kind.MultiPolygon => ("MultiSurface", "surfaceMember"),
            Kind.Collection => ("MultiGeometry", "geometryMember"),
            _ => throw new InvalidOperationException($"geometry of type {kind}"),
        };
        xml.WriteStartElement(P, name, Gml);
        xml.WriteAttributeString(P, "id", Gml, id);
        if (!isPart)
        {
            xml.WriteAttributeString("srsName", crs.Name);
            xml.WriteAttributeString("srsDimension", "2");
        }

        switch (kind)
        {
            case Kind.Point:
                WritePositions("pos", 1);
                break;
            case Kind.LineString:
                WritePositions("posList", ReadCount());
                break;
            case Kind.Polygon:
                int rings = ReadCount();
                for (int ring = 0; ring < rings; ring++)
                {
                    xml.WriteStartElement(P, ring == 0 ? "exterior" : "interior", Gml);
                    xml.WriteStartElement(P, "LinearRing", Gml);
                    WritePositions("posList", ReadCount());
                    xml.WriteEndElement();
                    xml.WriteEndElement();
                }

                break;
            default:
                int parts = ReadCount();
                for (int part = 1; part <= parts; part++)
                {
                    xml.WriteStartElement(P, member, Gml);
                    Write($"{id}.{part}", isPart: true);
                    xml.WriteEndElement();
                }

                break;
        }

        xml.WriteEndElement();
    }

    private void WritePositions(string name, int count)
    {
        xml.WriteStartElement(P, name, Gml);
        for (int at = 0; at < count; at++)
        {
            double x = ReadNumber();
            double y = ReadNumber();
            if (at > 0)
            {
                xml.WriteString(" ");
            }

            xml.WriteString(crs.Format(crs.YFirst ? y : x));
            xml.WriteString(" ");
            xml.WriteString(crs.Format(crs.YFirst ? x : y));
        }

        xml.WriteEndElement();
    }

    private int ReadCount()
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[4..];
        return count;
    }

    private double ReadNumber()
    {
        double number = BinaryPrimitives.ReadDoubleLittleEndian(rest);
        rest = rest[8..];
        return number;
    }
}
