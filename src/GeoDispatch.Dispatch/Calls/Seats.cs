using System.Security.Claims;
using System.Text.RegularExpressions;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>Who sits where.</summary>
/// <param name="Supervisor">Leads the shift (值班长).</param>
internal sealed record SeatView(string Seat, string By, DateTimeOffset Since, bool Mine, bool Supervisor);

/// <summary>A seat at which somebody sits, and whether it is a supervisor.</summary>
internal sealed record TakenSeat(string Seat, bool Supervisor)
{
    internal const string Select = "SELECT name AS Seat, supervisor FROM dispatch.seat ORDER BY name";
}

/// <summary>Which dispatcher sits at which extension of the exchange: one person at each, each person at one. Whoever signs out leaves his.</summary>
internal sealed partial class Seats(Databases databases, TimeProvider clock)
{
    /// <summary>The channel on which <c>accountId:seat</c> is notified for whom somebody else took the seat from, <c>:seat</c> for every other change.</summary>
    internal const string Channel = "seat";

    private sealed record Row(string Seat, Guid AccountId, string By, DateTimeOffset Since, bool Supervisor);

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
            "SELECT name AS Seat, account_id AS AccountId, taken_by AS By, since, supervisor FROM dispatch.seat ORDER BY name", cancellationToken: cancellation)))
            .Select(row => new SeatView(row.Seat, row.By, row.Since, row.AccountId == accountId, row.Supervisor))];
    }

    /// <summary>Sits somebody down, or lets him leave; whoever sat there before is told.</summary>
    /// <param name="by">The name of the account.</param>
    /// <param name="seat">Null leaves.</param>
    /// <param name="isSupervisor">He leads the shift from there.</param>
    internal async Task SitAsync(Guid accountId, string by, string? seat, bool isSupervisor, CancellationToken cancellation)
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
            INSERT INTO dispatch.seat (name, account_id, taken_by, since, supervisor) SELECT @seat, @accountId, @by, @at, @isSupervisor WHERE @seat IS NOT NULL;
            SELECT pg_notify(@Channel, ':' || @seat) WHERE @seat IS NOT NULL
            """,
            new { Channel, accountId, by, seat, isSupervisor, at = clock.GetUtcNow() }, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,12}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}

/// <summary>Frees the seat of whoever signs out: what was his concerns then who is there.</summary>
internal sealed partial class SignedOutSeats(PgListener listener, Seats seats, ILogger<SignedOutSeats> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string notice in listener.Listen(IdentityModule.SignedOut, stoppingToken))
            {
                if (Guid.TryParse(notice, out Guid accountId))
                {
                    await LeaveAsync(accountId, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task LeaveAsync(Guid accountId, CancellationToken cancellation)
    {
        try
        {
            await seats.SitAsync(accountId, "", null, isSupervisor: false, cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            // He still sits there; the next one takes the seat over.
            LogKept(log, accountId, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The seat of the account {AccountId}, which signed out, could not be freed.")]
    private static partial void LogKept(ILogger logger, Guid accountId, Exception failure);
}

/// <summary><c>PUT /api/seat</c>, <c>DELETE /api/seat</c>, <c>GET /api/seats</c>: where a dispatcher sits, so that what is answered there pops up there.</summary>
internal static class TakeSeat
{
    /// <param name="Supervisor">Who sits there leads the shift (值班长).</param>
    internal sealed record Request(string? Seat, bool Supervisor = false);

    internal sealed record SeatList(IReadOnlyList<SeatView> Seats);

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapPut("/seat", (Request request, HttpContext http, Seats seats, CancellationToken cancellation) => Seats.IsName(request.Seat)
            ? SitAsync(http, seats, request, cancellation)
            : Task.FromResult(DispatchProblems.BadField("seat", request.Seat, "分机号,至多 12 位字母数字 / the extension, up to 12 letters and digits").ToResult()))
            .Produces<SeatList>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapDelete("/seat", static (HttpContext http, Seats seats, CancellationToken cancellation) => SitAsync(http, seats, new Request(null), cancellation)).Produces<SeatList>();
        group.MapGet("/seats", static async (HttpContext http, Seats seats, CancellationToken cancellation) =>
            TypedResults.Ok(new SeatList(await seats.ListAsync(Account(http), cancellation)))).Produces<SeatList>();
    }

    internal static Guid Account(HttpContext http) => Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!);

    private static async Task<IResult> SitAsync(HttpContext http, Seats seats, Request wanted, CancellationToken cancellation)
    {
        await seats.SitAsync(
            Account(http), http.User.FindFirstValue(ClaimTypes.GivenName) ?? http.User.Identity!.Name!, wanted.Seat, wanted.Supervisor, cancellation);
        return TypedResults.Ok(new SeatList(await seats.ListAsync(Account(http), cancellation)));
    }
}
