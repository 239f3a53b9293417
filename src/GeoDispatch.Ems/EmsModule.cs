using GeoDispatch.Ems.Figures;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Ems;

/// <summary>What only the ambulance centre has.</summary>
public static class EmsModule
{
    /// <summary>Adds what is measured, and the daily report of it.</summary>
    public static IServiceCollection AddEms(this IServiceCollection services) => services
        .AddSingleton<FigureReader>()
        .AddSingleton<DailyReports>()
        .AddHostedService(static provider => provider.GetRequiredService<DailyReports>());

    /// <summary>Maps <c>/api/hospitals</c> and <c>/api/ems</c>.</summary>
    public static void MapEms(this IEndpointRouteBuilder routes)
    {
        ListHospitals.Map(routes);
        RouteGroupBuilder ems = routes.MapGroup("/api/ems").RequireAuthorization(Policies.Dispatchers).WithTags("ems")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        ReadFigures.Map(ems);
        ReadRuns.Map(ems);
        DailyReports.Map(ems);
        KeepTargets.Map(routes);
    }
}
