using System.Text;
using System.Xml.Linq;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Refusals as OWS 1.1 (06-121r3) has them.</summary>
internal static class WmtsRefusals
{
    internal static ContentHttpResult Missing(string name) => Refuse(400, "MissingParameterValue", name, $"缺少参数 / missing: {name}");

    internal static ContentHttpResult Invalid(string name, string value, int status = 400) => Refuse(status, "InvalidParameterValue", name, $"{name}={value}");

    /// <summary>What was refused before or after the service itself: a quota, a key, the database. The status stays.</summary>
    internal static ContentHttpResult FromOutside(Problem problem) => Refuse(problem.Status, "NoApplicableCode", problem.Code, $"{problem.Title}: {problem.Detail}");

    internal static ContentHttpResult Refuse(int status, string code, string locator, string text)
    {
        XNamespace ows = WmtsCapabilities.Ows;
        return Xml(
            new XDocument(new XElement(
                ows + "ExceptionReport", new XAttribute(XNamespace.Xmlns + "ows", ows), new XAttribute("version", "1.1.0"),
                new XElement(ows + "Exception", new XAttribute("exceptionCode", code), new XAttribute("locator", Printable(locator)),
                    new XElement(ows + "ExceptionText", Printable(text))))),
            status);
    }

    internal static ContentHttpResult Xml(XDocument document, int status = 200) =>
        TypedResults.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}", "text/xml", Encoding.UTF8, status);

    /// <summary>XML 1.0 has no place for control characters and half pairs; what is said back is at most 200 characters long.</summary>
    private static string Printable(string text) => string.Concat(
        ServeTiles.Cut(text).EnumerateRunes().Where(static rune => !Rune.IsControl(rune) && rune.Value is not (0xFFFE or 0xFFFF)));
}
