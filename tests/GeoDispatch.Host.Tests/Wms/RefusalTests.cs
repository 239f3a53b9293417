using System.Diagnostics;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Wms;

/// <summary>What cannot be drawn is refused in the terms of the version, at once and before anything is drawn.</summary>
[Collection("wms")]
public sealed class RefusalTests(RunningServer server)
{
    [Theory]
    [InlineData("LAYERS", null, "MissingParameterValue")]
    [InlineData("LAYERS", "nowhere", "LayerNotDefined")]
    [InlineData("LAYERS", "city,", "LayerNotDefined")]
    [InlineData("LAYERS", "City", "LayerNotDefined")]
    [InlineData("STYLES", "dusk", "StyleNotDefined")]
    [InlineData("STYLES", "day,day", "StyleNotDefined")]
    [InlineData("BBOX", null, "MissingParameterValue")]
    [InlineData("BBOX", "", "MissingParameterValue")]
    [InlineData("BBOX", "1,2,3", "InvalidParameterValue")]
    [InlineData("BBOX", "1,2,3,4,5", "InvalidParameterValue")]
    [InlineData("BBOX", "1,2,3,x", "InvalidParameterValue")]
    [InlineData("BBOX", "NaN,2,3,4", "InvalidParameterValue")]
    [InlineData("BBOX", "-Infinity,-90,Infinity,90", "InvalidParameterValue")]
    [InlineData("BBOX", "-1e999,-90,1e999,90", "InvalidParameterValue")]
    [InlineData("BBOX", "-1e300,-1e300,1e300,1e300", "InvalidParameterValue")]
    [InlineData("BBOX", "3,3,3,4", "InvalidParameterValue")]
    [InlineData("BBOX", "3,3,4,3", "InvalidParameterValue")]
    [InlineData("BBOX", "4,3,3,4", "InvalidParameterValue")]
    [InlineData("BBOX", "3,4,4,3", "InvalidParameterValue")]
    [InlineData("WIDTH", null, "MissingParameterValue")]
    [InlineData("WIDTH", "0", "InvalidParameterValue")]
    [InlineData("WIDTH", "-5", "InvalidParameterValue")]
    [InlineData("WIDTH", "1.5", "InvalidParameterValue")]
    [InlineData("WIDTH", "4097", "InvalidParameterValue")]
    [InlineData("WIDTH", "100000", "InvalidParameterValue")]
    [InlineData("HEIGHT", "100000", "InvalidParameterValue")]
    [InlineData("HEIGHT", "99999999999999999999", "InvalidParameterValue")]
    [InlineData("FORMAT", null, "MissingParameterValue")]
    [InlineData("FORMAT", "image/tiff", "InvalidFormat")]
    [InlineData("FORMAT", "text/html", "InvalidFormat")]
    [InlineData("BGCOLOR", "red", "InvalidParameterValue")]
    [InlineData("BGCOLOR", "0x12345", "InvalidParameterValue")]
    [Requirement("wms", "get-map", "exceptions")]
    public async Task GetMap_what_is_wrong_is_said_as_the_standard_says_it(string name, string? value, string code)
    {
        foreach (string version in new[] { "1.1.1", "1.3.0" })
        {
            var watch = Stopwatch.StartNew();
            string text = (await server.Anonymous().GetAsync(MapService.Map(version, (name, value)))).MustExcept(version, code);
            // Far below what drawing would take; the first request of all reads the catalogue.
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
            Assert.Contains(" / ", text + " / ", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1.1.1", "SRS", "InvalidSRS")]
    [InlineData("1.3.0", "CRS", "InvalidCRS")]
    [Requirement("wms", "exceptions")]
    public async Task An_unknown_system_has_the_code_of_its_version_and_the_parameter_its_name(string version, string name, string code)
    {
        foreach (string system in new[] { "EPSG:9999", "EPSG:2437", "EPSG:", "4326", "urn:x", "AUTO:42001,0,0" })
        {
            (await server.Anonymous().GetAsync(MapService.Map(version, (name, system)))).MustExcept(version, code);
        }

        (await server.Anonymous().GetAsync(MapService.Map(version, (name, null)))).MustExcept(version, "MissingParameterValue");
        (await server.Anonymous().GetAsync(MapService.Map(version, (name, null), (name == "SRS" ? "CRS" : "SRS", "EPSG:4326")))).MustExcept(version, "MissingParameterValue");
    }

    [Fact]
    [Requirement("wms", "axis-order")]
    public async Task Latitude_first_where_the_version_has_it_so_is_a_box_read()
    {
        // South above north in one order, a box in the other.
        foreach ((string version, string system, string right, string wrong) in new[]
        {
            ("1.3.0", "EPSG:4326", "37.4,118.5,37.5,118.7", "37.5,118.4,37.4,118.6"),
            ("1.3.0", "EPSG:4490", "37.4,118.5,37.5,118.7", "37.5,118.4,37.4,118.6"),
        })
        {
            Assert.Contains(
                "minY,minX,maxY,maxX",
                (await server.Anonymous().GetAsync(MapService.Map(version, ("CRS", system), ("BBOX", wrong)))).MustExcept(version, "InvalidParameterValue"), StringComparison.Ordinal);
            Assert.NotEqual("text/xml", (await server.Anonymous().GetAsync(MapService.Map(version, ("CRS", system), ("BBOX", right)))).Response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    [Requirement("wms", "layers")]
    public async Task LayerLimit_no_more_than_thirty_two_layers_at_once()
    {
        string layers = string.Join(',', Enumerable.Repeat("pois", 33));
        (await server.Anonymous().GetAsync(MapService.Map("1.3.0", ("LAYERS", layers)))).MustExcept("1.3.0", "InvalidParameterValue");
    }

    [Fact]
    public async Task What_is_echoed_is_cut_and_cannot_be_taken_for_markup()
    {
        Answer answer = await server.Anonymous().GetAsync(MapService.Map("1.3.0", ("LAYERS", "<script>\u0001\uFFFE" + new string('x', 3000))));
        string text = answer.MustExcept("1.3.0", "LayerNotDefined");
        Assert.InRange(text.Length, 100, 400);
        Assert.DoesNotContain("<script>", answer.Text, StringComparison.Ordinal);
    }
}
