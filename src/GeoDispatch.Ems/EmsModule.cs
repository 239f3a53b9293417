using GeoDispatch.Ems.Hospitals;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Ems;

/// <summary>What only the ambulance centre has.</summary>
public static class EmsModule
{
    /// <summary>Nothing to add yet: the module's reads need only what Dispatch adds.</summary>
    public static IServiceCollection AddEms(this IServiceCollection services) => services;

    /// <summary>Maps <c>/api/hospitals</c>.</summary>
    public static void MapEms(this IEndpointRouteBuilder routes) => ListHospitals.Map(routes);
}
