using System.Globalization;
using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace GeoDispatch.Web.Tests;

/// <summary>
/// The browser's map and the drawn one side by side. With a folder in <c>GEODISPATCH_PICTURES</c> the pairs are kept there for the eye, the
/// browser's on the left; with an extract of OpenStreetMap in <c>GEODISPATCH_PICTURES_OSM</c> they show that city.
/// </summary>
public sealed class MapPictureTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private const int Side = 768, Tile = 256, Between = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_browser_and_the_images_show_the_same_city_by_day_and_by_night()
    {
        string name = "demo";
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES_OSM") is { Length: > 0 } pbf)
        {
            name = Path.GetFileName(pbf).Split('.')[0];
            await ImportAsync(pbf);
        }

        foreach ((int zoom, double lon, double lat) in await PlacesAsync(name == "demo"))
        {
            foreach (string flavour in new[] { "day", "night" })
            {
                (double x, double y) = Pixel(lon, lat, zoom);
                await using Screen screen = await chromium.OpenAsync(console.Server.Address);
                (double snappedLon, double snappedLat) = Place(x, y, zoom);
                using SKBitmap browser = SKBitmap.Decode(await MapPage.DrawAsync(screen.Page, $"tiles/styles/{flavour}.json", snappedLon, snappedLat, zoom, Side));
                using SKBitmap drawn = await TilesAsync(x - (Side / 2), y - (Side / 2), zoom + 1, flavour);
                Keep(browser, drawn, $"{name}-z{zoom}-{flavour}");
                double apart = Apart(browser, drawn);
                output.WriteLine($"z{zoom} {flavour}: {apart:F2}");
                Assert.Empty(screen.Faults);
                // Of 255: names stand in other spots, the rest is the same.
                Assert.InRange(apart, 0, 6);
            }
        }
    }

    private static async Task<(int Zoom, double Lon, double Lat)[]> OfCityAsync(Session map)
    {
        double[] box = (await map.ReadAsync<TileJson>("/tiles/city.json")).Bounds;
        (double lon, double lat) = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
        return [(8, lon, lat), (11, lon, lat), (14, lon, lat), (17, lon, lat)];
    }

    /// <summary>In the demo city where there is something of each kind; elsewhere in the middle.</summary>
    private async Task<(int Zoom, double Lon, double Lat)[]> PlacesAsync(bool demo) =>
        demo ? [(8, 118.62, 37.55), (11, 118.55, 37.46), (14, 118.5, 37.45), (17, 118.5, 37.45)] : await OfCityAsync(console.Server.Anonymous());

    private async Task ImportAsync(string pbf)
    {
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport, mayInstall: true, static _ => { }, Cancellation);
        await using AsyncServiceScope scope = console.Server.Services.CreateAsyncScope();
        Databases databases = scope.ServiceProvider.GetRequiredService<Databases>();
        await OsmImport.RunAsync(databases.Batch, databases.ConnectionString, pbf, new CityWishes("城市", "City", null, "Asia/Shanghai"), static _ => { }, Cancellation);
    }

    /// <summary>Whole pixels of the world at MapLibre's zoom.</summary>
    private static (double X, double Y) Pixel(double lon, double lat, int zoom)
    {
        double world = 512.0 * (1 << zoom);
        return (Math.Round((lon + 180) / 360 * world), Math.Round((1 - (Math.Asinh(Math.Tan(lat * Math.PI / 180)) / Math.PI)) / 2 * world));
    }

    private static (double Lon, double Lat) Place(double x, double y, int zoom)
    {
        double world = 512.0 * (1 << zoom);
        return ((x / world * 360) - 180, Math.Atan(Math.Sinh((1 - (2 * y / world)) * Math.PI)) * 180 / Math.PI);
    }

    private async Task<SKBitmap> TilesAsync(double left, double top, int zoom, string flavour)
    {
        var picture = new SKBitmap(new SKImageInfo(Side, Side));
        using var canvas = new SKCanvas(picture);
        Session map = console.Server.Anonymous();
        for (int x = (int)(left / Tile); x * Tile < left + Side; x++)
        {
            for (int y = (int)(top / Tile); y * Tile < top + Side; y++)
            {
                Answer answer = await map.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/tiles/city/{zoom}/{x}/{y}.png?flavour={flavour}"));
                Assert.Equal(200, answer.Status);
                using SKBitmap tile = SKBitmap.Decode(await answer.Response.Content.ReadAsByteArrayAsync(Cancellation));
                canvas.DrawBitmap(tile, (float)((x * Tile) - left), (float)((y * Tile) - top), SKSamplingOptions.Default);
            }
        }

        return picture;
    }

    /// <summary>How far the colours of squares of 16 pixels lie apart, on the average.</summary>
    private static double Apart(SKBitmap one, SKBitmap other)
    {
        var small = new SKImageInfo(Side / 16, Side / 16);
        var sampling = new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
        using SKBitmap first = one.Resize(small, sampling), second = other.Resize(small, sampling);
        return first.Pixels.Zip(second.Pixels).Average(static pair =>
            (Math.Abs(pair.First.Red - pair.Second.Red) + Math.Abs(pair.First.Green - pair.Second.Green) + Math.Abs(pair.First.Blue - pair.Second.Blue)) / 3.0);
    }

    private void Keep(SKBitmap left, SKBitmap right, string name)
    {
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }

        using var pair = new SKBitmap(new SKImageInfo((2 * Side) + Between, Side));
        using var canvas = new SKCanvas(pair);
        canvas.Clear(SKColors.Magenta);
        canvas.DrawBitmap(left, 0, 0, SKSamplingOptions.Default);
        canvas.DrawBitmap(right, Side + Between, 0, SKSamplingOptions.Default);
        string path = Path.Combine(folder, $"{name}.png");
        using FileStream file = File.Create(path);
        pair.Encode(file, SKEncodedImageFormat.Png, 100);
        output.WriteLine(path);
    }

    private sealed record TileJson(double[] Bounds);
}
