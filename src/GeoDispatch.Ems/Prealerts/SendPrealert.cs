using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Prealerts;

/// <summary>
/// <c>POST /api/assignments/{id}/prealert</c>: the crew, or a dispatcher for it, tells a hospital who comes (预告医院). Sent again with other words it is
/// an amendment, which the hospital has to receive anew; sent to another hospital, the first one sees that nobody comes.
/// </summary>
internal static class SendPrealert
{
    private const string Table = "ems_care.prealert";

    internal sealed record Request(Guid? CommandId, Guid? HospitalId, PatientSummary? Patient);

    internal sealed record SentView(Guid Id);

    internal static void Map(IEndpointRouteBuilder assignment) => assignment.MapPost("", HandleAsync)
        .Produces<SentView>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, HttpContext http, HospitalReader hospitals, Journeys journeys, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "sendPrealert", new { id, request });
        if ((problem ?? Check(request)) is { } bad)
        {
            return bad.ToResult();
        }

        (Journey? journey, problem) = await FindRunAsync(http, journeys, id, cancellation);
        if (journey is null)
        {
            return problem!.ToResult();
        }

        if (await hospitals.FindAsync(request.HospitalId!.Value, cancellation) is not { } hospital)
        {
            return HospitalProblems.Unknown(request.HospitalId.Value, "hospitalId").ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        // Asked first: sent again from where there was no network, the run may have ended meanwhile.
        if (await SentOnce.FindAsync(connection, Table, given!, cancellation) is { } before)
        {
            return Answer(before, given!);
        }

        if (!journey.Active || journey.IsHandedOver)
        {
            return HospitalProblems.RunEnded(journey.CallSign).ToResult();
        }

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        Guid[] told = [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT DISTINCT hospital_id FROM ems_care.prealert WHERE assignment_id = @id", new { id }, cancellationToken: cancellation))];
        int kept = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO ems_care.prealert (id, assignment_id, hospital_id, at, by, account_id, patient, content)
            VALUES (@prealert, @id, @hospital, @now, @By, @AccountId, @patient::jsonb, @Content) ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                prealert = given!.Id,
                id,
                hospital = hospital.Id,
                now = clock.GetUtcNow(),
                given.By,
                given.AccountId,
                patient = JsonSerializer.Serialize(request.Patient, JsonSerializerOptions.Web),
                given.Content,
            },
            cancellationToken: cancellation));
        if (kept == 0)
        {
            return Answer((await SentOnce.FindAsync(connection, Table, given, cancellation))!, given);
        }

        foreach (Guid concerned in told.Append(hospital.Id).Distinct())
        {
            await HospitalReader.TellAsync(connection, concerned, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new SentView(given.Id));
    }

    /// <summary>The run that a pre-alert is of; a crew has to do with its own alone.</summary>
    internal static async Task<(Journey? Journey, Problem? Problem)> FindRunAsync(HttpContext http, Journeys journeys, Guid id, CancellationToken cancellation)
    {
        Journey? journey = await journeys.FindAsync(id, cancellation);
        return journey is null ? (null, HospitalProblems.AssignmentUnknown(id))
            : http.User.IsInRole(Roles.Crew) && Instruction.CrewUnit(http.User) != journey.UnitId ? (null, HospitalProblems.NotYourTask)
            : (journey, null);
    }

    private static IResult Answer(SentOnce before, Instruction given) => before.Refusal?.ToResult() ?? TypedResults.Ok(new SentView(given.Id));

    private static Problem? Check(Request request) => request.HospitalId is null ? Fields.Bad("hospitalId", null, "见 / see GET /api/hospitals")
        : request.Patient is null ? Fields.Bad("patient", null, "至少主诉 / at least the complaint")
        : request.Patient.Check();
}
