using System.Globalization;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Motion;

/// <summary>
/// <c>GET /api/vehicles/{id}/trail?from=&amp;to=&amp;most=</c>: the way of a vehicle in at most 48 hours, cut where nobody knows it, without
/// places that it cannot have been at, thinned where there are more than <c>most</c> places.
/// </summary>
internal static class ReadTrail
{
    private const int MostFixes = 200_000;
    private const int MostPoints = 20_000;
    private const int StandardPoints = 5_000;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(48);
    private static readonly TimeSpan Standard = TimeSpan.FromHours(24);

    internal sealed record TrailView(Guid VehicleId, DateTimeOffset From, DateTimeOffset To, Trail Trail);

    private sealed record Row(DateTimeOffset FixTime, double? Lon, double? Lat, float? SpeedKmh, float? AccuracyMeters);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/vehicles/{id:guid}/trail", HandleAsync)
        .RequireAuthorization(Policies.Desk)
        .WithTags("fleet")
        .Produces<TrailView>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> HandleAsync(
        Guid id, DateTimeOffset? from, DateTimeOffset? to, int? most,
        HttpContext http, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        DateTimeOffset end = to ?? (from is { } begin ? begin + Standard : clock.GetUtcNow());
        DateTimeOffset start = from ?? end - Standard;
        if (start >= end || end - start > Longest)
        {
            return FleetProblems.BadField(
                "from", start.ToString("O", CultureInfo.InvariantCulture), "早于 to,至多 48 小时 / before to, by at most 48 hours").ToResult();
        }

        if (most is < 2 or > MostPoints)
        {
            return FleetProblems.BadField("most", most.Value.ToString(CultureInfo.InvariantCulture), $"2…{MostPoints}").ToResult();
        }

        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT EXISTS (SELECT FROM tracking.vehicle WHERE id = @id AND (@department::text IS NULL OR department = @department));
            SELECT fix_time AS FixTime, lon AS Lon, lat AS Lat, speed_kmh AS SpeedKmh, accuracy_m AS AccuracyMeters
            FROM tracking.fix
            WHERE vehicle_id = @id AND fix_time >= @start AND fix_time < @end
            AND EXISTS (SELECT FROM tracking.vehicle WHERE id = @id AND (@department::text IS NULL OR department = @department))
            ORDER BY fix_time, lon, lat, speed_kmh, accuracy_m LIMIT @MostFixes + 1
            """,
            new { id, department = FleetScope.Of(http.User).Department, start, end, MostFixes }, cancellationToken: cancellation));
        if (!await answers.ReadSingleAsync<bool>())
        {
            return FleetProblems.VehicleUnknown(id).ToResult();
        }

        List<Row> rows = (await answers.ReadAsync<Row>()).AsList();
        if (rows.Count > MostFixes)
        {
            return new Problem(
                422, "trail.too_many_fixes", "定位点过多 / Too many fixes", $"缩短时段:最多 {MostFixes} 个 / Ask for a shorter time: at most {MostFixes}",
                "from", start.ToString("O", CultureInfo.InvariantCulture)).ToResult();
        }

        // Two of its terminals may report one place at one moment.
        TrailFix[] fixes = [.. rows.Select(static row => new TrailFix(
            row.FixTime, row.Lon is { } lon ? new LonLat(lon, row.Lat!.Value) : null, row.SpeedKmh, row.AccuracyMeters)).Distinct()];
        return TypedResults.Ok(new TrailView(id, start, end, Trail.Of(fixes, most ?? StandardPoints)));
    }
}
