using System.Globalization;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Live;

/// <summary>
/// <c>/hubs/incidents</c>: tells desks of every change and a crew of those that touch its unit. It says only that there is
/// something to read; what changed is read over HTTP, under the rights of the one who reads.
/// </summary>
[Authorize(Policy = Policies.Crews)]
internal sealed class IncidentHub : Hub
{
    internal const string Desk = "desk";

    internal static string Crew(Guid unitId) => $"unit:{unitId:D}";

    public override Task OnConnectedAsync() => Instruction.CrewUnit(Context.User!) is { } unit
        ? Groups.AddToGroupAsync(Context.ConnectionId, Crew(unit), Context.ConnectionAborted)
        : Context.User!.IsInRole(Roles.Crew) ? Task.CompletedTask : Groups.AddToGroupAsync(Context.ConnectionId, Desk, Context.ConnectionAborted);
}

/// <summary>What changed. All null: notices may have been missed, so everything is to be read again.</summary>
public sealed record IncidentChange(Guid? IncidentId, int? Version, IReadOnlyList<Guid>? UnitIds);

/// <summary>Carries each <c>NOTIFY</c> of the log to the consoles and crews that it concerns.</summary>
internal sealed partial class IncidentBroadcaster(
    PgListener listener, Databases databases, IHubContext<IncidentHub> hub, ILogger<IncidentBroadcaster> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string notice in listener.Listen(IncidentLog.Incidents.Name, stoppingToken))
            {
                await TellAsync(notice, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task TellAsync(string notice, CancellationToken stopping)
    {
        try
        {
            if (notice.Split(':') is not [var id, var version])
            {
                await hub.Clients.All.SendAsync("changed", new IncidentChange(null, null, null), stopping);
                return;
            }

            Guid incidentId = Guid.Parse(id);
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(stopping);
            Guid[] units = [.. await connection.QueryAsync<Guid>(new CommandDefinition(
                "SELECT DISTINCT unit_id FROM dispatch.assignment WHERE incident_id = @incidentId", new { incidentId }, cancellationToken: stopping))];
            await hub.Clients.Groups([IncidentHub.Desk, .. units.Select(IncidentHub.Crew)]).SendAsync(
                "changed", new IncidentChange(incidentId, int.Parse(version, CultureInfo.InvariantCulture), units), stopping);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            // Whoever missed this reads again when the listener is back.
            LogMissed(log, notice, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change {Notice} could not be told.")]
    private static partial void LogMissed(ILogger logger, string notice, Exception failure);
}
