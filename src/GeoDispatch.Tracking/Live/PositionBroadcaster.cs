using System.Collections.Concurrent;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Tracking.Live;

/// <summary>
/// Tells each console, ten times a second, which vehicles moved in its viewport. Only the newest place of a vehicle waits
/// to be sent, so a slow console costs no memory: it misses steps, never the last one.
/// </summary>
internal sealed partial class PositionBroadcaster(
    LatestFixes latestFixes, IHubContext<PositionHub> hub, TimeProvider clock, ILogger<PositionBroadcaster> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentQueue<IReadOnlyList<VehiclePosition>> published = new();
    private readonly LiveFleet fleet = new();
    private readonly ConcurrentDictionary<string, Viewer> viewers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile bool loaded;

    /// <summary>Takes what was committed. An older fix never replaces a newer one.</summary>
    internal void Publish(IReadOnlyList<VehiclePosition> moved) => published.Enqueue(moved);

    /// <param name="packs">Whether <c>moves</c> are sent, or whole <c>positions</c>.</param>
    internal async Task WatchAsync(string connectionId, Bbox viewport, bool packs, CancellationToken cancellation)
    {
        await LoadOnceAsync(cancellation);
        viewers.AddOrUpdate(
            connectionId, static (_, packs) => new Viewer(packs), static (_, known, packs) => known.Packs == packs ? known : new Viewer(packs), packs)
            .Show(viewport);
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
                viewer.Sending = viewer.Packs
                    ? SendAsync(connectionId, "moves", viewer.Moves.Write(fleet, step), stopping)
                    : SendAsync(connectionId, "positions", step.Numbers.ConvertAll(number => fleet[number]), stopping);
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Positions did not reach {ConnectionId}.")]
    private static partial void LogLost(ILogger logger, string connectionId, Exception failure);
}
