using System.Threading.Channels;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Live;
using GeoDispatch.Tracking.Motion;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>Valid fixes of one request, and the sender that waits to hear they are durable.</summary>
internal sealed record FixBatch(DeviceIdentity Device, DateTimeOffset ReceivedAt, IReadOnlyList<AvlFix> Fixes)
{
    internal TaskCompletionSource<int> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The road of every fix, whatever protocol brought it. Its steps, in their order:</summary>
/// <remarks>
/// <list type="number">
/// <item>validate: <see cref="FixRules"/> at the door; refused fixes are named to their sender and counted (<see cref="RefusedFixes"/>);</item>
/// <item>queue by vehicle, bounded: where the database is slow or away, senders are not acknowledged and send again;</item>
/// <item>deduplicate, order, possible: <see cref="FixJudge.Take"/>, fix by fix;</item>
/// <item>store: <see cref="FixWriter"/>, many requests in one transaction of the history, the latest places and the days that are to be told anew;</item>
/// <item>acknowledge: only now;</item>
/// <item>motion: <see cref="DayKeeper"/> hears who reported, and goes on with their trips and stops in its own time;</item>
/// <item>live: <see cref="PositionBroadcaster"/> shows who moved.</item>
/// </list>
/// </remarks>
internal sealed partial class FixPipeline(
    Databases databases, DayKeeper days, PositionBroadcaster broadcaster, RefusedFixes refusals, TimeProvider clock, ILogger<FixPipeline> log) : BackgroundService
{
    private const int Workers = 2;
    private const int BatchesQueued = 4_096 / Workers;
    private const int FixesInTransaction = 5_000;

    // One vehicle always has the same worker, so its fixes keep their order whichever of its devices brings them.
    private readonly Channel<FixBatch>[] queues = Enumerable.Range(0, Workers)
        .Select(static _ => Channel.CreateBounded<FixBatch>(new BoundedChannelOptions(BatchesQueued) { SingleReader = true }))
        .ToArray();

    /// <summary>As the other, for a request that names its device.</summary>
    internal Task<(FixReceipt? Receipt, Problem? Problem)> TakeAsync(
        DeviceIdentity device, SendFixesRequest request, CancellationToken cancellation) =>
        FixRules.Check(request, device.DeviceId) is { } refusal
            ? Task.FromResult<(FixReceipt?, Problem?)>((null, refusal))
            : TakeAsync(device, request.Fixes, cancellation);

    /// <summary>
    /// Takes 1 to <see cref="FixRules.MostFixes"/> fixes of one device. Gives a receipt after the commit, or the reason why nothing was
    /// saved (<c>fix.busy</c>, 429: the same may be sent again). Throws where the database failed: the device is then not acknowledged.
    /// </summary>
    internal async Task<(FixReceipt? Receipt, Problem? Problem)> TakeAsync(
        DeviceIdentity device, IReadOnlyList<AvlFix> fixes, CancellationToken cancellation)
    {
        if (FixRules.CheckCount(fixes.Count) is { } refusal)
        {
            return (null, refusal);
        }

        DateTimeOffset now = clock.GetUtcNow();
        var refused = new List<RefusedFix>();
        var valid = new List<AvlFix>(fixes.Count);
        for (int index = 0; index < fixes.Count; index++)
        {
            if (FixRules.Check(fixes[index], now) is { } problem)
            {
                refused.Add(new RefusedFix(index, new FixProblem(problem.Status, problem.Code, problem.Title, problem.Detail, problem.Field)));
            }
            else
            {
                valid.Add(fixes[index]);
            }
        }

        refusals.Count(device, refused);
        if (valid.Count == 0)
        {
            return (new FixReceipt(0, 0, refused), null);
        }

        var batch = new FixBatch(device, now, valid);
        if (!queues[(uint)device.VehicleId.GetHashCode() % Workers].Writer.TryWrite(batch))
        {
            return (null, new Problem(
                429, "fix.busy", "定位接收繁忙 / Too busy", "未保存,请稍后原样重发 / Nothing was saved; send the same again later"));
        }

        int accepted = await batch.Stored.Task.WaitAsync(cancellation);
        return (new FixReceipt(accepted, valid.Count - accepted, refused), null);
    }

    /// <summary>Those that will be right when the same is sent again a little later: a device is to keep them.</summary>
    internal IEnumerable<RefusedFix> RightLater(FixReceipt receipt, IReadOnlyList<AvlFix> fixes)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return receipt.Refused.Where(one => one.Problem.Code == FixRules.FromFuture && FixRules.IsRightSoon(fixes[one.Index], now));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(queues.Select(queue => WorkAsync(queue, new FixWriter(databases), stoppingToken)));

    private async Task WorkAsync(Channel<FixBatch> queue, FixWriter writer, CancellationToken stopping)
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(stopping))
            {
                await StoreAsync(writer, Together(queue.Reader), stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The senders below are told; they send again after the restart.
        }
        finally
        {
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out FixBatch? left))
            {
                left.Stored.TrySetException(new IOException("The server is stopping; nothing was saved."));
            }
        }
    }

    private async Task StoreAsync(FixWriter writer, List<FixBatch> batches, CancellationToken stopping)
    {
        try
        {
            StoredFixes stored = await writer.WriteAsync(batches, stopping);
            for (int index = 0; index < batches.Count; index++)
            {
                batches[index].Stored.TrySetResult(stored.Accepted[index]);
            }

            days.Follow(stored.Moved);
            broadcaster.Publish(stored.Moved);
        }
        catch (Exception failure)
        {
            LogFailure(log, batches.Count, failure);
            batches.ForEach(batch => batch.Stored.TrySetException(failure));
        }
    }

    private static List<FixBatch> Together(ChannelReader<FixBatch> reader)
    {
        var batches = new List<FixBatch>();
        int fixes = 0;
        while (fixes < FixesInTransaction && reader.TryRead(out FixBatch? batch))
        {
            batches.Add(batch);
            fixes += batch.Fixes.Count;
        }

        return batches;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Batches} batches of fixes were not stored; their senders were told.")]
    private static partial void LogFailure(ILogger logger, int batches, Exception failure);
}
