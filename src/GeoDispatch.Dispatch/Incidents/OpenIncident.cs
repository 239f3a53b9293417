using System.Text.RegularExpressions;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary><c>POST /api/incidents</c>: a new incident, from what the caller said.</summary>
internal static partial class OpenIncident
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(24);

    internal sealed record Request(
        Guid? CommandId, string? Type, int? Priority, string? Complaint, string? CallbackNumber, string? CallerName, PlaceRequest? Place,
        bool ReadBack, DateTimeOffset? ReceivedAt);

    internal sealed record PlaceRequest(double? Lon, double? Lat, string? Address, string? Detail, string? FoundBy, string? CallerWords);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/incidents", HandleAsync)
        .Produces<IncidentDetail>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> HandleAsync(
        Request request, HttpContext http, IncidentLog log, CodeTables codes, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "openIncident", request);
        DateTimeOffset now = log.Now;
        IReadOnlyList<IncidentType> types = await codes.ListActiveTypesAsync(cancellation);
        problem ??= Fields.OneOf("type", request.Type, [.. types.Select(static type => type.Code)]) ?? Check(request, now);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        PlaceRequest place = request.Place!;
        IncidentType type = types.Single(type => type.Code == request.Type);
        (IncidentDetail? detail, problem) = await log.OpenAsync(
            given!,
            number => new IncidentOpened(
                number, type.Code, request.Priority!.Value, request.Complaint!.Trim(), Trim(request.CallbackNumber), Trim(request.CallerName),
                new IncidentPlace(
                    place.Lon!.Value, place.Lat!.Value, place.Address!.Trim(), Trim(place.Detail), request.ReadBack, place.FoundBy, Trim(place.CallerWords)),
                request.ReceivedAt?.ToUniversalTime() ?? now, [type.Lead, .. type.Others]),
            cancellation);
        return Answers.Of(http, detail, problem, created: true);
    }

    private static Problem? Check(Request request, DateTimeOffset now) =>
        Fields.Priority(request.Priority)
        ?? Fields.Text("complaint", request.Complaint, 1, 200)
        ?? (request.CallbackNumber is { Length: > 0 } number && !Telephone().IsMatch(number)
            ? DispatchProblems.BadField("callbackNumber", number, "至多 32 位数字及 + - * # / up to 32 digits, + - * #")
            : null)
        ?? Fields.Text("callerName", request.CallerName, 0, 60)
        ?? Fields.Place("place", request.Place?.Lon, request.Place?.Lat)
        ?? Fields.Text("place.address", request.Place?.Address, 1, 200)
        ?? Fields.Text("place.detail", request.Place?.Detail, 0, 200)
        ?? (request.Place?.FoundBy is { } foundBy ? Fields.OneOf("place.foundBy", foundBy, IncidentPlace.WaysFound) : null)
        ?? Fields.Text("place.callerWords", request.Place?.CallerWords, 0, 200)
        ?? (request.ReceivedAt is { } received && (received > now.AddSeconds(30) || received < now - LongestCall)
            ? DispatchProblems.BadField("receivedAt", received.ToString("O"), "24 小时内且不晚于现在 / within the last 24 hours")
            : null);

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex("^[0-9+*# -]{1,32}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Telephone();
}

/// <summary>How a command is answered: the incident with its version as ETag, or the refusal.</summary>
internal static class Answers
{
    internal static IResult Of(HttpContext http, IncidentDetail? detail, Problem? problem, bool created = false)
    {
        if (detail is null)
        {
            return problem!.ToResult();
        }

        http.Response.Headers.ETag = FormattableString.Invariant($"\"{detail.Version}\"");
        return created ? TypedResults.Created($"/api/incidents/{detail.Id:D}", detail) : TypedResults.Ok(detail);
    }
}
