using System.Text.Json.Nodes;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace GeoDispatch.Sharing.Features;

/// <summary>How an answer is written: for programs or for people.</summary>
internal enum Form
{
    Json,
    Html,
}

/// <summary>Chooses the form by <c>f</c>, else by <c>Accept</c>, and writes links that keep it.</summary>
internal static class Forms
{
    internal const string Json = "application/json";
    internal const string GeoJson = "application/geo+json";
    internal const string Html = "text/html";
    internal const string OpenApi = "application/vnd.oai.openapi+json;version=3.0";

    /// <summary>Gives the refusal, or null.</summary>
    internal static Problem? Choose(HttpRequest request, out Form form)
    {
        form = Form.Json;
        if (request.Query.TryGetValue("f", out Microsoft.Extensions.Primitives.StringValues asked))
        {
            form = asked == "html" ? Form.Html : Form.Json;
            return asked.ToString() is "json" or "html" ? null : FeatureQuery.Bad("f", asked.ToString(), "json, html");
        }

        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
        {
            return null;
        }

        foreach (MediaTypeHeaderValue type in accepted.Where(type => type.Quality != 0).OrderByDescending(type => type.Quality ?? 1))
        {
            switch (type.MediaType.Value)
            {
                case "*/*" or "application/*" or Json or GeoJson or ServeQueryables.MediaType or "application/vnd.oai.openapi+json":
                    return null;
                case Html or "text/*" or "application/xhtml+xml":
                    form = Form.Html;
                    return null;
            }
        }

        return new Problem(
            406, "features.not_acceptable", "没有此格式 / No such format", $"{Json}, {GeoJson}, {Html}", "Accept", request.Headers.Accept.ToString());
    }

    /// <summary>Where the interface stands, as the client reached it.</summary>
    internal static string Root(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}/ogc";

    /// <summary>The address of the request with some of its parameters set anew.</summary>
    internal static string Again(HttpRequest request, params (string Name, string Value)[] changes)
    {
        var parameters = request.Query.ToDictionary(given => given.Key, given => given.Value.ToString(), StringComparer.Ordinal);
        foreach ((string name, string value) in changes)
        {
            parameters[name] = value;
        }

        // Encoded as the client would: a path is decoded by the time it arrives here.
        return QueryHelpers.AddQueryString($"{request.Scheme}://{request.Host}{request.PathBase}{request.Path.ToUriComponent().TrimEnd('/')}", parameters!);
    }

    internal static JsonObject Link(string rel, string type, string href, string title) =>
        new() { ["href"] = href, ["rel"] = rel, ["type"] = type, ["title"] = title };

    /// <summary>The answer itself and the same in the other form.</summary>
    internal static IEnumerable<JsonObject> SelfAndAlternate(HttpRequest request, Form form, string jsonType)
    {
        yield return Link(form == Form.Json ? "self" : "alternate", jsonType, Again(request, ("f", "json")), "JSON");
        yield return Link(form == Form.Html ? "self" : "alternate", Html, Again(request, ("f", "html")), "网页 / Web page");
    }

    internal static JsonArray ToJson(this IEnumerable<JsonObject> links) => [.. links];

    /// <summary>The document as JSON or as a page that shows all of it.</summary>
    internal static IResult ToAnswer(JsonObject document, Form form, string title, HttpRequest request, string jsonType = Json)
    {
        request.HttpContext.Response.Headers.Vary = HeaderNames.Accept;
        return form == Form.Json
            ? TypedResults.Text(document.ToJsonString(HtmlPages.Readable), jsonType)
            : TypedResults.Text(HtmlPages.Document(title, document, Root(request)), Html, System.Text.Encoding.UTF8);
    }
}
