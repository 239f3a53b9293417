using System.Globalization;
using System.Xml.Linq;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;

namespace GeoDispatch.Sharing.Wms;

/// <summary>The document by which a client of WMS finds the layers. The order of elements is what the DTD of 1.1.1 and the schema of 1.3.0 ask.</summary>
/// <param name="address">Of the service, without a question mark.</param>
/// <param name="city">Null while there is none.</param>
/// <param name="boxes">Where it lies; null while there is none.</param>
internal sealed class WmsCapabilities(WmsVersion version, string address, SharedCity? city, CityBoxes? boxes, Legends legends)
{
    internal const string Title = "GeoDispatch";

    /// <summary>Where 1.1.1 wants a number for no limit.</summary>
    private const double MostScale = 1e9;

    private const string DocType = "<!DOCTYPE WMT_MS_Capabilities SYSTEM \"http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd\">\n";
    private static readonly XNamespace Wms = "http://www.opengis.net/wms";
    private static readonly XNamespace Sld = "http://www.opengis.net/sld";
    private static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";
    private static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly bool old = version == WmsVersion.V111;

    /// <param name="layers">What the reader may read.</param>
    internal Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult ToXml(WmsLayers layers)
    {
        // Of the old version the DTD knows no namespaces: their declarations are attributes that it would have to name.
        XAttribute[] namespaces = old
            ? []
            :
            [
                new("xmlns", Wms), new(XNamespace.Xmlns + "sld", Sld), new(XNamespace.Xmlns + "xlink", XLink), new(XNamespace.Xmlns + "xsi", Xsi),
                new(Xsi + "schemaLocation", "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd"
                    + " http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd"),
            ];
        var root = new XElement(
            old ? "WMT_MS_Capabilities" : Wms + "WMS_Capabilities",
            new XAttribute("version", old ? "1.1.1" : "1.3.0"), namespaces,
            Service(),
            Named("Capability", Requests(), Exceptions(), Root(layers)));
        return old
            ? WmsRefusal.Write(root, "application/vnd.ogc.wms_xml", DocType)
            : WmsRefusal.Write(root, "text/xml");
    }

    private XElement Named(string name, params object?[] content) => new(old ? name : Wms + name, content);

    private XElement Service() => Named(
        "Service",
        Named("Name", old ? "OGC:WMS" : "WMS"),
        Named("Title", CityTitle()),
        Named("Abstract", "城市底图与各部门共享图层 / The city's base map and the layers that its departments share"),
        Named("KeywordList", Named("Keyword", "底图"), Named("Keyword", "base map"), Named("Keyword", "GeoDispatch")),
        OnlineResource(address),
        Named("Fees", "none"),
        Named("AccessConstraints", "none"),
        old ? null : Named("LayerLimit", MapRequest.MostLayers),
        old ? null : Named("MaxWidth", MapFrame.MostPixels),
        old ? null : Named("MaxHeight", MapFrame.MostPixels));

    private XElement Requests() => Named(
        "Request",
        Operation(Named("GetCapabilities"), old ? "application/vnd.ogc.wms_xml" : "text/xml"),
        Operation(Named("GetMap"), "image/png", "image/jpeg"),
        Operation(Named("GetFeatureInfo"), [.. FeatureInfoForms.MediaTypes]),
        Operation(new XElement(old ? "GetLegendGraphic" : Sld + "GetLegendGraphic"), "image/png"));

    private XElement Operation(XElement operation, params string[] formats)
    {
        operation.Add(formats.Select(format => Named("Format", format)), Named("DCPType", Named("HTTP", Named("Get", OnlineResource($"{address}?")))));
        return operation;
    }

    private XElement Exceptions() => Named("Exception", (old ? ExceptionPicture.OldFormats : ExceptionPicture.Formats).Select(format => Named("Format", format)));

    /// <summary>The root has no name: nobody can ask for all layers at once.</summary>
    private XElement Root(WmsLayers layers) => Named(
        "Layer",
        Named("Title", CityTitle()),
        Named("Abstract", city?.Attribution ?? ""),
        // Every reader of 1.1.1 knows these; CRS:84 came with 1.3.0.
        WmsCrs.All.Where(crs => !old || crs.Crs != Crs.Crs84).Select(crs => Named(old ? "SRS" : "CRS", crs.Name)),
        Boxes(),
        city is null ? null : Named("Attribution", Named("Title", city.Attribution)),
        layers.All.Select(Layer));

    private XElement Layer(WmsLayer layer) => Named(
        "Layer",
        new XAttribute("queryable", layer.Queryable ? "1" : "0"),
        layer.Opaque ? new XAttribute("opaque", "1") : null,
        Named("Name", layer.Name),
        Named("Title", layer.Title),
        Named("Abstract", layer.Abstract),
        Named("KeywordList", layer.Keywords.Select(word => Named("Keyword", word))),
        // Said again for each: clients of their own making seldom inherit.
        Boxes(),
        layer.Attribution is null ? null : Named("Attribution", Named("Title", layer.Attribution)),
        MapRequest.Styles.Select(flavour => Style(layer, flavour)),
        Scales(layer));

    private XElement Style(WmsLayer layer, string flavour)
    {
        Legend legend = legends.Of(layer.Name, flavour);
        return Named(
            "Style",
            Named("Name", flavour),
            Named("Title", flavour == "day" ? "日间 / Day" : "夜间 / Night"),
            Named(
                "LegendURL", new XAttribute("width", legend.Width), new XAttribute("height", legend.Height),
                Named("Format", "image/png"),
                OnlineResource(
                    $"{address}?SERVICE=WMS&VERSION={(old ? "1.1.1" : "1.3.0")}&REQUEST=GetLegendGraphic&FORMAT=image/png"
                    + $"&LAYER={Uri.EscapeDataString(layer.Name)}&STYLE={flavour}")));
    }

    private IEnumerable<XElement> Scales(WmsLayer layer)
    {
        if (!old)
        {
            return new[] { ("MinScaleDenominator", layer.SmallestScale), ("MaxScaleDenominator", layer.LargestScale) }
                .Where(static scale => scale.Item2 is not null).Select(scale => Named(scale.Item1, Number(scale.Item2!.Value)));
        }

        return layer.SmallestScale is null && layer.LargestScale is null
            ? []
            : [Named("ScaleHint", new XAttribute("min", Number(Diagonal(layer.SmallestScale ?? 0))), new XAttribute("max", Number(Diagonal(layer.LargestScale ?? MostScale))))];
    }

    private IEnumerable<XElement> Boxes()
    {
        if (boxes is null)
        {
            yield break;
        }

        yield return old
            ? new XElement("LatLonBoundingBox", Edges([boxes.Degrees.West, boxes.Degrees.South, boxes.Degrees.East, boxes.Degrees.North]))
            : Named(
                "EX_GeographicBoundingBox",
                Named("westBoundLongitude", Number(boxes.Degrees.West)), Named("eastBoundLongitude", Number(boxes.Degrees.East)),
                Named("southBoundLatitude", Number(boxes.Degrees.South)), Named("northBoundLatitude", Number(boxes.Degrees.North)));
        foreach (WmsCrs crs in WmsCrs.All.Where(crs => !old || crs.Crs != Crs.Crs84))
        {
            if (boxes.BySrid.TryGetValue(crs.Crs.Srid, out Box box))
            {
                yield return Named("BoundingBox", new XAttribute(old ? "SRS" : "CRS", crs.Name), Edges(crs.Ordered(box, version)));
            }
        }
    }

    private XElement OnlineResource(string href) => Named(
        "OnlineResource", new XAttribute(XNamespace.Xmlns + "xlink", XLink), new XAttribute(XLink + "type", "simple"), new XAttribute(XLink + "href", href));

    private string CityTitle() => city is null ? Title : $"{city.Name} / {city.NameEn}";

    private static IEnumerable<XAttribute> Edges(double[] edges) =>
        new[] { "minx", "miny", "maxx", "maxy" }.Select((name, i) => new XAttribute(name, Number(edges[i])));

    /// <summary>1.1.1 says scale by the diagonal of a pixel in metres (01-068r3 section 7.1.4.5.8), here of 0.28 mm at the scale.</summary>
    private static double Diagonal(double scale) => scale * 0.000_28 * Math.Sqrt(2);

    private static string Number(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
