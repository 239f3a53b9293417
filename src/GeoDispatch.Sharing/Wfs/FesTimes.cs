using System.Globalization;
using System.Text;
using System.Xml.Linq;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>The literals of FES 2.0, and its temporal operators in the words of CQL2.</summary>
internal static class FesTimes
{
    /// <summary>FES → CQL2.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Operators = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["After"] = "t_after",
        ["Before"] = "t_before",
        ["During"] = "t_during",
        ["TEquals"] = "t_equals",
        ["Begins"] = "t_starts",
        ["BegunBy"] = "t_startedBy",
        ["Ends"] = "t_finishes",
        ["EndedBy"] = "t_finishedBy",
        ["TContains"] = "t_contains",
        ["TOverlaps"] = "t_overlaps",
        ["OverlappedBy"] = "t_overlappedBy",
        ["Meets"] = "t_meets",
        ["MetBy"] = "t_metBy",
        ["AnyInteracts"] = "t_intersects",
    };

    private static readonly string[] Instants =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ssK"];

    /// <summary>An instant is a period without length: of two instants, or of one and a period, ISO 19108 knows fewer relations.</summary>
    internal static Expr Condition(string name, Expr left, Expr right) => (name, left, right) switch
    {
        ("During", not Interval, Interval period) => Inside(left, period),
        ("TContains", Interval period, not Interval) => Inside(right, period),
        ("Begins", not Interval, Interval period) => new Op("t_equals", left, period.Start),
        ("Ends", not Interval, Interval period) => new Op("t_equals", left, period.End),
        ("BegunBy", Interval period, not Interval) => new Op("t_equals", right, period.Start),
        ("EndedBy", Interval period, not Interval) => new Op("t_equals", right, period.End),
        _ => new Op(Operators[name], left, right),
    };

    /// <summary><c>gml:TimeInstant</c> or <c>gml:TimePeriod</c>.</summary>
    internal static (Expr? Time, string Expected) Read(XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "TimeInstant":
                return Instant(element.Element(WfsNames.Gml + "timePosition"), mayBeOpen: false);
            case "TimePeriod":
                (Expr? start, string wrongStart) = Instant(End(element, "begin"), mayBeOpen: true);
                (Expr? end, string wrongEnd) = Instant(End(element, "end"), mayBeOpen: true);
                return start is null ? (null, wrongStart) : end is null ? (null, wrongEnd) : (new Interval(start, end), "");
            default:
                return (null, "gml:TimeInstant, gml:TimePeriod");
        }
    }

    internal static (Expr? Literal, string Expected) Literal(string text, ValueKind kind)
    {
        string trimmed = text.Trim();
        switch (kind)
        {
            case ValueKind.Number:
                return double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                    ? (new NumberLiteral(number), "")
                    : (null, "a number");
            case ValueKind.Boolean:
                return trimmed is "true" or "1" or "false" or "0" ? (new BooleanLiteral(trimmed is "true" or "1"), "") : (null, "true, false");
            case ValueKind.Date or ValueKind.Timestamp:
                return Instant(trimmed);
            case ValueKind.Text:
                return (new TextLiteral(text), "");
            default:
                return (null, "a geometry in GML");
        }
    }

    /// <summary>The pattern as CQL2 has it: <c>%</c>, <c>_</c>, and a backslash before what is to be itself.</summary>
    internal static string Pattern(string text, char many, char one, char escape)
    {
        var pattern = new StringBuilder(text.Length + 8);
        for (int at = 0; at < text.Length; at++)
        {
            bool escaped = text[at] == escape && at + 1 < text.Length;
            char next = escaped ? text[++at] : text[at];
            pattern.Append(
                !escaped && next == many ? "%"
                : !escaped && next == one ? "_"
                : next is '%' or '_' or '\\' ? $"\\{next}"
                : next.ToString());
        }

        return pattern.ToString();
    }

    private static Op Inside(Expr instant, Interval period) => new("and", new Op("t_after", instant, Whole(period.Start, "0001-01-01")), new Op("t_before", instant, Whole(period.End, "9999-12-31")));

    /// <summary>No feature is older or younger than an open end.</summary>
    private static Expr Whole(Expr end, string far) => end is OpenEnd ? new DateLiteral(DateOnly.ParseExact(far, "yyyy-MM-dd", CultureInfo.InvariantCulture)) : end;

    private static XElement? End(XElement period, string which) =>
        period.Element(WfsNames.Gml + $"{which}Position")
        ?? period.Elements(WfsNames.Gml + which).Elements(WfsNames.Gml + "TimeInstant").Elements(WfsNames.Gml + "timePosition").FirstOrDefault();

    private static (Expr? Time, string Expected) Instant(XElement? position, bool mayBeOpen) =>
        position is null ? (null, "gml:timePosition; gml:beginPosition, gml:endPosition")
        : mayBeOpen && position.Value.Length == 0 && (string?)position.Attribute("indeterminatePosition") is "unknown" ? (new OpenEnd(), "")
        : Instant(position.Value.Trim());

    private static (Expr? Time, string Expected) Instant(string text)
    {
        if (text.Length == "2026-07-01".Length)
        {
            return Cql2Operators.Date(text);
        }

        // A time without a zone is taken as UTC.
        return DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? (new TimestampLiteral(instant.UtcDateTime), "")
            : (null, "2026-07-01, 2026-07-01T08:00:00Z");
    }
}
