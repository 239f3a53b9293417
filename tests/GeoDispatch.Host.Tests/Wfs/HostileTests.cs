using System.Diagnostics;
using System.Text;
using GeoDispatch.Testing;
using static GeoDispatch.Host.Tests.Wfs.WfsServer;

namespace GeoDispatch.Host.Tests.Wfs;

/// <summary>Requests that mean harm: each is refused or answered, soon, and the server goes on.</summary>
[Collection(typeof(WfsCollection))]
public sealed class HostileTests(WfsServer wfs)
{
    private const int SoonSeconds = 10;
    private const string Fes = "xmlns=\"http://www.opengis.net/fes/2.0\"";
    private const string Gml = "xmlns:g=\"http://www.opengis.net/gml/3.2\"";

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static string Query(string filter) => $"<wfs:Query typeNames=\"x:pois\">{filter}</wfs:Query>";

    /// <summary>Body, the statuses that are right.</summary>
    private static readonly Dictionary<string, (string Body, int Status)> Bodies = new(StringComparer.Ordinal)
    {
        ["entities that expand"] = (
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
            + "<GetCapabilities service=\"WFS\" xmlns=\"http://www.opengis.net/wfs/2.0\">&c;</GetCapabilities>", 400),
        ["a file of the server"] = (
            "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><GetCapabilities service=\"&f;\" xmlns=\"http://www.opengis.net/wfs/2.0\"/>", 400),
        ["a document type elsewhere"] = ("<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\"><GetCapabilities service=\"WFS\" xmlns=\"http://www.opengis.net/wfs/2.0\"/>", 400),
        ["nothing"] = ("", 400),
        ["no XML"] = ("{\"service\":\"WFS\"}", 400),
        ["another document"] = ("<html/>", 400),
        ["an operation that writes"] = ("<Transaction service=\"WFS\" version=\"2.0.0\" xmlns=\"http://www.opengis.net/wfs/2.0\"/>", 501),
        ["10,000 elements in each other"] = (Repeat("<a>", 10_000) + Repeat("</a>", 10_000), 400),
        ["100,000 empty elements"] = ($"<a>{Repeat("<a/>", 100_000)}</a>", 400),
        ["1,000 attributes"] = ($"<a {string.Join(' ', Enumerable.Range(0, 1000).Select(n => $"a{n}=''"))}/>", 400),
        ["a long name"] = ($"<{new string('a', 500_000)}/>", 400),
    };

    private static readonly Dictionary<string, (string Filter, int Status)> Filters = new(StringComparer.Ordinal)
    {
        ["Not 10,000 times"] = ($"<Filter {Fes}>{Repeat("<Not>", 10_000)}{Repeat("</Not>", 10_000)}</Filter>", 400),
        ["Not 90 times"] = ($"<Filter {Fes}>{Repeat("<Not>", 90)}<PropertyIsNull><ValueReference>name</ValueReference></PropertyIsNull>{Repeat("</Not>", 90)}</Filter>", 200),
        ["Or of 6,000"] = ($"<Filter {Fes}><Or>{Repeat("<PropertyIsEqualTo><ValueReference>id</ValueReference><Literal>1</Literal></PropertyIsEqualTo>", 6_000)}</Or></Filter>", 200),
        ["10,000 identifiers"] = ($"<Filter {Fes}>{Repeat("<ResourceId rid=\"pois.1\"/>", 10_000)}</Filter>", 400),
        ["100,000 points"] = ($"<Filter {Fes}><Intersects><ValueReference>geom</ValueReference><g:LineString {Gml}><g:posList>{Repeat("37 118 ", 100_000)}</g:posList></g:LineString></Intersects></Filter>", 400),
        ["a ring of 70 points across itself"] = (
            $"<Filter {Fes}><Intersects><ValueReference>geom</ValueReference><g:Polygon {Gml}><g:exterior><g:LinearRing><g:posList>"
            + $"{string.Concat(Enumerable.Range(0, 70).Select(n => FormattableString.Invariant($"{37 + (n * 7919 % 1000 / 1000.0)} {118 + (n * 104729 % 1000 / 1000.0)} ")))}37 118"
            + "</g:posList></g:LinearRing></g:exterior></g:Polygon></Intersects></Filter>", 200),
        ["a text of a million"] = ($"<Filter {Fes}><PropertyIsEqualTo><ValueReference>name</ValueReference><Literal>{new string('a', 900_000)}</Literal></PropertyIsEqualTo></Filter>", 200),
        ["SQL in a value"] = ($"<Filter {Fes}><PropertyIsEqualTo><ValueReference>name</ValueReference><Literal>' OR 1=1; DROP VIEW share.pois --</Literal></PropertyIsEqualTo></Filter>", 200),
        ["SQL in a name"] = ($"<Filter {Fes}><PropertyIsEqualTo><ValueReference>name\" IS NULL OR \"name</ValueReference><Literal>1</Literal></PropertyIsEqualTo></Filter>", 400),
        ["a pattern of wildcards"] = ($"<Filter {Fes}><PropertyIsLike wildCard='*' singleChar='.' escapeChar='!'><ValueReference>name</ValueReference><Literal>{Repeat("*a", 2_000)}</Literal></PropertyIsLike></Filter>", 200),
        ["a number beyond numbers"] = ($"<Filter {Fes}><PropertyIsEqualTo><ValueReference>id</ValueReference><Literal>1e999</Literal></PropertyIsEqualTo></Filter>", 400),
        ["the whole earth within a step"] = (
            $"<Filter {Fes}><DWithin><ValueReference>geom</ValueReference><g:Envelope {Gml}><g:lowerCorner>-90 -180</g:lowerCorner><g:upperCorner>90 180</g:upperCorner></g:Envelope><Distance uom='m'>1000000</Distance></DWithin></Filter>", 200),
        ["the whole earth"] = (
            $"<Filter {Fes}><BBOX><g:Envelope {Gml}><g:lowerCorner>-90 -180</g:lowerCorner><g:upperCorner>90 180</g:upperCorner></g:Envelope></BBOX></Filter>", 200),
    };

    public static TheoryData<string> BodyNames => [.. Bodies.Keys];

    public static TheoryData<string> FilterNames => [.. Filters.Keys];

    [Theory]
    [MemberData(nameof(BodyNames))]
    public async Task A_hostile_body_is_refused_soon(string name) => await SoonAsync(() => wfs.PostAsync(Bodies[name].Body), Bodies[name].Status);

    [Theory]
    [MemberData(nameof(FilterNames))]
    public async Task A_hostile_filter_is_refused_or_answered_soon(string name) =>
        await SoonAsync(() => wfs.PostQueryAsync("count=\"3\"", Query(Filters[name].Filter)), Filters[name].Status);

    [Theory]
    [InlineData("COUNT=-1")]
    [InlineData("COUNT=1.5")]
    [InlineData("COUNT=99999999999999999999")]
    [InlineData("STARTINDEX=-1")]
    [InlineData("STARTINDEX=a")]
    [InlineData("SRSNAME=EPSG:2414")]
    [InlineData("SRSNAME=EPSG:")]
    [InlineData("SRSNAME=%00")]
    [InlineData("SRSNAME=urn:ogc:def:crs:EPSG::4326%22%3E%3Cx/%3E")]
    [InlineData("BBOX=1,2,3")]
    [InlineData("BBOX=1,2,3,4,5,6")]
    [InlineData("BBOX=NaN,NaN,NaN,NaN")]
    [InlineData("BBOX=1e999,0,1,1")]
    [InlineData("BBOX=37,118,38,119,EPSG:1")]
    [InlineData("SORTBY=nothing")]
    [InlineData("SORTBY=name;DROP%20VIEW%20share.pois")]
    [InlineData("SORTBY=name%20DESC,name%20ASC")]
    [InlineData("SORTBY=geom")]
    [InlineData("PROPERTYNAME=nothing")]
    [InlineData("PROPERTYNAME=name%22")]
    [InlineData("RESULTTYPE=all")]
    [InlineData("OUTPUTFORMAT=shape-zip")]
    [InlineData("FILTER_LANGUAGE=CQL")]
    [InlineData("BBOX=37,118,38,119&RESOURCEID=pois.1")]
    public async Task A_bad_parameter_is_refused_by_its_name(string query) =>
        MustRefuse(
            await wfs.AskAsync($"GetFeature&TYPENAMES=pois&{query}"), 400, "InvalidParameterValue",
            query.Contains('&', StringComparison.Ordinal) ? "RESOURCEID" : query.Split('=')[0]);

    [Fact]
    public async Task What_is_echoed_is_short_and_no_markup()
    {
        foreach (string query in new[] { $"{new string('x', 5_000)}", "%3Cscript%3E%00%01%EF%BF%BE", "Get%F0%9F%98%80" })
        {
            MustRefuse(await wfs.AskAsync(query), 501, "OperationNotSupported");
            MustRefuse(await wfs.AskAsync($"GetFeature&TYPENAMES={query}"), 400, "InvalidParameterValue");
            MustRefuse(await wfs.AskAsync($"GetFeature&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID={query}"), 404, "NotFound");
        }
    }

    [Fact]
    public async Task A_body_beyond_a_megabyte_is_refused() =>
        MustRefuse(await wfs.PostAsync(new string(' ', 1_100_000)), 413, "NoApplicableCode", "body.too_large");

    private async Task SoonAsync(Func<Task<Answer>> ask, int status)
    {
        long start = Stopwatch.GetTimestamp();
        Answer answer = await ask();
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text[..Math.Min(500, answer.Text.Length)]}");
        Assert.InRange(answer.Text.Length, 1, 50_000);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, SoonSeconds);
        Assert.Equal(200, (await wfs.AskAsync("GetFeature&TYPENAMES=pois&COUNT=1")).Status);
    }
}
