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

/// <summary><c>POST /api/vehicles/{id}</c>: an administrator says what a vehicle is called, of which kind, and in whose fleet it is.</summary>
internal static class ChangeVehicle
{
    /// <param name="Name">1 to 60 characters; null, as with the others, leaves it.</param>
    /// <param name="Kind">Such as <c>ambulance</c>.</param>
    /// <param name="Department">Code of a department.</param>
    internal sealed record VehicleWish(string? Name = null, string? Kind = null, string? Department = null);

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
            ?? (request.Department is null ? null : FleetProblems.Text("department", request.Department, 1, 32));
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
                UPDATE tracking.vehicle
                SET name = coalesce(@name, name), kind = coalesce(@Kind, kind), department = coalesce(@Department, department)
                WHERE id = @id AND (name, kind, department) IS DISTINCT FROM (coalesce(@name, name), coalesce(@Kind, kind), coalesce(@Department, department))
                RETURNING plate
                """,
                new { id, name = request.Name?.Trim(), request.Kind, request.Department }, cancellationToken: cancellation));
            if (plate is not null)
            {
                await log.AddAsync(connection, Actor.Of(http.User), "vehicle.changed", $"{id:D}", plate, request, cancellation);
                await transaction.CommitAsync(cancellation);
            }
        }

        return await ReadVehicle.HandleAsync(id, http, databases, audit, clock, cancellation);
    }
}
