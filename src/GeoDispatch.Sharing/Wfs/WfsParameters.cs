using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>
/// What is asked, by the names of the keyword encoding in any case. A request that came as XML is brought to the same words, so that there
/// is one reader of both and so that its next page has an address.
/// </summary>
internal sealed partial class WfsParameters(IReadOnlyDictionary<string, string> values)
{
    /// <summary>An address beyond this is not answered by most servers and proxies.</summary>
    private const int LongestUrl = 8_000;

    private static readonly string[] Selecting = ["RESULTTYPE", "RESOURCEID", "ID", "BBOX", "FILTER", "STARTINDEX", "COUNT"];

    [GeneratedRegex(@"\)\(", RegexOptions.None, 1000)]
    private static partial Regex BetweenValues();

    // A filter has parentheses of its own, in text: only those count that stand between tags, or beside a value that is empty.
    [GeneratedRegex(@"(?<=^|>|\()\)\((?=<|\)|$)", RegexOptions.None, 1000)]
    private static partial Regex BetweenFilters();

    /// <summary>Null where it is missing or empty.</summary>
    internal string? this[string name] => values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>What selects features, as the audit of reads keeps it.</summary>
    internal string Question => string.Join('&', Selecting.Where(name => this[name] is not null).Select(name => $"{name}={this[name]}"));

    internal static (WfsParameters? Parameters, WfsRefusal? Refusal) Of(IQueryCollection query)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues given) in query)
        {
            if (given.Distinct(StringComparer.Ordinal).Count() != 1)
            {
                return (null, WfsRefusal.Unparsable("每个参数只能出现一次 / A parameter may come only once", name));
            }

            values[name] = given[0] ?? "";
        }

        return (new WfsParameters(values), null);
    }

    /// <summary>The values of a list, one a query: <c>(a)(b)</c>. A value without parentheses is alone.</summary>
    internal string[] List(string name)
    {
        string? value = this[name];
        if (value is null)
        {
            return [];
        }

        if (value[0] != '(' || value[^1] != ')')
        {
            return [value];
        }

        return (name.Equals("filter", StringComparison.OrdinalIgnoreCase) ? BetweenFilters() : BetweenValues()).Split(value[1..^1]);
    }

    /// <summary>The address of the same request with another page; null where it would be too long to be asked.</summary>
    internal string? Address(string service, long start, int count)
    {
        var query = new Dictionary<string, string?>(values.Count + 2, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in values)
        {
            query[name] = value;
        }

        query["STARTINDEX"] = start.ToString(System.Globalization.CultureInfo.InvariantCulture);
        query["COUNT"] = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string address = QueryHelpers.AddQueryString(service, query);
        return address.Length <= LongestUrl ? address : null;
    }
}
