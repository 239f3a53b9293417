using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// Two incidents that belong together, each with its own units: <c>POST /api/incidents/{id}/links</c> and <c>…/links/{otherId}/remove</c>.
/// Both sides in one transaction.
/// </summary>
internal static class LinkIncidents
{
    internal sealed record LinkRequest(Guid? CommandId, Guid? OtherId, string? Reason);

    internal sealed record UnlinkRequest(Guid? CommandId, string? Reason);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder links = group.MapGroup("/incidents/{id:guid}/links");
        links.MapPost("", (Guid id, LinkRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request.OtherId, request.Reason, "link", static (other, why) => new IncidentCommand.Link(other, why), http, log, cancellation))
            .Produces<IncidentDetail>();
        links.MapPost("/{otherId:guid}/remove", (Guid id, Guid otherId, UnlinkRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
            HandleAsync(
                id, request.CommandId, otherId, request.Reason, "unlink", static (other, why) => new IncidentCommand.Unlink(other, why), http, log, cancellation))
            .Produces<IncidentDetail>();
    }

    private static async Task<IResult> HandleAsync(
        Guid id, Guid? commandId, Guid? otherId, string? reason, string kind, Func<IncidentRef, string, IncidentCommand> command, HttpContext http,
        IncidentLog log, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, kind, new { otherId, reason });
        problem ??= Fields.Text("reason", reason, 1, 200)
            ?? (otherId is null || otherId == id
                ? DispatchProblems.BadField("otherId", otherId?.ToString(), "须为另一警情的编号 / must be the id of another incident")
                : null);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        Guid other = otherId!.Value;
        string why = reason!.Trim();
        (IReadOnlyList<IncidentDetail>? details, problem) = await log.UndertakeAsync(
            given!, [id, other], [],
            (states, _, now) =>
            [
                Decide(states[0], new IncidentRef(other, states[1].Known.Number), now),
                Decide(states[1], new IncidentRef(id, states[0].Known.Number), now),
            ],
            cancellation);
        return Answers.Of(http, details?[0], problem);

        Decision<IncidentEvent> Decide(IncidentState state, IncidentRef link, DateTimeOffset now) => IncidentDecider.Decide(state, command(link, why), now);
    }
}
