using System.Globalization;
using System.Xml.Linq;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>The document by which a client of WMTS 1.0.0 finds the layers, their tiles and the ways to ask for them.</summary>
internal static class WmtsCapabilities
{
    internal static readonly XNamespace Ows = "http://www.opengis.net/ows/1.1";
    private static readonly XNamespace Wmts = "http://www.opengis.net/wmts/1.0";
    private static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";
    private static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    /// <param name="address">Of the service, without a slash at its end.</param>
    /// <param name="sections">Which to give; none or <c>All</c> for all of them.</param>
    internal static XDocument Make(string address, Tilesets tilesets, SharedCity? city, params string[] sections)
    {
        bool Wants(string section) => sections.Length == 0 || sections.Contains("All", StringComparer.Ordinal) || sections.Contains(section, StringComparer.Ordinal);
        return new XDocument(new XElement(
            Wmts + "Capabilities",
            new XAttribute("xmlns", Wmts), new XAttribute(XNamespace.Xmlns + "ows", Ows), new XAttribute(XNamespace.Xmlns + "xlink", XLink),
            new XAttribute(XNamespace.Xmlns + "xsi", Xsi),
            new XAttribute(Xsi + "schemaLocation", "http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd"),
            new XAttribute("version", "1.0.0"),
            Wants("ServiceIdentification") ? Identification(city) : null,
            Wants("ServiceProvider") ? new XElement(Ows + "ServiceProvider", new XElement(Ows + "ProviderName", city?.Name ?? "GeoDispatch"), new XElement(Ows + "ServiceContact")) : null,
            Wants("OperationsMetadata") ? Operations(address) : null,
            Wants("Contents")
                ? new XElement(Wmts + "Contents", tilesets.Names.Select(name => Layer(address, tilesets.Find(name)!, city)), MatrixSet())
                : null,
            new XElement(Wmts + "ServiceMetadataURL", new XAttribute(XLink + "href", $"{address}/1.0.0/WMTSCapabilities.xml"))));
    }

    private static XElement Identification(SharedCity? city) => new(
        Ows + "ServiceIdentification",
        new XElement(Ows + "Title", city is null ? "GeoDispatch" : $"{city.Name} / {city.NameEn}"),
        new XElement(Ows + "Abstract", city?.Attribution ?? ""),
        new XElement(Ows + "ServiceType", "OGC WMTS"),
        new XElement(Ows + "ServiceTypeVersion", "1.0.0"),
        new XElement(Ows + "Fees", "none"),
        new XElement(Ows + "AccessConstraints", "none"));

    private static XElement Operations(string address)
    {
        XElement Get(string href, string encoding) => new(
            Ows + "Get", new XAttribute(XLink + "href", href),
            new XElement(Ows + "Constraint", new XAttribute("name", "GetEncoding"),
                new XElement(Ows + "AllowedValues", new XElement(Ows + "Value", encoding))));
        XElement Operation(string name, string resource) => new(
            Ows + "Operation", new XAttribute("name", name),
            new XElement(Ows + "DCP", new XElement(Ows + "HTTP", Get($"{address}?", "KVP"), Get(resource, "RESTful"))));
        return new XElement(
            Ows + "OperationsMetadata", Operation("GetCapabilities", $"{address}/1.0.0/WMTSCapabilities.xml"), Operation("GetTile", $"{address}/1.0.0/"));
    }

    private static XElement Layer(string address, Tileset tileset, SharedCity? city) => new(
        Wmts + "Layer",
        new XElement(Ows + "Title", (string?)tileset.Description["description"] ?? tileset.Name),
        city is null ? null : new XElement(
            Ows + "WGS84BoundingBox",
            new XElement(Ows + "LowerCorner", Numbers(city.Box.West, city.Box.South)), new XElement(Ows + "UpperCorner", Numbers(city.Box.East, city.Box.North))),
        new XElement(Ows + "Identifier", tileset.Name),
        new XElement(Wmts + "Style", new XAttribute("isDefault", "true"), new XElement(Ows + "Identifier", ServeWmts.Style)),
        new XElement(Wmts + "Format", VectorCutter.Mvt),
        new XElement(
            Wmts + "TileMatrixSetLink",
            new XElement(Wmts + "TileMatrixSet", TileMatrixSet.WebMercatorQuad.Id),
            new XElement(Wmts + "TileMatrixSetLimits", Zooms(tileset).Select(zoom => TileMatrixSet.WebMercatorQuad.Limits(city?.Box, zoom)).Select(static limits => new XElement(
                Wmts + "TileMatrixLimits",
                new XElement(Wmts + "TileMatrix", limits.Zoom),
                new XElement(Wmts + "MinTileRow", limits.North), new XElement(Wmts + "MaxTileRow", limits.South),
                new XElement(Wmts + "MinTileCol", limits.West), new XElement(Wmts + "MaxTileCol", limits.East))))),
        // GDAL fills no {Layer}: the names stand in the template.
        new XElement(
            Wmts + "ResourceURL", new XAttribute("format", VectorCutter.Mvt), new XAttribute("resourceType", "tile"),
            new XAttribute("template", $"{address}/1.0.0/{tileset.Name}/{ServeWmts.Style}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.mvt")));

    private static XElement MatrixSet() => new(
        Wmts + "TileMatrixSet",
        new XElement(Ows + "Title", TileMatrixSet.WebMercatorQuad.Title),
        new XElement(Ows + "Identifier", TileMatrixSet.WebMercatorQuad.Id),
        new XElement(Ows + "SupportedCRS", "urn:ogc:def:crs:EPSG::3857"),
        new XElement(Wmts + "WellKnownScaleSet", "urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible"),
        Enumerable.Range(0, 19).Select(static zoom => new XElement(
            Wmts + "TileMatrix",
            new XElement(Ows + "Identifier", zoom),
            new XElement(Wmts + "ScaleDenominator", Numbers(TileMatrixSet.WebMercatorQuad.ScaleDenominator(zoom))),
            new XElement(Wmts + "TopLeftCorner", Numbers(TileMatrixSet.WebMercatorQuad.TopLeft)),
            new XElement(Wmts + "TileWidth", TileMatrixSet.TilePixels), new XElement(Wmts + "TileHeight", TileMatrixSet.TilePixels),
            new XElement(Wmts + "MatrixWidth", 1 << zoom), new XElement(Wmts + "MatrixHeight", 1 << zoom))));

    private static IEnumerable<int> Zooms(Tileset tileset) => Enumerable.Range(tileset.MinZoom, tileset.MaxZoom - tileset.MinZoom + 1);

    private static string Numbers(params double[] values) => string.Join(' ', values.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)));
}
