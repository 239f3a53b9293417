using Dapper;
using GeoDispatch.City;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Figures;

/// <summary>
/// <c>GET /api/ems/figures/{code}/cases?from=&amp;to=&amp;by=&amp;key=&amp;missing=&amp;limit=</c>: the cases behind a figure, the longest first; with
/// <c>missing</c> those that it could not count. Each leads to its incident.
/// </summary>
internal static class ReadRuns
{
    private const int MostCases = 500;

    /// <param name="Id">Of the run, the incident or the call.</param>
    /// <param name="CallSign">Of the run; null for others.</param>
    /// <param name="Seconds">Null where an end is missing; below 0 where the ends contradict each other.</param>
    internal sealed record Case(
        Guid Id, Guid? IncidentId, string? IncidentNumber, string? CallSign, string? Station, string? District, int? Level, DateTime Since, double? Seconds);

    internal sealed record CasesView(FigureDefinition Figure, IReadOnlyList<Case> Cases);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/figures/{code}/cases", HandleAsync)
        .Produces<CasesView>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    internal static Problem Unknown(string code) => new(
        404, "figure.unknown", "没有此指标 / No such figure", string.Join(" | ", Figure.All.Select(static one => one.Code)), "code", code.Length > 40 ? code[..40] : code);

    private static async Task<IResult> HandleAsync(
        string code, FigureReader figures, Databases databases, CityProfiles city, TimeProvider clock,
        DateTimeOffset? from, DateTimeOffset? to, string? by, string? key, bool? missing, int? limit, CancellationToken cancellation)
    {
        if (Figure.Find(code) is not { } figure)
        {
            return Unknown(code).ToResult();
        }

        (Span? span, Problem? problem) = Span.Read(from, to, by, clock);
        if (span is null)
        {
            return problem!.ToResult();
        }

        int most = limit ?? 100;
        if (most is < 1 or > MostCases)
        {
            return new Problem(400, "figures.limit", "条数无效 / Wrong number", $"limit: 1…{MostCases}", "limit", $"{most}").ToResult();
        }

        string columns = figure.Of switch
        {
            "run" => "id, incident_id AS IncidentId, incident_number AS IncidentNumber, call_sign AS CallSign, station, district, level, notified_at AS Since",
            "incident" => "id, id AS IncidentId, number AS IncidentNumber, NULL::text AS CallSign, station, district, level, received_at AS Since",
            _ => "id, incident_id AS IncidentId, NULL::text AS IncidentNumber, NULL::text AS CallSign, NULL::text AS station, NULL::text AS district, NULL::int AS level, rang_at AS Since",
        };
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<Case> cases = await connection.QueryAsync<Case>(new CommandDefinition(
            $"""
            {FigureSql.Sources(withDistrict: true)}
            SELECT {columns}, {figure.Seconds} AS Seconds FROM {figure.Of}
            WHERE (@key::text IS NULL OR {FigureSql.Key(figure.Of, span.By)} = @key) AND ({figure.Seconds} >= 0) IS {(missing == true ? "DISTINCT" : "NOT DISTINCT")} FROM true
            ORDER BY Seconds DESC NULLS LAST, id LIMIT @most
            """,
            new { from = span.From.UtcDateTime, to = span.To.UtcDateTime, zone = (await city.GetAsync(cancellation)).TimeZone, key, most },
            cancellationToken: cancellation));
        return TypedResults.Ok(new CasesView((await figures.DefinitionsAsync(cancellation)).Single(one => one.Code == code), [.. cases]));
    }
}
