using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Ems.Triage;
using GeoDispatch.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Ems;

/// <summary>What only the ambulance centre has.</summary>
public static class EmsModule
{
    /// <summary>Adds the protocols of triage.</summary>
    public static IServiceCollection AddEms(this IServiceCollection services, TriageSettings triage) => services
        .AddSingleton(triage)
        .AddSingleton<Protocols>()
        .AddSingleton<KeepTriage.Keeper>();

    /// <summary>Maps <c>/api/hospitals</c>, <c>/api/triage</c> and the triage of calls and incidents.</summary>
    public static void MapEms(this IEndpointRouteBuilder routes)
    {
        ListHospitals.Map(routes);
        // What callers say of patients is people's work: no key reads it.
        RouteGroupBuilder desk = routes.MapGroup("/api").RequireAuthorization(Policies.Dispatchers).WithTags("ems")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        RouteGroupBuilder administration = routes.MapGroup("/api").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        ReadProtocols.Map(desk, administration);
        Levels.Map(desk, administration);
        KeepTriage.Map(desk);
    }
}
