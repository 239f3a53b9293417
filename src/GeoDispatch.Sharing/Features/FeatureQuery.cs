using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GeoDispatch.Sharing.Features;

/// <summary>What is asked of a layer, every parameter read and bounded.</summary>
/// <param name="After">The key that the page before ended with.</param>
internal sealed partial record FeatureQuery(
    int Limit, Selection Selection, Crs Crs, object? After)
{
    internal const int DefaultLimit = 100;
    internal const int MaxLimit = 10_000;

    /// <summary>Everything, as <c>/items</c> without a parameter gives it.</summary>
    internal static readonly FeatureQuery Default = new(DefaultLimit, Selection.All, Crs.Crs84, null);

    // Beyond this the web mercator of a latitude grows without end.
    private const double MaxLatitude = 89.99;

    /// <summary>Gives the refusal, or null where <paramref name="parsed"/> says what to read.</summary>
    internal static Problem? Parse(IQueryCollection query, Layer layer, out FeatureQuery parsed)
    {
        parsed = Default;
        var filters = new List<(LayerColumn, object)>();
        string? bbox = null;
        Crs bboxCrs = Crs.Crs84;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            string value = values.ToString();
            if (values.Count != 1)
            {
                return Bad(name, value, "每个参数只能出现一次 / A parameter may come only once");
            }

            Problem? refused = null;
            switch (name)
            {
                case "f":
                    break;
                case "limit":
                    refused = ParseLimit(value, out int limit);
                    parsed = parsed with { Limit = limit };
                    break;
                case "bbox":
                    bbox = value;
                    break;
                case "bbox-crs":
                    refused = ParseCrs(name, value, out bboxCrs);
                    break;
                case "crs":
                    refused = ParseCrs(name, value, out Crs crs);
                    parsed = parsed with { Crs = crs };
                    break;
                case "datetime":
                    refused = CheckDatetime(value);
                    break;
                case "next":
                    refused = ParseNext(value, layer.Key, out object? after);
                    parsed = parsed with { After = after };
                    break;
                default:
                    if (layer.FindColumn(name) is not { JsonType: string type } column)
                    {
                        return Unknown(name, value);
                    }

                    if (!column.TryRead(value, out object wanted))
                    {
                        return Bad(name, value, $"此属性的类型为 {type} / This property is of type {type}");
                    }

                    filters.Add((column, wanted));
                    break;
            }

            if (refused is not null)
            {
                return refused;
            }
        }

        IReadOnlyList<Box> boxes = [];
        Problem? outside = bbox is null ? null : ParseBbox(bbox, bboxCrs, out boxes);
        parsed = parsed with { Selection = new Selection(boxes, bboxCrs, filters) };
        return outside;
    }

    /// <summary>The only parameter of one feature.</summary>
    internal static Problem? ParseCrs(string field, string value, out Crs crs)
    {
        crs = Crs.Find(value) ?? Crs.Crs84;
        return Crs.Find(value) is null
            ? Bad(field, value, $"支持的坐标系 / Supported: {string.Join(", ", Crs.All.Select(known => known.Uri))}")
            : null;
    }

    /// <summary>Refuses every parameter but these.</summary>
    internal static Problem? CheckNames(IQueryCollection query, params string[] known)
    {
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                return Unknown(name, values.ToString());
            }

            if (values.Count != 1)
            {
                return Bad(name, values.ToString(), "每个参数只能出现一次 / A parameter may come only once");
            }
        }

        return null;
    }

    internal static Problem Bad(string field, string value, string detail) =>
        new(400, "features.bad_query", "查询参数有误 / Bad query parameter", detail, field, value);

    /// <summary>What <c>next</c> is to be, so that the page after begins behind this key.</summary>
    internal static string TokenAfter(object key) =>
        WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(Convert.ToString(key, CultureInfo.InvariantCulture)!));

    private static Problem Unknown(string name, string value) => Bad(name, value, "没有此参数 / There is no such parameter");

    private static Problem? ParseLimit(string value, out int limit)
    {
        bool digits = value.Length > 0 && value.All(char.IsAsciiDigit);
        // The standard has what is above the maximum read as the maximum.
        limit = digits && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Min(asked, MaxLimit) : MaxLimit;
        return digits && limit > 0 ? null : Bad("limit", value, $"整数 1…{MaxLimit} / An integer from 1 to {MaxLimit}");
    }

    private static Problem? ParseNext(string value, LayerColumn key, out object? after)
    {
        after = null;
        try
        {
            if (key.TryRead(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(value)), out object read))
            {
                after = read;
                return null;
            }
        }
        catch (FormatException)
        {
            // Not a token of ours.
        }

        return Bad("next", value, "请沿用上一页的 next 链接 / Follow the next link of the page before");
    }

    private static Problem? ParseBbox(string value, Crs crs, out IReadOnlyList<Box> boxes)
    {
        boxes = [];
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        string[] parts = value.Split(',');
        var numbers = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], plain, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return Bad("bbox", value, "4 或 6 个数,以逗号分隔 / 4 or 6 numbers, separated by commas");
            }
        }

        if (numbers.Length == 6 && numbers[2] <= numbers[5])
        {
            numbers = [numbers[0], numbers[1], numbers[3], numbers[4]];
        }

        if (numbers.Length != 4)
        {
            return Bad("bbox", value, "4 或 6 个数,以逗号分隔 / 4 or 6 numbers, separated by commas");
        }

        Box box = crs.YFirst
            ? new Box(numbers[1], numbers[0], numbers[3], numbers[2])
            : new Box(numbers[0], numbers[1], numbers[2], numbers[3]);
        // Only in degrees may west be east of east; a box in metres that reaches too far means no more than all there is.
        Box sorted = box with { MinX = Math.Min(box.MinX, box.MaxX), MaxX = Math.Max(box.MinX, box.MaxX) };
        if (box.MinY > box.MaxY || (crs.Degrees ? !crs.Domain.Contains(sorted) : sorted != box))
        {
            return Bad("bbox", value, $"须在坐标系范围内,且最小值不大于最大值 / Inside the range of {crs.Uri}, the lower value first");
        }

        if (crs.Degrees)
        {
            box = box with { MinY = Math.Clamp(box.MinY, -MaxLatitude, MaxLatitude), MaxY = Math.Clamp(box.MaxY, -MaxLatitude, MaxLatitude) };
        }

        boxes = box.MinX > box.MaxX
            ? [box with { MaxX = crs.Domain.MaxX }, box with { MinX = crs.Domain.MinX }]
            : [box.Within(crs.Domain)];
        return null;
    }

    /// <summary>No layer has a time yet, and what has none is always selected: so only the form counts.</summary>
    private static Problem? CheckDatetime(string value)
    {
        string[] ends = value.Split('/');
        bool open = ends.Length == 2 && ends[0] is "" or "..";
        bool right = ends.Length switch
        {
            1 => IsInstant(ends[0]),
            2 => (open || IsInstant(ends[0])) && (ends[1] is "" or ".." ? !open : IsInstant(ends[1])) && InOrder(ends[0], ends[1]),
            _ => false,
        };
        return right ? null : Bad("datetime", value, "RFC 3339 时刻或区间 / An instant of RFC 3339 or an interval a/b, ../b, a/..");
    }

    // Written out because programs ask for the year 0000, which DateTimeOffset has not.
    private static bool IsInstant(string text)
    {
        Match match = Instant().Match(text);
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return match.Success && Part("month") is >= 1 and <= 12
            && Part("day") >= 1 && Part("day") <= DateTime.DaysInMonth(Math.Max(Part("year"), 4), Part("month"))
            && Part("hour") <= 23 && Part("minute") <= 59 && Part("second") <= 60 && Part("ohour") <= 23 && Part("ominute") <= 59;
    }

    private static bool InOrder(string from, string to) =>
        !DateTimeOffset.TryParse(from, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start)
        || !DateTimeOffset.TryParse(to, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end)
        || start <= end;

    [GeneratedRegex(
        """^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})([Tt](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.[0-9]{1,12})?([Zz]|[+-](?<ohour>[0-9]{2}):(?<ominute>[0-9]{2})))?\z""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instant();
}
