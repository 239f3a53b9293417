using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary><c>GET /api/recommendations?lon=&amp;lat=&amp;limit=</c>: who can be at a place first by road. The dispatcher decides.</summary>
internal static class RecommendUnits
{
    private const int MostUnits = 50;

    /// <param name="Basis"><c>road</c>, or <c>airline</c> where no street leads near the place.</param>
    internal sealed record Answer(
        string Basis, DateTimeOffset ComputedAt, IReadOnlyList<RankedUnit> Units, IReadOnlyList<LeftOutUnit> LeftOut);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/recommendations", HandleAsync)
        .Produces<Answer>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> HandleAsync(
        UnitReader units, RoadTimes roadTimes, TimeProvider clock, CancellationToken cancellation, double? lon = null, double? lat = null, int limit = 10)
    {
        if (!LonLat.TryCreate(lon ?? double.NaN, lat ?? double.NaN, out LonLat place))
        {
            return DispatchProblems.BadField("lon", FormattableString.Invariant($"{lon},{lat}"), "lon −180…180 与 lat −90…90 / both are needed").ToResult();
        }

        if (limit is < 1 or > MostUnits)
        {
            return DispatchProblems.BadField("limit", FormattableString.Invariant($"{limit}"), $"1…{MostUnits}").ToResult();
        }

        DateTimeOffset now = clock.GetUtcNow();
        (IReadOnlyList<Candidate> candidates, IReadOnlyList<LeftOutUnit> leftOut) = Ranking.Sift(await units.ListAsync(["ems"], cancellation), place, now);
        if (await roadTimes.FindNearestAsync(place, candidates, limit, cancellation) is not var (nearest, offRoad))
        {
            return TypedResults.Ok(new Answer("airline", now, Ranking.ByAirLine(candidates, limit), leftOut));
        }

        return TypedResults.Ok(new Answer(
            "road", now, Ranking.ByRoad(candidates, nearest), [.. leftOut, .. offRoad.Select(index => Ranking.Unreachable(candidates[index]))]));
    }
}

/// <summary>Asks Roads for the times from units to a place.</summary>
internal sealed class RoadTimes(Streets streets, Databases databases, TimeProvider clock)
{
    private sealed record Place(double Lon, double Lat);

    /// <summary>
    /// The candidates that are there soonest, and those from which no road leads there (known only where fewer than
    /// <paramref name="limit"/> were found). Null where no street is within 2 km of the place.
    /// </summary>
    internal async Task<(IReadOnlyList<RoadEta> Nearest, IReadOnlyList<int> OffRoad)?> FindNearestAsync(
        LonLat place, IReadOnlyList<Candidate> candidates, int limit, CancellationToken cancellation)
    {
        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        RoadGraph graph = network.Graph;
        if (graph.Snap(place) is not { } target)
        {
            return null;
        }

        RoadPosition?[] sources = [.. candidates.Select(candidate => Snap(graph, candidate)?.Position)];
        RoadNetwork into = network.Into(target.Position);
        List<RoadEta> nearest = [.. into.NearestEtas(target.Position, sources, limit)];
        // Few units stand in a closure; each of these may leave it, and nobody else may pass because of that.
        foreach ((int index, RoadPosition? source) in sources.Index())
        {
            if (source is { } inside && network.IsClosed(inside) && nearest.TrueForAll(found => found.SourceIndex != index))
            {
                nearest.AddRange(network.Into(target.Position, inside).NearestEtas(target.Position, [inside], 1).Select(found => found with { SourceIndex = index }));
            }
        }

        nearest = [.. nearest.OrderBy(static found => found.Seconds).ThenBy(static found => found.SourceIndex).Take(limit)];
        return (nearest, nearest.Count >= limit
            ? [.. Enumerable.Range(0, sources.Length).Where(index => sources[index] is null)]
            : [.. Enumerable.Range(0, sources.Length).Except(nearest.Select(static found => found.SourceIndex))]);
    }

    /// <summary>A unit on the move is on the street that it drives along, and turning back costs it time.</summary>
    private static RoadSnap? Snap(RoadGraph graph, Candidate candidate) =>
        candidate is { From: "fix", Unit.Position: { SpeedKmh: > RoadGraph.MovingKmh, HeadingDegrees: { } heading } }
            ? graph.SnapMoving(candidate.At, heading)
            : graph.Snap(candidate.At);

    /// <summary>Road times of units to an incident's place now, by unit; without those of which it is not known.</summary>
    internal async Task<IReadOnlyDictionary<Guid, double>> FindSecondsAsync(IReadOnlyList<UnitView> units, Guid incidentId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await connection.QuerySingleOrDefaultAsync<Place>(new CommandDefinition(
            "SELECT lon, lat FROM dispatch.incident WHERE id = @incidentId", new { incidentId }, cancellationToken: cancellation)) is not { } place)
        {
            return new Dictionary<Guid, double>();
        }

        var target = new LonLat(place.Lon, place.Lat);
        // Also a unit whose position is stale may be sent; then its time is not known.
        IReadOnlyList<Candidate> candidates = Ranking.Sift(units.Select(static unit => unit with { AssignmentId = null }), target, clock.GetUtcNow()).Candidates;
        return candidates.Count > 0 && await FindNearestAsync(target, candidates, candidates.Count, cancellation) is var (nearest, _)
            ? nearest.ToDictionary(found => candidates[found.SourceIndex].Unit.Id, static found => found.Seconds)
            : new Dictionary<Guid, double>();
    }
}
