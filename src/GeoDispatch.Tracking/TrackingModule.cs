using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Gpx;
using GeoDispatch.Tracking.Devices.Jt808;
using GeoDispatch.Tracking.Devices.Mqtt;
using GeoDispatch.Tracking.Devices.Nmea;
using GeoDispatch.Tracking.Devices.OsmAnd;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Fleet;
using GeoDispatch.Tracking.Live;
using GeoDispatch.Tracking.Motion;
using GeoDispatch.Tracking.Traffic;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Tracking;

/// <summary>From a device's message to the last known place of every vehicle.</summary>
public static class TrackingModule
{
    internal const string Devices = "Tracking.Devices";
    internal const string Watchers = "Tracking.Watchers";

    /// <summary>Adds devices, the fix pipeline and the broadcaster. SignalR itself is added by the host.</summary>
    public static IServiceCollection AddTracking(this IServiceCollection services, Jt808Settings jt808, NmeaSettings nmea, MqttSettings mqtt)
    {
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, DeviceAuthentication>(DeviceAuthentication.Name, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Devices, policy => policy
                .AddAuthenticationSchemes(DeviceAuthentication.Name).RequireClaim(DeviceAuthentication.DeviceClaim))
            .AddPolicy(Watchers, policy => policy.RequireRole("crew", "dispatcher", "administrator", "department"));
        return services
            .AddSingleton<DeviceRegistry>()
            .AddSingleton<LatestFixes>()
            .AddSingleton<VehicleSigns>()
            .AddSingleton<Sights>()
            .AddSingleton<PositionBroadcaster>()
            .AddHostedService(static provider => provider.GetRequiredService<PositionBroadcaster>())
            .AddSingleton<HistoryUpkeep>()
            .AddHostedService(static provider => provider.GetRequiredService<HistoryUpkeep>())
            .AddSingleton<DayKeeper>()
            .AddHostedService(static provider => provider.GetRequiredService<DayKeeper>())
            .AddSingleton<LearnedStreets>()
            .AddSingleton<TripLearner>()
            .AddHostedService(static provider => provider.GetRequiredService<TripLearner>())
            .AddSingleton<RefusedFixes>()
            .AddSingleton<FixPipeline>()
            .AddHostedService(static provider => provider.GetRequiredService<FixPipeline>())
            .AddSingleton(new TerminalRoom(TerminalRoom.MayOpen()))
            .AddSingleton(jt808)
            .AddSingleton<TerminalRegistry>()
            .AddSingleton<TerminalApproval>()
            .AddSingleton<TerminalCommands>()
            .AddSingleton(static provider => new VehicleTexts(
                provider.GetRequiredService<TerminalCommands>(), provider.GetRequiredService<Databases>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<TerminalDoor>()
            .AddSingleton<Jt808Sessions>()
            .AddSingleton<Jt808Desk>()
            .AddSingleton<Jt808Connection>()
            .AddSingleton<Jt808Listener>()
            .AddHostedService(static provider => provider.GetRequiredService<Jt808Listener>())
            .AddSingleton(nmea)
            .AddSingleton<NmeaConnection>()
            .AddSingleton<NmeaListener>()
            .AddHostedService(static provider => provider.GetRequiredService<NmeaListener>())
            .AddSingleton(mqtt)
            .AddSingleton<MqttListener>()
            .AddHostedService(static provider => provider.GetRequiredService<MqttListener>());
    }

    /// <summary>Maps the hub, <c>POST /api/positions/fixes</c> and the messages to terminals.</summary>
    public static void MapTracking(this IEndpointRouteBuilder routes)
    {
        SendFixes.Map(routes);
        ReadVehicleDay.Map(routes.MapGroup("").AddEndpointFilter(FleetScope.CheckVehicleAsync));
        SetRetention.Map(routes);
        MessageTerminal.Map(routes);
        ManageTerminals.Map(routes);
        MapFleet(routes);
        ReadEta.Map(routes);
        ReceiveOsmAnd.Map(routes);
        UploadGpx.Map(routes);
        // The hub serves people with a session and devices with a credential; each method says which of them it is for. Where vehicles are is no
        // business of hospitals but for those that come to them.
        AuthenticationOptions schemes = routes.ServiceProvider.GetRequiredService<IOptions<AuthenticationOptions>>().Value;
        string?[] accepted = [schemes.DefaultAuthenticateScheme ?? schemes.DefaultScheme, DeviceAuthentication.Name];
        routes.MapHub<PositionHub>("/hubs/positions").RequireAuthorization(
            new AuthorizationPolicyBuilder([.. accepted.OfType<string>()]).RequireAuthenticatedUser()
                .RequireAssertion(static asked => !asked.User.IsInRole(Roles.Hospital)).Build()).OpenToKeys(Scopes.Positions);
    }

    private static void MapFleet(IEndpointRouteBuilder routes)
    {
        ListFleets.Map(routes);
        ListVehicles.Map(routes);
        ReadVehicle.Map(routes);
        ChangeVehicle.Map(routes);
        ReadTrail.Map(routes);
        RouteGroupBuilder drivers = routes.MapGroup("/api/drivers").WithTags("fleet")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        ReadDrivers.Map(drivers);
        EnterDriver.Map(drivers);
        PlanShift.Map(drivers);
    }
}

/// <summary><c>POST /api/positions/fixes</c>: the hub's <c>SendFixes</c> for devices that keep no connection.</summary>
internal static class SendFixes
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/positions/fixes", HandleAsync)
        .RequireAuthorization(TrackingModule.Devices)
        .WithTags("positions")
        .Produces<FixReceipt>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> HandleAsync(
        SendFixesRequest request, HttpContext http, FixPipeline pipeline, CancellationToken cancellation)
    {
        (FixReceipt? receipt, Problem? problem) = await pipeline.TakeAsync(
            DeviceAuthentication.Find(http.User)!, request, cancellation);
        if (receipt is null)
        {
            return problem!.ToResult();
        }

        if (receipt is { Accepted: 0, Duplicates: 0 })
        {
            FixProblem first = receipt.Refused[0].Problem;
            return new Problem(first.Status, first.Code, first.Title, first.Detail, first.Field).ToResult();
        }

        return TypedResults.Ok(receipt);
    }
}
