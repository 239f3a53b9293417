using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Sharing;

/// <summary>
/// What a hostile client sends, over every protocol of the map: each is answered, in bounded time and memory, with a refusal that says why or
/// with an answer that is right, never with a fault of the server; and what is stored stays as it was.
/// </summary>
[Collection(typeof(Alone))]
public sealed class HostileInputTests(RunningServer server) : IClassFixture<RunningServer>
{
    // Only a hang meets it.
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(20);
    private const long MostGrowth = 150_000_000;
    private const string Items = "/ogc/collections/pois/items?";
    private const string Wfs = "/wfs?service=WFS&version=2.0.0&request=GetFeature&count=10&typeNames=";
    private const string Map = "/wms?service=WMS&version=1.3.0&request=GetMap&layers=city&styles=&format=image/png&";
    private const string Tile = "/wmts?service=WMTS&version=1.0.0&request=GetTile&style=default&format=application/vnd.mapbox-vector-tile&";

    /// <summary>Path, then the status, then what the answer contains: a code, or a mark of success.</summary>
    public static TheoryData<string, int, string> Asked => new()
    {
        // Boxes at the ends of the world, and numbers that are none.
        { $"{Items}bbox=-180,-90,180,90", 200, "numberReturned" },
        { $"{Items}bbox=179.9,37,-179.9,38", 200, "numberReturned" },
        { $"{Items}bbox=0,90,0,90", 200, "numberReturned" },
        { $"{Items}bbox=NaN,37,119,38", 400, "\"code\":" },
        { $"{Items}bbox=118,37,Infinity,38", 400, "\"code\":" },
        { $"{Items}bbox=1e400,37,119,38", 400, "\"code\":" },
        { $"{Items}bbox=118,38,119,37", 400, "\"code\":" },
        { $"{Items}limit=-1", 400, "\"code\":" },
        { $"{Items}limit=99999999999999999999", 200, "numberReturned" },
        { $"{Items}crs=http://www.opengis.net/def/crs/EPSG/0/999999", 400, "\"code\":" },
        // Filters: depth, injection, quotation marks of other alphabets, nothing.
        { $"{Items}filter={new string('(', 3_000)}id=1{new string(')', 3_000)}", 400, "filter" },
        { $"{Items}filter={Escaped("name='x'; DROP TABLE city.poi")}", 400, "filter" },
        { $"{Items}filter={Escaped("name='x'' OR 1=1)--'")}", 200, "\"numberReturned\":0" },
        { $"{Items}filter={Escaped("name=‘x’ OR 1=1")}", 400, "filter" },
        { $"{Items}filter={Escaped("name='\0'")}", 400, "" },
        { $"{Items}name={Escaped("'; DROP TABLE city.poi; --")}", 200, "\"numberReturned\":0" },
        { $"{Items}filter={Escaped("S_INTERSECTS(geom, POINT(NaN NaN))")}", 400, "filter" },
        { $"{Items}{Escaped("x\" OR 1=1 --")}=1", 400, "\"code\":" },
        { "/ogc/collections/pois;DROP%20TABLE%20city.poi/items", 404, "collection.unknown" },
        { $"/ogc/collections/pois/items/{Escaped("1 OR 1=1")}", 404, "feature.unknown" },
        { $"{Items}name={new string('x', 7_000)}", 200, "\"numberReturned\":0" },
        // WFS by keywords.
        { $"{Wfs}pois&bbox=NaN,37,119,38,CRS84", 400, "InvalidParameterValue" },
        { $"{Wfs}pois&bbox=-90,-180,90,180,urn:ogc:def:crs:EPSG::4326", 200, "numberReturned" },
        { $"{Wfs}pois&srsName=EPSG:999999", 400, "InvalidParameterValue" },
        { $"{Wfs}{Escaped("pois; DROP TABLE city.poi")}", 400, "InvalidParameterValue" },
        { $"{Wfs}pois&startIndex=-1", 400, "InvalidParameterValue" },
        // WMS: too large, nowhere, in no system.
        { $"{Map}crs=CRS:84&bbox=118,37,119,38&width=100000&height=100000", 200, "ServiceException" },
        { $"{Map}crs=CRS:84&bbox=118,37,119,38&width=-1&height=10", 200, "ServiceException" },
        { $"{Map}crs=EPSG:999999&bbox=118,37,119,38&width=64&height=64", 200, "InvalidCRS" },
        { $"{Map}crs=CRS:84&bbox=NaN,37,119,38&width=64&height=64", 200, "ServiceException" },
        { $"{Map}crs=CRS:84&bbox=-180,-90,180,90&width=64&height=64", 200, "PNG" },
        { $"{Map}crs=EPSG:3857&bbox=-1e300,-1e300,1e300,1e300&width=64&height=64", 200, "" },
        { $"{Map.Replace("layers=city", "layers=" + string.Join(',', Enumerable.Repeat("city", 1_000)), StringComparison.Ordinal)}crs=CRS:84&bbox=118,37,119,38&width=64&height=64", 200, "ServiceException" },
        // Tiles beyond the grid.
        { "/tiles/city/31/0/0.mvt", 400, "tile.outside_grid" },
        { "/tiles/city/14/-1/0.mvt", 400, "tile.outside_grid" },
        { "/tiles/city/14/99999999999/0.png", 400, "tile.outside_grid" },
        { "/tiles/..%2f..%2fetc%2fpasswd/1/1/1.mvt", 404, "tileset.unknown" },
        { "/ogc/tiles/WebMercatorQuad/14/NaN/0", 404, "tile.outside_limits" },
        { $"{Tile}layer=city&tilematrixset=WebMercatorQuad&tilematrix=14&tilerow=-1&tilecol=0", 400, "exceptionCode" },
        { $"{Tile}layer={Escaped("city'; DROP TABLE city.poi")}&tilematrixset=WebMercatorQuad&tilematrix=14&tilerow=1&tilecol=0", 400, "InvalidParameterValue" },
        { "/wmts?service=WMTS&request=%00", 501, "OperationNotSupported" },
    };

    /// <summary>Name, body, status, what the answer contains.</summary>
    public static TheoryData<string, int, string> Sent => new()
    {
        { "laughs", 400, "OperationParsingFailed" },
        { "file", 400, "OperationParsingFailed" },
        { "deep", 400, "" },
        { "points", 413, "body.too_large" },
        { "many points", 400, "" },
        { "not XML", 400, "OperationParsingFailed" },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task What_is_asked_by_url_is_refused_or_answered_and_changes_nothing(string path, int status, string content) =>
        await UnharmedAsync(async () => Check(await server.Anonymous().GetAsync(path), status, content));

    [Theory]
    [MemberData(nameof(Sent))]
    public async Task What_is_sent_to_wfs_is_refused_and_changes_nothing(string body, int status, string content) => await UnharmedAsync(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/wfs") { Content = new StringContent(Body(body), Encoding.UTF8, "text/xml") };
        Answer answer = await server.Anonymous().SendAsync(request);
        Check(answer, status, content);
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
    });

    [Fact]
    public async Task A_body_that_comes_by_the_byte_holds_up_nobody()
    {
        await UnharmedAsync(async () =>
        {
            var slow = new List<TcpClient>();
            for (int client = 0; client < 50; client++)
            {
                var connection = new TcpClient();
                slow.Add(connection);
                await connection.ConnectAsync(server.Address.Host, server.Address.Port);
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /wfs HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<"));
            }

            Check(await server.Anonymous().GetAsync($"{Items}limit=1"), 200, "numberReturned");
            slow.ForEach(static connection => connection.Dispose());
        });
    }

    private static string Body(string name)
    {
        const string open = "<wfs:GetFeature xmlns:wfs=\"http://www.opengis.net/wfs/2.0\" xmlns:fes=\"http://www.opengis.net/fes/2.0\" xmlns:gml=\"http://www.opengis.net/gml/3.2\" service=\"WFS\" version=\"2.0.0\"><wfs:Query typeNames=\"pois\"><fes:Filter>";
        const string close = "</fes:Filter></wfs:Query></wfs:GetFeature>";
        string Line(int points) =>
            $"{open}<fes:Intersects><fes:ValueReference>geom</fes:ValueReference><gml:LineString gml:id=\"l\" srsName=\"urn:ogc:def:crs:OGC:1.3:CRS84\"><gml:posList>{string.Concat(Enumerable.Repeat("118.5 37.4 ", points))}</gml:posList></gml:LineString></fes:Intersects>{close}";
        string entities = string.Concat(Enumerable.Range(1, 9).Select(static level =>
            string.Create(CultureInfo.InvariantCulture, $"<!ENTITY l{level} \"{string.Concat(Enumerable.Repeat($"&l{level - 1};", 10))}\">")));
        return name switch
        {
            "laughs" => $"<!DOCTYPE x [<!ENTITY l0 \"lol\">{entities}]>{open}<fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>&l9;</fes:Literal></fes:PropertyIsEqualTo>{close}",
            "file" => $"<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>{open}<fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>&f;</fes:Literal></fes:PropertyIsEqualTo>{close}",
            "deep" => open + string.Concat(Enumerable.Repeat("<fes:Not>", 10_000)) + string.Concat(Enumerable.Repeat("</fes:Not>", 10_000)) + close,
            "points" => Line(1_000_000),
            "many points" => Line(80_000),
            _ => "{\"filter\": \"1=1\"}",
        };
    }

    private static void Check(Answer answer, int status, string content)
    {
        Assert.True(answer.Status == status, $"{answer.Response.RequestMessage!.RequestUri!.ToString()[..Math.Min(200, answer.Response.RequestMessage.RequestUri.ToString().Length)]}: {answer.Status} instead of {status}: {answer.Text[..Math.Min(600, answer.Text.Length)]}");
        Assert.Contains(content, answer.Text, StringComparison.Ordinal);
        Assert.InRange(answer.Text.Length, 0, 200_000);
    }

    private async Task UnharmedAsync(Func<Task> attack)
    {
        string before = await FingerprintAsync();
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        await attack().WaitAsync(Watchdog);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, MostGrowth);
        Assert.Equal(before, await FingerprintAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Watchdog * 2);
    }

    /// <summary>All that an injected statement could reach, in one number.</summary>
    private Task<string> FingerprintAsync() => server.Database.ReadAsync<string>(
        """
        SELECT concat_ws(' ', (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM city.poi t), (SELECT count(*) FROM city.street),
            (SELECT count(*) FROM city.building), (SELECT count(*) FROM identity.account), (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'v')))
        """);

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
