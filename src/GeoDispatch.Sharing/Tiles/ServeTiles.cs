using System.Globalization;
using System.Text.Json.Nodes;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace GeoDispatch.Sharing.Tiles;

/// <summary><c>/tiles/NAME</c> (TileJSON 3.0.0) and <c>/tiles/NAME/{z}/{x}/{y}.mvt</c> (Mapbox Vector Tile 2.1), open to anyone.</summary>
internal static class ServeTiles
{
    internal const string MediaType = "application/vnd.mapbox-vector-tile";

    internal static void MapTiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/tiles").OpenToKeys(Scopes.Map).WithTags("tiles");
        group.MapGet("/{tileset}", DescribeAsync);
        group.MapGet("/{tileset}/{z}/{x}/{y}.mvt", ReadAsync).Produces<byte[]>(StatusCodes.Status200OK, MediaType);
    }

    internal static bool Number(string? text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static async Task<IResult> DescribeAsync(
        string tileset, HttpRequest request, Tilesets tilesets, Databases databases, CancellationToken cancellation)
    {
        if (tilesets.Find(tileset) is not Tileset found)
        {
            return Unknown(tileset, tilesets).ToResult();
        }

        JsonObject answer = found.Description.DeepClone().AsObject();
        answer["tilejson"] = "3.0.0";
        answer["scheme"] = "xyz";
        answer["tiles"] = new JsonArray($"{request.Scheme}://{request.Host}/tiles/{tileset}/{{z}}/{{x}}/{{y}}.mvt");
        if (await SharedCity.FindAsync(databases, cancellation) is { } city)
        {
            answer["attribution"] = city.Attribution;
            answer["bounds"] = new JsonArray(city.West, city.South, city.East, city.North);
            answer["center"] = new JsonArray(city.CenterLon, city.CenterLat, city.Zoom);
        }

        return TypedResults.Json(answer);
    }

    private static async Task<IResult> ReadAsync(
        string tileset, string z, string x, string y, Tilesets tilesets, TileCache cache, CancellationToken cancellation)
    {
        if (tilesets.Find(tileset) is not Tileset found)
        {
            return Unknown(tileset, tilesets).ToResult();
        }

        if (!Number(z, out int zoom) || !Number(x, out int column) || !Number(y, out int row)
            || !TileId.TryCreate(zoom, column, row, out TileId tile) || zoom < found.MinZoom || zoom > found.MaxZoom)
        {
            return OutsideGrid(found, $"{z}/{x}/{y}").ToResult();
        }

        return new TileResult(await cache.GetAsync(found, tile, cancellation));
    }

    private static Problem Unknown(string name, Tilesets tilesets) => new(
        404, "tileset.unknown", "没有此瓦片集 / Unknown tileset", $"现有 / There are: {string.Join(", ", tilesets.Names)}", "tileset", name);

    private static Problem OutsideGrid(Tileset tileset, string asked) => new(
        400, "tile.outside_grid", "瓦片在网格之外 / Tile outside the grid",
        $"缩放级 / zoom {tileset.MinZoom}…{tileset.MaxZoom}; 0 ≤ x, y < 2^zoom", "z/x/y", asked);
}

/// <summary>
/// A kept tile as an answer: 204 where nothing lies in it, 304 where the asker has it, compressed where it may be. Compressed already,
/// it passes by the compression of other answers.
/// </summary>
internal sealed class TileResult(KeptTile tile) : IResult
{
    // Of a minute, as it was before tiles were kept here.
    private static readonly StringValues Fresh = "public, max-age=60";
    private static readonly StringValues ByEncoding = "Accept-Encoding";
    private static readonly StringValues Gzip = "gzip";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.Headers.CacheControl = Fresh;
        if (tile.IsEmpty)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        bool gzip = AcceptsGzip(httpContext.Request.Headers.AcceptEncoding);
        response.Headers.ETag = gzip ? tile.GzipETag : tile.ETag;
        response.Headers.Vary = ByEncoding;
        if (Has(httpContext.Request.Headers.IfNoneMatch, tile))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        byte[] body = gzip ? tile.Gzip : tile.Bytes;
        response.ContentType = ServeTiles.MediaType;
        response.ContentLength = body.Length;
        if (gzip)
        {
            response.Headers.ContentEncoding = Gzip;
        }

        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
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
