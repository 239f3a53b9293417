using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Spatial;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>What would have been told at the start of a trip, and what it took.</summary>
/// <param name="Band">Null where too few trips were known.</param>
/// <param name="ClassSeconds">What the classes of the streets alone would have told.</param>
internal sealed record EtaError(
    Guid VehicleId, DateTimeOffset Start, DateTimeOffset End, LonLat From, LonLat To, bool Emergency, PastTrip Trip,
    (double LowSeconds, double HighSeconds)? Band, double ClassSeconds);

/// <summary>Which of a vehicle's trips an arrival time can be judged by. Pure.</summary>
internal static class JudgedTrip
{
    /// <summary>A shorter one says more of where it began and ended than of the streets.</summary>
    internal const double LeastMeters = 500;

    // Who drives much farther than the way that was told had somewhere else to be on the way.
    private const double MostDetour = 1.5;

    /// <summary>
    /// The first and last place of a trip that is one unbroken drive; null where it is not, or is too short.
    /// </summary>
    internal static (RoadPass First, RoadPass Last, double Meters)? Of(RoadGraph graph, IReadOnlyList<RoadPass> passes)
    {
        double meters = passes.Sum(pass => graph.ArcMeters(pass.Arc) * (pass.End - pass.Begin));
        return meters >= LeastMeters && passes.Skip(1).All(static pass => pass.Follows) && passes[^1].Leave > passes[0].Enter
            ? (passes[0], passes[^1], meters)
            : null;
    }

    /// <summary>True where the vehicle drove about the way that was told.</summary>
    internal static bool IsDirect(double drivenMeters, double toldMeters) => drivenMeters <= toldMeters * MostDetour;
}
