using GeoDispatch.City.Demo;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Upgrade;

/// <summary>What a demo city of an earlier version gains when the server starts again.</summary>
public sealed class DemoNamesTests(TestCluster cluster)
{
    private sealed class Said : List<string>, IProgress<string>
    {
        public void Report(string value) => Add(value);
    }

    [Fact]
    public async Task Demo_city_without_other_names_and_posts_is_given_those_of_a_new_one_once()
    {
        TestDatabase database = await cluster.CityAsync();
        string before = await NamesAsync(database);
        Assert.Empty(await StartAsync(database));
        await database.ListAsync<int>("WITH aliases AS (DELETE FROM city.alias), posts AS (DELETE FROM city.km_post) SELECT 1");
        Assert.NotEqual(before, await NamesAsync(database));

        Assert.Contains(await StartAsync(database), static line => line.EndsWith("were added to the demo city", StringComparison.Ordinal));
        Assert.Equal(before, await NamesAsync(database));
        Assert.Empty(await StartAsync(database));
    }

    [Fact]
    public async Task Demo_city_of_another_layout_is_left_as_it_is_with_a_line_on_what_to_run()
    {
        TestDatabase database = await cluster.CityAsync();
        await database.ListAsync<int>("WITH aliases AS (DELETE FROM city.alias), posts AS (DELETE FROM city.km_post), sites AS (DELETE FROM city.poi WHERE id = 1) SELECT 1");
        Assert.Contains("import demo", Assert.Single(await StartAsync(database)), StringComparison.Ordinal);
        Assert.Equal(0, await database.CountAsync("city.km_post"));
    }

    private static async Task<string> NamesAsync(TestDatabase database) => await database.ReadAsync<string>(
        """
        SELECT concat_ws(' ', (SELECT string_agg(concat_ws('|', of_kind, of_id, of_street, name, kind), ',' ORDER BY name, kind, of_kind) FROM city.alias),
            (SELECT string_agg(concat_ws('|', road, ref, km, ST_AsText(geom)), ',' ORDER BY road, km, ref) FROM city.km_post))
        """);

    private static async Task<List<string>> StartAsync(TestDatabase database)
    {
        var said = new Said();
        await using NpgsqlDataSource batch = NpgsqlDataSource.Create(database.ConnectionString);
        Assert.False(await DemoCity.SeedAsync(batch, said, TestContext.Current.CancellationToken));
        return said;
    }
}
