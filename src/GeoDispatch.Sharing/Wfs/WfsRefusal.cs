using System.Text;
using System.Xml.Linq;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Features;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>A refusal as WFS 2.0 clause 7.5 has it: <c>ows:ExceptionReport</c> with one of the codes of its table 3.</summary>
/// <param name="Locator">The parameter or the operation that is wrong.</param>
/// <param name="Text">Chinese / English.</param>
internal sealed record WfsRefusal(int Status, string Code, string? Locator, string Text) : IResult
{
    internal const string MediaType = "text/xml";
    private const int EchoedCharacters = 200;

    internal static WfsRefusal Missing(string name) => new(400, "MissingParameterValue", name, $"缺少参数 / Missing parameter: {name}");

    /// <param name="expected">What would be right.</param>
    internal static WfsRefusal Invalid(string name, string value, string expected) =>
        new(400, "InvalidParameterValue", name, $"{name}={Cut(value)}。{expected}");

    internal static WfsRefusal Unparsable(string detail, string? locator = null) => new(400, "OperationParsingFailed", locator, detail);

    internal static WfsRefusal NoSuchOperation(string operation) => new(
        501, "OperationNotSupported", operation,
        $"不支持此操作 / No such operation: {Cut(operation)}. {string.Join(", ", ServeWfs.Operations)}");

    internal static WfsRefusal NoSuchOption(string option, string detail) => new(501, "OptionNotSupported", option, detail);

    /// <summary>A refusal of the filter's compiler.</summary>
    internal static WfsRefusal Of(Problem problem) => new(
        400, "InvalidParameterValue", "filter", problem.Value is null ? $"{problem.Title}: {problem.Detail}" : $"{problem.Title}: {Cut(problem.Value)}. {problem.Detail}");

    /// <summary>What was refused before or after the service itself: a quota, a key, a body too large. The status stays.</summary>
    internal static WfsRefusal FromOutside(Problem problem) => new(problem.Status, "NoApplicableCode", problem.Code, $"{problem.Title}: {problem.Detail}");

    /// <summary>What the database says of a value instead of giving rows. Null where the fault is another: it is told as on every route.</summary>
    internal static WfsRefusal? Of(PostgresException failed) => FeatureReader.Refusal(failed) is null
        ? null
        : new(403, "OperationProcessingFailed", "filter", "过滤条件中的数值超出可计算范围 / A value of the filter is beyond what can be computed");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        XNamespace ows = WfsNames.Ows;
        var report = new XElement(
            ows + "ExceptionReport",
            new XAttribute(XNamespace.Xmlns + "ows", ows), new XAttribute(XNamespace.Xmlns + "xsi", WfsNames.Xsi),
            new XAttribute(WfsNames.Xsi + "schemaLocation", $"{ows} http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"),
            new XAttribute("version", "2.0.0"),
            new XElement(
                ows + "Exception", new XAttribute("exceptionCode", Code),
                Locator is null ? null : new XAttribute("locator", WfsNames.Printable(Cut(Locator))),
                new XElement(ows + "ExceptionText", WfsNames.Printable(Text))));
        return TypedResults.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{report}\n", MediaType, Encoding.UTF8, Status).ExecuteAsync(httpContext);
    }

    internal static string Cut(string text) => text.Length > EchoedCharacters ? text[..EchoedCharacters] : text;
}
