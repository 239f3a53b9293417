using System.Globalization;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>
/// <c>POST /api/vehicles/{id}</c>: an administrator says what a vehicle is called, of which kind, how fast it may go, and in whose fleet it is. In
/// another fleet it is driven by that fleet's drivers: the shift of any other ends now, one that has not begun is taken back.
/// </summary>
internal static class ChangeVehicle
{
    /// <param name="Name">1 to 60 characters; null, as with the others, leaves it.</param>
    /// <param name="Kind">Such as <c>ambulance</c>.</param>
    /// <param name="Department">Code of a department.</param>
    /// <param name="SpeedLimitKmh">10 to 200: its days that begin from now on count as overspeed what is faster. 0: as its kind has it.</param>
    internal sealed record VehicleWish(string? Name = null, string? Kind = null, string? Department = null, double? SpeedLimitKmh = null);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/vehicles/{id:guid}", HandleAsync)
        .RequireAuthorization(Policies.Administrators)
        .WithTags("fleet")
        .Produces<ReadVehicle.OneVehicleView>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        Guid id, VehicleWish request, HttpContext http, Databases databases, AdministrationLog log, AuditTrail audit, TimeProvider clock,
        CancellationToken cancellation)
    {
        Problem? bad = (request.Name is null ? null : FleetProblems.Text("name", request.Name, 1, 60))
            ?? (request.Kind is null || ApprovalWish.IsKind(request.Kind)
                ? null
                : FleetProblems.BadField("kind", request.Kind, "小写字母、数字、_、-,1 至 32 个 / 1 to 32 lower-case letters, digits, _, -"))
            ?? (request.Department is null ? null : FleetProblems.Text("department", request.Department, 1, 32))
            ?? (request.SpeedLimitKmh is null or 0 or (>= 10 and <= 200)
                ? null
                : FleetProblems.BadField("speedLimitKmh", request.SpeedLimitKmh.Value.ToString(CultureInfo.InvariantCulture), "10…200,0 按车辆种类 / 10…200; 0: as its kind has it"));
        if (bad is not null)
        {
            return bad.ToResult();
        }

        await using (NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation))
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation))
        {
            if (request.Department is not null && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT FROM identity.department WHERE code = @Department)", request, cancellationToken: cancellation)))
            {
                return TerminalProblems.DepartmentUnknown(request.Department).ToResult();
            }

            // A vehicle that is as wished already is left alone, and is not logged.
            string? plate = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
                """
                UPDATE tracking.vehicle SET name = wished.name, kind = wished.kind, department = wished.department, speed_limit_kmh = wished.speed_limit_kmh
                FROM (
                    SELECT coalesce(@name, name) AS name, coalesce(@Kind, kind) AS kind, coalesce(@Department, department) AS department,
                        CASE WHEN @SpeedLimitKmh::real IS NULL THEN speed_limit_kmh ELSE nullif(@SpeedLimitKmh::real, 0) END AS speed_limit_kmh
                    FROM tracking.vehicle WHERE id = @id FOR UPDATE
                ) AS wished
                WHERE id = @id AND (vehicle.name, vehicle.kind, vehicle.department, vehicle.speed_limit_kmh)
                    IS DISTINCT FROM (wished.name, wished.kind, wished.department, wished.speed_limit_kmh)
                RETURNING plate
                """,
                new { id, name = request.Name?.Trim(), request.Kind, request.Department, request.SpeedLimitKmh }, cancellationToken: cancellation));
            if (plate is not null)
            {
                await EndShiftsAsync(connection, id, clock.GetUtcNow(), cancellation);
                await log.AddAsync(connection, Actor.Of(http.User), "vehicle.changed", $"{id:D}", plate, request, cancellation);
                await transaction.CommitAsync(cancellation);
            }
        }

        return await ReadVehicle.HandleAsync(id, http, databases, audit, clock, cancellation);
    }

    private static Task<int> EndShiftsAsync(NpgsqlConnection connection, Guid id, DateTimeOffset now, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            WITH foreign_shift AS (
                SELECT shift.id, starts_at FROM tracking.driver_shift AS shift
                JOIN tracking.driver ON driver.id = driver_id JOIN tracking.vehicle ON vehicle.id = vehicle_id
                WHERE vehicle_id = @id AND driver.department IS DISTINCT FROM vehicle.department AND (ends_at IS NULL OR ends_at > @now)
            ), withdrawn AS (
                DELETE FROM tracking.driver_shift USING foreign_shift WHERE driver_shift.id = foreign_shift.id AND foreign_shift.starts_at >= @now)
            UPDATE tracking.driver_shift SET ends_at = @now FROM foreign_shift
            WHERE driver_shift.id = foreign_shift.id AND foreign_shift.starts_at < @now
            """,
            new { id, now }, cancellationToken: cancellation));
}
