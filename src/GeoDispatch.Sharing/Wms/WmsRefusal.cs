using System.Text;
using System.Xml.Linq;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GeoDispatch.Sharing.Wms;

/// <summary>A refusal as a value, in the terms of both versions.</summary>
/// <param name="Code">Of table E.1 of 06-042 where one fits; what is missing or invalid otherwise is named as other services of OGC do.</param>
/// <param name="Text">What was wrong and what would be right, Chinese / English.</param>
/// <param name="Locator">The parameter at fault.</param>
internal sealed record WmsRefusal(string Code, string Text, string Locator)
{
    private const int MostEchoed = 200;
    private static readonly XNamespace Ogc = "http://www.opengis.net/ogc";
    private static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    internal static WmsRefusal Missing(string name) => new("MissingParameterValue", $"缺少参数 / Missing parameter: {name.ToUpperInvariant()}", name);

    internal static WmsRefusal Invalid(string name, string value, string right) => Of("InvalidParameterValue", name, value, right);

    internal static WmsRefusal Of(string code, string name, string value, string right) =>
        new(code, $"{name.ToUpperInvariant()}={(value.Length > MostEchoed ? value[..MostEchoed] : value)}: {right}", name);

    /// <summary>
    /// The document. Its status is 200, as clients of both versions expect: to a status of 400 and above QGIS and ArcMap say no more than
    /// that the server failed, and never show the text.
    /// </summary>
    internal ContentHttpResult ToXml(WmsVersion version, int status = StatusCodes.Status200OK)
    {
        var text = new XText(Printable(Text));
        if (version == WmsVersion.V111)
        {
            return Write(
                new XElement("ServiceExceptionReport", new XAttribute("version", "1.1.1"), new XElement("ServiceException", new XAttribute("code", Code), text)),
                "application/vnd.ogc.se_xml", "<!DOCTYPE ServiceExceptionReport SYSTEM \"http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd\">\n", status);
        }

        return Write(
            new XElement(
                Ogc + "ServiceExceptionReport",
                new XAttribute("version", "1.3.0"), new XAttribute("xmlns", Ogc), new XAttribute(XNamespace.Xmlns + "xsi", Xsi),
                new XAttribute(Xsi + "schemaLocation", "http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd"),
                new XElement(Ogc + "ServiceException", new XAttribute("code", Code), new XAttribute("locator", Printable(Locator)), text)),
            "text/xml", status: status);
    }

    /// <summary>What was refused before or after the service itself: a quota, a key, the database. Programs look at the status first, and it stays.</summary>
    internal static ContentHttpResult FromOutside(HttpContext http, Problem problem)
    {
        WmsParameters.Read(http.Request.Query, out WmsParameters given);
        return new WmsRefusal("NoApplicableCode", $"{problem.Title}: {problem.Detail}", problem.Code).ToXml(given.Version, problem.Status);
    }

    internal static ContentHttpResult Write(XElement root, string mediaType, string docType = "", int status = StatusCodes.Status200OK) =>
        TypedResults.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{docType}{root}\n", mediaType, Encoding.UTF8, status);

    /// <summary>XML 1.0 has no place for control characters and half pairs.</summary>
    internal static string Printable(string text) =>
        string.Concat(text.EnumerateRunes().Where(static rune => !Rune.IsControl(rune) && rune.Value is not (0xFFFE or 0xFFFF)));
}
