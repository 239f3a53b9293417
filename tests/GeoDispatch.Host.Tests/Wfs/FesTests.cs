using System.Globalization;
using System.Xml.Linq;
using GeoDispatch.Testing;
using static GeoDispatch.Host.Tests.Wfs.WfsServer;

namespace GeoDispatch.Host.Tests.Wfs;

/// <summary>Filters of FES 2.0 (OGC 09-026r2): each operator finds what SQL finds.</summary>
[Collection(typeof(WfsCollection))]
public sealed class FesTests(WfsServer wfs)
{
    private const string Box = "ST_MakeEnvelope(118.45, 37.4, 118.65, 37.5, 4326)";
    private const string Envelope = "<gml:Envelope srsName='urn:ogc:def:crs:EPSG::4326'><gml:lowerCorner>37.4 118.45</gml:lowerCorner><gml:upperCorner>37.5 118.65</gml:upperCorner></gml:Envelope>";
    private const string Polygon = "<gml:Polygon srsName='EPSG:4326'><gml:exterior><gml:LinearRing><gml:posList>118.45 37.4 118.65 37.4 118.65 37.5 118.45 37.5 118.45 37.4</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>";
    private const string Period = "<gml:TimePeriod gml:id='t'><gml:beginPosition>2026-01-02T00:00:00Z</gml:beginPosition><gml:endPosition>2026-01-03T00:00:00Z</gml:endPosition></gml:TimePeriod>";
    private const string Instant = "<gml:TimeInstant gml:id='t'><gml:timePosition>2026-01-02T08:00:00+08:00</gml:timePosition></gml:TimeInstant>";

    private static string Property(string name) => $"<fes:ValueReference>{name}</fes:ValueReference>";

    private static string Literal(string text) => $"<fes:Literal>{text}</fes:Literal>";

    private static string Compare(string op, string name, string literal, string attributes = "") =>
        $"<fes:PropertyIs{op} {attributes}>{Property(name)}{Literal(literal)}</fes:PropertyIs{op}>";

    private static string On(string op, string name, string rest) => $"<fes:{op}>{Property(name)}{rest}</fes:{op}>";

    public static TheoryData<string, string, string> Filters => new()
    {
        { "values", Compare("EqualTo", "text", "hospital"), "text = 'hospital'" },
        { "values", Compare("EqualTo", "text", "HOSpital", "matchCase='false'"), "text = 'hospital'" },
        { "values", Compare("EqualTo", "text", "HOSpital"), "false" },
        { "values", Compare("EqualTo", "gd:values/gd:id", " 5 "), "id = 5" },
        { "values", $"<fes:PropertyIsEqualTo>{Literal("5")}{Property("id")}</fes:PropertyIsEqualTo>", "id = 5" },
        { "values", Compare("NotEqualTo", "text", "hospital"), "text <> 'hospital'" },
        { "values", Compare("LessThan", "ratio", "0.5"), "ratio < 0.5" },
        { "values", Compare("LessThanOrEqualTo", "amount", "10.1"), "amount <= 10.1" },
        { "values", Compare("GreaterThan", "id", "1e2"), "id > 100" },
        { "values", Compare("GreaterThanOrEqualTo", "day", "2026-02-01"), "day >= '2026-02-01'" },
        { "values", Compare("LessThan", "at", "2026-01-02T08:00:00+08:00"), "at < '2026-01-02T00:00:00Z'" },
        { "values", Compare("EqualTo", "even", "true"), "even" },
        { "values", Compare("EqualTo", "odd", "a&lt;&amp;\"\U0001F600"), "false" },
        { "values", $"<fes:PropertyIsBetween>{Property("id")}<fes:LowerBoundary>{Literal("5")}</fes:LowerBoundary><fes:UpperBoundary>{Literal("9")}</fes:UpperBoundary></fes:PropertyIsBetween>", "id BETWEEN 5 AND 9" },
        { "values", $"<fes:PropertyIsNull>{Property("odd")}</fes:PropertyIsNull>", "odd IS NULL" },
        { "values", $"<fes:PropertyIsNil>{Property("odd")}</fes:PropertyIsNil>", "odd IS NULL" },
        { "values", Compare("Like", "text", "hosp*", "wildCard='*' singleChar='.' escapeChar='!'"), "text LIKE 'hosp%'" },
        { "values", Compare("Like", "text", "HOSP*.l", "wildCard='*' singleChar='.' escapeChar='!' matchCase='false'"), "text ILIKE 'hosp%_l'" },
        { "values", Compare("Like", "text", "*!*", "wildCard='*' singleChar='.' escapeChar='!'"), "text LIKE '%*'" },
        { "values", Compare("Like", "text", "%", "wildCard='*' singleChar='.' escapeChar='!'"), "false" },
        { "values", Compare("Like", "text", "*_station", "wildCard='*' singleChar='.' escapeChar='\\'"), "text LIKE '%\\_station'" },
        { "values", $"<fes:And>{Compare("GreaterThan", "id", "5")}{Compare("EqualTo", "even", "0")}{Compare("LessThan", "id", "50")}</fes:And>", "id > 5 AND NOT even AND id < 50" },
        { "values", $"<fes:Or>{Compare("EqualTo", "id", "5")}<fes:Not>{Compare("LessThan", "id", "300")}</fes:Not></fes:Or>", "id = 5 OR NOT id < 300" },
        { "values", "<fes:ResourceId rid='values.5'/><fes:ResourceId rid='values.7'/><fes:ResourceId rid='pois.9'/>", "id IN (5, 7)" },
        { "values", $"<fes:And><fes:ResourceId rid='values.5'/>{Compare("EqualTo", "even", "false")}</fes:And>", "id = 5" },
        { "values", $"<fes:Not><fes:ResourceId rid='pois.5'/></fes:Not>", "true" },

        { "pois", $"<fes:BBOX>{Envelope}</fes:BBOX>", $"ST_Intersects(ST_Transform(geom, 4326), {Box})" },
        { "pois", On("BBOX", "geom", Envelope), $"ST_Intersects(ST_Transform(geom, 4326), {Box})" },
        { "pois", On("BBOX", "geom", Envelope.Replace(" srsName='urn:ogc:def:crs:EPSG::4326'", "", StringComparison.Ordinal)), $"ST_Intersects(ST_Transform(geom, 4326), {Box})" },
        { "streets", On("Intersects", "gd:geom", Polygon), $"ST_Intersects(geom, ST_Transform({Box}, 3857))" },
        { "streets", On("Disjoint", "geom", Polygon), $"NOT ST_Intersects(geom, ST_Transform({Box}, 3857))" },
        { "streets", On("Within", "geom", Polygon), $"ST_Within(geom, ST_Transform({Box}, 3857))" },
        { "streets", On("Crosses", "geom", Polygon), $"ST_Crosses(geom, ST_Transform({Box}, 3857))" },
        { "buildings", On("Overlaps", "geom", Polygon), $"ST_Overlaps(geom, ST_Transform({Box}, 3857))" },
        { "boundaries", On("Contains", "geom", "<gml:Point srsName='urn:ogc:def:crs:OGC:1.3:CRS84'><gml:pos>118.5 37.45</gml:pos></gml:Point>"), "ST_Contains(geom, ST_Transform(ST_SetSRID(ST_Point(118.5, 37.45), 4326), 3857))" },
        { "_x5947__x0020_shape", On("Touches", "geom", "<gml:LineString srsName='urn:ogc:def:crs:EPSG::3857'><gml:pos>13200000 4500000</gml:pos><gml:pos>13199000 4500000</gml:pos></gml:LineString>"), "ST_Touches(geom, ST_GeomFromText('LINESTRING(13200000 4500000, 13199000 4500000)', 3857))" },
        { "_x5947__x0020_shape", On("Equals", "geom", "<gml:MultiPoint srsName='EPSG:3857'><gml:pointMembers><gml:Point><gml:pos>13200100 4500000</gml:pos></gml:Point><gml:Point><gml:pos>13200000 4500000</gml:pos></gml:Point></gml:pointMembers></gml:MultiPoint>"), "code = 'multipoint'" },
        { "_x5947__x0020_shape", On("Intersects", "geom", "<gml:MultiCurve srsName='EPSG:3857'><gml:curveMember><gml:Curve><gml:segments><gml:LineStringSegment><gml:posList srsDimension='3'>13200000 4500100 0 13200100 4500100 9</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve></gml:curveMember></gml:MultiCurve>"), "ST_Intersects(geom, ST_GeomFromText('LINESTRING(13200000 4500100, 13200100 4500100)', 3857))" },
        { "pois", On("Intersects", "geom", $"<gml:MultiSurface srsName='EPSG:4326'><gml:surfaceMember>{Polygon}</gml:surfaceMember></gml:MultiSurface>"), $"ST_Intersects(geom, ST_Transform({Box}, 3857))" },
        { "pois", On("Intersects", "geom", $"<gml:MultiGeometry srsName='EPSG:4326'><gml:geometryMember>{Polygon}</gml:geometryMember></gml:MultiGeometry>"), $"ST_Intersects(geom, ST_Transform({Box}, 3857))" },
        { "pois", On("DWithin", "geom", "<gml:Point srsName='urn:ogc:def:crs:EPSG::4326'><gml:pos>37.45 118.5</gml:pos></gml:Point><fes:Distance uom='m'>1500</fes:Distance>"), "ST_DWithin(ST_Transform(geom, 4326)::geography, ST_SetSRID(ST_Point(118.5, 37.45), 4326)::geography, 1500)" },
        { "pois", On("Beyond", "geom", "<gml:Point srsName='urn:ogc:def:crs:EPSG::4326'><gml:pos>37.45 118.5</gml:pos></gml:Point><fes:Distance unit='km'>15</fes:Distance>"), "NOT ST_DWithin(ST_Transform(geom, 4326)::geography, ST_SetSRID(ST_Point(118.5, 37.45), 4326)::geography, 15000)" },

        { "values", On("After", "at", Instant), "at > '2026-01-02T00:00:00Z'" },
        { "values", On("Before", "at", Instant), "at < '2026-01-02T00:00:00Z'" },
        { "values", On("TEquals", "at", Instant), "at = '2026-01-02T00:00:00Z'" },
        { "values", On("During", "at", Period), "at > '2026-01-02T00:00:00Z' AND at < '2026-01-03T00:00:00Z'" },
        { "values", On("After", "at", Period), "at > '2026-01-03T00:00:00Z'" },
        { "values", On("Before", "at", Period), "at < '2026-01-02T00:00:00Z'" },
        { "values", On("Begins", "at", Period), "at = '2026-01-02T00:00:00Z'" },
        { "values", On("Ends", "at", Period), "at = '2026-01-03T00:00:00Z'" },
        { "values", On("AnyInteracts", "at", Period), "at BETWEEN '2026-01-02T00:00:00Z' AND '2026-01-03T00:00:00Z'" },
        { "values", $"<fes:TContains>{Period}{Property("at")}</fes:TContains>", "at > '2026-01-02T00:00:00Z' AND at < '2026-01-03T00:00:00Z'" },
        { "values", On("During", "at", Period.Replace("<gml:endPosition>2026-01-03T00:00:00Z", "<gml:endPosition indeterminatePosition='unknown'>", StringComparison.Ordinal)), "at > '2026-01-02T00:00:00Z'" },
        { "values", On("After", "day", Literal("2026-03-01")), "day > '2026-03-01'" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    [Requirement("wfs", "filter")]
    public async Task Each_filter_finds_what_SQL_finds_by_keywords_and_by_XML(string layer, string filter, string sql)
    {
        string view = System.Xml.XmlConvert.DecodeName(layer);
        long expected = await wfs.Database.CountAsync($"share.\"{view}\" WHERE {sql}");
        string typeName = System.Xml.XmlConvert.EncodeLocalName(view);
        XElement hits = await wfs.FeaturesAsync($"TYPENAMES={Uri.EscapeDataString(typeName)}&RESULTTYPE=hits&FILTER={Filter(filter)}");
        Assert.Equal(expected, hits.Number("numberMatched"));
        XElement posted = Xml(await wfs.PostQueryAsync(
            "resultType=\"hits\"", $"<wfs:Query typeNames=\"x:{typeName}\" xmlns:gd=\"urn:geodispatch:share\"><fes:Filter>{filter}</fes:Filter></wfs:Query>"));
        Assert.Equal(expected, posted.Number("numberMatched"));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { Compare("EqualTo", "nothing", "1"), "InvalidParameterValue" },
        { Compare("EqualTo", "id", "five"), "InvalidParameterValue" },
        { Compare("EqualTo", "id", "NaN"), "InvalidParameterValue" },
        { Compare("EqualTo", "even", "maybe"), "InvalidParameterValue" },
        { Compare("EqualTo", "day", "2026-02-30"), "InvalidParameterValue" },
        { Compare("EqualTo", "geom", "1"), "InvalidParameterValue" },
        { $"<fes:PropertyIsEqualTo>{Property("id")}{Property("text")}</fes:PropertyIsEqualTo>", "InvalidParameterValue" },
        { $"<fes:PropertyIsEqualTo>{Property("id")}</fes:PropertyIsEqualTo>", "OperationParsingFailed" },
        { Compare("Like", "id", "5*", "wildCard='*' singleChar='.' escapeChar='!'"), "InvalidParameterValue" },
        { Compare("Like", "text", "5*"), "OperationParsingFailed" },
        { Compare("Like", "text", "5*", "wildCard='*' singleChar='*' escapeChar='!'"), "OperationParsingFailed" },
        { $"<fes:PropertyIsEqualTo><fes:Function name='sleep'>{Literal("9")}</fes:Function>{Literal("1")}</fes:PropertyIsEqualTo>", "OptionNotSupported" },
        { "<fes:PropertyIsRather/>", "OptionNotSupported" },
        { "<gml:Point/>", "OperationParsingFailed" },
        { "<fes:And/>", "OperationParsingFailed" },
        { "<fes:Not/>", "OperationParsingFailed" },
        { "", "OperationParsingFailed" },
        { Compare("EqualTo", "id", "1") + Compare("EqualTo", "id", "2"), "OperationParsingFailed" },
        { On("Intersects", "text", Polygon), "InvalidParameterValue" },
        { On("Intersects", "geom", Literal("1")), "OperationParsingFailed" },
        { On("Intersects", "geom", Polygon + Polygon), "OperationParsingFailed" },
        { On("BBOX", "geom", Envelope.Replace("37.4 118.45", "38.4 118.45", StringComparison.Ordinal)), "OperationParsingFailed" },
        { On("BBOX", "geom", Envelope.Replace("4326", "2414", StringComparison.Ordinal)), "OperationParsingFailed" },
        { On("BBOX", "geom", Envelope.Replace("37.4 118.45", "118.45 37.4", StringComparison.Ordinal)), "OperationParsingFailed" },
        { On("BBOX", "geom", Envelope.Replace("37.4 118.45", "a b", StringComparison.Ordinal)), "OperationParsingFailed" },
        { On("BBOX", "geom", Envelope.Replace("37.4 118.45", "NaN 1", StringComparison.Ordinal)), "OperationParsingFailed" },
        { On("Intersects", "geom", "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>37 118 38 118 37 118</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"), "OperationParsingFailed" },
        { On("Intersects", "geom", "<gml:Arc/>"), "OperationParsingFailed" },
        { On("Intersects", "geom", "<gml:Point><gml:pos>37</gml:pos></gml:Point>"), "OperationParsingFailed" },
        { On("Intersects", "geom", "<gml:Point/>"), "OperationParsingFailed" },
        { On("DWithin", "geom", "<gml:Point><gml:pos>37 118</gml:pos></gml:Point><fes:Distance uom='deg'>1</fes:Distance>"), "OperationParsingFailed" },
        { On("DWithin", "geom", "<gml:Point><gml:pos>37 118</gml:pos></gml:Point><fes:Distance uom='m'>1e9</fes:Distance>"), "OperationParsingFailed" },
        { On("DWithin", "geom", "<gml:Point><gml:pos>37 118</gml:pos></gml:Point>"), "OperationParsingFailed" },
        { On("After", "text", Instant), "InvalidParameterValue" },
        { On("After", "at", Literal("yesterday")), "InvalidParameterValue" },
        { On("After", "at", "<gml:TimeInstant/>"), "OperationParsingFailed" },
        { On("Meets", "at", Period), "InvalidParameterValue" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    [Requirement("wfs", "filter", "exceptions")]
    public async Task A_filter_without_sense_is_refused_by_what_is_wrong(string filter, string code) =>
        MustRefuse(await wfs.AskAsync($"GetFeature&TYPENAMES=values&FILTER={Filter(filter)}"), code == "OptionNotSupported" ? 501 : 400, code);

    [Fact]
    public async Task A_distance_is_measured_on_the_ground_wherever_it_is_near()
    {
        foreach (double meters in new[] { 0.5, 99, 1_000, 30_000, 300_000 })
        {
            string near = On("DWithin", "geom", FormattableString.Invariant($"<gml:Point srsName='urn:ogc:def:crs:EPSG::4549'><gml:pos>4146000 370000</gml:pos></gml:Point><fes:Distance uom='m'>{meters}</fes:Distance>"));
            long expected = await wfs.Database.CountAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"share.pois WHERE ST_DWithin(ST_Transform(geom, 4326)::geography, ST_Transform(ST_SetSRID(ST_Point(370000, 4146000), 4549), 4326)::geography, {meters})"));
            Assert.Equal(expected, (await wfs.FeaturesAsync($"TYPENAMES=pois&RESULTTYPE=hits&FILTER={Filter(near)}")).Number("numberMatched"));
        }
    }
}
