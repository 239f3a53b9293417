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
    public async Task Req_crs_fc_md_crs_list_and_storage_crs_each_layer_lists_the_systems_and_its_own_is_one()
    {
        foreach (JsonElement layer in (await server.JsonAsync("/ogc/collections")).GetProperty("collections").EnumerateArray())
        {
            string?[] systems = [.. layer.GetProperty("crs").EnumerateArray().Select(crs => crs.GetString())];
            Assert.Equal(Systems.Select(system => system.Data.Item1), systems);
            Assert.Equal(Ogc.Epsg(3857), layer.GetProperty("storageCrs").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
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
    public async Task Req_crs_fc_crs_default_value_without_the_parameter_it_is_CRS84()
    {
        foreach (string path in new[] { $"{Items}?limit=1", $"{Items}/{(await server.JsonAsync($"{Items}?limit=1")).Features()[0].GetProperty("id")}" })
        {
            Assert.Equal($"<{Ogc.Crs84}>", Assert.Single((await server.Anonymous().GetAsync(path)).Response.Headers.GetValues("Content-Crs")));
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
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

    [Theory]
    [InlineData("http://www.opengis.net/def/crs/0/unsupported")]
    [InlineData("EPSG:4326")]
    [InlineData("")]
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
