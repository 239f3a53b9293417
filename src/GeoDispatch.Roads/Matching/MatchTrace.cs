using System.Globalization;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Roads.Matching;

/// <summary><c>POST /api/roads/match</c>: the streets that a trace was driven on, and when each was entered and left.</summary>
internal static class MatchTrace
{
    internal const int MostPoints = 5_000;

    /// <param name="Time">ISO 8601 with its offset; points come in the order of time.</param>
    /// <param name="Heading">Degrees clockwise from north, 0 to 360; null where not known.</param>
    internal sealed record Point(DateTimeOffset? Time, double? Lon, double? Lat, double? Heading);

    internal sealed record Request(IReadOnlyList<Point?>? Points);

    /// <param name="Lon">On the street; null where the point lies on none, or cannot be.</param>
    /// <param name="Break">Why it is not connected with the one before: <c>gap</c>, <c>offRoad</c>, <c>noWay</c>; null where it is.</param>
    internal sealed record Place(double? Lon, double? Lat, string? Break);

    /// <param name="StreetId">Of the piece of street in the base map.</param>
    /// <param name="Meters">Driven on it.</param>
    /// <param name="IsWhole">True where it was driven from one end to the other.</param>
    internal sealed record Street(long StreetId, string? Name, string? NameEn, DateTimeOffset Enter, DateTimeOffset Leave, double Meters, bool IsWhole);

    /// <param name="Places">One for each point of the question.</param>
    /// <param name="Lines">A line for each part without a break: longitude and latitude of each of its points.</param>
    internal sealed record Answer(IEnumerable<Place> Places, IEnumerable<Street> Streets, IEnumerable<IEnumerable<double[]>> Lines);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/roads/match", HandleAsync)
        .RequireAuthorization(Policies.Everyone).OpenToKeys(Scopes.Roads).Costs(10, freeForDesk: true).WithTags("roads")
        .Produces<Answer>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> HandleAsync(Request request, Streets streets, CancellationToken cancellation)
    {
        if (request.Points is not { Count: >= 2 and <= MostPoints } points)
        {
            return Bad("points", request.Points?.Count.ToString(CultureInfo.InvariantCulture), $"2 至 {MostPoints} 个点 / 2 to {MostPoints} points").ToResult();
        }

        var trace = new TracePoint[points.Count];
        for (int index = 0; index < points.Count; index++)
        {
            if (Read(points[index], index) is not ({ } read, null) || (index > 0 && read.Time <= trace[index - 1].Time))
            {
                return (Read(points[index], index).Problem ?? Bad(
                    $"points[{index}].time", points[index]?.Time?.ToString("O", CultureInfo.InvariantCulture), "须晚于前一点 / later than the point before it")).ToResult();
            }

            trace[index] = read;
        }

        RoadGraph graph = await streets.GetGraphAsync(cancellation);
        return TypedResults.Ok(Tell(graph, new TraceMatcher(graph).Match(trace)));
    }

    private static (TracePoint? Point, Problem? Problem) Read(Point? point, int index)
    {
        if (point?.Time is not { } time)
        {
            return (null, Bad($"points[{index}].time", null, "ISO 8601, 2026-03-02T08:00:00+08:00"));
        }

        if (!LonLat.TryCreate(point.Lon ?? double.NaN, point.Lat ?? double.NaN, out LonLat at))
        {
            return (null, Bad($"points[{index}]", FormattableString.Invariant($"{point.Lon},{point.Lat}"), "lon −180…180, lat −90…90"));
        }

        return point.Heading is not (null or >= 0 and <= 360)
            ? (null, Bad($"points[{index}].heading", point.Heading.Value.ToString(CultureInfo.InvariantCulture), "0…360"))
            : (new TracePoint(time, at, point.Heading), null);
    }

    private static Answer Tell(RoadGraph graph, TraceMatch match)
    {
        var lines = new List<List<LonLat>>();
        foreach (RoadPass pass in match.Passes)
        {
            if (!pass.Follows)
            {
                lines.Add([]);
            }

            bool along = (pass.Arc & 1) == 0;
            graph.Shapes.Append(lines[^1], new RoadPiece(pass.Arc >> 1, along ? pass.Begin : 1 - pass.Begin, along ? pass.End : 1 - pass.End));
        }

        return new Answer(
            match.Points.Select(point => point.Position is { } position && graph.PointAt(position) is var at
                ? new Place(at.Lon, at.Lat, Word(point.Break)) : new Place(null, null, null)),
            match.Passes.Select(pass =>
            {
                RoadStreet street = graph.Streets[graph.StreetOf[pass.Arc >> 1]];
                return new Street(
                    graph.StreetId(new RoadPosition(pass.Arc >> 1, 0)), street.Name, street.NameEn, pass.Enter, pass.Leave,
                    graph.ArcMeters(pass.Arc) * (pass.End - pass.Begin), pass.IsWhole);
            }),
            lines.Select(static line => line.Select(static point => new[] { point.Lon, point.Lat })));
    }

    private static string? Word(MatchBreak? why) => why switch
    {
        MatchBreak.Gap => "gap",
        MatchBreak.OffRoad => "offRoad",
        MatchBreak.NoWay => "noWay",
        _ => null,
    };

    private static Problem Bad(string field, string? value, string right) =>
        new(400, "roads.bad_trace", "轨迹不对 / Bad trace", $"{field}: {right}", field, value);
}
