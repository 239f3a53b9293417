using System.Globalization;
using System.Text.Json;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Wms;

/// <summary>GetFeatureInfo in both versions: the right features at a pixel, however their axes are ordered.</summary>
[Collection("wms")]
public sealed class FeatureInfoTests(RunningServer server)
{
    private sealed record Spot(string Id, double X, double Y);

    [Theory]
    [InlineData("1.1.1", "EPSG:4326")]
    [InlineData("1.1.1", "EPSG:4490")]
    [InlineData("1.1.1", "EPSG:3857")]
    [InlineData("1.1.1", "EPSG:900913")]
    [InlineData("1.1.1", "EPSG:4549")]
    [InlineData("1.3.0", "EPSG:4326")]
    [InlineData("1.3.0", "EPSG:4490")]
    [InlineData("1.3.0", "CRS:84")]
    [InlineData("1.3.0", "EPSG:3857")]
    [InlineData("1.3.0", "EPSG:4528")]
    [InlineData("1.3.0", "EPSG:4549")]
    [Requirement("wms", "get-feature-info", "axis-order")]
    public async Task A_point_is_found_at_its_pixel_in_every_system_and_version(string version, string system)
    {
        Spot poi = await SpotAsync("pois", system);
        Answer answer = await server.Anonymous().GetAsync(MapService.Info(
            version, (version == "1.1.1" ? "SRS" : "CRS", system), ("BBOX", BoxAround(poi, version, system, 20, 40)), ("WIDTH", "401"), ("HEIGHT", "201"),
            (version == "1.1.1" ? "X" : "I", "100"), (version == "1.1.1" ? "Y" : "J", "150")));
        JsonElement met = Assert.Single(answer.Read<JsonElement>().Features());
        Assert.Equal($"pois.{poi.Id}", met.GetProperty("id").GetString());
        Assert.InRange(met.Numbers()[0], 118, 120);
        Assert.InRange(met.Numbers()[1], 36, 39);
    }

    [Fact]
    public async Task A_point_some_pixels_off_is_still_found_and_one_far_off_is_not()
    {
        Spot poi = await SpotAsync("pois", "EPSG:3857");
        foreach ((string column, int found) in new[] { ("100", 1), ("103", 1), ("97", 1), ("110", 0), ("90", 0) })
        {
            Answer answer = await server.Anonymous().GetAsync(MapService.Info(
                "1.3.0", ("CRS", "EPSG:3857"), ("BBOX", BoxAround(poi, "1.3.0", "EPSG:3857", 20, 40)), ("WIDTH", "401"), ("HEIGHT", "201"), ("I", column), ("J", "150")));
            Assert.Equal(found, answer.Read<JsonElement>().Features().Length);
        }
    }

    [Fact]
    public async Task A_polygon_is_found_inside_of_it_and_not_beside_it()
    {
        // A metre to the pixel: three metres beside the water a point would still be found.
        Spot inside = await SpotAsync("water_polygons", "EPSG:3857", "ST_PointOnSurface(geom)");
        async Task<JsonElement[]> AtAsync(Spot spot) => (await server.Anonymous().GetAsync(MapService.Info(
            "1.3.0", ("CRS", "EPSG:3857"), ("BBOX", BoxAround(spot, "1.3.0", "EPSG:3857", 200, 400)), ("WIDTH", "401"), ("HEIGHT", "201"), ("I", "100"), ("J", "150"),
            ("QUERY_LAYERS", "water_polygons"), ("FEATURE_COUNT", "10")))).Read<JsonElement>().Features();
        Assert.Contains(await AtAsync(inside), feature => feature.GetProperty("id").GetString() == $"water_polygons.{inside.Id}");
        double[] beside = await server.Database.ReadAsync<double[]>(
            """
            SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (
                SELECT (ST_DumpPoints(ST_ExteriorRing((ST_Dump(ST_Buffer(geom, 3))).geom))).geom p FROM share.water_polygons WHERE id = $1) t
            WHERE NOT EXISTS (SELECT FROM share.water_polygons w WHERE ST_DWithin(w.geom, p, 1)) LIMIT 1
            """,
            long.Parse(inside.Id, CultureInfo.InvariantCulture));
        Assert.Empty(await AtAsync(new Spot("", beside[0], beside[1])));
    }

    [Fact]
    public async Task The_base_map_is_asked_through_its_layers_the_topmost_first()
    {
        Spot poi = await SpotAsync("pois", "EPSG:3857");
        (string, string?)[] at =
        [
            ("CRS", "EPSG:3857"), ("BBOX", BoxAround(poi, "1.3.0", "EPSG:3857", 20, 40)), ("WIDTH", "401"), ("HEIGHT", "201"), ("I", "100"), ("J", "150"),
            ("QUERY_LAYERS", "city"),
        ];
        JsonElement top = Assert.Single((await server.Anonymous().GetAsync(MapService.Info("1.3.0", at))).Read<JsonElement>().Features());
        Assert.Equal($"pois.{poi.Id}", top.GetProperty("id").GetString());
        string[] all = [.. (await server.Anonymous().GetAsync(MapService.Info("1.3.0", [.. at, ("FEATURE_COUNT", "50")]))).Read<JsonElement>().Features()
            .Select(feature => feature.GetProperty("id").GetString()!)];
        Assert.Contains(all, id => id.StartsWith("boundaries.", StringComparison.Ordinal));
        Assert.True(
            Array.FindIndex(all, id => id.StartsWith("boundaries.", StringComparison.Ordinal)) > Array.IndexOf(all, $"pois.{poi.Id}"), string.Join(' ', all));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("0", 1)]
    [InlineData("-3", 1)]
    [InlineData("many", 1)]
    [InlineData("3", 3)]
    [InlineData("99999", 50)]
    [InlineData("99999999999999999999", 1)]
    public async Task FEATURE_COUNT_is_one_where_it_is_no_positive_number_and_never_above_the_most(string? asked, int count)
    {
        // The whole city in one pixel.
        Answer answer = await server.Anonymous().GetAsync(MapService.Info(
            "1.3.0", ("WIDTH", "1"), ("HEIGHT", "1"), ("I", "0"), ("J", "0"), ("QUERY_LAYERS", "buildings"), ("LAYERS", "buildings"), ("FEATURE_COUNT", asked)));
        Assert.Equal(count, answer.Read<JsonElement>().Features().Length);
    }

    [Theory]
    [InlineData("1.1.1", "I", "J")]
    [InlineData("1.3.0", "X", "Y")]
    [Requirement("wms", "get-feature-info", "clients")]
    public async Task The_pixel_is_also_accepted_by_the_names_of_the_other_version(string version, string column, string row)
    {
        (string, string?)[] own = version == "1.1.1" ? [("X", null), ("Y", null)] : [("I", null), ("J", null)];
        Answer answer = await server.Anonymous().GetAsync(MapService.Info(version, [.. own, (column, "10"), (row, "10")]));
        Assert.Equal("FeatureCollection", answer.Read<JsonElement>().GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("1.1.1", "X", "256", "InvalidPoint")]
    [InlineData("1.1.1", "Y", "-1", "InvalidPoint")]
    [InlineData("1.1.1", "X", null, "MissingParameterValue")]
    [InlineData("1.3.0", "I", "256", "InvalidPoint")]
    [InlineData("1.3.0", "J", "1.5", "InvalidPoint")]
    [InlineData("1.3.0", "J", "99999999999", "InvalidPoint")]
    [InlineData("1.3.0", "I", null, "MissingParameterValue")]
    [InlineData("1.3.0", "QUERY_LAYERS", null, "MissingParameterValue")]
    [InlineData("1.3.0", "QUERY_LAYERS", "nowhere", "LayerNotDefined")]
    [InlineData("1.1.1", "QUERY_LAYERS", "pois,nowhere", "LayerNotDefined")]
    [InlineData("1.3.0", "LAYERS", "nowhere", "LayerNotDefined")]
    [InlineData("1.3.0", "STYLES", "dusk", "StyleNotDefined")]
    [InlineData("1.3.0", "INFO_FORMAT", "application/x-thing", "InvalidFormat")]
    [InlineData("1.3.0", "INFO_FORMAT", null, "MissingParameterValue")]
    [InlineData("1.3.0", "BBOX", "NaN,1,2,3", "InvalidParameterValue")]
    [InlineData("1.3.0", "WIDTH", "100000", "InvalidParameterValue")]
    [Requirement("wms", "get-feature-info", "exceptions")]
    public async Task What_is_wrong_is_said_as_the_standard_says_it(string version, string name, string? value, string code) =>
        (await server.Anonymous().GetAsync(MapService.Info(version, (name, value)))).MustExcept(version, code);

    [Fact]
    public async Task Where_the_map_reaches_beyond_the_earth_nothing_is_found_and_nothing_breaks()
    {
        foreach ((string system, string box) in new[]
        {
            ("EPSG:4326", "-1000,-1000,1000,1000"), ("EPSG:4326", "89.9,0,90,1"), ("EPSG:3857", "-1e9,-1e9,1e9,1e9"), ("EPSG:4549", "-1e8,-1e8,1e8,1e8"),
            ("EPSG:4527", "0,0,1,1"), ("CRS:84", "179,89,181,91"),
        })
        {
            foreach (string pixel in new[] { "0", "128", "255" })
            {
                Answer answer = await server.Anonymous().GetAsync(MapService.Info(
                    "1.3.0", ("CRS", system), ("BBOX", box), ("I", pixel), ("J", pixel), ("QUERY_LAYERS", "city,pois"), ("FEATURE_COUNT", "50")));
                Assert.Equal("FeatureCollection", answer.Read<JsonElement>().GetProperty("type").GetString());
            }
        }
    }

    [Fact]
    public async Task Every_form_says_what_lies_there_and_none_lets_data_become_markup()
    {
        await server.Database.AdministerAsync(
            """
            CREATE VIEW share.bold AS SELECT 1 AS id, E'<b onclick="x">粗体\n</b>' AS "na<me", ST_SetSRID(ST_MakePoint(13191000, 4499000), 3857)::geometry(Point, 3857) AS geom;
            COMMENT ON VIEW share.bold IS '粗 <i> / Bold';
            GRANT SELECT ON share.bold TO share_reader
            """);
        try
        {
            string Ask(string form) => MapService.Info(
                "1.3.0", ("CRS", "EPSG:3857"), ("BBOX", "13190995,4498995,13191005,4499005"), ("LAYERS", "bold"), ("QUERY_LAYERS", "bold"), ("WIDTH", "11"), ("HEIGHT", "11"),
                ("I", "5"), ("J", "5"), ("INFO_FORMAT", form));
            await Eventually.GetAsync(() => server.Anonymous().GetAsync("/ogc/collections/bold"), answer => answer.Status == 200, "the layer is there");
            Answer page = await server.Anonymous().GetAsync(Ask("text/html"));
            Assert.Equal("text/html", page.Response.Content.Headers.ContentType?.MediaType);
            Assert.Contains("粗体", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<b", page.Text.Replace("<body", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("<i>", page.Text, StringComparison.Ordinal);
            Answer plain = await server.Anonymous().GetAsync(Ask("text/plain"));
            Assert.Equal("text/plain", plain.Response.Content.Headers.ContentType?.MediaType);
            Assert.Contains("  na<me = <b onclick=\"x\">粗体 </b>\n", plain.Text, StringComparison.Ordinal);
            Answer json = await server.Anonymous().GetAsync(Ask("application/json"));
            Assert.Equal("<b onclick=\"x\">粗体\n</b>", json.Read<JsonElement>().Features()[0].GetProperty("properties").GetProperty("na<me").GetString());
        }
        finally
        {
            await server.Database.AdministerAsync("DROP VIEW share.bold");
            await Eventually.GetAsync(() => server.Anonymous().GetAsync("/ogc/collections/bold"), answer => answer.Status == 404, "the layer is gone");
        }
    }

    /// <summary>A feature that lies apart from others, and where.</summary>
    private async Task<Spot> SpotAsync(string layer, string system, string point = "geom")
    {
        int srid = MapService.Srid(system);
        string id = await server.Database.ReadAsync<string>(
            $"SELECT id::text FROM share.{layer} a WHERE NOT EXISTS (SELECT FROM share.{layer} b WHERE b.id <> a.id AND ST_DWithin(a.geom, b.geom, 30)) ORDER BY id LIMIT 1");
        double[] place = await server.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform({point}, {srid}) p FROM share.{layer} WHERE id::text = $1) t", id);
        return new Spot(id, place[0], place[1]);
    }

    /// <summary>A box of 401 × 201 pixels that has the spot in pixel (100, 150): no middle, so that swapped axes would miss it.</summary>
    private static string BoxAround(Spot spot, string version, string system, double metersHigh, double metersWide)
    {
        double unit = system is "CRS:84" or "EPSG:4326" or "EPSG:4490" ? 1 / 111_000.0 : 1;
        double width = metersWide * unit, height = metersHigh * unit;
        double west = spot.X - (width * 100.5 / 401), north = spot.Y + (height * 150.5 / 201);
        return MapService.Box(version, system, west, north - height, west + width, north);
    }
}
