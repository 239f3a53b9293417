using System.Text;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Tracking.Devices.OsmAnd;

/// <summary>
/// <c>/devices/osmand</c>: where Traccar Client, OsmAnd and their like report. Their only question is whether the answer is a success: then
/// they forget the fix, else they keep it and send it again, before all later ones.
/// </summary>
internal static class ReceiveOsmAnd
{
    internal const string Protocol = "osmand";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/devices/osmand", [HttpMethods.Get, HttpMethods.Post], HandleAsync)
        .WithTags("devices")
        .WithSummary("Traccar Client / OsmAnd: id, lat, lon, timestamp; speed in knots, or JSON with metres a second")
        .Produces<FixReceipt>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> HandleAsync(
        HttpContext http, TerminalDoor door, FixPipeline pipeline, CancellationToken cancellation)
    {
        // Nothing of it is to be kept on the way: the URL may hold the terminal's key.
        http.Response.Headers.CacheControl = "no-store";
        if (await ReadBodyAsync(http.Request, cancellation) is not { } body)
        {
            return TooLarge.ToResult();
        }

        (OsmAndReport? report, Problem? problem) = OsmAndDecoder.Read(http.Request.QueryString.Value, body);
        if (report is null)
        {
            return problem!.ToResult();
        }

        (DeviceIdentity? device, problem) = await door.EnterAsync(
            new Sighting(Protocol, report.Terminal, http.Connection.RemoteIpAddress?.ToString() ?? "", Version: Client(http.Request)),
            report.Key ?? HeaderKey(http.Request),
            cancellation);
        if (device is null)
        {
            return problem!.ToResult();
        }

        (FixReceipt? receipt, problem) = await pipeline.TakeAsync(device, report.Fixes, cancellation);
        // These clients send the oldest first and resend whatever is no success, so a refusal that lasts would stand before all that they have,
        // for ever: a vehicle would vanish over one fix. What is too old, or of a clock that is set wrong, will never be taken: it is answered 200,
        // the receipt names it, and it is counted. Only a clock that drifts a little is told 400: the same fix is right a while later.
        return receipt is null ? problem!.ToResult()
            : pipeline.RightLater(receipt, report.Fixes).FirstOrDefault() is { Problem: { } ahead }
                ? new Problem(ahead.Status, ahead.Code, ahead.Title, ahead.Detail, ahead.Field).ToResult()
            : TypedResults.Ok(receipt);
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > OsmAndDecoder.MostBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        byte[] piece = new byte[4_096];
        int read;
        while ((read = await request.Body.ReadAsync(piece, cancellation)) > 0)
        {
            if (body.Length + read > OsmAndDecoder.MostBytes)
            {
                return null;
            }

            body.Write(piece, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>The key as <c>Authorization: Bearer KEY</c>, or as the password of <c>Basic</c>.</summary>
    private static string? HeaderKey(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries) is not [var scheme, { Length: <= 400 } sent])
        {
            return null;
        }

        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return sent;
        }

        Span<byte> plain = stackalloc byte[400];
        return scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(sent, plain, out int length)
            && plain[..length].IndexOf((byte)':') is var colon and >= 0
            ? Encoding.UTF8.GetString(plain[(colon + 1)..length])
            : null;
    }

    private static string Client(HttpRequest request)
    {
        string agent = request.Headers.UserAgent.ToString();
        return new string([.. agent.Take(64).Where(static one => !char.IsControl(one))]);
    }

    private static readonly Problem TooLarge = new(
        413, "body.too_large", "请求正文过大 / Body too large",
        $"正文最多 {OsmAndDecoder.MostBytes} 字节 / A body may have {OsmAndDecoder.MostBytes} bytes");
}
