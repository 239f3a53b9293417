using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Sharing.Filters;
using GeoDispatch.Sharing.Tests.Filters;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>The requirements of OGC API – Features Part 3 and of CQL2, one by one, by the names that the standards give them.</summary>
[Collection(typeof(Filtered))]
public sealed class FilterTests(FilteredServer filtered, ITestOutputHelper output)
{
    private const string Things = "/ogc/collections/things";
    private readonly RunningServer server = filtered.Server;

    [Fact]
    [Requirement("features-3", "queryables/get-queryables-op", "queryables/get-queryables-response")]
    public async Task Req_queryables_get_queryables_op_and_response_the_schema_types_each_property()
    {
        Answer answer = await server.Anonymous().GetAsync($"{Things}/queryables");
        Assert.Equal("application/schema+json", answer.Response.Content.Headers.ContentType?.ToString());
        JsonElement schema = answer.Read<JsonElement>();
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.GetProperty("$schema").GetString());
        Assert.Equal($"{server.Address}ogc/collections/things/queryables", schema.GetProperty("$id").GetString());
        Assert.Equal("object", schema.GetProperty("type").GetString());
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(
            """
            {"geom":{"format":"geometry-point","x-ogc-role":"primary-geometry"},"id":{"type":"integer","x-ogc-role":"id"},"name":{"type":"string"},"rank":{"type":"integer"},"size":{"type":"number"},"open":{"type":"boolean"},"day":{"type":"string","format":"date","x-ogc-role":"primary-instant"},"seen":{"type":"string","format":"date-time"},"tags":{"type":"array","items":{"type":"string"}}}
            """.Trim(),
            schema.GetProperty("properties").GetRawText());
        Answer head = await server.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Things}/queryables"));
        Assert.Equal((200, ""), (head.Status, head.Text));
        Answer page = await server.GetAsync($"{Things}/queryables", "text/html");
        Assert.Equal("text/html", page.Response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("geometry-point", page.Text, StringComparison.Ordinal);
        (await server.Anonymous().GetAsync("/ogc/collections/none/queryables")).MustRefuse(404, "collection.unknown");
        (await server.Anonymous().GetAsync($"{Things}/queryables?x=1")).MustRefuse(400, "features.bad_query");
    }

    [Fact]
    [Requirement("features-3", "queryables/queryables-link", "features-filter/queryables-link")]
    public async Task Req_queryables_queryables_link_and_features_filter_queryables_link_lead_to_the_schema()
    {
        const string relation = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
        string href = (await server.JsonAsync(Things)).Href(relation, "application/schema+json");
        Assert.Equal(200, (await server.Anonymous().GetAsync(href)).Status);
        Answer head = await server.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Things}/items"));
        string link = Assert.Single(head.Response.Headers.GetValues("Link"));
        Assert.Equal($"<{server.Address}ogc/collections/things/queryables>; rel=\"{relation}\"; type=\"application/schema+json\"", link);
    }

    [Theory]
    [InlineData("this_is_not_a_queryable IS NULL")]
    [InlineData("secret IS NULL")]
    [Requirement("features-3", "queryables/expression-construction", "queryables/get-queryables-response")]
    public async Task Req_queryables_expression_construction_nothing_but_queryables_stands_in_a_filter(string filter) =>
        (await AskAsync("things", filter)).MustRefuse(400, "filter.unknown_property");

    [Theory]
    [InlineData("name=物3", "name = '物3'")]
    [InlineData("rank=2", "rank = 2")]
    [InlineData("size=1.2", "size = 1.2::real")]
    [InlineData("open=true", "open")]
    [InlineData("day=2026-01-06", "day = '2026-01-06'")]
    [InlineData("seen=2026-03-01T05:00:00Z", "id = 5")]
    [InlineData("seen=2026-03-01T13:00:00%2B08:00", "id = 5")]
    [Requirement("features-3", "queryables-query-parameters/parameters")]
    public async Task Req_queryables_query_parameters_parameters_each_scalar_is_a_parameter(string query, string sql)
    {
        long expected = await server.Database.CountAsync($"things WHERE {sql}");
        Assert.NotEqual(0, expected);
        Assert.Equal(expected, (await server.JsonAsync($"{Things}/items?{query}")).Features().Length);
    }

    [Theory]
    [InlineData("rank=first")]
    [InlineData("open=1")]
    [InlineData("day=2026-13-01")]
    [InlineData("seen=yesterday")]
    [InlineData("tags=t1")]
    [InlineData("secret=1")]
    public async Task Req_queryables_query_parameters_parameters_a_wrong_type_is_refused(string query) =>
        (await server.Anonymous().GetAsync($"{Things}/items?{query}")).MustRefuse(400, "features.bad_query");

    [Theory]
    [InlineData("THIS IS NOT A FILTER", "filter.malformed")]
    [InlineData("", "filter.malformed")]
    [InlineData("rank", "filter.type")]
    [InlineData("rank = 'two'", "filter.type")]
    [InlineData("nothing(rank) = 1", "filter.unknown_function")]
    [Requirement("features-3", "filter/filter-param", "features-filter/filter-param")]
    public async Task Req_filter_filter_param_what_is_no_filter_is_refused(string filter, string code) =>
        Assert.Equal("filter", (await AskAsync("things", filter)).MustRefuse(400, code).Problem.GetProperty("field").GetString());

    [Fact]
    [Requirement("features-3", "filter/filter-lang-param")]
    public async Task Req_filter_filter_lang_param_is_text_unless_it_says_json()
    {
        const string json = """{"op":"=","args":[{"property":"rank"},2]}""";
        long expected = await server.Database.CountAsync("things WHERE rank = 2");
        Assert.Equal(expected, await CountAsync("things", "rank=2"));
        Assert.Equal(expected, await CountAsync("things", "rank=2", "&filter-lang=cql2-text"));
        Assert.Equal(expected, await CountAsync("things", json, "&filter-lang=cql2-json"));
        (await AskAsync("things", json)).MustRefuse(400, "filter.malformed");
        (await AskAsync("things", "rank=2", "&filter-lang=cql2-json")).MustRefuse(400, "filter.malformed");
        (await AskAsync("things", "rank=2", "&filter-lang=ecql")).MustRefuse(400, "features.bad_query");
        (await server.Anonymous().GetAsync($"{Things}/items?filter-lang=ecql")).MustRefuse(400, "features.bad_query");
    }

    [Theory]
    [InlineData("S_INTERSECTS(geom,BBOX(0,0,1000000,10))")]
    [InlineData("S_INTERSECTS(geom,POINT(90 180))")]
    [InlineData("S_INTERSECTS(geom,MULTIPOINT(7.02 49.92, 90 180))")]
    [Requirement("features-3", "filter/filter-crs-wgs84")]
    public async Task Req_filter_filter_crs_wgs84_without_a_system_it_is_CRS84_and_its_range(string filter)
    {
        (await AskAsync("things", filter)).MustRefuse(400, "filter.outside");
        Assert.Equal(
            await server.Database.CountAsync("things WHERE ST_Intersects(geom, ST_Transform(ST_MakeEnvelope(118.1, 37, 118.5, 38, 4326), 3857))"),
            await CountAsync("things", "S_INTERSECTS(geom,BBOX(118.1,37,118.5,38))"));
    }

    [Theory]
    [MemberData(nameof(CrsTests.Systems), MemberType = typeof(CrsTests))]
    [Requirement("features-3", "filter/filter-crs-param")]
    public async Task Req_filter_filter_crs_param_geometries_are_read_in_the_system_and_its_axis_order(string uri, int srid, bool yFirst)
    {
        string Pair(double x, double y) => FormattableString.Invariant($"{(yFirst ? y : x):R} {(yFirst ? x : y):R}");
        const string square = "ST_MakeEnvelope(118.205, 37.0, 118.555, 38, 4326)";
        double[] e = await server.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] FROM (SELECT ST_Transform({square}, {srid}) e) t");
        string polygon = $"POLYGON(({Pair(e[0], e[1])},{Pair(e[2], e[1])},{Pair(e[2], e[3])},{Pair(e[0], e[3])},{Pair(e[0], e[1])}))";
        string box = $"BBOX({Pair(e[0], e[1]).Replace(' ', ',')},{Pair(e[2], e[3]).Replace(' ', ',')})";
        long expected = await server.Database.CountAsync(FormattableString.Invariant(
            $"things WHERE ST_Intersects(ST_Transform(geom, {srid}), ST_MakeEnvelope({e[0]}, {e[1]}, {e[2]}, {e[3]}, {srid}))"));
        Assert.InRange(expected, 15, 20);
        string system = $"&filter-crs={Uri.EscapeDataString(uri)}";
        Assert.Equal(expected, await CountAsync("things", $"S_INTERSECTS(geom,{box})", system));
        Assert.Equal(expected, await CountAsync("things", $"S_WITHIN(geom,{polygon})", system));
        Assert.Equal(expected, await CountAsync("things", Json($"S_INTERSECTS({polygon},geom)"), $"{system}&filter-lang=cql2-json"));
        (await AskAsync("things", "S_INTERSECTS(geom,POINT(1e9 1e9))", system)).MustRefuse(400, "filter.outside");
    }

    [Fact]
    public async Task Req_filter_filter_crs_param_an_unsupported_system_is_refused() =>
        (await AskAsync("things", "rank=2", "&filter-crs=http://www.opengis.net/def/crs/OGC/0/does_not_exist")).MustRefuse(400, "features.bad_query");

    [Fact]
    [Requirement("features-3", "filter/mixing-expressions", "filter/response", "features-filter/response")]
    public async Task Req_filter_mixing_expressions_and_response_everything_holds_together_and_null_is_not_true()
    {
        const string more = "&bbox=118,37,119,38&datetime=2026-01-10/..&open=true&limit=10000";
        const string sql = "things WHERE open AND (geom && ST_Transform(ST_MakeEnvelope(118, 37, 119, 38, 4326), 3857) OR geom IS NULL) AND (day >= '2026-01-10' OR day IS NULL)";
        Assert.Equal(await server.Database.CountAsync($"{sql} AND rank < 2"), await CountAsync("things", "rank < 2", more));
        Assert.Equal(await server.Database.CountAsync($"{sql} AND NOT rank < 2"), await CountAsync("things", "NOT rank < 2", more));
        Assert.Equal(await server.Database.CountAsync($"{sql} AND rank IS NULL"), await CountAsync("things", "rank IS NULL", more));
        Assert.NotEqual(0, await server.Database.CountAsync($"{sql} AND rank IS NULL"));
        Assert.Equal(0, await CountAsync("things", "false"));
        Assert.Equal(60, await CountAsync("things", "true"));
    }

    [Requirement("features-1", "core/fc-md-extent")]
    [Fact]
    public async Task Req_16_fc_md_extent_covers_what_lies_outside_of_the_city_too()
    {
        foreach (JsonElement layer in new[] { await server.JsonAsync(Things), (await server.JsonAsync("/ogc/collections")).GetProperty("collections").EnumerateArray().Single(static one => one.GetProperty("id").GetString() == "things") })
        {
            double[] box = [.. layer.GetProperty("extent").GetProperty("spatial").GetProperty("bbox")[0].EnumerateArray().Select(static edge => edge.GetDouble())];
            double[] union = await server.Database.ReadAsync<double[]>(
                """
                SELECT ARRAY[least(ST_XMin(e), west), least(ST_YMin(e), south), greatest(ST_XMax(e), east), greatest(ST_YMax(e), north)]
                FROM (SELECT ST_Extent(ST_Transform(geom, 4326)) e FROM things) t, share.profile
                """);
            Assert.True(union[0] < 118.05, $"{union[0]} lies west of the city");
            Assert.Equal(union, box, static (one, other) => Math.Abs(one - other) < 1e-9);
        }
    }

    [Fact]
    public async Task A_filter_goes_on_from_page_to_page()
    {
        var seen = new List<int>();
        for (string? next = $"{Things}/items?limit=7&filter={Uri.EscapeDataString("rank = 1 OR name LIKE '物%'")}"; next is not null;)
        {
            JsonElement page = await server.JsonAsync(next);
            seen.AddRange(page.Features().Select(feature => feature.GetProperty("id").GetInt32()));
            next = page.Link("next")?.GetProperty("href").GetString();
        }

        Assert.Equal(await server.Database.ListAsync<int>("SELECT id FROM things WHERE rank = 1 OR name LIKE '物%' ORDER BY id"), seen);
    }

    public static TheoryData<string> Sections => AnnexPredicates.Sections;

    /// <summary>Conformance classes of CQL2, each by the predicates of its abstract tests, as text and as JSON.</summary>
    [Theory]
    [MemberData(nameof(Sections))]
    [Requirement(
        "cql2", "basic-cql2/cql2-filter", "basic-cql2/property", "basic-cql2/binary-comparison-predicate", "basic-cql2/null-predicate",
        "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison", "basic-spatial-functions",
        "basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "property-property", "arithmetic", "cql2-json")]
    public async Task Predicates_give_as_many_features_as_the_standard_says(string section)
    {
        FilteredServer.NeedAnnex();
        IReadOnlyList<AnnexPredicate> predicates = AnnexPredicates.Of(section);
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(predicates, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (predicate, _) =>
        {
            foreach ((string filter, string language) in new[] { (predicate.Text, "cql2-text"), (Json(predicate.Text), "cql2-json") })
            {
                Answer answer = await AskAsync(FilteredServer.Annex[predicate.Collection], filter, $"&limit=10000&filter-lang={language}");
                string found = answer.Status == 200 ? answer.Read<JsonElement>().GetProperty("numberReturned").ToString() : answer.Text;
                if (found != predicate.Count)
                {
                    wrong.Add($"{filter} of {predicate.Collection}: {found}, not {predicate.Count}");
                }
            }
        });
        output.WriteLine($"{predicates.Count} predicates");
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(@"'it''s' = 'it\'s'")]
    [InlineData(@"'\a\b\t\n\v\f\r' LIKE '_______'")]
    [InlineData(@"'\t' <> 't'")]
    [InlineData(@"'\\' LIKE '_'")]
    [InlineData(@"'100%' LIKE '100\%' AND NOT '1000' LIKE '100\%'")]
    [Requirement("cql2", "cql2-text/escaping")]
    public async Task Req_cql2_text_escaping_a_quote_and_a_backslash_are_read_as_what_they_stand_for(string filter) => Assert.Equal(60, await CountAsync("things", filter));

    [Theory]
    [InlineData("rank BETWEEN 5 AND 1", "false")]
    [InlineData("rank BETWEEN 1 AND 5", "rank BETWEEN 1 AND 5")]
    [InlineData("name LIKE ''", "false")]
    [InlineData("CASEI('Straße') = casei('STRASSE')", "true")]
    [InlineData("CASEI('ΜΆΪΟΣ') = CASEI('μάϊος')", "true")]
    [InlineData("ACCENTI(CASEI('Ünïcödé')) = CASEI(ACCENTI('UNICODE'))", "true")]
    [InlineData("-2^2 = 4 AND 2+3*4 = 14 AND 7 div 2 = 3 AND 7 % 4 = 3 AND 2*3^2 = 18", "true")]
    [InlineData("rank*0 = 1 OR rank*0 = 0", "rank IS NOT NULL")]
    [InlineData("NOT true AND false OR true", "true")]
    [InlineData("tRuE oR rank = 1", "true")]
    [InlineData("rank Is nOt nUlL", "rank IS NOT NULL")]
    [InlineData("NOT (rank = 1)", "rank <> 1")]
    [InlineData("\"rank\" = 1 AND (\"name\" IS NULL OR \"name\" <> 'x')", "rank = 1")]
    [InlineData("S_INTERSECTS(geom,BBOX(170,0,-170,90))", "false")]
    [InlineData("S_INTERSECTS(geom,BBOX(118.1,37,0,118.5,38,9))", "ST_Intersects(geom, ST_Transform(ST_MakeEnvelope(118.1, 37, 118.5, 38, 4326), 3857))")]
    [Requirement(
        "cql2", "basic-cql2/cql2-filter", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
        "basic-spatial-functions", "temporal-functions", "property-property", "arithmetic")]
    public async Task Req_cql2_what_is_easily_taken_wrongly_is_taken_rightly(string filter, string sql) =>
        Assert.Equal(await server.Database.CountAsync($"things WHERE {sql}"), await CountAsync("things", filter));

    [Theory]
    [InlineData("T_CONTAINS(day,DATE('2026-01-05'))")]
    [InlineData("T_DURING(seen,TIMESTAMP('2026-03-01T05:00:00Z'))")]
    [InlineData("T_MEETS(day,INTERVAL('2026-01-01','2026-02-01'))")]
    public async Task Req_temporal_functions_what_compares_intervals_takes_no_instant(string filter) => (await AskAsync("things", filter)).MustRefuse(400, "filter.type");

    [Theory]
    [InlineData("A_EQUALS(tags,('u1','t1','t1'))", "tags @> '{t1,u1}'")]
    [InlineData("A_CONTAINS(tags,('t1'))", "'t1' = ANY(tags)")]
    [InlineData("A_CONTAINEDBY(tags,('t1','u1','u2'))", "tags <@ '{t1,u1,u2}'")]
    [InlineData("A_OVERLAPS(tags,('u0','u1'))", "tags && '{u0,u1}'")]
    [Requirement("cql2", "array-functions", "cql2-json")]
    public async Task Array_functions_compare_sets(string filter, string sql)
    {
        long expected = await server.Database.CountAsync($"things WHERE {sql}");
        Assert.NotEqual(0, expected);
        Assert.Equal(expected, await CountAsync("things", filter));
        Assert.Equal(expected, await CountAsync("things", Json(filter), "&filter-lang=cql2-json"));
    }

    [Fact]
    [Requirement("cql2", "basic-cql2/cql2-filter", "basic-cql2/null-predicate")]
    public async Task Opposite_predicates_give_disjoint_features_and_the_world_holds_all()
    {
        async Task<HashSet<int>> Ids(string filter) =>
            [.. (await AskAsync("things", filter, "&limit=10000")).Read<JsonElement>().Features().Select(feature => feature.GetProperty("id").GetInt32())];
        foreach ((string one, string other) in new[]
                 {
                     ("name = '物3'", "name <> '物3'"), ("rank > 1", "rank <= 1"), ("size < 3", "size >= 3"), ("day IS NULL", "day IS NOT NULL"),
                 })
        {
            (HashSet<int> left, HashSet<int> right) = (await Ids(one), await Ids(other));
            Assert.NotEmpty(left);
            Assert.NotEmpty(right);
            Assert.Empty(left.Intersect(right));
        }

        Assert.Equal(await Ids("name LIKE '%'"), await Ids("name LIKE '%%'"));
        Assert.Empty(await Ids("S_DISJOINT(geom,BBOX(-180,-90,180,90))"));
        Assert.Empty(await Ids("S_DISJOINT(geom,POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90)))"));
        Assert.Equal(59, (await Ids("S_WITHIN(geom,BBOX(-180,-90,180,90))")).Count);
    }

    [Theory]
    [InlineData("2^(rank*9999) > 1")]
    [InlineData("size^9999 > 1")]
    public async Task What_cannot_be_computed_is_refused(string filter) => (await AskAsync("things", filter)).MustRefuse(400, "filter.not_computable");

    [Fact]
    public async Task A_division_by_nothing_has_no_value() => Assert.Equal(0, await CountAsync("things", "1/(rank-rank) > 0"));

    private const string LockedByWfs = "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=locked&RESULTTYPE=hits&FILTER=<fes:Filter xmlns:fes='http://www.opengis.net/fes/2.0'><fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>slow</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>";

    [Theory]
    [InlineData("/ogc/collections/locked/items?filter=name%20=%20'slow'", "application/problem+json", "\"query.too_slow\"")]
    [InlineData(LockedByWfs, "text/xml", "exceptionCode=\"NoApplicableCode\" locator=\"query.too_slow\"")]
    public async Task A_query_that_takes_too_long_is_told_by_every_protocol_to_ask_for_less(string path, string form, string said)
    {
        Assert.Equal(200, (await server.Anonymous().GetAsync("/ogc/collections/locked/items")).Status);
        await using var connection = new NpgsqlConnection(server.Database.AdminConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("LOCK TABLE public.locked IN ACCESS EXCLUSIVE MODE", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Task<Answer> waiting = server.Anonymous().GetAsync(path);
        // The same that happens when the time is over.
        await Eventually.GetAsync(
            () => server.Database.CountAsync("(SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%share.\"locked\"%name%' AND wait_event_type = 'Lock' AND state = 'active') t"),
            cancelled => cancelled > 0, "the query waits");
        Answer answer = await waiting;
        Assert.Equal((503, "5", form), (answer.Status, answer.Response.Headers.RetryAfter?.ToString(), answer.Response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(said, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ogc/collections/faulty/items", "server.fault")]
    [InlineData("/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=faulty", "exceptionCode=\"NoApplicableCode\" locator=\"server.fault\"")]
    public async Task A_fault_of_the_product_is_not_told_as_a_database_that_is_away(string path, string said)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.Equal((500, null), (answer.Status, answer.Response.Headers.RetryAfter));
        Assert.Contains(said, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody expects", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nesting")]
    [InlineData("sum")]
    [InlineData("list")]
    [InlineData("points")]
    [InlineData("million")]
    public async Task What_is_too_large_is_refused_at_once(string kind)
    {
        string filter = kind switch
        {
            "nesting" => new string('(', 10_000) + "true" + new string(')', 10_000),
            "sum" => $"rank = 1{string.Concat(Enumerable.Repeat("+1", 10_000))}",
            "list" => $"rank IN ({string.Join(',', Enumerable.Range(0, 9_000))})",
            "points" => $"S_INTERSECTS(geom,LINESTRING({string.Join(',', Enumerable.Range(0, 100_000).Select(i => "1 1"))}))",
            _ => $"S_INTERSECTS(geom,LINESTRING({string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => "1 1"))}))",
        };
        using var http = new HttpClient { BaseAddress = server.Address };
        // HttpClient makes no longer addresses; whoever does is cut off at the same length.
        string path = $"{Things}/items?filter={Uri.EscapeDataString(filter.Length > 60_000 ? filter[..60_000] : filter)}";
        long began = Environment.TickCount64;
        using HttpResponseMessage response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains((int)response.StatusCode, new[] { 400, 414 });
        Assert.InRange(Environment.TickCount64 - began, 0, 5_000);
    }

    private static string Json(string text) => Cql2Writer.ToJson(Cql2Text.Parse(text).Filter!);

    private Task<Answer> AskAsync(string layer, string filter, string more = "") =>
        server.Anonymous().GetAsync($"/ogc/collections/{layer}/items?filter={Uri.EscapeDataString(filter)}{more}");

    private async Task<int> CountAsync(string layer, string filter, string more = "") =>
        (await AskAsync(layer, filter, more)).Read<JsonElement>().GetProperty("numberReturned").GetInt32();
}
