using System.Globalization;
using System.Text.Json;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Host.Tests.Tiles;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Access;

/// <summary>What administrators set, from when on it holds, and what is known afterwards of who read.</summary>
[Collection("access")]
public sealed class RuleTests(RuledServer ruled)
{
    private sealed record Row(string Code, string Field, string Layer, object Body, int Status = 400);

    private static readonly Dictionary<string, Row> Table = new(StringComparer.Ordinal)
    {
        ["layer that does not exist"] = new("layer.unknown", "id", "nothing", new { }, 404),
        ["department that does not exist"] = new("department.unknown", "department", "by_rows", new { department = "moon" }),
        ["role that does not exist"] = new("layer.bad_field", "role", "by_rows", new { role = "king" }),
        ["role that reads everything anyway"] = new("layer.bad_field", "role", "by_rows", new { role = "administrator" }),
        ["rows that nobody can read"] = new("filter.malformed", "rows", "by_rows", new { rows = "level <" }),
        ["rows by a column that is not there"] = new("filter.unknown_property", "rows", "by_rows", new { rows = "height > 3" }),
        ["rows that cannot be computed"] = new("layer.bad_field", "rows", "by_rows", new { rows = "2 ^ (level * 120) > 0" }),
        ["rows without end"] = new("layer.bad_field", "rows", "by_rows", new { rows = new string('(', 2_001) }),
        ["column that is not there"] = new("rule.unknown_column", "hidden", "by_rows", new { hidden = new[] { "height" } }),
        ["column of no name"] = new("layer.bad_field", "masked", "by_rows", new { masked = new string?[] { null } }),
        ["column twice"] = new("layer.bad_field", "hidden", "by_rows", new { hidden = new[] { "phone", "phone" } }),
        ["column hidden and masked"] = new("layer.bad_field", "masked", "by_rows", new { hidden = new[] { "phone" }, masked = new[] { "phone" } }),
        ["too many columns"] = new("layer.bad_field", "hidden", "by_rows", new { hidden = Enumerable.Range(0, 201).Select(i => $"c{i}") }),
        ["hidden key"] = new("rule.needed_column", "hidden", "by_rows", new { hidden = new[] { "id" } }),
        ["masked place"] = new("rule.needed_column", "masked", "by_rows", new { masked = new[] { "geom" } }),
        ["area that is a point"] = new("layer.bad_field", "area", "by_rows", new { area = new { type = "Point", coordinates = new[] { 118.0, 37.0 } } }),
        ["area that crosses itself"] = new("layer.bad_field", "area", "by_rows", new { area = Ring([118, 37], [119, 38], [119, 37], [118, 38], [118, 37]) }),
        ["area beyond the world"] = new("layer.bad_field", "area", "by_rows", new { area = Ring([118, 37], [300, 37], [300, 38], [118, 38], [118, 37]) }),
        ["area of words"] = new("layer.bad_field", "area", "by_rows", new { area = new { type = "Polygon", coordinates = "here" } }),
        ["end before the beginning"] = new("layer.bad_field", "validUntil", "by_rows", new { validFrom = "2026-02-01T00:00:00Z", validUntil = "2026-01-01T00:00:00Z" }),
    };

    private static object Ring(params double[][] corners) => new { type = "Polygon", coordinates = new[] { corners } };

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_rule_is_refused_with_its_field_and_changes_nothing(string name)
    {
        Row row = Table[name];
        string before = (await ruled.Admin.GetAsync("/api/admin/layers")).Text;
        Answer answer = (await ruled.PutAsync($"/api/admin/layers/{row.Layer}/rules", row.Body)).MustRefuse(row.Status, row.Code);
        Assert.Equal(row.Field, answer.Problem.GetProperty("field").GetString());
        Assert.Equal(before, (await ruled.Admin.GetAsync("/api/admin/layers")).Text);
    }

    [Fact]
    public async Task Rule_with_a_misspelt_member_is_refused_and_gives_nobody_more()
    {
        long before = await ruled.Server.Database.CountAsync("sharing.rule");
        Assert.Equal(400, (await ruled.PutAsync("/api/admin/layers/by_rows/rules", new { department = "fire", hiden = new[] { "phone" } })).Status);
        Assert.Equal(before, await ruled.Server.Database.CountAsync("sharing.rule"));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("dispatcher")]
    [InlineData("nobody")]
    [InlineData("program")]
    public async Task Nobody_but_administrators_sees_or_sets_rules(string who)
    {
        Assert.InRange((await ruled.AskAsync(who, "/api/admin/layers")).Status, 401, 403);
        Assert.InRange((await ruled.AskAsync(who, "/api/admin/layers/by_rows/reads")).Status, 401, 403);
    }

    [Fact]
    public async Task Search_finds_for_a_department_no_kind_of_places_that_the_map_does_not_show_it_whole()
    {
        string name = (await ruled.Server.Database.ListAsync<string>("SELECT name FROM city.poi ORDER BY id LIMIT 1"))[0];
        async Task<string[]> KindsAsync(string who, string words) =>
            [.. (await ruled.AskAsync(who, $"/api/places?q={Uri.EscapeDataString(words)}&limit=50")).Read<PlacesFound>().Places.Select(static place => place.Kind)];
        Assert.Contains("poi", await KindsAsync("officer", name));

        Guid rule = await ruled.SetRuleAsync("pois", new { department = "fire", rows = "id > 0" });
        Assert.DoesNotContain("poi", await KindsAsync("officer", name));
        // One letter is searched for by another query.
        Assert.DoesNotContain("poi", await KindsAsync("officer", name[..1]));
        Assert.Contains("street", await KindsAsync("officer", "黄河路"));
        Assert.Contains("poi", await KindsAsync("owner", name));
        Assert.Contains("poi", await KindsAsync("dispatcher", name));
        await ruled.RemoveRuleAsync("pois", rule);
        Assert.Contains("poi", await KindsAsync("officer", name));

        Assert.Equal(200, (await ruled.PutAsync("/api/admin/layers/pois", new { sharingClass = "not_shared" })).Status);
        Assert.DoesNotContain("poi", await KindsAsync("owner", name));
        Assert.Contains("poi", await KindsAsync("dispatcher", name));
        Assert.Equal(200, (await ruled.PutAsync("/api/admin/layers/pois", new { })).Status);
        Assert.Contains("poi", await KindsAsync("owner", name));
    }

    [Fact]
    public async Task Interface_of_the_rules_is_described()
    {
        JsonElement paths = (await ruled.Admin.ReadAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        foreach ((string path, string method) in new[]
        {
            ("/api/admin/layers", "get"), ("/api/admin/layers/{id}", "put"), ("/api/admin/layers/{id}/rules", "put"), ("/api/admin/layers/{id}/rules/{ruleId}", "delete"),
            ("/api/admin/layers/{id}/reads", "get"),
        })
        {
            Assert.True(paths.GetProperty(path).TryGetProperty(method, out _), $"{method} {path}");
        }
    }

    [Fact]
    public async Task Rule_that_is_set_stands_in_the_list_and_in_the_log()
    {
        string layer = await NewLayerAsync("listed", "conditional");
        Guid rule = await ruled.SetRuleAsync(layer, new { department = "fire", hidden = new[] { "phone" }, rows = "level < 5", area = Ring([118, 37], [119, 37], [119, 38], [118, 38], [118, 37]) });
        JsonElement listed = (await ruled.Admin.ReadAsync<JsonElement>("/api/admin/layers")).GetProperty("layers").EnumerateArray().Single(one => one.GetProperty("id").GetString() == layer);
        Assert.Equal(("water", "conditional"), (listed.GetProperty("owner").GetString(), listed.GetProperty("sharingClass").GetString()));
        JsonElement found = Assert.Single(listed.GetProperty("rules").EnumerateArray());
        Assert.Equal((rule, "fire", "level < 5"), (found.GetProperty("id").GetGuid(), found.GetProperty("department").GetString(), found.GetProperty("rows").GetString()));
        Assert.Equal("Polygon", found.GetProperty("area").GetProperty("type").GetString());
        Assert.Equal(1, await ruled.Server.Database.CountAsync("identity.administration WHERE action = 'layer.rule_set' AND subject = $1 AND by = 'admin'", layer));
        // For the very same readers a rule is replaced.
        await ruled.SetRuleAsync(layer, new { department = "fire" });
        Assert.Equal(1, await ruled.Server.Database.CountAsync("sharing.rule WHERE layer = $1", layer));
    }

    [Fact]
    public async Task Change_of_a_rule_holds_for_the_next_request_and_no_tile_of_before_is_given()
    {
        string layer = await NewLayerAsync("changing", "conditional"), tile = Tile(layer);
        Assert.Equal(404, (await ruled.AskAsync("officer", tile)).Status);
        Guid rule = await ruled.SetRuleAsync(layer, new { department = "fire" });
        Answer before = await ruled.AskAsync("officer", tile);
        Assert.Equal(6, await FeaturesAsync(before));
        rule = await ruled.SetRuleAsync(layer, new { department = "fire", rows = "level < 3", hidden = new[] { "name" } });
        Answer after = await ruled.AskAsync("officer", tile);
        Assert.Equal(2, await FeaturesAsync(after));
        Assert.NotEqual(before.Response.Headers.ETag, after.Response.Headers.ETag);
        Assert.Equal(2, (await ruled.AskAsync("officer", $"/ogc/collections/{layer}/items")).Read<JsonElement>().Features().Length);
        await ruled.RemoveRuleAsync(layer, rule);
        Assert.Equal(404, (await ruled.AskAsync("officer", tile)).Status);
        (await ruled.AskAsync("officer", $"/ogc/collections/{layer}/items")).MustRefuse(404, "collection.unknown");
        (await ruled.PutAsync($"/api/admin/layers/{layer}", new { sharingClass = "unconditional" })).Read<JsonElement>();
        Assert.Equal(6, await FeaturesAsync(await ruled.AskAsync("nobody", tile)));
        (await ruled.PutAsync($"/api/admin/layers/{layer}", new { sharingClass = "not_shared" })).Read<JsonElement>();
        Assert.Equal(404, (await ruled.AskAsync("nobody", tile)).Status);
        Assert.Equal(6, await FeaturesAsync(await ruled.AskAsync("owner", tile)));
    }

    [Fact]
    public async Task Change_by_another_process_holds_within_a_second()
    {
        string layer = await NewLayerAsync("elsewhere", "conditional");
        await ruled.SetRuleAsync(layer, new { department = "fire" });
        Assert.Equal(200, (await ruled.AskAsync("officer", $"/ogc/collections/{layer}/items")).Status);
        await ruled.Server.Database.AdministerAsync($"DELETE FROM sharing.rule WHERE layer = '{layer}'; NOTIFY layers_changed");
        await Eventually.GetAsync(
            () => ruled.AskAsync("officer", $"/ogc/collections/{layer}/items"), answer => answer.Status == 404, "the rule is gone", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Layer_that_is_not_shared_opens_to_nobody_whatever_rules_say()
    {
        string layer = await NewLayerAsync("kept", "not_shared");
        await ruled.SetRuleAsync(layer, new { department = "fire" });
        foreach ((string who, int status) in new[] { ("nobody", 404), ("officer", 404), ("program", 404), ("dispatcher", 404), ("owner", 200), ("administrator", 200) })
        {
            Assert.Equal(status, (await ruled.AskAsync(who, $"/ogc/collections/{layer}/items")).Status);
        }
    }

    [Fact]
    public async Task Rule_that_has_run_out_leaves_its_readers_the_wider_rule_or_nothing()
    {
        string layer = await NewLayerAsync("expired", "");
        Assert.Equal(6, (await ruled.AskAsync("officer", $"/ogc/collections/{layer}/items")).Read<JsonElement>().Features().Length);
        await ruled.SetRuleAsync(layer, new { department = "fire", rows = "level < 4", validUntil = "2026-01-01T00:00:00Z" });
        // It gave less than everything: that it ran out gives no more.
        (await ruled.AskAsync("officer", $"/ogc/collections/{layer}/items")).MustRefuse(404, "collection.unknown");
        Assert.Equal(200, (await ruled.AskAsync("dispatcher", $"/ogc/collections/{layer}/items")).Status);
        await ruled.SetRuleAsync(layer, new { rows = "level < 3" });
        Assert.Equal(2, (await ruled.AskAsync("officer", $"/ogc/collections/{layer}/items")).Read<JsonElement>().Features().Length);
    }

    [Fact]
    public async Task Closest_of_the_rules_counts()
    {
        string layer = await NewLayerAsync("closest", "conditional");
        await ruled.SetRuleAsync(layer, new { rows = "level = 1" });
        await ruled.SetRuleAsync(layer, new { role = "department", rows = "level < 3" });
        await ruled.SetRuleAsync(layer, new { department = "fire", rows = "level < 4" });
        await ruled.SetRuleAsync(layer, new { department = "fire", role = "department", rows = "level < 5" });
        foreach ((string who, int seen) in new[] { ("dispatcher", 1), ("program", 2), ("officer", 4), ("owner", 6) })
        {
            Assert.Equal(seen, (await ruled.AskAsync(who, $"/ogc/collections/{layer}/items")).Read<JsonElement>().Features().Length);
        }
    }

    [Fact]
    public async Task Rule_that_its_layer_can_no_longer_obey_keeps_its_readers_out()
    {
        string layer = await NewLayerAsync("altered", "conditional");
        await ruled.SetRuleAsync(layer, new { department = "fire", rows = "level < 5" });
        Assert.Equal(200, (await ruled.AskAsync("officer", $"/ogc/collections/{layer}/items")).Status);
        await ruled.Server.Database.AdministerAsync(
            $"DROP VIEW share.{layer}; CREATE VIEW share.{layer} AS SELECT id, name, geom FROM public.valves; COMMENT ON VIEW share.{layer} IS E'阀门 / Valves\nstatic conditional owner=water'; GRANT SELECT ON share.{layer} TO share_reader; NOTIFY layers_changed");
        await Eventually.GetAsync(() => ruled.AskAsync("officer", $"/ogc/collections/{layer}/items"), answer => answer.Status == 404, "the rule is broken");
        Assert.Equal(200, (await ruled.AskAsync("owner", $"/ogc/collections/{layer}/items")).Status);
    }

    [Fact]
    public async Task Base_layer_on_conditions_is_left_out_of_the_tiles_of_the_whole_map()
    {
        string poi = await ruled.Server.Database.ReadAsync<string>("SELECT name FROM share.pois WHERE kind = 'school' AND name IS NOT NULL ORDER BY id LIMIT 1");
        ((int x, int y), (int nearX, int nearY)) = (await TileOfPoiAsync(14), await TileOfPoiAsync(18));
        string tile = $"/tiles/city/14/{x}/{y}.mvt", picture = $"/tiles/city/18/{nearX}/{nearY}.png";
        async Task<string[]> LayersAsync(string who) => [.. VectorTile.Read(await RuledServer.BytesAsync(await ruled.AskAsync(who, tile))).Select(layer => layer.Name)];
        Assert.Contains("pois", await LayersAsync("nobody"));
        byte[] open = await RuledServer.BytesAsync(await ruled.AskAsync("nobody", picture));
        Assert.True((await ruled.AskAsync("nobody", tile)).Response.Headers.CacheControl!.Public);
        (await ruled.PutAsync("/api/admin/layers/pois", new { sharingClass = "conditional" })).Read<JsonElement>();
        try
        {
            foreach (string who in new[] { "nobody", "officer", "program", "dispatcher", "owner" })
            {
                string[] layers = await LayersAsync(who);
                Assert.DoesNotContain("pois", layers);
                Assert.Contains("streets", layers);
                Answer bytes = await ruled.AskAsync(who, tile);
                Assert.False(RuledServer.Holds(await RuledServer.BytesAsync(bytes), poi), who);
                Assert.NotEqual(open, await RuledServer.BytesAsync(await ruled.AskAsync(who, picture)));
                JsonElement described = (await ruled.AskAsync(who, "/tiles/city")).Read<JsonElement>();
                Assert.DoesNotContain("pois", described.GetProperty("vector_layers").EnumerateArray().Select(layer => layer.GetProperty("id").GetString()));
                Assert.DoesNotContain("\"pois\"", (await ruled.AskAsync(who, "/ogc/tiles/WebMercatorQuad")).Text, StringComparison.Ordinal);
            }

            Answer administrators = await ruled.AskAsync("administrator", tile);
            Assert.Contains("pois", await LayersAsync("administrator"));
            Assert.True(administrators.Response.Headers.CacheControl is { Private: true, Public: false });
            Assert.Equal(open, await RuledServer.BytesAsync(await ruled.AskAsync("administrator", picture)));
            await ruled.SetRuleAsync("pois", new { department = "fire", masked = new[] { "name" } });
            Assert.Contains("pois", await LayersAsync("officer"));
            Assert.False(RuledServer.Holds(await RuledServer.BytesAsync(await ruled.AskAsync("officer", tile)), poi));
            Assert.DoesNotContain("pois", await LayersAsync("program"));
            await ruled.SetRuleAsync("pois", new { department = "fire", hidden = new[] { "name" } });
            Assert.False(RuledServer.Holds(await RuledServer.BytesAsync(await ruled.AskAsync("officer", tile)), poi));
            JsonElement pois = (await ruled.AskAsync("officer", "/tiles/city")).Read<JsonElement>().GetProperty("vector_layers").EnumerateArray()
                .Single(layer => layer.GetProperty("id").GetString() == "pois");
            Assert.False(pois.GetProperty("fields").TryGetProperty("name", out _));
            Assert.True(pois.GetProperty("fields").TryGetProperty("kind", out _));
        }
        finally
        {
            await ruled.Server.Database.AdministerAsync("DELETE FROM sharing.rule WHERE layer = 'pois'");
            (await ruled.PutAsync("/api/admin/layers/pois", new { })).Read<JsonElement>();
        }

        Assert.Contains("pois", await LayersAsync("nobody"));
    }

    [Fact]
    public async Task Tiles_of_what_is_not_for_everybody_lie_in_no_file()
    {
        string layer = await NewLayerAsync("filed", "conditional"), open = await NewLayerAsync("filed_open", "");
        Assert.Equal(6, await FeaturesAsync(await ruled.AskAsync("owner", Tile(layer))));
        Assert.Equal(6, await FeaturesAsync(await ruled.AskAsync("nobody", Tile(open))));
        string folder = Path.Combine(ruled.Server.Home, "tiles");
        // The open one, asked for later, shows that the writer has been here.
        await Eventually.GetAsync(() => Task.FromResult(Files(folder, open)), files => files > 0, "the open tile lies in a file");
        Assert.Equal(0, Files(folder, $"{layer}-"));
    }

    [Fact]
    public async Task Who_read_what_is_counted_and_reads_of_conditional_layers_are_written_down()
    {
        string layer = await NewLayerAsync("read", "conditional"), open = await NewLayerAsync("read_open", "");
        await ruled.SetRuleAsync(layer, new { department = "fire", rows = "level < 5" });
        (double x, double y) = ruled.Place(2);
        foreach (string path in new[]
        {
            "/ogc/collections/{0}/items?limit=3", "/ogc/collections/{0}/items/1", "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={0}", Tile("{0}"),
            Tile("{0}").Replace(".mvt", ".png", StringComparison.Ordinal), $"/ogc/collections/{{0}}/tiles/WebMercatorQuad/{RuledServer.Zoom}/{ruled.Tile.Y}/{ruled.Tile.X}",
            $"/wmts/1.0.0/{{0}}/default/WebMercatorQuad/{RuledServer.Zoom}/{ruled.Tile.Y}/{ruled.Tile.X}.png",
            string.Create(CultureInfo.InvariantCulture, $"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={{0}}&CRS=EPSG:3857&BBOX={x - 50},{y - 50},{x + 50},{y + 50}&WIDTH=64&HEIGHT=64&FORMAT=image/png&STYLES="),
            string.Create(CultureInfo.InvariantCulture, $"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&QUERY_LAYERS={{0}}&LAYERS={{0}}&CRS=EPSG:3857&BBOX={x - 50},{y - 50},{x + 50},{y + 50}&WIDTH=101&HEIGHT=101&I=50&J=50&INFO_FORMAT=application/json&STYLES="),
        })
        {
            foreach (string one in new[] { layer, open })
            {
                Assert.Equal(200, (await ruled.AskAsync("officer", string.Format(CultureInfo.InvariantCulture, path, one))).Status);
            }
        }

        JsonElement reads = await ruled.Admin.ReadAsync<JsonElement>($"/api/admin/layers/{layer}/reads");
        Dictionary<string, long> counts = reads.GetProperty("counts").EnumerateArray().Where(one => one.GetProperty("reader").GetString() == "fire1")
            .ToDictionary(one => one.GetProperty("protocol").GetString()!, one => one.GetProperty("reads").GetInt64(), StringComparer.Ordinal);
        Assert.Equal(
            new Dictionary<string, long>(StringComparer.Ordinal) { ["ogc-features"] = 2, ["wfs"] = 1, ["tiles"] = 1, ["raster"] = 1, ["ogc-tiles"] = 1, ["wmts"] = 1, ["wms"] = 2 }.OrderBy(one => one.Key, StringComparer.Ordinal),
            counts.OrderBy(one => one.Key, StringComparer.Ordinal));
        ILookup<string, JsonElement> written = reads.GetProperty("reads").EnumerateArray().ToLookup(one => one.GetProperty("protocol").GetString()!, StringComparer.Ordinal);
        Assert.Equal(counts.Keys.Order(StringComparer.Ordinal), written.Select(one => one.Key).Order(StringComparer.Ordinal));
        Assert.All(written.SelectMany(one => one), one => Assert.Equal(("fire1", "fire"), (one.GetProperty("reader").GetString(), one.GetProperty("department").GetString())));
        Assert.Equal(4, written["ogc-features"].Sum(one => one.GetProperty("features").GetInt64()));
        Assert.Contains(written["ogc-features"], one => one.GetProperty("question").GetString() == "?limit=3" && one.GetProperty("features").GetInt64() == 3);
        Assert.Equal(4, Assert.Single(written["wfs"]).GetProperty("features").GetInt64());
        Assert.Equal(1, written["wms"].Sum(one => one.GetProperty("features").GetInt64()));

        JsonElement ofOpen = await ruled.Admin.ReadAsync<JsonElement>($"/api/admin/layers/{open}/reads");
        Assert.Equal(9, ofOpen.GetProperty("counts").EnumerateArray().Sum(one => one.GetProperty("reads").GetInt64()));
        Assert.Empty(ofOpen.GetProperty("reads").EnumerateArray());
    }

    [Fact]
    public async Task Read_that_is_cut_off_is_written_down_with_what_it_gave()
    {
        await ruled.Server.Database.AdministerAsync(
            """
            CREATE VIEW share.long_read AS SELECT i AS id, repeat('valve', 100) AS name, geom FROM public.valves, generate_series(1, 200000) i WHERE valves.id = 1;
            COMMENT ON VIEW share.long_read IS E'阀门 / Valves\nconditional owner=water';
            GRANT SELECT ON share.long_read TO share_reader;
            NOTIFY layers_changed
            """);
        await Eventually.GetAsync(() => ruled.Admin.GetAsync("/ogc/collections/long_read"), answer => answer.Status == 200, "the layer is known");
        using (var client = new HttpClient { BaseAddress = ruled.Server.Address })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections/long_read/items?limit=200000");
            request.Headers.Add("X-API-Key", ruled.WaterKey);
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
            await using Stream body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await body.ReadExactlyAsync(new byte[100_000], TestContext.Current.CancellationToken);
        }

        JsonElement read = await Eventually.GetAsync(
            async () => (await ruled.Admin.ReadAsync<JsonElement>("/api/admin/layers/long_read/reads")).GetProperty("reads").EnumerateArray().Single(),
            one => one.GetProperty("features").GetInt64() > 0, "the features are counted");
        Assert.InRange(read.GetProperty("features").GetInt64(), 100, 199_999);
        Assert.Equal("?limit=200000", read.GetProperty("question").GetString());
    }

    private static int Files(string folder, string beginning) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, $"{beginning}*").Sum(one => Directory.EnumerateFiles(one, "*.tile", SearchOption.AllDirectories).Count())
        : 0;

    private static async Task<int> FeaturesAsync(Answer tile) => Assert.Single(VectorTile.Read(await RuledServer.BytesAsync(tile))).Features;

    private string Tile(string layer) => $"/tiles/{layer}/{RuledServer.Zoom}/{ruled.Tile.X}/{ruled.Tile.Y}.mvt";

    private async Task<(int X, int Y)> TileOfPoiAsync(int zoom)
    {
        double[] place = await ruled.Server.Database.ReadAsync<double[]>("SELECT ARRAY[ST_X(geom), ST_Y(geom)] FROM share.pois WHERE kind = 'school' AND name IS NOT NULL ORDER BY id LIMIT 1");
        double side = 40075016.6855784 / (1 << zoom);
        return ((int)((place[0] + 20037508.3427892) / side), (int)((20037508.3427892 - place[1]) / side));
    }

    /// <summary>Over the six valves, known to the server when it is given.</summary>
    /// <param name="words">In its comment.</param>
    private async Task<string> NewLayerAsync(string name, string words)
    {
        await ruled.Server.Database.AdministerAsync(
            $"""
            CREATE VIEW share.{name} AS SELECT id, name, phone, level, geom FROM public.valves;
            COMMENT ON VIEW share.{name} IS E'阀门 / Valves\n{words} static owner=water';
            GRANT SELECT ON share.{name} TO share_reader;
            NOTIFY layers_changed
            """);
        await Eventually.GetAsync(() => ruled.Admin.GetAsync($"/ogc/collections/{name}"), answer => answer.Status == 200, "the layer is known");
        return name;
    }
}
