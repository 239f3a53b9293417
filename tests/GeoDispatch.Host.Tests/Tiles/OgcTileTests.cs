using System.Text.Json;
using System.Xml.Linq;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>The same tiles by OGC API – Tiles and by WMTS 1.0.0.</summary>
[Collection(typeof(TilesCollection))]
public sealed class OgcTileTests(RunningServer server)
{
    private const string Core = "/tiles/city/14/13584/6351.mvt";
    private const string GetTile = "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=city&STYLE=default&FORMAT=application/vnd.mapbox-vector-tile"
        + "&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX=14&TILEROW=6351&TILECOL=13584";

    private static readonly XNamespace Ows = "http://www.opengis.net/ows/1.1";
    private static readonly XNamespace Wmts = "http://www.opengis.net/wmts/1.0";

    [Fact]
    public async Task The_tile_matrix_set_has_the_registered_numbers()
    {
        JsonElement set = await server.Anonymous().ReadAsync<JsonElement>("/ogc/tileMatrixSets/WebMercatorQuad");
        Assert.Equal("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad", set.GetProperty("uri").GetString());
        Assert.Equal("http://www.opengis.net/def/crs/EPSG/0/3857", set.GetProperty("crs").GetString());
        JsonElement matrix = set.GetProperty("tileMatrices")[16];
        Assert.Equal("16", matrix.GetProperty("id").GetString());
        // As https://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad has them.
        Assert.Equal(8530.91833539914, matrix.GetProperty("scaleDenominator").GetDouble(), 6);
        Assert.Equal(2.38865713391182, matrix.GetProperty("cellSize").GetDouble(), 9);
        Assert.Equal(65536, matrix.GetProperty("matrixWidth").GetInt32());
        Assert.Equal([-20037508.3427892, 20037508.3427892], matrix.GetProperty("pointOfOrigin").EnumerateArray().Select(number => number.GetDouble()));
        Assert.Equal("WebMercatorQuad", (await server.Anonymous().ReadAsync<JsonElement>("/ogc/tileMatrixSets"))
            .GetProperty("tileMatrixSets")[0].GetProperty("id").GetString());
        (await server.Anonymous().GetAsync("/ogc/tileMatrixSets/CDB1GlobalGrid")).MustRefuse(404, "tile_matrix_set.unknown");
    }

    [Fact]
    public async Task From_the_list_a_client_finds_the_tileset_its_limits_and_its_tiles()
    {
        Session client = server.Anonymous();
        JsonElement listed = (await client.ReadAsync<JsonElement>("/ogc/tiles")).GetProperty("tilesets")[0];
        JsonElement tileset = await client.ReadAsync<JsonElement>(Link(listed, "self"));
        Assert.Equal(listed.GetRawText(), tileset.GetRawText());
        Assert.Equal("vector", tileset.GetProperty("dataType").GetString());
        Assert.Equal("WebMercatorQuad", (await client.ReadAsync<JsonElement>(
            Link(tileset, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"))).GetProperty("id").GetString());
        string template = Link(tileset, "item");
        string Fill(int zoom, int row, int column) => FormattableString.Invariant($"{template.Replace("{tileMatrix}/{tileRow}/{tileCol}", "", StringComparison.Ordinal)}{zoom}/{row}/{column}");
        Answer tile = await client.GetAsync(Fill(14, 6351, 13584));
        Assert.Equal((200, (await client.GetAsync(Core)).Version), (tile.Status, tile.Version));
        foreach (JsonElement limits in tileset.GetProperty("tileMatrixSetLimits").EnumerateArray())
        {
            int zoom = int.Parse(limits.GetProperty("tileMatrix").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            int row = limits.GetProperty("maxTileRow").GetInt32(), column = limits.GetProperty("minTileCol").GetInt32();
            Assert.Contains((await client.GetAsync(Fill(zoom, row, column))).Status, new[] { 200, 204 });
            (await client.GetAsync(Fill(zoom, row + 1, column))).MustRefuse(404, "tile.outside_limits");
        }

        (await client.GetAsync("/ogc/tiles/WebMercatorQuad/14/x/1")).MustRefuse(404, "tile.outside_limits");
        (await client.GetAsync("/ogc/tiles/Nowhere")).MustRefuse(404, "tile_matrix_set.unknown");
    }

    [Theory]
    [InlineData("/wmts/1.0.0/WMTSCapabilities.xml")]
    [InlineData("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities")]
    [InlineData("/wmts?service=WMTS&Request=GetCapabilities&AcceptVersions=1.0.0&sections=All")]
    public async Task The_capabilities_lead_to_the_tiles_both_ways(string path)
    {
        Session client = server.Anonymous();
        XElement capabilities = await XmlAsync(path);
        Assert.Equal((Wmts + "Capabilities", "1.0.0"), (capabilities.Name, (string?)capabilities.Attribute("version")));
        XElement layer = Assert.Single(capabilities.Descendants(Wmts + "Layer"), found => (string?)found.Element(Ows + "Identifier") == "city");
        Assert.Equal("true", (string?)layer.Element(Wmts + "Style")!.Attribute("isDefault"));
        XElement set = Assert.Single(capabilities.Descendants(Wmts + "TileMatrixSet"), found => (string?)found.Element(Ows + "Identifier") == "WebMercatorQuad");
        Assert.Equal("urn:ogc:def:crs:EPSG::3857", (string?)set.Element(Ows + "SupportedCRS"));
        Assert.Equal("-20037508.3427892 20037508.3427892", (string?)set.Elements(Wmts + "TileMatrix").First().Element(Wmts + "TopLeftCorner"));
        string template = (string)layer.Element(Wmts + "ResourceURL")!.Attribute("template")!;
        Answer resource = await client.GetAsync(template.Replace("{TileMatrixSet}", "WebMercatorQuad", StringComparison.Ordinal)
            .Replace("{TileMatrix}", "14", StringComparison.Ordinal).Replace("{TileRow}", "6351", StringComparison.Ordinal).Replace("{TileCol}", "13584", StringComparison.Ordinal));
        Answer asked = await client.GetAsync(GetTile);
        string? same = (await client.GetAsync(Core)).Version;
        Assert.Equal((200, same, 200, same), (resource.Status, resource.Version, asked.Status, asked.Version));
    }

    [Fact]
    public async Task Only_the_sections_that_are_asked_for_are_given()
    {
        XElement capabilities = await XmlAsync("/wmts?service=WMTS&request=GetCapabilities&sections=Contents");
        Assert.Empty(capabilities.Elements(Ows + "OperationsMetadata"));
        Assert.Single(capabilities.Elements(Wmts + "Contents"));
    }

    [Theory]
    [InlineData("/wmts", 400, "MissingParameterValue", "service")]
    [InlineData("/wmts?service=BOGUS&request=GetCapabilities", 400, "InvalidParameterValue", "service")]
    [InlineData("/wmts?service=WMTS", 400, "MissingParameterValue", "request")]
    [InlineData("/wmts?service=WMTS&request=GetFeatureInfo", 501, "OperationNotSupported", "GetFeatureInfo")]
    [InlineData("/wmts?service=WMTS&request=Get%01%3CBogus%3E", 501, "OperationNotSupported", "Get<Bogus>")]
    [InlineData("/wmts?service=WMTS&request=GetCapabilities&sections=Bogus", 400, "InvalidParameterValue", "sections")]
    [InlineData("/wmts?service=WMTS&request=GetCapabilities&acceptVersions=9.9.9", 400, "VersionNegotiationFailed", "acceptversions")]
    [InlineData("/wmts?service=WMTS&request=GetTile", 400, "MissingParameterValue", "version")]
    [InlineData(GetTile + "&TILEROW=1", 400, "InvalidParameterValue", "tilerow")]
    [InlineData("/wmts/1.0.0/nowhere/default/WebMercatorQuad/14/6351/13584.mvt", 404, "InvalidParameterValue", "layer")]
    [InlineData("/wmts/1.0.0/city/default/WebMercatorQuad/14/16384/13584.mvt", 400, "TileOutOfRange", "tilerow")]
    public async Task What_is_wrong_is_said_as_the_standard_says_it(string path, int status, string code, string locator) =>
        await MustExceptAsync(path, status, code, locator);

    [Theory]
    [InlineData("LAYER=city", "LAYER=nowhere", "InvalidParameterValue", "layer")]
    [InlineData("STYLE=default", "STYLE=night", "InvalidParameterValue", "style")]
    [InlineData("FORMAT=application/vnd.mapbox-vector-tile", "FORMAT=image/tiff", "InvalidParameterValue", "format")]
    [InlineData("TILEMATRIXSET=WebMercatorQuad", "TILEMATRIXSET=x", "InvalidParameterValue", "tilematrixset")]
    [InlineData("TILEMATRIX=14", "TILEMATRIX=99", "InvalidParameterValue", "tilematrix")]
    [InlineData("TILEROW=6351", "TILEROW=16384", "TileOutOfRange", "tilerow")]
    [InlineData("TILECOL=13584", "TILECOL=999999", "TileOutOfRange", "tilecol")]
    [InlineData("TILECOL=13584", "TILECOL=-1", "InvalidParameterValue", "tilecol")]
    [InlineData("TILEROW=6351", "", "MissingParameterValue", "tilerow")]
    public async Task A_wrong_parameter_of_a_tile_is_named(string right, string wrong, string code, string locator) =>
        await MustExceptAsync(GetTile.Replace($"&{right}", wrong.Length == 0 ? "" : $"&{wrong}", StringComparison.Ordinal), 400, code, locator);

    private static string Link(JsonElement of, string relation) =>
        of.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == relation).GetProperty("href").GetString()!;

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
        XElement exception = XElement.Parse(answer.Text).Element(Ows + "Exception")!;
        Assert.Equal((code, locator), ((string?)exception.Attribute("exceptionCode"), (string?)exception.Attribute("locator")));
    }
}
