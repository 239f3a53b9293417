using System.Globalization;
using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Access;

/// <summary>Features of departments' layers, found by name by those who may read them.</summary>
[Collection("access")]
public sealed class LayerSearchTests(RuledServer ruled) : IAsyncLifetime
{
    private static readonly string[] Hidden = ["name"];
    private string layer = "";

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The next test searches its own layer alone.</summary>
    public async ValueTask DisposeAsync() => Assert.Equal(200, (await ruled.PutAsync($"/api/admin/layers/{layer}", new { })).Status);

    [Fact]
    public async Task Feature_is_found_by_the_owner_and_by_a_colleague_whom_a_rule_lets_in_and_by_nobody_else()
    {
        await NewLayerAsync("stopcocks", "conditional");
        await ruled.SetRuleAsync(layer, new { department = "fire" });
        await SearchableAsync();

        PlaceFound found = await FirstAsync("owner", "供水总阀三号");
        Assert.Equal(("layer", "供水总阀三号", "阀门 / Valves", $"layer:{layer}:3"), (found.Kind, found.Name, found.Detail, found.Id));
        Assert.Equal([0, 6], Assert.Single(found.Highlights));
        double[] at = await ruled.Server.Database.ReadAsync<double[]>(
            "SELECT ARRAY[ST_X(g), ST_Y(g)] FROM (SELECT ST_Transform(geom, 4326) g FROM public.valves WHERE id = 3) valve");
        Assert.Equal((at[0], at[1]), (found.Lon, found.Lat));
        Assert.NotEmpty(await FindAsync("officer", "供水总阀三号"));
        Assert.NotEmpty(await FindAsync("administrator", "供水总阀三号"));
        Assert.Empty(await FindAsync("dispatcher", "供水总阀三号"));
    }

    [Theory]
    [InlineData("总阀", null)]
    [InlineData("gongshuizongfa", "pinyin")]
    [InlineData("gszf", "initials")]
    [InlineData("工水总阀三号", "sound")]
    [InlineData("供水总闸三号", "likeness")]
    public async Task Feature_is_found_as_other_places_are_and_says_why(string typed, string? why)
    {
        await NewLayerAsync($"typed_{typed.Length}_{why ?? "part"}", "conditional");
        await SearchableAsync();
        PlaceFound found = await FirstAsync("owner", typed);
        Assert.StartsWith("供水总阀", found.Name, StringComparison.Ordinal);
        Assert.Equal(why, found.Why?.Code);
        Assert.NotEmpty(found.Highlights);
    }

    [Fact]
    public async Task Feature_beyond_the_rows_or_the_area_of_a_rule_is_not_found()
    {
        await NewLayerAsync("bounded", "conditional");
        await ruled.SetRuleAsync(layer, new { department = "fire", rows = "level < 3" });
        await ruled.SetRuleAsync(layer, new { role = "dispatcher", area = await AroundAsync(5) });
        await SearchableAsync();

        Assert.Equal(["供水总阀一号", "供水总阀二号"], (await FindAsync("officer", "供水总阀")).Select(static one => one.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(await FindAsync("officer", "供水总阀三号"), static one => one.Name == "供水总阀三号");
        Assert.Equal(["供水总阀五号"], (await FindAsync("dispatcher", "供水总阀")).Select(static one => one.Name));
        Assert.Equal(6, (await FindAsync("owner", "供水总阀")).Length);
    }

    [Fact]
    public async Task Names_that_a_rule_hides_or_masks_find_nothing()
    {
        await NewLayerAsync("nameless", "conditional");
        await ruled.SetRuleAsync(layer, new { department = "fire", hidden = Hidden });
        await ruled.SetRuleAsync(layer, new { role = "dispatcher", masked = Hidden });
        await SearchableAsync();
        Assert.NotEmpty(await FindAsync("owner", "供水总阀三号"));
        Assert.Empty(await FindAsync("officer", "供水总阀三号"));
        Assert.Empty(await FindAsync("dispatcher", "供水总阀三号"));
    }

    [Fact]
    public async Task Permission_that_is_taken_back_or_a_setting_that_is_undone_ends_the_finding_at_once()
    {
        await NewLayerAsync("withdrawn", "conditional");
        Guid rule = await ruled.SetRuleAsync(layer, new { department = "fire" });
        await SearchableAsync();
        Assert.NotEmpty(await FindAsync("officer", "供水总阀三号"));
        await ruled.RemoveRuleAsync(layer, rule);
        Assert.Empty(await FindAsync("officer", "供水总阀三号"));
        Assert.NotEmpty(await FindAsync("owner", "供水总阀三号"));
        Assert.Equal(200, (await ruled.PutAsync($"/api/admin/layers/{layer}", new { })).Status);
        Assert.Empty(await FindAsync("owner", "供水总阀三号"));
    }

    [Fact]
    public async Task Changed_feature_is_found_by_its_new_name_soon_and_by_the_old_one_no_longer()
    {
        await NewLayerAsync("renamed", "conditional");
        await SearchableAsync();
        Assert.NotEmpty(await FindAsync("owner", "供水总阀六号"));
        await ruled.Server.Database.AdministerAsync($"UPDATE public.{layer}_of SET name = '滨海泵站' WHERE id = 6");
        Assert.DoesNotContain(await FindAsync("owner", "供水总阀六号"), static one => one.Id.EndsWith(":6", StringComparison.Ordinal));
        await Eventually.GetAsync(() => FindAsync("owner", "滨海泵站"), static found => found.Length == 1, "the new name is found");
    }

    [Fact]
    public async Task Column_that_is_no_text_of_the_layer_is_refused_with_those_that_are()
    {
        await NewLayerAsync("columns", "conditional");
        string before = (await ruled.Admin.GetAsync("/api/admin/layers")).Text;
        foreach (string column in new[] { "label", "level", "geom" })
        {
            JsonElement problem = (await ruled.PutAsync($"/api/admin/layers/{layer}", new { searchColumn = column })).MustRefuse(400, "layer.unknown_column").Problem;
            Assert.Equal(("searchColumn", column), (problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
            Assert.EndsWith("There are: name, phone", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(before, (await ruled.Admin.GetAsync("/api/admin/layers")).Text);
    }

    [Fact]
    public async Task Layers_list_says_how_many_names_are_searched_and_a_finding_is_written_down()
    {
        await NewLayerAsync("counted_names", "conditional");
        await ruled.SetRuleAsync(layer, new { department = "fire" });
        await SearchableAsync();
        JsonElement listed = (await ruled.Admin.ReadAsync<JsonElement>("/api/admin/layers")).GetProperty("layers").EnumerateArray().Single(one => one.GetProperty("id").GetString() == layer);
        Assert.Equal(("name", 6, false), (listed.GetProperty("searchColumn").GetString(), listed.GetProperty("searchedNames").GetInt32(), listed.GetProperty("hasUnsearchedNames").GetBoolean()));

        await FindAsync("officer", "供水总阀三号");
        JsonElement read = (await ruled.Admin.ReadAsync<JsonElement>($"/api/admin/layers/{layer}/reads")).GetProperty("reads").EnumerateArray()
            .First(static one => one.GetProperty("reader").GetString() == "fire1");
        Assert.Equal(("search", "供水总阀三号"), (read.GetProperty("protocol").GetString(), read.GetProperty("question").GetString()));
    }

    [Fact]
    public async Task Program_that_may_only_search_places_is_told_of_no_features()
    {
        await NewLayerAsync("keyed_names", "");
        await SearchableAsync();
        async Task<int> CountAsync(params string[] scopes)
        {
            string key = (await ruled.Admin.PostAsync("/api/admin/keys", new { department = "water", role = "department", name = layer, scopes })).Read<JsonElement>().GetProperty("secret").GetString()!;
            var request = new HttpRequestMessage(HttpMethod.Get, $"/api/places?q={Uri.EscapeDataString("供水总阀三号")}");
            request.Headers.Add("X-API-Key", key);
            return (await ruled.Server.Anonymous().SendAsync(request)).Read<PlacesFound>().Places.Count(one => one.Id.StartsWith($"layer:{layer}:", StringComparison.Ordinal));
        }

        Assert.Equal(0, await CountAsync("places"));
        Assert.InRange(await CountAsync("places", "map"), 1, 6);
    }

    /// <summary>A rectangle around one valve alone.</summary>
    private async Task<object> AroundAsync(int valve)
    {
        double[] at = await ruled.Server.Database.ReadAsync<double[]>(string.Create(
            CultureInfo.InvariantCulture, $"SELECT ARRAY[ST_X(g), ST_Y(g)] FROM (SELECT ST_Transform(geom, 4326) g FROM public.valves WHERE id = {valve}) valve"));
        (double west, double east, double south, double north) = (at[0] - 0.001, at[0] + 0.001, at[1] - 0.001, at[1] + 0.001);
        return new { type = "Polygon", coordinates = new[] { new[] { new[] { west, south }, [east, south], [east, north], [west, north], [west, south] } } };
    }

    private async Task<PlaceFound> FirstAsync(string who, string typed) => (await FindAsync(who, typed))[0];

    /// <summary>The features that are found.</summary>
    private async Task<PlaceFound[]> FindAsync(string who, string typed) =>
        [.. (await ruled.AskAsync(who, $"/api/places?q={Uri.EscapeDataString(typed)}&limit=50")).Read<PlacesFound>().Places.Where(one => one.Id.StartsWith($"layer:{layer}:", StringComparison.Ordinal))];

    private async Task SearchableAsync()
    {
        Assert.Equal(200, (await ruled.PutAsync($"/api/admin/layers/{layer}", new { searchColumn = "name" })).Status);
        await Eventually.GetAsync(
            () => FindAsync("owner", "供水总阀"), static found => found.Length == 6, "the names are read");
    }

    /// <summary>Six valves of the water works with Chinese names, known to the server when it is given.</summary>
    /// <param name="words">In its comment.</param>
    private async Task NewLayerAsync(string name, string words)
    {
        await ruled.Server.Database.AdministerAsync(
            $"""
            CREATE TABLE public.{name}_of AS
            SELECT id, '供水总阀' || (ARRAY['一', '二', '三', '四', '五', '六'])[id] || '号' AS name, phone, level, geom FROM public.valves;
            GRANT SELECT ON public.{name}_of TO geodispatch;
            CREATE VIEW share.{name} AS SELECT id, name, phone, level, geom FROM public.{name}_of;
            COMMENT ON VIEW share.{name} IS E'阀门 / Valves\n{words} owner=water';
            GRANT SELECT ON share.{name} TO share_reader;
            NOTIFY layers_changed
            """);
        await Eventually.GetAsync(() => ruled.Admin.GetAsync($"/ogc/collections/{name}"), answer => answer.Status == 200, "the layer is known");
        layer = name;
    }
}
