using System.Globalization;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>A driver in the list: what tells people apart, and no more.</summary>
/// <param name="LicenceEnd">The last four characters of the number.</param>
/// <param name="VehicleId">Which the driver drives now; null where none.</param>
internal sealed record DriverView(
    Guid Id, string Name, string Department, string LicenceEnd, bool HasLeft, Guid? VehicleId, string? Plate, DateTimeOffset? Since, Guid? ShiftId);

/// <summary>A shift of a driver.</summary>
/// <param name="EndsAt">Null where it goes on until somebody ends it.</param>
internal sealed record ShiftView(Guid Id, Guid VehicleId, string Plate, DateTimeOffset StartsAt, DateTimeOffset? EndsAt);

/// <summary>All of a driver.</summary>
/// <param name="Shifts">The last fifty, the newest first.</param>
internal sealed record DriverDetail(
    Guid Id, string Name, string Department, string Licence, string Phone, DateTimeOffset? LeftAt, IReadOnlyList<ShiftView> Shifts);

/// <summary><c>GET /api/drivers</c> and <c>GET /api/drivers/{id}</c>: the drivers that the asker may see. Who reads is kept.</summary>
internal static class ReadDrivers
{
    private const int MostListed = 500;

    /// <param name="Next">For <c>after</c>; null at the end.</param>
    internal sealed record DriversView(DateTimeOffset Now, IReadOnlyList<DriverView> Drivers, long Total, Guid? Next);

    private sealed record Row(Guid Id, string Name, string Department, string Licence, string Phone, DateTimeOffset? LeftAt);

    internal static void Map(IEndpointRouteBuilder drivers)
    {
        drivers.MapGet("", ListAsync).RequireAuthorization(Policies.Desk).Produces<DriversView>().ProducesProblem(StatusCodes.Status400BadRequest);
        drivers.MapGet("/{id:guid}", ShowAsync).RequireAuthorization(Policies.Desk)
            .Produces<DriverDetail>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Null where there is none, or in a fleet that is not seen.</summary>
    internal static async Task<DriverDetail?> FindAsync(NpgsqlConnection connection, Guid id, FleetScope scope, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT id AS Id, name AS Name, department AS Department, licence AS Licence, phone AS Phone, left_at AS LeftAt
            FROM tracking.driver WHERE id = @id AND (@Department::text IS NULL OR department = @Department);
            SELECT s.id AS Id, vehicle_id AS VehicleId, plate AS Plate, starts_at AS StartsAt, ends_at AS EndsAt
            FROM tracking.driver_shift s JOIN tracking.vehicle ON vehicle.id = vehicle_id
            WHERE driver_id = @id ORDER BY starts_at DESC LIMIT 50
            """,
            new { id, scope.Department }, cancellationToken: cancellation));
        Row? row = await answers.ReadSingleOrDefaultAsync<Row>();
        return row is null
            ? null
            : new DriverDetail(row.Id, row.Name, row.Department, row.Licence, row.Phone, row.LeftAt, (await answers.ReadAsync<ShiftView>()).AsList());
    }

    private static async Task<IResult> ShowAsync(
        Guid id, HttpContext http, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        if (await FindAsync(connection, id, FleetScope.Of(http.User), cancellation) is not { } driver)
        {
            return FleetProblems.DriverUnknown(id).ToResult();
        }

        await audit.RecordAsync(connection, http.User, "driver.read", id.ToString("D"), cancellation);
        return TypedResults.Ok(driver);
    }

    private static async Task<IResult> ListAsync(
        string? search, string? department, Guid? after, int? limit,
        HttpContext http, Databases databases, AuditTrail audit, TimeProvider clock, CancellationToken cancellation)
    {
        FleetScope scope = FleetScope.Of(http.User);
        Problem? bad = FleetProblems.Text("search", search, 0, 60) ?? FleetProblems.Text("department", department, 0, 32)
            ?? (limit is < 1 or > MostListed
                ? FleetProblems.BadField("limit", limit.Value.ToString(CultureInfo.InvariantCulture), $"1…{MostListed}")
                : null)
            ?? scope.Check(ListVehicles.NullIfBlank(department));
        if (bad is not null)
        {
            return bad.ToResult();
        }

        (DateTimeOffset now, int most) = (clock.GetUtcNow(), limit ?? 100);
        string? asked = scope.Department ?? ListVehicles.NullIfBlank(department);
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        long total;
        List<DriverView> found;
        await using (SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            SELECT count(*) FROM tracking.driver d WHERE {Fits};
            SELECT d.id AS Id, d.name AS Name, d.department AS Department, right(licence, 4) AS LicenceEnd, left_at IS NOT NULL AS HasLeft,
                vehicle.id AS VehicleId, plate AS Plate, starts_at AS Since, s.id AS ShiftId
            FROM tracking.driver d
            LEFT JOIN tracking.driver_shift s ON driver_id = d.id AND tstzrange(starts_at, ends_at) @> @now::timestamptz
            LEFT JOIN tracking.vehicle ON vehicle.id = vehicle_id
            WHERE {Fits} AND (@after::uuid IS NULL
                OR (left_at IS NOT NULL, d.name, d.id) > (SELECT left_at IS NOT NULL, name, id FROM tracking.driver WHERE id = @after))
            ORDER BY left_at IS NOT NULL, d.name, d.id LIMIT @most + 1
            """,
            new { text = ListVehicles.Pattern(search), asked, after, most, now }, cancellationToken: cancellation)))
        {
            total = await answers.ReadSingleAsync<long>();
            found = (await answers.ReadAsync<DriverView>()).AsList();
        }

        await audit.RecordAsync(connection, http.User, "drivers.listed", asked ?? "*", cancellation);
        return TypedResults.Ok(found.Count > most
            ? new DriversView(now, found[..most], total, found[most - 1].Id)
            : new DriversView(now, found, total, null));
    }

    private const string Fits = "(@asked::text IS NULL OR d.department = @asked) AND (@text::text IS NULL OR d.name ILIKE @text)";
}
