using System.Globalization;
using System.Xml.Linq;
using GeoDispatch.Sharing.Wms;

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
    internal static XDocument Make(
        string address, IReadOnlyList<Tileset> tilesets, IReadOnlyList<ITileCutter> cutters, SharedCity? city, string[] sections)
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
                ? new XElement(
                    Wmts + "Contents", tilesets.Select(tileset => Layer(
                        // GDAL and OpenLayers take the format that comes first, and both want an image.
                        address, tileset, [.. cutters.Where(cutter => cutter.Offers(tileset)).OrderBy(static cutter => cutter.MediaType == VectorCutter.Mvt)], city)),
                    TileMatrixSet.OfWmts.Select(set => MatrixSet(set, tilesets.Where(tileset => tileset.Has(set.Grid))
                        .SelectMany(tileset => cutters.SelectMany(cutter => set.Levels(cutter, tileset))).DefaultIfEmpty(set.FirstLevel).Max())))
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
            Ows + "OperationsMetadata", Operation("GetCapabilities", $"{address}/1.0.0/WMTSCapabilities.xml"), Operation("GetTile", $"{address}/1.0.0/"),
            Operation("GetFeatureInfo", $"{address}/1.0.0/"));
    }

    private static XElement Layer(string address, Tileset tileset, ITileCutter[] cutters, SharedCity? city) => new(
        Wmts + "Layer",
        new XElement(Ows + "Title", tileset.Title),
        city is null ? null : new XElement(
            Ows + "WGS84BoundingBox", new XAttribute("crs", "urn:ogc:def:crs:OGC:2:84"),
            new XElement(Ows + "LowerCorner", Numbers(city.Box.West, city.Box.South)), new XElement(Ows + "UpperCorner", Numbers(city.Box.East, city.Box.North))),
        new XElement(Ows + "Identifier", tileset.Name),
        cutters.Select(static cutter => cutter.Style).Distinct(StringComparer.Ordinal).Select(static style => new XElement(
            Wmts + "Style", new XAttribute("isDefault", style == VectorCutter.DefaultStyle), new XElement(Ows + "Identifier", style))),
        cutters.Select(static cutter => cutter.MediaType).Distinct(StringComparer.Ordinal).Select(static type => new XElement(Wmts + "Format", type)),
        FeatureInfoForms.MediaTypes.Select(static type => new XElement(Wmts + "InfoFormat", type)),
        TileMatrixSet.OfWmts.Where(set => tileset.Has(set.Grid)).Select(set => Link(set, tileset, cutters, city)),
        // GDAL fills no {Layer}: the names stand in the template.
        cutters.DistinctBy(static cutter => cutter.Extension).Select(cutter => new XElement(
            Wmts + "ResourceURL", new XAttribute("format", cutter.MediaType), new XAttribute("resourceType", "tile"),
            new XAttribute("template", $"{address}/1.0.0/{Uri.EscapeDataString(tileset.Name)}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.{cutter.Extension}"))),
        WmtsFeatureInfo.Extensions.Select(form => new XElement(
            Wmts + "ResourceURL", new XAttribute("format", form.MediaType), new XAttribute("resourceType", "FeatureInfo"),
            new XAttribute("template", $"{address}/1.0.0/{Uri.EscapeDataString(tileset.Name)}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}/{{J}}/{{I}}.{form.Extension}"))));

    private static XElement Link(TileMatrixSet set, Tileset tileset, ITileCutter[] cutters, SharedCity? city) => new(
        Wmts + "TileMatrixSetLink",
        new XElement(Wmts + "TileMatrixSet", set.Id),
        new XElement(Wmts + "TileMatrixSetLimits", cutters.SelectMany(cutter => set.Levels(cutter, tileset)).Distinct().Order()
            .Select(level => (Level: level, Range: set.Limits(city?.Box, level))).Select(static limits => new XElement(
                Wmts + "TileMatrixLimits",
                new XElement(Wmts + "TileMatrix", limits.Level),
                new XElement(Wmts + "MinTileRow", limits.Range.North), new XElement(Wmts + "MaxTileRow", limits.Range.South),
                new XElement(Wmts + "MinTileCol", limits.Range.West), new XElement(Wmts + "MaxTileCol", limits.Range.East)))));

    /// <param name="last">The highest level of any layer: limits name none that is not described.</param>
    private static XElement MatrixSet(TileMatrixSet set, int last) => new(
        Wmts + "TileMatrixSet",
        new XElement(Ows + "Title", set.Title),
        new XElement(Ows + "Identifier", set.Id),
        new XElement(Ows + "SupportedCRS", set.SupportedCrs),
        set == TileMatrixSet.WebMercatorQuad ? new XElement(Wmts + "WellKnownScaleSet", "urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible") : null,
        Enumerable.Range(set.FirstLevel, last - set.FirstLevel + 1).Select(level => new XElement(
            Wmts + "TileMatrix",
            new XElement(Ows + "Identifier", level),
            new XElement(Wmts + "ScaleDenominator", Numbers(set.ScaleDenominator(level))),
            new XElement(Wmts + "TopLeftCorner", Numbers(set.TopLeft)),
            new XElement(Wmts + "TileWidth", TileMatrixSet.TilePixels), new XElement(Wmts + "TileHeight", TileMatrixSet.TilePixels),
            new XElement(Wmts + "MatrixWidth", set.Columns(level)), new XElement(Wmts + "MatrixHeight", set.Rows(level)))));

    private static string Numbers(params double[] values) => string.Join(' ', values.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)));
}
