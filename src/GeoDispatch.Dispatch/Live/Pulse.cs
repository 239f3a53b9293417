using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Live;

/// <summary>
/// <c>GET /api/pulse</c>: what a desk depends on and cannot see for itself, asked each second. A database that is away sends no hints, and an
/// exchange that is away no calls: both look like a quiet night.
/// </summary>
internal sealed class Pulse(Databases databases, Exchange exchange, TimeProvider clock)
{
    private static readonly TimeSpan CheckEach = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(2);

    private int checking;
    private long checkedAt;
    private volatile bool isThere = true;

    /// <param name="Database">It answers within two seconds.</param>
    /// <param name="Telephony"><c>up</c>, <c>down</c>, or <c>none</c>: no exchange has been there for a week.</param>
    internal sealed record View(bool Database, string Telephony);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/pulse", static async (Pulse pulse, CancellationToken cancellation) =>
        TypedResults.Ok(await pulse.ReadAsync(cancellation))).Produces<View>();

    private async Task<View> ReadAsync(CancellationToken cancellation)
    {
        if (clock.GetElapsedTime(Interlocked.Read(ref checkedAt)) >= CheckEach && Interlocked.Exchange(ref checking, 1) == 0)
        {
            // One asks for all: the others tell what was found last.
            try
            {
                isThere = await AnswersAsync(cancellation);
                Interlocked.Exchange(ref checkedAt, clock.GetTimestamp());
            }
            finally
            {
                Interlocked.Exchange(ref checking, 0);
            }
        }

        return new View(isThere, isThere ? await exchange.StateAsync(cancellation) : "none");
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(patience.Token);
            await using var ask = new NpgsqlCommand("SELECT 1", connection);
            await ask.ExecuteScalarAsync(patience.Token);
            return true;
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
