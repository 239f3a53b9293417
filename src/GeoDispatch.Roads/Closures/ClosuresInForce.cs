using Dapper;
using GeoDispatch.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>
/// The closures that count on a graph at this moment. They are read from the database at first use and after each change; which of them are
/// in force is decided by the clock whenever somebody asks, so that they begin and end on time.
/// </summary>
internal sealed class ClosuresInForce(Databases databases, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile Closure[]? open;
    private volatile Counting? last;

    /// <param name="From">From this moment, and before <paramref name="Until"/>, the conditions are these.</param>
    private sealed record Counting(
        RoadGraph Graph, Closure[] Of, LaidClosure[] Laid, DateTimeOffset From, DateTimeOffset? Until, IReadOnlyList<RoadCondition> Conditions);

    /// <summary>The conditions on this graph now: the same list as long as nothing begins, ends or changes.</summary>
    internal ValueTask<IReadOnlyList<RoadCondition>> OnAsync(RoadGraph graph, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return last is { } counting && counting.Graph == graph && counting.Of == open && now >= counting.From && !(now >= counting.Until)
            ? ValueTask.FromResult(counting.Conditions)
            : CountAsync(graph, cancellation);
    }

    /// <summary>Reads the closures again; afterwards <see cref="OnAsync"/> answers by them.</summary>
    internal async Task ReloadAsync(CancellationToken cancellation)
    {
        // One after the other: what was read last is the newest.
        await reading.WaitAsync(cancellation);
        try
        {
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
            open = await ClosureReader.ListOpenAsync(connection, clock.GetUtcNow(), cancellation);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>The closures as last read; none where nobody asked yet.</summary>
    internal IReadOnlyList<Closure> Open => open ?? [];

    /// <inheritdoc/>
    public void Dispose() => reading.Dispose();

    private async ValueTask<IReadOnlyList<RoadCondition>> CountAsync(RoadGraph graph, CancellationToken cancellation)
    {
        if (open is null)
        {
            await ReloadAsync(cancellation);
        }

        Closure[] closures = open!;
        LaidClosure[] laid = last is { } counted && counted.Graph == graph && counted.Of == closures ? counted.Laid : ClosuresNow.Lay(graph, closures);
        DateTimeOffset now = clock.GetUtcNow();
        var counting = new Counting(graph, closures, laid, now, ClosuresNow.NextChange(closures, now), ClosuresNow.At(laid, now));
        last = counting;
        return counting.Conditions;
    }
}

/// <summary>
/// Hears of closures that another server changed, and keeps the state that the shared layer shows up to the clock: looked at each second,
/// since an exercise's clock may run faster than a timer.
/// </summary>
internal sealed partial class ClosureKeeper(
    PgListener listener, Databases databases, ClosuresInForce inForce, TimeProvider clock, ILogger<ClosureKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

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
