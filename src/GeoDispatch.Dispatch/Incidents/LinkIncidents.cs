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

    /// <summary>What is said to the one incident of the other, and the reverse.</summary>
    private sealed record Deed(string Kind, Func<IncidentRef, string, IncidentCommand> OnThis, Func<IncidentRef, string, IncidentCommand> OnOther);

    private static readonly Deed Linking = new(
        "link", static (other, why) => new IncidentCommand.Link(other, why), static (other, why) => new IncidentCommand.Link(other, why));

    private static readonly Deed Unlinking = new(
        "unlink", static (other, why) => new IncidentCommand.Unlink(other, why), static (other, why) => new IncidentCommand.Unlink(other, why));

    /// <summary>Its calls stay with the duplicate, where its log names them; the link leads there.</summary>
    private static readonly Deed Merging = new(
        "merge", static (other, why) => new IncidentCommand.MergeInto(other, why), static (other, why) => new IncidentCommand.Link(other, why));

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder incident = group.MapGroup("/incidents/{id:guid}");
        incident.MapPost("/links", static (Guid id, LinkRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
            HandleAsync(Linking, id, request, http, log, cancellation)).Produces<IncidentDetail>();
        incident.MapPost("/links/{otherId:guid}/remove", static (Guid id, Guid otherId, UnlinkRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
            HandleAsync(Unlinking, id, new LinkRequest(request.CommandId, otherId, request.Reason), http, log, cancellation)).Produces<IncidentDetail>();
        incident.MapPost("/merge", static (Guid id, LinkRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
            HandleAsync(Merging, id, request, http, log, cancellation)).Produces<IncidentDetail>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> HandleAsync(
        Deed deed, Guid id, LinkRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation)
    {
        (Guid? commandId, Guid? otherId, string? reason) = request;
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, deed.Kind, new { otherId, reason });
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
                IncidentDecider.Decide(states[0], deed.OnThis(new IncidentRef(other, states[1].Known.Number), why), now),
                // What a duplicate is merged into has to go on.
                deed == Merging && states[1] is IncidentState.Closed closed
                    ? DispatchProblems.Closed(closed.Last.Number)
                    : IncidentDecider.Decide(states[1], deed.OnOther(new IncidentRef(id, states[0].Known.Number), why), now),
            ],
            cancellation);
        return Answers.Of(http, details?[0], problem);
    }
}
