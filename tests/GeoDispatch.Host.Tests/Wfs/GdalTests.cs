using System.Globalization;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Wfs;

/// <summary>The program that most desktops read with, on the whole service.</summary>
[Collection(typeof(WfsCollection))]
public sealed class GdalTests(WfsServer wfs)
{
    private string Service => $"WFS:{wfs.Server.Address}wfs";

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, TestContext.Current.CancellationToken);
        return await Shell.MustRunAsync(program, arguments, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    [Requirement("wfs", "clients")]
    public async Task Lists_every_layer_with_its_kind_of_geometry()
    {
        string told = await RunAsync("ogrinfo", "-ro", Service);
        Assert.Contains("gd:pois (title: 兴趣点 / Points of interest) (Point)", told, StringComparison.Ordinal);
        Assert.Contains("gd:boundaries (title: 行政区界 / Boundaries) (Multi Surface)", told, StringComparison.Ordinal);
    }

    [Fact]
    [Requirement("wfs", "clients", "paging")]
    public async Task Reads_every_feature_page_by_page()
    {
        foreach (string layer in new[] { "pois", "boundaries", "water_polygons", "streets" })
        {
            long count = await wfs.Database.CountAsync($"share.{layer}");
            Assert.Contains($"Feature Count: {count}", await RunAsync("ogrinfo", "-ro", "-al", "-so", Service, layer), StringComparison.Ordinal);
            string lines = await RunAsync("ogr2ogr", "-f", "CSV", "/vsistdout/", Service, $"gd:{layer}", "-select", "gml_id");
            string[] ids = [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
            Assert.Equal((count, (int)count), (ids.Length, ids.Distinct(StringComparer.Ordinal).Count()));
        }
    }

    [Theory]
    [InlineData("kind = 'hospital' AND id > 10", "kind = 'hospital' AND id > 10")]
    [InlineData("name LIKE '%医院%' OR id IN (1, 2)", "name LIKE '%医院%' OR id IN (1, 2)")]
    [InlineData("name_en IS NOT NULL AND NOT (id < 50)", "name_en IS NOT NULL AND NOT (id < 50)")]
    [Requirement("wfs", "clients", "filter")]
    public async Task Asks_by_attributes(string where, string sql) => Assert.Contains(
        $"Feature Count: {await wfs.Database.CountAsync($"share.pois WHERE {sql}")}",
        await RunAsync("ogrinfo", "-ro", "-al", "-so", "-where", where, Service, "pois"), StringComparison.Ordinal);

    [Fact]
    [Requirement("wfs", "clients", "axis-order")]
    public async Task Asks_by_place_and_by_distance()
    {
        string told = await RunAsync("ogrinfo", "-ro", "-al", "-so", "-spat", "118.45", "37.4", "118.65", "37.5", Service, "pois");
        long inside = await wfs.Database.CountAsync("share.pois WHERE ST_Intersects(geom, ST_Transform(ST_MakeEnvelope(118.45, 37.4, 118.65, 37.5, 4326), 3857))");
        Assert.Contains($"Feature Count: {inside}", told, StringComparison.Ordinal);
        // GDAL has put longitude first again.
        Assert.Matches(@"Extent: \(118\.4\d+, 37\.4\d+\) - \(118\.6\d+, 37\.4\d+\)", told);

        long near = await wfs.Database.CountAsync("share.pois WHERE ST_DWithin(ST_Transform(geom, 4326)::geography, ST_SetSRID(ST_Point(118.5, 37.45), 4326)::geography, 2000)");
        Assert.NotEqual(0, near);
        Assert.Contains(
            $"Feature Count: {near}",
            await RunAsync("ogrinfo", "-ro", "-so", Service, "-al", "-sql", "SELECT * FROM pois WHERE ST_DWithin(geom, ST_GeomFromText('POINT(118.5 37.45)'), 2000)"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_values_in_their_types_and_geometries_as_they_are()
    {
        string told = await RunAsync("ogrinfo", "-ro", "-al", "-where", "id = 5", Service, "values");
        foreach (string line in new[] { "id (Integer64) = 5", "ratio (Real) = 1.66666666666667", "amount (Real) = 0.5", "even (Integer(Boolean)) = 0", "day (Date) = 2026/01/06", "at (DateTime) = 2026/01/01 05:00:00+00" })
        {
            Assert.Contains(line, told, StringComparison.Ordinal);
        }

        double[] xy = await wfs.Database.ReadAsync<double[]>("SELECT ARRAY[ST_X(geom), ST_Y(geom)] FROM city.poi WHERE id = 5");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"POINT ({Math.Round(xy[0], 7)} {Math.Round(xy[1], 7)})"), told, StringComparison.Ordinal);
    }
}
