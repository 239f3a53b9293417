using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>The same tiles by OGC API – Tiles.</summary>
[Collection(typeof(TilesCollection))]
public sealed class OgcTileTests(RunningServer server)
{
    private const string Core = "/tiles/city/14/13584/6351.mvt";

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

    private static string Link(JsonElement of, string relation) =>
        of.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == relation).GetProperty("href").GetString()!;
}
