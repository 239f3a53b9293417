using System.Globalization;
using System.Text.RegularExpressions;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host.Tests.Wms;
using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Clients;

/// <summary>GDAL, on which most programs for maps stand: by every protocol it meets the same features at the same places.</summary>
[Collection("wms")]
public sealed partial class GdalTests(RunningServer server) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("geodispatch-gdal").FullName;

    private string Wmts => $"WMTS:{server.Address}wmts/1.0.0/WMTSCapabilities.xml";

    private string WmsCapabilities => $"WMS:{server.Address}wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() =>
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("pois", "park", 0.002)]
    [InlineData("place_labels", "town", 0.05)]
    public async Task OAPIF_WFS_and_MVT_read_and_count_the_same_features_of_a_layer_that_WMS_and_WMTS_list_and_show(string layer, string kind, double aroundDegrees)
    {
        long all = await server.Database.CountAsync($"share.{layer}");
        Assert.NotEqual(0, all);
        string[] tiles = await TilesAsync(layer);
        foreach (string[] source in new string[][] { [$"OAPIF:{server.Address}ogc", layer], [$"WFS:{server.Address}wfs", $"gd:{layer}"], tiles })
        {
            // Each lists the layer, and counts what it has read.
            string told = await RunAsync("ogrinfo", ["-ro", "-so", .. source]);
            Assert.Matches($"Layer name: (gd:)?{layer}\n", told);
            Assert.Contains($"Feature Count: {all}\n", told, StringComparison.Ordinal);
        }

        // The very same ones, where each has its name for the id.
        string[] ids = [.. (await server.Database.ListAsync<string>($"SELECT id::text FROM share.{layer}")).Order(StringComparer.Ordinal)];
        foreach ((string column, string[] source) in new (string, string[])[]
                 {
                     ("FID", [$"OAPIF:{server.Address}ogc", "-sql", $"SELECT FID FROM {layer}"]),
                     ("gml_id", [$"WFS:{server.Address}wfs", "-sql", $"SELECT gml_id FROM \"gd:{layer}\""]),
                     ("mvt_id", [tiles[0], .. tiles[2..], "-sql", $"SELECT mvt_id FROM {layer}"]),
                 })
        {
            string csv = await RunAsync("ogr2ogr", ["-f", "CSV", "/vsistdout/", .. source]);
            string[] read = [.. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static line => line.Trim('"', ',').Split('.')[^1])];
            Assert.True(ids.SequenceEqual(read.Order(StringComparer.Ordinal)), $"{column}: {read.Length} of {ids.Length}, such as {string.Join(' ', read.Take(3))}");
        }

        string map = Subdatasets(await RunAsync("gdalinfo", WmsCapabilities)).Single(name => name.Contains($"LAYERS={layer}&", StringComparison.Ordinal));
        string drawn = Subdatasets(await RunAsync("gdalinfo", Wmts)).Single(name => name.EndsWith($",layer={layer},tilematrixset=WebMercatorQuad,style=default", StringComparison.Ordinal));
        double[] place = await server.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(geom, 4326) p FROM share.{layer} WHERE kind = '{kind}' ORDER BY id LIMIT 1) t");
        foreach (string dataset in new[] { map, drawn })
        {
            using SKBitmap picture = await WindowAsync(dataset, place[0], place[1], aroundDegrees, 256);
            // Nothing is white, or transparent.
            Assert.Contains(picture.Pixels, static pixel => pixel.Alpha > 128 && pixel.Red + pixel.Green + pixel.Blue < 600);
        }
    }

    [Theory]
    [InlineData("WebMercatorQuad")]
    [InlineData("CGCS2000Quad")]
    [InlineData("WorldCRS84Quad")]
    [InlineData("EPSG:3857")]
    [InlineData("w")]
    [InlineData("c")]
    [Requirement("wmts", "clients")]
    public async Task WMTS_shows_the_water_where_it_lies_and_the_same_as_WMS_in_every_set_and_style(string set)
    {
        (double lon, double lat) = await server.WaterAsync("EPSG:4326");
        foreach ((string style, string flavour) in new[] { ("default", "day"), ("night", "night") })
        {
            string told = await RunAsync("gdallocationinfo", "-valonly", "-wgs84", $"{Wmts},layer=city,tilematrixset={set},style={style}", Text(lon), Text(lat));
            byte[] bands = [.. told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static band => byte.Parse(band, CultureInfo.InvariantCulture))];
            Assert.Equal(MapService.Colour(flavour, "water"), new SKColor(bands[0], bands[1], bands[2]));
        }

        string map = Subdatasets(await RunAsync("gdalinfo", WmsCapabilities)).Single(static name => name.Contains("LAYERS=city&", StringComparison.Ordinal));
        // By the river, in the middle of the city.
        using SKBitmap tiles = await WindowAsync($"{Wmts},layer=city,tilematrixset={set},style=default", 118.6, 37.45, 0.02, 256), whole = await WindowAsync(map, 118.6, 37.45, 0.02, 256);
        Assert.Equal((256, 256), (tiles.Width, tiles.Height));
        // Letters stand elsewhere, lines are drawn for another zoom, and WMS comes as JPEG; the water and the land are the same.
        int near = tiles.Pixels.Zip(whole.Pixels).Count(static pair => Math.Abs(pair.First.Red - pair.Second.Red) < 24 && Math.Abs(pair.First.Blue - pair.Second.Blue) < 24);
        Assert.InRange(near, 256 * 256 * 0.8, 256 * 256);
        Assert.InRange(tiles.Pixels.Distinct().Count(), 3, int.MaxValue);
    }

    [Fact]
    public async Task WMTS_lists_every_layer_in_every_set_and_style()
    {
        string[] found = Subdatasets(await RunAsync("gdalinfo", Wmts));
        foreach (string layer in new[] { "city", "addresses", "boundaries", "buildings", "land", "place_labels", "pois", "streets", "water_polygons" })
        {
            Assert.Equal(12, found.Count(name => name.Contains($",layer={layer},", StringComparison.Ordinal)));
        }
    }

    /// <summary>The tiles of a layer's lowest zoom, where all of it is in them; of what two tiles know each draws its own part.</summary>
    private async Task<string[]> TilesAsync(string layer)
    {
        System.Text.Json.JsonElement description = await server.Anonymous().ReadAsync<System.Text.Json.JsonElement>($"/tiles/{layer}");
        double[] box = await server.Database.ReadAsync<double[]>(
            "SELECT ARRAY[ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)] FROM (SELECT ST_Transform(ST_MakeEnvelope(west, south, east, north, 4326), 3857) b FROM share.profile) t");
        int zoom = Math.Max(10, description.GetProperty("minzoom").GetInt32());
        return [$"MVT:{server.Address}tiles/{layer}/{zoom}", layer, "-oo", "TILE_EXTENSION=mvt", "-oo", $"METADATA_FILE={server.Address}tiles/{layer}", "-spat", .. box.Select(Text)];
    }

    private async Task<SKBitmap> WindowAsync(string dataset, double lon, double lat, double half, int pixels)
    {
        string file = Path.Combine(folder, "window.png");
        await RunAsync(
            "gdalwarp",
            [
                "-q", "-overwrite", "-of", "PNG", "-t_srs", "EPSG:4326", "-te", Text(lon - half), Text(lat - half), Text(lon + half), Text(lat + half),
                "-ts", $"{pixels}", $"{pixels}", dataset, file,
            ]);
        return SKBitmap.Decode(file);
    }

    private static string Text(double number) => number.ToString("0.##########", CultureInfo.InvariantCulture);

    private static string[] Subdatasets(string told) => [.. Subdataset().Matches(told).Select(static found => found.Groups["name"].Value)];

    [GeneratedRegex("""SUBDATASET_\d+_NAME=(?<name>.*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Subdataset();

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        // Tiles of another run, of another server at the same port, must not be shown.
        string said = await Shell.MustRunAsync(
            program, ["--config", "GDAL_DEFAULT_WMS_CACHE_PATH", folder, .. arguments], cancellation: TestContext.Current.CancellationToken);
        Assert.DoesNotContain("ERROR", said, StringComparison.Ordinal);
        return said;
    }
}
