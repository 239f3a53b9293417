using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Filters;
using SortKey = GeoDispatch.Sharing.Features.SortKey;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>How features are written.</summary>
internal enum WfsFormat
{
    Gml,
    GeoJson,
}

/// <summary>What is asked of one feature type.</summary>
/// <param name="Columns">Those to give, the geometry among them; null for all.</param>
internal sealed record WfsQuery(
    ReadableFeatures Features, WfsCrs Crs, Selection Selection, IReadOnlySet<string>? Columns)
{
    internal Layer Layer => Features.Layer;

    internal bool Gives(string column) => Columns is null || Columns.Contains(column);
}

/// <summary>A request for features, every parameter read and bounded.</summary>
/// <param name="Start">Features to pass over, of all queries one after another.</param>
/// <param name="Count">At most so many features, at most <see cref="MaxCount"/>.</param>
/// <param name="Hits">Only their number is wanted.</param>
/// <param name="ById">The answer is the feature itself, no collection.</param>
internal sealed partial record GetFeature(IReadOnlyList<WfsQuery> Queries, long Start, int Count, bool Hits, WfsFormat Format, bool ById = false)
{
    internal const int MaxCount = 10_000;
    internal const int MaxQueries = 20;
    internal const int MaxResources = 1_000;
    internal const string Gml = "application/gml+xml; version=3.2";
    internal const string Language = "urn:ogc:def:queryLanguage:OGC-FES:Filter";

    /// <summary>Formats by the names that they are asked for.</summary>
    internal static readonly IReadOnlyDictionary<string, WfsFormat> Formats = new Dictionary<string, WfsFormat>(StringComparer.OrdinalIgnoreCase)
    {
        [Gml] = WfsFormat.Gml,
        ["text/xml; subtype=gml/3.2"] = WfsFormat.Gml,
        [Forms.GeoJson] = WfsFormat.GeoJson,
        [Forms.Json] = WfsFormat.GeoJson,
    };

    [GeneratedRegex(@"xmlns\((?:(?<prefix>[^,=()]+)[,=])?(?<uri>[^()]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespaces();

    internal static (GetFeature? Request, WfsRefusal? Refusal) Parse(WfsParameters asked, ReadableLayers layers)
    {
        WfsRefusal? refused = FindFormat(asked, out WfsFormat format);
        if (refused is not null
            || (refused = Number(asked, "STARTINDEX", 0, out long start)) is not null
            || (refused = Number(asked, asked["COUNT"] is null ? "MAXFEATURES" : "COUNT", MaxCount, out long count)) is not null)
        {
            return (null, refused);
        }

        if (asked["RESOLVE"] is string resolve && resolve is not ("none" or "local"))
        {
            return (null, WfsRefusal.NoSuchOption("RESOLVE", "none, local"));
        }

        if (asked["RESULTTYPE"] is string type && type is not ("results" or "hits"))
        {
            return (null, WfsRefusal.Invalid("RESULTTYPE", type, "results, hits"));
        }

        bool hits = asked["RESULTTYPE"] == "hits";
        if (asked["STOREDQUERY_ID"] is string stored)
        {
            return StoredQueries.Parse(stored, asked, layers, format, hits);
        }

        (IReadOnlyList<WfsQuery>? queries, refused) = ParseQueries(asked, layers);
        return queries is null ? (null, refused) : (new GetFeature(queries, start, (int)Math.Min(count, MaxCount), hits, format), null);
    }

    internal static WfsRefusal? FindType(string name, WfsParameters asked, ReadableLayers layers, string locator, out ReadableFeatures? features)
    {
        features = null;
        string[] parts = name.Trim().Split(':');
        string prefix = parts.Length == 2 ? parts[0] : "";
        string? space = Namespaces().Matches(asked["NAMESPACES"] ?? "").FirstOrDefault(match => match.Groups["prefix"].Value == prefix)?.Groups["uri"].Value;
        bool ours = space is null ? prefix is "" or WfsNames.Prefix : space == WfsNames.Application;
        if (parts.Length <= 2 && ours && layers.Layers.FirstOrDefault(readable => WfsNames.Local(readable.Layer.Id) == parts[^1]) is ReadableLayer found)
        {
            features = new ReadableFeatures(found, layers);
            return null;
        }

        return WfsRefusal.Invalid(locator, name, $"可用 / Known: {string.Join(", ", layers.Layers.Select(static readable => WfsNames.TypeName(readable.Layer)))}");
    }

    internal static WfsRefusal? FindFormat(WfsParameters asked, out WfsFormat format)
    {
        format = WfsFormat.Gml;
        string wanted = (asked["OUTPUTFORMAT"] ?? Gml).Replace(";version", "; version", StringComparison.Ordinal).Replace(";subtype", "; subtype", StringComparison.Ordinal);
        return Formats.TryGetValue(wanted, out format) ? null : WfsRefusal.Invalid("OUTPUTFORMAT", wanted, string.Join(", ", Formats.Keys));
    }

    private static (IReadOnlyList<WfsQuery>? Queries, WfsRefusal? Refusal) ParseQueries(WfsParameters asked, ReadableLayers layers)
    {
        if (new[] { "FILTER", "BBOX", "RESOURCEID" }.Where(name => asked[name] is not null).ToArray() is [_, string second, ..])
        {
            return (null, WfsRefusal.Invalid(second, asked[second]!, "FILTER、BBOX、RESOURCEID 只能有一个 / Only one of FILTER, BBOX, RESOURCEID"));
        }

        if (asked["FILTER_LANGUAGE"] is string language && language != Language)
        {
            return (null, WfsRefusal.Invalid("FILTER_LANGUAGE", language, Language));
        }

        string[] ids = asked["RESOURCEID"]?.Split(',') ?? [];
        string[] types = asked.List(asked["TYPENAMES"] is null ? "TYPENAME" : "TYPENAMES");
        if (types.Length == 0 && ids.Length > 0)
        {
            types = [.. ids.Select(id => WfsNames.FindFeature(layers, id)?.Readable.Layer).OfType<Layer>().Select(WfsNames.TypeName).Distinct(StringComparer.Ordinal)];
        }
        else if (types.Length == 0)
        {
            return (null, WfsRefusal.Missing("TYPENAMES"));
        }

        if (types.Length > MaxQueries || ids.Length > MaxResources)
        {
            return (null, WfsRefusal.Invalid("TYPENAMES", asked["TYPENAMES"] ?? "", $"最多 {MaxQueries} 个查询、{MaxResources} 个要素 / At most {MaxQueries} queries and {MaxResources} resources"));
        }

        var queries = new List<WfsQuery>(types.Length);
        for (int at = 0; at < types.Length; at++)
        {
            (WfsQuery? query, WfsRefusal? refused) = ParseQuery(asked, layers, types[at], at, ids);
            if (query is null)
            {
                return (null, refused);
            }

            queries.Add(query);
        }

        return (queries, null);
    }

    private static (WfsQuery? Query, WfsRefusal? Refusal) ParseQuery(WfsParameters asked, ReadableLayers layers, string type, int at, string[] ids)
    {
        string? One(string name) => asked.List(name) is { Length: > 0 } values ? values[Math.Min(at, values.Length - 1)] : null;
        if (type.Contains(',', StringComparison.Ordinal))
        {
            return (null, WfsRefusal.NoSuchOption("TYPENAMES", "不支持连接;多个查询写作 (a)(b) / No joins; several queries are written (a)(b)"));
        }

        if (FindType(type, asked, layers, "TYPENAMES", out ReadableFeatures? features) is WfsRefusal unknown)
        {
            return (null, unknown);
        }

        WfsCrs crs = WfsCrs.Default;
        if (One("SRSNAME") is { Length: > 0 } name)
        {
            if (WfsCrs.Find(name) is not WfsCrs found)
            {
                return (null, WfsRefusal.Invalid("SRSNAME", name, WfsCrs.Supported));
            }

            crs = found;
        }

        (Expr? filter, WfsRefusal? refused) = One("FILTER") is { Length: > 0 } fes ? ParseFilter(fes, features!)
            : asked["BBOX"] is string bbox ? ParseBbox(bbox, features!)
            : ids.Length > 0 ? (features!.OfResources(ids), null)
            : (null, null);
        if (refused is not null
            || (refused = ParseSort(One("SORTBY"), features!, out IReadOnlyList<SortKey> sortBy)) is not null
            || (refused = ParseColumns(One("PROPERTYNAME"), features!, out IReadOnlySet<string>? columns)) is not null)
        {
            return (null, refused);
        }

        var selection = Selection.All with { Filter = filter, Sort = sortBy };
        // What cannot become SQL is refused before anything is read.
        Problem? senseless = filter is null ? null : Cql2Limits.Check(filter) ?? selection.Check(features!.Layer);
        return senseless is null ? (new WfsQuery(features!, crs, selection, columns), null) : (null, WfsRefusal.Of(senseless));
    }

    private static (Expr? Filter, WfsRefusal? Refusal) ParseFilter(string text, ReadableFeatures features)
    {
        (XElement? root, WfsRefusal? refusal) = WfsXml.Read(text, "FILTER");
        if (root is null)
        {
            return (null, refusal);
        }

        var reader = new FesFilter(features);
        return reader.Read(root) is Expr filter ? (filter, null) : (null, reader.Refusal);
    }

    /// <summary>Four numbers in the order of the system, which a fifth value names; else of the default system.</summary>
    private static (Expr? Filter, WfsRefusal? Refusal) ParseBbox(string value, ReadableFeatures features)
    {
        string[] parts = value.Split(',');
        WfsCrs? crs = parts.Length == 5 ? WfsCrs.Find(parts[4]) : WfsCrs.Default;
        var geometries = new FesGeometry();
        if (parts.Length is 4 or 5 && crs is not null && geometries.Numbers(string.Join(' ', parts[..4])) is [double a, double b, double c, double d]
            && geometries.Box(crs, [a, b], [c, d]) is Expr box)
        {
            return (new Op("s_intersects", new Property(features.Layer.GeometryColumn), box), null);
        }

        string expected = crs is null ? WfsCrs.Supported : geometries.Expected;
        return (null, WfsRefusal.Invalid("BBOX", value, $"四个数和坐标系 / Four numbers and a system: 37.4,118.5,37.5,118.6,urn:ogc:def:crs:EPSG::4326. {expected}"));
    }

    private static WfsRefusal? ParseSort(string? value, ReadableFeatures features, out IReadOnlyList<SortKey> sortBy)
    {
        var all = new List<SortKey>();
        sortBy = all;
        foreach (string one in value?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            string[] words = one.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            string order = words.Length == 2 ? words[1].ToUpperInvariant() : "ASC";
            LayerColumn? column = words.Length is 1 or 2 ? features.Layer.FindColumn(ReadableFeatures.ColumnOf(words[0])) : null;
            if (column is null || Queryables.KindOf(column.Type) is null or ValueKind.Array || order is not ("ASC" or "A" or "DESC" or "D"))
            {
                return WfsRefusal.Invalid("SORTBY", one, $"属性 ASC|DESC / A property and ASC or DESC: {Names(features.Layer)}");
            }

            all.Add(new SortKey(column, order[0] == 'D'));
        }

        return all.Count > SortKey.Most || all.DistinctBy(static key => key.Column.Name).Count() < all.Count
            ? WfsRefusal.Invalid("SORTBY", value!, $"最多 {SortKey.Most} 个不同的属性 / At most {SortKey.Most} properties, each once")
            : null;
    }

    private static WfsRefusal? ParseColumns(string? value, ReadableFeatures features, out IReadOnlySet<string>? columns)
    {
        columns = null;
        if (string.IsNullOrEmpty(value) || value == "*")
        {
            return null;
        }

        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (string reference in value.Split(','))
        {
            string column = ReadableFeatures.ColumnOf(reference);
            if (features.Layer.FindColumn(column) is null && column != features.Layer.GeometryColumn)
            {
                return WfsRefusal.Invalid("PROPERTYNAME", reference, Names(features.Layer));
            }

            wanted.Add(column);
        }

        columns = wanted;
        return null;
    }

    private static string Names(Layer layer) => string.Join(", ", layer.Columns.Select(static column => WfsNames.Local(column.Name)).Append(WfsNames.Local(layer.GeometryColumn)));

    private static WfsRefusal? Number(WfsParameters asked, string name, long otherwise, out long number)
    {
        number = otherwise;
        string? text = asked[name];
        return text is null || (text.All(char.IsAsciiDigit) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue)
            ? null
            : WfsRefusal.Invalid(name, text, $"整数 0…{int.MaxValue} / An integer from 0 to {int.MaxValue}");
    }
}
