using GeoDispatch.Roads.Closures;
using GeoDispatch.Roads.Matching;
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
        .AddSingleton<ClosuresInWords>()
        .AddHostedService<StreetsWatcher>()
        .AddHostedService<ClosureKeeper>();

    /// <summary>Maps <c>/api/roads</c> and, for administrators, which departments may close roads.</summary>
    public static void MapRoads(this IEndpointRouteBuilder routes)
    {
        AskRoads.Map(routes);
        MatchTrace.Map(routes);
        ReadClosures.Map(routes);
        DrawClosure.Map(routes);
        ClosureRights.Map(routes);
    }
}
