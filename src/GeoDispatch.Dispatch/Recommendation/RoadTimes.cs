using Dapper;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>Asks Roads for the times from units to a place.</summary>
internal sealed class RoadTimes(Streets streets, Databases databases, TimeProvider clock)
{
    private sealed record Place(double Lon, double Lat);

    /// <summary>
    /// The time of every candidate from which a road leads there, soonest first, and which are the others. Null where no street is within
    /// 2 km of the place.
    /// </summary>
    internal async Task<(IReadOnlyList<RoadEta> Etas, IReadOnlyList<int> OffRoad)?> FindAsync(
        LonLat place, IReadOnlyList<Candidate> candidates, CancellationToken cancellation)
    {
        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        RoadGraph graph = network.Graph;
        if (graph.Snap(place) is not { } target)
        {
            return null;
        }

        RoadPosition?[] sources = [.. candidates.Select(candidate => Snap(graph, candidate)?.Position)];
        IReadOnlyList<RoadEta> etas = network.EtasInto(target.Position, sources);
        return (etas, [.. Enumerable.Range(0, sources.Length).Except(etas.Select(static found => found.SourceIndex))]);
    }

    private static RoadSnap? Snap(RoadGraph graph, Candidate candidate) => candidate is { From: "fix", Unit.Position: { } fix }
        ? graph.SnapVehicle(candidate.At, fix.SpeedKmh, fix.HeadingDegrees)
        : graph.Snap(candidate.At);

    /// <summary>Road times of units to an incident's place now, whatever they do; without those of which it is not known.</summary>
    internal async Task<IReadOnlyDictionary<Guid, double>> FindSecondsAsync(IReadOnlyList<UnitView> units, Guid incidentId, CancellationToken cancellation)
    {
        Place? place;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            place = await connection.QuerySingleOrDefaultAsync<Place>(new CommandDefinition(
                "SELECT lon, lat FROM dispatch.incident WHERE id = @incidentId", new { incidentId }, cancellationToken: cancellation));
        }

        if (place is null)
        {
            return new Dictionary<Guid, double>();
        }

        var target = new LonLat(place.Lon, place.Lat);
        // Also a unit whose position is stale may be sent; then its time is not known.
        Candidate[] candidates = [.. units.Select(unit => Sifting.Locate(unit with { Leg = null }, target, clock.GetUtcNow())).OfType<Candidate>()];
        return await FindAsync(target, candidates, cancellation) is var (etas, _)
            ? etas.ToDictionary(eta => candidates[eta.SourceIndex].Unit.Id, static eta => eta.Seconds)
            : new Dictionary<Guid, double>();
    }
}
