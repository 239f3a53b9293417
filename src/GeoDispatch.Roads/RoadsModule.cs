using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Roads;

/// <summary>Travel times and routes over the city's streets.</summary>
public static class RoadsModule
{
    /// <summary>Adds <see cref="Streets"/>; nothing is read until it is asked for.</summary>
    public static IServiceCollection AddRoads(this IServiceCollection services) => services
        .AddSingleton<Streets>()
        .AddHostedService<StreetsWatcher>();

    /// <summary>Maps <c>/api/roads</c>.</summary>
    public static void MapRoads(this IEndpointRouteBuilder routes) => AskRoads.Map(routes);
}
