using System.Globalization;
using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Places;

/// <summary>
/// 300 searches over the demo city, a third with mistakes, written down with their answers before there was a search that knew pinyin,
/// crossings or mistakes. They were drawn with a fixed seed from every kind of name, and so that the meant name is the nearest to what is
/// typed; of equal names the nearest to the point that is given.
/// </summary>
public sealed class DemoQueriesTests(RunningServer server, ITestOutputHelper output) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Of_300_searches_of_the_demo_city_nine_in_ten_find_it_first_and_almost_all_among_five() =>
        await WrittenQueries.MustFindAsync(server, "queries-demo.csv", 300, output);
}

/// <summary>100 searches over the roads and crossings of Shanghai's centre, drawn like those of the demo city; old names are the map's own.</summary>
public sealed class ShanghaiQueriesTests(RunningServer server, ITestOutputHelper output) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_100_searches_of_Shanghai_nine_in_ten_find_it_first_and_almost_all_among_five()
    {
        string pbf = SharedData.OrSkip("data/osm/shanghai_center.osm.pbf");
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport, mayInstall: true, static _ => { }, Cancellation);
        Databases databases = server.Services.GetRequiredService<Databases>();
        Session desk = await server.DispatcherAsync();
        // The demo city is known by then; what is asked afterwards must not be answered from it.
        Assert.NotEmpty((await desk.ReadAsync<PlacesFound>("/api/places?q=牛庄镇")).Places);
        await OsmImport.RunAsync(
            databases.Batch, databases.ConnectionString, pbf, new CityWishes("上海", "Shanghai", null, "Asia/Shanghai"), static _ => { }, Cancellation);
        await Eventually.GetAsync(() => desk.ReadAsync<PlacesFound>("/api/places?q=陆家嘴环路"), found => found.Places.Any(static place => place.Name == "陆家嘴环路"), "Shanghai is not found");
        await WrittenQueries.MustFindAsync(server, "queries-shanghai.csv", 100, output);
    }
}

/// <summary>Asks a table of written queries and counts what is found.</summary>
internal static class WrittenQueries
{
    internal static async Task MustFindAsync(RunningServer server, string table, int count, ITestOutputHelper output)
    {
        IReadOnlyList<WrittenQuery> queries = WrittenQuery.Read(Path.Combine(AppContext.BaseDirectory, "Places", table));
        Assert.Equal(count, queries.Count);
        Session desk = await server.DispatcherAsync();
        (int first, int inFive) = (0, 0);
        var missed = new List<string>();
        foreach (WrittenQuery query in queries)
        {
            PlaceFound[] found = (await desk.ReadAsync<PlacesFound>(query.Path)).Places;
            int at = Array.FindIndex(found, query.IsMeant);
            first += at == 0 ? 1 : 0;
            inFive += at >= 0 ? 1 : 0;
            if (at != 0)
            {
                missed.Add($"{query.Form} {query.Mistake} {query.Text} → {(at < 0 ? "not" : $"{at + 1}.")}, meant {query.Kind} {query.Name}; found {string.Join(", ", found.Select(static place => place.Name))}");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table}: first {first / (double)count:P1}, in five {inFive / (double)count:P1}"));
        missed.ForEach(output.WriteLine);
        Assert.True(first >= 0.90 * count && inFive >= 0.98 * count, $"first {first}, in five {inFive} of {count}\n{string.Join('\n', missed)}");
    }
}
