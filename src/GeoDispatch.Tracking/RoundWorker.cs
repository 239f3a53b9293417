using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Tracking;

/// <summary>
/// Work that is done at the start and again and again, and that may be broken off anywhere: the next round finishes what this one did not. While
/// the database is away, rounds fail and are told of, and go on.
/// </summary>
/// <param name="every">From the begin of one round to that of the next.</param>
public abstract partial class RoundWorker(TimeSpan every, ILogger log) : BackgroundService
{
    /// <summary>One round.</summary>
    protected internal abstract Task KeepAsync(CancellationToken cancellation);

    /// <summary>Once, before the first round that finds a database.</summary>
    private protected virtual Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var round = new PeriodicTimer(every);
        bool hasBegun = false;
        try
        {
            do
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
            }
            while (await round.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A round was not finished; the next begins in {Every}.")]
    private static partial void LogFailure(ILogger logger, TimeSpan every, Exception failure);
}
