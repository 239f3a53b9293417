using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Roads.Closures;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Roads;

/// <summary>Travel times and routes over the city's streets, and what is closed of them.</summary>
public static class RoadsModule
{
    /// <summary>Adds <see cref="Streets"/>; nothing is read until it is asked for.</summary>
    public static IServiceCollection AddRoads(this IServiceCollection services) => services
        .AddSingleton<Streets>()
        .AddSingleton<ClosuresInForce>()
        .AddSingleton<ClosureLog>()
        .AddHostedService<StreetsWatcher>()
        .AddHostedService<ClosureKeeper>();

    /// <summary>Maps <c>/api/roads</c> and, for administrators, which departments may close roads.</summary>
    public static void MapRoads(this IEndpointRouteBuilder routes)
    {
        FindRoute.Map(routes);
        AskRoads.Map(routes);
        MatchTrace.Map(routes);
        ReadClosures.Map(routes);
        DrawClosure.Map(routes);
        ClosureRights.Map(routes);
    }
}

/// <summary><c>GET /api/roads/route?from=lon,lat&amp;to=lon,lat</c>: the fastest way between two points.</summary>
internal static class FindRoute
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/roads/route", HandleAsync)
        .RequireAuthorization(Policies.Everyone)
        .OpenToKeys(Scopes.Roads)
        .WithTags("roads")
        .Produces<AskRoads.RouteAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(string? from, string? to, Streets streets, CancellationToken cancellation)
    {
        if (!LonLat.TryParse(from, out LonLat start))
        {
            return BadPoint("from", from);
        }

        if (!LonLat.TryParse(to, out LonLat end))
        {
            return BadPoint("to", to);
        }

        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        RoadGraph graph = network.Graph;
        if (graph.Snap(start) is not { } first)
        {
            return FarFromStreets("from", from);
        }

        if (graph.Snap(end) is not { } last)
        {
            return FarFromStreets("to", to);
        }

        return network.Route(first.Position, last.Position) is { } route
            ? TypedResults.Ok(AskRoads.RouteAnswer.Of(route))
            : NoRoute("两点之间没有可行驶的道路 / No street leads from one point to the other", null, null).ToResult();
    }

    private static IResult BadPoint(string field, string? value) => new Problem(
        400, "route.bad_point", "坐标无法读懂 / Unreadable point",
        $"{field} 须为“经度,纬度”(度,WGS84),如 118.67,37.43 / {field} must be lon,lat in degrees, such as 118.67,37.43",
        field, value).ToResult();

    private static IResult FarFromStreets(string field, string? value) =>
        NoRoute($"{field} 两公里内没有道路 / No street within 2 km of {field}", field, value).ToResult();

    private static Problem NoRoute(string detail, string? field, string? value) =>
        new(404, "route.none", "没有路线 / No route", detail, field, value);
}
