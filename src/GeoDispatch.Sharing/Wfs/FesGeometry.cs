using System.Globalization;
using System.Xml.Linq;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>Reads a GML geometry of a filter, each in the system and the axis order that it names. Curves and surfaces are straight ones.</summary>
internal sealed class FesGeometry
{
    private const int MaxPoints = 16_384;
    private const double MaxLatitude = 89.99;
    private int points;

    /// <summary>What was wrong, where nothing was read.</summary>
    internal string Expected { get; private set; } = "";

    internal static bool IsGeometry(XElement element) => element.Name.Namespace == WfsNames.Gml && element.Name.LocalName is
        "Point" or "LineString" or "Curve" or "Polygon" or "Surface" or "MultiPoint" or "MultiCurve" or "MultiLineString"
        or "MultiSurface" or "MultiPolygon" or "MultiGeometry" or "Envelope" or "Box";

    /// <summary>Null where it is no geometry that can be compared.</summary>
    internal Expr? Read(XElement element)
    {
        string name = (string?)element.DescendantsAndSelf().Attributes("srsName").FirstOrDefault() ?? WfsCrs.Default.Name;
        if (WfsCrs.Find(name) is not WfsCrs crs)
        {
            return Refuse($"srsName: {WfsCrs.Supported}");
        }

        if (element.DescendantsAndSelf().Attributes("srsName").Any(other => other.Value != name))
        {
            return Refuse("一个几何只能用一个坐标系 / One srsName in a geometry");
        }

        return element.Name.LocalName is "Envelope" or "Box" ? Envelope(element, crs) : Geometry(element, crs);
    }

    /// <summary>The corners in any order of the axes that the system has.</summary>
    internal Expr? Box(WfsCrs crs, double[] lower, double[] upper)
    {
        if (lower.Length < 2 || upper.Length < 2 || At(lower, 0, crs) is not Position low || At(upper, 0, crs) is not Position high)
        {
            return Expected.Length > 0 ? null : Refuse("两个角点 / Two corners");
        }

        if (low.Y > high.Y || (low.X > high.X && !crs.Crs.Degrees))
        {
            return Refuse("最小值须在前 / The lower corner first");
        }

        return new BboxLiteral(low.X, low.Y, high.X, high.Y) { Crs = crs.Crs };
    }

    private Expr? Envelope(XElement element, WfsCrs crs)
    {
        if (element.Element(WfsNames.Gml + "lowerCorner") is not XElement lower || element.Element(WfsNames.Gml + "upperCorner") is not XElement upper)
        {
            return Refuse("gml:lowerCorner, gml:upperCorner");
        }

        return Numbers(lower.Value) is double[] low && Numbers(upper.Value) is double[] high ? Box(crs, low, high) : null;
    }

    private GeometryLiteral? Geometry(XElement element, WfsCrs crs)
    {
        switch (element.Name.LocalName)
        {
            case "Point":
                return Points(element, crs) switch
                {
                    [Position only] => Checked("Point", only, crs),
                    _ => Refuse("gml:pos"),
                };
            case "LineString":
                return Line(element, crs) is Coordinates line ? Checked("LineString", line, crs) : null;
            case "Curve":
                XElement[] segments = [.. element.Elements(WfsNames.Gml + "segments").Elements()];
                return segments is [{ Name.LocalName: "LineStringSegment" } one]
                    ? Line(one, crs) is Coordinates curve ? Checked("LineString", curve, crs) : null
                    : Refuse("gml:Curve: gml:LineStringSegment");
            case "Polygon":
                return Rings(element, crs) is Coordinates rings ? Checked("Polygon", rings, crs) : null;
            case "Surface":
                XElement[] patches = [.. element.Elements(WfsNames.Gml + "patches").Elements(WfsNames.Gml + "PolygonPatch")];
                return patches is [XElement patch] ? Rings(patch, crs) is Coordinates surface ? Checked("Polygon", surface, crs) : null : Refuse("gml:PolygonPatch");
            case "MultiPoint":
                return Multi(element, "MultiPoint", ["Point"], crs);
            case "MultiCurve" or "MultiLineString":
                return Multi(element, "MultiLineString", ["LineString", "Curve"], crs);
            case "MultiSurface" or "MultiPolygon":
                return Multi(element, "MultiPolygon", ["Polygon", "Surface"], crs);
            case "MultiGeometry":
                var members = new List<Expr>();
                foreach (XElement member in Members(element))
                {
                    if (member.Name.LocalName == "MultiGeometry" || Geometry(member, crs) is not GeometryLiteral read)
                    {
                        return Expected.Length > 0 ? null : Refuse("gml:MultiGeometry");
                    }

                    members.Add(read);
                }

                (GeometryLiteral? all, string expected) = Cql2Operators.Collection(members);
                return all is null ? Refuse(expected) : all with { Crs = crs.Crs };
            case var other:
                return Refuse($"gml:{WfsRefusal.Cut(other)}");
        }
    }

    private GeometryLiteral? Multi(XElement element, string type, string[] of, WfsCrs crs)
    {
        var parts = new List<Coordinates>();
        foreach (XElement member in Members(element))
        {
            if (!of.Contains(member.Name.LocalName, StringComparer.Ordinal))
            {
                return Refuse(string.Join(", ", of.Select(static name => $"gml:{name}")));
            }

            if (Geometry(member, crs) is not GeometryLiteral read)
            {
                return null;
            }

            parts.Add(read.Coordinates);
        }

        return Checked(type, new CoordinateList(new(parts)), crs);
    }

    /// <summary>Under <c>pointMember</c>, <c>surfaceMembers</c> and the like.</summary>
    private static IEnumerable<XElement> Members(XElement element) =>
        element.Elements().Where(static child => child.Name.LocalName.Contains("ember", StringComparison.Ordinal)).Elements();

    private CoordinateList? Rings(XElement polygon, WfsCrs crs)
    {
        var rings = new List<Coordinates>();
        foreach (XElement ring in polygon.Elements(WfsNames.Gml + "exterior").Concat(polygon.Elements(WfsNames.Gml + "interior")))
        {
            if (ring.Element(WfsNames.Gml + "LinearRing") is not XElement linear)
            {
                Refuse("gml:LinearRing");
                return null;
            }

            if (Line(linear, crs) is not CoordinateList line)
            {
                return null;
            }

            rings.Add(line);
        }

        return new CoordinateList(new(rings));
    }

    private CoordinateList? Line(XElement element, WfsCrs crs) => Points(element, crs) is List<Coordinates> line ? new CoordinateList(new(line)) : null;

    /// <summary>Of <c>posList</c>, of <c>pos</c> one after another or of the older <c>coordinates</c>.</summary>
    private List<Coordinates>? Points(XElement element, WfsCrs crs)
    {
        XElement[] written = [.. element.Elements().Where(static child => child.Name.LocalName is "pos" or "posList" or "coordinates")];
        var all = new List<Coordinates>();
        foreach (XElement list in written)
        {
            if (Numbers(list.Name.LocalName == "coordinates" ? list.Value.Replace(',', ' ') : list.Value) is not double[] numbers)
            {
                return null;
            }

            string? dimension = (string?)list.AncestorsAndSelf().Attributes("srsDimension").FirstOrDefault();
            int step = dimension == "3" || (list.Name.LocalName == "pos" && numbers.Length == 3) ? 3 : 2;
            if (numbers.Length == 0 || numbers.Length % step != 0)
            {
                Refuse($"{step} 个数一个点 / {step} numbers a point");
                return null;
            }

            for (int at = 0; at < numbers.Length; at += step)
            {
                if (At(numbers, at, crs) is not Position position)
                {
                    return null;
                }

                all.Add(position);
            }
        }

        return all;
    }

    private Position? At(double[] numbers, int at, WfsCrs crs)
    {
        Position position = crs.YFirst ? new(numbers[at + 1], numbers[at], null) : new(numbers[at], numbers[at + 1], null);
        if (++points > MaxPoints)
        {
            Refuse($"最多 {MaxPoints} 个点 / At most {MaxPoints} points");
            return null;
        }

        if (!crs.Crs.Domain.Contains(new Box(position.X, position.Y, position.X, position.Y)))
        {
            string order = crs.YFirst ? "纬度或北坐标在前 / latitude or northing first" : "经度或东坐标在前 / longitude or easting first";
            Refuse($"坐标超出 {crs.Name} 的范围;{order} / Coordinates outside of the range of {crs.Name}");
            return null;
        }

        // Beyond this the web mercator of a latitude grows without end.
        return crs.Crs.Degrees ? position with { Y = Math.Clamp(position.Y, -MaxLatitude, MaxLatitude) } : position;
    }

    internal double[]? Numbers(string text)
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[words.Length];
        for (int at = 0; at < words.Length; at++)
        {
            if (!double.TryParse(words[at], plain, CultureInfo.InvariantCulture, out numbers[at]) || !double.IsFinite(numbers[at]))
            {
                Refuse($"须为数 / Not a number: {WfsRefusal.Cut(words[at])}");
                return null;
            }
        }

        return numbers;
    }

    private GeometryLiteral? Checked(string type, Coordinates coordinates, WfsCrs crs)
    {
        (GeometryLiteral? shape, string expected) = Cql2Operators.Geometry(type, coordinates);
        return shape is null ? Refuse(expected) : shape with { Crs = crs.Crs };
    }

    private GeometryLiteral? Refuse(string expected)
    {
        Expected = expected;
        return null;
    }
}
