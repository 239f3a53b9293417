using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Wms;

/// <summary>One server for every test of WMS.</summary>
[CollectionDefinition("wms")]
public sealed class WmsCollection : ICollectionFixture<RunningServer>;

/// <summary>Asks <c>/wms</c> as programs do.</summary>
internal static class MapService
{
    internal static readonly XNamespace V130 = "http://www.opengis.net/wms";
    internal static readonly XNamespace Ogc = "http://www.opengis.net/ogc";
    internal static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";

    /// <summary>A map of the middle of the demo city, west to east and south to north, in either version.</summary>
    internal static string Map(string version, params (string Name, string? Value)[] changes) => Ask("GetMap", version, changes);

    /// <summary>What lies at a pixel of the same map.</summary>
    internal static string Info(string version, params (string Name, string? Value)[] changes) => Ask(
        "GetFeatureInfo", version,
        [("QUERY_LAYERS", "pois"), ("INFO_FORMAT", "application/json"), (version == "1.1.1" ? "X" : "I", "128"), (version == "1.1.1" ? "Y" : "J", "128"), .. changes]);

    /// <summary>Null leaves a parameter out.</summary>
    private static string Ask(string request, string version, (string Name, string? Value)[] changes)
    {
        var parameters = new List<(string Name, string? Value)>
        {
            ("SERVICE", "WMS"), ("VERSION", version), ("REQUEST", request), ("LAYERS", "city"), ("STYLES", ""),
            (version == "1.1.1" ? "SRS" : "CRS", "EPSG:4326"), ("BBOX", version == "1.1.1" ? "118.5,37.4,118.7,37.5" : "37.4,118.5,37.5,118.7"),
            ("WIDTH", "256"), ("HEIGHT", "256"), ("FORMAT", "image/png"),
        };
        foreach ((string name, string? value) in changes)
        {
            parameters.RemoveAll(parameter => parameter.Name == name);
            parameters.Add((name, value));
        }

        return "/wms?" + string.Join('&', parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
    }

    internal static async Task<XElement> CapabilitiesAsync(this RunningServer server, string version)
    {
        Answer answer = await server.Anonymous().GetAsync($"/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={version}");
        Assert.Equal(200, answer.Status);
        return ParseXml(answer.Text);
    }

    /// <summary>With a document type, of which nothing is fetched.</summary>
    internal static XElement ParseXml(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null });
        return XElement.Load(reader);
    }

    /// <summary>Asserts an exception document of the version.</summary>
    internal static string MustExcept(this Answer answer, string version, string code)
    {
        bool old = version == "1.1.1";
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
        string? mediaType = answer.Response.Content.Headers.ContentType?.MediaType;
        Assert.True(mediaType == (old ? "application/vnd.ogc.se_xml" : "text/xml"), $"{mediaType}: {answer.Response.RequestMessage?.RequestUri}");
        XElement report = ParseXml(answer.Text);
        Assert.Equal((old ? "ServiceExceptionReport" : Ogc + "ServiceExceptionReport", version), (report.Name, (string?)report.Attribute("version")));
        XElement exception = report.Element(old ? "ServiceException" : Ogc + "ServiceException")!;
        Assert.Equal(code, (string?)exception.Attribute("code"));
        return exception.Value;
    }

    internal static double[] Edges(this XElement box) =>
        [.. new[] { "minx", "miny", "maxx", "maxy" }.Select(edge => double.Parse(box.Attribute(edge)!.Value, CultureInfo.InvariantCulture))];
}
