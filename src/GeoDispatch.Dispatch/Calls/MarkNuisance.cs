using System.Globalization;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>
/// <c>POST /api/numbers/nuisance</c> marks a number for some days, <c>POST /api/numbers/nuisance/lift</c> ends that. A marked number's calls
/// ring and stand in the lists as all others, with the mark. The number comes in the body or by a call of it, never in a URL.
/// </summary>
internal static class MarkNuisance
{
    private const int MostDays = 365;

    internal sealed record Request(string? Number, Guid? CallId, string? Reason, int? Days);

    internal sealed record LiftRequest(string? Number, Guid? CallId);

    /// <param name="Number">Masked.</param>
    internal sealed record Marked(string Number, NuisanceMark? Mark);

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapPost("/numbers/nuisance", MarkAsync).Produces<Marked>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/numbers/nuisance/lift", LiftAsync).Produces<Marked>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> MarkAsync(
        Request request, Databases databases, TimeProvider clock, HttpContext http, CancellationToken cancellation)
    {
        if ((Fields.Text("reason", request.Reason, 1, 200)
            ?? (request.Days is >= 1 and <= MostDays
                ? null
                : DispatchProblems.BadField("days", request.Days?.ToString(CultureInfo.InvariantCulture), $"1 至 {MostDays} 天 / 1 to {MostDays} days"))) is { } bad)
        {
            return bad.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await FindNumberAsync(connection, request.Number, request.CallId, cancellation) is not { } number)
        {
            return CallProblems.NumberMissing.ToResult();
        }

        // The new mark takes the place of what is in force.
        DateTimeOffset now = clock.GetUtcNow();
        await EndMarksAsync(connection, number, http.User.Identity!.Name!, now, cancellation);
        var mark = new NuisanceMark(request.Reason!.Trim(), http.User.Identity.Name!, now, now.AddDays(request.Days!.Value));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.nuisance_mark (id, number, reason, marked_by, marked_at, until)
            VALUES (@id, @number, @Reason, @MarkedBy, @MarkedAt, @Until)
            """,
            new { id = Guid.CreateVersion7(now), number, mark.Reason, mark.MarkedBy, mark.MarkedAt, mark.Until }, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new Marked(PhoneNumber.Mask(number)!, mark));
    }

    private static async Task<IResult> LiftAsync(
        LiftRequest request, Databases databases, TimeProvider clock, HttpContext http, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await FindNumberAsync(connection, request.Number, request.CallId, cancellation) is not { } number)
        {
            return CallProblems.NumberMissing.ToResult();
        }

        await EndMarksAsync(connection, number, http.User.Identity!.Name!, clock.GetUtcNow(), cancellation);
        return TypedResults.Ok(new Marked(PhoneNumber.Mask(number)!, null));
    }

    private static Task<int> EndMarksAsync(NpgsqlConnection connection, string number, string by, DateTimeOffset at, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "UPDATE dispatch.nuisance_mark SET lifted_by = @by, lifted_at = @at WHERE number = @number AND lifted_at IS NULL",
            new { number, by, at }, cancellationToken: cancellation));

    private static async Task<string?> FindNumberAsync(NpgsqlConnection connection, string? number, Guid? callId, CancellationToken cancellation) =>
        callId is null
            ? PhoneNumber.Normalize(number)
            : await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                "SELECT number FROM dispatch.call WHERE id = @callId", new { callId }, cancellationToken: cancellation));
}
