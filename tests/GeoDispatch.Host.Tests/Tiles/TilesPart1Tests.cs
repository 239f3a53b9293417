using System.Globalization;
using System.Text.Json;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>Tests that share one server of tiles.</summary>
[CollectionDefinition]
public sealed class TilesCollection : ICollectionFixture<RunningServer>;

/// <summary>The requirements of OGC API – Tiles Part 1 (20-057), one by one, by the names that the standard gives them.</summary>
[Collection(typeof(TilesCollection))]
public sealed class TilesPart1Tests(RunningServer server)
{
    private const string Relation = "http://www.opengis.net/def/rel/ogc/1.0/", Mvt = "application/vnd.mapbox-vector-tile";

    /// <summary>Each list of tilesets: where it stands, what it says its data are, the media type of its tiles.</summary>
    public static readonly TheoryData<string, string, string> Lists = new()
    {
        { "/ogc/tiles", "vector", Mvt },
        { "/ogc/map/tiles", "map", "image/png" },
        { "/ogc/collections/pois/tiles", "vector", Mvt },
        { "/ogc/collections/pois/map/tiles", "map", "image/png" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    [Requirement("tiles-1", "core/tc-op")]
    public async Task Req_core_tc_op_the_template_filled_in_is_a_tile(string list, string dataType, string mediaType)
    {
        Assert.NotEmpty(dataType);
        foreach (JsonElement tileset in await TilesetsAsync(list))
        {
            (int level, int row, int column) = await PlaceAsync(tileset);
            Answer tile = await server.Anonymous().GetAsync(Fill(tileset, level, row, column));
            Assert.Equal((200, mediaType), (tile.Status, tile.Response.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    [Requirement("tiles-1", "core/tc-tilematrix-definition", "core/tc-tilerow-definition", "core/tc-tilecol-definition")]
    public async Task Req_core_tc_tilematrix_definition_tc_tilerow_definition_tc_tilecol_definition_stand_in_the_description()
    {
        JsonElement api = await server.JsonAsync("/ogc/api");
        JsonElement parameters = api.GetProperty("components").GetProperty("parameters");
        foreach ((string name, string type) in new[] { ("tileMatrixSetId", "string"), ("tileMatrix", "string"), ("tileRow", "integer"), ("tileCol", "integer") })
        {
            JsonElement parameter = parameters.GetProperty(name), schema = parameter.GetProperty("schema");
            Assert.Equal(("path", true, type), (parameter.GetProperty("in").GetString(), parameter.GetProperty("required").GetBoolean(), schema.GetProperty("type").GetString()));
            Assert.Equal(type == "integer", schema.TryGetProperty("minimum", out JsonElement minimum) && minimum.GetInt32() == 0);
        }

        foreach (string bad in new[] { "x/6351/13584", "14/-1/13584", "14/6351/-1", "14/1.5/13584", "14/6351/0x1", "1e1/1/1" })
        {
            (await server.Anonymous().GetAsync($"/ogc/tiles/WebMercatorQuad/{bad}")).MustRefuse(404, "tile.outside_limits");
        }
    }

    [Theory]
    [InlineData("/ogc/tiles/WebMercatorQuad/14/6351/13584", Mvt, Mvt)]
    [InlineData("/ogc/tiles/WebMercatorQuad/14/6351/13584", "*/*", Mvt)]
    [InlineData("/ogc/tiles/WebMercatorQuad/14/6351/13584", "application/x-protobuf", Mvt)]
    [InlineData("/ogc/map/tiles/WebMercatorQuad/14/6351/13584", "image/png", "image/png")]
    [InlineData("/ogc/map/tiles/WebMercatorQuad/14/6351/13584", "image/*,text/html;q=0.5", "image/png")]
    [InlineData("/ogc/tiles/WebMercatorQuad/14/6351/13584", "image/png", null)]
    [InlineData("/ogc/map/tiles/WebMercatorQuad/14/6351/13584", "image/tiff", null)]
    [Requirement("tiles-1", "core/tc-success")]
    public async Task Req_core_tc_success_the_tile_comes_in_the_negotiated_format(string path, string accept, string? mediaType)
    {
        Answer answer = await server.GetAsync(path, accept);
        if (mediaType is null)
        {
            answer.MustRefuse(406, "tile.not_acceptable");
        }
        else
        {
            Assert.Equal((200, mediaType), (answer.Status, answer.Response.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task Req_core_tc_success_an_image_has_the_size_that_the_tile_matrix_says()
    {
        foreach (JsonElement tileset in await TilesetsAsync("/ogc/map/tiles"))
        {
            (int level, int row, int column) = await PlaceAsync(tileset);
            JsonElement set = await server.JsonAsync(tileset.Href($"{Relation}tiling-scheme"));
            JsonElement matrix = set.GetProperty("tileMatrices").EnumerateArray().Single(one => one.GetProperty("id").GetString() == $"{level}");
            using SKBitmap tile = SKBitmap.Decode(await BytesAsync(Fill(tileset, level, row, column)));
            Assert.Equal((matrix.GetProperty("tileWidth").GetInt32(), matrix.GetProperty("tileHeight").GetInt32()), (tile.Width, tile.Height));
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    [Requirement("tiles-1", "core/tc-error")]
    public async Task Req_core_tc_error_outside_the_limits_is_not_found_and_at_their_corner_is_a_tile_or_nothing(string list, string dataType, string mediaType)
    {
        foreach (JsonElement tileset in await TilesetsAsync(list))
        {
            JsonElement[] limits = [.. tileset.GetProperty("tileMatrixSetLimits").EnumerateArray()];
            Assert.NotEmpty(limits);
            foreach (JsonElement one in new[] { limits[0], limits[limits.Length / 2], limits[^1] })
            {
                int level = int.Parse(one.GetProperty("tileMatrix").GetString()!, CultureInfo.InvariantCulture);
                int row = one.GetProperty("maxTileRow").GetInt32(), column = one.GetProperty("minTileCol").GetInt32();
                Answer corner = await server.Anonymous().GetAsync(Fill(tileset, level, row, column));
                // An empty tile of vectors has no bytes to send; an empty image is an image.
                Assert.Contains(corner.Status, dataType == "map" ? new[] { 200 } : [200, 204]);
                Assert.Equal(corner.Status == 200 ? mediaType : null, corner.Response.Content.Headers.ContentType?.MediaType);
                (await server.Anonymous().GetAsync(Fill(tileset, level, row + 1, column))).MustRefuse(404, "tile.outside_limits");
                (await server.Anonymous().GetAsync(Fill(tileset, level, row, one.GetProperty("maxTileCol").GetInt32() + 1))).MustRefuse(404, "tile.outside_limits");
            }

            (await server.Anonymous().GetAsync(Fill(tileset, 23, 0, 0))).MustRefuse(404, "tile.outside_limits");
        }
    }

    [Fact]
    [Requirement("tiles-1", "core/conformance-success")]
    public async Task Req_core_conformance_success_the_classes_of_tiles_are_declared()
    {
        string[] declared = [.. (await server.JsonAsync("/ogc/conformance")).GetProperty("conformsTo").EnumerateArray().Select(uri => uri.GetString()!)];
        const string prefix = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/";
        Assert.Equal(
            ["core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt", "png", "oas30"],
            declared.Where(uri => uri.StartsWith(prefix, StringComparison.Ordinal)).Select(uri => uri[prefix.Length..]));
        Assert.Contains("http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset", declared);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    [Requirement("tiles-1", "tileset/description")]
    public async Task Req_tileset_description_says_data_system_scheme_and_where_the_tiles_are(string list, string dataType, string mediaType)
    {
        foreach (JsonElement listed in await TilesetsAsync(list))
        {
            JsonElement tileset = await server.JsonAsync(listed.Href("self", "application/json"));
            string id = tileset.GetProperty("tileMatrixSetId").GetString()!;
            Assert.Equal(dataType, tileset.GetProperty("dataType").GetString());
            JsonElement set = await server.JsonAsync(tileset.Href($"{Relation}tiling-scheme"));
            Assert.Equal((id, set.GetProperty("crs").GetString()), (set.GetProperty("id").GetString(), tileset.GetProperty("crs").GetString()));
            // Nothing of CGCS2000 is registered.
            Assert.Equal(
                id == "CGCS2000Quad" ? null : $"http://www.opengis.net/def/tilematrixset/OGC/1.0/{id}",
                tileset.TryGetProperty("tileMatrixSetURI", out JsonElement uri) ? uri.GetString() : null);
            Assert.Equal(tileset.TryGetProperty("tileMatrixSetURI", out _), set.TryGetProperty("uri", out _));
            JsonElement item = tileset.Link("item", mediaType)!.Value;
            Assert.True(item.GetProperty("templated").GetBoolean());
            Assert.EndsWith($"{list}/{id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", item.GetProperty("href").GetString(), StringComparison.Ordinal);
            if (dataType == "vector")
            {
                Assert.All(tileset.GetProperty("layers").EnumerateArray(), layer => Assert.NotEmpty(layer.GetProperty("id").GetString()!));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    [Requirement("tiles-1", "tilesets-list/tileset-path", "tilesets-list/tileset-links")]
    public async Task Req_tilesets_list_tileset_path_and_tileset_links_each_entry_leads_to_its_tileset_and_its_scheme(string list, string dataType, string mediaType)
    {
        JsonElement[] tilesets = await TilesetsAsync(list);
        Assert.Equal(["WebMercatorQuad", "CGCS2000Quad", "WorldCRS84Quad"], tilesets.Select(tileset => tileset.GetProperty("tileMatrixSetId").GetString()));
        foreach (JsonElement tileset in tilesets)
        {
            Assert.Equal(dataType, tileset.GetProperty("dataType").GetString());
            Assert.StartsWith("http://www.opengis.net/def/crs/", tileset.GetProperty("crs").GetString(), StringComparison.Ordinal);
            Assert.Equal(tileset.GetRawText(), (await server.JsonAsync(tileset.Href("self", "application/json"))).GetRawText());
            Assert.Equal(200, (await server.Anonymous().GetAsync(tileset.Href($"{Relation}tiling-scheme"))).Status);
            // What the executable suite looks for inside each entry.
            Assert.NotEmpty(tileset.GetProperty("tileMatrixSetLimits").EnumerateArray());
            Assert.NotNull(tileset.Link("item", mediaType));
        }
    }

    [Fact]
    [Requirement("tiles-1", "dataset-tilesets/operation", "dataset-tilesets/landingpage")]
    public async Task Req_dataset_tilesets_operation_and_landingpage_the_landing_page_leads_to_the_tilesets()
    {
        JsonElement landing = await server.JsonAsync("/ogc");
        foreach ((string relation, string dataType) in new[] { ("tilesets-vector", "vector"), ("tilesets-map", "map") })
        {
            JsonElement list = await server.JsonAsync(landing.Href($"{Relation}{relation}", "application/json"));
            Assert.All(list.GetProperty("tilesets").EnumerateArray(), tileset => Assert.Equal(dataType, tileset.GetProperty("dataType").GetString()));
        }

        JsonElement sets = await server.JsonAsync(landing.Href($"{Relation}tiling-schemes", "application/json"));
        foreach (JsonElement set in sets.GetProperty("tileMatrixSets").EnumerateArray())
        {
            Assert.Equal(set.GetProperty("id").GetString(), (await server.JsonAsync(set.Href("self"))).GetProperty("id").GetString());
        }
    }

    [Fact]
    [Requirement("tiles-1", "geodata-tilesets/operation", "geodata-tilesets/desc-links")]
    public async Task Req_geodata_tilesets_operation_and_desc_links_every_collection_leads_to_its_tilesets()
    {
        foreach (JsonElement collection in (await server.JsonAsync("/ogc/collections")).GetProperty("collections").EnumerateArray())
        {
            string id = collection.GetProperty("id").GetString()!;
            JsonElement alone = await server.JsonAsync($"/ogc/collections/{id}");
            foreach ((string relation, string dataType) in new[] { ("tilesets-vector", "vector"), ("tilesets-map", "map") })
            {
                string list = collection.Href($"{Relation}{relation}", "application/json");
                Assert.Equal(list, alone.Href($"{Relation}{relation}", "application/json"));
                JsonElement[] tilesets = [.. (await server.JsonAsync(list)).GetProperty("tilesets").EnumerateArray()];
                Assert.NotEmpty(tilesets);
                foreach (JsonElement tileset in tilesets)
                {
                    Assert.Equal(dataType, tileset.GetProperty("dataType").GetString());
                    Assert.EndsWith($"/ogc/collections/{id}", tileset.Href($"{Relation}geodata"), StringComparison.Ordinal);
                }
            }
        }

        foreach (string path in new[] { "tiles", "map/tiles", "tiles/WebMercatorQuad", "tiles/WebMercatorQuad/14/6351/13584" })
        {
            (await server.Anonymous().GetAsync($"/ogc/collections/nowhere/{path}")).MustRefuse(404, "collection.unknown");
        }
    }

    [Theory]
    [InlineData("WebMercatorQuad")]
    [InlineData("CGCS2000Quad")]
    [InlineData("WorldCRS84Quad")]
    [Requirement("tiles-1", "mvt/content")]
    public async Task Req_mvt_content_each_feature_lies_where_it_is_counted_from_the_top_left(string set)
    {
        JsonElement tileset = (await TilesetsAsync("/ogc/collections/pois/tiles")).Single(one => one.GetProperty("tileMatrixSetId").GetString() == set);
        (int level, int row, int column) = await PlaceAsync(tileset);
        VectorTileLayer layer = Assert.Single(VectorTile.Read(await BytesAsync(Fill(tileset, level, row, column))));
        Assert.Equal(("pois", 2), (layer.Name, layer.Version));
        Assert.All(layer.Shapes, static shape => Assert.Equal(1, shape.Type));
        (double minX, double maxY, double side) = Square(set, level, row, column);
        int srid = set == "WebMercatorQuad" ? 3857 : 4326;
        int seen = 0;
        foreach (VectorTileFeature shape in layer.Shapes)
        {
            double[] place = await server.Database.ReadAsync<double[]>(
                $"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(geom, {srid}) p FROM share.pois WHERE id = {shape.Id}) t");
            (double x, double y) = ((place[0] - minX) / side * layer.Extent, (maxY - place[1]) / side * layer.Extent);
            Assert.Equal(x, Assert.Single(shape.Points).X, 1.0);
            Assert.Equal(y, shape.Points[0].Y, 1.0);
            seen += x >= 0 && x < layer.Extent && y >= 0 && y < layer.Extent ? 1 : 0;
        }

        Assert.Equal(
            await server.Database.CountAsync(FormattableString.Invariant(
                $"share.pois WHERE ST_Transform(geom, {srid}) && ST_MakeEnvelope({minX:R}, {maxY - side:R}, {minX + side:R}, {maxY:R}, {srid})")),
            seen);
    }

    [Fact]
    [Requirement("tiles-1", "png/content")]
    public async Task Req_png_content_nothing_is_transparent_and_a_line_goes_on_in_the_next_tile()
    {
        async Task<SKBitmap> TileAsync(int row, int column) =>
            SKBitmap.Decode(await BytesAsync($"/ogc/collections/streets/map/tiles/WebMercatorQuad/15/{row}/{column}"));
        int joined = 0;
        for (int column = 27167; column < 27170; column++)
        {
            using SKBitmap west = await TileAsync(12703, column), east = await TileAsync(12703, column + 1);
            Assert.Contains(west.Pixels, static pixel => pixel.Alpha == 0);
            Assert.Contains(west.Pixels, static pixel => pixel.Alpha == 255);
            for (int y = 0; y < 256; y++)
            {
                // What is drawn strongly at the last column is drawn at the first of the next tile, at most a pixel up or down.
                if (west.GetPixel(255, y).Alpha == 255 && west.GetPixel(254, y).Alpha == 255)
                {
                    joined++;
                    Assert.Contains(Enumerable.Range(Math.Max(0, y - 2), 4).Where(static at => at < 256), at => east.GetPixel(0, at).Alpha > 0);
                }
            }
        }

        Assert.NotEqual(0, joined);
        // In the north east is the sea.
        JsonElement tileset = (await TilesetsAsync("/ogc/collections/pois/map/tiles"))[0];
        JsonElement limits = tileset.GetProperty("tileMatrixSetLimits").EnumerateArray().Single(static one => one.GetProperty("tileMatrix").GetString() == "14");
        using SKBitmap sea = SKBitmap.Decode(await BytesAsync(Fill(tileset, 14, limits.GetProperty("minTileRow").GetInt32(), limits.GetProperty("maxTileCol").GetInt32())));
        Assert.All(sea.Pixels, static pixel => Assert.Equal(0, pixel.Alpha));
    }

    [Fact]
    public async Task Req_png_content_a_tile_looks_the_same_wherever_it_is_asked_for()
    {
        byte[] tile = await BytesAsync("/ogc/map/tiles/WebMercatorQuad/14/6351/13584");
        Assert.Equal(tile, await BytesAsync("/tiles/city/14/13584/6351.png"));
        Assert.Equal(tile, await BytesAsync("/wmts/1.0.0/city/default/WebMercatorQuad/14/6351/13584.png"));
        byte[] degrees = await BytesAsync("/ogc/map/tiles/CGCS2000Quad/13/2391/13584");
        Assert.Equal(degrees, await BytesAsync("/ogc/map/tiles/WorldCRS84Quad/13/2391/13584"));
    }

    [Fact]
    [Requirement("tiles-1", "oas30/completeness", "oas30/operation-id")]
    public async Task Req_oas30_completeness_and_operation_id_every_path_of_tiles_is_described_under_its_name()
    {
        Dictionary<string, JsonElement> paths = (await server.JsonAsync("/ogc/api")).GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value.GetProperty("get"));
        string Id(string path) => paths[path].GetProperty("operationId").GetString()!;
        Assert.Equal(("getTileMatrixSetsList", "getTileMatrixSet"), (Id("/tileMatrixSets"), Id("/tileMatrixSets/{tileMatrixSetId}")));
        foreach (string of in (await server.LayersAsync()).Select(id => $"/collections/{id}").Prepend(""))
        {
            foreach ((string prefix, string data, string mediaType) in new[] { ("", "vector", Mvt), ("/map", "map", "image/png") })
            {
                string end = $".{(of.Length == 0 ? "dataset" : "collection")}.{data}.";
                Assert.EndsWith($"{end}getTileSetsList", Id($"{of}{prefix}/tiles"), StringComparison.Ordinal);
                Assert.EndsWith($"{end}getTileSet", Id($"{of}{prefix}/tiles/{{tileMatrixSetId}}"), StringComparison.Ordinal);
                string tile = $"{of}{prefix}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}";
                Assert.EndsWith($"{end}getTile", Id(tile), StringComparison.Ordinal);
                JsonElement responses = paths[tile].GetProperty("responses");
                Assert.Equal([mediaType], responses.GetProperty("200").GetProperty("content").EnumerateObject().Select(content => content.Name));
                Assert.All(new[] { "204", "404", "406", "500" }, status => Assert.True(responses.TryGetProperty(status, out _), status));
            }
        }
    }

    [Theory]
    [InlineData("/ogc/tiles")]
    [InlineData("/ogc/tiles/WebMercatorQuad")]
    [InlineData("/ogc/collections/pois/map/tiles/CGCS2000Quad")]
    [InlineData("/ogc/tileMatrixSets")]
    [InlineData("/ogc/tileMatrixSets/WorldCRS84Quad")]
    public async Task Documents_of_tiles_come_as_pages_for_people_too(string path)
    {
        foreach (Answer page in new[] { await server.GetAsync(path, "text/html"), await server.Anonymous().GetAsync($"{path}?f=html") })
        {
            Assert.Equal((200, "text/html"), (page.Status, page.Response.Content.Headers.ContentType?.MediaType));
            Assert.Contains("<a ", page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(JsonValueKind.Object, (await server.JsonAsync($"{path}?f=json")).ValueKind);
        (await server.Anonymous().GetAsync($"{path}?f=xml")).MustRefuse(400, "features.bad_query");
        (await server.Anonymous().GetAsync($"{path}?x=1")).MustRefuse(400, "features.bad_query");
        Assert.Equal(406, (await server.GetAsync(path, "image/png")).Status);
    }

    private async Task<JsonElement[]> TilesetsAsync(string list) => [.. (await server.JsonAsync(list)).GetProperty("tilesets").EnumerateArray()];

    private static string Fill(JsonElement tileset, int level, int row, int column) => tileset.Href("item")
        .Replace("{tileMatrix}", level.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{tileRow}", row.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{tileCol}", column.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>The tile in which the first place lies, on the level that shows about 2 km.</summary>
    private async Task<(int Level, int Row, int Column)> PlaceAsync(JsonElement tileset)
    {
        bool mercator = tileset.GetProperty("tileMatrixSetId").GetString() == "WebMercatorQuad";
        double[] place = await server.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(geom, {(mercator ? 3857 : 4326)}) p FROM share.pois ORDER BY id LIMIT 1) t");
        int level = mercator ? 14 : 13;
        (double minX, double maxY, double side) = Square(mercator ? "WebMercatorQuad" : "", level, 0, 0);
        return (level, (int)((maxY - place[1]) / side), (int)((place[0] - minX) / side));
    }

    /// <summary>West, north and side of a tile; of degrees level 0 is two tiles of 180.</summary>
    private static (double MinX, double MaxY, double Side) Square(string set, int level, int row, int column)
    {
        const double half = 20037508.3427892;
        bool mercator = set == "WebMercatorQuad";
        double side = (mercator ? 2 * half : 180) / (1 << level);
        return ((mercator ? -half : -180) + (column * side), (mercator ? half : 90) - (row * side), side);
    }

    private async Task<byte[]> BytesAsync(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
        return await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
