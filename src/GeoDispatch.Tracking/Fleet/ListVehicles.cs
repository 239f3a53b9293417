using System.Globalization;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>A vehicle in the list of the fleet.</summary>
/// <param name="Department">Code; null where it belongs to none.</param>
/// <param name="Lon">Degrees of its last place; null, like what follows, where it never reported.</param>
/// <param name="Time">When it was there, by its terminal.</param>
/// <param name="Terminals">How many approved terminals report for it.</param>
internal sealed record VehicleView(
    Guid Id, string Plate, string Kind, string Name, string? Department,
    double? Lon, double? Lat, float? SpeedKmh, float? HeadingDegrees, DateTimeOffset? Time, long Terminals);

/// <summary><c>GET /api/vehicles</c>: the fleet that the asker may see, by plate, with the last place of each.</summary>
internal static class ListVehicles
{
    internal const int MostListed = 500;

    /// <param name="Now">The server's, from which ages are told.</param>
    /// <param name="Total">How many there are in all pages.</param>
    /// <param name="Next">For <c>after</c>; null at the end.</param>
    internal sealed record VehiclesView(DateTimeOffset Now, IReadOnlyList<VehicleView> Vehicles, long Total, Guid? Next);

    /// <summary>What is asked for, checked.</summary>
    /// <param name="Text">For LIKE: part of plate, name, or name of the department, in any case; null is any.</param>
    /// <param name="After">Id of the last vehicle of the page before.</param>
    private sealed record Question(string? Text, string? Department, string? Kind, Guid? After, int Limit);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/vehicles", HandleAsync)
        .RequireAuthorization(Policies.Desk)
        .WithTags("fleet")
        .Produces<VehiclesView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> HandleAsync(
        string? search, string? department, string? kind, Guid? after, int? limit,
        HttpContext http, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        FleetScope scope = FleetScope.Of(http.User);
        Problem? bad = FleetProblems.Text("search", search, 0, 60) ?? FleetProblems.Text("department", department, 0, 32)
            ?? FleetProblems.Text("kind", kind, 0, 32)
            ?? (limit is < 1 or > MostListed
                ? FleetProblems.BadField("limit", limit.Value.ToString(CultureInfo.InvariantCulture), $"1…{MostListed}")
                : null)
            ?? scope.Check(NullIfBlank(department));
        if (bad is not null)
        {
            return bad.ToResult();
        }

        var question = new Question(Pattern(search), scope.Department ?? NullIfBlank(department), NullIfBlank(kind), after, limit ?? 100);
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        (IReadOnlyList<VehicleView> found, long total) = await ReadAsync(connection, question, cancellation);
        return TypedResults.Ok(found.Count > question.Limit
            ? new VehiclesView(clock.GetUtcNow(), [.. found.Take(question.Limit)], total, found[question.Limit - 1].Id)
            : new VehiclesView(clock.GetUtcNow(), found, total, null));
    }

    private static async Task<(IReadOnlyList<VehicleView> Found, long Total)> ReadAsync(
        NpgsqlConnection connection, Question question, CancellationToken cancellation)
    {
        // Counted and listed in one round trip; the page is cut before places and terminals are looked up.
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            SELECT count(*) FROM tracking.vehicle v LEFT JOIN identity.department d ON d.code = v.department WHERE {Fits};
            WITH page AS (
                SELECT v.id, plate, kind, v.name, department
                FROM tracking.vehicle v LEFT JOIN identity.department d ON d.code = v.department
                WHERE {Fits} AND (@After::uuid IS NULL OR (plate, v.id) > (SELECT plate, id FROM tracking.vehicle WHERE id = @After))
                ORDER BY plate, v.id LIMIT @Limit + 1
            )
            SELECT page.id AS Id, page.plate AS Plate, kind AS Kind, page.name AS Name, department AS Department,
                lon AS Lon, lat AS Lat, speed_kmh AS SpeedKmh, heading_degrees AS HeadingDegrees, fix_time AS Time,
                (SELECT count(*) FROM tracking.device JOIN tracking.terminal ON device_id = device.id AND state = 'approved'
                 WHERE device.vehicle_id = page.id AND enabled) AS Terminals
            FROM page LEFT JOIN tracking.latest_fix ON vehicle_id = page.id
            ORDER BY page.plate, page.id
            """,
            question, cancellationToken: cancellation));
        long total = await answers.ReadSingleAsync<long>();
        return ((await answers.ReadAsync<VehicleView>()).AsList(), total);
    }

    private const string Fits =
        """
        (@Department::text IS NULL OR department = @Department) AND (@Kind::text IS NULL OR kind = @Kind)
        AND (@Text::text IS NULL OR plate ILIKE @Text OR v.name ILIKE @Text OR d.name ILIKE @Text)
        """;

    internal static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Whoever searches means the letters: % and _ stand for themselves.</summary>
    internal static string? Pattern(string? text) => NullIfBlank(text) is { } words
        ? $"%{words.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%"
        : null;
}
