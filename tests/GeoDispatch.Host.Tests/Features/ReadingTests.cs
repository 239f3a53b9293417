using System.Text.Json;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>Whole layers read: by other programs, while they change, and by those who mean harm.</summary>
public sealed class ReadingTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GDAL_reads_every_layer_and_counts_every_feature()
    {
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, Cancellation);
        foreach (string id in new[] { "pois", "boundaries", "water_polygons" })
        {
            string told = await Shell.MustRunAsync(
                "ogrinfo", ["-ro", "-al", "-so", "-oo", "PAGE_SIZE=500", $"OAPIF:{server.Address}ogc", id], cancellation: Cancellation);
            Assert.Contains($"Feature Count: {await server.Database.CountAsync($"share.{id}")}", told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pages_visit_every_feature_once_while_rows_are_inserted()
    {
        List<long> before = await server.Database.ListAsync<long>("SELECT id FROM share.pois");
        var seen = new List<long>();
        int pages = 0;
        for (string? next = "/ogc/collections/pois/items?limit=50"; next is not null; pages++)
        {
            JsonElement page = await server.JsonAsync(next);
            seen.AddRange(page.Features().Select(feature => feature.GetProperty("id").GetInt64()));
            next = page.Link("next")?.GetProperty("href").GetString();
            // One before and one behind everything.
            await server.Database.AdministerAsync(
                $"""
                INSERT INTO city.poi (id, kind, name, synthetic, geom)
                SELECT id, 'test', '插入', true, ST_SetSRID(ST_Point(118.5, 37.5), 4326) FROM (VALUES ({-1 - pages}), ({80_000_000 + pages})) new (id) WHERE {pages} < 40
                """);
        }

        Assert.True(pages > 3, $"{pages} pages");
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(before.Except(seen));
        Assert.DoesNotContain(seen, id => id < 0);
        await server.Database.AdministerAsync("DELETE FROM city.poi WHERE kind = 'test'");
    }

    [Fact]
    public async Task Whoever_leaves_in_the_middle_leaves_no_query_behind()
    {
        for (int i = 0; i < 30; i++)
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            using HttpResponseMessage response = await http.GetAsync(
                "/ogc/collections/buildings/items?limit=10000", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(response.IsSuccessStatusCode);
        }

        await Eventually.GetAsync(
            () => server.Database.CountAsync("pg_stat_activity WHERE datname = current_database() AND application_name = 'geodispatch-sharing' AND state = 'active'"),
            active => active == 0, "queries run for nobody");
        Assert.Equal(200, (await server.Anonymous().GetAsync("/ogc/collections/buildings/items?limit=1")).Status);
    }

    [Fact]
    public async Task Whoever_leaves_while_the_database_still_works_ends_the_query()
    {
        await server.Database.AdministerAsync(
            """
            CREATE OR REPLACE VIEW share.slow AS SELECT id, name, geom3857 AS geom FROM city.poi WHERE pg_sleep(0.1) IS NOT NULL;
            COMMENT ON VIEW share.slow IS '慢 / Slow';
            GRANT SELECT ON share.slow TO share_reader
            """);
        try
        {
            await Eventually.GetAsync(() => server.Anonymous().GetAsync("/ogc/collections/slow"), answer => answer.Status == 200, "the layer is there");
            using var http = new HttpClient { BaseAddress = server.Address };
            using var leaving = new CancellationTokenSource();
            Task<HttpResponseMessage> asked = http.GetAsync("/ogc/collections/slow/items?limit=1000", HttpCompletionOption.ResponseContentRead, leaving.Token);
            await Eventually.GetAsync(SlowAsync, active => active == 1, "the query runs");
            await leaving.CancelAsync();
            // Left alone it would run for ten seconds, until its time is over.
            await Eventually.GetAsync(SlowAsync, active => active == 0, "the query runs for nobody", TimeSpan.FromSeconds(4));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
        finally
        {
            await server.Database.AdministerAsync("DROP VIEW share.slow");
        }

        Task<long> SlowAsync() => server.Database.CountAsync(
            "pg_stat_activity WHERE datname = current_database() AND application_name = 'geodispatch-sharing' AND state = 'active' AND query LIKE '%\"slow\"%' AND query NOT LIKE '%EXISTS%'");
    }

    [Fact]
    public async Task A_layer_whose_columns_change_their_type_is_read_as_it_is_now()
    {
        Task SayAsync(string type) => server.Database.AdministerAsync(
            $"""
            DROP VIEW IF EXISTS share.changing;
            CREATE VIEW share.changing AS SELECT id::{type} AS id, name, geom3857 AS geom FROM city.place;
            COMMENT ON VIEW share.changing IS '变 / Changing';
            GRANT SELECT ON share.changing TO share_reader
            """);
        const string path = "/ogc/collections/changing/items?limit=1";
        await SayAsync("int");
        await Eventually.GetAsync(() => server.Anonymous().GetAsync(path), answer => answer.Status == 200, "the layer is there");
        for (int i = 0; i < 20; i++)
        {
            // So often that the statement is kept.
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.JsonAsync(path)));
        }

        await SayAsync("text");
        await Eventually.GetAsync(
            () => server.Anonymous().GetAsync(path), answer => answer.Status == 200 && answer.Read<JsonElement>().Features()[0].GetProperty("id").ValueKind == JsonValueKind.String,
            "the layer has its new type");
        for (int i = 0; i < 40; i++)
        {
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Anonymous().GetAsync(path))), answer => Assert.Equal(200, answer.Status));
        }

        await server.Database.AdministerAsync("DROP VIEW share.changing");
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=unlimited")]
    [InlineData("limit=1.5")]
    [InlineData("limit=")]
    [InlineData("limit=1&limit=2")]
    [InlineData("LIMIT=1")]
    [InlineData("bbox=1,2,3")]
    [InlineData("bbox=1,2,3,4,5")]
    [InlineData("bbox=")]
    [InlineData("bbox=NaN,NaN,NaN,NaN")]
    [InlineData("bbox=-Infinity,-90,Infinity,90")]
    [InlineData("bbox=1e999,0,1,1")]
    [InlineData("bbox=0,91,10,95")]
    [InlineData("bbox=-181,0,10,10")]
    [InlineData("bbox=0,10,10,0")]
    [InlineData("bbox=118,37,9,119,38,1")]
    [InlineData("bbox=118;37;119;38")]
    [InlineData("bbox=119,37,118,38&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857")]
    [InlineData("datetime=x")]
    [InlineData("datetime=2018-13-01T00:00:00Z")]
    [InlineData("datetime=2018-02-30T00:00:00Z")]
    [InlineData("datetime=2018-02-12T24:00:00Z")]
    [InlineData("datetime=2019-01-01T00:00:00Z/2018-01-01T00:00:00Z")]
    [InlineData("datetime=../..")]
    [InlineData("datetime=/")]
    [InlineData("datetime=a/b/c")]
    [InlineData("next=%00")]
    [InlineData("next=bm90IGEgbnVtYmVy")]
    [InlineData("next=1%20OR%201=1")]
    [InlineData("id=1%20OR%201=1")]
    [InlineData("id=99999999999999999999")]
    [InlineData("synthetic=yes")]
    [InlineData("kind=%00")]
    [InlineData("kind%22=1")]
    [InlineData("geom=1")]
    [InlineData("kind%22%20IS%20NULL%20OR%20%22kind=1")]
    public async Task A_bad_query_is_refused_with_its_field_and_value(string query)
    {
        Answer refused = (await server.Anonymous().GetAsync($"/ogc/collections/pois/items?{query}")).MustRefuse(400, "features.bad_query");
        Assert.Equal(Uri.UnescapeDataString(query.Split('=')[0]), refused.Problem.GetProperty("field").GetString());
        Assert.True(refused.Problem.TryGetProperty("value", out _));
    }

    [Theory]
    [InlineData("kind=x'%20OR%20'1'='1")]
    [InlineData("kind=%27%3BDROP%20VIEW%20share.pois--")]
    [InlineData("name=$1")]
    [InlineData("kind=%5C")]
    public async Task A_value_is_no_more_than_a_value(string query)
    {
        Assert.Empty((await server.JsonAsync($"/ogc/collections/pois/items?{query}")).Features());
        Assert.NotEqual(0, await server.Database.CountAsync("share.pois"));
    }

    [Theory]
    [InlineData("/ogc/collections/profile/items", "collection.unknown")]
    [InlineData("/ogc/collections/pois%22%3BDROP%20VIEW%20share.pois--/items", "collection.unknown")]
    [InlineData("/ogc/collections/pg_class/items", "collection.unknown")]
    [InlineData("/ogc/collections/city.poi", "collection.unknown")]
    [InlineData("/ogc/collections/pois/items/1%20OR%201=1", "feature.unknown")]
    [InlineData("/ogc/collections/pois/items/+1", "feature.unknown")]
    [InlineData("/ogc/collections/pois/items/99999999999999999999", "feature.unknown")]
    [InlineData("/ogc/collections/boundaries/items/'%20OR%20''='", "feature.unknown")]
    public async Task What_is_not_there_is_not_found(string path, string code) => (await server.Anonymous().GetAsync(path)).MustRefuse(404, code);

    [Theory]
    [InlineData("bbox=-1e300,-1e300,1e300,1e300&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857")]
    [InlineData("bbox=-1e300,-1e300,1e300,1e300&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4548")]
    [InlineData("bbox=1e300,1e300,1e300,1e300&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4527")]
    [InlineData("bbox=-90,-180,90,180&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4490")]
    [InlineData("bbox=-180,90,180,90")]
    public async Task The_largest_boxes_are_answered(string query) =>
        Assert.Equal(200, (await server.Anonymous().GetAsync($"/ogc/collections/streets/items?limit=5&{query}")).Status);
}
