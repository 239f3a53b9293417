using System.Text.Json;
using System.Text.RegularExpressions;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>The requirements of OGC API – Features Part 1, one by one, by the names that the standard gives them.</summary>
public sealed class CoreTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Pois = "/ogc/collections/pois";

    [Fact]
    [Requirement("features-1", "core/root-op", "core/root-success", "oas30/oas-definition-1")]
    public async Task Req_01_root_op_and_02_root_success_the_landing_page_links_to_everything()
    {
        JsonElement root = await server.JsonAsync("/ogc");
        Assert.All(new[] { "self", "alternate", "service-desc", "service-doc", "conformance", "data" }, rel => Assert.NotNull(root.Link(rel)));
        Assert.Equal("application/vnd.oai.openapi+json;version=3.0", root.Link("service-desc")!.Value.GetProperty("type").GetString());
        // QGIS strips the query and goes on from here.
        Assert.Equal($"{server.Address}ogc/collections", root.Href("data"));
    }

    [Fact]
    [Requirement("features-1", "core/api-definition-op", "core/api-definition-success", "oas30/oas-definition-1")]
    public async Task Req_03_api_definition_op_and_04_success_each_link_answers_in_the_type_it_says()
    {
        JsonElement root = await server.JsonAsync("/ogc");
        foreach (string rel in new[] { "service-desc", "service-doc", "conformance", "data", "self", "alternate" })
        {
            JsonElement link = root.Link(rel)!.Value;
            string type = link.GetProperty("type").GetString()!;
            Answer answer = await server.GetAsync(link.GetProperty("href").GetString()!, type);
            Assert.Equal(200, answer.Status);
            Assert.StartsWith(type, answer.Response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Requirement("features-1", "core/conformance-op", "core/conformance-success")]
    public async Task Req_05_conformance_op_and_06_success_the_classes_are_declared()
    {
        string?[] classes = [.. (await server.JsonAsync("/ogc/conformance")).GetProperty("conformsTo").EnumerateArray().Select(uri => uri.GetString())];
        Assert.All(new[] { "core", "oas30", "geojson", "html" }, name => Assert.Contains($"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}", classes));
        // QGIS leaves filters to the server only where it finds all of these.
        Assert.All(
            new[] { "ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter", "cql2/1.0/conf/basic-cql2", "cql2/1.0/conf/cql2-text" },
            name => Assert.Contains($"http://www.opengis.net/spec/{name}", classes));
    }

    [Fact]
    [Requirement("features-1", "core/http")]
    public async Task Req_07_http_heads_are_answered_and_other_methods_are_not()
    {
        foreach (string path in new[] { "/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", Pois, $"{Pois}/items" })
        {
            Answer head = await server.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            Assert.Equal((200, ""), (head.Status, head.Text));
            Answer put = await server.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Put, path));
            Assert.Equal(405, put.Status);
            Assert.Contains("GET", put.Response.Content.Headers.Allow);
        }

        (await server.GetAsync("/ogc/collections", "image/png")).MustRefuse(406, "features.not_acceptable");
        (await server.Anonymous().GetAsync("/ogc/collections/dUmmYColLection/items")).MustRefuse(404, "collection.unknown");
    }

    [Fact]
    [Requirement("features-1", "core/query-param-unknown", "core/query-param-invalid")]
    public async Task Req_08_query_param_unknown_and_09_invalid_are_refused_with_the_parameter()
    {
        foreach (string path in new[] { "/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", Pois, $"{Pois}/items", $"{Pois}/items/1" })
        {
            Answer refused = (await server.Anonymous().GetAsync($"{path}?unknownQueryParameter12345=1")).MustRefuse(400, "features.bad_query");
            Assert.Equal("unknownQueryParameter12345", refused.Problem.GetProperty("field").GetString());
            (await server.Anonymous().GetAsync($"{path}?f=gml")).MustRefuse(400, "features.bad_query");
        }
    }

    [Fact]
    [Requirement("features-1", "core/crs84")]
    public async Task Req_10_crs84_longitude_comes_first()
    {
        JsonElement poi = (await server.JsonAsync($"{Pois}/items?limit=1")).Features()[0];
        Assert.InRange(poi.Numbers()[0], 118, 120);
        Assert.InRange(poi.Numbers()[1], 36, 39);
    }

    [Fact]
    [Requirement("features-1", "core/fc-md-op", "core/fc-md-success", "core/fc-md-links", "core/fc-md-items", "core/fc-md-items-links")]
    public async Task Req_11_fc_md_op_to_15_items_links_every_view_with_a_geometry_is_listed_with_its_links()
    {
        JsonElement list = await server.JsonAsync("/ogc/collections");
        Assert.NotNull(list.Link("self"));
        Assert.NotNull(list.Link("alternate", "text/html"));
        Assert.Equal(
            await server.Database.ListAsync<string>(
                """
                SELECT f_table_name::text FROM geometry_columns
                WHERE f_table_schema = 'share'
                  AND obj_description(to_regclass(format('share.%I', f_table_name)), 'pg_class') !~ '\n.*\m(conditional|not_shared)\M' ORDER BY 1
                """),
            await server.LayersAsync());
        foreach (JsonElement layer in list.GetProperty("collections").EnumerateArray())
        {
            Assert.Equal($"{server.Address}ogc/collections/{layer.GetProperty("id").GetString()}/items?f=json", layer.Href("items", "application/geo+json"));
            Assert.NotNull(layer.Link("items", "text/html"));
            Assert.Contains(" / ", layer.GetProperty("title").GetString()!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_view_that_is_added_is_a_layer_within_seconds_and_needs_no_code()
    {
        await server.LayersAsync();
        await server.Database.AdministerAsync(
            """"
            CREATE VIEW share."Odd ""layer""" AS SELECT id, name AS "a ""b""", geom3857 AS geom FROM city.place;
            COMMENT ON VIEW share."Odd ""layer""" IS '怪 / Odd';
            GRANT SELECT ON share."Odd ""layer""" TO share_reader
            """");
        const string path = "/ogc/collections/Odd%20%22layer%22";
        try
        {
            await Eventually.GetAsync(() => server.Anonymous().GetAsync(path), answer => answer.Status == 200, "the layer is there");
            JsonElement page = await server.JsonAsync($"{path}/items?limit=2");
            Assert.Equal(["a \"b\""], page.Features()[0].GetProperty("properties").EnumerateObject().Select(property => property.Name));
            Assert.Equal(2, (await server.JsonAsync(page.Href("next"))).Features().Length);
            Assert.Equal(200, (await server.Anonymous().GetAsync(page.Href("alternate"))).Status);
        }
        finally
        {
            await server.Database.AdministerAsync("DROP VIEW share.\"Odd \"\"layer\"\"\"");
            await Eventually.GetAsync(() => server.Anonymous().GetAsync(path), answer => answer.Status == 404, "the layer is gone");
        }
    }

    [Fact]
    [Requirement("features-1", "core/fc-md-extent", "core/fc-md-extent-multi", "core/sfc-md-op", "core/sfc-md-success")]
    public async Task Req_16_fc_md_extent_covers_the_data_and_17_sfc_md_a_layer_alone_is_as_in_the_list()
    {
        foreach (JsonElement listed in (await server.JsonAsync("/ogc/collections")).GetProperty("collections").EnumerateArray())
        {
            string id = listed.GetProperty("id").GetString()!;
            JsonElement alone = await server.JsonAsync($"/ogc/collections/{id}");
            foreach (string member in new[] { "id", "title", "description", "extent", "itemType", "crs", "storageCrs" })
            {
                Assert.Equal(listed.GetProperty(member).GetRawText(), alone.GetProperty(member).GetRawText());
            }

            // Alone it has every link that it has in the list.
            Assert.Superset(
                new HashSet<string>(listed.GetProperty("links").EnumerateArray().Select(link => $"{link.GetProperty("rel")} {link.GetProperty("type")} {link.GetProperty("href")}")),
                new HashSet<string>(alone.GetProperty("links").EnumerateArray().Select(link => $"{link.GetProperty("rel")} {link.GetProperty("type")} {link.GetProperty("href")}")));
            double[] box = [.. listed.GetProperty("extent").GetProperty("spatial").GetProperty("bbox")[0].EnumerateArray().Select(edge => edge.GetDouble())];
            if (await server.Database.CountAsync($"share.\"{id}\"") == 0)
            {
                // Nobody has closed a street yet.
                continue;
            }

            double[] data = await server.Database.ReadAsync<double[]>(
                $"SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] FROM (SELECT ST_Extent(ST_Transform(geom, 4326)) e FROM share.\"{id}\") t");
            // There and back through the web mercator is exact to a billionth of a degree.
            const double exact = 1e-9;
            Assert.True(
                box[0] <= data[0] + exact && box[1] <= data[1] + exact && box[2] >= data[2] - exact && box[3] >= data[3] - exact,
                $"{id}: {string.Join(",", box)} / {string.Join(",", data)}");
        }
    }

    [Fact]
    [Requirement("features-1", "core/fc-op", "core/fc-response", "core/f-op", "core/f-success", "core/f-links", "geojson/definition", "geojson/content")]
    public async Task Req_18_fc_op_every_layer_gives_features_in_geojson_and_28_f_op_each_stands_alone_too()
    {
        foreach (string id in await server.LayersAsync())
        {
            Answer answer = await server.Anonymous().GetAsync($"/ogc/collections/{id}/items?limit=3");
            Assert.Equal("application/geo+json", answer.Response.Content.Headers.ContentType?.ToString());
            JsonElement page = answer.Read<JsonElement>();
            Assert.Equal("FeatureCollection", page.GetProperty("type").GetString());
            // Nobody has closed a street yet.
            Assert.True(page.Features().Length > 0 || id == "closures", id);
            foreach (JsonElement feature in page.Features())
            {
                string featureId = feature.GetProperty("id").ToString();
                Answer one = await server.Anonymous().GetAsync($"/ogc/collections/{id}/items/{featureId}");
                Assert.Equal("application/geo+json", one.Response.Content.Headers.ContentType?.ToString());
                JsonElement alone = one.Read<JsonElement>();
                Assert.Equal(("Feature", featureId), (alone.GetProperty("type").GetString(), alone.GetProperty("id").ToString()));
                Assert.True(JsonElement.DeepEquals(feature.GetProperty("geometry"), alone.GetProperty("geometry")));
                Assert.True(JsonElement.DeepEquals(feature.GetProperty("properties"), alone.GetProperty("properties")));
                foreach ((string rel, string type) in new[] { ("self", "application/geo+json"), ("alternate", "text/html"), ("collection", "application/json") })
                {
                    Assert.NotNull(alone.Link(rel, type));
                }
            }
        }

        (await server.Anonymous().GetAsync($"{Pois}/items/99999999")).MustRefuse(404, "feature.unknown");
    }

    [Fact]
    [Requirement("features-1", "core/fc-limit-definition", "core/fc-bbox-definition", "core/fc-time-definition")]
    public async Task Req_19_fc_limit_definition_and_21_bbox_23_time_stand_in_the_description()
    {
        JsonElement api = (await server.GetAsync("/ogc/api", "application/vnd.oai.openapi+json;version=3.0")).Read<JsonElement>();
        Assert.StartsWith("3.0.", api.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        JsonElement parameters = api.GetProperty("components").GetProperty("parameters");
        Assert.Equal("""{"type":"integer","minimum":1,"maximum":1000000,"default":100}""", parameters.GetProperty("limit").GetProperty("schema").GetRawText());
        JsonElement bbox = parameters.GetProperty("bbox");
        Assert.Equal("""{"type":"array","minItems":4,"maxItems":6,"items":{"type":"number"}}""", bbox.GetProperty("schema").GetRawText());
        Assert.Equal(("form", false), (bbox.GetProperty("style").GetString(), bbox.GetProperty("explode").GetBoolean()));
        JsonElement paths = api.GetProperty("paths");
        Assert.True(paths.TryGetProperty("/conformance", out _));
        Assert.All(await server.LayersAsync(), id => Assert.True(paths.TryGetProperty($"/collections/{id}/items", out _)));
        // Every reference leads somewhere.
        var references = new Regex(
            "\"#/components/(?<kind>[a-z]+)/(?<name>[A-Za-z-]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        Assert.NotEmpty(references.Matches(api.GetRawText()));
        foreach (Match reference in references.Matches(api.GetRawText()))
        {
            JsonElement kind = api.GetProperty("components").GetProperty(reference.Groups["kind"].Value);
            Assert.True(kind.TryGetProperty(reference.Groups["name"].Value, out _), reference.Value);
        }
    }

    [Fact]
    [Requirement("features-1", "core/fc-limit-response-1")]
    public async Task Req_20_fc_limit_response_never_gives_more_and_above_the_maximum_gives_the_maximum()
    {
        Assert.Single((await server.JsonAsync($"{Pois}/items?limit=1")).Features());
        Assert.Equal(100, (await server.JsonAsync("/ogc/collections/buildings/items")).Features().Length);
        long all = await server.Database.CountAsync("share.buildings");
        Assert.True(all > 20_000, $"{all} buildings");
        foreach ((string limit, long most) in new[] { ("10000", 10_000), ("20000", 20_000), ("1000001", all), ("99999999999999999999", all) })
        {
            JsonElement page = await server.JsonAsync($"/ogc/collections/buildings/items?limit={limit}");
            Assert.Equal(most, page.Features().Select(feature => feature.GetProperty("id").GetInt64()).Distinct().Count());
            Assert.Equal(most, page.GetProperty("numberReturned").GetInt64());
            Assert.Equal(most < all, page.Link("next") is not null);
        }
    }

    [Theory]
    [InlineData("118.45,37.4,118.65,37.5")]
    [InlineData("118.45,37.4,-10,118.65,37.5,8000")]
    [InlineData("-180,-90,180,90")]
    [Requirement("features-1", "core/fc-bbox-response")]
    public async Task Req_22_fc_bbox_response_gives_what_intersects_and_nothing_else(string bbox)
    {
        string[] numbers = bbox.Split(',');
        string envelope = numbers.Length == 4 ? bbox : string.Join(',', numbers[0], numbers[1], numbers[3], numbers[4]);
        foreach (string id in new[] { "pois", "streets", "boundaries" })
        {
            long expected = await server.Database.CountAsync(
                $"share.{id} WHERE ST_Intersects(ST_Transform(geom, 4326), ST_MakeEnvelope({envelope}, 4326))");
            Assert.Equal(expected, (await AllAsync($"/ogc/collections/{id}/items?limit=10000&bbox={bbox}")).Count);
        }
    }

    [Fact]
    public async Task Req_22_fc_bbox_response_a_box_without_width_is_a_point()
    {
        long expected = await server.Database.CountAsync(
            "share.boundaries WHERE ST_Intersects(ST_Transform(geom, 4326), ST_SetSRID(ST_Point(118.5, 37.45), 4326))");
        Assert.NotEqual(0, expected);
        Assert.Equal(expected, (await server.JsonAsync("/ogc/collections/boundaries/items?bbox=118.5,37.45,118.5,37.45")).Features().Length);
    }

    [Theory]
    [InlineData("-1.5,50,1.5,53")]
    [InlineData("-80,-5,-70,5")]
    [InlineData("177,65,-177,70")]
    [InlineData("-180,85,180,90")]
    [InlineData("-180,-90,180,-85")]
    [InlineData("0,90,0,90")]
    public async Task Req_22_fc_bbox_response_far_from_the_city_nothing_lies(string bbox) =>
        Assert.Empty((await server.JsonAsync($"{Pois}/items?bbox={bbox}")).Features());

    [Fact]
    public async Task Req_22_fc_bbox_response_a_box_may_cross_the_antimeridian() =>
        // Eastwards from 118° E round the world to 100° E.
        Assert.Equal(await server.Database.CountAsync("share.pois"), (await AllAsync($"{Pois}/items?limit=10000&bbox=118,30,100,40")).Count);

    [Theory]
    [InlineData("2018-02-12T23:20:50Z")]
    [InlineData("2018-02-12t23:20:50.5z")]
    [InlineData("2018-02-12T23:20:50%2B08:00")]
    [InlineData("2018-02-12T00:00:00Z/2018-03-18T12:31:12Z")]
    [InlineData("../2018-03-18T12:31:12Z")]
    [InlineData("2018-02-12T00:00:00Z/..")]
    [InlineData("/2018-03-18T12:31:12Z")]
    [InlineData("2018-02-12T00:00:00Z/")]
    [InlineData("0000-01-01T00:00:00Z/2018-03-18T12:31:12Z")]
    [Requirement("features-1", "core/fc-time-response", "core/fc-time-definition")]
    public async Task Req_24_fc_time_response_features_without_a_time_are_always_selected(string datetime) =>
        Assert.NotEmpty((await server.JsonAsync($"{Pois}/items?datetime={datetime}")).Features());

    [Fact]
    [Requirement("features-1", "core/fc-links", "core/fc-rel-type", "core/fc-timeStamp", "core/fc-numberMatched", "core/fc-numberReturned")]
    public async Task Req_25_fc_links_to_27_number_returned_and_time_stamp_are_true_on_every_page()
    {
        long count = await server.Database.CountAsync("share.pois");
        long seen = 0;
        for (string? next = $"{Pois}/items?limit=100"; next is not null;)
        {
            JsonElement page = await server.JsonAsync(next);
            Assert.Equal(page.Features().Length, page.GetProperty("numberReturned").GetInt32());
            Assert.True((DateTimeOffset.UnixEpoch - page.GetProperty("timeStamp").GetDateTimeOffset()).TotalDays < -365);
            Assert.All(page.GetProperty("links").EnumerateArray(), link => Assert.True(link.TryGetProperty("type", out _)));
            Assert.Equal("application/geo+json", page.Link("self")!.Value.GetProperty("type").GetString());
            Assert.Equal(200, (await server.Anonymous().GetAsync(page.Href("alternate", "text/html"))).Status);
            seen += page.Features().Length;
            next = page.Link("next")?.GetProperty("href").GetString();
        }

        Assert.Equal(count, seen);
    }

    [Theory]
    [InlineData("pois", "kind=hospital", "kind = 'hospital'")]
    [InlineData("streets", "kind=primary", "kind = 'primary'")]
    [InlineData("streets", "kind=primary&oneway=true", "kind = 'primary' AND oneway")]
    [InlineData("buildings", "id=17", "id = 17")]
    [InlineData("boundaries", "admin_level=6", "admin_level = 6")]
    [InlineData("pois", "kind=", "kind = ''")]
    public async Task A_property_is_asked_for_by_equality(string id, string filter, string sql) =>
        Assert.Equal(await server.Database.CountAsync($"share.{id} WHERE {sql}"), (await AllAsync($"/ogc/collections/{id}/items?limit=10000&{filter}")).Count);

    [Fact]
    [Requirement("features-1", "html/definition", "html/content")]
    public async Task Req_html_content_every_path_is_a_page_with_all_its_data_and_links()
    {
        JsonElement first = (await server.JsonAsync($"{Pois}/items?limit=1")).Features()[0];
        foreach (string path in new[] { "/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", Pois, $"{Pois}/items", $"{Pois}/items/{first.GetProperty("id")}" })
        {
            Answer page = await server.GetAsync(path, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
            Assert.Equal((200, "text/html"), (page.Status, page.Response.Content.Headers.ContentType?.MediaType));
            Assert.Contains("<a ", page.Text, StringComparison.Ordinal);
            Assert.Contains("charset=\"utf-8\"", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
            if (path.Contains("/items", StringComparison.Ordinal))
            {
                Assert.Contains(first.GetProperty("properties").GetProperty("name").GetString()!, page.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_page_shows_markup_in_the_data_as_text()
    {
        const long id = 77_000_001;
        await server.Database.AdministerAsync(
            $"INSERT INTO city.poi (id, kind, name, synthetic, geom) VALUES ({id}, 'x\"><script>', '<script>alert(1)</script>', true, ST_SetSRID(ST_Point(118.5, 37.5), 4326))");
        foreach (string path in new[] { $"{Pois}/items?f=html&id={id}", $"{Pois}/items/{id}?f=html" })
        {
            Answer page = await server.Anonymous().GetAsync(path);
            Assert.Equal(200, page.Status);
            Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;alert(1)", page.Text, StringComparison.Ordinal);
        }

        await server.Database.AdministerAsync($"DELETE FROM city.poi WHERE id = {id}");
    }

    private async Task<List<JsonElement>> AllAsync(string path)
    {
        var all = new List<JsonElement>();
        for (string? next = path; next is not null;)
        {
            JsonElement page = await server.JsonAsync(next);
            all.AddRange(page.Features());
            next = page.Link("next")?.GetProperty("href").GetString();
        }

        return all;
    }
}
