using System.Security.Claims;
using Dapper;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Ems.Live;

/// <summary>
/// <c>/hubs/hospitals</c>: tells the people of a hospital that something of theirs is to be read again, and desks of every hospital. It says only which
/// hospital; what changed is read over HTTP, under the rights of the one who reads.
/// </summary>
internal sealed class HospitalHub : Hub
{
    internal const string Desk = "desk";

    internal static string Of(string? hospitalId) => $"hospital:{hospitalId}";

    public override Task OnConnectedAsync() => Groups.AddToGroupAsync(
        Context.ConnectionId, Context.User!.IsInRole(Roles.Hospital) ? Of(Context.User!.FindFirstValue(GeoClaims.Hospital)) : Desk, Context.ConnectionAborted);
}

/// <summary>There is something to read at a hospital. Null: at every one, for notices may have been missed.</summary>
public sealed record HospitalChange(Guid? HospitalId);

/// <summary>Carries each <c>NOTIFY</c> of hospitals, and of runs that were announced to or go to one, to whom it concerns.</summary>
internal sealed partial class HospitalBroadcaster(
    PgListener listener, Databases databases, Journeys journeys, IHubContext<HospitalHub> hub, ILogger<HospitalBroadcaster> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        listener.HearAsync(HospitalReader.Channel, TellAsync, (notice, failure) => LogMissed(log, notice, failure), stoppingToken),
        listener.HearAsync(Journeys.Changed, TellOfRunsAsync, (notice, failure) => LogMissed(log, notice, failure), stoppingToken));

    private Task TellAsync(string notice, CancellationToken stopping) => notice == PgListener.Reconnected
        ? hub.Clients.All.SendAsync("changed", new HospitalChange(null), stopping)
        : hub.Clients.Groups(HospitalHub.Of(notice), HospitalHub.Desk).SendAsync("changed", new HospitalChange(Guid.Parse(notice)), stopping);

    private async Task TellOfRunsAsync(string notice, CancellationToken stopping)
    {
        if (notice.Split(':') is not [var id, _])
        {
            return;
        }

        IReadOnlyList<Journey> runs = await journeys.ListOfIncidentAsync(Guid.Parse(id), stopping);
        if (runs.Count == 0)
        {
            return;
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(stopping);
        IEnumerable<Guid> told = await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT DISTINCT hospital_id FROM ems_care.prealert WHERE assignment_id = ANY (@runs)",
            new { runs = runs.Select(static run => run.AssignmentId).ToArray() }, cancellationToken: stopping));
        foreach (Guid hospitalId in told.Concat(runs.Select(static run => run.DestinationId).OfType<Guid>()).Distinct())
        {
            await TellAsync(hospitalId.ToString("D"), stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change {Notice} could not be told to hospitals.")]
    private static partial void LogMissed(ILogger logger, string notice, Exception failure);
}
