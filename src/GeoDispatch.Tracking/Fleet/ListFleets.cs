using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>The fleet of a department.</summary>
/// <param name="Vehicles">How many there are in it.</param>
internal sealed record FleetView(string Code, string Name, string NameEn, long Vehicles);

/// <summary><c>GET /api/fleets</c>: the departments whose vehicles the asker sees, those without a vehicle too.</summary>
internal static class ListFleets
{
    /// <param name="Kinds">Of the vehicles that are seen.</param>
    internal sealed record FleetsView(IReadOnlyList<FleetView> Fleets, IReadOnlyList<string> Kinds);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/fleets", HandleAsync)
        .RequireAuthorization(Policies.Desk)
        .WithTags("fleet")
        .Produces<FleetsView>()
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> HandleAsync(HttpContext http, Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT code AS Code, d.name AS Name, name_en AS NameEn, count(v.id) AS Vehicles
            FROM identity.department d LEFT JOIN tracking.vehicle v ON v.department = code
            WHERE @Department::text IS NULL OR code = @Department
            GROUP BY code ORDER BY code;
            SELECT DISTINCT kind FROM tracking.vehicle WHERE @Department::text IS NULL OR department = @Department ORDER BY kind LIMIT 100
            """,
            FleetScope.Of(http.User), cancellationToken: cancellation));
        return TypedResults.Ok(new FleetsView((await answers.ReadAsync<FleetView>()).AsList(), (await answers.ReadAsync<string>()).AsList()));
    }
}
