using System.Globalization;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary><c>POST /api/incidents</c>: a new incident, from what the caller said; of a call that is held, with its <c>callId</c>.</summary>
internal static class OpenIncident
{
    // Of a time that was typed in. A call that we received ourselves may wait longer to be called back, and a console keeps but milliseconds of it.
    private static readonly TimeSpan LongestAgo = TimeSpan.FromHours(24), ClockTolerance = TimeSpan.FromSeconds(30), Kept = TimeSpan.FromMilliseconds(1);

    /// <param name="ReceivedAt">When help was asked for: within the last 24 hours, or when the call came, however long ago. Null for now.</param>
    internal sealed record Request(
        Guid? CommandId, string? Type, int? Priority, string? Complaint, string? CallbackNumber, string? CallerName, PlaceRequest? Place,
        bool ReadBack, DateTimeOffset? ReceivedAt, Guid? CallId, CallerFacts? Facts);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/incidents", HandleAsync)
        .Produces<IncidentDetail>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> HandleAsync(
        Request request, HttpContext http, IncidentLog log, CodeTables codes, Seats seats, CallReader calls, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "openIncident", request);
        DateTimeOffset now = log.Now;
        IReadOnlyList<IncidentType> types = await codes.ListActiveTypesAsync(cancellation);
        problem ??= Fields.OneOf("type", request.Type, [.. types.Select(static type => type.Code)]) ?? Check(request)
            ?? CheckReceived(request.ReceivedAt, request.CallId is { } from ? await calls.FindReceivedAsync(from, cancellation) : null, now);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        string? seat = await seats.FindAsync(given!.AccountId, cancellation);
        // Only the seat that holds a call opens an incident from it.
        if (request.CallId is not null && seat is null)
        {
            return CallProblems.SeatMissing.ToResult();
        }

        IncidentType type = types.Single(type => type.Code == request.Type);
        (IncidentDetail? detail, problem) = await log.OpenAsync(
            given!,
            number => new IncidentOpened(
                number, type.Code, request.Priority!.Value, request.Complaint!.Trim(), Fields.Trim(request.CallbackNumber), Fields.Trim(request.CallerName),
                request.Place!.ToPlace(request.ReadBack), request.ReceivedAt?.ToUniversalTime() ?? now, request.CallId, [type.Lead, .. type.Others],
                request.Facts is { } facts ? facts with { Remarks = Fields.Trim(facts.Remarks) } : null, seat),
            request.CallId, cancellation);
        return Answers.Of(http, detail, problem, createdUnder: "incidents");
    }

    private static Problem? Check(Request request) =>
        Fields.Priority(request.Priority)
        ?? Fields.Text("complaint", request.Complaint, 1, 200)
        ?? Fields.Telephone("callbackNumber", request.CallbackNumber)
        ?? Fields.Text("callerName", request.CallerName, 0, 60)
        ?? PlaceRequest.Check(request.Place)
        ?? CheckFacts(request.Facts);

    /// <param name="called">When the call came that it is opened from; null for none.</param>
    private static Problem? CheckReceived(DateTimeOffset? received, DateTimeOffset? called, DateTimeOffset now) =>
        received is not { } said || (said <= now + ClockTolerance && said >= now - LongestAgo) || (said - called)?.Duration() < Kept
            ? null
            : DispatchProblems.BadField("receivedAt", said.ToString("O"), "24 小时内且不晚于现在,或来电的时间 / within the last 24 hours, or when the call came");

    private static Problem? CheckFacts(CallerFacts? facts) =>
        (facts?.AgeYears is null or (>= 0 and <= 130) ? null : Bad("facts.ageYears", facts.AgeYears, "0–130"))
        ?? (facts?.Sex is null ? null : Fields.OneOf("facts.sex", facts.Sex, "male", "female"))
        ?? (facts?.Persons is null or (>= 1 and <= 9_999) ? null : Bad("facts.persons", facts.Persons, "1–9999"))
        ?? Fields.Text("facts.remarks", facts?.Remarks, 0, 500);

    private static Problem Bad(string field, int? value, string right) =>
        DispatchProblems.BadField(field, value?.ToString(CultureInfo.InvariantCulture), right);
}

/// <summary>How a command is answered: the stream with its version as ETag, or the refusal.</summary>
internal static class Answers
{
    /// <param name="createdUnder">The path under <c>/api</c> of what was created; null where nothing was.</param>
    internal static IResult Of<T>(HttpContext http, T? detail, Problem? problem, string? createdUnder = null)
        where T : class, IStreamView
    {
        if (detail is null)
        {
            return problem!.ToResult();
        }

        http.Response.Headers.ETag = FormattableString.Invariant($"\"{detail.Version}\"");
        return createdUnder is null ? TypedResults.Ok(detail) : TypedResults.Created($"/api/{createdUnder}/{detail.Id:D}", detail);
    }
}
