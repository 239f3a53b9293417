using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace GeoDispatch.Sharing.Features;

/// <summary><c>/ogc/collections/{id}/items</c> and <c>…/{featureId}</c>: the features of a layer, page by page or one.</summary>
internal static class ServeFeatures
{
    /// <summary>As reads by this interface are counted.</summary>
    private const string Protocol = "ogc-features";

    internal static async Task<IResult> ListAsync(
        string id, HttpRequest request, LayerAccess access, LayerReads reads, FeatureReader reader, TimeProvider clock, CancellationToken cancellation)
    {
        ReadableLayers all = await access.ReadAsync(request.HttpContext);
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

        string question = request.QueryString.HasValue ? Uri.UnescapeDataString(request.QueryString.Value) : "";
        NotedRead noted = await reads.NoteAsync(readable, Protocol, request.HttpContext.User, question, cancellation);
        return new FeaturePage(readable, query, form, reader, clock, noted);
    }

    internal static async Task<IResult> FindAsync(
        string id, string featureId, HttpRequest request, LayerAccess access, LayerReads reads, FeatureReader reader, CancellationToken cancellation)
    {
        ReadableLayers all = await access.ReadAsync(request.HttpContext);
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

        NotedRead noted = await reads.NoteAsync(readable, Protocol, request.HttpContext.User, $"/{featureId}", cancellation);
        if (await reader.FindAsync(readable, featureId, crs, cancellation) is not byte[] found)
        {
            return new Problem(404, "feature.unknown", "没有此要素 / Unknown feature", readable.Layer.Title, "featureId", featureId).ToResult();
        }

        noted.Gave(1);
        JsonObject feature = JsonNode.Parse(found)!.AsObject();
        feature["links"] = Forms.SelfAndAlternate(request, form, Forms.GeoJson)
            .Append(Forms.Link("collection", Forms.Json, $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(id)}", readable.Layer.Title)).ToJson();
        request.HttpContext.Response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        return Forms.ToAnswer(feature, form, $"{readable.Layer.Title} {featureId}", request, Forms.GeoJson);
    }
}

/// <summary>
/// Writes a page while it is being read: what lies in memory is a feature at a time, however long the page. A client that is slow to take it
/// holds no query open: the query is ended and asked again, behind the last feature, when the client has taken what there was.
/// </summary>
internal sealed class FeaturePage(ReadableLayer readable, FeatureQuery query, Form form, FeatureReader reader, TimeProvider clock, NotedRead noted) : IResult
{
    private const int FlushedBytes = 65_536;

    // Of one statement: no long page meets the time limit of a statement, and one that is ended has not much left to give.
    private const int StatementRows = 10_000;

    // As long the query may wait for the client.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Below this the client is cut off.
    private static readonly MinDataRate SlowestBytesASecond = new(8_192, TimeSpan.FromSeconds(10));

    private readonly Layer layer = readable.Layer;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken gone = httpContext.RequestAborted;
        FeatureQuery part = query with { Limit = Math.Min(query.Limit, StatementRows) };
        IAsyncEnumerator<FeatureRow> rows = Open(part, gone);
        int returned = 0;
        try
        {
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

            PipeWriter body = Begin(httpContext);
            long waiting = 0;
            PageToken? last = null;
            while (true)
            {
                bool ended = false;
                for (int ofPart = 0; more && ofPart < part.Limit && !ended; ofPart++)
                {
                    last = rows.Current.Place;
                    waiting += Write(body, rows.Current, returned++ == 0, httpContext.Request);
                    if (waiting > FlushedBytes)
                    {
                        waiting = 0;
                        ended = !await FlushAsync(body, rows, gone);
                    }

                    more = ended || await rows.MoveNextAsync();
                }

                if (!more || (returned == query.Limit && !ended))
                {
                    break;
                }

                await rows.DisposeAsync();
                part = query with { Limit = Math.Min(query.Limit - returned, StatementRows), After = last };
                rows = Open(part, gone);
                more = await rows.MoveNextAsync();
                if (part.Limit == 0)
                {
                    break;
                }
            }

            End(body, httpContext.Request, returned, more ? last : null);
            await body.FlushAsync(gone);
        }
        finally
        {
            // Also of an answer that was cut off.
            noted.Gave(returned);
            await rows.DisposeAsync();
        }
    }

    private IAsyncEnumerator<FeatureRow> Open(FeatureQuery part, CancellationToken gone) =>
        reader.ReadAsync(readable, part, query.Limit > StatementRows, gone).GetAsyncEnumerator(gone);

    /// <summary>False where the client let it wait so long that the query was ended meanwhile.</summary>
    private static async Task<bool> FlushAsync(PipeWriter body, IAsyncEnumerator<FeatureRow> rows, CancellationToken gone)
    {
        Task flush = body.FlushAsync(gone).AsTask();
        bool inTime = flush.IsCompleted || await Task.WhenAny(flush, Task.Delay(Patience, gone)) == flush;
        if (!inTime)
        {
            await rows.DisposeAsync();
        }

        await flush;
        return inTime;
    }

    private PipeWriter Begin(HttpContext http)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowestBytesASecond;
        }

        string root = Forms.Root(http.Request);
        http.Response.ContentType = form == Form.Json ? Forms.GeoJson : $"{Forms.Html}; charset=utf-8";
        http.Response.Headers["Content-Crs"] = $"<{query.Crs.Uri}>";
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.Link = $"<{root}/collections/{Uri.EscapeDataString(layer.Id)}/queryables>; rel=\"{ServeQueryables.Relation}\"; type=\"{ServeQueryables.MediaType}\"";
        Write(http.Response.BodyWriter, form == Form.Json
            ? "{\"type\":\"FeatureCollection\",\"features\":["
            : HtmlPages.Head(layer.Title, root) + HtmlPages.TableHead(query.Properties ?? [.. layer.Properties]));
        return http.Response.BodyWriter;
    }

    private int Write(PipeWriter body, FeatureRow row, bool first, HttpRequest request)
    {
        if (form == Form.Html)
        {
            Write(body, HtmlPages.TableRow(row.GeoJson, $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(layer.Id)}/items"));
            return row.GeoJson.Length;
        }

        body.Write(first ? "\n"u8 : ",\n"u8);
        body.Write(row.GeoJson);
        return row.GeoJson.Length;
    }

    private void End(PipeWriter body, HttpRequest request, int returned, PageToken? next)
    {
        JsonArray links = Links(request, next?.ToString());
        string time = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Write(body, form == Form.Json
            ? $"],\n\"numberReturned\":{returned},\"timeStamp\":\"{time}\",\"links\":{links.ToJsonString(HtmlPages.Readable)}}}\n"
            : $"{HtmlPages.TableFoot}<p>{returned} 个要素 / features · {time}</p>\n{HtmlPages.Links(links)}{HtmlPages.Foot}");
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
