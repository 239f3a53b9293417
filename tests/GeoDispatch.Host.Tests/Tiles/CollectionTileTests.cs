using System.Text.Json;
using GeoDispatch.Testing;
using SkiaSharp;

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

    [Theory]
    [InlineData("buoys", "\\nvolatile")]
    [InlineData("rafts", "")] // Nothing is said, and no trigger tells of a change.
    public async Task Of_a_layer_that_moves_every_tile_shows_where_it_is_now_and_nobody_keeps_any(string layer, string word)
    {
        // In the middle of one tile, and of the next one to the east.
        const string here = "ST_Centroid(ST_TileEnvelope(14, 13584, 6351))", there = "ST_Centroid(ST_TileEnvelope(14, 13585, 6351))";
        await server.Database.AdministerAsync(
            $"""
            CREATE TABLE public.{layer} (id int PRIMARY KEY, name text, geom geometry(Point, 3857));
            INSERT INTO public.{layer} VALUES (1, '浮标', {here});
            CREATE VIEW share.{layer} AS SELECT id, name, geom FROM public.{layer};
            COMMENT ON VIEW share.{layer} IS E'浮标 / Buoys{word}';
            GRANT SELECT ON public.{layer} TO geodispatch;
            GRANT SELECT ON share.{layer} TO share_reader
            """);
        await Eventually.GetAsync(() => server.Anonymous().GetAsync($"/ogc/collections/{layer}"), answer => answer.Status == 200, "the layer is known");
        string[] paths =
        [
            $"/tiles/{layer}/14/{{0}}/6351.mvt", $"/tiles/{layer}/14/{{0}}/6351.png", $"/ogc/collections/{layer}/tiles/WebMercatorQuad/14/6351/{{0}}",
            $"/ogc/collections/{layer}/map/tiles/WebMercatorQuad/14/6351/{{0}}", $"/wmts/1.0.0/{layer}/default/WebMercatorQuad/14/6351/{{0}}.png",
            $"/wmts/1.0.0/{layer}/night/EPSG:3857/14/6351/{{0}}.png",
            $"/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&FORMAT=image/png&TILEMATRIXSET=w&TILEMATRIX=14&TILEROW=6351&TILECOL={{0}}",
        ];
        foreach ((int full, int empty) in new[] { (13584, 13585), (13585, 13584) })
        {
            foreach (string path in paths)
            {
                Assert.True(await HoldsAsync(path, full), $"{path} of {full}");
                Assert.False(await HoldsAsync(path, empty), $"{path} of {empty}");
            }

            await server.Database.AdministerAsync($"UPDATE public.{layer} SET geom = {there}");
        }
    }

    [Theory]
    [InlineData("pois", false)]
    [InlineData("boundaries", false)]
    [InlineData("stations", true)] // Over tables without triggers that tell of changes.
    [InlineData("hospitals", true)]
    public async Task A_layer_is_volatile_unless_its_tables_tell_of_their_changes(string layer, bool isVolatile) =>
        Assert.Equal(isVolatile, (await server.Anonymous().ReadAsync<JsonElement>($"/ogc/collections/{layer}")).GetProperty("volatile").GetBoolean());

    /// <summary>Whether anything is in a tile that nobody may keep.</summary>
    private async Task<bool> HoldsAsync(string path, int column)
    {
        Answer answer = await server.Anonymous().GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, column));
        Assert.Equal(("no-store", null), (answer.Response.Headers.CacheControl?.ToString(), answer.Version));
        if (answer.Status == 204)
        {
            return false;
        }

        Assert.Equal(200, answer.Status);
        byte[] body = await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        if (answer.Response.Content.Headers.ContentType?.MediaType != "image/png")
        {
            return VectorTile.Read(body).Any(layer => layer.Features > 0);
        }

        using SKBitmap image = SKBitmap.Decode(body);
        return image.Pixels.Any(static pixel => pixel.Alpha > 0);
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
