using System.Text.Json;
using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Raster;
using SkiaSharp;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>The one file that says how the map looks, and what is said of a wrong one.</summary>
public sealed class MapRulesTests
{
    private const string Flavours = """{"day": {"road": "#FFFFFF", "water": "#AABBCC"}, "night": {"road": "#000000", "water": "#112233"}}""";

    [Fact]
    public void The_map_is_described_by_eighty_rules_at_most() => Assert.InRange(Sheets.Rules.All.Count, 40, 80);

    [Fact]
    public void Every_rule_is_understood_by_the_browser_and_by_the_drawn_map()
    {
        string[] types = ["background", "fill", "line", "circle", "symbol"];
        foreach (MapRule rule in Sheets.Rules.All)
        {
            JsonObject layer = MapLibreStyle.Layer(rule, Sheets.Rules.FindFlavour("night")!);
            Assert.Contains((string?)layer["type"], types);
            Assert.True(layer["paint"] is JsonObject, rule.Id);
            // MapLibre refuses a layer of tiles that names no source.
            Assert.Equal(rule.Layer, (string?)layer["source-layer"]);
            Assert.True(rule.Icon is null || Sheets.Icons.Has(rule.Icon.Name), $"{rule.Id} names an icon that is absent");
        }
    }

    [Fact]
    public void The_layers_of_other_departments_have_rules_of_their_own_and_any_other_a_rule_by_its_shape()
    {
        Assert.All(["stations", "hospitals", "vehicles", "incidents"], layer => Assert.All(Sheets.Rules.For(layer), rule => Assert.NotNull(rule.Icon)));
        Assert.Equal([TileShape.Polygon, TileShape.Polygon, TileShape.Line, TileShape.Point], Sheets.Rules.For("hydrants").Select(static rule => rule.Shape));
    }

    [Fact]
    public void A_number_grows_with_the_zoom_as_the_browser_computes_it()
    {
        var width = new ZoomNumber([(10, 1), (12, 3.5)]);
        // (1.5^1 - 1) / (1.5^2 - 1) of the way.
        Assert.Equal([1, 2, 3.5, 3.5], new double[] { 9, 11, 12, 20 }.Select(width.At));
    }

    [Theory]
    [InlineData("""[{"id": "a", "layer": "streets", "line": {"colour": "@road", "width": 1, "dashes": [1, 2]}}]""", "dashes")]
    [InlineData("""[{"id": "a", "layer": "streets", "line": {"colour": "@road"}}]""", "width")]
    [InlineData("""[{"id": "a", "layer": "streets", "line": {"colour": "#FFFFFF", "width": 1}}]""", "$[0].line.colour")]
    [InlineData("""[{"id": "a", "layer": "streets", "line": {"colour": "@rood", "width": 1}}]""", "@rood")]
    [InlineData("""[{"id": "a", "layer": "streets", "line": {"colour": "@road", "width": [[12, 1], [12, 2]]}}]""", "$[0].line.width")]
    [InlineData("""[{"id": "a", "layer": "streets", "line": {"colour": "@road", "width": 1}, "fill": {"colour": "@water"}}]""", "Rule a: draws one of")]
    [InlineData("""[{"id": "a", "line": {"colour": "@road", "width": 1}}]""", "Rule a: has a layer")]
    [InlineData("""[{"id": "a", "layer": "streets", "minzoom": 9, "maxzoom": 9, "line": {"colour": "@road", "width": 1}}]""", "minzoom")]
    [InlineData("""[{"id": "a", "layer": "streets", "if": {"kind": {}}, "line": {"colour": "@road", "width": 1}}]""", "$[0].if.kind")]
    [InlineData("""[{"id": "a", "ground": {"colour": "@road"}}, {"id": "a", "ground": {"colour": "@road"}}]""", "two of this id")]
    [InlineData("""[{"id": "a", "layer": "streets", "line": {"colour": "@road", "width": 1, "dash": [1]}}]""", "dashes")]
    public void A_wrong_rule_is_named_with_what_is_wrong(string rules, string said)
    {
        JsonException refused = Assert.Throws<JsonException>(() => MapRules.Parse(rules, Flavours));
        Assert.Contains(said, refused.Message + refused.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void More_rules_than_eighty_are_refused()
    {
        string rules = $"[{string.Join(',', Enumerable.Range(0, 81).Select(static i => $$$"""{"id": "{{{i}}}", "ground": {"colour": "@road"}}"""))}]";
        Assert.Contains("80", Assert.Throws<JsonException>(() => MapRules.Parse(rules, Flavours)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_colour_that_is_none_is_named() => Assert.Contains(
        "water", Assert.Throws<JsonException>(() => MapRules.Parse("[]", """{"day": {"water": "blue-ish"}}""")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("streets")]
    [InlineData("hospitals")]
    [InlineData("hydrants")]
    public void The_legend_has_a_row_for_each_title(string layer)
    {
        int titled = Sheets.Rules.For(layer).Count(static rule => rule.Title is not null);
        using SKSurface legend = MapLegend.Draw(Sheets.Rules, Sheets.Rules.For(layer), Sheets.Rules.FindFlavour("day")!, Sheets.Letters, Sheets.Icons);
        Assert.Equal(22 * titled, legend.Canvas.DeviceClipBounds.Height);
    }

    [Theory]
    [InlineData("day")]
    [InlineData("night")]
    public void In_the_legend_a_road_stands_out_from_the_ground_by_its_casing(string flavour)
    {
        Func<ColourName, SKColor> colours = Sheets.Rules.FindFlavour(flavour)!;
        using SKSurface legend = MapLegend.Draw(Sheets.Rules, Sheets.Rules.For("streets"), colours, Sheets.Letters, Sheets.Icons);
        using SKImage image = legend.Snapshot();
        using SKBitmap picture = SKBitmap.FromImage(image);
        int row = Sheets.Rules.For("streets").Where(static rule => rule.Title is not null).Select(static rule => rule.Id).ToList().IndexOf("street-small");
        SKColor[] down = [.. Enumerable.Range(22 * row, 22).Select(y => picture.GetPixel(20, y))];
        Assert.Equal([colours(new ColourName("background")), colours(new ColourName("casing")), colours(new ColourName("road"))], down.Distinct().Where(Named).Take(3));
        bool Named(SKColor colour) => new[] { "background", "casing", "road" }.Any(name => colours(new ColourName(name)) == colour);
    }
}
