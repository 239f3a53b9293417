using System.Diagnostics;
using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Clients;

/// <summary>QGIS, as a department has it: each protocol opens, shows the same features and paints something.</summary>
public sealed class QgisTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Python = "/usr/bin/python3";

    // Around the western core of the demo city.
    private static readonly double[] Core = [118.60, 37.40, 118.72, 37.48];

    /// <summary>Each set of WMTS, and the system that QGIS takes it for.</summary>
    private static readonly (string Id, string System)[] Sets =
    [
        ("WebMercatorQuad", "EPSG:3857"), ("CGCS2000Quad", "EPSG:4490"), ("WorldCRS84Quad", "OGC:CRS84"), ("EPSG:3857", "EPSG:3857"), ("c", "EPSG:4490"),
    ];

    private sealed record Layer(string Name, string Kind, string Provider, string Uri, double[] Extent, string? Filter = null, string? Subset = null);

    private sealed record Opened(string Name, bool Valid, string Error, int? Count, int? Filtered, bool? Subset, int? SubsetCount, int Colours);

    private sealed record Said(string Version, Opened[] Layers);

    [Fact]
    public async Task QGIS_opens_counts_and_paints_a_layer_by_each_protocol()
    {
        long all = await server.Database.CountAsync("share.pois");
        string kind = (await server.Database.ListAsync<string>("SELECT kind FROM share.pois GROUP BY kind ORDER BY count(*) DESC, kind"))[1];
        long some = await server.Database.CountAsync($"share.pois WHERE kind = '{kind}'");
        string root = server.Address.ToString().TrimEnd('/');
        string filter = $"\"kind\" = '{kind}'";
        double[] place = await server.Database.ReadAsync<double[]>(
            "SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(geom, 4326) p FROM share.pois WHERE kind = 'park' ORDER BY id LIMIT 1) t");
        double[] park = [place[0] - 0.003, place[1] - 0.003, place[0] + 0.003, place[1] + 0.003];
        Opened[] opened = await ReadAsync(
        [
            new("OAPIF", "vector", "OAPIF", $"url='{root}/ogc' typename='pois'", Core, filter, filter),
            new("WFS", "vector", "WFS", $"url='{root}/wfs' typename='gd:pois' version='2.0.0' srsname='EPSG:4326'", Core, filter, filter),
            new("WMS 1.3.0", "raster", "wms", Wms(root, "EPSG:4326"), Core),
            new("WMS 3857", "raster", "wms", Wms(root, "EPSG:3857"), Core),
            new("WMS pois", "raster", "wms", Wms(root, "EPSG:4326", "pois"), park),
            .. Sets.Select(set => new Layer($"WMTS {set.Id}", "raster", "wms", Wmts(root, "city", set.Id, set.System), Core)),
            new("WMTS pois", "raster", "wms", Wmts(root, "pois", "CGCS2000Quad", "EPSG:4490"), park),
            new("MVT pois", "tiles", "", $"type=xyz&url={root}/tiles/pois/%7Bz%7D/%7Bx%7D/%7By%7D.mvt&zmin=12&zmax=16", park),
            new("XYZ", "raster", "wms", $"type=xyz&url={root}/tiles/city/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmin=6&zmax=16", Core),
            new("MVT", "tiles", "", $"type=xyz&url={root}/tiles/city/%7Bz%7D/%7Bx%7D/%7By%7D.mvt&zmin=6&zmax=16", Core),
        ]);
        Assert.All(opened, layer => Assert.True(layer.Valid && layer.Error.Length == 0, $"{layer.Name}: {layer.Error}"));
        Assert.All(opened, layer => Assert.True(layer.Colours > 1, $"{layer.Name} painted nothing"));
        Assert.All(
            opened.Where(static layer => layer.Count is not null),
            layer => Assert.Equal((all, some, some), (layer.Count!.Value, layer.Filtered!.Value, layer.SubsetCount!.Value)));
    }

    private static string Wms(string root, string crs, string layer = "city") =>
        $"contextualWMSLegend=0&crs={crs}&dpiMode=7&featureCount=10&format=image/png&layers={layer}&styles=&url={root}/wms";

    private static string Wmts(string root, string layer, string set, string crs) =>
        $"crs={crs}&format=image/png&layers={layer}&styles=default&tileMatrixSet={set}&url={root}/wmts?SERVICE=WMTS%26REQUEST=GetCapabilities";

    private static async Task<Opened[]> ReadAsync(params Layer[] layers)
    {
        Assert.SkipUnless(await HasQgisAsync(), "QGIS is absent: apt-get install python3-qgis");
        var start = new ProcessStartInfo(Python, [Path.Combine(Product.Root, "tests", "GeoDispatch.Host.Tests", "Clients", "qgis_reads.py")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string home = Directory.CreateTempSubdirectory("geodispatch-qgis").FullName;
        (start.Environment["QT_QPA_PLATFORM"], start.Environment["HOME"], start.Environment["XDG_RUNTIME_DIR"]) = ("offscreen", home, home);
        using var process = Process.Start(start)!;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        enough.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(enough.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(enough.Token);
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(layers, JsonSerializerOptions.Web));
            process.StandardInput.Close();
            string said = await output;
            await process.WaitForExitAsync(enough.Token);
            Assert.True(said.StartsWith('{'), $"QGIS said: {said} {await error}");
            return JsonSerializer.Deserialize<Said>(said, JsonSerializerOptions.Web)!.Layers;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<bool> HasQgisAsync()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import qgis.core"]) { UseShellExecute = false, RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }
}
