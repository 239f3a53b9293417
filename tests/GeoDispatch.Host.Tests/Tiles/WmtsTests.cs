using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>The requirements of WMTS 1.0.0 (07-057r7), by parameters and as resources.</summary>
[Collection(typeof(TilesCollection))]
public sealed class WmtsTests(RunningServer server)
{
    private const string Core = "/tiles/city/14/13584/6351.mvt";
    private const string GetTile = "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=city&STYLE=default&FORMAT=application/vnd.mapbox-vector-tile"
        + "&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX=14&TILEROW=6351&TILECOL=13584";

    private static readonly XNamespace Ows = "http://www.opengis.net/ows/1.1";
    private static readonly XNamespace Wmts = "http://www.opengis.net/wmts/1.0";
    private static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";

    [Theory]
    [InlineData("/wmts/1.0.0/WMTSCapabilities.xml")]
    [InlineData("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities")]
    [InlineData("/wmts?sErViCe=WMTS&Request=GetCapabilities&AcceptVersions=1.0.0&sections=All")]
    [Requirement("wmts", "get-capabilities", "rest")]
    public async Task Req_wmts_get_capabilities_and_rest_lead_to_the_tiles_both_ways(string path)
    {
        XElement capabilities = await XmlAsync(path);
        Assert.Equal((Wmts + "Capabilities", "1.0.0"), (capabilities.Name, (string?)capabilities.Attribute("version")));
        XElement layer = Layer(capabilities, "city");
        string same = (await server.Anonymous().GetAsync(Core)).Version!;
        Answer resource = await server.Anonymous().GetAsync(Fill(Template(layer, "application/vnd.mapbox-vector-tile"), "default", "WebMercatorQuad", 14, 6351, 13584));
        Answer asked = await server.Anonymous().GetAsync(GetTile);
        Assert.Equal((200, same, 200, same), (resource.Status, resource.Version, asked.Status, asked.Version));
    }

    [Fact]
    [Requirement("wmts", "rest")]
    public async Task Req_wmts_rest_every_template_gives_a_tile_of_every_layer_in_every_style_and_set()
    {
        XElement capabilities = await XmlAsync("/wmts/1.0.0/WMTSCapabilities.xml");
        Assert.Equal(
            (await server.LayersAsync()).Append("city").Order(StringComparer.Ordinal),
            capabilities.Descendants(Wmts + "Layer").Select(layer => (string)layer.Element(Ows + "Identifier")!).Order(StringComparer.Ordinal));
        foreach (XElement layer in capabilities.Descendants(Wmts + "Layer"))
        {
            string[] formats = [.. layer.Elements(Wmts + "Format").Select(format => format.Value)];
            XElement[] templates = [.. layer.Elements(Wmts + "ResourceURL").Where(url => (string?)url.Attribute("resourceType") == "tile")];
            Assert.Equal(formats, templates.Select(url => (string)url.Attribute("format")!));
            // GDAL fills in no name of a layer.
            Assert.All(templates, url => Assert.DoesNotContain("{Layer}", (string)url.Attribute("template")!, StringComparison.OrdinalIgnoreCase));
            foreach (XElement link in layer.Elements(Wmts + "TileMatrixSetLink"))
            {
                XElement limits = link.Descendants(Wmts + "TileMatrixLimits").First();
                foreach (XElement style in layer.Elements(Wmts + "Style"))
                {
                    Answer tile = await server.Anonymous().GetAsync(Fill(
                        Template(layer, "image/png"), (string)style.Element(Ows + "Identifier")!, (string)link.Element(Wmts + "TileMatrixSet")!,
                        (int)limits.Element(Wmts + "TileMatrix")!, (int)limits.Element(Wmts + "MinTileRow")!, (int)limits.Element(Wmts + "MinTileCol")!));
                    Assert.Equal((200, "image/png"), (tile.Status, tile.Response.Content.Headers.ContentType?.MediaType));
                }
            }
        }
    }

    [Theory]
    [InlineData("/wmts/1.0.0/nothing", "*/*", 404)]
    [InlineData("/wmts/1.0.0/city/default/WebMercatorQuad/14/6351", "*/*", 404)]
    [InlineData("/wmts/1.0.0/nowhere/default/WebMercatorQuad/14/6351/13584.png", "*/*", 404)]
    [InlineData("/wmts/1.0.0/city/dusk/WebMercatorQuad/14/6351/13584.png", "*/*", 404)]
    [InlineData("/wmts/1.0.0/city/default/Nothing/14/6351/13584.png", "*/*", 404)]
    [InlineData("/wmts/1.0.0/city/default/WebMercatorQuad/99/6351/13584.png", "*/*", 404)]
    [InlineData("/wmts/1.0.0/city/default/WebMercatorQuad/14/6351/13584.tiff", "*/*", 404)]
    [InlineData("/wmts/1.0.0/city/default/WebMercatorQuad/14/6351/13584.png", "image/tiff", 406)]
    [InlineData("/wmts/1.0.0/WMTSCapabilities.xml", "image/png", 406)]
    [InlineData("/wmts/1.0.0/WMTSCapabilities.xml", "text/html,application/xhtml+xml,application/xml;q=0.9", 200)]
    [InlineData("/wmts/1.0.0/city/default/WebMercatorQuad/14/6351/13584.png", "image/png", 200)]
    public async Task Req_wmts_rest_what_is_not_there_is_not_found_and_no_other_type_is_given(string path, string accept, int status)
    {
        Answer answer = await server.GetAsync(path, accept);
        Assert.Equal(status, answer.Status);
        if (status != 200)
        {
            Assert.Equal(Ows + "ExceptionReport", XElement.Parse(answer.Text).Name);
        }
    }

    [Fact]
    [Requirement("wmts", "operations-metadata")]
    public async Task Req_wmts_operations_metadata_each_operation_has_an_address_for_each_encoding_and_one_style_is_the_usual_one()
    {
        XElement capabilities = await XmlAsync("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities");
        XElement[] operations = [.. capabilities.Element(Ows + "OperationsMetadata")!.Elements(Ows + "Operation")];
        Assert.Equal(["GetCapabilities", "GetTile", "GetFeatureInfo"], operations.Select(operation => (string)operation.Attribute("name")!));
        foreach (XElement operation in operations)
        {
            XElement[] gets = [.. operation.Descendants(Ows + "Get")];
            Assert.Equal(["KVP", "RESTful"], gets.Select(get =>
            {
                XElement constraint = Assert.Single(get.Elements(Ows + "Constraint"));
                Assert.Equal("GetEncoding", (string?)constraint.Attribute("name"));
                return constraint.Descendants(Ows + "Value").Single().Value;
            }));
            Assert.Equal($"{server.Address}wmts?", (string?)gets[0].Attribute(XLink + "href"));
        }

        Assert.Equal(200, (await server.Anonymous().GetAsync((string)operations[0].Descendants(Ows + "Get").Last().Attribute(XLink + "href")!)).Status);
        Assert.All(capabilities.Descendants(Wmts + "Layer"), layer =>
            Assert.Single(layer.Elements(Wmts + "Style"), style => (string?)style.Attribute("isDefault") == "true"));
    }

    [Fact]
    [Requirement("wmts", "get-capabilities")]
    public async Task Req_wmts_get_capabilities_elements_come_in_the_order_of_the_schema_and_only_the_sections_that_are_asked_for()
    {
        XElement all = await XmlAsync("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&Sections=");
        Assert.Equal(
            ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "ServiceMetadataURL"], all.Elements().Select(element => element.Name.LocalName));
        foreach (XElement layer in all.Descendants(Wmts + "Layer"))
        {
            // wmtsGetCapabilities_response.xsd, LayerType.
            string[] order = ["Title", "WGS84BoundingBox", "Identifier", "Style", "Format", "InfoFormat", "TileMatrixSetLink", "ResourceURL"];
            string[] names = [.. layer.Elements().Select(element => element.Name.LocalName)];
            Assert.Equal(names.OrderBy(name => Array.IndexOf(order, name)), names);
            Assert.All(names, name => Assert.Contains(name, order));
        }

        XElement contents = await XmlAsync("/wmts?service=WMTS&request=GetCapabilities&sections=Contents");
        Assert.Empty(contents.Elements(Ows + "OperationsMetadata"));
        Assert.Single(contents.Elements(Wmts + "Contents"));
    }

    [Theory]
    [InlineData("/wmts", 400, "MissingParameterValue", "service")]
    [InlineData("/wmts?request=GetCapabilities", 400, "MissingParameterValue", "service")]
    [InlineData("/wmts?service=BOGUS&request=GetCapabilities", 400, "InvalidParameterValue", "service")]
    [InlineData("/wmts?service=wmts&request=GetCapabilities", 400, "InvalidParameterValue", "service")]
    [InlineData("/wmts?service=WMTS", 400, "MissingParameterValue", "request")]
    [InlineData("/wmts?service=WMTS&request=GetBOGUS", 501, "OperationNotSupported", "GetBOGUS")]
    [InlineData("/wmts?service=WMTS&request=Get%01%3CBogus%3E", 501, "OperationNotSupported", "Get<Bogus>")]
    [InlineData("/wmts?service=WMTS&request=GetCapabilities&sections=Bogus", 400, "InvalidParameterValue", "sections")]
    [InlineData("/wmts?service=WMTS&request=GetCapabilities&acceptVersions=9.9.9", 400, "VersionNegotiationFailed", "acceptversions")]
    [InlineData("/wmts?service=WMTS&request=GetTile", 400, "MissingParameterValue", "version")]
    [InlineData("/wmts?service=WMTS&request=GetTile&version=2.0.0", 400, "InvalidParameterValue", "version")]
    [InlineData(GetTile + "&TILEROW=1", 400, "InvalidParameterValue", "tilerow")]
    [InlineData("/wmts/1.0.0/nowhere/default/WebMercatorQuad/14/6351/13584.mvt", 404, "InvalidParameterValue", "layer")]
    [InlineData("/wmts/1.0.0/city/default/WebMercatorQuad/14/16384/13584.mvt", 400, "TileOutOfRange", "tilerow")]
    [Requirement("wmts", "errors")]
    public async Task Req_wmts_errors_what_is_wrong_is_said_as_the_standard_says_it(string path, int status, string code, string locator) =>
        await MustExceptAsync(path, status, code, locator);

    [Theory]
    [InlineData("LAYER=city", "LAYER=nowhere", "InvalidParameterValue", "layer")]
    [InlineData("LAYER=city", "LAYER=CITY", "InvalidParameterValue", "layer")]
    [InlineData("STYLE=default", "STYLE=night", "InvalidParameterValue", "style")]
    [InlineData("FORMAT=application/vnd.mapbox-vector-tile", "FORMAT=image/tiff", "InvalidParameterValue", "format")]
    [InlineData("TILEMATRIXSET=WebMercatorQuad", "TILEMATRIXSET=x", "InvalidParameterValue", "tilematrixset")]
    [InlineData("TILEMATRIX=14", "TILEMATRIX=99", "InvalidParameterValue", "tilematrix")]
    [InlineData("TILEROW=6351", "TILEROW=16384", "TileOutOfRange", "tilerow")]
    [InlineData("TILECOL=13584", "TILECOL=999999", "TileOutOfRange", "tilecol")]
    [InlineData("TILECOL=13584", "TILECOL=-1", "InvalidParameterValue", "tilecol")]
    [InlineData("LAYER=city", "", "MissingParameterValue", "layer")]
    [InlineData("STYLE=default", "", "MissingParameterValue", "style")]
    [InlineData("FORMAT=application/vnd.mapbox-vector-tile", "", "MissingParameterValue", "format")]
    [InlineData("TILEMATRIXSET=WebMercatorQuad", "", "MissingParameterValue", "tilematrixset")]
    [InlineData("TILEMATRIX=14", "", "MissingParameterValue", "tilematrix")]
    [InlineData("TILEROW=6351", "", "MissingParameterValue", "tilerow")]
    [InlineData("TILECOL=13584", "", "MissingParameterValue", "tilecol")]
    public async Task Req_wmts_errors_a_wrong_or_missing_parameter_of_a_tile_is_named(string right, string wrong, string code, string locator) =>
        await MustExceptAsync(GetTile.Replace($"&{right}", wrong.Length == 0 ? "" : $"&{wrong}", StringComparison.Ordinal), 400, code, locator);

    [Theory]
    [InlineData("WebMercatorQuad", "urn:ogc:def:crs:EPSG::3857", "-20037508.3427892 20037508.3427892")]
    [InlineData("EPSG:3857", "EPSG:3857", "-20037508.3427892 20037508.3427892")]
    [InlineData("w", "urn:ogc:def:crs:EPSG::900913", "-20037508.3427892 20037508.3427892")]
    [InlineData("CGCS2000Quad", "urn:ogc:def:crs:EPSG::4490", "90 -180")]
    [InlineData("c", "urn:ogc:def:crs:EPSG::4490", "90 -180")]
    [InlineData("WorldCRS84Quad", "urn:ogc:def:crs:OGC:1.3:CRS84", "-180 90")]
    [Requirement("wmts", "supported-crs")]
    public async Task Req_wmts_supported_crs_the_corner_is_in_the_axis_order_and_denominators_are_of_pixels_of_0_28_mm(string id, string crs, string corner)
    {
        XElement set = Assert.Single((await XmlAsync("/wmts/1.0.0/WMTSCapabilities.xml")).Descendants(Wmts + "TileMatrixSet"), found => (string?)found.Element(Ows + "Identifier") == id);
        Assert.Equal(crs, (string?)set.Element(Ows + "SupportedCRS"));
        foreach (XElement matrix in set.Elements(Wmts + "TileMatrix"))
        {
            Assert.Equal(corner, (string?)matrix.Element(Wmts + "TopLeftCorner"));
            double cell = (double)matrix.Element(Wmts + "ScaleDenominator")! * 0.00028;
            bool metres = crs.EndsWith("3857", StringComparison.Ordinal) || crs.EndsWith("900913", StringComparison.Ordinal);
            // As wide as the world in all: 2π × 6378137 m, or 360 degrees of the same circle.
            double width = cell * (int)matrix.Element(Wmts + "TileWidth")! * (int)matrix.Element(Wmts + "MatrixWidth")!;
            Assert.Equal(2 * Math.PI * 6378137, width, 0.01);
            Assert.Equal((int)matrix.Element(Wmts + "MatrixWidth")!, (metres ? 1 : 2) * (int)matrix.Element(Wmts + "MatrixHeight")!);
        }
    }

    [Fact]
    [Requirement("wmts", "tile-matrix-limits")]
    public async Task Req_wmts_supported_crs_limits_match_the_data_and_the_box_has_longitude_first()
    {
        XElement capabilities = await XmlAsync("/wmts/1.0.0/WMTSCapabilities.xml");
        Dictionary<string, string[]> levels = capabilities.Element(Wmts + "Contents")!.Elements(Wmts + "TileMatrixSet").ToDictionary(
            set => (string)set.Element(Ows + "Identifier")!, set => set.Elements(Wmts + "TileMatrix").Select(matrix => (string)matrix.Element(Ows + "Identifier")!).ToArray());
        double[] city = await server.Database.ReadAsync<double[]>("SELECT ARRAY[west, south, east, north] FROM share.profile");
        foreach (XElement layer in capabilities.Descendants(Wmts + "Layer"))
        {
            XElement box = layer.Element(Ows + "WGS84BoundingBox")!;
            Assert.Equal("urn:ogc:def:crs:OGC:2:84", (string?)box.Attribute("crs"));
            Assert.Equal(city, $"{box.Element(Ows + "LowerCorner")!.Value} {box.Element(Ows + "UpperCorner")!.Value}".Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)));
            foreach (XElement link in layer.Elements(Wmts + "TileMatrixSetLink"))
            {
                Assert.All(link.Descendants(Wmts + "TileMatrix"), level => Assert.Contains(level.Value, levels[(string)link.Element(Wmts + "TileMatrixSet")!]));
            }
        }

        // Level 14 of web mercator: 40075016.7 m on 2^14 tiles.
        XElement limits = Layer(capabilities, "pois").Elements(Wmts + "TileMatrixSetLink").First().Descendants(Wmts + "TileMatrixLimits").Single(one => (string?)one.Element(Wmts + "TileMatrix") == "14");
        double[] data = await server.Database.ReadAsync<double[]>("SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] FROM (SELECT ST_Extent(geom) e FROM share.pois) t");
        double side = 2 * 20037508.3427892 / 16384;
        Assert.InRange((data[0] + 20037508.3427892) / side, (int)limits.Element(Wmts + "MinTileCol")!, (int)limits.Element(Wmts + "MaxTileCol")! + 1);
        Assert.InRange((data[2] + 20037508.3427892) / side, (int)limits.Element(Wmts + "MinTileCol")!, (int)limits.Element(Wmts + "MaxTileCol")! + 1);
        Assert.InRange((20037508.3427892 - data[3]) / side, (int)limits.Element(Wmts + "MinTileRow")!, (int)limits.Element(Wmts + "MaxTileRow")! + 1);
        Assert.InRange((20037508.3427892 - data[1]) / side, (int)limits.Element(Wmts + "MinTileRow")!, (int)limits.Element(Wmts + "MaxTileRow")! + 1);
    }

    [Theory]
    [InlineData("WebMercatorQuad", 16)]
    [InlineData("CGCS2000Quad", 15)]
    [InlineData("w", 16)]
    [InlineData("c", 16)]
    [Requirement("wmts", "get-feature-info", "errors")]
    public async Task Req_wmts_get_feature_info_says_what_lies_at_the_pixel_by_parameters_and_as_a_resource(string set, int level)
    {
        bool metres = set is "w" or "WebMercatorQuad";
        double[] place = await server.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_X(p), ST_Y(p), id] FROM (SELECT ST_Transform(geom, {(metres ? 3857 : 4326)}) p, id FROM share.pois ORDER BY id LIMIT 1) t");
        // Degrees: as many columns as web mercator has at this zoom; the national map counts them from 1.
        double side = (metres ? 2 * 20037508.3427892 : 360.0) / (1 << (set == "CGCS2000Quad" ? level + 1 : level));
        (double column, double row) = ((place[0] + (metres ? 20037508.3427892 : 180)) / side, ((metres ? 20037508.3427892 : 90) - place[1]) / side);
        (int i, int j) = ((int)((column - Math.Floor(column)) * 256), (int)((row - Math.Floor(row)) * 256));
        string tile = FormattableString.Invariant($"&LAYER=pois&STYLE=default&FORMAT=image/png&TILEMATRIXSET={set}&TILEMATRIX={level}&TILEROW={(int)row}&TILECOL={(int)column}");
        string asked = FormattableString.Invariant($"/wmts?SERVICE=WMTS&REQUEST=GetFeatureInfo&VERSION=1.0.0{tile}&I={i}&J={j}&INFOFORMAT=application/json");
        XElement layer = Layer(await XmlAsync("/wmts/1.0.0/WMTSCapabilities.xml"), "pois");
        string resource = Fill(Template(layer, "application/json"), "default", set, level, (int)row, (int)column)
            .Replace("{I}", $"{i}", StringComparison.Ordinal).Replace("{J}", $"{j}", StringComparison.Ordinal);
        foreach (string path in new[] { asked, resource })
        {
            JsonElement[] found = (await server.JsonAsync(path)).Features();
            Assert.Contains($"pois.{place[2]}", found.Select(feature => feature.GetProperty("id").GetString()));
        }

        Assert.Equal("text/html", (await server.Anonymous().GetAsync(asked.Replace("application/json", "text/html", StringComparison.Ordinal))).Response.Content.Headers.ContentType?.MediaType);
        await MustExceptAsync(asked.Replace($"&I={i}&", "&I=256&", StringComparison.Ordinal), 400, "PointIJOutOfRange", "i");
        await MustExceptAsync(asked.Replace($"&J={j}&", "&J=256&", StringComparison.Ordinal), 400, "PointIJOutOfRange", "j");
        await MustExceptAsync(asked.Replace($"&I={i}&", "&I=-1&", StringComparison.Ordinal), 400, "InvalidParameterValue", "i");
        await MustExceptAsync(asked.Replace($"&J={j}&", "&", StringComparison.Ordinal), 400, "MissingParameterValue", "j");
        await MustExceptAsync(asked.Replace("application/json", "text/x", StringComparison.Ordinal), 400, "InvalidParameterValue", "infoformat");
        await MustExceptAsync(asked.Replace("LAYER=pois", "LAYER=nowhere", StringComparison.Ordinal), 400, "InvalidParameterValue", "layer");
    }

    [Fact]
    [Requirement("wmts", "get-tile")]
    public async Task Req_wmts_get_tile_styles_are_the_flavours_of_the_map_and_formats_are_what_they_say()
    {
        string png = GetTile.Replace("application/vnd.mapbox-vector-tile", "image/png", StringComparison.Ordinal);
        Answer day = await server.Anonymous().GetAsync(png), night = await server.Anonymous().GetAsync(png.Replace("STYLE=default", "STYLE=night", StringComparison.Ordinal));
        Assert.NotEqual(day.Version, night.Version);
        using SKBitmap tile = SKBitmap.Decode(await day.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal((256, 256), (tile.Width, tile.Height));
        Assert.NotEmpty(VectorTile.Read(await (await server.Anonymous().GetAsync(GetTile)).Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    private static XElement Layer(XElement capabilities, string id) =>
        Assert.Single(capabilities.Descendants(Wmts + "Layer"), found => (string?)found.Element(Ows + "Identifier") == id);

    private static string Template(XElement layer, string format) =>
        (string)layer.Elements(Wmts + "ResourceURL").Single(url => (string?)url.Attribute("format") == format).Attribute("template")!;

    private static string Fill(string template, string style, string set, int level, int row, int column) => template
        .Replace("{Style}", style, StringComparison.Ordinal).Replace("{TileMatrixSet}", set, StringComparison.Ordinal)
        .Replace("{TileMatrix}", $"{level}", StringComparison.Ordinal).Replace("{TileRow}", $"{row}", StringComparison.Ordinal).Replace("{TileCol}", $"{column}", StringComparison.Ordinal);

    private async Task<XElement> XmlAsync(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.Equal((200, "text/xml"), (answer.Status, answer.Response.Content.Headers.ContentType?.MediaType));
        return XElement.Parse(answer.Text);
    }

    private async Task MustExceptAsync(string path, int status, string code, string locator)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.Equal((status, "text/xml"), (answer.Status, answer.Response.Content.Headers.ContentType?.MediaType));
        XElement report = XElement.Parse(answer.Text), exception = report.Element(Ows + "Exception")!;
        Assert.Equal((Ows + "ExceptionReport", "1.1.0"), (report.Name, (string?)report.Attribute("version")));
        Assert.Equal((code, locator), ((string?)exception.Attribute("exceptionCode"), (string?)exception.Attribute("locator")));
    }
}
