using GeoDispatch.Ems.Figures;
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
    /// <summary>Adds the protocols of triage, what is measured, and the daily report of it.</summary>
    public static IServiceCollection AddEms(this IServiceCollection services, TriageSettings triage) => services
        .AddSingleton(triage)
        .AddSingleton<Protocols>()
        .AddSingleton<KeepTriage.Keeper>()
        .AddSingleton<FigureReader>()
        .AddSingleton<DailyReports>()
        .AddHostedService(static provider => provider.GetRequiredService<DailyReports>());

    /// <summary>Maps <c>/api/hospitals</c>, <c>/api/triage</c>, the triage of calls and incidents, and <c>/api/ems</c>.</summary>
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
        RouteGroupBuilder figures = desk.MapGroup("/ems");
        ReadFigures.Map(figures);
        ReadRuns.Map(figures);
        DailyReports.Map(figures);
        KeepTargets.Map(routes);
    }
}
