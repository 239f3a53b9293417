using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Wms;

/// <summary>GetMap and GetLegendGraphic: the right place in the right form, in both versions.</summary>
[Collection("wms")]
public sealed class MapTests(RunningServer server)
{
    private static readonly SKColor Water = MapService.Colour("day", "water"), NightWater = MapService.Colour("night", "water");

    [Theory]
    [InlineData("1.1.1", "EPSG:4326")]
    [InlineData("1.1.1", "EPSG:4490")]
    [InlineData("1.1.1", "EPSG:3857")]
    [InlineData("1.1.1", "EPSG:900913")]
    [InlineData("1.1.1", "EPSG:4528")]
    [InlineData("1.1.1", "EPSG:4549")]
    [InlineData("1.3.0", "EPSG:4326")]
    [InlineData("1.3.0", "EPSG:4490")]
    [InlineData("1.3.0", "CRS:84")]
    [InlineData("1.3.0", "EPSG:3857")]
    [InlineData("1.3.0", "EPSG:4527")]
    [InlineData("1.3.0", "EPSG:4548")]
    [InlineData("1.3.0", "EPSG:4549")]
    [Requirement("wms", "get-map", "axis-order")]
    public async Task The_same_water_lies_at_its_pixel_in_every_system_and_version(string version, string system)
    {
        (double x, double y) = await server.WaterAsync(system);
        // Some 400 m by 200 m with the water in pixel (100, 150): in no middle, so that swapped axes would miss it.
        double unit = system is "CRS:84" or "EPSG:4326" or "EPSG:4490" ? 1 / 111_000.0 : 1;
        double west = x - (400 * unit * 100.5 / 400), north = y + (200 * unit * 150.5 / 200);
        using SKBitmap map = await PictureAsync(MapService.Map(
            version, (version == "1.1.1" ? "SRS" : "CRS", system), ("BBOX", MapService.Box(version, system, west, north - (200 * unit), west + (400 * unit), north)),
            ("WIDTH", "400"), ("HEIGHT", "200"), ("TRANSPARENT", "TRUE")));
        Assert.Equal((400, 200), (map.Width, map.Height));
        Assert.Equal(Water, map.GetPixel(100, 150));
    }

    [Fact]
    public async Task Both_versions_draw_the_very_same_picture()
    {
        byte[] old = await BytesAsync(MapService.Map("1.1.1"));
        Assert.Equal(old, await BytesAsync(MapService.Map("1.3.0")));
        Assert.Equal(old, await BytesAsync(MapService.Map("1.3.0", ("CRS", "CRS:84"), ("BBOX", "118.5,37.4,118.7,37.5"))));
        Assert.NotEqual(old, await BytesAsync(MapService.Map("1.3.0", ("BBOX", "37.4,118.5,37.6,118.7"))));
    }

    [Theory]
    [InlineData("image/png", "image/png")]
    [InlineData("image/png; mode=8bit", "image/png")]
    [InlineData("image/jpeg", "image/jpeg")]
    [Requirement("wms", "format")]
    public async Task FORMAT_decides_what_the_picture_is(string format, string mediaType)
    {
        (byte[] bytes, string? type) = await AskAsync(MapService.Map("1.3.0", ("FORMAT", format)));
        Assert.Equal(mediaType, type);
        using SKCodec codec = SKCodec.Create(new MemoryStream(bytes));
        Assert.Equal(mediaType == "image/png" ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, codec.EncodedFormat);
    }

    [Fact]
    public async Task TRANSPARENT_and_BGCOLOR_decide_what_is_seen_where_nothing_lies()
    {
        async Task<SKColor> CornerAsync(params (string, string?)[] changes)
        {
            // A box in the sea, where no place is.
            using SKBitmap map = await PictureAsync(MapService.Map("1.3.0", [("LAYERS", "pois"), ("BBOX", "38.05,119.15,38.06,119.16"), .. changes]));
            return map.GetPixel(0, 0);
        }

        Assert.Equal(SKColors.White, await CornerAsync());
        Assert.Equal(SKColors.White, await CornerAsync(("TRANSPARENT", "FALSE")));
        Assert.Equal(0, (await CornerAsync(("TRANSPARENT", "TRUE"))).Alpha);
        Assert.Equal(0, (await CornerAsync(("TRANSPARENT", "true"), ("BGCOLOR", "0x102030"))).Alpha);
        Assert.Equal(new SKColor(0x10, 0x20, 0x30), await CornerAsync(("BGCOLOR", "0x102030")));
        Assert.Equal(SKColors.White, await CornerAsync(("TRANSPARENT", "TRUE"), ("FORMAT", "image/jpeg")));
    }

    [Fact]
    [Requirement("wms", "styles")]
    public async Task STYLES_are_the_flavours_of_the_map_and_day_is_the_usual_one()
    {
        (double x, double y) = await server.WaterAsync("EPSG:3857");
        string box = MapService.Box("1.3.0", "EPSG:3857", x - 10, y - 10, x + 10, y + 10);
        foreach ((string? styles, SKColor colour) in new[] { (null, Water), ("", Water), ("default", Water), ("day", Water), ("night", NightWater) })
        {
            using SKBitmap map = await PictureAsync(MapService.Map("1.3.0", ("CRS", "EPSG:3857"), ("BBOX", box), ("STYLES", styles)));
            Assert.Equal(colour, map.GetPixel(128, 128));
        }
    }

    [Fact]
    public async Task STYLES_each_layer_has_its_own_in_the_order_of_LAYERS()
    {
        (double x, double y) = await server.WaterAsync("EPSG:3857");
        (string, string?)[] place = [("CRS", "EPSG:3857"), ("BBOX", MapService.Box("1.3.0", "EPSG:3857", x - 10, y - 10, x + 10, y + 10)), ("TRANSPARENT", "TRUE")];
        foreach ((string layers, string styles, SKColor colour) in new[]
                 {
                     ("city,water_polygons", "day,night", NightWater), ("city,water_polygons", "night,day", Water), ("city,water_polygons", "night,", Water),
                     ("water_polygons,pois", "night,default", NightWater), ("pois,water_polygons", ",", Water), ("city,city,water_polygons", "day,day,night", NightWater),
                 })
        {
            using SKBitmap map = await PictureAsync(MapService.Map("1.3.0", [.. place, ("LAYERS", layers), ("STYLES", styles)]));
            Assert.Equal(colour, map.GetPixel(128, 128));
        }

        // Signs and letters too: of two layers far from each other each is drawn as it is alone.
        double[] park = await server.Database.ReadAsync<double[]>("SELECT ARRAY[ST_X(geom), ST_Y(geom)] FROM share.pois WHERE kind = 'park' ORDER BY id LIMIT 1");
        (string, string?)[] around = [("CRS", "EPSG:3857"), ("BBOX", MapService.Box("1.3.0", "EPSG:3857", park[0] - 200, park[1] - 200, park[0] + 200, park[1] + 200)), ("TRANSPARENT", "TRUE")];
        byte[] night = await BytesAsync(MapService.Map("1.3.0", [.. around, ("LAYERS", "pois"), ("STYLES", "night")]));
        Assert.NotEqual(night, await BytesAsync(MapService.Map("1.3.0", [.. around, ("LAYERS", "pois"), ("STYLES", "day")])));
        Assert.Equal(night, await BytesAsync(MapService.Map("1.3.0", [.. around, ("LAYERS", "boundaries,pois"), ("STYLES", "day,night")])));
        (await server.Anonymous().GetAsync(MapService.Map("1.3.0", ("LAYERS", "city,pois"), ("STYLES", "day")))).MustExcept("1.3.0", "StyleNotDefined");
        (await server.Anonymous().GetAsync(MapService.Map("1.3.0", ("LAYERS", "city,pois"), ("STYLES", "day,dusk")))).MustExcept("1.3.0", "StyleNotDefined");
    }

    [Fact]
    [Requirement("wms", "layers")]
    public async Task LAYERS_one_layer_alone_is_drawn_of_the_base_map_and_the_first_lies_lowest()
    {
        using SKBitmap alone = await PictureAsync(MapService.Map("1.3.0", ("LAYERS", "streets"), ("TRANSPARENT", "TRUE")));
        Assert.Contains(alone.Pixels, static pixel => pixel.Alpha == 255);
        Assert.Contains(alone.Pixels, static pixel => pixel.Alpha == 0);
        // From afar roads and borders cross the rivers.
        (string, string?) all = ("BBOX", "36.92,118.05,38.12,119.2");
        Assert.NotEqual(await BytesAsync(MapService.Map("1.3.0", all)), await BytesAsync(MapService.Map("1.3.0", all, ("LAYERS", "city,water_polygons"))));
        (string, string?) close = ("BBOX", "37.45,118.59,37.455,118.60");
        Assert.Equal(await BytesAsync(MapService.Map("1.3.0", close)), await BytesAsync(MapService.Map("1.3.0", close, ("LAYERS", "buildings,city"))));
    }

    [Fact]
    [Requirement("wms", "vendor-parameters")]
    public async Task Parameters_of_vendors_change_nothing()
    {
        byte[] plain = await BytesAsync(MapService.Map("1.3.0"));
        Assert.Equal(plain, await BytesAsync(MapService.Map(
            "1.3.0", ("DPI", "96"), ("MAP_RESOLUTION", "96"), ("FORMAT_OPTIONS", "dpi:96"), ("TILED", "true"), ("OPACITIES", "255"), ("map", "/x.map"), ("TIME", "2020-01-01"),
            ("_", "123"), ("SLD", "http://127.0.0.1:1/nothing.xml"), ("EXCEPTIONS", "something"))));
    }

    [Fact]
    public async Task A_fine_screen_gets_the_same_place_in_larger_strokes()
    {
        byte[] plain = await BytesAsync(MapService.Map("1.3.0"));
        Assert.NotEqual(plain, await BytesAsync(MapService.Map("1.3.0", ("DPI", "192"))));
        Assert.Equal(plain, await BytesAsync(MapService.Map("1.3.0", ("DPI", "NaN"), ("MAP_RESOLUTION", "-1"))));
    }

    [Theory]
    [InlineData("EPSG:4326", "-1000,-1000,1000,1000")]
    [InlineData("EPSG:4326", "89,0,90,1")]
    [InlineData("CRS:84", "-180,-90,180,90")]
    [InlineData("CRS:84", "-540,-270,540,270")]
    [InlineData("CRS:84", "118.6,37.4,118.6000000001,37.4000000001")]
    [InlineData("EPSG:3857", "-1e9,-1e9,1e9,1e9")]
    [InlineData("EPSG:3857", "-20037508.34,-20037508.34,20037508.34,20037508.34")]
    [InlineData("EPSG:4549", "-1e9,-1e9,1e9,1e9")]
    [InlineData("EPSG:4527", "0,0,1,1")]
    [InlineData("EPSG:4549", "4147000,375000,4147000.001,375000.001")]
    public async Task However_far_a_box_reaches_or_however_small_it_is_a_picture_comes_in_time(string system, string box)
    {
        var watch = Stopwatch.StartNew();
        using SKBitmap map = await PictureAsync(MapService.Map("1.3.0", ("CRS", system), ("BBOX", box), ("LAYERS", "city,pois")));
        Assert.Equal(256, map.Width);
        // The base map has a ground of its own, even where it knows nothing.
        Assert.NotEqual(SKColors.White, map.GetPixel(255, 255));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task The_largest_picture_is_drawn()
    {
        using SKBitmap map = await PictureAsync(MapService.Map("1.3.0", ("WIDTH", "4096"), ("HEIGHT", "4096"), ("FORMAT", "image/jpeg")));
        Assert.Equal((4096, 4096), (map.Width, map.Height));
    }

    [Theory]
    [InlineData("1.1.1", "application/vnd.ogc.se_inimage", false)]
    [InlineData("1.1.1", "application/vnd.ogc.se_blank", true)]
    [InlineData("1.3.0", "INIMAGE", false)]
    [InlineData("1.3.0", "BLANK", true)]
    [Requirement("wms", "exceptions")]
    public async Task EXCEPTIONS_in_the_picture_or_blank_the_refusal_has_the_asked_size_and_form(string version, string exceptions, bool blank)
    {
        using SKBitmap map = await PictureAsync(MapService.Map(version, ("LAYERS", "nowhere"), ("EXCEPTIONS", exceptions), ("WIDTH", "300"), ("HEIGHT", "120"), ("BGCOLOR", "0x102030")));
        Assert.Equal((300, 120), (map.Width, map.Height));
        Assert.Equal(blank, Array.TrueForAll(map.Pixels, static pixel => pixel == new SKColor(0x10, 0x20, 0x30)));
        using SKBitmap clear = await PictureAsync(MapService.Map(version, ("LAYERS", "nowhere"), ("EXCEPTIONS", exceptions), ("TRANSPARENT", "TRUE")));
        Assert.Equal(0, clear.GetPixel(0, 0).Alpha);
        // A size that is refused gives a usual one.
        using SKBitmap usual = await PictureAsync(MapService.Map(version, ("WIDTH", "100000"), ("EXCEPTIONS", exceptions)));
        Assert.Equal(256, usual.Width);
        Assert.Equal("image/jpeg", (await AskAsync(MapService.Map(version, ("LAYERS", "nowhere"), ("EXCEPTIONS", exceptions), ("FORMAT", "image/jpeg")))).MediaType);
    }

    [Theory]
    [InlineData("1.1.1", "application/vnd.ogc.se_xml")]
    [InlineData("1.3.0", "XML")]
    [InlineData("1.3.0", "text/x-unknown")]
    public async Task EXCEPTIONS_else_the_refusal_is_a_document(string version, string exceptions) =>
        (await server.Anonymous().GetAsync(MapService.Map(version, ("LAYERS", "nowhere"), ("EXCEPTIONS", exceptions)))).MustExcept(version, "LayerNotDefined");

    [Fact]
    public async Task A_picture_may_be_kept_for_a_minute_and_is_not_sent_again_to_whom_has_it()
    {
        Answer first = await server.Anonymous().GetAsync(MapService.Map("1.3.0"));
        Assert.Equal("public, max-age=60", first.Response.Headers.CacheControl?.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, MapService.Map("1.3.0"));
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Version);
        Assert.Equal(304, (await server.Anonymous().SendAsync(again)).Status);
        Assert.True((await server.Anonymous().GetAsync(MapService.Map("1.3.0", ("LAYERS", "nowhere")))).Response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("1.1.1")]
    [InlineData("1.3.0")]
    public async Task LegendURL_leads_to_a_picture_of_the_size_that_it_says(string version)
    {
        XNamespace wms = version == "1.1.1" ? XNamespace.None : MapService.V130;
        XElement[] legends = [.. (await server.CapabilitiesAsync(version)).Descendants(wms + "LegendURL")];
        Assert.NotEmpty(legends);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (XElement legend in legends)
        {
            string url = (string)legend.Element(wms + "OnlineResource")!.Attribute(MapService.XLink + "href")!;
            using SKBitmap picture = await PictureAsync(url);
            Assert.Equal(((int)legend.Attribute("width")!, (int)legend.Attribute("height")!), (picture.Width, picture.Height));
            seen.Add(Convert.ToHexString(picture.Bytes));
        }

        Assert.True(seen.Count > legends.Length / 2, "Legends differ from layer to layer, and by night from by day");
    }

    [Fact]
    public async Task The_legend_of_the_base_map_names_what_its_tiles_show_and_nothing_else()
    {
        using JsonDocument rules = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Product.Tiles, "city.rules.json"), TestContext.Current.CancellationToken));
        using JsonDocument city = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Product.Tiles, "city.json"), TestContext.Current.CancellationToken));
        string?[] shown = [null, .. city.RootElement.GetProperty("vector_layers").EnumerateArray().Select(static layer => layer.GetProperty("id").GetString())];
        int titles = rules.RootElement.EnumerateArray().Count(rule =>
            rule.TryGetProperty("title", out _) && shown.Contains(rule.TryGetProperty("layer", out JsonElement layer) ? layer.GetString() : null));
        using SKBitmap legend = await PictureAsync(MapService.Ask("GetLegendGraphic", "1.3.0", ("LAYER", "city"), ("STYLE", "day"), ("FORMAT", "image/png")));
        Assert.Equal(22 * titles, legend.Height);
    }

    [Theory]
    [InlineData("LAYER", "nowhere", "LayerNotDefined")]
    [InlineData("LAYER", null, "MissingParameterValue")]
    [InlineData("STYLE", "dusk", "StyleNotDefined")]
    [InlineData("FORMAT", "image/tiff", "InvalidFormat")]
    public async Task GetLegendGraphic_what_is_wrong_is_said(string name, string? value, string code) =>
        (await server.Anonymous().GetAsync(MapService.Ask("GetLegendGraphic", "1.3.0", ("LAYER", "city"), ("STYLE", "day"), (name, value)))).MustExcept("1.3.0", code);

    private async Task<byte[]> BytesAsync(string path) => (await AskAsync(path)).Bytes;

    private async Task<SKBitmap> PictureAsync(string path) => SKBitmap.Decode((await AskAsync(path)).Bytes)
        ?? throw new InvalidOperationException($"{path} is no picture");

    private async Task<(byte[] Bytes, string? MediaType)> AskAsync(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        byte[] bytes = await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        string? mediaType = answer.Response.Content.Headers.ContentType?.MediaType;
        Assert.True(answer.Status == 200 && mediaType is "image/png" or "image/jpeg", $"{path}: {answer.Status} {mediaType} {(mediaType is "image/png" or "image/jpeg" ? "" : answer.Text)}");
        return (bytes, mediaType);
    }
}
