using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary><c>POST /api/incidents</c>: a new incident, from what the caller said.</summary>
internal static class OpenIncident
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(24);

    internal sealed record Request(
        Guid? CommandId, string? Type, int? Priority, string? Complaint, string? CallbackNumber, string? CallerName, PlaceRequest? Place,
        bool ReadBack, DateTimeOffset? ReceivedAt);

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

        IncidentType type = types.Single(type => type.Code == request.Type);
        (IncidentDetail? detail, problem) = await log.OpenAsync(
            given!,
            number => new IncidentOpened(
                number, type.Code, request.Priority!.Value, request.Complaint!.Trim(), Fields.Trim(request.CallbackNumber), Fields.Trim(request.CallerName),
                request.Place!.ToPlace(request.ReadBack), request.ReceivedAt?.ToUniversalTime() ?? now, [type.Lead, .. type.Others]),
            cancellation);
        return Answers.Of(http, detail, problem, created: true);
    }

    private static Problem? Check(Request request, DateTimeOffset now) =>
        Fields.Priority(request.Priority)
        ?? Fields.Text("complaint", request.Complaint, 1, 200)
        ?? Fields.Telephone("callbackNumber", request.CallbackNumber)
        ?? Fields.Text("callerName", request.CallerName, 0, 60)
        ?? PlaceRequest.Check(request.Place)
        ?? (request.ReceivedAt is { } received && (received > now.AddSeconds(30) || received < now - LongestCall)
            ? DispatchProblems.BadField("receivedAt", received.ToString("O"), "24 小时内且不晚于现在 / within the last 24 hours")
            : null);
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
