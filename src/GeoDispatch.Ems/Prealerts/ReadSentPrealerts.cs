using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Prealerts;

/// <summary>
/// <c>GET /api/assignments/{id}/prealert</c>: what the hospitals were told of a run, and who there has read it; for dispatchers and the unit's own crew.
/// Each read is written down with its purpose.
/// </summary>
internal static class ReadSentPrealerts
{
    /// <param name="Receipt">Null while nobody there has read it.</param>
    internal sealed record SentPrealert(Guid Id, Guid HospitalId, DateTimeOffset At, string By, PatientSummary Patient, Receipt? Receipt);

    internal sealed record Receipt(DateTimeOffset At, string By);

    /// <param name="Prealerts">Oldest first; the last one counts.</param>
    internal sealed record SentPrealertsView(IReadOnlyList<SentPrealert> Prealerts);

    private sealed record Row(Guid Id, Guid HospitalId, DateTimeOffset At, string By, string Patient, DateTimeOffset? ReceivedAt, string? ReceivedBy);

    internal static void Map(IEndpointRouteBuilder assignment) => assignment.MapGet("", HandleAsync)
        .Produces<SentPrealertsView>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Journeys journeys, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        (Journey? journey, Problem? problem) = await SendPrealert.FindRunAsync(http, journeys, id, cancellation);
        if (journey is null)
        {
            return problem!.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Row[] rows = [.. await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id, hospital_id AS HospitalId, told.at, told.by, patient::text AS Patient, receipt.at AS ReceivedAt, receipt.by AS ReceivedBy
            FROM ems_care.prealert told LEFT JOIN ems_care.prealert_receipt receipt ON prealert_id = id
            WHERE assignment_id = @id ORDER BY ordinal
            """,
            new { id }, cancellationToken: cancellation))];
        foreach (Row row in rows)
        {
            await audit.RecordAsync(connection, http.User, "prealert.read", row.Id.ToString("D"), http.User.IsInRole(Roles.Crew) ? "transport" : "dispatch", cancellation);
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new SentPrealertsView([.. rows.Select(static row => new SentPrealert(
            row.Id, row.HospitalId, row.At, row.By, JsonSerializer.Deserialize<PatientSummary>(row.Patient, JsonSerializerOptions.Web)!,
            row.ReceivedAt is { } at ? new Receipt(at, row.ReceivedBy!) : null))]));
    }
}
