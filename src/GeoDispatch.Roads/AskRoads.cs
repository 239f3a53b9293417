using System.Security.Claims;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Roads;

/// <summary>
/// Times for the desk and for departments' programs: <c>POST /api/roads/nearest</c>, <c>/matrix</c>, <c>/isochrone</c>, and for
/// administrators <c>GET /api/roads/islands</c>. A point stands for the nearest place on a street within 2 km, anywhere along it; the
/// street's direction counts. Every question may say its profile: emergency, normal or large.
/// </summary>
internal static class AskRoads
{
    /// <summary>The most sources of one question for the nearest, and the most times in one matrix.</summary>
    internal const int MostSources = 1_000, MostTimes = 2_500;

    private const int MostPlaces = 20, MostBands = 4, MostMinutes = 60;

    /// <param name="Id">Given back with the answer; anything of at most 100 characters.</param>
    internal sealed record Source(string? Id, double? Lon, double? Lat);

    /// <param name="Curb">True where the target is to be on the right-hand side of whoever comes.</param>
    internal sealed record NearestRequest(
        RoadPoint? Target, IReadOnlyList<Source?>? Sources, int? Limit, bool Curb = false, string? Profile = null, RoadVehicle? Vehicle = null);

    /// <param name="Index">Place in the question's sources, from 0.</param>
    /// <param name="LearnedShare">Share of the length on streets whose times the city's vehicles taught, 0 to 1; 0 is not learned yet.</param>
    /// <param name="LowSeconds">One of ten such trips is faster; null where too few were driven to know, as <paramref name="HighSeconds"/>.</param>
    /// <param name="HighSeconds">One of ten such trips is slower.</param>
    internal sealed record NearestSource(int Rank, int Index, string? Id, double Seconds, double LearnedShare, double? LowSeconds, double? HighSeconds);

    internal sealed record NearestAnswer(IReadOnlyList<NearestSource> Nearest);

    internal sealed record MatrixRequest(IReadOnlyList<RoadPoint?>? From, IReadOnlyList<RoadPoint?>? To, string? Profile = null, RoadVehicle? Vehicle = null);

    /// <param name="Seconds">A row for each source, in it a time for each target; null where no street leads there.</param>
    internal sealed record MatrixAnswer(double?[][] Seconds);

    /// <param name="Minutes">One to four times of 1 to 60 minutes.</param>
    /// <param name="Direction"><c>from</c> the places (as if nothing is said) or <c>to</c> them.</param>
    internal sealed record IsochroneRequest(
        IReadOnlyList<RoadPoint?>? Places, IReadOnlyList<int>? Minutes, string? Direction = null, string? Profile = null, RoadVehicle? Vehicle = null);

    /// <summary>A GeoJSON feature collection (RFC 7946), the longest time first, so that shorter ones are drawn over it.</summary>
    internal sealed record IsochroneAnswer(string Type, IReadOnlyList<IsochroneFeature> Features);

    internal sealed record IsochroneFeature(string Type, IsochroneProperties Properties, IsochroneGeometry Geometry);

    /// <param name="CellMeters">Side of the cells that the area consists of: its boundary is no finer.</param>
    internal sealed record IsochroneProperties(int Minutes, double AreaKm2, double CellMeters);

    internal sealed record IsochroneGeometry(string Type, IEnumerable<IEnumerable<IEnumerable<double[]>>> Coordinates);

    internal sealed record IslandsAnswer(int Count, int Edges, IReadOnlyList<RoadIsland> Islands);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder roads = routes.MapGroup("/api/roads").WithTags("roads");
        RouteGroupBuilder asked = roads.MapGroup("").RequireAuthorization(Policies.Everyone).OpenToKeys(Scopes.Roads)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        asked.MapPost("/nearest", NearestAsync).Costs(2, freeForDesk: true).Produces<NearestAnswer>();
        asked.MapPost("/matrix", MatrixAsync).Costs(2, freeForDesk: true).Produces<MatrixAnswer>();
        asked.MapPost("/isochrone", IsochroneAsync).Costs(10, freeForDesk: true).Produces<IsochroneAnswer>();
        roads.MapGet("/islands", IslandsAsync).RequireAuthorization(Policies.Administrators).Produces<IslandsAnswer>();
        AskRoutes.Map(asked);
    }

    private static async Task<IResult> NearestAsync(NearestRequest request, ClaimsPrincipal asker, Streets streets, CancellationToken cancellation)
    {
        if (request.Sources is not { Count: >= 1 and <= MostSources } sources)
        {
            return RoadQuestions.Bad("sources", RoadQuestions.Count(request.Sources?.Count), $"1 至 {MostSources} 个 / 1 to {MostSources}").ToResult();
        }

        if (request.Limit is < 1 or > MostSources)
        {
            return RoadQuestions.Bad("limit", RoadQuestions.Count(request.Limit), $"1…{MostSources}").ToResult();
        }

        if (sources.Any(static source => source?.Id?.Length > 100))
        {
            return RoadQuestions.Bad("sources", null, "id 至多 100 个字 / an id has at most 100 characters").ToResult();
        }

        (RoadNetwork? network, Problem? problem) = await RoadQuestions.OpenAsync(streets, asker, request.Profile, request.Vehicle, cancellation);
        if (network is null)
        {
            return problem!.ToResult();
        }

        (RoadPosition?[] positions, problem) = RoadQuestions.Snap(network.Graph, "sources", sources.Select(static source => source is null ? null : new RoadPoint(source.Lon, source.Lat)));
        (RoadPosition? target, problem) = problem is null ? RoadQuestions.SnapOne(network.Graph, "target", request.Target, request.Curb) : (null, problem);
        return problem is not null
            ? problem.ToResult()
            : TypedResults.Ok(new NearestAnswer([.. network.Into(target!.Value).NearestEtas(target.Value, positions, request.Limit ?? 3)
                .Select((found, rank) => new NearestSource(
                    rank + 1, found.SourceIndex, sources[found.SourceIndex]?.Id, found.Seconds, found.LearnedShare, found.Band?.LowSeconds, found.Band?.HighSeconds))]));
    }

    private static async Task<IResult> MatrixAsync(MatrixRequest request, ClaimsPrincipal asker, Streets streets, CancellationToken cancellation)
    {
        if (request.From is not { Count: >= 1 } from || request.To is not { Count: >= 1 } to || (long)from.Count * to.Count > MostTimes)
        {
            return RoadQuestions.Bad(
                "from", $"{RoadQuestions.Count(request.From?.Count)} × {RoadQuestions.Count(request.To?.Count)}", $"from × to 为 1 至 {MostTimes} / from × to is 1 to {MostTimes}").ToResult();
        }

        (RoadNetwork? network, Problem? problem) = await RoadQuestions.OpenAsync(streets, asker, request.Profile, request.Vehicle, cancellation);
        if (network is null)
        {
            return problem!.ToResult();
        }

        (RoadPosition?[] sources, problem) = RoadQuestions.Snap(network.Graph, "from", from);
        (RoadPosition?[] targets, problem) = problem is null ? RoadQuestions.Snap(network.Graph, "to", to) : ([], problem);
        return problem is null ? TypedResults.Ok(new MatrixAnswer(network.Matrix(sources, targets, cancellation))) : problem.ToResult();
    }

    private static async Task<IResult> IsochroneAsync(IsochroneRequest request, ClaimsPrincipal asker, Streets streets, CancellationToken cancellation)
    {
        Problem? problem = request.Places is not { Count: >= 1 and <= MostPlaces } ? RoadQuestions.Bad("places", RoadQuestions.Count(request.Places?.Count), $"1 至 {MostPlaces} 个 / 1 to {MostPlaces}")
            : request.Minutes is not { Count: >= 1 and <= MostBands } ? RoadQuestions.Bad("minutes", RoadQuestions.Count(request.Minutes?.Count), $"1 至 {MostBands} 个 / 1 to {MostBands}")
            : request.Minutes.FirstOrDefault(static minutes => minutes is < 1 or > MostMinutes, 1) is var bad and not 1 ? RoadQuestions.Bad("minutes", RoadQuestions.Count(bad), $"1…{MostMinutes}")
            : request.Direction is not (null or "from" or "to") ? RoadQuestions.Bad("direction", request.Direction, "from, to")
            : null;
        (RoadNetwork? network, problem) = problem is null ? await RoadQuestions.OpenAsync(streets, asker, request.Profile, request.Vehicle, cancellation) : (null, problem);
        if (network is null)
        {
            return problem!.ToResult();
        }

        // Of a place that no street reaches the area would be empty, and of several it would lack a part: neither is an answer.
        (RoadPosition? Position, Problem? Problem)[] places = [.. request.Places!.Select((place, index) => RoadQuestions.SnapOne(network.Graph, $"places[{index}]", place))];
        if (Array.Find(places, static place => place.Problem is not null).Problem is { } unplaced)
        {
            return unplaced.ToResult();
        }

        var reach = new RoadReach(network, [.. places.Select(static place => place.Position!.Value)], isFrom: request.Direction != "to", request.Minutes!.Max() * 60);
        var cells = new Isochrones(network.Graph, reach, cancellation);
        return TypedResults.Ok(new IsochroneAnswer("FeatureCollection", [.. request.Minutes!.Distinct().OrderDescending().Select(cells.Within).Select(band => new IsochroneFeature(
            "Feature", new IsochroneProperties(band.Minutes, Math.Round(band.AreaKm2, 4), cells.CellMeters), new IsochroneGeometry("MultiPolygon", band.Polygons
                .Select(static polygon => polygon.Select(static ring => ring.Select(static point => new[] { Math.Round(point.Lon, 6), Math.Round(point.Lat, 6) }))))))]));
    }

    private static async Task<IResult> IslandsAsync(Streets streets, CancellationToken cancellation)
    {
        const int Shown = 100;
        IReadOnlyList<RoadIsland> islands = (await streets.GetGraphAsync(cancellation)).ListIslands();
        return TypedResults.Ok(new IslandsAnswer(islands.Count, islands.Sum(static island => island.Edges), [.. islands.Take(Shown)]));
    }
}
