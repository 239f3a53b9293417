using System.Globalization;
using System.Net.Http.Headers;
using System.Xml.Linq;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Wfs;

/// <summary>A server with two layers more than the city has: one of every type of value, one of every type of geometry under odd names.</summary>
public sealed class WfsServer(TestCluster cluster) : IAsyncLifetime
{
    internal static readonly XNamespace WfsSpace = "http://www.opengis.net/wfs/2.0";
    internal static readonly XNamespace Gml = "http://www.opengis.net/gml/3.2";
    internal static readonly XNamespace Ows = "http://www.opengis.net/ows/1.1";
    internal static readonly XNamespace Fes = "http://www.opengis.net/fes/2.0";
    internal static readonly XNamespace Gd = "urn:geodispatch:share";
    internal static readonly XNamespace Xsd = "http://www.w3.org/2001/XMLSchema";

    public RunningServer Server { get; } = new(cluster);

    public TestDatabase Database => Server.Database;

    /// <summary>Nobody in particular, with one connection for all that is asked.</summary>
    internal Session Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Client = Server.Anonymous();
        await Database.AdministerAsync(
            """
            CREATE VIEW share.values AS
            SELECT id, kind AS text, CASE WHEN id % 3 = 0 THEN NULL ELSE E'a<&"\u0001' || chr(128512) END AS odd, (id % 7)::float8 / 3 AS ratio,
                   id::numeric / 10 AS amount, id % 2 = 0 AS even, '2026-01-01'::date + (id % 100)::int AS day,
                   '2026-01-01T00:00:00Z'::timestamptz + (id % 100) * interval '1 hour' AS at, gen_random_uuid() AS uuid, geom3857 AS geom
            FROM city.poi;
            CREATE VIEW share."奇 shape" AS
            SELECT code, name AS "名 称", ST_SetSRID(geom::geometry, 3857) AS geom FROM (VALUES
                ('point', '1', 'POINT(13200000 4500000)'), ('empty', '2', 'POINT EMPTY'), ('none', '3', NULL),
                ('line', '4', 'LINESTRING(13200000 4500000, 13200100 4500000)'),
                ('polygon', '5', 'POLYGON((13200000 4500000, 13200300 4500000, 13200300 4500300, 13200000 4500000), (13200200 4500050, 13200250 4500050, 13200250 4500100, 13200200 4500050))'),
                ('multipoint', '6', 'MULTIPOINT(13200000 4500000, 13200100 4500000)'),
                ('multiline', '7', 'MULTILINESTRING((13200000 4500000, 13200100 4500000), (13200000 4500100, 13200100 4500100))'),
                ('multipolygon', '8', 'MULTIPOLYGON(((13200000 4500000, 13200300 4500000, 13200300 4500300, 13200000 4500000)), ((13201000 4500000, 13201300 4500000, 13201300 4500300, 13201000 4500000)))'),
                ('collection', '9', 'GEOMETRYCOLLECTION(POINT(13200000 4500000), LINESTRING(13200000 4500000, 13200100 4500000))'),
                ('curve', '10', 'CIRCULARSTRING(13200000 4500000, 13200100 4500100, 13200200 4500000)'),
                ('high', '11', 'POINT Z (13200000 4500000 7)')) v (code, name, geom);
            COMMENT ON VIEW share.values IS '值 / Values';
            COMMENT ON VIEW share."奇 shape" IS '形状 / Shapes';
            GRANT SELECT ON share.values, share."奇 shape" TO share_reader
            """);
        // The catalogue is read anew every few seconds.
        await Eventually.GetAsync(() => Client.GetAsync("/ogc/collections/values"), answer => answer.Status == 200, "the layers are known");
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    /// <param name="query">Behind <c>SERVICE=WFS&amp;VERSION=2.0.0&amp;REQUEST=</c>.</param>
    internal Task<Answer> AskAsync(string query) => Client.GetAsync($"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST={query}");

    internal async Task<XElement> XmlAsync(string query) => Xml(await AskAsync(query));

    internal Task<XElement> FeaturesAsync(string query) => XmlAsync($"GetFeature&{query}");

    internal async Task<Answer> PostAsync(string body, string mediaType = "text/xml") => await Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/wfs") { Content = new StringContent(body, new MediaTypeHeaderValue(mediaType)) });

    internal Task<Answer> PostQueryAsync(string attributes, string queries) => PostAsync(
        $"""
        <wfs:GetFeature service="WFS" version="2.0.0" {attributes} xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0"
            xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:x="urn:geodispatch:share">{queries}</wfs:GetFeature>
        """);

    internal static string Filter(string predicate) => Uri.EscapeDataString(
        $"<fes:Filter xmlns:fes=\"http://www.opengis.net/fes/2.0\" xmlns:gml=\"http://www.opengis.net/gml/3.2\">{predicate}</fes:Filter>");

    /// <summary>Fails the test where it is a refusal.</summary>
    internal static XElement Xml(Answer answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
        return XDocument.Parse(answer.Text).Root!;
    }

    internal static void MustRefuse(Answer answer, int status, string code, string? locator = null)
    {
        Assert.True(answer.Status == status, $"Expected {status} {code}, got {answer.Status} {answer.Text}");
        Assert.Equal("text/xml", answer.Response.Content.Headers.ContentType?.MediaType);
        XElement report = XDocument.Parse(answer.Text).Root!;
        Assert.Equal((Ows + "ExceptionReport", "2.0.0"), (report.Name, (string?)report.Attribute("version")));
        XElement exception = Assert.Single(report.Elements());
        Assert.True(code == (string?)exception.Attribute("exceptionCode"), $"Expected {code}, got {answer.Text}");
        Assert.True(locator is null || locator.Equals((string?)exception.Attribute("locator"), StringComparison.OrdinalIgnoreCase), $"Expected {locator}, got {answer.Text}");
        Assert.InRange((string?)exception.Element(Ows + "ExceptionText") ?? "", "\u0001", "\uFFFF");
        Assert.InRange(answer.Text.Length, 1, 3_000);
    }
}

/// <summary>One server for all tests of the service.</summary>
[CollectionDefinition]
public sealed class WfsCollection : ICollectionFixture<WfsServer>;

internal static class WfsDocuments
{
    internal static XElement[] Members(this XElement collection) => [.. collection.Elements(WfsServer.WfsSpace + "member").Elements()];

    internal static string Id(this XElement feature) => (string)feature.Attribute(WfsServer.Gml + "id")!;

    internal static string[] Ids(this XElement collection) => [.. collection.Members().Select(Id)];

    internal static int Number(this XElement collection, string attribute) => int.Parse((string)collection.Attribute(attribute)!, CultureInfo.InvariantCulture);

    internal static string? Value(this XElement feature, string property) => (string?)feature.Element(WfsServer.Gd + property);

    /// <summary>Every number of a feature's geometry, in its order.</summary>
    internal static double[] Numbers(this XElement feature) =>
    [
        .. feature.Descendants().Where(element => element.Name == WfsServer.Gml + "pos" || element.Name == WfsServer.Gml + "posList")
            .SelectMany(element => element.Value.Split(' ')).Select(number => double.Parse(number, CultureInfo.InvariantCulture)),
    ];
}
