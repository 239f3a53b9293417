using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using GeoDispatch.Identity.Quotas;

namespace GeoDispatch.Sharing.Load;

/// <summary>What the map may take of the machine at one time, however many ask for it.</summary>
public sealed record MapLoadSettings
{
    /// <summary>
    /// Queries or drawings that run at one time, and half as many while the control room works. Default: as many as there are cores, at most
    /// 8 of the 12 connections.
    /// </summary>
    public int AtOnce { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>How many more wait for their turn; the next is refused. Default 32.</summary>
    public int Waiting { get; init; } = 32;

    /// <summary>Who waited so long is refused. Default 10 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest answer, in bytes. Default 64 MB.</summary>
    public long AnswerBytes { get; init; } = 64L << 20;

    /// <summary>Answers of queries in the making or on their way at one time. Default 128.</summary>
    public int Answers { get; init; } = 128;

    /// <summary>Who takes an answer more slowly than this loses the connection, in bytes a second. Default 4,096.</summary>
    public double SlowestReader { get; init; } = 4_096;
}

/// <summary>There is no turn for one more, or none came in time. To be answered with 503.</summary>
public sealed class MapBusyException() : Exception("The map has no turn for one more request.");

/// <summary>
/// The turns at the machine that the map's work takes: queries of the shared views, cutting, drawing, packing. Whoever has a turn, or needs
/// none (the control room's base map), passes on all that the work begins: so work inside of work never waits for itself.
/// </summary>
public sealed class MapWork : IDisposable
{
    private static readonly AsyncLocal<bool> Passes = new();
    private static readonly Meter Meter = new("GeoDispatch.Map");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("map.refusals", "{request}", "Requests that found no turn");
    private readonly ConcurrencyLimiter turns;
    private readonly MapLoadSettings settings;
    private readonly DeskActivity desk;

    public MapWork(MapLoadSettings settings, DeskActivity desk)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (this.settings, this.desk) = (settings, desk);
        turns = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = settings.AtOnce,
            QueueLimit = settings.Waiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        Meter.CreateObservableGauge("map.waiting", () => Waiting, "{request}", "Requests that wait for a turn");
    }

    /// <summary>How many wait for a turn now.</summary>
    public long Waiting => turns.GetStatistics()!.CurrentQueuedCount;

    /// <summary>True where this work has its turn already, or needs none.</summary>
    internal static bool HasTurn => Passes.Value;

    /// <summary>All that the caller begins from here on needs no turn.</summary>
    internal static void Pass() => Passes.Value = true;

    /// <inheritdoc cref="EnterAsync(bool, CancellationToken, CancellationToken)"/>
    public ValueTask<IDisposable?> EnterAsync(CancellationToken cancellation) => EnterAsync(mustGoOn: false, cancellation);

    /// <summary>Waits for a turn. Dispose what comes to give it back; null where none was needed.</summary>
    /// <param name="cancellation">Nobody wants it any more.</param>
    /// <param name="hurry">Somebody needs it now: it goes on without a turn.</param>
    /// <param name="mustGoOn">Half of the answer is with the client: it is not refused, however many wait.</param>
    /// <exception cref="MapBusyException">Too many wait, or too long.</exception>
    internal async ValueTask<IDisposable?> EnterAsync(bool mustGoOn, CancellationToken cancellation, CancellationToken hurry = default)
    {
        while (!HasTurn && !hurry.IsCancellationRequested)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, hurry);
            patience.CancelAfter(settings.LongestWait);
            try
            {
                RateLimitLease lease = await turns.AcquireAsync(Permits, patience.Token);
                if (lease.IsAcquired)
                {
                    await StandAsideAsync(hurry);
                    return lease;
                }

                lease.Dispose();
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // It has waited too long, or is in a hurry now.
            }

            if (!hurry.IsCancellationRequested && !mustGoOn)
            {
                Refusals.Add(1);
                throw new MapBusyException();
            }

            if (mustGoOn)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
            }
        }

        return null;
    }

    public void Dispose() => turns.Dispose();

    /// <summary>While the control room waits for an answer nothing new is begun, for half a second at most.</summary>
    private async Task StandAsideAsync(CancellationToken hurry)
    {
        for (int times = 0; times < 25 && desk.IsAsking && !hurry.IsCancellationRequested; times++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }

    /// <summary>While the control room works, each takes two turns: half as many run.</summary>
    private int Permits => desk.IsBusy ? Math.Min(2, settings.AtOnce) : 1;
}
