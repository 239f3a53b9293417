using Dapper;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Care;

/// <summary>
/// <c>POST /api/assignments/{id}/patients</c> adds a patient or says anew who he is, <c>POST …/patients/{patientId}/entries</c> what was found and done. By the
/// run's own crew, during the run and for 24 hours after it, in whatever order the network lets through: <c>at</c> says where a row stands.
/// </summary>
internal sealed class WriteRecord(CareGate gate, Journeys journeys, PatientLog log, Databases databases, TimeProvider clock)
{
    private const int MostPatients = 20, MostRows = 300;

    /// <summary>A crew that is stopped in the street begins before it is sent.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    /// <summary>What a device's clock may be ahead, as with milestones.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);

    internal sealed record PatientRequest(Guid? CommandId, DateTimeOffset? At, Guid? PatientId, Person? Person);

    /// <param name="Replaces">The command of the entry that this one corrects.</param>
    /// <param name="Image">As base64.</param>
    internal sealed record EntryRequest(
        Guid? CommandId, DateTimeOffset? At, string? Kind, Guid? Replaces, Measured? Vitals, Treatment? Treatment, string? Text, string? Image, string? Signer,
        string? Statement, string? Outcome);

    internal sealed record WrittenView(Guid CommandId, Guid PatientId);

    internal static void Map(IEndpointRouteBuilder patients)
    {
        Command(patients.MapPost("", static (Guid id, PatientRequest request, HttpContext http, WriteRecord write, CancellationToken cancellation) =>
            write.AddPatientAsync(id, request, http, cancellation)));
        Command(patients.MapPost("/{patientId:guid}/entries", static (Guid id, Guid patientId, EntryRequest request, HttpContext http, WriteRecord write, CancellationToken cancellation) =>
            write.AddEntryAsync(id, patientId, request, http, cancellation)));
    }

    private static void Command(RouteHandlerBuilder route) => route.Produces<WrittenView>().ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private async Task<IResult> AddPatientAsync(Guid id, PatientRequest request, HttpContext http, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "addPatient", new { id, request });
        problem ??= request.PatientId is null || request.PatientId == Guid.Empty
            ? Fields.Bad("patientId", request.PatientId?.ToString(), "新患者的 UUID / a UUID, of a new patient a new one")
            : request.Person is null ? Fields.Bad("person", null, "无名氏为 {} / {} where nobody knows him") : request.Person.Check();
        return problem is not null
            ? problem.ToResult()
            : await WriteAsync(id, given!, request.At, http, request.PatientId!.Value, isNew: true, (connection, now) => Task.FromResult<(NewRow?, Problem?)>(
                (new NewRow(request.PatientId.Value, "person", null, null, request.At!.Value, now, request.Person!, null), null)), cancellation);
    }

    private async Task<IResult> AddEntryAsync(Guid id, Guid patientId, EntryRequest request, HttpContext http, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "addPatientEntry", new { id, patientId, request });
        (byte[] Bytes, string Type)? image = null;
        var body = new EntryBody(request.Vitals, request.Treatment, request.Text, request.Signer, request.Statement, request.Outcome);
        problem ??= body.Check(request.Kind, request.Image, out image);
        return problem is not null
            ? problem.ToResult()
            : await WriteAsync(id, given!, request.At, http, patientId, isNew: false, async (connection, now) =>
                request.Replaces is { } replaced && !await StandsAsync(connection, replaced, patientId, request.Kind!, cancellation)
                    ? (null, CareProblems.NothingToReplace(replaced))
                    : (new NewRow(patientId, request.Kind!, body.Code, request.Replaces, request.At!.Value, now, body, image), null), cancellation);
    }

    /// <param name="isNew">A patient whom nobody knows is added; else he is refused.</param>
    private async Task<IResult> WriteAsync(
        Guid id, Instruction plain, DateTimeOffset? at, HttpContext http, Guid patientId, bool isNew, Func<NpgsqlConnection, DateTimeOffset, Task<(NewRow?, Problem?)>> make,
        CancellationToken cancellation)
    {
        (Journey? run, Problem? problem) = await gate.FindOwnAsync(http, id, cancellation);
        if (run is null)
        {
            return problem!.ToResult();
        }

        Instruction given = log.Keyed(plain);
        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await PatientLog.LockAsync(connection, id, cancellation);
        // Asked first: sent again from where there was no network, the record may be closed meanwhile.
        if (await SentOnce.FindAsync(connection, PatientLog.Table, given, cancellation) is { } before)
        {
            return before.Refusal?.ToResult() ?? TypedResults.Ok(new WrittenView(given.Id, patientId));
        }

        problem = await ObstacleAsync(connection, run, at, now, patientId, isNew, cancellation);
        (NewRow? row, problem) = problem is null ? await make(connection, now) : (null, problem);
        if (row is null)
        {
            return problem!.ToResult();
        }

        await log.AddAsync(connection, given, row, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new WrittenView(given.Id, patientId));
    }

    private async Task<Problem?> ObstacleAsync(
        NpgsqlConnection connection, Journey run, DateTimeOffset? at, DateTimeOffset now, Guid patientId, bool isNew, CancellationToken cancellation)
    {
        if (!run.Active && now > run.Since + CareGate.OpenAfter)
        {
            return CareProblems.Ended(run.CallSign);
        }

        DateTimeOffset from = (await journeys.ReadTimesAsync(run.AssignmentId, cancellation)).AssignedAt - Before;
        if (at is null || at < from || at > now + Ahead)
        {
            return CareProblems.OutOfTime(at, from, now + Ahead);
        }

        Guid? knownRun = await PatientLog.FindRunAsync(connection, patientId, cancellation);
        if (knownRun is null && isNew)
        {
            return await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO ems_care.patient (id, assignment_id)
                SELECT @patientId, @run WHERE (SELECT count(*) FROM ems_care.patient WHERE assignment_id = @run) < @most ON CONFLICT DO NOTHING
                """,
                new { patientId, run = run.AssignmentId, most = MostPatients }, cancellationToken: cancellation)) == 1 ? null : CareProblems.TooMany("patients", MostPatients);
        }

        if (knownRun != run.AssignmentId)
        {
            return isNew ? CareProblems.PatientElsewhere(patientId) : CareProblems.PatientUnknown(patientId);
        }

        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM ems_care.record WHERE patient_id = @patientId", new { patientId }, cancellationToken: cancellation)) < MostRows
            ? null
            : CareProblems.TooMany("entries", MostRows);
    }

    private static Task<bool> StandsAsync(NpgsqlConnection connection, Guid id, Guid patientId, string kind, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            SELECT EXISTS (SELECT FROM ems_care.record WHERE id = @id AND patient_id = @patientId AND kind = @kind)
                AND NOT EXISTS (SELECT FROM ems_care.record WHERE replaces = @id)
            """,
            new { id, patientId, kind }, cancellationToken: cancellation));
}
