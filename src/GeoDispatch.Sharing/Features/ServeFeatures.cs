using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace GeoDispatch.Sharing.Features;

/// <summary><c>/ogc/collections/{id}/items</c> and <c>…/{featureId}</c>: the features of a layer, page by page or one.</summary>
internal static class ServeFeatures
{
    internal static async Task<IResult> ListAsync(
        string id, HttpRequest request, LayerAccess access, FeatureReader reader, TimeProvider clock, CancellationToken cancellation)
    {
        ReadableLayers all = await access.ReadAsync(request.HttpContext.User, cancellation);
        if (all.Find(id) is not ReadableLayer readable)
        {
            return ServeCollections.Unknown(id, all).ToResult();
        }

        Problem? badQuery = FeatureQuery.Parse(request.Query, readable.Layer, out FeatureQuery query);
        Problem? badForm = Forms.Choose(request, out Form form);
        if ((badQuery ?? badForm) is Problem refused)
        {
            return refused.ToResult();
        }

        return new FeaturePage(readable, query, form, reader, clock);
    }

    internal static async Task<IResult> FindAsync(
        string id, string featureId, HttpRequest request, LayerAccess access, FeatureReader reader, CancellationToken cancellation)
    {
        ReadableLayers all = await access.ReadAsync(request.HttpContext.User, cancellation);
        if (all.Find(id) is not ReadableLayer readable)
        {
            return ServeCollections.Unknown(id, all).ToResult();
        }

        Crs crs = Crs.Crs84;
        Problem? badForm = Forms.Choose(request, out Form form);
        Problem? refused = FeatureQuery.CheckNames(request.Query, "f", "crs") ?? badForm
            ?? (request.Query.TryGetValue("crs", out var asked) ? FeatureQuery.ParseCrs("crs", asked.ToString(), out crs) : null);
        if (refused is not null)
        {
            return refused.ToResult();
        }

        if (await reader.FindAsync(readable, featureId, crs, cancellation) is not byte[] found)
        {
            return new Problem(404, "feature.unknown", "没有此要素 / Unknown feature", readable.Layer.Title, "featureId", featureId).ToResult();
        }

        JsonObject feature = JsonNode.Parse(found)!.AsObject();
        feature["links"] = Forms.SelfAndAlternate(request, form, Forms.GeoJson)
            .Append(Forms.Link("collection", Forms.Json, $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(id)}", readable.Layer.Title)).ToJson();
        request.HttpContext.Response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        return Forms.ToAnswer(feature, form, $"{readable.Layer.Title} {featureId}", request, Forms.GeoJson);
    }
}

/// <summary>Writes a page while it is being read: what lies in memory is a feature at a time, however long the page.</summary>
internal sealed class FeaturePage(ReadableLayer readable, FeatureQuery query, Form form, FeatureReader reader, TimeProvider clock) : IResult
{
    private readonly Layer layer = readable.Layer;
    private const int FlushedBytes = 65_536;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpRequest request = httpContext.Request;
        CancellationToken gone = httpContext.RequestAborted;
        string itemsUrl = $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(layer.Id)}/items";
        await using IAsyncEnumerator<FeatureRow> rows = reader.ReadAsync(readable, query, gone).GetAsyncEnumerator(gone);
        bool more;
        try
        {
            // Before the status is sent: what the database refuses must not look like a short page.
            more = await rows.MoveNextAsync();
        }
        catch (PostgresException failed) when (FeatureReader.Refusal(failed) is Problem refused)
        {
            await refused.ToResult().ExecuteAsync(httpContext);
            return;
        }

        httpContext.Response.ContentType = form == Form.Json ? Forms.GeoJson : $"{Forms.Html}; charset=utf-8";
        httpContext.Response.Headers["Content-Crs"] = $"<{query.Crs.Uri}>";
        httpContext.Response.Headers.Vary = HeaderNames.Accept;
        httpContext.Response.Headers.Link = $"<{Forms.Root(request)}/collections/{Uri.EscapeDataString(layer.Id)}/queryables>; rel=\"{ServeQueryables.Relation}\"; type=\"{ServeQueryables.MediaType}\"";
        PipeWriter body = httpContext.Response.BodyWriter;
        Write(body, form == Form.Json
            ? "{\"type\":\"FeatureCollection\",\"features\":["
            : HtmlPages.Head(layer.Title, Forms.Root(request)) + HtmlPages.TableHead(query.Properties ?? [.. layer.Properties]));
        int returned = 0;
        PageToken? last = null;
        long waiting = 0;
        for (; more && returned < query.Limit; more = await rows.MoveNextAsync())
        {
            FeatureRow row = rows.Current;
            if (form == Form.Json)
            {
                Write(body, returned == 0 ? "\n" : ",\n");
                body.Write(row.GeoJson);
            }
            else
            {
                Write(body, HtmlPages.TableRow(row.GeoJson, itemsUrl));
            }

            (returned, last, waiting) = (returned + 1, row.Place, waiting + row.GeoJson.Length);
            if (waiting > FlushedBytes)
            {
                await body.FlushAsync(gone);
                waiting = 0;
            }
        }

        JsonArray links = Links(request, more ? last?.ToString() : null);
        string time = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Write(body, form == Form.Json
            ? $"],\n\"numberReturned\":{returned},\"timeStamp\":\"{time}\",\"links\":{links.ToJsonString(HtmlPages.Readable)}}}\n"
            : $"{HtmlPages.TableFoot}<p>{returned} 个要素 / features · {time}</p>\n{HtmlPages.Links(links)}{HtmlPages.Foot}");
        await body.FlushAsync(gone);
    }

    private JsonArray Links(HttpRequest request, string? next)
    {
        IEnumerable<JsonObject> links = Forms.SelfAndAlternate(request, form, Forms.GeoJson)
            .Append(Forms.Link("collection", Forms.Json, $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(layer.Id)}", layer.Title));
        return (next is null
            ? links
            : links.Append(Forms.Link(
                "next", form == Form.Json ? Forms.GeoJson : Forms.Html,
                Forms.Again(request, ("f", form == Form.Json ? "json" : "html"), ("next", next)), "下一页 / Next page"))).ToJson();
    }

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
