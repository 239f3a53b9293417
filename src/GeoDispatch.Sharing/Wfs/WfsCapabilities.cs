using System.Globalization;
using System.Xml.Linq;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>The document by which a client of WFS 2.0 learns what it may ask, each part of it true.</summary>
internal static class WfsCapabilities
{
    internal static readonly string[] Sections = ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities", "All"];

    // Clause 6.2 and table 13: what this server is, and what it is not.
    private static readonly (string Name, bool Is)[] Service =
    [
        ("ImplementsSimpleWFS", true), ("ImplementsBasicWFS", false), ("ImplementsTransactionalWFS", false), ("ImplementsLockingWFS", false),
        ("KVPEncoding", true), ("XMLEncoding", true), ("SOAPEncoding", false), ("ImplementsInheritance", false), ("ImplementsRemoteResolve", false),
        ("ImplementsResultPaging", true), ("ImplementsStandardJoins", false), ("ImplementsSpatialJoins", false), ("ImplementsTemporalJoins", false),
        ("ImplementsFeatureVersioning", false), ("ManageStoredQueries", false),
    ];

    private static readonly (string Name, bool Is)[] Filter =
    [
        ("ImplementsQuery", true), ("ImplementsAdHocQuery", true), ("ImplementsFunctions", false), ("ImplementsResourceId", true),
        ("ImplementsMinStandardFilter", true), ("ImplementsStandardFilter", true), ("ImplementsMinSpatialFilter", true),
        ("ImplementsSpatialFilter", true), ("ImplementsMinTemporalFilter", true), ("ImplementsTemporalFilter", true), ("ImplementsVersionNav", false),
        ("ImplementsSorting", true), ("ImplementsExtendedOperators", false), ("ImplementsMinimumXPath", true), ("ImplementsSchemaElementFunc", false),
    ];

    /// <param name="address">Of the service, without a question mark.</param>
    /// <param name="sections">Which to give; none or <c>All</c> for all of them.</param>
    internal static XElement Make(string address, string version, ReadableLayers layers, SharedCity? city, string[] sections)
    {
        bool Wants(string section) => sections.Length == 0 || sections.Contains("All", StringComparer.Ordinal) || sections.Contains(section, StringComparer.Ordinal);
        return new XElement(
            WfsNames.Wfs + "WFS_Capabilities",
            new XAttribute("version", version), new XAttribute("xmlns", WfsNames.Wfs),
            new XAttribute(XNamespace.Xmlns + "wfs", WfsNames.Wfs), new XAttribute(XNamespace.Xmlns + "ows", WfsNames.Ows),
            new XAttribute(XNamespace.Xmlns + "fes", WfsNames.Fes), new XAttribute(XNamespace.Xmlns + "gml", WfsNames.Gml),
            new XAttribute(XNamespace.Xmlns + "xlink", WfsNames.XLink), new XAttribute(XNamespace.Xmlns + "xsi", WfsNames.Xsi),
            new XAttribute(XNamespace.Xmlns + WfsNames.Prefix, WfsNames.Application),
            new XAttribute(WfsNames.Xsi + "schemaLocation", $"{WfsNames.Wfs} http://schemas.opengis.net/wfs/2.0/wfs.xsd"),
            Wants("ServiceIdentification") ? Identification(city) : null,
            Wants("ServiceProvider")
                ? new XElement(WfsNames.Ows + "ServiceProvider", new XElement(WfsNames.Ows + "ProviderName", city?.Name ?? "GeoDispatch"), new XElement(WfsNames.Ows + "ServiceContact"))
                : null,
            Wants("OperationsMetadata") ? OperationsMetadata(address) : null,
            Wants("FeatureTypeList")
                ? new XElement(WfsNames.Wfs + "FeatureTypeList", layers.Layers.Select(readable => FeatureType(readable.Layer, layers.Extent)))
                : null,
            Wants("Filter_Capabilities") ? FilterCapabilities() : null);
    }

    private static XElement Identification(SharedCity? city) => new(
        WfsNames.Ows + "ServiceIdentification",
        new XElement(WfsNames.Ows + "Title", city is null ? "GeoDispatch" : $"{city.Name} / {city.NameEn}"),
        new XElement(WfsNames.Ows + "Abstract", city?.Attribution ?? ""),
        new XElement(WfsNames.Ows + "ServiceType", "WFS"),
        WfsNames.Versions.Select(static version => new XElement(WfsNames.Ows + "ServiceTypeVersion", version)),
        new XElement(WfsNames.Ows + "Fees", "none"),
        new XElement(WfsNames.Ows + "AccessConstraints", "none"));

    private static XElement OperationsMetadata(string address) => new(
        WfsNames.Ows + "OperationsMetadata",
        Operation(address, "GetCapabilities", Parameter("AcceptVersions", WfsNames.Versions), Parameter("AcceptFormats", "text/xml"), Parameter("Sections", Sections)),
        Operation(address, "DescribeFeatureType", Parameter("outputFormat", XmlFormats)),
        Operation(address, "ListStoredQueries"),
        Operation(address, "DescribeStoredQueries"),
        Operation(
            address, "GetFeature",
            Parameter("outputFormat", [.. GetFeature.Formats.Keys]), Parameter("resultType", "results", "hits"), Parameter("resolve", "none", "local"),
            Constraint("PagingIsTransactionSafe", "FALSE")),
        Parameter("version", WfsNames.Versions),
        Service.Select(static one => Constraint(one.Name, one.Is ? "TRUE" : "FALSE")),
        Constraint("CountDefault", GetFeature.MaxCount.ToString(CultureInfo.InvariantCulture)),
        new XElement(WfsNames.Ows + "Constraint", new XAttribute("name", "QueryExpressions"), Allowed("wfs:Query", "wfs:StoredQuery")));

    private static string[] XmlFormats => [.. GetFeature.Formats.Where(static format => format.Value == WfsFormat.Gml).Select(static format => format.Key)];

    private static XElement Operation(string address, string name, params XElement[] more) => new(
        WfsNames.Ows + "Operation", new XAttribute("name", name),
        new XElement(
            WfsNames.Ows + "DCP",
            new XElement(
                WfsNames.Ows + "HTTP",
                new XElement(WfsNames.Ows + "Get", new XAttribute(WfsNames.XLink + "href", $"{address}?")),
                new XElement(WfsNames.Ows + "Post", new XAttribute(WfsNames.XLink + "href", address)))),
        more);

    private static XElement Parameter(string name, params string[] values) => new(WfsNames.Ows + "Parameter", new XAttribute("name", name), Allowed(values));

    private static XElement Allowed(params string[] values) =>
        new(WfsNames.Ows + "AllowedValues", values.Select(static value => new XElement(WfsNames.Ows + "Value", value)));

    private static XElement Constraint(string name, string value) => new(
        WfsNames.Ows + "Constraint", new XAttribute("name", name), new XElement(WfsNames.Ows + "NoValues"), new XElement(WfsNames.Ows + "DefaultValue", value));

    private static XElement FeatureType(Layer layer, Bbox? extent) => new(
        WfsNames.Wfs + "FeatureType",
        new XElement(WfsNames.Wfs + "Name", WfsNames.TypeName(layer)),
        new XElement(WfsNames.Wfs + "Title", WfsNames.Printable(layer.Title)),
        new XElement(WfsNames.Wfs + "DefaultCRS", WfsCrs.Default.Name),
        Crs.All.Select(WfsCrs.Urn).Where(static urn => urn != WfsCrs.Default.Name).Select(static urn => new XElement(WfsNames.Wfs + "OtherCRS", urn)),
        new XElement(WfsNames.Wfs + "OutputFormats", GetFeature.Formats.Keys.Select(static format => new XElement(WfsNames.Wfs + "Format", format))),
        extent is not Bbox box ? null : new XElement(
            WfsNames.Ows + "WGS84BoundingBox",
            new XElement(WfsNames.Ows + "LowerCorner", Numbers(box.West, box.South)), new XElement(WfsNames.Ows + "UpperCorner", Numbers(box.East, box.North))));

    private static XElement FilterCapabilities()
    {
        XElement Named(string group, string one, IEnumerable<string> names) => new(
            WfsNames.Fes + group, names.Select(name => new XElement(WfsNames.Fes + one, new XAttribute("name", name))));
        XElement Operands(string group, string one, params string[] names) => new(
            WfsNames.Fes + group, names.Select(name => new XElement(WfsNames.Fes + one, new XAttribute("name", name))));
        return new XElement(
            WfsNames.Fes + "Filter_Capabilities",
            new XElement(
                WfsNames.Fes + "Conformance",
                Filter.Select(static one => new XElement(
                    WfsNames.Fes + "Constraint", new XAttribute("name", one.Name), new XElement(WfsNames.Ows + "NoValues"),
                    new XElement(WfsNames.Ows + "DefaultValue", one.Is ? "TRUE" : "FALSE")))),
            new XElement(WfsNames.Fes + "Id_Capabilities", new XElement(WfsNames.Fes + "ResourceIdentifier", new XAttribute("name", "fes:ResourceId"))),
            new XElement(
                WfsNames.Fes + "Scalar_Capabilities", new XElement(WfsNames.Fes + "LogicalOperators"),
                Named("ComparisonOperators", "ComparisonOperator", FesFilter.Comparisons)),
            new XElement(
                WfsNames.Fes + "Spatial_Capabilities",
                Operands(
                    "GeometryOperands", "GeometryOperand", "gml:Envelope", "gml:Point", "gml:MultiPoint", "gml:LineString", "gml:Curve", "gml:MultiCurve",
                    "gml:Polygon", "gml:Surface", "gml:MultiSurface", "gml:MultiGeometry"),
                Named("SpatialOperators", "SpatialOperator", FesFilter.Spatials)),
            new XElement(
                WfsNames.Fes + "Temporal_Capabilities",
                Operands("TemporalOperands", "TemporalOperand", "gml:TimeInstant", "gml:TimePeriod"),
                Named("TemporalOperators", "TemporalOperator", FesTimes.Operators.Keys)));
    }

    private static string Numbers(params double[] values) => string.Join(' ', values.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)));
}
