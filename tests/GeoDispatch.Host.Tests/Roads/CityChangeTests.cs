using GeoDispatch.City.Demo;
using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>A real city takes the place of the demo city under a running server, and the demo city comes back.</summary>
public sealed class CityChangeTests(RunningServer server, TestCluster cluster) : IClassFixture<RunningServer>
{
    private static readonly object Monaco = new { from = new { lon = 7.4200, lat = 43.7360 }, to = new { lon = 7.4290, lat = 43.7410 } };
    private static readonly object Dongying = new { from = new { lon = 118.49, lat = 37.45 }, to = new { lon = 118.60, lat = 37.44 } };

    private sealed record City(string Name, bool Synthetic, string Attribution);

    private sealed record TileJson(string Attribution, double[] Bounds);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streets_units_search_and_attribution_are_those_of_the_city_that_is_there_without_a_restart()
    {
        string pbf = SharedData.OrSkip("data/osm/monaco-latest.osm.pbf");
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport | Packages.Oracles, mayInstall: true, static _ => { }, Cancellation);
        Databases databases = server.Services.GetRequiredService<Databases>();
        Session desk = await server.DispatcherAsync();
        (await desk.PostAsync("/api/roads/route", Dongying)).Read<object>();
        (await desk.PostAsync("/api/roads/route", Monaco)).MustRefuse(404, "route.none");
        Assert.Equal(55, (await desk.ReadAsync<Board>("/api/board?agency=ems")).Units.Length);

        await OsmImport.RunAsync(
            databases.Batch, databases.ConnectionString, pbf, new CityWishes("摩纳哥", "Monaco", null, "Europe/Monaco"), static _ => { }, Cancellation);

        await Eventually.GetAsync(() => desk.PostAsync("/api/roads/route", Monaco), answer => answer.Status == 200, "Monaco's streets are not asked");
        (await desk.PostAsync("/api/roads/route", Dongying)).MustRefuse(404, "route.none");
        Assert.Equal(new City("摩纳哥", false, "© OpenStreetMap contributors"), await desk.ReadAsync<City>("/api/city"));
        // The descriptions of tiles keep the city's profile for two seconds.
        await Eventually.GetAsync(
            () => desk.ReadAsync<TileJson>("/tiles/city"), tiles => tiles.Attribution == "© OpenStreetMap contributors", "the tiles do not name their source");
        await Eventually.GetAsync(
            () => desk.ReadAsync<PlacesFound>("/api/places?q=Rue Grimaldi"),
            found => found.Places.Any(place => place.Name.Contains("Grimaldi", StringComparison.Ordinal) && !place.Synthetic), "Monaco's names are not found");
        // No station, hospital or unit is invented for a real city.
        await Eventually.GetAsync(() => desk.ReadAsync<Board>("/api/board"), board => board.Units.Length == 0, "the demo city's units are still there");
        Assert.Empty((await desk.ReadAsync<Hospitals>("/api/hospitals")).Items);
        await GdalReadsTheTileAsync(desk);

        await DemoCity.ReplaceAsync(databases.Batch, null, Cancellation);

        await Eventually.GetAsync(() => desk.PostAsync("/api/roads/route", Dongying), answer => answer.Status == 200, "the demo city's streets are not asked");
        await Eventually.GetAsync(() => desk.ReadAsync<Board>("/api/board?agency=ems"), board => board.Units.Length == 55, "the demo city's units are not back");
    }

    [Fact]
    public async Task An_extent_takes_only_what_touches_it()
    {
        string pbf = SharedData.OrSkip("data/osm/monaco-latest.osm.pbf");
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport, mayInstall: true, static _ => { }, Cancellation);
        TestDatabase database = await cluster.EmptyAsync();
        await using var databases = new Databases(database.ConnectionString);
        var half = new Spatial.Bbox(7.41, 43.72, 7.42, 43.735);

        OsmImportReport report = await OsmImport.RunAsync(
            databases.Batch, databases.ConnectionString, pbf, new CityWishes("半个", "Half", half, "Europe/Monaco"), static _ => { }, Cancellation);

        Assert.InRange(report.DrivableWays, 50, 600);
        const string Box = "ST_MakeEnvelope(7.41, 43.72, 7.42, 43.735, 4326)";
        Assert.Equal(0, await database.CountAsync($"city.building WHERE NOT geom && {Box}"));
        Assert.Equal(0, await database.CountAsync($"city.poi WHERE NOT geom && {Box}"));
        Assert.Equal(7.41, await database.ReadAsync<double>("SELECT west FROM share.profile"));
    }

    private async Task GdalReadsTheTileAsync(Session desk)
    {
        Answer tile = await desk.GetAsync("/tiles/city/14/8529/5974.mvt");
        string path = Path.Combine(cluster.Folder.NewHome(), "5974.mvt");
        await File.WriteAllBytesAsync(path, await tile.Response.Content.ReadAsByteArrayAsync(Cancellation), Cancellation);
        string said = await Shell.MustRunAsync("ogrinfo", ["-al", "-so", $"MVT:{path}"], cancellation: Cancellation);
        Assert.Contains("Layer name: streets", said, StringComparison.Ordinal);
        Assert.Contains("Layer name: buildings", said, StringComparison.Ordinal);
        Assert.Contains("Layer name: pois", said, StringComparison.Ordinal);
    }
}
