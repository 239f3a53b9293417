using System.Collections.Concurrent;
using System.Security.Claims;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Spatial;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>Names of features for the search of places. Which of them somebody may read, the database says for each answer.</summary>
internal sealed partial class LayerNames(
    LayerCatalogue catalogue, LayerAccess access, LayerReads reads, Databases databases, ILogger<LayerNames> log) : ILayerNames
{
    /// <summary>As reads by this interface are counted.</summary>
    private const string Protocol = "search";

    private readonly ConcurrentDictionary<string, (int Names, bool HasMore)> counts = new(StringComparer.Ordinal);

    /// <summary>How many names of a layer this server searches, and whether that are all; null where none were read yet.</summary>
    internal (int Names, bool HasMore)? Searched(string layer) => counts.TryGetValue(layer, out (int, bool) known) ? known : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SearchedLayer>> ListAsync(CancellationToken cancellation) => (await catalogue.ReadAsync(cancellation)).Searched;

    /// <inheritdoc/>
    public async Task<LayerNamesRead> ReadAsync(SearchedLayer layer, int most, CancellationToken cancellation)
    {
        if ((await catalogue.ReadAsync(cancellation)).Find(layer.Id) is not { } whole)
        {
            return new LayerNamesRead([], HasMore: false);
        }

        var parameters = new SqlParameters();
        // Of the outline the middle is enough to tell near from far, and costs nothing.
        string sql = Select(new ReadableLayer(whole), layer.Column, "ST_Centroid(ST_Envelope({0}))", parameters)
            + $" ORDER BY {SqlParameters.Quoted(whole.Key.Name)} LIMIT {parameters.Add(most + 1)}";
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(sql);
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        List<NamedFeature> features = await RowsAsync(row, cancellation);
        bool hasMore = features.Count > most;
        features.RemoveRange(Math.Min(most, features.Count), Math.Max(0, features.Count - most));
        if (hasMore && !(counts.TryGetValue(layer.Id, out (int Names, bool HasMore) before) && before.HasMore))
        {
            LogSurplus(log, layer.Id, features.Count);
        }

        counts[layer.Id] = (features.Count, hasMore);
        return new LayerNamesRead(features, hasMore);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(string Layer, NamedFeature Feature)>> FindAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>> keys, string question, ClaimsPrincipal asker, CancellationToken cancellation)
    {
        // A program reads features by a key for the map; one that may only search is told of none here either.
        if (asker.HasClaim(static claim => claim.Type == GeoClaims.Scope) && !asker.HasClaim(GeoClaims.Scope, Scopes.Map))
        {
            return [];
        }

        ReadableLayers readable = await access.ReadAsync(asker, cancellation);
        (ReadableLayer Layer, string Column, Array Keys)[] asked =
        [
            .. from one in keys
               let layer = readable.Find(one.Key)
               where layer?.SearchColumn is not null
               select (layer, layer.SearchColumn, Typed(layer.Layer.Key, one.Value)),
        ];
        var found = new List<(string Layer, NamedFeature Feature)>();
        if (asked.Length == 0)
        {
            return found;
        }

        await using NpgsqlConnection connection = await databases.Sharing.OpenConnectionAsync(cancellation);
        foreach ((ReadableLayer layer, string column, Array wanted) in asked)
        {
            List<NamedFeature> features = await FindAsync(connection, layer, column, wanted, cancellation);
            if (features.Count > 0)
            {
                (await reads.NoteAsync(layer, Protocol, asker, question, cancellation)).Gave(features.Count);
                found.AddRange(features.Select(feature => (layer.Layer.Id, feature)));
            }
        }

        return found;
    }

    private async Task<List<NamedFeature>> FindAsync(
        NpgsqlConnection connection, ReadableLayer layer, string column, Array keys, CancellationToken cancellation)
    {
        var parameters = new SqlParameters();
        // Equality of the key alone: a condition of the reader's own would have to be kept from rows that the reader may not see.
        await using var command = new NpgsqlCommand(
            Select(layer, column, "ST_PointOnSurface({0})", parameters) + $" AND {SqlParameters.Quoted(layer.Layer.Key.Name)} = ANY ({parameters.Add(keys)})", connection);
        parameters.CopyTo(command);
        try
        {
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
            return await RowsAsync(row, cancellation);
        }
        catch (PostgresException fault)
        {
            // A view that was dropped just now, a rule that cannot be computed: the other layers can answer.
            LogFault(log, layer.Layer.Id, fault.MessageText);
            return [];
        }
    }

    /// <param name="point">The point of a geometry, which stands for {0}.</param>
    private static string Select(ReadableLayer readable, string column, string point, SqlParameters parameters)
    {
        string geometry = SqlParameters.Quoted(readable.Layer.GeometryColumn), name = SqlParameters.Quoted(column);
        string at = $"ST_Transform({point.Replace("{0}", geometry, StringComparison.Ordinal)}, 4326)";
        return $"""
            SELECT {SqlParameters.Quoted(readable.Layer.Key.Name)}::text, {name}::text, ST_X({at}), ST_Y({at})
            FROM {readable.Source(parameters)} AS source WHERE {name} <> '' AND NOT ST_IsEmpty({geometry})
            """;
    }

    private static async Task<List<NamedFeature>> RowsAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        var features = new List<NamedFeature>();
        while (await row.ReadAsync(cancellation))
        {
            // What lies nowhere on earth is shown on no map either.
            if (LonLat.TryCreate(row.GetDouble(2), row.GetDouble(3), out LonLat at))
            {
                features.Add(new NamedFeature(row.GetString(0), row.GetString(1), at));
            }
        }

        return features;
    }

    /// <summary>The keys in the type of their column, those that it can hold.</summary>
    private static Array Typed(LayerColumn key, IReadOnlyList<string> keys)
    {
        object[] values = [.. keys.Select(text => key.TryRead(text, out object value) ? value : null).OfType<object>()];
        var typed = Array.CreateInstance(values.Length == 0 ? typeof(string) : values[0].GetType(), values.Length);
        Array.Copy(values, typed, values.Length);
        return typed;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Layer {Layer} cannot be asked for a search. {Reason}")]
    private static partial void LogFault(ILogger logger, string layer, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Layer {Layer} has more names than may be searched: only {Names} are.")]
    private static partial void LogSurplus(ILogger logger, string layer, int names);
}
