using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>
/// <c>POST /api/drivers</c> enters a driver, <c>POST /api/drivers/{id}</c> corrects one, <c>POST /api/drivers/{id}/leave</c> lets one go.
/// By administrators, and by a department in its own fleet; each act with its row in the log of administration. Again is harmless.
/// </summary>
internal static class EnterDriver
{
    /// <param name="Id">Chosen by the sender, so that a repeat is harmless; the path's where it has one.</param>
    /// <param name="Name">1 to 60 characters.</param>
    /// <param name="Licence">Number of the driving licence, 1 to 32 characters; one driver has it.</param>
    /// <param name="Phone">At most 32 characters.</param>
    /// <param name="Department">Code; of a new driver alone.</param>
    internal sealed record DriverWish(Guid? Id, string? Name, string? Licence, string? Phone, string? Department)
    {
        internal Problem? Check() =>
            FleetProblems.Text("name", Name, 1, 60) ?? FleetProblems.Text("licence", Licence, 1, 32) ?? FleetProblems.Text("phone", Phone ?? "", 0, 32);
    }

    internal static void Map(IEndpointRouteBuilder drivers)
    {
        drivers.MapPost("", EnterAsync).RequireAuthorization(Policies.Desk).Produces<DriverDetail>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        RouteGroupBuilder one = drivers.MapGroup("/{id:guid}").RequireAuthorization(Policies.Desk).ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPost("", CorrectAsync).Produces<DriverDetail>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/leave", LeaveAsync).Produces<DriverDetail>();
    }

    private static async Task<IResult> EnterAsync(
        DriverWish request, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        Problem? bad = request.Id is null || request.Id == Guid.Empty
            ? FleetProblems.BadField("id", request.Id?.ToString(), "UUID")
            : request.Check() ?? FleetProblems.Text("department", request.Department, 1, 32)
                ?? (FleetScope.MayChange(http.User, request.Department) ? null : FleetProblems.OtherFleet(request.Department));
        if (bad is not null)
        {
            return bad.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM identity.department WHERE code = @Department)", request, cancellationToken: cancellation)))
        {
            return Devices.TerminalProblems.DepartmentUnknown(request.Department).ToResult();
        }

        var row = new { request.Id, name = request.Name!.Trim(), licence = request.Licence!.Trim(), phone = (request.Phone ?? "").Trim(), request.Department };
        int entered = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tracking.driver (id, department, name, licence, phone) VALUES (@Id, @Department, @name, @licence, @phone)
            ON CONFLICT DO NOTHING
            """,
            row, cancellationToken: cancellation));
        DriverDetail? driver = await ReadDrivers.FindAsync(connection, request.Id!.Value, default, cancellation);
        if (entered == 0)
        {
            return driver is null ? FleetProblems.DriverExists(row.licence).ToResult()
                : (driver.Name, driver.Licence, driver.Phone, driver.Department) == (row.name, row.licence, row.phone, row.Department)
                    ? TypedResults.Ok(driver)
                    : FleetProblems.DriverDiffers("id", request.Id.ToString()).ToResult();
        }

        await log.AddAsync(
            connection, Actor.Of(http.User), "driver.entered", $"{request.Id:D}", row.name, new { request.Department }, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(driver);
    }

    private static async Task<IResult> CorrectAsync(
        Guid id, DriverWish request, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        (DriverDetail? before, Problem? problem) = await FindToChangeAsync(connection, id, http, cancellation);
        if ((problem ?? request.Check()) is { } bad)
        {
            return bad.ToResult();
        }

        var row = new { id, name = request.Name!.Trim(), licence = request.Licence!.Trim(), phone = (request.Phone ?? "").Trim() };
        if ((before!.Name, before.Licence, before.Phone) == (row.name, row.licence, row.phone))
        {
            return TypedResults.Ok(before);
        }

        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE tracking.driver SET name = @name, licence = @licence, phone = @phone WHERE id = @id", row, cancellationToken: cancellation));
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return FleetProblems.DriverExists(row.licence).ToResult();
        }

        // What a number was stands nowhere: the log is read by more people than the number is for.
        await log.AddAsync(
            connection, Actor.Of(http.User), "driver.changed", $"{id:D}", row.name,
            new { name = before.Name != row.name, licence = before.Licence != row.licence, phone = before.Phone != row.phone }, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(before with { Name = row.name, Licence = row.licence, Phone = row.phone });
    }

    private static async Task<IResult> LeaveAsync(
        Guid id, HttpContext http, Databases databases, AdministrationLog log, TimeProvider clock, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        (DriverDetail? driver, Problem? problem) = await FindToChangeAsync(connection, id, http, cancellation);
        if (problem is not null || driver!.LeftAt is not null)
        {
            return problem?.ToResult() ?? TypedResults.Ok(driver);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE tracking.driver SET left_at = @now WHERE id = @id;
            DELETE FROM tracking.driver_shift WHERE driver_id = @id AND starts_at >= @now;
            UPDATE tracking.driver_shift SET ends_at = @now WHERE driver_id = @id AND (ends_at IS NULL OR ends_at > @now)
            """,
            new { id, now }, cancellationToken: cancellation));
        await log.AddAsync(connection, Actor.Of(http.User), "driver.left", $"{id:D}", driver.Name, new { driver.Department }, cancellation);
        DriverDetail? after = await ReadDrivers.FindAsync(connection, id, default, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(after);
    }

    /// <summary>Locked until the end of the transaction, where the asker may change it.</summary>
    internal static async Task<(DriverDetail? Driver, Problem? Problem)> FindToChangeAsync(
        NpgsqlConnection connection, Guid id, HttpContext http, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT FROM tracking.driver WHERE id = @id FOR UPDATE", new { id }, cancellationToken: cancellation));
        DriverDetail? driver = await ReadDrivers.FindAsync(connection, id, FleetScope.Of(http.User), cancellation);
        return driver is null ? (null, FleetProblems.DriverUnknown(id))
            : FleetScope.MayChange(http.User, driver.Department) ? (driver, null)
            : (null, FleetProblems.OtherFleet(driver.Department));
    }
}
