using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>Brings the counts of reads to the database each five seconds, and once more when the server stops.</summary>
internal sealed partial class ReadsWriter(LayerReads reads, ILogger<ReadsWriter> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellation)
    {
        try
        {
            await reads.FlushAsync(cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            LogKept(log, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Counts of reads could not be written and are kept for the next time.")]
    private static partial void LogKept(ILogger logger, Exception failure);
}
