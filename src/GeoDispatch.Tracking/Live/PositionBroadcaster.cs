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
    private readonly ConcurrentDictionary<Guid, VehiclePosition> latest = new();
    private readonly ConcurrentDictionary<Guid, bool> changed = new();
    private readonly ConcurrentDictionary<string, Viewer> viewers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile bool loaded;

    /// <summary>Takes what was committed. An older fix never replaces a newer one.</summary>
    internal void Publish(IReadOnlyList<VehiclePosition> moved)
    {
        foreach (VehiclePosition position in moved)
        {
            latest.AddOrUpdate(position.VehicleId, position, (_, known) => known.Time > position.Time ? known : position);
            changed[position.VehicleId] = true;
        }
    }

    internal async Task WatchAsync(string connectionId, Bbox viewport, CancellationToken cancellation)
    {
        await LoadOnceAsync(cancellation);
        viewers.GetOrAdd(connectionId, static _ => new Viewer()).Show(viewport);
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

    private void SendChanges(CancellationToken stopping)
    {
        var moved = new List<Guid>();
        foreach ((Guid vehicleId, _) in changed)
        {
            // Taken out before it is read: a newer place that comes in between is marked again, not lost.
            if (changed.TryRemove(vehicleId, out _))
            {
                moved.Add(vehicleId);
            }
        }

        foreach ((string connectionId, Viewer viewer) in viewers)
        {
            viewer.Note(moved);
            if (viewer.Sending.IsCompleted && viewer.Next(latest, clock) is { } batch)
            {
                viewer.Sending = SendAsync(connectionId, batch, stopping);
            }
        }
    }

    private async Task SendAsync(string connectionId, VehiclePosition[] batch, CancellationToken stopping)
    {
        try
        {
            await hub.Clients.Client(connectionId).SendAsync("positions", batch, stopping);
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
                foreach (LatestFix fix in (await latestFixes.ListAsync(cancellation)).Values)
                {
                    // What was published meanwhile is newer than what was read.
                    latest.TryAdd(fix.VehicleId, new VehiclePosition(
                        fix.VehicleId, fix.Plate, fix.Kind, fix.Position.Lon, fix.Position.Lat, fix.SpeedKmh, fix.HeadingDegrees, fix.Time));
                }

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
