using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// A tile as an answer: 204 where nothing lies in it, 304 where the asker has it, compressed where it may be. Compressed already,
/// it passes by the compression of other answers.
/// </summary>
internal sealed class TileResult(ReadTile read) : IResult
{
    // Who has a tile asks each time whether it is still true, and is told so in a few bytes: an edit shows at once.
    private static readonly StringValues ForEverybody = "public, no-cache", ForOne = "private, no-cache", Never = "no-store";
    private static readonly StringValues ByEncoding = "Accept-Encoding";
    private static readonly StringValues Gzip = "gzip";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpRequest request = httpContext.Request;
        HttpResponse response = httpContext.Response;
        KeptTile tile = read.Tile;
        response.Headers.CacheControl = read.Kept switch { Kept.ForEverybody => ForEverybody, Kept.ForOne => ForOne, _ => Never };
        if (tile.IsEmpty)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        bool gzip = tile.Packs && AcceptsGzip(request.Headers.AcceptEncoding);
        if (tile.Packs)
        {
            response.Headers.Vary = ByEncoding;
        }

        if (read.Kept != Kept.Never)
        {
            response.Headers.ETag = gzip ? tile.GzipETag : tile.ETag;
            if (Has(request.Headers.IfNoneMatch, tile))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        byte[] body = gzip ? tile.Gzip : tile.Bytes;
        response.ContentType = read.Cutter.MediaType;
        response.ContentLength = body.Length;
        if (gzip)
        {
            response.Headers.ContentEncoding = Gzip;
        }

        // Who has left breaks the connection, and with it the write: no token is made for that.
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    private static bool Has(StringValues known, KeptTile tile)
    {
        foreach (string? tags in known)
        {
            if (tags is "*" || (tags is not null && (tags.Contains(tile.ETag, StringComparison.Ordinal) || tags.Contains(tile.GzipETag, StringComparison.Ordinal))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>RFC 9110 section 12.5.3: named, and not with a weight of nothing.</summary>
    internal static bool AcceptsGzip(StringValues accepted)
    {
        foreach (string? line in accepted)
        {
            foreach (Range part in line.AsSpan().Split(','))
            {
                ReadOnlySpan<char> coding = line.AsSpan(part).Trim();
                if (!coding.StartsWith("gzip", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                ReadOnlySpan<char> rest = coding[4..].Trim();
                if (rest.IsEmpty)
                {
                    return true;
                }

                if (rest[0] == ';')
                {
                    ReadOnlySpan<char> weight = rest[1..].Trim();
                    return !(weight.StartsWith("q=", StringComparison.OrdinalIgnoreCase) && weight[2..].TrimEnd("0.").IsEmpty);
                }
            }
        }

        return false;
    }
}
