using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// Two incidents that belong together, each with its own units: <c>POST /api/incidents/{id}/links</c> and <c>…/links/{otherId}/remove</c>; or one
/// that was opened twice: <c>…/merge</c> ends it in favour of the other. Both sides in one transaction.
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
        // Its calls stay with it, where its log names them; the link leads from one to the other.
        group.MapPost("/incidents/{id:guid}/merge", (Guid id, LinkRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
            HandleAsync(
                id, request.CommandId, request.OtherId, request.Reason, "merge", static (other, why) => new IncidentCommand.MergeInto(other, why), http, log,
                cancellation, static (duplicate, why) => new IncidentCommand.Link(duplicate, why)))
            .Produces<IncidentDetail>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> HandleAsync(
        Guid id, Guid? commandId, Guid? otherId, string? reason, string kind, Func<IncidentRef, string, IncidentCommand> command, HttpContext http,
        IncidentLog log, CancellationToken cancellation, Func<IncidentRef, string, IncidentCommand>? onOther = null)
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
                IncidentDecider.Decide(states[0], command(new IncidentRef(other, states[1].Known.Number), why), now),
                // What a duplicate is merged into has to go on.
                onOther is not null && states[1] is IncidentState.Closed closed
                    ? DispatchProblems.Closed(closed.Last.Number)
                    : IncidentDecider.Decide(states[1], (onOther ?? command)(new IncidentRef(id, states[0].Known.Number), why), now),
            ],
            cancellation);
        return Answers.Of(http, details?[0], problem);
    }
}
