using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>
/// <c>POST /api/drivers/{id}/shifts</c>: who drives which vehicle when; <c>POST /api/drivers/{id}/shifts/{shift}/end</c> ends a shift now.
/// Two shifts of one vehicle, or of one driver, never overlap: the database itself refuses. Again is harmless.
/// </summary>
internal static class PlanShift
{
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(366);

    /// <param name="Id">Chosen by the sender, so that a repeat is harmless.</param>
    /// <param name="StartsAt">At most a year from now, back or ahead; now where nothing is said.</param>
    /// <param name="EndsAt">Later than the start, at most a year; null goes on until somebody ends it.</param>
    internal sealed record ShiftWish(Guid? Id, Guid? VehicleId, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null)
    {
        internal Problem? Check(DateTimeOffset now)
        {
            DateTimeOffset start = StartsAt ?? now;
            return Id is null || Id == Guid.Empty ? FleetProblems.BadField("id", Id?.ToString(), "UUID")
                : VehicleId is null ? FleetProblems.BadField("vehicleId", null, "UUID")
                : (start - now).Duration() > Farthest ? FleetProblems.BadField("startsAt", $"{StartsAt:O}", "±366 天 / days")
                : EndsAt is { } end && (end <= start || end - start > Farthest)
                    ? FleetProblems.BadField("endsAt", $"{EndsAt:O}", "晚于 startsAt,至多 366 天 / later than startsAt, at most 366 days")
                : null;
        }
    }

    internal static void Map(IEndpointRouteBuilder drivers)
    {
        RouteGroupBuilder shifts = drivers.MapGroup("/{id:guid}/shifts").RequireAuthorization(Policies.Desk)
            .ProducesProblem(StatusCodes.Status404NotFound);
        shifts.MapPost("", PlanAsync).Produces<DriverDetail>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        shifts.MapPost("/{shift:guid}/end", EndAsync).Produces<DriverDetail>();
    }

    private static async Task<IResult> PlanAsync(
        Guid id, ShiftWish request, HttpContext http, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        (DriverDetail? driver, Problem? problem) = await EnterDriver.FindToChangeAsync(connection, id, http, cancellation);
        problem ??= request.Check(now)
            ?? (driver!.LeftAt is null ? null : FleetProblems.HasLeft(id))
            ?? (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT FROM tracking.vehicle WHERE id = @VehicleId AND department = @Department)",
                new { request.VehicleId, driver.Department }, cancellationToken: cancellation))
                    ? null
                    : FleetProblems.VehicleUnknown(request.VehicleId) with
                    {
                        Detail = $"车辆须属于驾驶员的部门 / The vehicle must be of the driver's department: {driver.Department}",
                    });
        if (problem is not null)
        {
            return problem.ToResult();
        }

        int planned;
        try
        {
            planned = await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO tracking.driver_shift (id, driver_id, vehicle_id, starts_at, ends_at) VALUES (@Id, @driver, @VehicleId, @start, @EndsAt)
                ON CONFLICT (id) DO NOTHING
                """,
                new { request.Id, driver = id, request.VehicleId, start = request.StartsAt ?? now, request.EndsAt }, cancellationToken: cancellation));
        }
        catch (PostgresException overlap) when (overlap.SqlState == PostgresErrorCodes.ExclusionViolation)
        {
            return (overlap.ConstraintName == "one_driver_at_a_time"
                ? FleetProblems.VehicleTaken with { Value = request.VehicleId.ToString() }
                : FleetProblems.DriverTaken with { Value = id.ToString("D") }).ToResult();
        }

        // The id may have stood for another shift: then nothing was planned here.
        if (planned == 0 && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM tracking.driver_shift WHERE id = @Id AND driver_id = @driver AND vehicle_id = @VehicleId)",
            new { request.Id, driver = id, request.VehicleId }, cancellationToken: cancellation)))
        {
            return FleetProblems.DriverDiffers("id", request.Id.ToString()).ToResult();
        }

        DriverDetail after = (await ReadDrivers.FindAsync(connection, id, default, cancellation))!;
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(after);
    }

    private static async Task<IResult> EndAsync(
        Guid id, Guid shift, HttpContext http, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        (DriverDetail? driver, Problem? problem) = await EnterDriver.FindToChangeAsync(connection, id, http, cancellation);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        // One that has not begun is taken back; one that has ended stays as it is.
        long known = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            WITH known AS (SELECT id, starts_at FROM tracking.driver_shift WHERE id = @shift AND driver_id = @id),
            withdrawn AS (DELETE FROM tracking.driver_shift USING known WHERE driver_shift.id = known.id AND known.starts_at >= @now),
            ended AS (
                UPDATE tracking.driver_shift SET ends_at = @now FROM known
                WHERE driver_shift.id = known.id AND known.starts_at < @now AND (ends_at IS NULL OR ends_at > @now))
            SELECT count(*) FROM known
            """,
            new { id = driver!.Id, shift, now = clock.GetUtcNow() }, cancellationToken: cancellation));
        if (known == 0)
        {
            return FleetProblems.ShiftUnknown(shift).ToResult();
        }

        DriverDetail ended = (await ReadDrivers.FindAsync(connection, id, default, cancellation))!;
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(ended);
    }
}
