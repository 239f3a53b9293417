using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>Where somebody sets off, and how he moves there where that is known.</summary>
internal readonly record struct Start(LonLat At, double? SpeedKmh = null, double? HeadingDegrees = null);

/// <summary>Asks Roads for the times to hospitals: with lights and sirens, by the streets as they are now.</summary>
internal sealed class HospitalRoads(Streets streets, TimeProvider clock)
{
    /// <summary>An older position says nothing of where a vehicle is now.</summary>
    private static readonly TimeSpan PositionHolds = TimeSpan.FromMinutes(2);

    /// <summary>Where the unit is; null where its position is too old to say.</summary>
    internal Start? Find(Journey journey) => journey.Fix is { } fix && Age(fix) <= PositionHolds
        ? new Start(fix.Position, fix.SpeedKmh, fix.HeadingDegrees)
        : null;

    /// <summary>Of a unit's last position; null where it never reported one.</summary>
    internal double? AgeSeconds(Journey journey) => journey.Fix is { } fix ? Age(fix).TotalSeconds : null;

    /// <summary>Seconds from each start to the place; null where no street leads there, or the start is not known.</summary>
    internal async Task<double?[]> FindSecondsAsync(IReadOnlyList<Start?> starts, LonLat to, CancellationToken cancellation)
    {
        double?[] seconds = new double?[starts.Count];
        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        if (network.Graph.Snap(to) is not { } target)
        {
            return seconds;
        }

        RoadPosition?[] sources = [.. starts.Select(start => start is { } known ? network.Graph.SnapVehicle(known.At, known.SpeedKmh, known.HeadingDegrees)?.Position : null)];
        foreach (RoadEta eta in network.EtasInto(target.Position, sources))
        {
            seconds[eta.SourceIndex] = eta.Seconds;
        }

        return seconds;
    }

    /// <summary>True where a street is within 2 km.</summary>
    internal async Task<bool> IsOnRoadAsync(LonLat at, CancellationToken cancellation) =>
        (await streets.GetAsync(RoadProfile.Emergency, cancellation)).Graph.Snap(at) is not null;

    private TimeSpan Age(LatestFix fix) => clock.GetUtcNow() - fix.Time is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;
}
