using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>
/// Whether the telephone exchange is there: a quiet telephone and a dead one sound alike. It says so each second
/// (<c>POST /api/telephony/alive</c>); desks read it with their pulse.
/// </summary>
internal sealed class Exchange(Databases databases, TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3), KeptEach = TimeSpan.FromHours(1), Missed = TimeSpan.FromDays(7);

    private readonly long started = clock.GetTimestamp();
    private long heard, kept;

    /// <summary>Whether an exchange was there in the last week before the start; null until that was read, once.</summary>
    private bool? isExpected;

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost(
        "/telephony/alive", static async (Exchange exchange, HttpContext http, CancellationToken cancellation) =>
        {
            if (HearTelephony.CheckKey(http) is { } refusal)
            {
                return refusal.ToResult();
            }

            await exchange.HearAsync(cancellation);
            return TypedResults.NoContent();
        }).Produces(StatusCodes.Status204NoContent);

    /// <summary><c>up</c>, <c>down</c>, or <c>none</c>: no exchange has been there for a week.</summary>
    /// <exception cref="NpgsqlException">The server has just been started, and the database is away.</exception>
    internal async Task<string> StateAsync(CancellationToken cancellation)
    {
        long last = Interlocked.Read(ref heard);
        return last != 0 ? clock.GetElapsedTime(last) <= Silence ? "up" : "down"
            : clock.GetElapsedTime(started) > Silence && await IsExpectedAsync(cancellation) ? "down" : "none";
    }

    private async Task HearAsync(CancellationToken cancellation)
    {
        long now = clock.GetTimestamp(), before = Interlocked.Read(ref kept);
        Interlocked.Exchange(ref heard, now);
        // Written down for the server's next start alone, which may find a silent exchange.
        if ((before == 0 || clock.GetElapsedTime(before, now) > KeptEach) && Interlocked.CompareExchange(ref kept, now, before) == before)
        {
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO dispatch.exchange (alive_at) VALUES (@now) ON CONFLICT (is_the_one) DO UPDATE SET alive_at = excluded.alive_at",
                new { now = clock.GetUtcNow() }, cancellationToken: cancellation));
        }
    }

    private async Task<bool> IsExpectedAsync(CancellationToken cancellation)
    {
        if (isExpected is { } known)
        {
            return known;
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        bool read = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM dispatch.exchange WHERE alive_at > @after)", new { after = clock.GetUtcNow() - Missed }, cancellationToken: cancellation));
        isExpected = read;
        return read;
    }
}
