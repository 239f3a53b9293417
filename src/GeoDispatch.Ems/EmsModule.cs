using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Ems.Care;
using GeoDispatch.Ems.Figures;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Ems.Live;
using GeoDispatch.Ems.Prealerts;
using GeoDispatch.Ems.Triage;
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
    /// <summary>
    /// Adds the protocols of triage, the hospitals and what tells them who comes, patients' records, what is measured, and the daily report of it.
    /// </summary>
    /// <param name="patientKeys">File of the keys under which patients' data lies in the database; made where there is none.</param>
    public static IServiceCollection AddEms(this IServiceCollection services, TriageSettings triage, HospitalChoiceSettings choice, string patientKeys) => services
        .AddSingleton(triage)
        .AddSingleton<Protocols>()
        .AddSingleton<KeepTriage.Keeper>()
        .AddSingleton<FindRequirement>(KeepTriage.FindRequirementAsync)
        .AddSingleton(choice)
        .AddSingleton<HospitalReader>()
        .AddSingleton<HospitalRoads>()
        .AddSingleton<FindHospital>(static provider => provider.GetRequiredService<HospitalReader>().FindIdAsync)
        .AddHostedService<HospitalBroadcaster>()
        .AddSingleton(PatientSeal.OpenOrMake(patientKeys))
        .AddSingleton<PatientLog>()
        .AddSingleton<CareGate>()
        .AddSingleton<WriteRecord>()
        .AddSingleton<FigureReader>()
        .AddSingleton<DailyReports>()
        .AddHostedService(static provider => provider.GetRequiredService<DailyReports>());

    /// <summary>Maps triage, hospitals, pre-alerts, patients' records, <c>/hubs/hospitals</c> and the figures at <c>/api/ems</c>.</summary>
    public static void MapEms(this IEndpointRouteBuilder routes)
    {
        // What callers say of patients is people's work: no key reads it.
        RouteGroupBuilder desk = Group(routes, "/api").RequireAuthorization(Policies.Dispatchers);
        RouteGroupBuilder administration = Group(routes, "/api").RequireAuthorization(Policies.Administrators).WithTags("administration");
        ReadProtocols.Map(desk, administration);
        Levels.Map(desk, administration);
        KeepTriage.Map(desk);
        RouteGroupBuilder figures = desk.MapGroup("/ems");
        ReadFigures.Map(figures);
        ReadRuns.Map(figures);
        DailyReports.Map(figures);
        KeepTargets.Map(administration);

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
        RouteGroupBuilder patients = Group(routes, "/api/assignments/{id:guid}/patients").RequireAuthorization(Policies.Care);
        WriteRecord.Map(patients);
        ReadPatients.Map(patients);
        routes.MapHub<HospitalHub>("/hubs/hospitals").RequireAuthorization(Policies.Reception);
    }

    private static RouteGroupBuilder Group(IEndpointRouteBuilder routes, string prefix) => routes.MapGroup(prefix).WithTags("ems")
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
}
