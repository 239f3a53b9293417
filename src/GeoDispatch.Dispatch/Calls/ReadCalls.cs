using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls;

/// <summary><c>GET /api/calls</c>: the lists; <c>GET /api/calls/{id}</c>: all of one, its number whole to the seat that holds it, which is kept.</summary>
internal static class ReadCalls
{
    private static readonly TimeSpan LongestPast = TimeSpan.FromDays(7);

    /// <param name="Seat">Where the asker sits; null for nowhere.</param>
    internal sealed record CallList(DateTimeOffset Now, string? Seat, IReadOnlyList<CallSummary> Calls);

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("/calls", ListAsync).Produces<CallList>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/calls/{id:guid}", ReadAsync).Produces<CallDetail>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="endedAfter">Those too that ended after it, at most 7 days ago.</param>
    private static async Task<IResult> ListAsync(
        CallReader calls, Seats seats, Databases databases, TimeProvider clock, HttpContext http, CancellationToken cancellation, DateTimeOffset? endedAfter = null)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (endedAfter < now - LongestPast)
        {
            return DispatchProblems.BadField("endedAfter", endedAfter.Value.ToString("O"), "7 天之内 / within 7 days").ToResult();
        }

        string? seat = await seats.FindAsync(TakeSeat.Account(http), cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return TypedResults.Ok(new CallList(now, seat, await calls.ListAsync(connection, endedAfter, cancellation)));
    }

    private static async Task<IResult> ReadAsync(
        Guid id, CallReader calls, Seats seats, Databases databases, AuditTrail audit, HttpContext http, CancellationToken cancellation)
    {
        string? seat = await seats.FindAsync(TakeSeat.Account(http), cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await calls.ReadAsync(connection, id, seat, cancellation) is not { } detail)
        {
            return (CallProblems.Unknown with { Value = id.ToString() }).ToResult();
        }

        await audit.RecordAsync(connection, http.User, detail.WholeNumber is null ? "call.read" : "call.number_read", id.ToString("D"), cancellation);
        http.Response.Headers.ETag = FormattableString.Invariant($"\"{detail.Call.Version}\"");
        return TypedResults.Ok(detail);
    }
}

/// <summary>
/// <c>PUT /api/calls/{id}/draft</c>: keeps what was typed so far, so that whoever takes the call goes on with it. The last of the seat that
/// holds the call counts; it is no event, and no console is told.
/// </summary>
internal static class KeepDraft
{
    private const int MostBytes = 16_384;

    internal sealed record Request(System.Text.Json.JsonElement Content);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPut("/calls/{id:guid}/draft", HandleAsync)
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, Seats seats, Databases databases, TimeProvider clock, HttpContext http, CancellationToken cancellation)
    {
        if (request.Content.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            return DispatchProblems.BadField("content", request.Content.ValueKind.ToString(), "须为 JSON 对象 / must be a JSON object").ToResult();
        }

        string content = request.Content.GetRawText();
        int bytes = System.Text.Encoding.UTF8.GetByteCount(content);
        if (bytes > MostBytes)
        {
            return CallProblems.DraftTooLarge(bytes, MostBytes).ToResult();
        }

        if (content.Contains("\\u0000", StringComparison.Ordinal))
        {
            return DispatchProblems.BadField("content", "\\u0000", "不得含空字符 / no null characters").ToResult();
        }

        string? seat = await seats.FindAsync(TakeSeat.Account(http), cancellation);
        if (seat is null)
        {
            return CallProblems.SeatMissing.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        int kept = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.call_draft (call_id, content, seat, saved_by, saved_at)
            SELECT id, @content::jsonb, @seat, @by, @at FROM dispatch.call WHERE id = @id AND status = 'answered' AND seat = @seat FOR SHARE
            ON CONFLICT (call_id) DO UPDATE SET content = excluded.content, seat = excluded.seat, saved_by = excluded.saved_by, saved_at = excluded.saved_at
            """,
            new { id, content, seat, by = http.User.Identity!.Name, at = clock.GetUtcNow() }, cancellationToken: cancellation));
        return kept == 1 ? TypedResults.NoContent() : (await WhyNotAsync(connection, id, cancellation)).ToResult();
    }

    private sealed record Standing(string Status, string? Seat);

    private static async Task<Problem> WhyNotAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        await connection.QuerySingleOrDefaultAsync<Standing>(new CommandDefinition(
            "SELECT status, seat FROM dispatch.call WHERE id = @id", new { id }, cancellationToken: cancellation)) switch
        {
            null => CallProblems.Unknown with { Value = id.ToString() },
            { Seat: { } other } => CallProblems.HeldBy(other),
            { Status: "ended" } => CallProblems.Over,
            _ => CallProblems.NotHeld,
        };
}
