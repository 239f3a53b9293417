using System.Globalization;
using System.Xml.Linq;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Wms;

/// <summary>What GetCapabilities says in both versions, and which version that is.</summary>
[Collection("wms")]
public sealed class CapabilitiesTests(RunningServer server)
{
    [Theory]
    [InlineData("1.3.0", "1.3.0")]
    [InlineData("1.1.1", "1.1.1")]
    [InlineData("1.3.1", "1.3.0")]
    [InlineData("2.0.0", "1.3.0")]
    [InlineData("1.2.0", "1.1.1")]
    [InlineData("1.1.0", "1.1.1")]
    [InlineData("1.0.0", "1.1.1")]
    [InlineData("", "1.3.0")]
    [InlineData("bogus", "1.1.1")]
    [Requirement("wms", "negotiation", "get-capabilities")]
    public async Task Negotiation_an_unknown_version_is_answered_by_the_nearest_lower_else_the_lowest(string asked, string answered)
    {
        XElement capabilities = await server.CapabilitiesAsync(asked);
        Assert.Equal(answered, (string?)capabilities.Attribute("version"));
        Assert.Equal(answered == "1.1.1" ? "WMT_MS_Capabilities" : MapService.V130 + "WMS_Capabilities", capabilities.Name);
    }

    [Theory]
    [InlineData("1.1.1", "application/vnd.ogc.wms_xml")]
    [InlineData("1.3.0", "text/xml")]
    [Requirement("wms", "get-capabilities")]
    public async Task Each_version_has_its_media_type_and_names_come_in_any_case(string version, string mediaType)
    {
        Answer answer = await server.Anonymous().GetAsync($"/wms?sErViCe=WMS&request=GetCapabilities&Version={version}&updateSequence=0");
        Assert.Equal((200, mediaType), (answer.Status, answer.Response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(version == "1.1.1", answer.Text.Contains("<!DOCTYPE WMT_MS_Capabilities", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/wms", "MissingParameterValue")]
    [InlineData("/wms?SERVICE=WMS", "MissingParameterValue")]
    [InlineData("/wms?REQUEST=GetCapabilities", "MissingParameterValue")]
    [InlineData("/wms?SERVICE=WFS&REQUEST=GetCapabilities", "InvalidParameterValue")]
    [InlineData("/wms?SERVICE=WMS&REQUEST=GetBOGUS%01%3Cb%3E", "OperationNotSupported")]
    [InlineData("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=city&LAYERS=pois", "InvalidParameterValue")]
    [InlineData("/wms?SERVICE=WMS&REQUEST=GetMap&LAYERS=city", "MissingParameterValue")]
    [Requirement("wms", "exceptions")]
    public async Task What_is_no_request_is_refused(string path, string code) => (await server.Anonymous().GetAsync(path)).MustExcept("1.3.0", code);

    [Fact]
    public async Task What_comes_twice_and_says_the_same_is_accepted()
    {
        // A client that was given the address with its query appends its own.
        Answer answer = await server.Anonymous().GetAsync("/wms?service=WMS&version=1.3.0&SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities");
        Assert.Equal(MapService.V130 + "WMS_Capabilities", MapService.ParseXml(answer.Text).Name);
    }

    [Theory]
    [InlineData("1.1.1")]
    [InlineData("1.3.0")]
    [Requirement("wms", "get-capabilities", "layers")]
    public async Task The_base_map_and_every_readable_layer_are_listed_under_the_city(string version)
    {
        XNamespace wms = version == "1.1.1" ? XNamespace.None : MapService.V130;
        XElement root = (await server.CapabilitiesAsync(version)).Element(wms + "Capability")!.Element(wms + "Layer")!;
        Assert.Null(root.Element(wms + "Name"));
        string name = await server.Database.ReadAsync<string>("SELECT name FROM share.profile");
        Assert.Contains(name, root.Element(wms + "Title")!.Value, StringComparison.Ordinal);
        // Another test may be adding a layer of its own meanwhile.
        Assert.Superset(new HashSet<string> { "city", "addresses", "boundaries", "buildings", "land", "place_labels", "pois", "streets", "water_polygons" }, new HashSet<string>(root.Elements(wms + "Layer").Select(layer => layer.Element(wms + "Name")!.Value)));
        foreach (XElement layer in root.Elements(wms + "Layer"))
        {
            Assert.Contains(" / ", layer.Element(wms + "Title")!.Value, StringComparison.Ordinal);
            Assert.Equal("1", (string?)layer.Attribute("queryable"));
            Assert.NotEmpty(layer.Element(wms + "KeywordList")!.Elements(wms + "Keyword"));
            Assert.Equal(["day", "night"], layer.Elements(wms + "Style").Select(style => style.Element(wms + "Name")!.Value));
        }

        Assert.Equal(
            await server.Database.ReadAsync<string>("SELECT attribution FROM share.profile"),
            root.Element(wms + "Attribution")!.Element(wms + "Title")!.Value);
    }

    [Theory]
    [InlineData("1.1.1")]
    [InlineData("1.3.0")]
    [Requirement("wms", "axis-order")]
    public async Task BoundingBox_follows_the_axis_order_of_its_version_and_system_but_the_geographic_one_does_not(string version)
    {
        bool old = version == "1.1.1";
        XNamespace wms = old ? XNamespace.None : MapService.V130;
        XElement root = (await server.CapabilitiesAsync(version)).Element(wms + "Capability")!.Element(wms + "Layer")!;
        double[] degrees = await server.Database.ReadAsync<double[]>("SELECT ARRAY[west, south, east, north] FROM share.profile");
        foreach (XElement layer in root.Elements(wms + "Layer").Prepend(root))
        {
            XElement geographic = layer.Element(wms + (old ? "LatLonBoundingBox" : "EX_GeographicBoundingBox"))!;
            double[] said = old
                ? geographic.Edges()
                : [.. new[] { "westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude" }
                    .Select(edge => double.Parse(geographic.Element(wms + edge)!.Value, CultureInfo.InvariantCulture))];
            Assert.Equal(degrees, said, (one, other) => Math.Abs(one - other) < 1e-8);
        }

        string[] systems = [.. root.Elements(wms + (old ? "SRS" : "CRS")).Select(crs => crs.Value)];
        string[] everywhere = ["EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:4527", "EPSG:4528", "EPSG:4548", "EPSG:4549"];
        Assert.Equal(old ? everywhere : ["CRS:84", .. everywhere], systems);
        foreach (string system in systems)
        {
            double[] box = Assert.Single(root.Elements(wms + "BoundingBox"), found => (string?)found.Attribute(old ? "SRS" : "CRS") == system).Edges();
            bool yFirst = !old && system is not ("CRS:84" or "EPSG:3857");
            int srid = system switch { "CRS:84" or "EPSG:4490" => 4326, _ => int.Parse(system["EPSG:".Length..], CultureInfo.InvariantCulture) };
            double[] middle = await server.Database.ReadAsync<double[]>(
                "SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(ST_Point((west + east) / 2, (south + north) / 2, 4326), $1) p FROM share.profile) t", srid);
            (double x, double y) = yFirst ? (middle[1], middle[0]) : (middle[0], middle[1]);
            Assert.True(box[0] < x && x < box[2] && box[1] < y && y < box[3], $"{system}: {string.Join(", ", box)} holds {x}, {y}");
        }
    }

    [Theory]
    [InlineData("1.1.1")]
    [InlineData("1.3.0")]
    public async Task Elements_come_in_the_order_that_the_DTD_and_the_schema_ask(string version)
    {
        // WMS_MS_Capabilities.dtd of 01-068r3 annex A.1, capabilities_1_3_0.xsd of 06-042 annex E.1.
        bool old = version == "1.1.1";
        var orders = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [old ? "WMT_MS_Capabilities" : "WMS_Capabilities"] = "Service Capability",
            ["Service"] = "Name Title Abstract KeywordList OnlineResource ContactInformation Fees AccessConstraints LayerLimit MaxWidth MaxHeight",
            ["Capability"] = "Request Exception Layer",
            ["Request"] = "GetCapabilities GetMap GetFeatureInfo GetLegendGraphic",
            ["Layer"] = old
                ? "Name Title Abstract KeywordList SRS LatLonBoundingBox BoundingBox Attribution Style ScaleHint Layer"
                : "Name Title Abstract KeywordList CRS EX_GeographicBoundingBox BoundingBox Attribution Style MinScaleDenominator MaxScaleDenominator Layer",
            ["Style"] = "Name Title LegendURL",
            ["LegendURL"] = "Format OnlineResource",
            ["EX_GeographicBoundingBox"] = "westBoundLongitude eastBoundLongitude southBoundLatitude northBoundLatitude",
        };
        XElement capabilities = await server.CapabilitiesAsync(version);
        foreach (XElement element in capabilities.DescendantsAndSelf())
        {
            if (orders.TryGetValue(element.Name.LocalName, out string? order))
            {
                string[] known = order.Split(' ');
                int[] places = [.. element.Elements().Select(child => Array.IndexOf(known, child.Name.LocalName))];
                Assert.DoesNotContain(-1, places);
                Assert.Equal(places.Order(), places);
            }
        }

        Assert.All(capabilities.DescendantsAndSelf(), element => Assert.True(
            old ? element.Name.Namespace == XNamespace.None : element.Name.Namespace == MapService.V130 || element.Name.LocalName == "GetLegendGraphic", $"{element.Name}"));
    }

    [Fact]
    public async Task Scales_follow_the_zooms_at_which_a_layer_is_drawn()
    {
        await server.Database.AdministerAsync(
            """
            CREATE VIEW share.scaled AS SELECT id, geom3857 AS geom FROM city.place;
            COMMENT ON VIEW share.scaled IS E'缩放 / Scaled\nminzoom=12 maxzoom=15';
            GRANT SELECT ON share.scaled TO share_reader
            """);
        try
        {
            await Eventually.GetAsync(() => server.Anonymous().GetAsync("/ogc/collections/scaled"), answer => answer.Status == 200, "the layer is there");
            XElement layer = (await server.CapabilitiesAsync("1.3.0")).Descendants(MapService.V130 + "Layer").Single(found => (string?)found.Element(MapService.V130 + "Name") == "scaled");
            // https://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad: level 12, and level 16, where nothing is drawn any more.
            Assert.Equal(136494.693366, (double)layer.Element(MapService.V130 + "MaxScaleDenominator")!, 3);
            Assert.Equal(8530.918335, (double)layer.Element(MapService.V130 + "MinScaleDenominator")!, 3);
            XElement hint = (await server.CapabilitiesAsync("1.1.1")).Descendants("Layer").Single(found => (string?)found.Element("Name") == "scaled").Element("ScaleHint")!;
            Assert.Equal(8530.918335 * 0.00028 * Math.Sqrt(2), (double)hint.Attribute("min")!, 6);
            Assert.Equal(136494.693366 * 0.00028 * Math.Sqrt(2), (double)hint.Attribute("max")!, 6);
        }
        finally
        {
            await server.Database.AdministerAsync("DROP VIEW share.scaled");
            await Eventually.GetAsync(() => server.Anonymous().GetAsync("/ogc/collections/scaled"), answer => answer.Status == 404, "the layer is gone");
        }
    }

    [Theory]
    [InlineData("1.1.1")]
    [InlineData("1.3.0")]
    public async Task The_operations_say_their_formats_and_where_to_ask(string version)
    {
        bool old = version == "1.1.1";
        XNamespace wms = old ? XNamespace.None : MapService.V130;
        XElement capabilities = await server.CapabilitiesAsync(version);
        XElement request = capabilities.Element(wms + "Capability")!.Element(wms + "Request")!;
        string[] Formats(string operation) => [.. request.Elements().Single(found => found.Name.LocalName == operation).Elements(wms + "Format").Select(format => format.Value)];
        Assert.Equal(["image/png", "image/jpeg"], Formats("GetMap"));
        Assert.Equal(["text/html", "text/plain", "application/json"], Formats("GetFeatureInfo"));
        Assert.Equal(["image/png"], Formats("GetLegendGraphic"));
        Assert.All(request.Elements(), operation => Assert.Equal(
            $"{server.Address}wms?", (string?)operation.Descendants(wms + "OnlineResource").Single().Attribute(MapService.XLink + "href")));
        Assert.Equal(
            old ? ["application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank"] : ["XML", "INIMAGE", "BLANK"],
            capabilities.Element(wms + "Capability")!.Element(wms + "Exception")!.Elements(wms + "Format").Select(format => format.Value));
        if (!old)
        {
            XElement service = capabilities.Element(wms + "Service")!;
            Assert.Equal(
                ("32", "4096", "4096"),
                (service.Element(wms + "LayerLimit")!.Value, service.Element(wms + "MaxWidth")!.Value, service.Element(wms + "MaxHeight")!.Value));
        }
    }
}
