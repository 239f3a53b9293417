using GeoDispatch.Spatial;

namespace GeoDispatch.Tracking.Live;

/// <summary>What one console watches and what it was told. All but <see cref="Show"/> is called by the broadcaster alone.</summary>
internal sealed class Viewer
{
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(500);
    private readonly HashSet<Guid> waiting = [];
    private readonly Dictionary<Guid, long> toldAt = [];
    private HashSet<Guid> inside = [];
    private Bbox viewport;
    private View? wanted;

    private sealed record View(Bbox Box);

    internal Task Sending { get; set; } = Task.CompletedTask;

    /// <summary>Takes a viewport; the next batch is a snapshot of it. Safe from any thread.</summary>
    internal void Show(Bbox box) => Interlocked.Exchange(ref wanted, new View(box));

    internal void Note(List<Guid> moved) => waiting.UnionWith(moved);

    /// <summary>What to send now; null for nothing. A snapshot may be empty, so that the console knows there is nobody.</summary>
    internal VehiclePosition[]? Next(IReadOnlyDictionary<Guid, VehiclePosition> latest, TimeProvider clock)
    {
        long now = clock.GetTimestamp();
        if (Interlocked.Exchange(ref wanted, null) is { } view)
        {
            viewport = view.Box;
            VehiclePosition[] snapshot = latest.Values.Where(IsInside).ToArray();
            inside = snapshot.Select(static position => position.VehicleId).ToHashSet();
            waiting.Clear();
            foreach (Guid vehicleId in inside)
            {
                toldAt[vehicleId] = now;
            }

            return snapshot;
        }

        var batch = new List<VehiclePosition>();
        waiting.RemoveWhere(vehicleId =>
        {
            if (!latest.TryGetValue(vehicleId, out VehiclePosition? position))
            {
                return true;
            }

            bool isInside = IsInside(position);
            if (!isInside && !inside.Contains(vehicleId))
            {
                return true;
            }

            if (toldAt.TryGetValue(vehicleId, out long told) && clock.GetElapsedTime(told, now) < LeastBetween)
            {
                return false;
            }

            // A vehicle that leaves is told once more, outside: else it would stand at the edge for ever.
            _ = isInside ? inside.Add(vehicleId) : inside.Remove(vehicleId);
            toldAt[vehicleId] = now;
            batch.Add(position);
            return true;
        });
        return batch.Count > 0 ? [.. batch] : null;
    }

    private bool IsInside(VehiclePosition position) => viewport.Contains(new LonLat(position.Lon, position.Lat));
}
