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
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(120);
    private const long MostGrowth = 150_000_000;
    private const string Items = "/ogc/collections/pois/items?";
    private const string Wfs = "/wfs?service=WFS&version=2.0.0&request=GetFeature&count=10&typeNames=";
    private const string Map = "/wms?service=WMS&version=1.3.0&request=GetMap&layers=city&styles=&format=image/png&";
    private const string Tile = "/wmts?service=WMTS&version=1.0.0&request=GetTile&style=default&format=application/vnd.mapbox-vector-tile&";

    /// <summary>Path, then the status, then what the answer contains: a code, or a mark of success.</summary>
    private static TheoryData<string, int, string> Asked => new()
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

    /// <summary>What is stored is looked at once for all of them: each looking reads every place of the city.</summary>
    [Fact]
    public async Task What_is_asked_by_url_is_refused_or_answered_and_changes_nothing() => await UnharmedAsync(async () =>
    {
        foreach ((string path, int status, string content) in Asked.Select(static row => row.Data))
        {
            Check(await server.Anonymous().GetAsync(path), status, content);
        }
    });

    [Theory]
    [MemberData(nameof(Sent))]
    public async Task What_is_sent_to_wfs_is_refused_and_changes_nothing(string body, int status, string content) => await UnharmedAsync(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/wfs") { Content = new StringContent(Body(body), Encoding.UTF8, "text/xml") };
        Answer answer = await server.Anonymous().SendAsync(request);
        Check(answer, status, content);
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
    });

    /// <summary>A request of each interface, good but for the one parameter that is replaced.</summary>
    public static TheoryData<string> Requests =>
    [
        "/ogc/collections/pois/items?bbox=118,37,119,38&bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&limit=1&datetime=2026-01-01T00:00:00Z&filter=id=1&filter-lang=cql2-text&filter-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&sortby=name&properties=name&name=x&next=x&f=json",
        "/ogc/collections/pois/items?limit=1&filter-lang=cql2-json&filter=1",
        "/ogc/collections/pois?f=json",
        "/ogc/collections/pois/items/1?crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&f=json",
        "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=pois&COUNT=1&STARTINDEX=0&BBOX=37,118,38,119&SRSNAME=EPSG:4326&SORTBY=name&PROPERTYNAME=name&OUTPUTFORMAT=application/json&RESULTTYPE=results&NAMESPACES=x",
        "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=pois&COUNT=1&FILTER=x&FILTER_LANGUAGE=x",
        "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&RESOURCEID=pois.1&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID=pois.1",
        "/wfs?SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0&SECTIONS=All",
        "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=city&STYLES=&CRS=CRS:84&BBOX=118,37,118.1,37.1&WIDTH=16&HEIGHT=16&FORMAT=image/png&TRANSPARENT=true&BGCOLOR=0xFFFFFF&EXCEPTIONS=XML&TIME=x&ELEVATION=x",
        "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=pois&QUERY_LAYERS=pois&STYLES=&CRS=CRS:84&BBOX=118,37,118.1,37.1&WIDTH=16&HEIGHT=16&FORMAT=image/png&INFO_FORMAT=application/json&FEATURE_COUNT=1&I=1&J=1",
        "/wms?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetLegendGraphic&LAYER=city&STYLE=&FORMAT=image/png",
        "/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=city&STYLE=default&FORMAT=image/png&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX=14&TILEROW=6346&TILECOL=13587",
    ];

    /// <summary>Tiles by address: each step of the path is replaced.</summary>
    public static TheoryData<string> Paths =>
    [
        "/tiles/city/14/13587/6346.mvt",
        "/tiles/city/14/13587/6346.png",
        "/ogc/tiles/WebMercatorQuad/14/6346/13587",
        "/ogc/collections/pois/tiles/WebMercatorQuad/14/6346/13587",
        "/wmts/1.0.0/city/default/WebMercatorQuad/14/6346/13587.png",
        "/ogc/collections/pois/queryables",
    ];

    private static readonly string[] Values =
    [
        "", "NaN", "Infinity", "-1", "1e400", "99", "99999999999999999999", "٣", "'", "\"", "'; DROP TABLE city.poi; --", "\" OR 1=1 --", "x\0", "\uFFFE\uD83D\uDE00",
        "../../etc/passwd", "%", "*", "<script>alert(1)</script>", "((((", "119,38,118,37", "-180,-90,180,90", "179,37,-179,38", "-1e300,-1e300,1e300,1e300",
        "118,37,119,38,119,38", "POINT(NaN NaN)", "EPSG:999999", "0000-00-00T99:99:99Z", "2026-01-01/1900-01-01", "{\"op\":\"=\",\"args\":[]}", "[[[[[[", new('x', 5_000),
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task No_value_of_any_parameter_is_a_fault_of_the_server(string request) => await UnharmedAsync(async () =>
    {
        string[] parts = request.Split('?', '&');
        for (int part = 1; part < parts.Length; part++)
        {
            string name = parts[part].Split('=')[0];
            foreach (string value in Values)
            {
                IEnumerable<string> others = parts.Skip(1).Where((_, at) => at != part - 1);
                NoFault(await server.Anonymous().GetAsync($"{parts[0]}?{string.Join('&', others)}&{name}={Escaped(value)}"));
            }

            // Bytes that are no UTF-8.
            NoFault(await server.Anonymous().GetAsync($"{parts[0]}?{string.Join('&', parts.Skip(1).Where((_, at) => at != part - 1))}&{name}=%C3%28%FF"));
        }
    });

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_step_of_a_path_is_a_fault_of_the_server(string path) => await UnharmedAsync(async () =>
    {
        string[] steps = path.Split('/');
        for (int step = 2; step < steps.Length; step++)
        {
            foreach (string value in Values.Where(static value => value.Length > 0))
            {
                NoFault(await server.Anonymous().GetAsync(string.Join('/', steps.Select((one, at) => at == step ? Escaped(value) : one))));
            }
        }
    });

    private static void NoFault(Answer answer)
    {
        string asked = answer.Response.RequestMessage!.RequestUri!.OriginalString;
        // 501 is how WFS and WMTS say that there is no such operation.
        Assert.True(answer.Status is < 500 or 501, $"{asked[..Math.Min(400, asked.Length)]}: {answer.Status} {answer.Text[..Math.Min(600, answer.Text.Length)]}");
        // A zero in the path is no HTTP: Kestrel refuses it before there is a request.
        Assert.True(answer.Status < 400 || answer.Text.Length > 0 || asked.Contains("%00", StringComparison.Ordinal), $"{asked[..Math.Min(400, asked.Length)]}: {answer.Status} without a word");
    }

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
