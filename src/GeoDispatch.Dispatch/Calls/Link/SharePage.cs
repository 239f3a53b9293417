using System.Reflection;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Calls.Link;

/// <summary><c>/c/{token}</c>: the caller's page, and what it sends. Nobody signs in; the token is the right.</summary>
internal static class SharePage
{
    private const int LargestPhotoBytes = 5_242_880;
    private static readonly string Html = Resource("share.html"), Script = Resource("share.js");

    /// <param name="ShareId">Made by the page: the same again is the same.</param>
    /// <param name="AccuracyMeters">Radius of the circle, 0 to 100,000.</param>
    internal sealed record PositionRequest(Guid? ShareId, double? Lon, double? Lat, double? AccuracyMeters);

    /// <param name="Text">1 to 500 characters.</param>
    internal sealed record TextRequest(Guid? ShareId, string? Text);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder page = routes.MapGroup("/c").ExcludeFromDescription();
        page.MapGet("/share.js", static () => TypedResults.Text(Script, "text/javascript"));
        page.MapGet("/{token}", static async (string token, HttpContext http, CallLinks links, CancellationToken cancellation) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return await links.CheckAsync(token, cancellation) is { } problem ? problem.ToResult() : TypedResults.Text(Html, "text/html");
        });
        page.MapPost("/{token}/position", static (string token, PositionRequest request, CallLinks links, CancellationToken cancellation, TimeProvider clock) => TellAsync(
            links, token, request.ShareId,
            LonLat.TryCreate(request.Lon ?? double.NaN, request.Lat ?? double.NaN, out _)
                ? request.AccuracyMeters is >= 0 and <= 100_000 ? null : DispatchProblems.BadField("accuracyMeters", FormattableString.Invariant($"{request.AccuracyMeters}"), "0…100000 m")
                : DispatchProblems.BadField("lon", FormattableString.Invariant($"{request.Lon},{request.Lat}"), "lon −180…180, lat −90…90"),
            () => new CallerLocated(request.Lon!.Value, request.Lat!.Value, request.AccuracyMeters, "link", null, clock.GetUtcNow()), cancellation));
        page.MapPost("/{token}/text", static (string token, TextRequest request, CallLinks links, CancellationToken cancellation) => TellAsync(
            links, token, request.ShareId, Fields.Text("text", request.Text, 1, 500), () => new CallerWrote(request.Text!.Trim()), cancellation));
        page.MapPost("/{token}/photo", PhotoAsync).WithMetadata(new RequestSizeLimitAttribute(LargestPhotoBytes));
    }

    private static async Task<IResult> PhotoAsync(string token, HttpContext http, CallLinks links, CancellationToken cancellation, Guid? shareId = null)
    {
        // Whoever has no link, or hurries, sends no megabytes.
        (Guid callId, Problem? problem) = await links.UseAsync(token, cancellation);
        if ((problem ?? CheckId(shareId)) is { } refusal)
        {
            return refusal.ToResult();
        }

        using var read = new MemoryStream();
        await http.Request.Body.CopyToAsync(read, cancellation);
        byte[] photo = read.ToArray();
        return PhotoHeader.TypeOf(photo) is { } type
            ? Answer(await links.TellAsync(callId, shareId!.Value, new CallerSentPhoto(Guid.CreateVersion7(), type, photo.Length), photo, cancellation))
            : DispatchProblems.BadField("photo", $"{photo.Length} B", "JPEG | PNG").ToResult();
    }

    private static async Task<IResult> TellAsync(
        CallLinks links, string token, Guid? shareId, Problem? badField, Func<CallEvent> shared, CancellationToken cancellation)
    {
        if ((CheckId(shareId) ?? badField) is { } bad)
        {
            return bad.ToResult();
        }

        (Guid callId, Problem? problem) = await links.UseAsync(token, cancellation);
        return Answer(problem ?? await links.TellAsync(callId, shareId!.Value, shared(), null, cancellation));
    }

    private static Problem? CheckId(Guid? shareId) =>
        shareId is null ? DispatchProblems.BadField("shareId", null, "须为新的 UUID / must be a new UUID") : null;

    private static IResult Answer(Problem? problem) => problem is null ? TypedResults.NoContent() : problem.ToResult();

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"GeoDispatch.Dispatch.Calls.Link.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
