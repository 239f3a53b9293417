using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Tracking;

/// <summary>
/// Work that is done at the start and again and again, and that may be broken off anywhere: the next round finishes what this one did not. While
/// the database is away, rounds fail and are told of, and go on.
/// </summary>
/// <param name="every">From the begin of one round to that of the next, where nothing wakes it before.</param>
/// <param name="clock">
/// Of what is held against limits in the product's time; null where rounds have nothing to do with it. In an exercise that runs faster than life no
/// more than ten times <paramref name="every"/> of that time passes between two rounds: what lasts for two minutes would else not be seen.
/// </param>
public abstract partial class RoundWorker(TimeSpan every, ILogger log, TimeProvider? clock = null) : BackgroundService
{
    private const int MostTimesFaster = 10;

    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The next round begins now, or as soon as the one that is being done has ended.</summary>
    protected void Wake() => woken.Writer.TryWrite(true);

    /// <summary>One round.</summary>
    protected internal abstract Task KeepAsync(CancellationToken cancellation);

    /// <summary>Once, before the first round that finds a database.</summary>
    private protected virtual Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var round = new PeriodicTimer(every);
        Task<bool>? tick = null, call = null;
        Task? hurry = null;
        bool hasBegun = false;
        try
        {
            while (true)
            {
                try
                {
                    if (!hasBegun)
                    {
                        await BeginAsync(stoppingToken);
                        hasBegun = true;
                    }

                    await KeepAsync(stoppingToken);
                }
                catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
                {
                    LogFailure(log, every, failure);
                }

                // Each is waited for until it comes, over as many rounds as that takes: a timer can be waited for once at a time.
                tick ??= round.WaitForNextTickAsync(stoppingToken).AsTask();
                call ??= woken.Reader.WaitToReadAsync(stoppingToken).AsTask();
                hurry ??= clock is null ? Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken) : Task.Delay(every * MostTimesFaster, clock, stoppingToken);
                await await Task.WhenAny(tick, call, hurry);
                tick = tick.IsCompleted ? null : tick;
                hurry = hurry.IsCompleted ? null : hurry;
                call = woken.Reader.TryRead(out _) ? null : call;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A round was not finished; the next begins in {Every}.")]
    private static partial void LogFailure(ILogger logger, TimeSpan every, Exception failure);
}
