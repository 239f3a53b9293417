using System.Globalization;
using System.Text.Json;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>The requirements of OGC API – Features Part 2: systems by their URIs, in the axis order of their authority.</summary>
public sealed class CrsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Items = "/ogc/collections/pois/items";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, bool> Systems => new()
    {
        { Ogc.Crs84, 4326, false },
        { Ogc.Epsg(4326), 4326, true },
        { Ogc.Epsg(4490), 4490, true },
        { Ogc.Epsg(3857), 3857, false },
        { Ogc.Epsg(4527), 4527, true },
        { Ogc.Epsg(4528), 4528, true },
        { Ogc.Epsg(4548), 4548, true },
        { Ogc.Epsg(4549), 4549, true },
    };

    [Fact]
    [Requirement("features-2", "crs/crs-uri", "crs/fc-md-crs-list", "crs/fc-md-crs-list-global", "crs/fc-md-storageCrs", "crs/fc-md-storageCrs-valid-value")]
    public async Task Req_crs_fc_md_crs_list_and_storage_crs_each_layer_lists_the_systems_and_its_own_is_one()
    {
        foreach (JsonElement layer in (await server.JsonAsync("/ogc/collections")).GetProperty("collections").EnumerateArray())
        {
            string?[] systems = [.. layer.GetProperty("crs").EnumerateArray().Select(crs => crs.GetString())];
            Assert.Equal(Systems.Select(system => system.Data.Item1), systems);
            string storage = layer.GetProperty("storageCrs").GetString()!;
            Assert.Equal(Ogc.Epsg(3857), storage);
            Assert.Contains(storage, systems);
            // Each by its URI, here and alone: there is no list for all layers to point to.
            Assert.All(systems, uri => Assert.StartsWith("http://www.opengis.net/def/crs/", uri, StringComparison.Ordinal));
            Assert.Equal(layer.GetProperty("crs").GetRawText(), (await server.JsonAsync($"/ogc/collections/{layer.GetProperty("id")}")).GetProperty("crs").GetRawText());
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    [Requirement("features-2", "crs/fc-crs-action", "crs/ogc-crs-header", "crs/ogc-crs-header-value")]
    public async Task Req_crs_fc_crs_action_and_ogc_crs_header_coordinates_come_in_the_system_and_its_axis_order(string uri, int srid, bool yFirst)
    {
        Answer answer = await server.Anonymous().GetAsync($"{Items}?limit=20&crs={Uri.EscapeDataString(uri)}");
        Assert.Equal($"<{uri}>", Assert.Single(answer.Response.Headers.GetValues("Content-Crs")));
        foreach (JsonElement feature in answer.Read<JsonElement>().Features())
        {
            double[] xy = await server.Database.ReadAsync<double[]>(
                $"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(geom, {srid}) p FROM city.poi WHERE id = {feature.GetProperty("id")}) t");
            List<double> given = feature.Numbers();
            double close = srid is 4326 or 4490 ? 1e-6 : 0.01;
            Assert.Equal(yFirst ? xy[1] : xy[0], given[0], close);
            Assert.Equal(yFirst ? xy[0] : xy[1], given[1], close);

            Answer alone = await server.Anonymous().GetAsync($"{Items}/{feature.GetProperty("id")}?crs={Uri.EscapeDataString(uri)}");
            Assert.Equal($"<{uri}>", Assert.Single(alone.Response.Headers.GetValues("Content-Crs")));
            Assert.Equal(given, alone.Read<JsonElement>().Numbers());
        }
    }

    [Fact]
    [Requirement("features-2", "crs/fc-crs-default-value", "crs/geojson", "crs/ogc-crs-header")]
    public async Task Req_crs_fc_crs_default_value_without_the_parameter_it_is_CRS84()
    {
        foreach (string path in new[] { $"{Items}?limit=1", $"{Items}/{(await server.JsonAsync($"{Items}?limit=1")).Features()[0].GetProperty("id")}" })
        {
            Assert.Equal($"<{Ogc.Crs84}>", Assert.Single((await server.Anonymous().GetAsync(path)).Response.Headers.GetValues("Content-Crs")));
        }

        // GeoJSON is in CRS84 unless somebody asked for another system.
        Assert.InRange((await server.JsonAsync($"{Items}?limit=1")).Features()[0].Numbers()[0], 118, 120);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    [Requirement("features-2", "crs/fc-bbox-crs-action")]
    public async Task Req_crs_fc_bbox_crs_action_a_box_is_read_in_its_system_and_axis_order(string uri, int srid, bool yFirst)
    {
        double[] e = await server.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] FROM (SELECT ST_Transform(ST_MakeEnvelope(118.45, 37.4, 118.65, 37.5, 4326), {srid}) e) t");
        double[] ordered = yFirst ? [e[1], e[0], e[3], e[2]] : e;
        string bbox = string.Join(',', ordered.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        JsonElement page = await server.JsonAsync($"{Items}?limit=10000&bbox={bbox}&bbox-crs={Uri.EscapeDataString(uri)}");
        long expected = await server.Database.CountAsync(FormattableString.Invariant(
            $"city.poi WHERE ST_Intersects(ST_Transform(geom, {srid}), ST_MakeEnvelope({e[0]}, {e[1]}, {e[2]}, {e[3]}, {srid}))"));
        Assert.NotEqual(0, expected);
        Assert.Equal(expected, page.Features().Length);
    }

    [Fact]
    [Requirement("features-2", "crs/fc-bbox-crs-default-value")]
    public async Task Req_crs_fc_bbox_crs_default_value_without_the_parameter_a_box_is_in_CRS84()
    {
        const string box = "bbox=118.45,37.4,118.65,37.5&limit=10000";
        int[] Ids(JsonElement page) => [.. page.Features().Select(static feature => feature.GetProperty("id").GetInt32())];
        int[] found = Ids(await server.JsonAsync($"{Items}?{box}"));
        Assert.NotEmpty(found);
        Assert.Equal(found, Ids(await server.JsonAsync($"{Items}?{box}&bbox-crs={Uri.EscapeDataString(Ogc.Crs84)}")));
        // Where the features are wanted in another system the box stays in this one.
        Assert.Equal(found, Ids(await server.JsonAsync($"{Items}?{box}&crs={Uri.EscapeDataString(Ogc.Epsg(4549))}")));
    }

    [Fact]
    [Requirement("features-2", "crs/fc-crs-definition", "crs/fc-bbox-crs-definition")]
    public async Task Req_crs_fc_crs_definition_and_fc_bbox_crs_definition_both_parameters_are_described_with_the_systems()
    {
        JsonElement api = await server.JsonAsync("/ogc/api");
        foreach (string name in new[] { "crs", "bbox-crs" })
        {
            JsonElement parameter = api.GetProperty("components").GetProperty("parameters").GetProperty(name), schema = parameter.GetProperty("schema");
            Assert.Equal(("query", false), (parameter.GetProperty("in").GetString(), parameter.GetProperty("required").GetBoolean()));
            Assert.Equal(("string", "uri", Ogc.Crs84), (schema.GetProperty("type").GetString(), schema.GetProperty("format").GetString(), schema.GetProperty("default").GetString()));
            Assert.Equal(Systems.Select(system => system.Data.Item1), schema.GetProperty("enum").EnumerateArray().Select(uri => uri.GetString()));
            string reference = $"\"#/components/parameters/{name}\"";
            Assert.Contains(reference, api.GetProperty("paths").GetProperty("/collections/pois/items").GetRawText(), StringComparison.Ordinal);
            Assert.Equal(name == "crs", api.GetProperty("paths").GetProperty("/collections/pois/items/{featureId}").GetRawText().Contains(reference, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("http://www.opengis.net/def/crs/0/unsupported")]
    [InlineData("EPSG:4326")]
    [InlineData("")]
    [Requirement("features-2", "crs/fc-crs-valid-value", "crs/crs-exception", "crs/fc-bbox-crs-valid-value", "crs/bbox-crs-exception")]
    public async Task Req_crs_crs_exception_and_bbox_crs_exception_an_unlisted_system_is_refused(string uri)
    {
        foreach (string query in new[] { $"{Items}?crs=", $"{Items}/1?crs=", $"{Items}?bbox=118,37,119,38&bbox-crs=", $"{Items}?bbox-crs=" })
        {
            (await server.Anonymous().GetAsync(query + Uri.EscapeDataString(uri))).MustRefuse(400, "features.bad_query");
        }
    }

    [Theory]
    [InlineData(4326, "north")]
    [InlineData(4490, "north")]
    [InlineData(4527, "north")]
    [InlineData(4528, "north")]
    [InlineData(4548, "north")]
    [InlineData(4549, "north")]
    [InlineData(3857, "east")]
    public async Task The_registry_has_the_axes_in_this_order(int code, string first)
    {
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, Cancellation);
        string description = await Shell.MustRunAsync("gdalsrsinfo", ["-o", "wkt2", $"EPSG:{code}"], cancellation: Cancellation);
        string axes = description[description.LastIndexOf("CS[", StringComparison.Ordinal)..];
        Assert.Contains($",{first},", axes[..axes.IndexOf("ORDER[1]", StringComparison.Ordinal)].Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
