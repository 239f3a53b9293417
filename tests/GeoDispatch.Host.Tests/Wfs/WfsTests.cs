using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Testing;
using static GeoDispatch.Host.Tests.Wfs.WfsServer;

namespace GeoDispatch.Host.Tests.Wfs;

/// <summary>What WFS 2.0 (OGC 09-025r2) asks of a Simple WFS, and what desktops ask beyond that.</summary>
[Collection(typeof(WfsCollection))]
public sealed class WfsTests(WfsServer wfs)
{
    private const string ById = "urn:ogc:def:query:OGC-WFS::GetFeatureById";
    private const string ById202 = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Requirement("wfs", "get-capabilities")]
    public async Task Simple_GetCapabilities_has_its_five_sections_and_lists_every_layer()
    {
        XElement all = await wfs.XmlAsync("GetCapabilities");
        Assert.Equal(
            ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities"],
            all.Elements().Select(section => section.Name.LocalName));
        XElement[] types = [.. all.Element(WfsSpace + "FeatureTypeList")!.Elements(WfsSpace + "FeatureType")];
        Assert.Equal(
            await wfs.Server.LayersAsync(), types.Select(type => System.Xml.XmlConvert.DecodeName(((string)type.Element(WfsSpace + "Name")!)["gd:".Length..])));
        foreach (XElement type in types)
        {
            Assert.Equal("urn:ogc:def:crs:EPSG::4326", (string?)type.Element(WfsSpace + "DefaultCRS"));
            Assert.Equal(
                ["urn:ogc:def:crs:OGC:1.3:CRS84", .. new[] { 4490, 3857, 4527, 4528, 4548, 4549 }.Select(code => $"urn:ogc:def:crs:EPSG::{code}")],
                type.Elements(WfsSpace + "OtherCRS").Select(crs => crs.Value));
            // Longitude first, whatever the systems say.
            Assert.StartsWith("118.", (string?)type.Element(Ows + "WGS84BoundingBox")!.Element(Ows + "LowerCorner"), StringComparison.Ordinal);
        }

        XElement some = await wfs.XmlAsync("GetCapabilities&SECTIONS=ServiceProvider,FeatureTypeList");
        Assert.Equal(["ServiceProvider", "FeatureTypeList"], some.Elements().Select(section => section.Name.LocalName));
    }

    [Fact]
    [Requirement("wfs", "implements-constraints")]
    public async Task Simple_every_constraint_is_declared_and_true()
    {
        XElement all = await wfs.XmlAsync("GetCapabilities");
        XElement operations = all.Element(Ows + "OperationsMetadata")!;
        Dictionary<string, string?> declared = operations.Elements(Ows + "Constraint").ToDictionary(
            one => (string)one.Attribute("name")!, one => (string?)one.Element(Ows + "DefaultValue"), StringComparer.Ordinal);
        string[] yes = ["ImplementsSimpleWFS", "KVPEncoding", "XMLEncoding", "ImplementsResultPaging"];
        string[] no =
        [
            "ImplementsBasicWFS", "ImplementsTransactionalWFS", "ImplementsLockingWFS", "SOAPEncoding", "ImplementsInheritance", "ImplementsRemoteResolve",
            "ImplementsStandardJoins", "ImplementsSpatialJoins", "ImplementsTemporalJoins", "ImplementsFeatureVersioning", "ManageStoredQueries",
        ];
        Assert.All(yes, name => Assert.Equal("TRUE", declared[name]));
        Assert.All(no, name => Assert.Equal("FALSE", declared[name]));
        foreach (XElement operation in operations.Elements(Ows + "Operation"))
        {
            Assert.Equal(2, operation.Descendants().Attributes("{http://www.w3.org/1999/xlink}href").Count());
            MustNotBeUnsupported(await wfs.AskAsync((string)operation.Attribute("name")!));
        }

        // What is declared as missing is refused, by its name.
        foreach (string operation in new[] { "Transaction", "LockFeature", "GetFeatureWithLock", "GetPropertyValue", "CreateStoredQuery", "DropStoredQuery", "getfeature" })
        {
            MustRefuse(await wfs.AskAsync(operation), 501, "OperationNotSupported", operation);
        }

        Assert.Equal(
            "10000",
            (string?)operations.Elements(Ows + "Operation").Elements(Ows + "Constraint").Single(one => (string?)one.Attribute("name") == "CountDefault").Element(Ows + "DefaultValue"));
        void MustNotBeUnsupported(Answer answer) => Assert.DoesNotContain("OperationNotSupported", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service=WFS&request=GetCapabilities", "2.0.0")]
    [InlineData("SeRvIcE=WFS&ReQuEsT=GetCapabilities&AcceptVersions=1.1.0,2.0.2,2.0.0", "2.0.2")]
    [InlineData("SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0,1.1.0,1.0.0", "2.0.0")]
    [InlineData("SERVICE=WFS&REQUEST=GetCapabilities&VERSION=1.1.0", "2.0.0")]
    [InlineData("SERVICE=WFS&REQUEST=GetCapabilities&VERSION=2.0.2", "2.0.2")]
    public async Task Simple_version_negotiation_gives_a_version_that_both_know(string query, string version) =>
        Assert.Equal(version, (string?)Xml(await wfs.Client.GetAsync($"/wfs?{query}")).Attribute("version"));

    [Theory]
    [InlineData("", 400, "MissingParameterValue", "service")]
    [InlineData("SERVICE=&REQUEST=GetCapabilities", 400, "MissingParameterValue", "service")]
    [InlineData("SERVICE=WMS&REQUEST=GetCapabilities", 400, "InvalidParameterValue", "service")]
    [InlineData("SERVICE=WFS", 400, "MissingParameterValue", "request")]
    [InlineData("SERVICE=WFS&REQUEST=GetMap", 501, "OperationNotSupported", "GetMap")]
    [InlineData("SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=1.1.0,1.0.0", 400, "VersionNegotiationFailed", null)]
    [InlineData("SERVICE=WFS&REQUEST=GetCapabilities&SECTIONS=Bogus", 400, "InvalidParameterValue", "sections")]
    [InlineData("SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=pois", 400, "MissingParameterValue", "version")]
    [InlineData("SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAMES=pois", 400, "InvalidParameterValue", "version")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature", 400, "MissingParameterValue", "typenames")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=gd:pois,gd:streets", 501, "OptionNotSupported", "typenames")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=pois&RESOLVE=all", 501, "OptionNotSupported", "resolve")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=pois&FILTER=%3Cx", 400, "OperationParsingFailed", "filter")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=pois&TYPENAMES=streets", 400, "OperationParsingFailed", "typenames")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=gd:nothing", 400, "InvalidParameterValue", "typenames")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&OUTPUTFORMAT=application/json", 400, "InvalidParameterValue", "outputformat")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeStoredQueries&STOREDQUERY_ID=urn:x", 400, "InvalidParameterValue", "storedquery_id")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&STOREDQUERY_ID=urn:x&ID=pois.1", 400, "InvalidParameterValue", "storedquery_id")]
    [InlineData("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById", 400, "MissingParameterValue", "id")]
    [Requirement("wfs", "exceptions")]
    public async Task Exceptions_are_reports_of_version_2_0_0_with_code_locator_and_status(string query, int status, string code, string? locator) =>
        MustRefuse(await wfs.Client.GetAsync($"/wfs?{query}"), status, code, locator);

    [Theory]
    [InlineData(ById)]
    [InlineData(ById202)]
    [Requirement("wfs", "get-feature-by-id")]
    public async Task Simple_GetFeatureById_gives_the_feature_itself(string query)
    {
        XElement feature = await wfs.FeaturesAsync($"STOREDQUERY_ID={query}&ID=pois.7");
        Assert.Equal((Gd + "pois", "pois.7"), (feature.Name, feature.Id()));
        Assert.Equal(await wfs.Database.ReadAsync<string>("SELECT name FROM city.poi WHERE id = 7"), feature.Value("name"));

        XElement posted = Xml(await wfs.PostQueryAsync("", $"<wfs:StoredQuery id=\"{query}\"><wfs:Parameter name=\"id\">pois.7</wfs:Parameter></wfs:StoredQuery>"));
        Assert.Equal(feature.Elements().Select(one => one.ToString()), posted.Elements().Select(one => one.ToString()));
        foreach (string id in new[] { "pois.99999999", "pois.x", "pois", "nothing.1", "pois.07", "pois.+7", "profile.1", "%20" })
        {
            MustRefuse(await wfs.AskAsync($"GetFeature&STOREDQUERY_ID={query}&ID={id}"), 404, "NotFound", "id");
        }
    }

    [Fact]
    [Requirement("wfs", "list-stored-queries", "describe-stored-queries")]
    public async Task Simple_the_stored_query_is_listed_and_described()
    {
        XElement listed = Assert.Single((await wfs.XmlAsync("ListStoredQueries")).Elements());
        Assert.Equal(ById, (string?)listed.Attribute("id"));
        Assert.Contains("gd:pois", listed.Elements(WfsSpace + "ReturnFeatureType").Select(type => type.Value));
        foreach (string which in new[] { "", $"&STOREDQUERY_ID={ById}" })
        {
            XElement described = Assert.Single((await wfs.XmlAsync("DescribeStoredQueries" + which)).Elements());
            Assert.Equal((ById, "id"), ((string?)described.Attribute("id"), (string?)described.Element(WfsSpace + "Parameter")?.Attribute("name")));
        }
    }

    [Fact]
    [Requirement("wfs", "describe-feature-type")]
    public async Task Simple_features_are_what_DescribeFeatureType_says_value_by_value()
    {
        foreach (string id in await wfs.Server.LayersAsync())
        {
            string local = System.Xml.XmlConvert.EncodeLocalName(id);
            XElement schema = await wfs.XmlAsync($"DescribeFeatureType&TYPENAME={Uri.EscapeDataString($"gd:{local}")}");
            Assert.Equal(Gd.NamespaceName, (string?)schema.Attribute("targetNamespace"));
            string[] order = [.. schema.Descendants(Xsd + "sequence").Elements().Select(element => (string)element.Attribute("name")!)];
            XElement[] features = (await wfs.FeaturesAsync($"TYPENAMES={Uri.EscapeDataString(local)}&COUNT=20")).Members();
            // Nobody has closed a street yet.
            Assert.True(features.Length > 0 || id == "closures", id);
            foreach (XElement feature in features)
            {
                Assert.Equal(Gd + local, feature.Name);
                Assert.StartsWith(System.Xml.XmlConvert.EncodeLocalName(id + "."), feature.Id(), StringComparison.Ordinal);
                string[] given = [.. feature.Elements().Select(element => element.Name.LocalName)];
                Assert.Equal(order.Where(given.Contains), given);
            }
        }

        XElement values = await wfs.XmlAsync("DescribeFeatureType&TYPENAMES=values");
        Assert.Equal(
            ["xsd:long", "xsd:string", "xsd:string", "xsd:double", "xsd:decimal", "xsd:boolean", "xsd:date", "xsd:dateTime", "xsd:string", "gml:GeometryPropertyType"],
            values.Descendants(Xsd + "sequence").Elements().Select(element => (string?)element.Attribute("type")).SkipLast(1).Append("gml:GeometryPropertyType"));
        XElement five = Assert.Single((await wfs.FeaturesAsync("RESOURCEID=values.5")).Members());
        Assert.Equal(
            ("5", "a<&\"\U0001F600", "0.5", "false", "2026-01-06", "2026-01-01T05:00:00.000000Z"),
            (five.Value("id"), five.Value("odd"), five.Value("amount")?.TrimEnd('0'), five.Value("even"), five.Value("day"), five.Value("at")));
        // What has no value is left out.
        Assert.Null(Assert.Single((await wfs.FeaturesAsync("RESOURCEID=values.6")).Members()).Element(Gd + "odd"));
    }

    [Fact]
    [Requirement("wfs", "gml-3.2")]
    public async Task Simple_every_geometry_is_valid_GML_with_an_identifier_at_each_part()
    {
        XElement page = await wfs.FeaturesAsync("TYPENAMES=gd:%E5%A5%87_x0020_shape&SRSNAME=urn:ogc:def:crs:EPSG::3857");
        Dictionary<string, XElement?> shapes = page.Members().ToDictionary(
            feature => feature.Value("code")!, feature => feature.Elements(Gd + "geom").Elements().SingleOrDefault(), StringComparer.Ordinal);
        Assert.Null(shapes["empty"]);
        Assert.Null(shapes["none"]);
        Assert.Equal(
            ["Point", "LineString", "Polygon", "MultiPoint", "MultiCurve", "MultiSurface", "MultiGeometry", "LineString", "Point"],
            new[] { "point", "line", "polygon", "multipoint", "multiline", "multipolygon", "collection", "curve", "high" }.Select(code => shapes[code]!.Name.LocalName));
        Assert.Equal("13200000 4500000", (string?)shapes["high"]!.Element(Gml + "pos"));
        Assert.Equal(["exterior", "interior"], shapes["polygon"]!.Elements().Select(ring => ring.Name.LocalName));
        Assert.Equal(2, shapes["multipolygon"]!.Elements(Gml + "surfaceMember").Elements(Gml + "Polygon").Count());
        foreach (XElement geometry in shapes.Values.OfType<XElement>().SelectMany(shape => shape.DescendantsAndSelf()).Where(
            element => element.Name.LocalName is "Point" or "LineString" or "Polygon" || element.Name.LocalName.StartsWith("Multi", StringComparison.Ordinal)))
        {
            Assert.NotNull(geometry.Attribute(Gml + "id"));
        }

        string[] ids = [.. page.Descendants().Attributes(Gml + "id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, id => Assert.Equal(id, System.Xml.XmlConvert.VerifyNCName(id)));
    }

    [Fact]
    [Requirement("wfs", "gml-3.2", "feature-collection")]
    public async Task GML_3_2_is_the_default_and_a_collection_says_how_many_it_has()
    {
        foreach (string format in new[] { "", "&OUTPUTFORMAT=application/gml%2Bxml;%20version=3.2", "&OUTPUTFORMAT=text/xml;subtype=gml/3.2" })
        {
            Answer answer = await wfs.AskAsync("GetFeature&TYPENAMES=pois&COUNT=3" + format);
            Assert.Equal("application/gml+xml; version=3.2", answer.Response.Content.Headers.ContentType?.ToString());
            XElement page = Xml(answer);
            Assert.Equal(WfsSpace + "FeatureCollection", page.Name);
            Assert.Equal(3, page.Members().Length);
            Assert.Equal((await wfs.Database.CountAsync("share.pois"), 3), (page.Number("numberMatched"), page.Number("numberReturned")));
            Assert.True(DateTimeOffset.TryParse((string?)page.Attribute("timeStamp"), CultureInfo.InvariantCulture, out _));
        }

        foreach (string format in new[] { "application/json", "application/geo%2Bjson" })
        {
            Answer answer = await wfs.AskAsync($"GetFeature&TYPENAMES=pois&COUNT=3&STARTINDEX=2&OUTPUTFORMAT={format}");
            Assert.Equal("application/geo+json", answer.Response.Content.Headers.ContentType?.ToString());
            JsonElement page = answer.Read<JsonElement>();
            Assert.Equal(["pois.3", "pois.4", "pois.5"], page.Features().Select(feature => feature.GetProperty("id").GetString()));
            Assert.Equal((3, 402L), (page.GetProperty("numberReturned").GetInt32(), page.GetProperty("numberMatched").GetInt64()));
            Assert.InRange(page.Features()[0].Numbers()[0], 118, 120);
        }

        JsonElement one = (await wfs.AskAsync($"GetFeature&STOREDQUERY_ID={ById}&ID=pois.7&OUTPUTFORMAT=application/json")).Read<JsonElement>();
        Assert.Equal(("Feature", "pois.7"), (one.GetProperty("type").GetString(), one.GetProperty("id").GetString()));
    }

    public static TheoryData<string, int, bool> Systems => new()
    {
        { "urn:ogc:def:crs:EPSG::4326", 4326, true },
        { "urn:ogc:def:crs:EPSG:9.9:4326", 4326, true },
        { "http://www.opengis.net/def/crs/EPSG/0/4326", 4326, true },
        { "EPSG:4326", 4326, false },
        { "epsg:4326", 4326, false },
        { "http://www.opengis.net/gml/srs/epsg.xml#4326", 4326, false },
        { "urn:ogc:def:crs:OGC:1.3:CRS84", 4326, false },
        { "urn:ogc:def:crs:EPSG::4490", 4490, true },
        { "EPSG:4490", 4490, false },
        { "urn:ogc:def:crs:EPSG::3857", 3857, false },
        { "EPSG:3857", 3857, false },
        { "urn:ogc:def:crs:EPSG::4549", 4549, true },
        { "EPSG:4549", 4549, false },
        { "urn:ogc:def:crs:EPSG::4528", 4528, true },
    };

    [Theory]
    [MemberData(nameof(Systems))]
    [Requirement("wfs", "axis-order")]
    public async Task URN_and_http_mean_the_order_of_the_authority_and_a_bare_code_x_first_in_GML_and_BBOX(string name, int srid, bool yFirst)
    {
        string escaped = Uri.EscapeDataString(name);
        foreach (XElement feature in (await wfs.FeaturesAsync($"TYPENAMES=gd:pois&COUNT=20&SRSNAME={escaped}")).Members())
        {
            double[] xy = await wfs.Database.ReadAsync<double[]>(
                $"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(geom, {srid}) p FROM city.poi WHERE id = {feature.Value("id")}) t");
            double close = srid is 4326 or 4490 ? 1e-6 : 0.01;
            Assert.Equal(yFirst ? [xy[1], xy[0]] : xy, feature.Numbers(), (a, b) => Math.Abs(a - b) <= close);
            Assert.Equal(name, (string?)feature.Descendants(Gml + "Point").Single().Attribute("srsName"));
        }

        double[] e = await wfs.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] FROM (SELECT ST_Transform(ST_MakeEnvelope(118.45, 37.4, 118.65, 37.5, 4326), {srid}) e) t");
        string Numbers(params double[] numbers) => string.Join(',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        string bbox = yFirst ? Numbers(e[1], e[0], e[3], e[2]) : Numbers(e);
        long expected = await wfs.Database.CountAsync(FormattableString.Invariant(
            $"city.poi WHERE ST_Intersects(ST_Transform(geom, {srid}), ST_MakeEnvelope({e[0]}, {e[1]}, {e[2]}, {e[3]}, {srid}))"));
        Assert.NotEqual(0, expected);
        Assert.Equal(expected, (await wfs.FeaturesAsync($"TYPENAMES=pois&BBOX={bbox},{escaped}&RESULTTYPE=hits")).Number("numberMatched"));
        string[] corners = bbox.Split(',');
        string envelope = $"<gml:Envelope srsName=\"{name}\"><gml:lowerCorner>{corners[0]} {corners[1]}</gml:lowerCorner><gml:upperCorner>{corners[2]} {corners[3]}</gml:upperCorner></gml:Envelope>";
        Assert.Equal(expected, (await wfs.FeaturesAsync($"TYPENAMES=pois&RESULTTYPE=hits&FILTER={Filter($"<fes:BBOX>{envelope}</fes:BBOX>")}")).Number("numberMatched"));
    }

    [Fact]
    public async Task BBOX_of_four_numbers_is_in_the_default_system_latitude_first()
    {
        long expected = await wfs.Database.CountAsync("share.pois WHERE ST_Intersects(ST_Transform(geom, 4326), ST_MakeEnvelope(118.45, 37.4, 118.65, 37.5, 4326))");
        Assert.Equal(expected, (await wfs.FeaturesAsync("TYPENAMES=pois&BBOX=37.4,118.45,37.5,118.65")).Number("numberMatched"));
        MustRefuse(await wfs.AskAsync("GetFeature&TYPENAMES=pois&BBOX=118.45,37.4,118.65,37.5"), 400, "InvalidParameterValue", "bbox");
    }

    [Fact]
    [Requirement("wfs", "ad-hoc-query", "clients")]
    public async Task Desktops_name_types_in_many_ways()
    {
        foreach (string type in new[]
        {
            "TYPENAMES=gd:pois", "TYPENAME=gd:pois", "typenames=pois", "TYPENAMES=(gd:pois)", "TYPENAMES=ns1:pois&NAMESPACES=xmlns(ns1,urn:geodispatch:share)",
            "TYPENAMES=ns1:pois&NAMESPACES=xmlns(ns1=urn:geodispatch:share)", "TYPENAMES=pois&NAMESPACES=xmlns(urn:geodispatch:share)",
        })
        {
            Assert.Equal(["pois.1"], (await wfs.FeaturesAsync($"{type}&COUNT=1&PAGESIZE=1&SWAPXY=false")).Ids());
        }

        foreach (string type in new[] { "other:pois", "gd:nothing", "gd:profile", "gd:pois&NAMESPACES=xmlns(gd,urn:other)", "a:b:c", "gd:POIS" })
        {
            MustRefuse(await wfs.AskAsync($"GetFeature&TYPENAMES={type}"), 400, "InvalidParameterValue", "typenames");
        }
    }

    [Fact]
    [Requirement("wfs", "paging")]
    public async Task Paging_visits_every_feature_once_forwards_and_back()
    {
        string[] all = [.. (await wfs.Database.ListAsync<long>("SELECT id FROM share.pois ORDER BY id")).Select(id => $"pois.{id}")];
        foreach (string how in new[] { "TYPENAMES=gd:pois", $"TYPENAMES=gd:pois&FILTER={Filter("<fes:PropertyIsGreaterThan><fes:ValueReference>id</fes:ValueReference><fes:Literal>0</fes:Literal></fes:PropertyIsGreaterThan>")}" })
        {
            var forwards = new List<string>();
            string? last = null;
            for (string? next = $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&{how}&COUNT=77"; next is not null;)
            {
                XElement page = Xml(await wfs.Client.GetAsync(next));
                Assert.Equal(all.Length, page.Number("numberMatched"));
                Assert.Equal(page.Members().Length, page.Number("numberReturned"));
                forwards.AddRange(page.Ids());
                (last, next) = (next, (string?)page.Attribute("next"));
            }

            Assert.Equal(all, forwards);
            var back = new List<string>();
            for (string? previous = last; previous is not null;)
            {
                XElement page = Xml(await wfs.Client.GetAsync(previous));
                back.InsertRange(0, page.Ids());
                previous = (string?)page.Attribute("previous");
            }

            Assert.Equal(all, back);
        }

        // A request in XML has a next page, too.
        XElement posted = Xml(await wfs.PostQueryAsync("count=\"100\"", "<wfs:Query typeNames=\"x:pois\"><fes:Filter><fes:ResourceId rid=\"pois.1\"/></fes:Filter></wfs:Query><wfs:Query typeNames=\"x:streets\"/>"));
        XElement followed = Xml(await wfs.Client.GetAsync((string)posted.Attribute("next")!));
        string[] streets = [.. posted.Descendants(Gd + "streets").Concat(followed.Descendants(Gd + "streets")).Select(WfsDocuments.Id)];
        Assert.Single(posted.Descendants(Gd + "pois"));
        Assert.Equal((await wfs.FeaturesAsync("TYPENAMES=streets&COUNT=199")).Ids(), streets);
    }

    [Fact]
    public async Task Paging_an_answer_never_has_more_than_the_default_and_says_so()
    {
        foreach (string count in new[] { "", "&COUNT=10001", "&COUNT=2147483647", "&MAXFEATURES=20000" })
        {
            XElement page = await wfs.FeaturesAsync($"TYPENAMES=buildings&PROPERTYNAME=id{count}");
            Assert.Equal((10_000, 10_000), (page.Members().Length, page.Number("numberReturned")));
            Assert.NotNull(page.Attribute("next"));
        }

        Assert.Equal(5, (await wfs.FeaturesAsync("TYPENAMES=buildings&MAXFEATURES=5")).Members().Length);
        XElement none = await wfs.FeaturesAsync("TYPENAMES=pois&COUNT=0");
        Assert.Equal((0, 0), (none.Members().Length, none.Number("numberReturned")));
        XElement beyond = await wfs.FeaturesAsync("TYPENAMES=pois&STARTINDEX=2147483647");
        Assert.Equal((0, 402), (beyond.Number("numberReturned"), beyond.Number("numberMatched")));
    }

    [Fact]
    [Requirement("wfs", "hits")]
    public async Task Hits_count_and_give_nothing()
    {
        XElement hits = await wfs.FeaturesAsync("TYPENAMES=gd:buildings&RESULTTYPE=hits");
        Assert.Equal((await wfs.Database.CountAsync("share.buildings"), 0), (hits.Number("numberMatched"), hits.Number("numberReturned")));
        Assert.Empty(hits.Elements());
    }

    [Theory]
    [InlineData("SORTBY=name%20DESC", "name COLLATE \"C\" DESC NULLS FIRST, id")]
    [InlineData("SORTBY=kind%20D,name%20A", "kind COLLATE \"C\" DESC NULLS FIRST, name COLLATE \"C\", id")]
    [InlineData("SORTBY=gd:id%20DESC", "id DESC")]
    [InlineData("SORTBY=gd:pois/gd:kind", "kind COLLATE \"C\", id")]
    [Requirement("wfs", "sorting")]
    public async Task Sorting_orders_by_the_properties_and_the_key_decides(string sort, string sql)
    {
        List<long> expected = await wfs.Database.ListAsync<long>($"SELECT id FROM share.pois ORDER BY {sql} LIMIT 50");
        Assert.Equal(expected.Select(id => $"pois.{id}"), (await wfs.FeaturesAsync($"TYPENAMES=pois&COUNT=50&{sort}")).Ids());
        Assert.Equal(
            expected.Select(id => $"pois.{id}"),
            (await wfs.AskAsync($"GetFeature&TYPENAMES=pois&COUNT=50&OUTPUTFORMAT=application/json&{sort}")).Read<JsonElement>().Features().Select(feature => feature.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task PropertyName_gives_these_properties_alone()
    {
        XElement only = Assert.Single((await wfs.FeaturesAsync("TYPENAMES=pois&COUNT=1&PROPERTYNAME=gd:name,kind")).Members());
        Assert.Equal(["kind", "name"], only.Elements().Select(property => property.Name.LocalName));
        Assert.Equal(["geom"], Assert.Single((await wfs.FeaturesAsync("TYPENAMES=pois&COUNT=1&PROPERTYNAME=(geom)")).Members()).Elements().Select(property => property.Name.LocalName));
        JsonElement json = (await wfs.AskAsync("GetFeature&TYPENAMES=pois&COUNT=1&PROPERTYNAME=kind&OUTPUTFORMAT=application/json")).Read<JsonElement>().Features()[0];
        Assert.Equal(JsonValueKind.Null, json.GetProperty("geometry").ValueKind);
        Assert.Equal(["kind"], json.GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task ResourceId_finds_features_of_several_types()
    {
        Assert.Equal(["pois.3", "pois.8"], (await wfs.FeaturesAsync("RESOURCEID=pois.8,pois.3")).Ids());
        XElement both = await wfs.FeaturesAsync("RESOURCEID=pois.3,streets.1,nothing.1");
        Assert.Equal(2, both.Number("numberMatched"));
        Assert.Equal(["pois.3", "streets.1"], both.Members().SelectMany(collection => collection.Ids()));
        Assert.Equal(0, (await wfs.FeaturesAsync("RESOURCEID=nothing.1")).Number("numberMatched"));
        string shape = System.Xml.XmlConvert.EncodeLocalName("奇 shape.polygon");
        Assert.Equal([shape], (await wfs.FeaturesAsync($"RESOURCEID={Uri.EscapeDataString(shape)}")).Ids());
    }

    [Fact]
    public async Task Several_queries_are_answered_by_a_collection_of_collections()
    {
        string hospitals = "<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>x:kind</fes:ValueReference><fes:Literal>hospital</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>";
        long matched = await wfs.Database.CountAsync("share.pois WHERE kind = 'hospital'");
        XElement posted = Xml(await wfs.PostQueryAsync(
            "", $"<wfs:Query typeNames=\"x:boundaries\"/><wfs:Query typeNames=\"x:pois\" srsName=\"EPSG:3857\"><wfs:PropertyName>x:name</wfs:PropertyName>{hospitals}</wfs:Query>"));
        XElement[] parts = posted.Members();
        Assert.Equal(["FeatureCollection", "FeatureCollection"], parts.Select(part => part.Name.LocalName));
        Assert.Equal((5, (int)matched), (parts[0].Number("numberReturned"), parts[1].Number("numberReturned")));
        Assert.Equal(5 + matched, posted.Number("numberReturned"));
        Assert.All(parts[1].Members(), feature => Assert.Equal(["name"], feature.Elements().Select(property => property.Name.LocalName)));

        // The same feature twice is written once and then referred to: its identifier may stand in a document once.
        XElement twice = await wfs.FeaturesAsync("TYPENAMES=(gd:boundaries)(gd:boundaries)");
        Assert.Equal(10, twice.Number("numberReturned"));
        Assert.Equal(5, twice.Descendants(Gd + "boundaries").Count());
        Assert.Equal(5, twice.Descendants().Attributes("{http://www.w3.org/1999/xlink}href").Count());
    }

    [Fact]
    [Requirement("wfs", "ad-hoc-query")]
    public async Task XML_is_answered_as_the_same_keywords_are()
    {
        const string declared = "service=\"WFS\" xmlns=\"http://www.opengis.net/wfs/2.0\" xmlns:ows=\"http://www.opengis.net/ows/1.1\" xmlns:q=\"urn:geodispatch:share\"";
        foreach ((string body, string query) in new[]
        {
            ($"<GetCapabilities {declared}/>", "GetCapabilities"),
            ($"<GetCapabilities {declared}><ows:AcceptVersions><ows:Version>2.0.2</ows:Version></ows:AcceptVersions><ows:Sections><ows:Section>FeatureTypeList</ows:Section></ows:Sections></GetCapabilities>",
                "GetCapabilities&ACCEPTVERSIONS=2.0.2&SECTIONS=FeatureTypeList"),
            ($"<DescribeFeatureType version=\"2.0.0\" {declared}><TypeName>q:pois</TypeName><TypeName>q:streets</TypeName></DescribeFeatureType>", "DescribeFeatureType&TYPENAMES=gd:pois,gd:streets"),
            ($"<ListStoredQueries version=\"2.0.0\" {declared}/>", "ListStoredQueries"),
            ($"<DescribeStoredQueries version=\"2.0.0\" {declared}><StoredQueryId>{ById}</StoredQueryId></DescribeStoredQueries>", $"DescribeStoredQueries&STOREDQUERY_ID={ById}"),
        })
        {
            Assert.Equal((await wfs.AskAsync(query)).Text, (await wfs.PostAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?>{body}", "application/xml")).Text);
        }

        XElement posted = Xml(await wfs.PostQueryAsync(
            "count=\"10\" startIndex=\"5\" resultType=\"results\" outputFormat=\"application/gml+xml; version=3.2\"",
            """
            <wfs:Query typeNames="x:pois" srsName="urn:ogc:def:crs:EPSG::4549"><wfs:PropertyName>x:id</wfs:PropertyName><wfs:PropertyName>geom</wfs:PropertyName>
            <fes:SortBy><fes:SortProperty><fes:ValueReference>x:id</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></wfs:Query>
            """));
        XElement asked = await wfs.FeaturesAsync("TYPENAMES=pois&COUNT=10&STARTINDEX=5&SRSNAME=urn:ogc:def:crs:EPSG::4549&PROPERTYNAME=id,geom&SORTBY=id%20DESC");
        Assert.Equal(asked.Members().Select(feature => feature.ToString()), posted.Members().Select(feature => feature.ToString()));
        Assert.Equal(10, posted.Members().Length);
        MustRefuse(await wfs.PostQueryAsync("", "<wfs:Query typeNames=\"gml:pois\"/>"), 400, "InvalidParameterValue", "typenames");
        MustRefuse(await wfs.PostAsync("<GetFeature xmlns=\"http://www.opengis.net/wfs\"/>"), 400, "OperationParsingFailed");
    }

    [Fact]
    public async Task The_signed_in_ask_as_everybody_does_without_a_token()
    {
        Session desk = await wfs.Server.DispatcherAsync();
        Assert.Equal(200, (await desk.GetAsync("/wfs?SERVICE=WFS&REQUEST=GetCapabilities")).Status);
        desk.CsrfToken = null;
        Answer posted = await desk.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/wfs")
        {
            Content = new StringContent("<GetCapabilities service=\"WFS\" xmlns=\"http://www.opengis.net/wfs/2.0\"/>"),
        });
        Assert.Equal(200, posted.Status);
        Answer put = await wfs.Client.SendAsync(new HttpRequestMessage(HttpMethod.Put, "/wfs"));
        Assert.Equal(405, put.Status);
    }

    [Fact]
    public async Task Numbers_are_true_while_rows_are_inserted()
    {
        using var enough = new CancellationTokenSource();
        Task writer = Task.Run(
            async () =>
            {
                for (int i = 0; i < 20_000 && !enough.IsCancellationRequested; i++)
                {
                    await wfs.Database.AdministerAsync(
                        $"INSERT INTO city.place (id, kind, name, district_code, synthetic, geom) VALUES ({90_000_000 + i}, 'village', '插入', '370502', true, ST_SetSRID(ST_Point(118.5, 37.5), 4326))");
                }
            },
            Cancellation);
        var numbers = new HashSet<int>();
        do
        {
            XElement page = await wfs.FeaturesAsync("TYPENAMES=place_labels");
            Assert.Equal(page.Members().Length, page.Number("numberReturned"));
            numbers.Add(page.Number("numberMatched"));
        }
        while (numbers.Count < 3 && !writer.IsCompleted);

        await enough.CancelAsync();
        await writer;
        Assert.True(numbers.Count > 2, $"{numbers.Count} different numbers");
        await wfs.Database.AdministerAsync("DELETE FROM city.place WHERE name = '插入'");
    }

    [Fact]
    public async Task Whoever_leaves_in_the_middle_leaves_no_query_behind()
    {
        for (int i = 0; i < 30; i++)
        {
            using var http = new HttpClient { BaseAddress = wfs.Server.Address };
            using HttpResponseMessage response = await http.GetAsync(
                "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=buildings", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(response.IsSuccessStatusCode);
        }

        await Eventually.GetAsync(
            () => wfs.Database.CountAsync(
                "pg_stat_activity WHERE datname = current_database() AND application_name = 'geodispatch-sharing' AND state <> 'idle'"),
            busy => busy == 0, "queries or transactions run for nobody");
        Assert.Single((await wfs.FeaturesAsync("TYPENAMES=buildings&COUNT=1")).Members());
    }
}
