using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>Who drives a vehicle now.</summary>
internal sealed record DriverNow(Guid Id, string Name, string Phone, Guid ShiftId, DateTimeOffset StartsAt, DateTimeOffset? EndsAt);

/// <summary>An approved terminal of a vehicle.</summary>
internal sealed record VehicleTerminal(string Protocol, string Terminal, string Maker, string Model, DateTimeOffset LastSeen);

/// <summary><c>GET /api/vehicles/{id}</c>: one vehicle with its last place, its terminals and who drives it; who reads of a driver is kept.</summary>
internal static class ReadVehicle
{
    /// <param name="SpeedLimitKmh">Null where its kind's holds.</param>
    /// <param name="Driver">Null where nobody drives it now, as far as is known.</param>
    internal sealed record OneVehicleView(
        DateTimeOffset Now, VehicleView Vehicle, float? SpeedLimitKmh, DriverNow? Driver, IReadOnlyList<VehicleTerminal> Terminals);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/vehicles/{id:guid}", HandleAsync)
        .RequireAuthorization(Policies.Desk)
        .WithTags("fleet")
        .Produces<OneVehicleView>()
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Databases databases, AuditTrail audit, TimeProvider clock, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        OneVehicleView? found;
        await using (SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT v.id AS Id, plate AS Plate, kind AS Kind, v.name AS Name, department AS Department,
                lon AS Lon, lat AS Lat, speed_kmh AS SpeedKmh, heading_degrees AS HeadingDegrees, fix_time AS Time,
                (SELECT count(*) FROM tracking.device JOIN tracking.terminal ON device_id = device.id AND state = 'approved'
                 WHERE device.vehicle_id = v.id AND enabled) AS Terminals
            FROM tracking.vehicle v LEFT JOIN tracking.latest_fix ON vehicle_id = v.id
            WHERE v.id = @id AND (@department::text IS NULL OR department = @department);
            SELECT speed_limit_kmh FROM tracking.vehicle WHERE id = @id;
            SELECT d.id AS Id, d.name AS Name, d.phone AS Phone, s.id AS ShiftId, s.starts_at AS StartsAt, s.ends_at AS EndsAt
            FROM tracking.driver_shift s JOIN tracking.driver d ON d.id = driver_id
            WHERE vehicle_id = @id AND tstzrange(starts_at, ends_at) @> @now::timestamptz;
            SELECT protocol AS Protocol, terminal AS Terminal, maker AS Maker, model AS Model, last_seen AS LastSeen
            FROM tracking.device JOIN tracking.terminal ON device_id = device.id AND state = 'approved'
            WHERE device.vehicle_id = @id AND enabled ORDER BY last_seen DESC, protocol, terminal LIMIT 20
            """,
            new { id, department = FleetScope.Of(http.User).Department, now }, cancellationToken: cancellation)))
        {
            VehicleView? vehicle = await answers.ReadSingleOrDefaultAsync<VehicleView>();
            float? limit = await answers.ReadSingleOrDefaultAsync<float?>();
            DriverNow? driver = await answers.ReadSingleOrDefaultAsync<DriverNow>();
            found = vehicle is null ? null : new OneVehicleView(now, vehicle, limit, driver, (await answers.ReadAsync<VehicleTerminal>()).AsList());
        }

        if (found is null)
        {
            return FleetProblems.VehicleUnknown(id).ToResult();
        }

        if (found.Driver is { } read)
        {
            await audit.RecordAsync(connection, http.User, "driver.read", read.Id.ToString("D"), cancellation);
        }

        return TypedResults.Ok(found);
    }
}
