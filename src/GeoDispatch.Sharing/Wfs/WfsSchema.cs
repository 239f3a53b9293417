using System.Xml.Linq;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>The application schema: each layer a feature type of GML 3.2, no deeper than simple features of level 0 (OGC 10-100r3).</summary>
internal static class WfsSchema
{
    private static readonly XNamespace SimpleFeatures = "http://www.opengis.net/gmlsf/2.0";

    internal static XElement Make(IEnumerable<Layer> layers)
    {
        XNamespace xsd = WfsNames.Xsd;
        return new XElement(
            xsd + "schema",
            new XAttribute(XNamespace.Xmlns + "xsd", xsd), new XAttribute(XNamespace.Xmlns + "gml", WfsNames.Gml),
            new XAttribute(XNamespace.Xmlns + WfsNames.Prefix, WfsNames.Application), new XAttribute(XNamespace.Xmlns + "gmlsf", SimpleFeatures),
            new XAttribute("targetNamespace", WfsNames.Application), new XAttribute("elementFormDefault", "qualified"), new XAttribute("version", "1.0"),
            new XElement(
                xsd + "annotation",
                new XElement(
                    xsd + "appinfo", new XAttribute("source", "http://schemas.opengis.net/gmlsfProfile/2.0/gmlsfLevels.xsd"),
                    new XElement(SimpleFeatures + "ComplianceLevel", 0))),
            new XElement(
                xsd + "import", new XAttribute("namespace", WfsNames.Gml), new XAttribute("schemaLocation", "http://schemas.opengis.net/gml/3.2.1/gml.xsd")),
            layers.SelectMany(Type));
    }

    private static XElement[] Type(Layer layer)
    {
        XNamespace xsd = WfsNames.Xsd;
        string name = WfsNames.Local(layer.Id);
        return
        [
            new(
                xsd + "element", new XAttribute("name", name), new XAttribute("type", $"{WfsNames.Prefix}:{name}Type"),
                new XAttribute("substitutionGroup", "gml:AbstractFeature")),
            new(
                xsd + "complexType", new XAttribute("name", $"{name}Type"),
                new XElement(
                    xsd + "complexContent",
                    new XElement(
                        xsd + "extension", new XAttribute("base", "gml:AbstractFeatureType"),
                        new XElement(
                            xsd + "sequence",
                            layer.Columns.Select(static column => Property(column.Name, XsdType(column.Type))),
                            Property(layer.GeometryColumn, GeometryType(layer.GeometryType)))))),
        ];
    }

    // Every property may be left out: where there is no value, and where only some were asked for.
    private static XElement Property(string name, string type) => new(
        WfsNames.Xsd + "element", new XAttribute("name", WfsNames.Local(name)), new XAttribute("type", type), new XAttribute("minOccurs", 0));

    private static string XsdType(string type) => type switch
    {
        "int2" => "xsd:short",
        "int4" => "xsd:int",
        "int8" => "xsd:long",
        "float4" or "float8" => "xsd:double",
        "numeric" => "xsd:decimal",
        "bool" => "xsd:boolean",
        "date" => "xsd:date",
        "timestamptz" or "timestamp" => "xsd:dateTime",
        _ => "xsd:string",
    };

    // Of the type with Z or M: PostGIS writes PointZ.
    private static string GeometryType(string type) => type.ToUpperInvariant().TrimEnd('Z', 'M') switch
    {
        "POINT" => "gml:PointPropertyType",
        "LINESTRING" => "gml:CurvePropertyType",
        "POLYGON" => "gml:SurfacePropertyType",
        "MULTIPOINT" => "gml:MultiPointPropertyType",
        "MULTILINESTRING" => "gml:MultiCurvePropertyType",
        "MULTIPOLYGON" => "gml:MultiSurfacePropertyType",
        _ => "gml:GeometryPropertyType",
    };
}
