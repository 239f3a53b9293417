using System.Globalization;
using Dapper;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Motion;

/// <summary>
/// <c>GET /api/vehicles/{id}/days/{date}</c>: what a vehicle did in a day of China (UTC+8), folded from its history. Late fixes count as
/// soon as they are stored.
/// </summary>
internal static class ReadVehicleDay
{
    private const int MostFixes = 200_000;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private sealed record Row(DateTimeOffset FixTime, double Lon, double Lat, float? SpeedKmh, bool? Ignition);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/vehicles/{id:guid}/days/{date}", HandleAsync)
        .RequireAuthorization(TrackingModule.Watchers)
        .WithTags("positions")
        .Produces<VehicleDay>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> HandleAsync(Guid id, string date, Databases databases, CancellationToken cancellation)
    {
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            || day.Year is < 2000 or > 2099)
        {
            return new Problem(
                400, "day.out_of_range", "日期无效 / Wrong date", "yyyy-MM-dd, 2000 … 2099", "date", date.Length > 40 ? date[..40] : date).ToResult();
        }

        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), China);
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM tracking.vehicle WHERE id = @id)", new { id }, cancellationToken: cancellation)))
        {
            return new Problem(404, "vehicle.unknown", "没有此车辆 / No such vehicle", "请核对编号 / Check the id", "id", id.ToString("D")).ToResult();
        }

        List<Row> rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT fix_time AS FixTime, lon AS Lon, lat AS Lat, speed_kmh AS SpeedKmh, ignition AS Ignition
            FROM tracking.fix
            WHERE vehicle_id = @id AND fix_time >= @from AND fix_time < @to AND lon IS NOT NULL
            LIMIT @most
            """,
            new { id, from = from.UtcDateTime, to = from.UtcDateTime.AddDays(1), most = MostFixes + 1 },
            cancellationToken: cancellation))).AsList();
        return rows.Count > MostFixes
            ? new Problem(
                422, "day.too_many_fixes", "当日定位点过多 / Too many fixes in this day", $"最多 {MostFixes} 个 / at most {MostFixes}", "date", date).ToResult()
            : TypedResults.Ok(VehicleDay.Fold(rows.Select(
                static row => new MotionFix(row.FixTime, row.Lon, row.Lat, row.SpeedKmh, row.Ignition))));
    }
}
