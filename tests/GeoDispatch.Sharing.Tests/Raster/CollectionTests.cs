using System.Security.Claims;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Raster;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkiaSharp;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>Pictures of collections, over the demo city.</summary>
public sealed class CollectionTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://www.opengis.net/def/crs/OGC/1.3/CRS84")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/3857")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4490")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4528")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4548")]
    public async Task A_view_without_rules_is_drawn_in_any_system_where_the_database_puts_it(string uri)
    {
        Crs crs = Crs.Find(uri)!;
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Database.ConnectionString);
        await using NpgsqlCommand make = source.CreateCommand(
            """
            CREATE OR REPLACE VIEW share.hydrants AS SELECT 1 AS id, ST_Transform(ST_SetSRID(ST_Point(118.5, 37.45), 4326), 3857)::geometry(Point, 3857) AS geom;
            GRANT SELECT ON share.hydrants TO share_reader
            """);
        await make.ExecuteNonQueryAsync(Cancellation);
        await using NpgsqlCommand ask = source.CreateCommand($"SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(geom, {crs.Srid}) AS p FROM share.hydrants) q");
        await using NpgsqlDataReader row = await ask.ExecuteReaderAsync(Cancellation);
        Assert.True(await row.ReadAsync(Cancellation));
        (double x, double y) = (row.GetDouble(0), row.GetDouble(1));
        double pixel = crs.Degrees ? 0.0001 : 10;

        // The point is to lie in the middle of the pixel at 150, 100.
        var box = new Box(x - (150.5 * pixel), y - (99.5 * pixel), x + (149.5 * pixel), y + (100.5 * pixel));
        using SKBitmap picture = await DrawAsync(new MapView(crs, box, 300, 200, ["hydrants"], null, "day", 1));
        Assert.Equal(Sheets.Colour("thing"), picture.GetPixel(150, 100));
        Assert.Equal(0, picture.GetPixel(100, 100).Alpha);
        int left = Enumerable.Range(0, 300).First(at => picture.GetPixel(at, 100).Alpha > 0), right = Enumerable.Range(0, 300).Last(at => picture.GetPixel(at, 100).Alpha > 0);
        Assert.InRange((left + right) / 2.0, 149.5, 150.5);
    }

    [Fact]
    public async Task Layers_lie_over_each_other_in_the_order_that_was_asked_for()
    {
        var box = new Box(118.44, 37.42, 118.54, 37.49);
        using SKBitmap city = await DrawAsync(new MapView(Crs.Crs84, box, 600, 420, [MapView.City], null, "day", 1));
        using SKBitmap alone = await DrawAsync(new MapView(Crs.Crs84, box, 600, 420, ["streets"], null, "day", 1));
        using SKBitmap both = await DrawAsync(new MapView(Crs.Crs84, box, 600, 420, [MapView.City, "boundaries"], SKColors.White, "night", 1));
        Assert.All(city.Pixels, static pixel => Assert.Equal(255, pixel.Alpha));
        Assert.Contains(alone.Pixels, static pixel => pixel.Alpha == 0);
        Assert.Contains(alone.Pixels, static pixel => pixel == Sheets.Colour("main"));
        Assert.NotEqual(city.Pixels, both.Pixels);
    }

    [Fact]
    public async Task The_whole_world_and_a_single_house_are_drawn_too()
    {
        Crs mercator = Crs.Find("http://www.opengis.net/def/crs/EPSG/0/3857")!;
        using SKBitmap world = await DrawAsync(new MapView(mercator, new Box(-20037508, -20037508, 20037508, 20037508), 256, 256, [MapView.City, "buildings"], null, "day", 1));
        Assert.Equal(Sheets.Colour("background"), world.GetPixel(10, 10));
        using SKBitmap house = await DrawAsync(new MapView(Crs.Crs84, new Box(118.5, 37.45, 118.5001, 37.4501), 200, 200, [MapView.City], null, "day", 2));
        Assert.Equal(200, house.Width);
    }

    [Fact]
    public async Task A_picture_without_transparency_is_white_where_nothing_lies()
    {
        MapImages images = server.Services.GetRequiredService<MapImages>();
        byte[] jpeg = await images.DrawAsync(
            new MapView(Crs.Crs84, new Box(10, 50, 10.1, 50.1), 64, 64, ["streets"], null, "day", 1), await ReadableAsync(), ImageFormat.Jpeg, Cancellation);
        using SKBitmap picture = SKBitmap.Decode(jpeg);
        Assert.Equal(SKColors.White, picture.GetPixel(30, 30));
    }

    private async Task<SKBitmap> DrawAsync(MapView view) =>
        SKBitmap.Decode(await server.Services.GetRequiredService<MapImages>().DrawAsync(view, await ReadableAsync(), ImageFormat.Png, Cancellation));

    /// <summary>The catalogue is at most some seconds old: a view of this test is put beside it.</summary>
    private async Task<ReadableLayers> ReadableAsync()
    {
        ReadableLayers readable = await server.Services.GetRequiredService<LayerAccess>().ReadAsync(new ClaimsPrincipal(), Cancellation);
        var hydrants = new Layer("hydrants", "消防栓 / Hydrants", new LayerColumn("id", "int4"), "geom", "Point", 3857, [new LayerColumn("id", "int4")]);
        return new ReadableLayers([.. readable.Layers.Where(static layer => layer.Layer.Id != "hydrants"), new ReadableLayer(hydrants)], readable.Extent);
    }
}
