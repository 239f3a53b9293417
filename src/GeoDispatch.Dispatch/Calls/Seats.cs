using System.Security.Claims;
using System.Text.RegularExpressions;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>Who sits where.</summary>
internal sealed record SeatView(string Seat, string By, DateTimeOffset Since, bool Mine);

/// <summary>Which dispatcher sits at which extension of the exchange: one person at each, each person at one.</summary>
internal sealed partial class Seats(Databases databases, TimeProvider clock)
{
    /// <summary>The channel on which <c>accountId:seat</c> is notified for whom somebody else took the seat from, <c>:seat</c> for every other change.</summary>
    internal const string Channel = "seat";

    private sealed record Row(string Seat, Guid AccountId, string By, DateTimeOffset Since);

    internal static bool IsName(string? seat) => seat is not null && Name().IsMatch(seat);

    /// <summary>Where an account sits; null for nowhere.</summary>
    internal async Task<string?> FindAsync(Guid accountId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT name FROM dispatch.seat WHERE account_id = @accountId", new { accountId }, cancellationToken: cancellation));
    }

    /// <summary>True where somebody sits there.</summary>
    internal async Task<bool> IsTakenAsync(string seat, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM dispatch.seat WHERE name = @seat)", new { seat }, cancellationToken: cancellation));
    }

    internal async Task<IReadOnlyList<SeatView>> ListAsync(Guid accountId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT name AS Seat, account_id AS AccountId, taken_by AS By, since FROM dispatch.seat ORDER BY name", cancellationToken: cancellation)))
            .Select(row => new SeatView(row.Seat, row.By, row.Since, row.AccountId == accountId))];
    }

    /// <summary>Sits somebody down, or lets him leave; whoever sat there before is told.</summary>
    /// <param name="seat">Null leaves.</param>
    internal async Task SitAsync(Guid accountId, string by, string? seat, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        // Two who change places would else wait for each other's row.
        await connection.ExecuteAsync("LOCK TABLE dispatch.seat IN SHARE ROW EXCLUSIVE MODE");
        await connection.ExecuteAsync(new CommandDefinition(
            """
            SELECT pg_notify(@Channel, (CASE WHEN account_id <> @accountId THEN account_id::text ELSE '' END) || ':' || name)
            FROM dispatch.seat WHERE name = @seat OR account_id = @accountId;
            DELETE FROM dispatch.seat WHERE account_id = @accountId OR name = @seat;
            INSERT INTO dispatch.seat (name, account_id, taken_by, since) SELECT @seat, @accountId, @by, @at WHERE @seat IS NOT NULL;
            SELECT pg_notify(@Channel, ':' || @seat) WHERE @seat IS NOT NULL
            """,
            new { Channel, accountId, by, seat, at = clock.GetUtcNow() }, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,12}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}

/// <summary><c>PUT /api/seat</c>, <c>DELETE /api/seat</c>, <c>GET /api/seats</c>: where a dispatcher sits, so that what is answered there pops up there.</summary>
internal static class TakeSeat
{
    internal sealed record Request(string? Seat);

    internal sealed record SeatList(IReadOnlyList<SeatView> Seats);

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapPut("/seat", (Request request, HttpContext http, Seats seats, CancellationToken cancellation) => Seats.IsName(request.Seat)
            ? SitAsync(http, seats, request.Seat, cancellation)
            : Task.FromResult(DispatchProblems.BadField("seat", request.Seat, "分机号,至多 12 位字母数字 / the extension, up to 12 letters and digits").ToResult()))
            .Produces<SeatList>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapDelete("/seat", static (HttpContext http, Seats seats, CancellationToken cancellation) => SitAsync(http, seats, null, cancellation)).Produces<SeatList>();
        group.MapGet("/seats", static async (HttpContext http, Seats seats, CancellationToken cancellation) =>
            TypedResults.Ok(new SeatList(await seats.ListAsync(Account(http), cancellation)))).Produces<SeatList>();
    }

    internal static Guid Account(HttpContext http) => Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!);

    private static async Task<IResult> SitAsync(HttpContext http, Seats seats, string? seat, CancellationToken cancellation)
    {
        await seats.SitAsync(Account(http), http.User.FindFirstValue(ClaimTypes.GivenName) ?? http.User.Identity!.Name!, seat, cancellation);
        return TypedResults.Ok(new SeatList(await seats.ListAsync(Account(http), cancellation)));
    }
}
