using System.Security.Claims;
using System.Text.Json.Serialization;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Roads;

/// <summary>
/// Routes: <c>GET /api/roads/route?from=lon,lat&amp;to=lon,lat</c> and <c>POST /api/roads/route</c> for one, with instructions and
/// alternatives; <c>POST /api/roads/routes</c> for the times and lengths of many pairs at one moment, at a token of the quota each.
/// </summary>
internal static class AskRoutes
{
    private const int MostPairs = 500, MostLines = 50, MostAlternatives = 2;

    /// <param name="Alternatives">0 to 2 other ways beside the fastest.</param>
    /// <param name="Curb">True where the end is to be on the right-hand side of whoever comes.</param>
    internal sealed record RouteRequest(
        RoadPoint? From, RoadPoint? To, int Alternatives = 0, bool Curb = false, string? Profile = null, RoadVehicle? Vehicle = null);

    /// <param name="Geometry">Longitude and latitude of each point, from the first position to the last.</param>
    /// <param name="Steps">Instructions in Chinese and English.</param>
    /// <param name="LearnedShare">Share of the length on streets whose times the city's vehicles taught, 0 to 1; 0 is not learned yet.</param>
    /// <param name="LowSeconds">One of ten such trips is faster; null where too few were driven to know, as <paramref name="HighSeconds"/>.</param>
    /// <param name="HighSeconds">One of ten such trips is slower.</param>
    internal sealed record Way(
        double Seconds, double Meters, IEnumerable<double[]> Geometry, IEnumerable<Step> Steps, double LearnedShare, double? LowSeconds, double? HighSeconds);

    /// <summary>As <see cref="RoadStep"/> has it.</summary>
    internal sealed record Step(string Turn, string? Street, string? StreetEn, double Seconds, double Meters, string Zh, string En, double Lon, double Lat);

    /// <summary>The fastest way, and the others in the order in which they were found.</summary>
    internal sealed record RouteAnswer(
        double Seconds, double Meters, IEnumerable<double[]> Geometry, IEnumerable<Step> Steps, double LearnedShare, double? LowSeconds,
        double? HighSeconds, IEnumerable<Way> Alternatives);

    /// <param name="Id">Given back with the answer; anything of at most 100 characters.</param>
    internal sealed record Pair(RoadPoint? From, RoadPoint? To, string? Id = null);

    /// <param name="Geometry">True for the line of each route; then at most 50 pairs.</param>
    internal sealed record RoutesRequest(IReadOnlyList<Pair?>? Pairs, string? Profile = null, RoadVehicle? Vehicle = null, bool Geometry = false);

    /// <param name="Seconds">Null where there is a reason, as the metres.</param>
    /// <param name="Reason">Why there is no route: <c>from.far</c> or <c>to.far</c>, no street within 2 km; <c>route.none</c>, no street leads there.</param>
    /// <param name="LearnedShare">As <see cref="Way"/> has it; null where there is a reason.</param>
    /// <param name="LowSeconds">As <see cref="Way"/> has it.</param>
    /// <param name="HighSeconds">As <see cref="Way"/> has it.</param>
    /// <param name="Geometry">Longitude and latitude of each point, where it was asked for.</param>
    internal sealed record PairAnswer(
        string? Id, double? Seconds, double? Meters, string? Reason, double? LearnedShare, double? LowSeconds, double? HighSeconds,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IEnumerable<double[]>? Geometry);

    internal sealed record RoutesAnswer(IReadOnlyList<PairAnswer> Routes);

    internal static void Map(RouteGroupBuilder roads)
    {
        roads.MapGet("/route", FindAsync).Costs(2, freeForDesk: true).Produces<RouteAnswer>();
        roads.MapPost("/route", RouteAsync).Costs(2, freeForDesk: true).Produces<RouteAnswer>();
        roads.MapPost("/routes", RoutesAsync).Costs(0, freeForDesk: true).Produces<RoutesAnswer>();
    }

    private static Task<IResult> FindAsync(
        string? from, string? to, ClaimsPrincipal asker, Streets streets, CancellationToken cancellation, string? profile = null)
    {
        LonLat end = default;
        Problem? problem = !LonLat.TryParse(from, out LonLat start) ? BadPoint("from", from) : !LonLat.TryParse(to, out end) ? BadPoint("to", to) : null;
        return problem is not null
            ? Task.FromResult(problem.ToResult())
            : RouteAsync(new RouteRequest(new RoadPoint(start.Lon, start.Lat), new RoadPoint(end.Lon, end.Lat), Profile: profile), asker, streets, cancellation);
    }

    private static Problem BadPoint(string field, string? value) => new(
        400, "route.bad_point", "坐标无法读懂 / Unreadable point",
        $"{field} 须为“经度,纬度”(度,WGS84),如 118.67,37.43 / {field} must be lon,lat in degrees, such as 118.67,37.43",
        field, value);

    private static async Task<IResult> RouteAsync(RouteRequest request, ClaimsPrincipal asker, Streets streets, CancellationToken cancellation)
    {
        if (request.Alternatives is < 0 or > MostAlternatives)
        {
            return RoadQuestions.Bad("alternatives", RoadQuestions.Count(request.Alternatives), $"0…{MostAlternatives}").ToResult();
        }

        (RoadNetwork? network, Problem? problem) = await RoadQuestions.OpenAsync(streets, asker, request.Profile, request.Vehicle, cancellation);
        if (network is null)
        {
            return problem!.ToResult();
        }

        (RoadPosition? from, problem) = RoadQuestions.SnapOne(network.Graph, "from", request.From);
        (RoadPosition? to, problem) = problem is null ? RoadQuestions.SnapOne(network.Graph, "to", request.To, request.Curb) : (null, problem);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        Way[] ways = [.. network.Into(from!.Value, to!.Value).Routes(from.Value, to.Value, request.Alternatives).Select(route => Describe(network, route))];
        return ways is [var fastest, .. var others]
            ? TypedResults.Ok(new RouteAnswer(fastest.Seconds, fastest.Meters, fastest.Geometry, fastest.Steps, fastest.LearnedShare, fastest.LowSeconds, fastest.HighSeconds, others))
            : RoadQuestions.NoWay().ToResult();
    }

    private static async Task<IResult> RoutesAsync(RoutesRequest request, HttpContext http, Streets streets, CancellationToken cancellation)
    {
        int most = request.Geometry ? MostLines : MostPairs;
        if (request.Pairs is not { Count: >= 1 } pairs || pairs.Count > most)
        {
            return RoadQuestions.Bad("pairs", RoadQuestions.Count(request.Pairs?.Count), request.Geometry
                ? $"带几何为 1 至 {most} 对 / 1 to {most} with geometry" : $"1 至 {most} 对 / 1 to {most}").ToResult();
        }

        if (pairs.Any(static pair => pair?.Id?.Length > 100))
        {
            return RoadQuestions.Bad("pairs", null, "id 至多 100 个字 / an id has at most 100 characters").ToResult();
        }

        if (http.Spend(pairs.Count) is { } refusal)
        {
            return refusal.ToResult();
        }

        (RoadNetwork? network, Problem? problem) = await RoadQuestions.OpenAsync(streets, http.User, request.Profile, request.Vehicle, cancellation);
        if (network is null)
        {
            return problem!.ToResult();
        }

        (RoadPosition?[] from, problem) = RoadQuestions.Snap(network.Graph, "pairs.from", pairs.Select(static pair => pair?.From));
        (RoadPosition?[] to, problem) = problem is null ? RoadQuestions.Snap(network.Graph, "pairs.to", pairs.Select(static pair => pair?.To)) : ([], problem);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        var answers = new List<PairAnswer>(pairs.Count);
        for (int pair = 0; pair < pairs.Count; pair++)
        {
            cancellation.ThrowIfCancellationRequested();
            RoadRoute? route = from[pair] is { } start && to[pair] is { } end ? network.Route(start, end) : null;
            string? reason = from[pair] is null ? "from.far" : to[pair] is null ? "to.far" : route is null ? "route.none" : null;
            answers.Add(new PairAnswer(
                pairs[pair]?.Id, route?.Seconds, route?.Meters, reason, route?.LearnedShare, route?.Band?.LowSeconds, route?.Band?.HighSeconds,
                request.Geometry && route is not null ? Line(route) : null));
        }

        return TypedResults.Ok(new RoutesAnswer(answers));
    }

    private static IEnumerable<double[]> Line(RoadRoute route) => route.Geometry.Select(static point => new[] { point.Lon, point.Lat });

    private static Way Describe(RoadNetwork network, RoadRoute route) => new(
        route.Seconds, route.Meters, Line(route),
        RoadSteps.Of(network, route).Select(static step => new Step(step.Turn, step.Street, step.StreetEn, step.Seconds, step.Meters, step.Zh, step.En, step.At.Lon, step.At.Lat)),
        route.LearnedShare, route.Band?.LowSeconds, route.Band?.HighSeconds);
}
