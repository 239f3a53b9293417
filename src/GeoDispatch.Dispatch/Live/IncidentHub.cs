using System.Globalization;
using System.Security.Claims;
using Dapper;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Orders;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Live;

/// <summary>
/// <c>/hubs/incidents</c>: tells desks of every change of incidents, units, calls and seats, and a crew or a station of those that touch its units. It says only that
/// there is something to read; what changed is read over HTTP, under the rights of the one who reads.
/// </summary>
internal sealed class IncidentHub : Hub
{
    internal const string Desk = "desk";

    internal static string Crew(Guid unitId) => $"unit:{unitId:D}";

    internal static string Station(Guid stationId) => $"station:{stationId:D}";

    public override Task OnConnectedAsync() => Group(Context.User!) is { } group
        ? Groups.AddToGroupAsync(Context.ConnectionId, group, Context.ConnectionAborted)
        : Task.CompletedTask;

    private static string? Group(ClaimsPrincipal user) => StationAuthentication.Find(user) is { } station
        ? Station(station.Id)
        : Instruction.CrewUnit(user) is { } unit ? Crew(unit) : user.IsInRole(Roles.Crew) ? null : Desk;
}

/// <summary>
/// What changed. Without an incident everything is to be read again: units changed, those named, or, all null, notices may have been missed.
/// </summary>
public sealed record IncidentChange(Guid? IncidentId, int? Version, IReadOnlyList<Guid>? UnitIds);

/// <summary>What changed of the calls; said to desks alone, without a number. Both null: all of them are to be read again.</summary>
public sealed record CallChange(Guid? CallId, int? Version);

/// <summary>Somebody sat down at a seat or left it. Null: all of them are to be read again.</summary>
/// <param name="Lost">True to whom somebody else took it from.</param>
public sealed record SeatChange(string? Seat, bool Lost);

/// <summary>Carries each <c>NOTIFY</c> of the log to the consoles and crews that it concerns.</summary>
internal sealed partial class DeskBroadcaster(
    PgListener listener, Databases databases, IHubContext<IncidentHub> hub, ILogger<DeskBroadcaster> log) : BackgroundService
{
    private sealed record Concerned(Guid UnitId, Guid StationId);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        HearAsync(IncidentLog.Incidents.Name, TellIncidentAsync, stoppingToken),
        HearAsync(UnitLog.Units.Name, TellUnitAsync, stoppingToken),
        HearAsync(CallLog.Calls.Name, TellCallAsync, stoppingToken),
        HearAsync(Seats.Channel, TellSeatAsync, stoppingToken));

    private Task HearAsync(string channel, Func<string, CancellationToken, Task> tell, CancellationToken stopping) =>
        listener.HearAsync(channel, tell, (notice, failure) => LogMissed(log, notice, failure), stopping);

    private async Task TellIncidentAsync(string notice, CancellationToken stopping)
    {
        if (notice.Split(':') is not [var id, var version])
        {
            await hub.Clients.All.SendAsync("changed", new IncidentChange(null, null, null), stopping);
            return;
        }

        Guid incidentId = Guid.Parse(id);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(stopping);
        Concerned[] concerned = [.. await connection.QueryAsync<Concerned>(new CommandDefinition(
            "SELECT DISTINCT unit_id AS UnitId, station_id AS StationId FROM dispatch.assignment JOIN dispatch.unit ON unit.id = unit_id WHERE incident_id = @incidentId",
            new { incidentId }, cancellationToken: stopping))];
        await hub.Clients.Groups(
        [
            IncidentHub.Desk, .. concerned.Select(static one => IncidentHub.Crew(one.UnitId)),
            .. concerned.Select(static one => IncidentHub.Station(one.StationId)).Distinct(),
        ]).SendAsync(
            "changed", new IncidentChange(incidentId, int.Parse(version, CultureInfo.InvariantCulture), [.. concerned.Select(static one => one.UnitId)]), stopping);
    }

    private async Task TellUnitAsync(string notice, CancellationToken stopping)
    {
        if (notice.Split(':') is [var id, _])
        {
            Guid unitId = Guid.Parse(id);
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(stopping);
            Guid stationId = await connection.QuerySingleOrDefaultAsync<Guid>(new CommandDefinition(
                "SELECT station_id FROM dispatch.unit WHERE id = @unitId", new { unitId }, cancellationToken: stopping));
            await hub.Clients.Groups([IncidentHub.Desk, IncidentHub.Crew(unitId), IncidentHub.Station(stationId)]).SendAsync("changed", new IncidentChange(null, null, [unitId]), stopping);
        }
    }

    private Task TellCallAsync(string notice, CancellationToken stopping) => hub.Clients.Group(IncidentHub.Desk).SendAsync(
        "call",
        notice.Split(':') is [var id, var version] ? new CallChange(Guid.Parse(id), int.Parse(version, CultureInfo.InvariantCulture)) : new CallChange(null, null),
        stopping);

    private Task TellSeatAsync(string notice, CancellationToken stopping) => notice.Split(':') switch
    {
        ["", var seat] => hub.Clients.Group(IncidentHub.Desk).SendAsync("seat", new SeatChange(seat, false), stopping),
        [var account, var seat] => hub.Clients.User(account).SendAsync("seat", new SeatChange(seat, true), stopping),
        _ => hub.Clients.Group(IncidentHub.Desk).SendAsync("seat", new SeatChange(null, false), stopping),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change {Notice} could not be told.")]
    private static partial void LogMissed(ILogger logger, string notice, Exception failure);
}
