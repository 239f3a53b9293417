using System.Collections.Concurrent;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using Npgsql;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>Something that is said of all features of a layer at once, in one row.</summary>
/// <param name="KeptMilliseconds">An answer so old is asked for anew.</param>
/// <param name="Write">The statement over a layer, whose parameters it adds; null where the layer has no such thing.</param>
/// <param name="Read">Of the row.</param>
/// <param name="Otherwise">Where it cannot be known: it takes too long, the view was dropped just now, or has a fault.</param>
internal sealed record Summary<T>(
    int KeptMilliseconds, Func<ReadableLayer, SqlParameters, string?> Write, Func<NpgsqlDataReader, T> Read, T Otherwise);

/// <summary>Asks what summaries say of layers as a reader may see them: of all layers in one round trip, and of none again before it is old.</summary>
internal sealed class LayerSummaries(Databases databases)
{
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<(object Summary, string Layer, string Reader), (object? Value, long ReadAt)> kept = new();

    /// <summary>What it says of one layer.</summary>
    internal async ValueTask<T> FindAsync<T>(Summary<T> summary, ReadableLayer layer, CancellationToken cancellation) =>
        (await ListAsync(summary, [layer], cancellation))[0];

    /// <summary>What it says of each, in their order.</summary>
    internal async ValueTask<IReadOnlyList<T>> ListAsync<T>(Summary<T> summary, IReadOnlyList<ReadableLayer> layers, CancellationToken cancellation)
    {
        var said = new T[layers.Count];
        List<(int Place, string Sql, SqlParameters Parameters)> open = [];
        long now = Environment.TickCount64;
        for (int place = 0; place < layers.Count; place++)
        {
            var parameters = new SqlParameters();
            if (kept.TryGetValue(Key(summary, layers[place]), out (object? Value, long ReadAt) known) && now - known.ReadAt < summary.KeptMilliseconds)
            {
                said[place] = (T)known.Value!;
            }
            else if (summary.Write(layers[place], parameters) is string sql)
            {
                open.Add((place, sql, parameters));
            }
            else
            {
                said[place] = summary.Otherwise;
            }
        }

        if (open.Count > 0 && await TryAsync(summary, open, said, cancellation) is false)
        {
            foreach ((int Place, string Sql, SqlParameters Parameters) one in open)
            {
                // Whatever one of them cannot say, the others can.
                if (await TryAsync(summary, [one], said, cancellation) is false)
                {
                    said[one.Place] = summary.Otherwise;
                }
            }
        }

        if (kept.Count > MostKept)
        {
            kept.Clear();
        }

        foreach ((int place, _, _) in open)
        {
            kept[Key(summary, layers[place])] = (said[place], now);
        }

        return said;
    }

    private static (object, string, string) Key<T>(Summary<T> summary, ReadableLayer layer) => (summary, layer.Layer.Id, layer.CacheKey);

    /// <returns>False where one of the statements failed.</returns>
    private async Task<bool> TryAsync<T>(
        Summary<T> summary, IReadOnlyList<(int Place, string Sql, SqlParameters Parameters)> asked, T[] said, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlBatch batch = databases.Sharing.CreateBatch();
            foreach ((_, string sql, SqlParameters parameters) in asked)
            {
                var command = new NpgsqlBatchCommand(sql);
                parameters.CopyTo(command);
                batch.BatchCommands.Add(command);
            }

            await using NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellation);
            foreach ((int place, _, _) in asked)
            {
                said[place] = await row.ReadAsync(cancellation) ? summary.Read(row) : summary.Otherwise;
                await row.NextResultAsync(cancellation);
            }

            return true;
        }
        catch (PostgresException)
        {
            // Too much to look through, a place that is nowhere on earth, a view that was dropped just now or has a fault of its own: whoever
            // reads its features is told.
            return false;
        }
    }
}
