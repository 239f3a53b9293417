using Dapper;
using GeoDispatch.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>
/// Gives the streets the closures that count at this moment: with each graph before the first answer on it, after each change before who
/// made it is answered, and when one begins or ends.
/// </summary>
internal sealed class ClosuresInForce : IDisposable
{
    private readonly Databases databases;
    private readonly Streets streets;
    private readonly TimeProvider clock;
    // One after the other: what was read last is the newest.
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Closure[] open = [];
    private (RoadGraph Graph, LaidClosure[] Laid)? on;
    private (DateTimeOffset From, DateTimeOffset? Until)? counts;
    private (RoadGraph Graph, (Guid Id, int Version)[] Closures)? told;

    public ClosuresInForce(Databases databases, Streets streets, TimeProvider clock)
    {
        (this.databases, this.streets, this.clock) = (databases, streets, clock);
        streets.WhenLoaded((graph, cancellation) => ReadAsync(graph, cancellation));
    }

    /// <summary>What has not ended, as last read.</summary>
    internal IReadOnlyList<Closure> Open => open;

    /// <summary>Reads the closures again; the next answer is by them.</summary>
    internal Task ReloadAsync(CancellationToken cancellation) => ReadAsync(null, cancellation);

    /// <summary>Where one has begun or ended since, the next answer is by that.</summary>
    internal async Task KeepUpAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (counts is var (from, until) && (now < from || now >= until))
            {
                Count();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    /// <param name="graph">One that is being loaded; null for the one that is there, if any.</param>
    private async Task ReadAsync(RoadGraph? graph, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
            {
                open = await ClosureReader.ListOpenAsync(connection, clock.GetUtcNow(), cancellation);
            }

            if ((graph ?? on?.Graph) is { } current)
            {
                on = (current, ClosuresNow.Lay(current, open));
            }

            Count();
        }
        finally
        {
            turn.Release();
        }
    }

    private void Count()
    {
        DateTimeOffset now = clock.GetUtcNow();
        counts = (now, ClosuresNow.NextChange(open, now));
        if (on is not var (graph, laid))
        {
            return;
        }

        // What the streets know already is not told again: it would cost them all their times.
        (Guid, int)[] closures = [.. laid.Where(one => one.Closure.IsInForce(now)).Select(static one => (one.Closure.Id, one.Closure.Version))];
        if (told?.Graph != graph || !told.Value.Closures.SequenceEqual(closures))
        {
            // False where the city has a newer graph: that one is counted for itself.
            streets.SetConditions(graph, ClosuresNow.At(laid, now));
            told = (graph, closures);
        }
    }
}

/// <summary>
/// Hears of closures that another server changed, and keeps what counts, and the state that the shared layer shows, up to the clock: looked at four
/// times a second, since an exercise's clock may run faster than a timer.
/// </summary>
internal sealed partial class ClosureKeeper(
    PgListener listener, Databases databases, ClosuresInForce inForce, TimeProvider clock, ILogger<ClosureKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(HearAsync(stoppingToken), KeepAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task HearAsync(CancellationToken stopping)
    {
        await foreach (string _ in listener.Listen(ClosureLog.Channel, stopping))
        {
            await TryAsync(inForce.ReloadAsync(stopping));
        }
    }

    private async Task KeepAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Round);
        DateTimeOffset? due = null;
        IReadOnlyList<Closure>? of = null;
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await inForce.KeepUpAsync(stopping);
            DateTimeOffset now = clock.GetUtcNow();
            if ((of != inForce.Open || now >= due) && await TryAsync(TellStatesAsync(now, stopping)))
            {
                (of, due) = (inForce.Open, ClosuresNow.NextChange(inForce.Open, now));
            }
        }
    }

    private async Task TellStatesAsync(DateTimeOffset now, CancellationToken stopping)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(stopping);
        int changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE roads.closure SET state = told.state
            FROM (SELECT id, CASE WHEN least(valid_until, lifted_at) <= @now THEN 'ended' WHEN valid_from > @now THEN 'planned' ELSE 'current' END AS state
                  FROM roads.closure WHERE state <> 'ended') told
            WHERE closure.id = told.id AND closure.state <> told.state
            """,
            new { now }, cancellationToken: stopping));
        if (changed > 0)
        {
            await inForce.ReloadAsync(stopping);
        }
    }

    private async Task<bool> TryAsync(Task step)
    {
        try
        {
            await step;
            return true;
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            // The listener tells to read again once the database is back; the states are told in the next round.
            LogMissed(log, failure);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closures could not be read again.")]
    private static partial void LogMissed(ILogger logger, Exception failure);
}
