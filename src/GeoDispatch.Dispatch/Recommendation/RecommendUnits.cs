using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>
/// <c>POST /api/recommendations</c>: who can be at a place first, for a type, a priority and needs; <c>GET</c> with <c>lon</c>,
/// <c>lat</c> and <c>limit</c> the same for an ambulance and nothing more known. The dispatcher decides.
/// </summary>
internal static class RecommendUnits
{
    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapPost("/recommendations", HandleAsync).Produces<Recommendations>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/recommendations", (Recommender recommender, RuleReader rules, CancellationToken cancellation, double? lon = null, double? lat = null, int? limit = null) =>
            HandleAsync(new Wish.Request(lon, lat, null, null, null, null, null, null, limit), recommender, rules, cancellation))
            .Produces<Recommendations>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> HandleAsync(Wish.Request request, Recommender recommender, RuleReader rules, CancellationToken cancellation)
    {
        (Wish? asked, Problem? problem) = Wish.Read(request);
        if (asked is null)
        {
            return problem!.ToResult();
        }

        RecommendationRules known = await rules.GetAsync(cancellation);
        (Wish? wish, problem) = known.Complete(asked);
        return wish is null ? problem!.ToResult() : TypedResults.Ok(await recommender.RecommendAsync(wish, known, cancellation));
    }
}
