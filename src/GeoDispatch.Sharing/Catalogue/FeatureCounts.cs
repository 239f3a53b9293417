using System.Collections.Concurrent;
using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using Npgsql;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>How many features there are of a layer, as far as one reader may see them: a minute old at most, and never counted beyond <see cref="Most"/>.</summary>
internal sealed class FeatureCounts(Databases databases)
{
    internal const int Most = 10_000;

    private const int KeptMilliseconds = 60_000;

    private readonly ConcurrentDictionary<(string Layer, string Reader), (int Count, long ReadAt)> kept = new();

    /// <summary><see cref="Most"/> plus one where there are more. Null where counting would be a read to be written down, or took too long.</summary>
    internal async ValueTask<int?> FindAsync(ReadableLayer readable, CancellationToken cancellation)
    {
        if (readable.IsAudited)
        {
            return null;
        }

        (string, string) name = (readable.Layer.Id, readable.CacheKey);
        if (kept.TryGetValue(name, out (int Count, long ReadAt) known) && Environment.TickCount64 - known.ReadAt < KeptMilliseconds)
        {
            return known.Count;
        }

        var parameters = new SqlParameters();
        string source = readable.Source(parameters);
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(string.Create(
            CultureInfo.InvariantCulture, $"SELECT count(*)::int FROM (SELECT FROM {source} AS source LIMIT {Most + 1}) counted"));
        parameters.CopyTo(command);
        try
        {
            int count = (int)(await command.ExecuteScalarAsync(cancellation))!;
            kept[name] = (count, Environment.TickCount64);
            return count;
        }
        catch (PostgresException failed) when (failed.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.UndefinedTable)
        {
            // Dropped just now, or slower than a statement may be: the page does without.
            return null;
        }
    }
}
