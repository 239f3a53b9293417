using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>
/// Reads a filter of FES 2.0 (OGC 09-026r2) over one layer into the tree that CQL2 gives, for the same compiler. A literal of FES has no
/// kind of its own: it is read as what it is compared with. Null is a refusal, and <see cref="Refusal"/> says which.
/// </summary>
internal sealed class FesFilter(ReadableFeatures features)
{
    internal const int MaxDistanceMeters = 1_000_000;
    internal static readonly string[] Comparisons =
    [
        "PropertyIsEqualTo", "PropertyIsNotEqualTo", "PropertyIsLessThan", "PropertyIsGreaterThan", "PropertyIsLessThanOrEqualTo",
        "PropertyIsGreaterThanOrEqualTo", "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween",
    ];

    internal static readonly string[] Spatials =
        ["BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "DWithin", "Beyond"];

    private readonly Layer layer = features.Layer;
    private readonly IReadOnlyDictionary<string, QueryableColumn> queryables = Queryables.Of(features.Layer);
    private readonly FesGeometry geometries = new();

    internal WfsRefusal? Refusal { get; private set; }

    internal Expr? Read(XElement filter)
    {
        if (filter.Name != WfsNames.Fes + "Filter")
        {
            return Refuse($"须为 / Expected: Filter, {WfsNames.Fes}");
        }

        XElement[] all = [.. filter.Elements()];
        return all.Length > 0 && Array.TrueForAll(all, static one => one.Name == WfsNames.Fes + "ResourceId") ? Resources(all)
            : all.Length == 1 ? Predicate(all[0])
            : Refuse("fes:Filter 中须有一个条件 / One condition in a fes:Filter");
    }

    private Expr? Predicate(XElement element)
    {
        if (element.Name.Namespace != WfsNames.Fes)
        {
            return Refuse($"须属于 {WfsNames.Fes} / Expected in this namespace: {WfsRefusal.Cut(element.Name.LocalName)}");
        }

        XElement[] operands = [.. element.Elements()];
        string name = element.Name.LocalName;
        switch (name)
        {
            case "And" or "Or":
                return Joined(name == "And" ? "and" : "or", operands);
            case "Not":
                return operands is [XElement only] ? Predicate(only) is Expr denied ? new Op("not", denied) : null : Wrong(name, 1);
            case "ResourceId":
                return Resources([element]);
            case "PropertyIsEqualTo" or "PropertyIsNotEqualTo" or "PropertyIsLessThan" or "PropertyIsGreaterThan" or "PropertyIsLessThanOrEqualTo"
                or "PropertyIsGreaterThanOrEqualTo":
                return operands.Length == 2 ? Comparison(element, operands) : Wrong(name, 2);
            case "PropertyIsBetween":
                return Between(element, operands);
            case "PropertyIsLike":
                return operands.Length == 2 ? Like(element, operands) : Wrong(name, 2);
            case "PropertyIsNull" or "PropertyIsNil":
                return operands is [XElement asked] ? Value(asked, null) is Expr value ? new Op("isNull", value) : null : Wrong(name, 1);
            case var other when Spatials.Contains(other, StringComparer.Ordinal):
                return Spatial(name, operands);
            case var other when FesTimes.Operators.ContainsKey(other):
                return operands.Length == 2 ? Temporal(name, operands) : Wrong(name, 2);
            default:
                Refusal ??= WfsRefusal.NoSuchOption(WfsRefusal.Cut(name), $"不支持此运算符 / No such operator: {WfsRefusal.Cut(name)}");
                return null;
        }
    }

    private Op? Joined(string op, XElement[] operands)
    {
        var all = new List<Expr>(operands.Length);
        foreach (XElement operand in operands)
        {
            if (Predicate(operand) is not Expr condition)
            {
                return null;
            }

            all.Add(condition);
        }

        return all.Count >= 2 ? new Op(op, new Items<Expr>(all)) : Wrong(op, 2);
    }

    /// <summary>Of other layers there is none here.</summary>
    private Expr Resources(XElement[] ids) => features.OfResources([.. ids.Select(static id => (string?)id.Attribute("rid") ?? "")]);

    private Op? Comparison(XElement element, XElement[] operands)
    {
        if (Same(operands) is not List<Expr> both)
        {
            return null;
        }

        string op = element.Name.LocalName switch
        {
            "PropertyIsEqualTo" => "=",
            "PropertyIsNotEqualTo" => "<>",
            "PropertyIsLessThan" => "<",
            "PropertyIsGreaterThan" => ">",
            "PropertyIsLessThanOrEqualTo" => "<=",
            _ => ">=",
        };
        bool folded = !MatchCase(element) && KindOf(operands) == ValueKind.Text;
        return folded ? new Op(op, new Op("casei", both[0]), new Op("casei", both[1])) : new Op(op, both[0], both[1]);
    }

    private Op? Between(XElement element, XElement[] operands)
    {
        XElement? lower = element.Elements(WfsNames.Fes + "LowerBoundary").Elements().FirstOrDefault();
        XElement? upper = element.Elements(WfsNames.Fes + "UpperBoundary").Elements().FirstOrDefault();
        if (operands.Length != 3 || lower is null || upper is null)
        {
            return Wrong("PropertyIsBetween", 3);
        }

        return Same([operands[0], lower, upper]) is List<Expr> all ? new Op("between", new Items<Expr>(all)) : null;
    }

    private Op? Like(XElement element, XElement[] operands)
    {
        string? many = (string?)element.Attribute("wildCard");
        string? one = (string?)element.Attribute("singleChar");
        string? escape = (string?)element.Attribute("escapeChar");
        if (many is not { Length: 1 } || one is not { Length: 1 } || escape is not { Length: 1 } || many == one || many == escape || one == escape)
        {
            return Refuse("PropertyIsLike: wildCard, singleChar, escapeChar 各一个不同的字符 / one character each, all different");
        }

        if (operands[1].Name != WfsNames.Fes + "Literal" || Value(operands[0], null) is not Expr text)
        {
            return Refuse("PropertyIsLike: ValueReference, Literal");
        }

        var pattern = new TextLiteral(FesTimes.Pattern(operands[1].Value, many[0], one[0], escape[0]));
        return MatchCase(element) ? new Op("like", text, pattern) : new Op("like", new Op("casei", text), new Op("casei", pattern));
    }

    private Expr? Spatial(string name, XElement[] operands)
    {
        bool distance = name is "DWithin" or "Beyond";
        XElement[] shapes = [.. operands.Where(static operand => operand.Name.LocalName != "Distance")];
        // A box alone asks of the geometry that the layer has.
        if (shapes.Length == 1 && name == "BBOX")
        {
            shapes = [new XElement(WfsNames.Fes + "ValueReference", WfsNames.Local(layer.GeometryColumn)), shapes[0]];
        }

        if (shapes.Length != 2 || operands.Length - shapes.Length > (distance ? 1 : 0))
        {
            return Wrong(name, distance ? 3 : 2);
        }

        if (Shape(shapes[0]) is not Expr left || Shape(shapes[1]) is not Expr right)
        {
            return null;
        }

        if (!distance)
        {
            return new Op(name == "BBOX" ? "s_intersects" : $"s_{name.ToLowerInvariant()}", left, right);
        }

        if (operands.FirstOrDefault(static operand => operand.Name == WfsNames.Fes + "Distance") is not XElement measure || Meters(measure) is not double meters)
        {
            return Refuse($"fes:Distance uom=\"m\" 或 / or \"km\": 0…{MaxDistanceMeters} m");
        }

        var near = new Near(left, right, meters);
        return name == "DWithin" ? near : new Op("not", near);
    }

    private Expr? Shape(XElement operand)
    {
        if (!FesGeometry.IsGeometry(operand))
        {
            return Value(operand, null);
        }

        return geometries.Read(operand) ?? Refuse(geometries.Expected);
    }

    private static double? Meters(XElement distance)
    {
        double factor = (string?)distance.Attribute("uom") switch
        {
            "m" or "metre" or "metres" or "meter" or "meters" or "urn:ogc:def:uom:EPSG::9001" or "http://www.opengis.net/def/uom/EPSG/0/9001" => 1,
            "km" => 1000,
            _ => double.NaN,
        };
        return double.TryParse(distance.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value * factor is >= 0 and <= MaxDistanceMeters
            ? value * factor
            : null;
    }

    private Expr? Temporal(string name, XElement[] operands)
    {
        Expr?[] times = new Expr?[2];
        for (int at = 0; at < 2; at++)
        {
            (Expr? time, string expected) = operands[at].Name.Namespace == WfsNames.Gml ? FesTimes.Read(operands[at]) : (Value(operands[at], ValueKind.Timestamp), "");
            times[at] = time ?? Refuse(expected);
        }

        return times is [Expr left, Expr right] ? FesTimes.Condition(name, left, right) : null;
    }

    /// <summary>Values that are compared with each other; literals of the kind that a property among them has.</summary>
    private List<Expr>? Same(XElement[] operands)
    {
        ValueKind kind = KindOf(operands);
        var all = new List<Expr>(operands.Length);
        foreach (XElement operand in operands)
        {
            if (Value(operand, kind) is not Expr value)
            {
                return null;
            }

            all.Add(value);
        }

        return all;
    }

    private ValueKind KindOf(XElement[] operands) => operands
        .Where(static operand => operand.Name == WfsNames.Fes + "ValueReference")
        .Select(reference => queryables.TryGetValue(ReadableFeatures.ColumnOf(reference.Value), out QueryableColumn? column) ? column.Kind : ValueKind.Text)
        .FirstOrDefault(ValueKind.Text);

    /// <param name="kind">What a literal is to be read as; null where none may stand.</param>
    private Expr? Value(XElement operand, ValueKind? kind)
    {
        if (operand.Name == WfsNames.Fes + "ValueReference")
        {
            string column = ReadableFeatures.ColumnOf(operand.Value);
            if (queryables.ContainsKey(column))
            {
                return new Property(column);
            }

            Refusal ??= WfsRefusal.Invalid(
                "filter", operand.Value.Trim(),
                $"可用属性 / Properties: {string.Join(", ", queryables.Keys.Select(WfsNames.Local).Order(StringComparer.Ordinal))}");
            return null;
        }

        if (operand.Name == WfsNames.Fes + "Function")
        {
            Refusal ??= WfsRefusal.NoSuchOption("Function", $"没有函数 / No functions: {WfsRefusal.Cut((string?)operand.Attribute("name") ?? "")}");
            return null;
        }

        if (operand.Name != WfsNames.Fes + "Literal" || kind is null)
        {
            return Refuse($"须为 / Expected: ValueReference{(kind is null ? "" : ", Literal")}; {WfsRefusal.Cut(operand.Name.LocalName)}");
        }

        (Expr? literal, string expected) = FesTimes.Literal(operand.Value, kind.Value);
        if (literal is null)
        {
            Refusal ??= WfsRefusal.Invalid("filter", operand.Value, $"须为 / Expected: {expected}");
        }

        return literal;
    }

    private static bool MatchCase(XElement element) => (string?)element.Attribute("matchCase") is not ("false" or "0");

    private Op? Wrong(string name, int operands)
    {
        Refuse($"{name}: {operands} 个操作数 / operands");
        return null;
    }

    private Op? Refuse(string detail)
    {
        Refusal ??= WfsRefusal.Unparsable(detail, "filter");
        return null;
    }
}
