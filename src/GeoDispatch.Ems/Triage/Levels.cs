using System.Globalization;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Triage;

/// <summary>How urgent a patient is. Targets are in seconds, 1 to 86,400; null is no target.</summary>
/// <param name="Code">1 to 4, or T for a transfer.</param>
/// <param name="AnswerSeconds">From the ring to the answer.</param>
/// <param name="OrderSeconds">From the information taken to the order.</param>
/// <param name="DepartureSeconds">From the order to wheels that move.</param>
/// <param name="ArrivalSeconds">From the call to the arrival.</param>
/// <param name="Basis">Where these targets come from.</param>
internal sealed record TriageLevel(
    string Code, string Name, string NameEn, int? AnswerSeconds, int? OrderSeconds, int? DepartureSeconds, int? ArrivalSeconds, string Basis);

/// <summary><c>/api/triage/levels</c>: read by dispatchers; <c>PUT …/{code}</c> by administrators, each change with its row in the log of administration.</summary>
internal static class Levels
{
    private const int LongestSeconds = 86_400;

    internal sealed record LevelsView(IReadOnlyList<TriageLevel> Levels);

    internal sealed record Request(
        string? Name, string? NameEn, int? AnswerSeconds, int? OrderSeconds, int? DepartureSeconds, int? ArrivalSeconds, string? Basis);

    internal static void Map(IEndpointRouteBuilder desk, IEndpointRouteBuilder administration)
    {
        desk.MapGet("/triage/levels", async (Databases databases, CancellationToken cancellation) =>
            TypedResults.Ok(new LevelsView(await ListAsync(databases, cancellation)))).Produces<LevelsView>();
        administration.MapPut("/triage/levels/{code}", SaveAsync).Produces<TriageLevel>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The most urgent first.</summary>
    internal static async Task<IReadOnlyList<TriageLevel>> ListAsync(Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<TriageLevel>(new CommandDefinition(
            """
            SELECT code, name, name_en AS NameEn, answer_seconds AS AnswerSeconds, order_seconds AS OrderSeconds,
                departure_seconds AS DepartureSeconds, arrival_seconds AS ArrivalSeconds, basis
            FROM ems.level ORDER BY code
            """,
            cancellationToken: cancellation))];
    }

    private static async Task<IResult> SaveAsync(
        string code, Request request, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        Problem? problem = TriageCodes.Levels.Contains(code) ? Check(request) : TriageProblems.LevelUnknown(code);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        var level = new TriageLevel(
            code, request.Name!.Trim(), request.NameEn!.Trim(), request.AnswerSeconds, request.OrderSeconds, request.DepartureSeconds,
            request.ArrivalSeconds, request.Basis!.Trim());
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        int changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE ems.level AS l SET name = @Name, name_en = @NameEn, answer_seconds = @AnswerSeconds, order_seconds = @OrderSeconds,
                departure_seconds = @DepartureSeconds, arrival_seconds = @ArrivalSeconds, basis = @Basis
            WHERE code = @Code AND (l.name, l.name_en, l.answer_seconds, l.order_seconds, l.departure_seconds, l.arrival_seconds, l.basis)
                IS DISTINCT FROM (@Name, @NameEn, @AnswerSeconds, @OrderSeconds, @DepartureSeconds, @ArrivalSeconds, @Basis)
            """,
            level, cancellationToken: cancellation));
        if (changed > 0)
        {
            await log.AddAsync(connection, Actor.Of(http.User), "triage_level.saved", code, level.Name, level, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(level);
    }

    private static Problem? Check(Request request) =>
        CheckText("name", request.Name, 40) ?? CheckText("nameEn", request.NameEn, 60) ?? CheckText("basis", request.Basis, 300)
        ?? CheckSeconds("answerSeconds", request.AnswerSeconds) ?? CheckSeconds("orderSeconds", request.OrderSeconds)
        ?? CheckSeconds("departureSeconds", request.DepartureSeconds) ?? CheckSeconds("arrivalSeconds", request.ArrivalSeconds);

    private static Problem? CheckText(string field, string? text, int most) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= most && !text.Any(char.IsControl)
            ? null
            : TriageProblems.BadField(field, text, $"1 至 {most} 个字 / 1 to {most} characters");

    private static Problem? CheckSeconds(string field, int? seconds) => seconds is null or (>= 1 and <= LongestSeconds)
        ? null
        : TriageProblems.BadField(field, seconds.Value.ToString(CultureInfo.InvariantCulture), $"1…{LongestSeconds} 秒,或空 / seconds, or none");
}
