using GeoDispatch.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>Brings the counts of reads to the database each five seconds, and once more when the server stops.</summary>
internal sealed partial class ReadsWriter(UnwrittenReads unwritten, Databases databases, TimeProvider clock, ILogger<ReadsWriter> log) : BackgroundService
{
    // More than a year, so that the same day of the year before can be looked at.
    private const int KeptDays = 400;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    private DateOnly forgotOn;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    /// <summary>Brings to the database what came since the last time. What cannot be written now is kept for the next time.</summary>
    internal async Task FlushAsync(CancellationToken cancellation)
    {
        DateTimeOffset at = clock.GetUtcNow();
        (UnwrittenReads.CountKey Key, long Reads)[] counted = [.. unwritten.TakeCounts(at)];
        (UnwrittenReads.AuditKey Key, long Reads, long Features)[] audited = [.. unwritten.TakeAudits(at)];
        if (counted.Length == 0 && audited.Length == 0)
        {
            return;
        }

        try
        {
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach ((UnwrittenReads.CountKey key, long reads) in counted)
            {
                batch.BatchCommands.Add(Command(AddCount, DateOnly.FromDateTime(key.Day), key.Layer, key.Protocol, key.Department, key.Reader, reads));
            }

            foreach ((UnwrittenReads.AuditKey key, long reads, long features) in audited)
            {
                batch.BatchCommands.Add(Command(AddReads, key.Layer, key.Slot, key.AccountId, key.Protocol, key.Question, reads, features));
            }

            DateTime now = at.UtcDateTime;
            if (forgotOn != DateOnly.FromDateTime(now))
            {
                forgotOn = DateOnly.FromDateTime(now);
                batch.BatchCommands.Add(Command(ForgetCounts, forgotOn.AddDays(-KeptDays)));
                batch.BatchCommands.Add(Command(ForgetReads, now.AddDays(-KeptDays)));
            }

            await batch.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or OperationCanceledException)
        {
            unwritten.PutBack(counted, audited);
            throw;
        }
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
            await FlushAsync(cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            LogKept(log, failure);
        }
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private const string AddCount =
        """
        INSERT INTO sharing.read_count (day, layer, protocol, department, reader, reads) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (layer, day, protocol, department, reader) DO UPDATE SET reads = sharing.read_count.reads + excluded.reads
        """;

    private const string AddReads =
        """
        UPDATE sharing.read SET reads = reads + $6, features = features + $7
        WHERE layer = $1 AND slot = $2 AND account_id = $3 AND protocol = $4 AND question = $5
        """;

    private const string ForgetCounts = "DELETE FROM sharing.read_count WHERE day < $1";

    private const string ForgetReads = "DELETE FROM sharing.read WHERE slot < $1";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Counts of reads could not be written and are kept for the next time.")]
    private static partial void LogKept(ILogger logger, Exception failure);
}
