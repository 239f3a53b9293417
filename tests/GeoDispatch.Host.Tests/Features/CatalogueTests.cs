using System.Net;
using System.Text.RegularExpressions;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>The page on which people find a layer, see it, and copy how to reach it.</summary>
public sealed partial class CatalogueTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_layer_that_the_reader_may_read_is_shown_with_what_is_said_of_it()
    {
        Answer answer = await server.Anonymous().GetAsync("/catalogue");
        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer.Response.Content.Headers.ContentType!.ToString()));
        string[] layers = await server.LayersAsync();
        Assert.NotEmpty(layers);
        Assert.All(layers, layer => Assert.Contains($"id=\"layer-{layer}\"", answer.Text, StringComparison.Ordinal));
        string pois = Section(answer.Text, "pois");
        Assert.All(
            new[]
            {
                "<h2>兴趣点 <span lang=\"en\">Points of interest</span></h2>", "点 / points", "无条件共享", "EPSG:4490", "EPSG:4549", "随数据发布",
                $"<dd>{await server.Database.CountAsync("share.pois")}</dd>", await server.Database.ReadAsync<string>("SELECT attribution FROM share.profile"),
                $"{server.Address}ogc/collections/pois", $"{server.Address}wfs?", "gd:pois", $"{server.Address}wms?", $"{server.Address}tiles/pois/{{z}}/{{x}}/{{y}}.mvt",
            },
            text => Assert.Contains(text, WebUtility.HtmlDecode(pois), StringComparison.Ordinal));
        Assert.Contains($"{server.Address}wmts?", answer.Text, StringComparison.Ordinal);
        // No script, and no other server.
        Assert.DoesNotContain("<script", answer.Text, StringComparison.Ordinal);
        Assert.All(Addresses().Matches(answer.Text), address => Assert.StartsWith(server.Address.ToString(), address.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_address_and_each_preview_answers()
    {
        string page = (await server.Anonymous().GetAsync("/catalogue")).Text;
        string[] asked =
        [
            .. Copied().Matches(page).Select(static match => WebUtility.HtmlDecode(match.Groups["url"].Value)).Where(static url => !url.Contains('{', StringComparison.Ordinal)),
            .. Pictures().Matches(page).Select(static match => WebUtility.HtmlDecode(match.Groups["url"].Value)),
        ];
        Assert.NotEmpty(asked);
        foreach (string url in asked.Distinct(StringComparer.Ordinal))
        {
            Answer answer = await server.Anonymous().GetAsync(url);
            Assert.True(answer.Status == 200, $"{url}: {answer.Status} {answer.Text}");
            if (url.Contains("GetMap", StringComparison.Ordinal))
            {
                Assert.Equal("image/png", answer.Response.Content.Headers.ContentType!.MediaType);
            }
        }
    }

    [Fact]
    public async Task A_conditional_layer_is_shown_to_its_owner_alone_and_neither_counted_nor_drawn_there_of_itself()
    {
        await server.Database.AdministerAsync(
            """
            CREATE VIEW share.catalogued AS SELECT id, geom3857 AS geom FROM city.poi;
            COMMENT ON VIEW share.catalogued IS E'<b>内部</b> / Internal\nconditional volatile owner=120';
            GRANT SELECT ON share.catalogued TO share_reader
            """);
        try
        {
            Session owner = await server.DispatcherAsync();
            Answer seen = await Eventually.GetAsync(
                () => owner.GetAsync("/catalogue"), answer => answer.Text.Contains("layer-catalogued", StringComparison.Ordinal), "the layer is known");
            string section = Section(seen.Text, "catalogued");
            Assert.All(
                new[] { "有条件共享", "120急救指挥中心", "实时", "未统计", "&lt;b&gt;" }, text => Assert.Contains(text, section, StringComparison.Ordinal));
            Assert.DoesNotContain("<img", section, StringComparison.Ordinal);
            Assert.Contains("private", seen.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Answer stranger = await server.Anonymous().GetAsync("/catalogue");
            Assert.DoesNotContain("catalogued", stranger.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("内部", stranger.Text, StringComparison.Ordinal);
        }
        finally
        {
            await server.Database.AdministerAsync("DROP VIEW share.catalogued");
        }
    }

    [Fact]
    public async Task The_services_link_to_it_and_what_it_does_not_know_is_refused()
    {
        Assert.Equal($"{server.Address}catalogue", (await server.JsonAsync("/ogc")).Href("related"));
        Assert.Contains("href=\"/catalogue\"", (await server.Anonymous().GetAsync("/ogc?f=html")).Text, StringComparison.Ordinal);
        (await server.Anonymous().GetAsync("/catalogue?layer=pois")).MustRefuse(400, "features.bad_query");
        Assert.Equal(200, (await server.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Head, "/catalogue"))).Status);
    }

    private static string Section(string page, string layer)
    {
        int start = page.IndexOf($"id=\"layer-{layer}\"", StringComparison.Ordinal);
        return page[start..page.IndexOf("</section>", start, StringComparison.Ordinal)];
    }

    [GeneratedRegex("https?://[^\"' <]+", RegexOptions.NonBacktracking)]
    private static partial Regex Addresses();

    [GeneratedRegex("<input readonly value=\"(?<url>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Copied();

    [GeneratedRegex("(?:src|srcset)=\"(?<url>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Pictures();
}
