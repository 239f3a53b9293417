using System.Globalization;
using System.Text.Json;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using Npgsql;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>The base map as images, for whoever draws no vectors.</summary>
public sealed class RasterTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly SKColor Water = SKColor.Parse("#AECFE6"), Trunk = SKColor.Parse("#F8C978");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_the_sea_lies_the_image_is_the_colour_of_water()
    {
        (double lon, double lat) = await PlaceAsync("SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4326) AS p FROM share.water_polygons WHERE kind = 'sea' LIMIT 1) q");
        Assert.Equal(Water, await PixelAsync(lon, lat, 13, ""));
        Assert.NotEqual(Water, await PixelAsync(lon, lat, 13, "?flavour=night"));
    }

    [Fact]
    public async Task Where_a_trunk_road_runs_it_is_drawn_in_its_colour()
    {
        // In the middle of a stretch; a name may lie over some of them.
        List<(double Lon, double Lat)> places = await PlacesAsync(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_LineInterpolatePoint(geom, 0.37), 4326) AS p FROM share.streets WHERE kind = 'trunk' ORDER BY ST_Length(geom) DESC, id LIMIT 9) q");
        int seen = 0;
        foreach ((double lon, double lat) in places)
        {
            seen += await PixelAsync(lon, lat, 16, "") == Trunk ? 1 : 0;
        }

        Assert.True(seen * 2 > places.Count, $"{seen} of {places.Count}");
    }

    [Fact]
    public async Task A_tile_is_an_image_of_256_pixels_or_of_512_for_fine_screens()
    {
        using SKBitmap tile = await TileAsync("14/13584/6351.png"), fine = await TileAsync("14/13584/6351@2x.png");
        Assert.Equal((256, 256, 512, 512), (tile.Width, tile.Height, fine.Width, fine.Height));
        // The same map, drawn finer: halved, it is nearly the other.
        using SKBitmap halved = fine.Resize(new SKImageInfo(256, 256), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.None));
        double apart = tile.Pixels.Zip(halved.Pixels).Average(static pair => Math.Abs(pair.First.Red - pair.Second.Red));
        Assert.InRange(apart, 0, 12);
    }

    [Fact]
    public async Task Adjoining_tiles_go_on_in_each_other()
    {
        // Where things are cut wrongly, the last column of a tile and the first of the next differ more than any two columns beside each other.
        using SKBitmap west = await TileAsync("14/13584/6351.png"), east = await TileAsync("14/13585/6351.png");
        double Step(Func<int, SKColor> one, Func<int, SKColor> other) => Enumerable.Range(0, 256).Average(y => Math.Abs(one(y).Green - other(y).Green));
        double across = Step(y => west.GetPixel(255, y), y => east.GetPixel(0, y));
        double most = Enumerable.Range(200, 50).Max(x => Step(y => west.GetPixel(x, y), y => west.GetPixel(x + 1, y)));
        Assert.InRange(across, 0, most + 1);
    }

    [Fact]
    public async Task A_tile_that_did_not_change_is_not_sent_again_and_one_that_changed_is_drawn_anew()
    {
        const string Path = "/tiles/city/16/54339/25404.png";
        Session map = server.Anonymous();
        Answer first = await map.GetAsync(Path);
        Assert.Equal("image/png", first.Response.Content.Headers.ContentType?.MediaType);
        var again = new HttpRequestMessage(HttpMethod.Get, Path);
        again.Headers.Add("If-None-Match", first.Version);
        Assert.Equal(304, (await map.SendAsync(again)).Status);

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Database.ConnectionString);
        await using NpgsqlCommand flood = source.CreateCommand(
            """
            INSERT INTO city.area (id, layer, kind, synthetic, geom)
            SELECT 900000001, 'water', 'lake', true, ST_Transform(ST_TileEnvelope(16, 54339, 25404), 4326)
            """);
        await flood.ExecuteNonQueryAsync(Cancellation);
        await Eventually.GetAsync(async () => (await map.GetAsync(Path)).Version, version => version != first.Version, "the tile shows the new lake");
    }

    [Theory]
    [InlineData("/tiles/city/20/0/0.png", 400, "tile.outside_grid")]
    [InlineData("/tiles/city/3/8/0.png", 400, "tile.outside_grid")]
    [InlineData("/tiles/city/3/1/1@3x.png", 400, "tile.outside_grid")]
    [InlineData("/tiles/city/3/1/1.png?flavour=dusk", 404, "style.unknown")]
    [InlineData("/tiles/moon/3/1/1.png", 404, "tileset.unknown")]
    [InlineData("/tiles/sprites/dusk.png", 404, "style.unknown")]
    public async Task What_there_is_not_is_refused_with_its_reason(string path, int status, string code)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.Equal(status, answer.Status);
        Assert.Contains(code, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("day")]
    [InlineData("night")]
    public async Task The_sprite_has_every_icon_that_the_style_names(string flavour)
    {
        JsonElement style = await server.Anonymous().ReadAsync<JsonElement>($"/tiles/styles/{flavour}.json");
        string address = style.GetProperty("sprite").GetString()!;
        foreach ((string fine, int ratio) in new[] { ("", 1), ("@2x", 2) })
        {
            JsonElement index = await server.Anonymous().ReadAsync<JsonElement>(new Uri(address + fine + ".json").PathAndQuery);
            using SKBitmap image = SKBitmap.Decode(await BytesAsync(new Uri(address + fine + ".png").PathAndQuery));
            string[] named = [.. style.GetProperty("layers").EnumerateArray()
                .Where(static layer => layer.TryGetProperty("layout", out JsonElement layout) && layout.TryGetProperty("icon-image", out _))
                .Select(static layer => layer.GetProperty("layout").GetProperty("icon-image").GetString()!)];
            Assert.NotEmpty(named);
            foreach (string name in named)
            {
                JsonElement icon = index.GetProperty(name);
                int Of(string part) => icon.GetProperty(part).GetInt32();
                Assert.Equal(ratio, Of("pixelRatio"));
                Assert.True(Of("x") + Of("width") <= image.Width && Of("y") + Of("height") <= image.Height, name);
                Assert.Contains(Enumerable.Range(Of("x"), Of("width")), x => image.GetPixel(x, Of("height") / 2).Alpha > 128);
            }
        }
    }

    private async Task<SKColor> PixelAsync(double lon, double lat, int zoom, string query)
    {
        double tiles = 1 << zoom, x = (lon + 180) / 360 * tiles;
        double y = (1 - (Math.Asinh(Math.Tan(lat * Math.PI / 180)) / Math.PI)) / 2 * tiles;
        var tile = new TileId(zoom, (int)x, (int)y);
        using SKBitmap image = await TileAsync(string.Create(CultureInfo.InvariantCulture, $"{zoom}/{tile.X}/{tile.Y}.png{query}"));
        return image.GetPixel((int)((x - tile.X) * 256), (int)((y - tile.Y) * 256));
    }

    private async Task<SKBitmap> TileAsync(string tile) => SKBitmap.Decode(await BytesAsync($"/tiles/city/{tile}"));

    private async Task<byte[]> BytesAsync(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
        return await answer.Response.Content.ReadAsByteArrayAsync(Cancellation);
    }

    private async Task<(double Lon, double Lat)> PlaceAsync(string sql) => Assert.Single(await PlacesAsync(sql));

    private async Task<List<(double Lon, double Lat)>> PlacesAsync(string sql)
    {
        var places = new List<(double, double)>();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Database.ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(Cancellation);
        while (await row.ReadAsync(Cancellation))
        {
            places.Add((row.GetDouble(0), row.GetDouble(1)));
        }

        return places;
    }
}
