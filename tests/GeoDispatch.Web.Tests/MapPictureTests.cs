using System.Globalization;
using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkiaSharp;

namespace GeoDispatch.Web.Tests;

/// <summary>
/// The browser's map and the drawn one side by side. With a folder in <c>GEODISPATCH_PICTURES</c> the pairs are kept there for the eye, the
/// browser's on the left; with an extract of OpenStreetMap in <c>GEODISPATCH_PICTURES_OSM</c> they show that city, with places written
/// <c>zoom/lon/lat</c> in <c>GEODISPATCH_PICTURES_AT</c> those.
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
                Assert.True(drawn.Pixels.Distinct().Skip(10).Any(), "There is nothing in the picture");
                // Of 255: names stand in other spots, the rest is the same.
                Assert.InRange(apart, 0, 4);
            }
        }
    }

    /// <summary>In the demo city where there is something of each kind; elsewhere in the middle.</summary>
    private async Task<IEnumerable<(int Zoom, double Lon, double Lat)>> PlacesAsync(bool demo)
    {
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES_AT") is { Length: > 0 } wanted)
        {
            double[][] places = [.. wanted.Split(' ').Select(static place => place.Split('/').Select(static part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray())];
            return places.Select(static place => ((int)place[0], place[1], place[2]));
        }

        if (demo)
        {
            return [(8, 118.62, 37.55), (11, 118.55, 37.46), (14, 118.5795, 37.456), (17, 118.50253, 37.4561)];
        }

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(console.Server.Database.ConnectionString);
        await using NpgsqlCommand ask = source.CreateCommand(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_Centroid(ST_Extent(geom)::geometry), 3857), 4326) AS p FROM share.streets) q");
        await using NpgsqlDataReader row = await ask.ExecuteReaderAsync(Cancellation);
        Assert.True(await row.ReadAsync(Cancellation));
        (double lon, double lat) = (row.GetDouble(0), row.GetDouble(1));
        return new[] { 8, 11, 14, 17 }.Select(zoom => (zoom, lon, lat));
    }

    [Fact]
    public async Task Stations_hospitals_vehicles_and_incidents_lie_over_the_map_each_in_its_own_frame_and_colour()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(console.Server.Database.ConnectionString);
        // Open to anybody and of every kind, which the layers that a department publishes are not.
        await using NpgsqlCommand make = source.CreateCommand(
            """
            DROP VIEW IF EXISTS share.stations, share.hospitals, share.vehicles, share.incidents;
            CREATE VIEW share.stations AS SELECT id, name, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)::geometry(Point, 3857) AS geom FROM dispatch.station WHERE agency = 'ems';
            CREATE VIEW share.hospitals AS SELECT id, name, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)::geometry(Point, 3857) AS geom FROM dispatch.destination;
            CREATE VIEW share.vehicles AS SELECT n AS id, '演示' || n AS name, (ARRAY['ambulance', 'fire', 'police', 'bus'])[n] AS kind,
                ST_Transform(ST_SetSRID(ST_MakePoint(118.5735 + n * 0.003, 37.4525), 4326), 3857)::geometry(Point, 3857) AS geom FROM generate_series(1, 4) n;
            CREATE VIEW share.incidents AS SELECT n AS id, n AS priority,
                ST_Transform(ST_SetSRID(ST_MakePoint(118.5735 + n * 0.003, 37.4595), 4326), 3857)::geometry(Point, 3857) AS geom FROM generate_series(1, 4) n;
            GRANT SELECT ON share.stations, share.hospitals, share.vehicles, share.incidents TO share_reader;
            """);
        await make.ExecuteNonQueryAsync(Cancellation);
        Session map = console.Server.Anonymous();
        await Eventually.GetAsync(async () => (await map.GetAsync("/wms?service=WMS&version=1.3.0&request=GetCapabilities")).Text,
            static text => text.Contains("<Name>incidents</Name>", StringComparison.Ordinal) && text.Contains("<Name>hospitals</Name>", StringComparison.Ordinal), "the layers are known");
        foreach (int zoom in new[] { 11, 14 })
        {
            using SKBitmap day = await MapAsync(map, zoom, "day"), night = await MapAsync(map, zoom, "night");
            Keep(day, night, $"demo-signs-z{zoom}");
            Assert.All(["#B3121D", "#E07A10", "#F5CB1D"], priority => Assert.Contains(day.Pixels, pixel => IsSeenAs(SKColor.Parse(priority), pixel)));
            Assert.All(["#FF5C5C", "#FF9E3D", "#FFE27A"], priority => Assert.Contains(night.Pixels, pixel => IsSeenAs(SKColor.Parse(priority), pixel)));
        }

        foreach (string layer in new[] { "city", "stations", "hospitals", "vehicles", "incidents" })
        {
            using SKBitmap day = await LegendAsync(map, layer, "day"), night = await LegendAsync(map, layer, "night");
            Keep(day, night, $"legend-{layer}");
        }
    }

    // What lies behind other signs may have few pixels, and a palette tells rare colours by a near one (decisions/0012).
    private static bool IsSeenAs(SKColor colour, SKColor pixel) =>
        Math.Abs(colour.Red - pixel.Red) <= 12 && Math.Abs(colour.Green - pixel.Green) <= 12 && Math.Abs(colour.Blue - pixel.Blue) <= 12;

    private static async Task<SKBitmap> MapAsync(Session map, int zoom, string flavour)
    {
        (double x, double y) = Pixel(118.5795, 37.456, zoom);
        double pixel = 40075016.6855785 / (512.0 * (1 << zoom)), corner = 40075016.6855785 / 2;
        (double west, double north) = (((x - (Side / 2)) * pixel) - corner, corner - ((y - (Side / 2)) * pixel));
        return await PictureAsync(map, string.Create(
            CultureInfo.InvariantCulture,
            $"/wms?service=WMS&version=1.3.0&request=GetMap&layers=city,stations,hospitals,vehicles,incidents&styles={string.Join(',', Enumerable.Repeat(flavour, 5))}&crs=EPSG:3857&bbox={west},{north - (Side * pixel)},{west + (Side * pixel)},{north}&width={Side}&height={Side}&format=image/png"));
    }

    private static Task<SKBitmap> LegendAsync(Session map, string layer, string flavour) =>
        PictureAsync(map, $"/wms?service=WMS&version=1.3.0&request=GetLegendGraphic&layer={layer}&style={flavour}&format=image/png");

    private static async Task<SKBitmap> PictureAsync(Session map, string path)
    {
        Answer answer = await map.GetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
        return SKBitmap.Decode(await answer.Response.Content.ReadAsByteArrayAsync(Cancellation)) ?? throw new InvalidOperationException($"{path} is no picture");
    }

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

        using var pair = new SKBitmap(new SKImageInfo(left.Width + Between + right.Width, Math.Max(left.Height, right.Height)));
        using var canvas = new SKCanvas(pair);
        canvas.Clear(SKColors.Magenta);
        canvas.DrawBitmap(left, 0, 0, SKSamplingOptions.Default);
        canvas.DrawBitmap(right, left.Width + Between, 0, SKSamplingOptions.Default);
        string path = Path.Combine(folder, $"{name}.png");
        using FileStream file = File.Create(path);
        pair.Encode(file, SKEncodedImageFormat.Png, 100);
        output.WriteLine(path);
    }
}
