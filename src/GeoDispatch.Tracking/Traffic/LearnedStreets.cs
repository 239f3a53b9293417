using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using Npgsql;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>
/// What is learned of the city's streets, given to every graph that <see cref="Streets"/> loads. Read when the streets are asked for first;
/// later only what changed. What another server learned is found in the same way.
/// </summary>
internal sealed class LearnedStreets : IDisposable
{
    private readonly Databases databases;
    private readonly Streets streets;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly PassLedger ledger = new();
    private DateTime readTo = DateTime.UnixEpoch;
    private volatile CityLearnedSpeeds? current;

    public LearnedStreets(Databases databases, Streets streets)
    {
        (this.databases, this.streets) = (databases, streets);
        streets.WhenLoaded(TeachAsync);
    }

    /// <summary>Share of the streets' length that enough vehicles drove; null before the streets were asked for.</summary>
    internal double? Share { get; private set; }

    /// <summary>Reads what changed, and lets it count from the next answer on. Where the streets were not asked for yet it reads nothing.</summary>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        if (current is { } known)
        {
            await TeachAsync(known.Graph, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Whoever is at work, a fast stop did not wait for: it gives its turn back first.
        if (turn.Wait(TimeSpan.FromSeconds(5)))
        {
            turn.Dispose();
        }
    }

    private async Task TeachAsync(RoadGraph graph, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
            // A transaction that began before the last read may have ended after it.
            DateTime newest = await PassTable.ReadAsync(connection, ledger, readTo.AddMinutes(-1), cancellation);
            if (newest <= readTo && current?.Graph == graph)
            {
                return;
            }

            readTo = newest;
            CityLearnedSpeeds learned = SpeedLearner.Learn(graph, ledger.Counts, await PassTable.ReadBandAsync(connection, cancellation));
            if (streets.SetLearned(graph, learned))
            {
                (current, Share) = (learned, learned.LearnedShare);
            }
        }
        finally
        {
            turn.Release();
        }
    }
}
