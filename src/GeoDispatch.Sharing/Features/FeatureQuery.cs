using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Sharing.Features;

/// <summary>What is asked of a layer, every parameter read and bounded.</summary>
/// <param name="After">Where the page before ended.</param>
internal sealed record FeatureQuery(int Limit, Selection Selection, Crs Crs, PageToken? After)
{
    /// <summary>The properties that are wanted; null gives all.</summary>
    internal IReadOnlyList<LayerColumn>? Properties { get; init; }

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
        var filter = new FilterParameters();
        (string? bbox, string? next) = (null, null);
        Selection selection = Selection.All;
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
                    refused = TimeRange.Parse(value, out TimeRange time);
                    selection = selection with { Time = time };
                    break;
                case "sortby":
                    refused = SortKey.Parse(value, layer, out IReadOnlyList<SortKey> sort);
                    selection = selection with { Sort = sort };
                    break;
                case "properties":
                    refused = ParseProperties(value, layer, out IReadOnlyList<LayerColumn> properties);
                    parsed = parsed with { Properties = properties };
                    break;
                case "next":
                    next = value;
                    refused = PageToken.Parse(value, layer, out PageToken? after);
                    parsed = parsed with { After = after };
                    break;
                case var _ when filter.TryTake(name, value, out refused):
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
        if ((bbox is null ? null : ParseBbox(bbox, bboxCrs, out boxes)) is Problem outside)
        {
            return outside;
        }

        if (filter.Read(out Filters.Expr? condition) is Problem unreadable)
        {
            return unreadable;
        }

        parsed = parsed with { Selection = selection with { Boxes = boxes, BoxCrs = bboxCrs, Equal = filters, Filter = condition } };
        return parsed.After is PageToken token && token.Values.Count != selection.Sort.Count ? PageToken.Bad(next!) : parsed.Selection.Check(layer);
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

    private static Problem Unknown(string name, string value) => Bad(name, value, "没有此参数 / There is no such parameter");

    private static Problem? ParseLimit(string value, out int limit)
    {
        bool digits = value.Length > 0 && value.All(char.IsAsciiDigit);
        // The standard has what is above the maximum read as the maximum.
        limit = digits && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Min(asked, MaxLimit) : MaxLimit;
        return digits && limit > 0 ? null : Bad("limit", value, $"整数 1…{MaxLimit} / An integer from 1 to {MaxLimit}");
    }

    private static Problem? ParseProperties(string value, Layer layer, out IReadOnlyList<LayerColumn> properties)
    {
        string[] names = value.Split(',');
        properties = [.. layer.Properties.Where(column => names.Contains(column.Name, StringComparer.Ordinal))];
        return names.All(name => layer.Properties.Any(column => column.Name == name))
            ? null
            : Bad("properties", value, $"以逗号分隔 / Separated by commas: {string.Join(", ", layer.Properties.Select(column => column.Name).Take(100))}");
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
}
