using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Ems.Live;
using GeoDispatch.Ems.Prealerts;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Ems;

/// <summary>What only the ambulance centre has.</summary>
public static class EmsModule
{
    /// <summary>Adds the hospitals and what tells them who comes.</summary>
    public static IServiceCollection AddEms(this IServiceCollection services, HospitalChoiceSettings choice) => services
        .AddSingleton(choice)
        .AddSingleton<HospitalReader>()
        .AddSingleton<HospitalRoads>()
        .AddSingleton<FindHospital>(static provider => provider.GetRequiredService<HospitalReader>().FindIdAsync)
        .AddHostedService<HospitalBroadcaster>();

    /// <summary>Maps <c>/api/hospitals</c>, the pre-alerts and <c>/hubs/hospitals</c>.</summary>
    public static void MapEms(this IEndpointRouteBuilder routes)
    {
        // A group's policy adds to that of a route in it: each says for itself whom it is for.
        RouteGroupBuilder hospitals = Group(routes, "/api/hospitals");
        ListHospitals.Map(hospitals);
        ReportHospital.Map(hospitals);
        SaveHospital.Map(hospitals);
        ReadHave.Map(hospitals);
        ChooseHospital.Map(hospitals);
        ReadInbound.Map(hospitals);
        RouteGroupBuilder prealerts = Group(routes, "/api/hospitals/{id:guid}/prealerts").RequireAuthorization(Policies.Hospitals);
        ReadPrealerts.Map(prealerts);
        ReceivePrealert.Map(prealerts);
        RouteGroupBuilder sent = Group(routes, "/api/assignments/{id:guid}/prealert").RequireAuthorization(Policies.Crews);
        SendPrealert.Map(sent);
        ReadSentPrealerts.Map(sent);
        routes.MapHub<HospitalHub>("/hubs/hospitals").RequireAuthorization(Policies.Reception);
    }

    private static RouteGroupBuilder Group(IEndpointRouteBuilder routes, string prefix) => routes.MapGroup(prefix).WithTags("ems")
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
}
