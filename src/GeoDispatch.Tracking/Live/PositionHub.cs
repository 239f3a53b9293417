using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;
using MessagePack;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace GeoDispatch.Tracking.Live;

/// <summary>The part of the map that a console shows, in degrees.</summary>
[MessagePackObject]
public sealed record Viewport(
    [property: Key("west")] double West,
    [property: Key("south")] double South,
    [property: Key("east")] double East,
    [property: Key("north")] double North);

/// <summary>A vehicle as consoles are told of it.</summary>
[MessagePackObject]
public sealed record VehiclePosition(
    [property: Key("vehicleId")] Guid VehicleId,
    [property: Key("plate")] string Plate,
    [property: Key("kind")] string Kind,
    [property: Key("lon")] double Lon,
    [property: Key("lat")] double Lat,
    [property: Key("speedKmh")] double? SpeedKmh,
    [property: Key("headingDegrees")] double? HeadingDegrees,
    [property: Key("time"), MessagePackFormatter(typeof(IsoTimeFormatter))] DateTimeOffset Time);

/// <summary>
/// <c>/hubs/positions</c>: devices send fixes, consoles watch a part of the map. A department is told of its own fleet, and of other vehicles what
/// the shared layer <c>vehicles</c> shows it, without plates (<see cref="Sight"/>).
/// </summary>
internal sealed class PositionHub(FixPipeline pipeline, PositionBroadcaster broadcaster) : Hub
{
    /// <summary>Returns after the commit. A refused request fails with <c>code: detail</c>.</summary>
    [Authorize(Policy = TrackingModule.Devices)]
    public async Task<FixReceipt> SendFixes(SendFixesRequest request)
    {
        (FixReceipt? receipt, Problem? problem) = await pipeline.TakeAsync(
            DeviceAuthentication.Find(Context.User)!, request, Context.ConnectionAborted);
        return receipt ?? throw new HubException($"{problem!.Code}: {problem.Detail}");
    }

    /// <summary>
    /// Starts <c>positions</c> for this viewport, the snapshot first, each vehicle whole: for programs. Replaces what was watched before.
    /// </summary>
    [Authorize(Policy = TrackingModule.Watchers)]
    public Task Watch(Viewport viewport) => WatchAsync(viewport, packs: false);

    /// <summary>Starts <c>moves</c> (<see cref="Moves"/>) for this viewport, the snapshot first: a thirtieth of the bytes, for consoles.</summary>
    [Authorize(Policy = TrackingModule.Watchers)]
    public Task WatchMoves(Viewport viewport) => WatchAsync(viewport, packs: true);

    /// <summary>Ends <c>positions</c> and <c>moves</c>.</summary>
    [Authorize(Policy = TrackingModule.Watchers)]
    public void Unwatch() => broadcaster.Forget(Context.ConnectionId);

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        broadcaster.Forget(Context.ConnectionId);
        return Task.CompletedTask;
    }

    private Task WatchAsync(Viewport viewport, bool packs)
    {
        var box = new Bbox(viewport.West, viewport.South, viewport.East, viewport.North);
        return box.IsValid
            ? broadcaster.WatchAsync(Context.ConnectionId, Context.User!, box, packs, Context.ConnectionAborted)
            : throw new HubException("viewport.out_of_range: west ≤ east, south ≤ north, 度 / degrees");
    }
}
