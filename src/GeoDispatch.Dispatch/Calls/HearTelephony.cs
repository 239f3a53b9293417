using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>
/// <c>POST /api/telephony/events</c>: what the exchange tells of a call, by a key with the scope <c>telephony</c>. An event is known by its
/// <c>eventId</c> and may be sent again; events may come late and in any order, and keep their own times.
/// </summary>
internal static class HearTelephony
{
    private static readonly TimeSpan LatestEvent = TimeSpan.FromDays(7), ClockTolerance = TimeSpan.FromMinutes(1);

    /// <param name="EventId">Of the exchange, 1 to 100 characters; the same id is the same event.</param>
    /// <param name="CallId">The exchange's own id of the call, 1 to 100 characters, never used for another.</param>
    /// <param name="Kind"><c>ringing</c>, <c>answered</c> or <c>ended</c>.</param>
    /// <param name="Number">Of the caller; null where it is withheld.</param>
    /// <param name="Seat">The extension that answered.</param>
    /// <param name="At">By the exchange's clock: at most a minute ahead of ours, at most 7 days ago.</param>
    /// <param name="RecordingUrl">http or https, at most 500 characters.</param>
    internal sealed record Request(
        string? EventId, string? CallId, string? Kind, string? Number, string? Seat, DateTimeOffset? At, string? RecordingUrl);

    /// <summary>Which call it became.</summary>
    internal sealed record Receipt(Guid Id, int Version, string Status);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/telephony/events", HandleAsync)
        .Produces<Receipt>().ProducesProblem(StatusCodes.Status400BadRequest);

    /// <summary>Null for a program's key; people have no scopes, and a console is no exchange.</summary>
    internal static Problem? CheckKey(HttpContext http) => http.User.HasClaim(GeoClaims.Scope, Scopes.Telephony) ? null : CallProblems.KeysOnly;

    /// <summary>The command's id of an event: of the key and of the exchange's own id of the event.</summary>
    internal static Guid CommandId(HttpContext http, string kind, string eventId) => DerivedId.Of(kind, TakeSeat.Account(http).ToString(), eventId);

    private static async Task<IResult> HandleAsync(Request request, HttpContext http, CallLog log, CancellationToken cancellation)
    {
        if ((CheckKey(http) ?? Check(request, log.Now)) is { } bad)
        {
            return bad.ToResult();
        }

        (Instruction? given, Problem? problem) = Instruction.Read(http, CommandId(http, "telephony", request.EventId!), $"telephony.{request.Kind}", request);
        if (given is null)
        {
            return problem!.ToResult();
        }

        string? number = PhoneNumber.Normalize(request.Number);
        DateTimeOffset at = Microseconds(request.At!.Value);
        (CallSummary? call, problem) = await log.ReceiveAsync(request.CallId, given, request.Kind switch
        {
            "ringing" => new CallCommand.Ring(number, at),
            "answered" => new CallCommand.AnswerAt(number, request.Seat!, at),
            _ => new CallCommand.HangUp(number, request.RecordingUrl, at),
        }, cancellation);
        return call is null ? problem!.ToResult() : TypedResults.Ok(new Receipt(call.Id, call.Version, call.Status));
    }

    private static Problem? Check(Request request, DateTimeOffset now) =>
        Fields.Text("eventId", request.EventId, 1, 100)
        ?? Fields.Text("callId", request.CallId, 1, 100)
        ?? Fields.OneOf("kind", request.Kind, "ringing", "answered", "ended")
        // A number that cannot be read is withheld, not refused: the call counts.
        ?? (request.Kind == "answered" && !Seats.IsName(request.Seat)
            ? DispatchProblems.BadField("seat", request.Seat, "接听的分机号 / the extension that answered, up to 12 letters and digits")
            : null)
        ?? (request.At is { } at && at <= now + ClockTolerance && at >= now - LatestEvent
            ? null
            : DispatchProblems.BadField("at", request.At?.ToString("O"), "7 天内且不晚于现在 1 分钟以上 / within 7 days, at most a minute ahead"))
        ?? (request.RecordingUrl is not { } url || IsWeb(url)
            ? null
            : DispatchProblems.BadField("recordingUrl", url, "http(s),至多 500 字符,不含口令 / http(s), up to 500 characters, no password in it"));

    private static bool IsWeb(string url) =>
        url.Length <= 500 && Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0;

    private static DateTimeOffset Microseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)).ToUniversalTime();
}
