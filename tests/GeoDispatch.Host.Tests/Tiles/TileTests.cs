using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>The base map as any map program reads it, without a session.</summary>
public sealed class TileTests(RunningServer server) : IClassFixture<RunningServer>
{
    // The middle of the western core, 118.495 E 37.455 N.
    private const string CoreTile = "/tiles/city/14/13584/6351.mvt";

    [Fact]
    public async Task The_description_says_where_the_tiles_are_and_what_is_in_them()
    {
        JsonElement tileJson = await server.Anonymous().ReadAsync<JsonElement>("/tiles/city");
        Assert.Equal("3.0.0", tileJson.GetProperty("tilejson").GetString());
        Assert.Equal($"{server.Address}tiles/city/{{z}}/{{x}}/{{y}}.mvt", tileJson.GetProperty("tiles")[0].GetString());
        Assert.Equal([118.05, 36.92, 119.20, 38.12], tileJson.GetProperty("bounds").EnumerateArray().Select(number => number.GetDouble()));
        // Whoever shows the map must be able to say that the city is invented.
        Assert.Contains("Synthetic", tileJson.GetProperty("attribution").GetString()!, StringComparison.Ordinal);
        Assert.Contains("streets", tileJson.GetProperty("vector_layers").EnumerateArray().Select(layer => layer.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_tile_of_the_core_has_the_layers_that_Shortbread_styles_draw()
    {
        List<VectorTileLayer> layers = VectorTile.Read(await BytesAsync(CoreTile));
        Assert.All(layers, layer => Assert.Equal((2, 4096), (layer.Version, layer.Extent)));
        foreach ((string name, string key) in new[] { ("streets", "kind"), ("street_labels", "name"), ("buildings", "kind"), ("pois", "name") })
        {
            VectorTileLayer layer = Assert.Single(layers, layer => layer.Name == name);
            Assert.True(layer.Features > 0, $"{name} is empty");
            Assert.Contains(key, layer.Keys);
        }
    }

    [Fact]
    public async Task A_tile_has_no_layer_that_its_description_does_not_name_at_this_zoom()
    {
        JsonElement tileJson = await server.Anonymous().ReadAsync<JsonElement>("/tiles/city");
        foreach (string tile in new[] { "6/53/24", "8/212/99", "10/849/396", "12/3396/1587", "13/6792/3175", "14/13584/6351", "16/54339/25404" })
        {
            int zoom = int.Parse(tile.Split('/')[0], System.Globalization.CultureInfo.InvariantCulture);
            string?[] described = [.. tileJson.GetProperty("vector_layers").EnumerateArray()
                .Where(layer => layer.GetProperty("minzoom").GetInt32() <= zoom).Select(layer => layer.GetProperty("id").GetString())];
            Assert.All(VectorTile.Read(await BytesAsync($"/tiles/city/{tile}.mvt")), layer => Assert.Contains(layer.Name, described));
        }
    }

    [Fact]
    public async Task Where_nothing_lies_there_is_no_content() =>
        Assert.Equal(204, (await server.Anonymous().GetAsync("/tiles/city/14/0/0.mvt")).Status);

    [Fact]
    public async Task A_tile_that_did_not_change_is_not_sent_again()
    {
        Session map = server.Anonymous();
        Answer first = await map.GetAsync(CoreTile);
        Assert.Equal("application/vnd.mapbox-vector-tile", first.Response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(first.Version);
        var again = new HttpRequestMessage(HttpMethod.Get, CoreTile);
        again.Headers.Add("If-None-Match", first.Version);
        Answer second = await map.SendAsync(again);
        Assert.Equal((304, "", first.Version), (second.Status, second.Text, second.Version));
    }

    [Theory]
    [InlineData("day")]
    [InlineData("night")]
    public async Task Each_flavour_is_a_style_over_layers_that_the_tiles_have(string flavour)
    {
        Session map = server.Anonymous();
        JsonElement style = await map.ReadAsync<JsonElement>($"/tiles/styles/{flavour}.json");
        Assert.Equal(8, style.GetProperty("version").GetInt32());
        string text = style.GetRawText();
        Assert.DoesNotContain("\"@", text, StringComparison.Ordinal);
        Assert.Contains($"{server.Address}tiles/city", text, StringComparison.Ordinal);
        // Nothing may be fetched from the internet: a control room may have none.
        Assert.DoesNotMatch("https?://(?!127\\.0\\.0\\.1)", text);
        JsonElement tileJson = await map.ReadAsync<JsonElement>("/tiles/city");
        HashSet<string?> ids = [.. tileJson.GetProperty("vector_layers").EnumerateArray().Select(layer => layer.GetProperty("id").GetString())];
        foreach (JsonElement layer in style.GetProperty("layers").EnumerateArray())
        {
            if (layer.TryGetProperty("source-layer", out JsonElement source))
            {
                Assert.Contains(source.GetString(), ids);
            }
        }
    }

    [Fact]
    public async Task Day_and_night_show_the_same_layers_in_other_colours()
    {
        JsonElement day = await server.Anonymous().ReadAsync<JsonElement>("/tiles/styles/day.json");
        JsonElement night = await server.Anonymous().ReadAsync<JsonElement>("/tiles/styles/night.json");
        static IEnumerable<string?> Ids(JsonElement style) => style.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("id").GetString());
        Assert.Equal(Ids(day), Ids(night));
        Assert.NotEqual(day.GetRawText(), night.GetRawText());
    }

    private async Task<byte[]> BytesAsync(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
        return await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
