using System.Globalization;
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
/// Times and routes for the desk and for departments' programs: <c>POST /api/roads/nearest</c>, <c>/route</c>, <c>/matrix</c>. A point
/// stands for the nearest place on a street within 2 km, anywhere along it; the street's direction counts.
/// </summary>
internal static class AskRoads
{
    /// <summary>The most sources of one question for the nearest, and the most times in one matrix.</summary>
    internal const int MostSources = 1_000, MostTimes = 2_500;

    internal sealed record Point(double? Lon, double? Lat);

    /// <param name="Id">Given back with the answer; anything of at most 100 characters.</param>
    internal sealed record Source(string? Id, double? Lon, double? Lat);

    internal sealed record NearestRequest(Point? Target, IReadOnlyList<Source?>? Sources, int? Limit);

    /// <param name="Index">Place in the question's sources, from 0.</param>
    internal sealed record NearestSource(int Rank, int Index, string? Id, double Seconds);

    internal sealed record NearestAnswer(IReadOnlyList<NearestSource> Nearest);

    internal sealed record RouteRequest(Point? From, Point? To);

    /// <param name="Geometry">Longitude and latitude of each point, from the first position to the last.</param>
    internal sealed record RouteAnswer(double Seconds, double Meters, IEnumerable<double[]> Geometry)
    {
        internal static RouteAnswer Of(RoadRoute route) =>
            new(route.Seconds, route.Meters, route.Geometry.Select(static point => new[] { point.Lon, point.Lat }));
    }

    internal sealed record MatrixRequest(IReadOnlyList<Point?>? From, IReadOnlyList<Point?>? To);

    /// <param name="Seconds">A row for each source, in it a time for each target; null where no street leads there.</param>
    internal sealed record MatrixAnswer(double?[][] Seconds);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder roads = routes.MapGroup("/api/roads").RequireAuthorization(Policies.Everyone).OpenToKeys(Scopes.Roads).Costs(2, freeForDesk: true).WithTags("roads")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        roads.MapPost("/nearest", NearestAsync).Produces<NearestAnswer>();
        roads.MapPost("/route", RouteAsync).Produces<RouteAnswer>();
        roads.MapPost("/matrix", MatrixAsync).Produces<MatrixAnswer>();
    }

    private static async Task<IResult> NearestAsync(NearestRequest request, Streets streets, CancellationToken cancellation)
    {
        if (request.Sources is not { Count: >= 1 and <= MostSources } sources)
        {
            return Bad("sources", Count(request.Sources?.Count), $"1 至 {MostSources} 个 / 1 to {MostSources}").ToResult();
        }

        if (request.Limit is < 1 or > MostSources)
        {
            return Bad("limit", Count(request.Limit), $"1…{MostSources}").ToResult();
        }

        if (sources.Any(static source => source?.Id?.Length > 100))
        {
            return Bad("sources", null, "id 至多 100 个字 / an id has at most 100 characters").ToResult();
        }

        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        RoadGraph graph = network.Graph;
        (RoadPosition?[] positions, Problem? problem) = Snap(graph, "sources", sources.Select(static source => source is null ? null : new Point(source.Lon, source.Lat)));
        (RoadPosition? target, Problem? wrong) = problem is null ? SnapOne(graph, "target", request.Target) : (null, problem);
        return wrong is not null
            ? wrong.ToResult()
            : TypedResults.Ok(new NearestAnswer([.. network.Nearest(target!.Value, positions, request.Limit ?? 3)
                .Select((found, rank) => new NearestSource(rank + 1, found.SourceIndex, sources[found.SourceIndex]?.Id, found.Seconds))]));
    }

    private static async Task<IResult> RouteAsync(RouteRequest request, Streets streets, CancellationToken cancellation)
    {
        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        RoadGraph graph = network.Graph;
        (RoadPosition? from, Problem? problem) = SnapOne(graph, "from", request.From);
        (RoadPosition? to, problem) = problem is null ? SnapOne(graph, "to", request.To) : (null, problem);
        return problem is not null
            ? problem.ToResult()
            : network.Route(from!.Value, to!.Value) is { } route
                ? TypedResults.Ok(RouteAnswer.Of(route))
                : None("两点之间没有可行驶的道路 / No street leads from one point to the other", null, null).ToResult();
    }

    private static async Task<IResult> MatrixAsync(MatrixRequest request, Streets streets, CancellationToken cancellation)
    {
        if (request.From is not { Count: >= 1 } from || request.To is not { Count: >= 1 } to || (long)from.Count * to.Count > MostTimes)
        {
            return Bad("from", $"{Count(request.From?.Count)} × {Count(request.To?.Count)}", $"from × to 为 1 至 {MostTimes} / from × to is 1 to {MostTimes}").ToResult();
        }

        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        RoadGraph graph = network.Graph;
        (RoadPosition?[] sources, Problem? problem) = Snap(graph, "from", from);
        (RoadPosition?[] targets, problem) = problem is null ? Snap(graph, "to", to) : ([], problem);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        double?[][] seconds = [.. from.Select(_ => new double?[to.Count])];
        for (int column = 0; column < targets.Length; column++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (targets[column] is { } target)
            {
                foreach ((int row, double time) in network.Nearest(target, sources, sources.Length))
                {
                    seconds[row][column] = time;
                }
            }
        }

        return TypedResults.Ok(new MatrixAnswer(seconds));
    }

    /// <summary>Points far from every street become null: the times from and to them are not known.</summary>
    private static (RoadPosition?[] Positions, Problem? Problem) Snap(RoadGraph graph, string field, IEnumerable<Point?> points)
    {
        var positions = new List<RoadPosition?>();
        foreach (Point? point in points)
        {
            if (!LonLat.TryCreate(point?.Lon ?? double.NaN, point?.Lat ?? double.NaN, out LonLat at))
            {
                return ([], Bad($"{field}[{positions.Count}]", Text(point), "lon −180…180, lat −90…90"));
            }

            positions.Add(graph.Snap(at)?.Position);
        }

        return ([.. positions], null);
    }

    private static (RoadPosition? Position, Problem? Problem) SnapOne(RoadGraph graph, string field, Point? point) =>
        !LonLat.TryCreate(point?.Lon ?? double.NaN, point?.Lat ?? double.NaN, out LonLat at)
            ? (null, Bad(field, Text(point), "lon −180…180, lat −90…90"))
            : graph.Snap(at) is { } snap
                ? (snap.Position, null)
                : (null, None($"{field} 两公里内没有道路 / No street within 2 km of {field}", field, Text(point)));

    private static string Text(Point? point) => string.Create(CultureInfo.InvariantCulture, $"{point?.Lon},{point?.Lat}");

    private static string? Count(int? count) => count?.ToString(CultureInfo.InvariantCulture);

    private static Problem Bad(string field, string? value, string right) =>
        new(400, "roads.bad_question", "问题不对 / Bad question", $"{field}: {right}", field, value);

    private static Problem None(string detail, string? field, string? value) => new(404, "route.none", "没有路线 / No route", detail, field, value);
}
