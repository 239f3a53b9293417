using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GeoDispatch.Sharing.Wms;

/// <summary>The two versions that are spoken: OGC 01-068r3 and 06-042.</summary>
internal enum WmsVersion
{
    V111,
    V130,
}

/// <summary>
/// The parameters of one request, by names in any case. What this service does not know (TILED, MAP_RESOLUTION, a client's session …) is
/// never looked at: both versions allow vendors their own.
/// </summary>
internal sealed class WmsParameters
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly string[] Known =
    [
        "service", "request", "version", "layers", "layer", "styles", "style", "srs", "crs", "bbox", "width", "height", "format", "transparent",
        "bgcolor", "exceptions", "query_layers", "info_format", "feature_count", "i", "j", "x", "y",
    ];

    private readonly IQueryCollection query;

    private WmsParameters(IQueryCollection query)
    {
        this.query = query;
        Version = Negotiate(Find("version") ?? Find("wmtver"));
    }

    /// <summary>The one that is answered in: the asked one, else the nearest below it, else the lowest; the highest where none is asked for.</summary>
    internal WmsVersion Version { get; }

    /// <summary>Gives the refusal, or null. What comes twice must say the same: programs append to addresses that have it already.</summary>
    internal static WmsRefusal? Read(IQueryCollection query, out WmsParameters parameters)
    {
        parameters = new WmsParameters(query);
        foreach (string name in Known)
        {
            if (query.TryGetValue(name, out StringValues values) && values.Distinct(StringComparer.Ordinal).Skip(1).Any())
            {
                return WmsRefusal.Invalid(name, values.ToString(), "每个参数只能出现一次 / A parameter may come only once");
            }
        }

        return null;
    }

    /// <summary>Null where the parameter is absent or empty.</summary>
    internal string? Find(string name) => query.TryGetValue(name, out StringValues values) && values[0] is { Length: > 0 } value ? value : null;

    /// <summary>The items of a list, empty ones among them; none where the parameter is absent or empty.</summary>
    internal string[] List(string name) => Find(name)?.Split(',') ?? [];

    /// <summary>Gives the refusal, or null where <paramref name="value"/> is a whole number from 1 to <paramref name="most"/>.</summary>
    internal WmsRefusal? ReadCount(string name, int most, out int value)
    {
        value = 0;
        if (Find(name) is not string text)
        {
            return WmsRefusal.Missing(name);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most
            ? null
            : WmsRefusal.Invalid(name, text, $"整数 1…{most} / An integer from 1 to {most}");
    }

    /// <summary>True where the text is a number that is one: no NaN, nothing without an end.</summary>
    internal static bool TryNumber(string text, out double number) =>
        double.TryParse(text.AsSpan().Trim(), Plain, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static WmsVersion Negotiate(string? asked)
    {
        if (asked is null)
        {
            return WmsVersion.V130;
        }

        int[] parts = [.. asked.Split('.').Take(3).Select(static part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        (int, int) version = (parts[0], parts.Length > 1 ? parts[1] : 0);
        return version.CompareTo((1, 3)) >= 0 ? WmsVersion.V130 : WmsVersion.V111;
    }
}
