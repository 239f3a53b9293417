using System.Xml.Linq;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>Brings a request in XML to the words of the keyword encoding.</summary>
internal static class WfsBody
{
    internal static (WfsParameters? Parameters, WfsRefusal? Refusal) Read(byte[] body)
    {
        (XElement? root, WfsRefusal? refusal) = WfsXml.Read(body);
        if (root is null)
        {
            return (null, refusal);
        }

        if (root.Name.Namespace != WfsNames.Wfs)
        {
            return (null, WfsRefusal.Unparsable(
                $"根元素须属于 {WfsNames.Wfs} / The root must be of this namespace, not of {WfsRefusal.Cut(root.Name.NamespaceName)}", "version"));
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["REQUEST"] = root.Name.LocalName };
        Copy(root, values, "service", "version", "outputFormat", "resultType", "startIndex", "count", "resolve");
        Join(values, "ACCEPTVERSIONS", root.Elements(WfsNames.Ows + "AcceptVersions").Elements(WfsNames.Ows + "Version"));
        Join(values, "SECTIONS", root.Elements(WfsNames.Ows + "Sections").Elements(WfsNames.Ows + "Section"));
        Join(values, "STOREDQUERY_ID", root.Elements(WfsNames.Wfs + "StoredQueryId"));
        if (root.Elements(WfsNames.Wfs + "TypeName").Any())
        {
            values["TYPENAMES"] = string.Join(',', root.Elements(WfsNames.Wfs + "TypeName").Select(static name => Qualified(name, name.Value)));
        }

        XElement[] stored = [.. root.Elements(WfsNames.Wfs + "StoredQuery")];
        XElement[] queries = [.. root.Elements(WfsNames.Wfs + "Query")];
        if (stored.Length > 1 || (stored.Length == 1 && queries.Length > 0))
        {
            return (null, WfsRefusal.NoSuchOption("StoredQuery", "一个请求只能有一个存储查询 / One stored query in a request, and no other beside it"));
        }

        foreach (XElement query in stored)
        {
            values["STOREDQUERY_ID"] = (string?)query.Attribute("id") ?? "";
            foreach (XElement parameter in query.Elements(WfsNames.Wfs + "Parameter"))
            {
                values.TryAdd((string?)parameter.Attribute("name") ?? "", parameter.Value);
            }
        }

        if (queries.Length > 0)
        {
            List(values, "TYPENAMES", queries, static query => string.Join(
                ',', Words((string?)query.Attribute("typeNames")).Select(name => Qualified(query, name))));
            List(values, "SRSNAME", queries, static query => (string?)query.Attribute("srsName"));
            List(values, "PROPERTYNAME", queries, static query => string.Join(',', query.Elements(WfsNames.Wfs + "PropertyName").Select(static name => name.Value.Trim())));
            List(values, "FILTER", queries, static query => query.Element(WfsNames.Fes + "Filter")?.ToString(SaveOptions.DisableFormatting));
            List(values, "SORTBY", queries, static query => string.Join(
                ',', query.Elements(WfsNames.Fes + "SortBy").Elements(WfsNames.Fes + "SortProperty").Select(static by =>
                    $"{(string?)by.Element(WfsNames.Fes + "ValueReference")} {((string?)by.Element(WfsNames.Fes + "SortOrder") ?? "ASC").Trim()}")));
        }

        return (new WfsParameters(values), null);
    }

    private static void Copy(XElement root, Dictionary<string, string> values, params string[] names)
    {
        foreach (string name in names)
        {
            if ((string?)root.Attribute(name) is string value)
            {
                values[name.ToUpperInvariant()] = value;
            }
        }
    }

    private static void Join(Dictionary<string, string> values, string name, IEnumerable<XElement> elements)
    {
        if (string.Join(',', elements.Select(static element => element.Value.Trim())) is { Length: > 0 } joined)
        {
            values[name] = joined;
        }
    }

    private static void List(Dictionary<string, string> values, string name, XElement[] queries, Func<XElement, string?> value)
    {
        string[] all = [.. queries.Select(query => value(query) ?? "")];
        if (Array.Exists(all, static one => one.Length > 0))
        {
            values[name] = all.Length == 1 ? all[0] : string.Concat(all.Select(static one => $"({one})"));
        }
    }

    private static string[] Words(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>A name with the prefix that the keyword encoding knows; one of another namespace stays a name that no layer has.</summary>
    private static string Qualified(XElement scope, string name)
    {
        string[] parts = name.Trim().Split(':');
        XNamespace? space = parts.Length == 2 && parts[0].Length > 0 ? scope.GetNamespaceOfPrefix(parts[0]) : scope.GetDefaultNamespace();
        return space == WfsNames.Application ? $"{WfsNames.Prefix}:{parts[^1]}"
            : space is null || space == XNamespace.None || parts.Length == 1 ? name.Trim()
            : $"{{{space}}}{parts[^1]}";
    }
}
