using System.Text.Json;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>In what order features come, with which properties, and of which time.</summary>
[Collection(typeof(Filtered))]
public sealed class OrderTests(FilteredServer filtered)
{
    private const string Things = "/ogc/collections/things";
    private readonly RunningServer server = filtered.Server;

    [Theory]
    [InlineData("rank", "rank")]
    [InlineData("%2Brank", "rank")]
    [InlineData("+rank,-size", "rank, size DESC")]
    [InlineData("-rank", "rank DESC")]
    [InlineData("name,-rank", "name COLLATE \"C\", rank DESC")]
    [InlineData("-name,%2Bday,-open", "name COLLATE \"C\" DESC, day, open DESC")]
    [InlineData("-seen", "seen DESC")]
    [InlineData("day,size", "day, size")]
    [InlineData("-id", "id DESC")]
    public async Task Pages_follow_the_order_and_visit_every_feature_once(string sortby, string order)
    {
        List<int> expected = await server.Database.ListAsync<int>($"SELECT id FROM things ORDER BY {order}, id");
        foreach (int limit in new[] { 7, 100 })
        {
            Assert.Equal(expected, await AllIdsAsync($"{Things}/items?limit={limit}&sortby={sortby}"));
        }
    }

    [Fact]
    public async Task An_order_goes_with_a_filter_and_a_box_and_holds_while_rows_are_inserted()
    {
        const string path = $"{Things}/items?limit=5&sortby=-rank,name&filter=rank%20IS%20NOT%20NULL&bbox=118,37,120,38";
        List<int> expected = await server.Database.ListAsync<int>("SELECT id FROM things WHERE rank IS NOT NULL ORDER BY rank DESC, name COLLATE \"C\", id");
        var seen = new List<int>();
        try
        {
            for (string? next = path; next is not null;)
            {
                JsonElement page = await server.JsonAsync(next);
                seen.AddRange(page.Features().Select(feature => feature.GetProperty("id").GetInt32()));
                next = page.Link("next")?.GetProperty("href").GetString();
                // Before everything.
                await server.Database.AdministerAsync($"INSERT INTO things (id, rank, geom) SELECT {1_000 + seen.Count}, 9, geom FROM things WHERE id = 1");
            }
        }
        finally
        {
            await server.Database.AdministerAsync("DELETE FROM things WHERE id >= 1000");
        }

        Assert.Equal(expected, seen.Where(id => id < 1_000));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task Texts_of_any_length_order_features_and_the_next_page_is_found()
    {
        await server.Database.AdministerAsync(
            "INSERT INTO things (id, name) SELECT 2000 + i, '长' || repeat('\"文', 50000) || i FROM generate_series(1, 5) i");
        try
        {
            List<int> ids = await AllIdsAsync($"{Things}/items?limit=2&sortby=-name&properties=rank&filter=id%20%3E%202000");
            Assert.Equal([2001, 2002, 2003, 2004, 2005], ids);
        }
        finally
        {
            await server.Database.AdministerAsync("DELETE FROM things WHERE id >= 2000");
        }
    }

    [Theory]
    [InlineData("sortby=nothing")]
    [InlineData("sortby=")]
    [InlineData("sortby=-")]
    [InlineData("sortby=--rank")]
    [InlineData("sortby=rank,")]
    [InlineData("sortby=rank,-rank")]
    [InlineData("sortby=geom")]
    [InlineData("sortby=tags")]
    [InlineData("sortby=secret")]
    [InlineData("sortby=rank;DROP TABLE things")]
    [InlineData("sortby=id,name,rank,size,open")]
    [InlineData("properties=nothing")]
    [InlineData("properties=")]
    [InlineData("properties=name,")]
    [InlineData("properties=\"name\"")]
    [InlineData("next=WyIxIiwiMiJd")]
    [InlineData("next=W10")]
    [InlineData("next=W251bGxd")]
    [InlineData("next=eyJhIjoxfQ")]
    [InlineData("sortby=rank&next=WyIxIl0")]
    public async Task What_is_no_order_no_property_or_no_token_is_refused(string query) =>
        (await server.Anonymous().GetAsync($"{Things}/items?{query}")).MustRefuse(400, "features.bad_query");

    [Fact]
    public async Task A_forged_token_is_refused_by_the_database()
    {
        // ["x","1"]
        (await server.Anonymous().GetAsync($"{Things}/items?sortby=rank&next=WyJ4IiwiMSJd")).MustRefuse(400, "filter.not_computable");
    }

    [Theory]
    [InlineData("name", "name")]
    [InlineData("size,name", "name,size")]
    [InlineData("secret", "secret")]
    public async Task Only_the_properties_that_were_asked_for_come(string asked, string given)
    {
        JsonElement page = await server.JsonAsync($"{Things}/items?properties={asked}&limit=3");
        Assert.All(page.Features(), feature => Assert.Equal(given, string.Join(',', feature.GetProperty("properties").EnumerateObject().Select(property => property.Name))));
        Answer table = await server.Anonymous().GetAsync($"{Things}/items?properties={asked}&limit=3&f=html");
        Assert.DoesNotContain("<th>rank</th>", table.Text, StringComparison.Ordinal);
        JsonElement second = await server.JsonAsync(page.Href("next"));
        Assert.Equal(given, string.Join(',', second.Features()[0].GetProperty("properties").EnumerateObject().Select(property => property.Name)));
    }

    [Theory]
    [InlineData("2026-01-10T12:00:00Z", "day = '2026-01-10'")]
    [InlineData("2026-01-10", "day = '2026-01-10'")]
    [InlineData("2026-01-10T23:00:00-08:00", "day = '2026-01-11'")]
    [InlineData("2026-01-10T00:00:00Z/2026-01-15T00:00:00Z", "day BETWEEN '2026-01-10' AND '2026-01-15'")]
    [InlineData("../2026-01-15T00:00:00Z", "day <= '2026-01-15'")]
    [InlineData("2026-01-15T23:59:59.999Z/..", "day >= '2026-01-15'")]
    [InlineData("0000-01-01T00:00:00Z/2026-01-15T00:00:00Z", "day <= '2026-01-15'")]
    [InlineData("2026-01-15T00:00:00Z/9999-12-31T00:00:00Z", "day >= '2026-01-15'")]
    [InlineData("1990-01-01T00:00:00Z", "false")]
    public async Task Req_24_fc_time_response_days_are_selected_and_what_has_none(string datetime, string sql) => Assert.Equal(
        await server.Database.ListAsync<int>($"SELECT id FROM things WHERE {sql} OR day IS NULL ORDER BY id"),
        await AllIdsAsync($"{Things}/items?limit=10000&datetime={datetime}"));

    [Theory]
    [InlineData("2026-03-01T05:00:00Z", "5")]
    [InlineData("2026-03-01t13:00:00%2b08:00", "5")]
    [InlineData("2026-03-01T04:59:59.999Z/2026-03-01T07:00:00.000Z", "5,6,7")]
    [InlineData("2026-03-01T05:00:00.001Z/2026-03-01T06:59:59Z", "6")]
    [InlineData("/2026-03-01T02:00:00Z", "1,2")]
    [InlineData("2026-03-03T11:00:00Z/", "59,60")]
    [InlineData("2026-03-03", "48,49,50,51,52,53,54,55,56,57,58,59,60")]
    public async Task Req_24_fc_time_response_instants_are_selected_with_both_ends(string datetime, string ids) => Assert.Equal(
        ids, string.Join(',', await AllIdsAsync($"/ogc/collections/moments/items?limit=10000&datetime={datetime}")));

    [Fact]
    public async Task Where_a_view_was_dropped_just_now_the_others_still_tell_their_extents_and_counts()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        LayerList all = await server.Services.GetRequiredService<LayerCatalogue>().ReadAsync(cancellation);
        Layer things = all.Find("things")!;
        ReadableLayer there = new(things), gone = new(things with { Id = "gone" });
        var summaries = new LayerSummaries(server.Services.GetRequiredService<Databases>());
        IReadOnlyList<Bbox?> boxes = await summaries.ListAsync(SpatialExtents.Summary, [gone, there], cancellation);
        Assert.Null(boxes[0]);
        Assert.InRange(boxes[1]!.Value.West, 118.019, 118.021);
        Assert.Equal([(null, null), ("2026-01-02T00:00:00Z", "2026-03-01T23:59:59Z")], await summaries.ListAsync(TemporalExtents.Summary, [gone, there], cancellation));
        Assert.Equal([60, null], await summaries.ListAsync(FeatureCounts.Summary, [there, gone], cancellation));
    }

    [Fact]
    public async Task Req_16_fc_md_extent_tells_the_time_of_a_layer_that_has_one()
    {
        JsonElement collections = await server.JsonAsync("/ogc/collections");
        foreach ((string id, string from, string to) in new[]
                 {
                     ("things", "2026-01-02T00:00:00Z", "2026-03-01T23:59:59Z"), ("moments", "2026-03-01T01:00:00Z", "2026-03-03T12:00:00Z"),
                 })
        {
            JsonElement listed = collections.GetProperty("collections").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
            JsonElement temporal = listed.GetProperty("extent").GetProperty("temporal");
            Assert.Equal($"[[\"{from}\",\"{to}\"]]", temporal.GetProperty("interval").GetRawText());
            Assert.Equal(temporal.GetRawText(), (await server.JsonAsync($"/ogc/collections/{id}")).GetProperty("extent").GetProperty("temporal").GetRawText());
        }

        Assert.False((await server.JsonAsync("/ogc/collections/pois")).GetProperty("extent").TryGetProperty("temporal", out _));
    }

    private async Task<List<int>> AllIdsAsync(string path)
    {
        var ids = new List<int>();
        for (string? next = path; next is not null;)
        {
            JsonElement page = await server.JsonAsync(next);
            ids.AddRange(page.Features().Select(feature => feature.GetProperty("id").GetInt32()));
            next = page.Link("next")?.GetProperty("href").GetString();
        }

        return ids;
    }
}
