using System.Xml.Linq;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>The one stored query that WFS 2.0 wants of everybody: a feature by its identifier.</summary>
internal static class StoredQueries
{
    internal const string GetFeatureById = "urn:ogc:def:query:OGC-WFS::GetFeatureById";

    /// <summary>The name of the same in 2.0.2.</summary>
    internal const string GetFeatureById202 = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById";

    internal static (GetFeature? Request, WfsRefusal? Refusal) Parse(string stored, WfsParameters asked, ReadableLayers layers, WfsFormat format, bool hits)
    {
        if (!IsKnown(stored))
        {
            return (null, WfsRefusal.Invalid("STOREDQUERY_ID", stored, GetFeatureById));
        }

        if (asked["ID"] is not string id)
        {
            return (null, WfsRefusal.Missing("ID"));
        }

        if (asked["SRSNAME"] is string name && WfsCrs.Find(name) is null)
        {
            return (null, WfsRefusal.Invalid("SRSNAME", name, WfsCrs.Supported));
        }

        if (WfsNames.FindFeature(layers, id) is not (ReadableLayer readable, _))
        {
            return (null, Unknown(id));
        }

        var features = new ReadableFeatures(readable, layers);
        WfsCrs crs = asked["SRSNAME"] is string asName ? WfsCrs.Find(asName)! : WfsCrs.Default;
        return (new GetFeature([new WfsQuery(features, crs, Selection.All with { Filter = features.OfResources([id]) }, null)], 0, 1, hits, format, ById: true), null);
    }

    internal static bool IsKnown(string id) => id is GetFeatureById or GetFeatureById202;

    internal static WfsRefusal Unknown(string id) => new(404, "NotFound", "ID", $"没有此要素 / Unknown feature: {WfsRefusal.Cut(id)}");

    internal static XElement List(ReadableLayers layers) => new(
        WfsNames.Wfs + "ListStoredQueriesResponse", Declarations(),
        new XElement(
            WfsNames.Wfs + "StoredQuery", new XAttribute("id", GetFeatureById),
            new XElement(WfsNames.Wfs + "Title", "按标识取要素 / A feature by its identifier"), layers.Layers.Select(ReturnType)));

    internal static XElement Describe(ReadableLayers layers, IEnumerable<string> ids) => new(
        WfsNames.Wfs + "DescribeStoredQueriesResponse", Declarations(),
        ids.Select(id => new XElement(
            WfsNames.Wfs + "StoredQueryDescription", new XAttribute("id", id),
            new XElement(WfsNames.Wfs + "Title", "按标识取要素 / A feature by its identifier"),
            new XElement(WfsNames.Wfs + "Parameter", new XAttribute("name", "id"), new XAttribute("type", "xsd:string")),
            new XElement(
                WfsNames.Wfs + "QueryExpressionText", new XAttribute("isPrivate", "true"),
                new XAttribute("language", "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"),
                new XAttribute("returnFeatureTypes", string.Join(' ', layers.Layers.Select(static readable => WfsNames.TypeName(readable.Layer))))))));

    private static XElement ReturnType(ReadableLayer readable) => new(WfsNames.Wfs + "ReturnFeatureType", WfsNames.TypeName(readable.Layer));

    private static XAttribute[] Declarations() =>
    [
        new("xmlns", WfsNames.Wfs), new(XNamespace.Xmlns + WfsNames.Prefix, WfsNames.Application), new(XNamespace.Xmlns + "xsd", WfsNames.Xsd),
        new(XNamespace.Xmlns + "xsi", WfsNames.Xsi), new(WfsNames.Xsi + "schemaLocation", $"{WfsNames.Wfs} http://schemas.opengis.net/wfs/2.0/wfs.xsd"),
    ];
}
