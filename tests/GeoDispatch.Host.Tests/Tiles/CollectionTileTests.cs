using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>Tiles of a single collection, in both grids, and the numbering of the national map.</summary>
[Collection(typeof(TilesCollection))]
public sealed class CollectionTileTests(RunningServer server)
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public async Task Req_geodata_tilesets_a_collection_leads_to_tiles_that_hold_its_features_alone()
    {
        (int x, int y) = await TileOfAPoiAsync(14);
        Answer answer = await server.Anonymous().GetAsync($"/tiles/pois/14/{x}/{y}.mvt");
        List<VectorTileLayer> tile = VectorTile.Read(await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["pois"], tile.Select(layer => layer.Name));
        Answer byOgc = await server.Anonymous().GetAsync($"/ogc/collections/pois/tiles/WebMercatorQuad/14/{y}/{x}");
        Assert.Equal((200, answer.Response.Headers.ETag), (byOgc.Status, byOgc.Response.Headers.ETag));
    }

    [Theory]
    [InlineData("/ogc/tiles/CGCS2000Quad/14/{0}/{1}", false)]
    [InlineData("/ogc/collections/pois/tiles/CGCS2000Quad/14/{0}/{1}", false)]
    [InlineData("/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=city&STYLE=default&TILEMATRIXSET=c&FORMAT=tiles&TILEMATRIX=15&TILEROW={0}&TILECOL={1}", true)]
    [InlineData("/vec_c/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=c&FORMAT=tiles&TILEMATRIX=15&TILEROW={0}&TILECOL={1}&tk=k", true)]
    public async Task Tiles_in_degrees_are_counted_from_the_north_west_of_the_world(string path, bool image)
    {
        double[] place = (await server.Database.ListAsync<double>(
            "SELECT v FROM (SELECT ST_Transform(geom, 4326) g FROM share.pois ORDER BY id LIMIT 1) p, unnest(ARRAY[ST_X(g), ST_Y(g)]) WITH ORDINALITY AS c(v, n) ORDER BY n")).ToArray();
        // Level 14 of 2 × 1 tiles at level 0: 0.703125° / 2^14 a pixel of 256. The national map calls it 15.
        double side = 180.0 / (1 << 14);
        (int column, int row) = ((int)((place[0] + 180) / side), (int)((90 - place[1]) / side));
        Answer answer = await server.Anonymous().GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, row, column));
        byte[] body = await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, answer.Status);
        if (image)
        {
            Assert.Equal(Png, body[..4]);
        }
        else
        {
            Assert.Contains("pois", VectorTile.Read(body).Select(layer => layer.Name));
        }
    }

    [Fact]
    public async Task The_set_in_degrees_is_described_as_what_it_is()
    {
        JsonElement set = await server.Anonymous().ReadAsync<JsonElement>("/ogc/tileMatrixSets/CGCS2000Quad");
        Assert.Equal("http://www.opengis.net/def/crs/EPSG/0/4490", set.GetProperty("crs").GetString());
        Assert.Equal(["Lat", "Lon"], set.GetProperty("orderedAxes").EnumerateArray().Select(axis => axis.GetString()));
        JsonElement first = set.GetProperty("tileMatrices")[0];
        Assert.Equal([90, -180], first.GetProperty("pointOfOrigin").EnumerateArray().Select(number => number.GetDouble()));
        Assert.Equal((2, 1, 0.703125), (first.GetProperty("matrixWidth").GetInt32(), first.GetProperty("matrixHeight").GetInt32(), first.GetProperty("cellSize").GetDouble()));
        Assert.Equal(279541132.014358, first.GetProperty("scaleDenominator").GetDouble(), 3);
        Assert.False(set.TryGetProperty("uri", out _));
    }

    private async Task<(int X, int Y)> TileOfAPoiAsync(int zoom)
    {
        double[] place = (await server.Database.ListAsync<double>(
            "SELECT v FROM (SELECT geom g FROM share.pois ORDER BY id LIMIT 1) p, unnest(ARRAY[ST_X(g), ST_Y(g)]) WITH ORDINALITY AS c(v, n) ORDER BY n")).ToArray();
        double side = 40075016.6855784 / (1 << zoom);
        return ((int)((place[0] + 20037508.3427892) / side), (int)((20037508.3427892 - place[1]) / side));
    }
}
