using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Access;

/// <summary><c>/api/admin/layers</c>: what is said of layers, who may read them, and who did.</summary>
internal static class ManageLayers
{
    internal sealed record LayersView(IReadOnlyList<LayerView> Layers);

    internal static void MapManageLayers(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/admin/layers").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapGet("", async (LayerRegistry layers, CancellationToken cancellation) =>
            TypedResults.Ok(new LayersView(await layers.ListAsync(cancellation)))).Produces<LayersView>();

        RouteGroupBuilder one = group.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPut("", async (string id, LayerWish request, HttpContext http, LayerRegistry layers, CancellationToken cancellation) =>
        {
            (LayerView? layer, Problem? problem) = await layers.DescribeAsync(id, request, Actor.Of(http.User), cancellation);
            return problem?.ToResult() ?? TypedResults.Ok(layer);
        }).Produces<LayerView>().ProducesProblem(StatusCodes.Status400BadRequest);
        one.MapPut("/rules", async (string id, RuleWish request, HttpContext http, LayerRegistry layers, CancellationToken cancellation) =>
        {
            (RuleView? rule, Problem? problem) = await layers.SetRuleAsync(id, request, Actor.Of(http.User), cancellation);
            return problem?.ToResult() ?? TypedResults.Ok(rule);
        }).Produces<RuleView>().ProducesProblem(StatusCodes.Status400BadRequest);
        one.MapDelete("/rules/{ruleId:guid}", async (string id, Guid ruleId, HttpContext http, LayerRegistry layers, CancellationToken cancellation) =>
            await layers.RemoveRuleAsync(id, ruleId, Actor.Of(http.User), cancellation) is Problem problem ? problem.ToResult() : TypedResults.NoContent())
            .Produces(StatusCodes.Status204NoContent);
        one.MapGet("/reads", ReadReads.AnswerAsync).Produces<ReadsView>().ProducesProblem(StatusCodes.Status400BadRequest);
    }
}
