using System.Security.Claims;
using Dapper;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Prealerts;

/// <summary>
/// <c>POST /api/hospitals/{id}/prealerts/{prealertId}/receipt</c>: somebody at the hospital has read it (收到), which the desk and the crew see. Pressed
/// again, the first time counts.
/// </summary>
internal static class ReceivePrealert
{
    internal static void Map(IEndpointRouteBuilder hospital) => hospital.MapPost("/{prealertId:guid}/receipt", HandleAsync)
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        Guid id, Guid prealertId, HttpContext http, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        if (ReportHospital.RefuseOthers(http.User, id) is { } refusal)
        {
            return refusal.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM ems_care.prealert WHERE id = @prealertId AND hospital_id = @id)", new { prealertId, id }, cancellationToken: cancellation)))
        {
            return HospitalProblems.PrealertUnknown(prealertId).ToResult();
        }

        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO ems_care.prealert_receipt (prealert_id, at, by, account_id) VALUES (@prealertId, @now, @by, @account) ON CONFLICT DO NOTHING",
            new
            {
                prealertId,
                now = clock.GetUtcNow(),
                by = http.User.FindFirstValue(ClaimTypes.GivenName) ?? http.User.Identity!.Name!,
                account = Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!),
            },
            cancellationToken: cancellation));
        await HospitalReader.TellAsync(connection, id, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }
}
