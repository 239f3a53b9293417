using System.Collections.Concurrent;
using System.Security.Claims;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Tracking.Live;

/// <summary>
/// Tells each console, ten times a second, which vehicles moved in its viewport. Only the newest place of a vehicle waits
/// to be sent, so a slow console costs no memory: it misses steps, never the last one.
/// </summary>
internal sealed partial class PositionBroadcaster(
    LatestFixes latestFixes, Sights sights, IHubContext<PositionHub> hub, TimeProvider clock, ILogger<PositionBroadcaster> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // For what is not told as a change: a rule that begins or runs out, a vehicle that is new or goes to another fleet.
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);
    private readonly ConcurrentQueue<IReadOnlyList<VehiclePosition>> published = new();
    private readonly LiveFleet fleet = new();
    private readonly ConcurrentDictionary<string, Viewer> viewers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile bool loaded;

    /// <summary>Takes what was committed. An older fix never replaces a newer one.</summary>
    internal void Publish(IReadOnlyList<VehiclePosition> moved) => published.Enqueue(moved);

    /// <param name="user">Who watches: what they may see is found out with their first viewport, not with each.</param>
    /// <param name="packs">Whether <c>moves</c> are sent, or whole <c>positions</c>.</param>
    internal async Task WatchAsync(string connectionId, ClaimsPrincipal user, Bbox viewport, bool packs, CancellationToken cancellation)
    {
        await LoadOnceAsync(cancellation);
        if (!viewers.TryGetValue(connectionId, out Viewer? viewer) || viewer.Packs != packs)
        {
            viewers[connectionId] = viewer = new Viewer(packs, user, await sights.OfAsync(user, cancellation));
        }

        viewer.Show(viewport);
        if (cancellation.IsCancellationRequested)
        {
            // The connection went while it was being added: its end has been handled already.
            Forget(connectionId);
        }
    }

    internal void Forget(string connectionId) => viewers.TryRemove(connectionId, out _);

    /// <inheritdoc/>
    public override void Dispose()
    {
        loading.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(BeatAsync(stoppingToken), RenewAsync(stoppingToken));

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(stoppingToken))
            {
                SendChanges(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task RenewAsync(CancellationToken stopping)
    {
        using var look = new PeriodicTimer(Look);
        (int known, long at) = (sights.Changes, Environment.TickCount64);
        try
        {
            while (await look.WaitForNextTickAsync(stopping))
            {
                int changes = sights.Changes;
                if (changes == known && Environment.TickCount64 - at < Renewal.TotalMilliseconds)
                {
                    continue;
                }

                if (await TryRenewAsync(stopping))
                {
                    (known, at) = (changes, Environment.TickCount64);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken stopping)
    {
        try
        {
            foreach (Viewer viewer in viewers.Values)
            {
                if (viewer.Limited is { } user)
                {
                    viewer.See(await sights.OfAsync(user, stopping));
                }
            }

            return true;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
        {
            // While the database is away nothing new comes in either; the next look is in a second.
            LogNotRenewed(log, failure);
            return false;
        }
    }

    // Nobody else touches the fleet and what the viewers were told: the beat needs no lock.
    private void SendChanges(CancellationToken stopping)
    {
        KeyValuePair<string, Viewer>[] watching = [.. viewers];
        foreach ((_, Viewer viewer) in watching)
        {
            viewer.BeginBeat();
        }

        fleet.BeginBeat();
        while (published.TryDequeue(out IReadOnlyList<VehiclePosition>? moved))
        {
            fleet.Take(moved);
        }

        foreach ((string connectionId, Viewer viewer) in watching)
        {
            viewer.Note(fleet);
            if (viewer.Sending.IsCompleted && viewer.Next(fleet, clock) is { } step)
            {
                viewer.Sending = SendAsync(connectionId, viewer.Packs ? "moves" : "positions", viewer.Write(fleet, step), stopping);
            }
        }
    }

    private async Task SendAsync(string connectionId, string method, object told, CancellationToken stopping)
    {
        try
        {
            await hub.Clients.Client(connectionId).SendAsync(method, told, stopping);
        }
        catch (Exception failure)
        {
            LogLost(log, connectionId, failure);
        }
    }

    private async Task LoadOnceAsync(CancellationToken cancellation)
    {
        if (loaded)
        {
            return;
        }

        await loading.WaitAsync(cancellation);
        try
        {
            if (!loaded)
            {
                // What was published meanwhile is newer than what is read, and stays.
                Publish([.. (await latestFixes.ListAsync(cancellation)).Values.Select(static fix => new VehiclePosition(
                    fix.VehicleId, fix.Plate, fix.Kind, fix.Position.Lon, fix.Position.Lat, fix.SpeedKmh, fix.HeadingDegrees, fix.Time))]);
                loaded = true;
            }
        }
        finally
        {
            loading.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What departments may see of the vehicles could not be read anew.")]
    private static partial void LogNotRenewed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Positions did not reach {ConnectionId}.")]
    private static partial void LogLost(ILogger logger, string connectionId, Exception failure);
}
