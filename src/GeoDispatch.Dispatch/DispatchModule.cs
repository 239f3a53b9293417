using GeoDispatch.Dispatch.Alarms;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Calls.Aml;
using GeoDispatch.Dispatch.Calls.Duplicates;
using GeoDispatch.Dispatch.Calls.Link;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Handover;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Live;
using GeoDispatch.Dispatch.Orders;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Identity.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Dispatch;

/// <summary>Incidents of every service: calls taken, units recommended and sent, what they do.</summary>
public static class DispatchModule
{
    /// <summary>Adds the incident log, the units and what tells of changes. SignalR itself is added by the host.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services, CallerMessageSettings messages, RecommendationSettings recommendation)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, StationAuthentication>(StationAuthentication.Name, null);
        return services.AddSingleton(recommendation).AddParts(messages);
    }

    private static IServiceCollection AddParts(this IServiceCollection services, CallerMessageSettings messages) => services
        .AddSingleton<EventLog>()
        .AddSingleton<IncidentLog>()
        .AddSingleton<Requirements>()
        .AddSingleton<RequireCapabilities>(static provider => provider.GetRequiredService<Requirements>().RequireAsync)
        .AddSingleton<CodeTables>()
        .AddSingleton<CallReader>()
        .AddSingleton<CallLog>()
        .AddSingleton<CallDesk>()
        .AddSingleton<CallLinks>()
        .AddSingleton(messages)
        .AddSingleton(typeof(ICallerMessages), messages.GatewayUrl is null ? typeof(UnsentMessages) : typeof(GatewayMessages))
        .AddSingleton<Seats>()
        .AddHostedService<SignedOutSeats>()
        .AddSingleton<Exchange>()
        .AddSingleton<Pulse>()
        .AddSingleton<UnitReader>()
        .AddSingleton<UnitLog>()
        .AddHostedService<ComeBack>()
        .AddSingleton<RunCardReader>()
        .AddSingleton<Destinations>()
        .AddSingleton<Journeys>()
        .AddSingleton<ProgressWatch>()
        .AddHostedService(static provider => provider.GetRequiredService<ProgressWatch>())
        .AddSingleton<FindUnit>(static provider => provider.GetRequiredService<UnitReader>().FindIdAsync)
        .AddSingleton<RoadTimes>()
        .AddSingleton<CoverKeeper>()
        .AddSingleton<CoverMaps>()
        .AddSingleton<RuleReader>()
        .AddSingleton<Recommender>()
        .AddSingleton<AlarmLog>()
        .AddHostedService<AlarmKeeper>()
        .AddHostedService<AlarmBroadcaster>()
        .AddSingleton<OpenThingsReader>()
        .AddSingleton<HandoverNotes>()
        .AddSingleton<StationScreens>()
        .AddHostedService<OrderSender>()
        .AddHostedService<DeskBroadcaster>();

    /// <summary>Maps the board, incidents, calls, alarms, hand-overs, assignments, units, recommendations, the words for a point and <c>/hubs/incidents</c>.</summary>
    public static void MapDispatch(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder desk = routes.MapGroup("/api").RequireAuthorization(Policies.Dispatchers).WithTags("dispatch")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        RouteGroupBuilder board = desk.MapGroup("").OpenToKeys(Scopes.Board);
        ReadBoard.Map(board);
        ReadStations.Map(board);
        ReadRunCards.Map(board);
        RecommendUnits.Map(board);
        ReadCover.Map(board);
        RouteGroupBuilder incidents = desk.MapGroup("").OpenToKeys(Scopes.Incidents);
        OpenIncident.Map(incidents);
        ReadIncident.Map(incidents);
        ReadNeeds.Map(incidents);
        ChangeIncident.Map(incidents);
        CorrectIncident.Map(incidents);
        InvolveAgencies.Map(incidents);
        LinkIncidents.Map(incidents);
        AttachFile.Map(incidents);
        AssignUnit.Map(incidents);
        // Calls are people's work: no key reads them.
        ReadCalls.Map(desk);
        ChangeCall.Map(desk);
        KeepDraft.Map(desk);
        TakeSeat.Map(desk);
        MarkNuisance.Map(desk);
        SendLink.Map(desk);
        ReadPhoto.Map(desk);
        SharePage.Map(routes);
        FindDuplicates.Map(desk);
        RouteGroupBuilder exchange = routes.MapGroup("/api").RequireAuthorization(Policies.Desk).WithTags("telephony").OpenToKeys(Scopes.Telephony)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        HearTelephony.Map(exchange);
        Exchange.Map(exchange);
        Pulse.Map(desk);
        ReceiveAml.Map(exchange);
        IssueScreen.Map(desk);
        ReadAlarms.Map(desk);
        ChangeAlarm.Map(desk);
        HandOver.Map(desk);

        // A group's policy adds to that of a route in it: what a crew may do stands outside the desk's group.
        RouteGroupBuilder crew = routes.MapGroup("/api").WithTags("dispatch")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        ChangeAssignment.Map(crew.MapGroup("").OpenToKeys(Scopes.Incidents));
        DecideProposal.Map(crew.MapGroup("").OpenToKeys(Scopes.Incidents));
        ReplaceUnit.Map(crew.MapGroup("").OpenToKeys(Scopes.Incidents));
        ReadTask.Map(crew.MapGroup("").OpenToKeys(Scopes.Incidents));
        RegisterCrewDevice.Map(crew);
        ChangeUnit.Map(desk, crew);
        ReadReference.Map(crew.MapGroup("").OpenToKeys(Scopes.Board));
        SaveCodes.Map(routes);
        KeepRunCards.Map(routes);
        Destinations.Map(crew.MapGroup("").OpenToKeys(Scopes.Board));
        NamePlace.Map(routes);

        RouteGroupBuilder station = routes.MapGroup("/api").WithTags("dispatch")
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(StationAuthentication.Name).RequireRole(StationAuthentication.Role))
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        ReadStation.Map(station);
        ReceiveOrders.Map(station);
        PrintOrder.Map(routes.MapGroup("/api").WithTags("dispatch").RequireAuthorization(
            StationAuthentication.OrPeople(routes.ServiceProvider, Roles.Crew, Roles.Dispatcher, Roles.Administrator))
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden));
        routes.MapHub<IncidentHub>("/hubs/incidents").RequireAuthorization(
            StationAuthentication.OrPeople(routes.ServiceProvider, Roles.Crew, Roles.Dispatcher, Roles.Administrator)).OpenToKeys(Scopes.Board);
    }
}
