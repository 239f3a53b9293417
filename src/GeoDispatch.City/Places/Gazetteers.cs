using System.Data;
using GeoDispatch.City.Import;
using GeoDispatch.Postgres;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace GeoDispatch.City.Places;

/// <summary>The gazetteer of the base map that is there, read at the first search and kept.</summary>
internal sealed class Gazetteers(Databases databases) : IDisposable
{
    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile Gazetteer? current;

    /// <summary>What is kept; the first to ask waits until it has been read. While a new base map is read, the former one answers.</summary>
    internal ValueTask<Gazetteer> GetAsync(CancellationToken cancellation) =>
        current is { } ready ? ValueTask.FromResult(ready) : new ValueTask<Gazetteer>(ReadAsync(anew: false, cancellation));

    /// <summary>Reads again what was asked for before; where that fails, the next to ask has it read.</summary>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            _ = current is null ? null : await ReadAsync(anew: true, cancellation);
        }
        catch (Exception loss) when (loss is NpgsqlException or IOException)
        {
            current = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => loading.Dispose();

    private async Task<Gazetteer> ReadAsync(bool anew, CancellationToken cancellation)
    {
        await loading.WaitAsync(cancellation);
        try
        {
            if (anew || current is null)
            {
                await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
                // All of one moment, even while a base map is being replaced.
                await using NpgsqlTransaction moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
                Gazetteer gazetteer = await new GazetteerReader(connection).ReadAsync(cancellation);
                // An empty one is not kept: a city may be imported before anybody tells of it.
                current = gazetteer.Named.Count > 0 ? gazetteer : null;
                return gazetteer;
            }

            return current;
        }
        finally
        {
            loading.Release();
        }
    }
}

/// <summary>Reads the gazetteer again when the base map says that it was replaced.</summary>
internal sealed class GazetteerWatcher(PgListener listener, Gazetteers gazetteers) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string _ in listener.Listen(OsmImport.StreetsChanged, stoppingToken))
            {
                await gazetteers.RefreshAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }
}
