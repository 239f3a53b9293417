using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using Npgsql;

namespace GeoDispatch.Sharing.Features;

/// <summary>A feature as PostGIS wrote it.</summary>
/// <param name="Place">Where it stands in the order.</param>
/// <param name="GeoJson">In UTF-8, ending with a brace.</param>
internal readonly record struct FeatureRow(PageToken Place, byte[] GeoJson);

/// <summary>Reads features as the reader of the shared map. Names are quoted, values go as parameters.</summary>
internal sealed class FeatureReader(Databases databases) : IDisposable
{
    private const int LongReadsAtOnce = 4;
    private readonly SemaphoreSlim longReads = new(LongReadsAtOnce, LongReadsAtOnce);

    /// <summary>
    /// What the database says of values: a number too large, a logarithm of nothing. It meets them only while it reads. Null where the
    /// fault is another.
    /// </summary>
    internal static Problem? Refusal(PostgresException failed) => failed.SqlState.StartsWith("22", StringComparison.Ordinal)
        ? new Problem(400, "filter.not_computable", "条件无法计算 / The condition cannot be computed", $"计算时出错 / While it was computed: {failed.MessageText}", "filter")
        : null;

    /// <summary>One page and the first feature beyond it, row by row from an open reader.</summary>
    /// <param name="isLong">Part of a long page: such take turns, so that they leave connections to the map.</param>
    internal async IAsyncEnumerable<FeatureRow> ReadAsync(
        ReadableLayer readable, FeatureQuery query, bool isLong, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (isLong)
        {
            await longReads.WaitAsync(cancellation);
        }

        try
        {
            await foreach (FeatureRow row in ReadAsync(readable, query, cancellation))
            {
                yield return row;
            }
        }
        finally
        {
            if (isLong)
            {
                longReads.Release();
            }
        }
    }

    public void Dispose() => longReads.Dispose();

    private async IAsyncEnumerable<FeatureRow> ReadAsync(
        ReadableLayer readable, FeatureQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Layer layer = readable.Layer;
        IReadOnlyList<SortKey> sort = query.Selection.Sort;
        var parameters = new SqlParameters();
        string source = readable.Source(parameters);
        string where = query.Selection.Where(readable, parameters);
        if (query.After is PageToken after)
        {
            where = $"{where} AND {after.Where(layer, sort, parameters)}";
        }

        // PostgreSQL makes the GeoJSON of the page alone: what is costly it computes after ORDER BY and LIMIT. All that it gives is text,
        // for a kept statement may not give another type, whatever becomes of the view.
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(
            $"""
            SELECT {SqlParameters.Quoted(layer.Key.Name)}::text, {GeoJson(layer, query.Crs, query.Properties ?? [.. layer.Properties])}{string.Concat(sort.Select(key => $", ({key.Value})::text"))}
            FROM {source} AS source WHERE {where}
            ORDER BY {query.Selection.OrderBy(layer, "source.")} LIMIT {parameters.Add(query.Limit + 1)}
            """);
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            string?[] values = sort.Count == 0 ? [] : [.. Enumerable.Range(2, sort.Count).Select(i => row.IsDBNull(i) ? null : row.GetString(i))];
            yield return new FeatureRow(new PageToken(values, row.GetString(0)), row.GetFieldValue<byte[]>(1));
        }
    }

    /// <summary>Null where there is no feature of this id.</summary>
    internal async Task<byte[]?> FindAsync(ReadableLayer readable, string featureId, Crs crs, CancellationToken cancellation)
    {
        Layer layer = readable.Layer;
        if (!layer.Key.TryRead(featureId, out object key))
        {
            return null;
        }

        var parameters = new SqlParameters();
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(
            $"""
            SELECT {GeoJson(layer, crs, [.. layer.Properties])}
            FROM {readable.Source(parameters)} AS source WHERE {SqlParameters.Quoted(layer.Key.Name)} = {parameters.Add(key)}
            """);
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? row.GetFieldValue<byte[]>(0) : null;
    }

    /// <summary>The text is put together piece by piece: a tenth faster than <c>json_build_object</c>, and of any number of columns.</summary>
    private static string GeoJson(Layer layer, Crs crs, IReadOnlyList<LayerColumn> properties)
    {
        string geometry = SqlParameters.Quoted(layer.GeometryColumn);
        geometry = crs.Srid == layer.Srid ? geometry : $"ST_Transform({geometry}, {crs.Srid})";
        geometry = crs.YFirst ? $"ST_FlipCoordinates({geometry})" : geometry;
        var text = new List<string>
        {
            SqlParameters.Text("{\"type\":\"Feature\",\"id\":"), Json(layer.Key),
            SqlParameters.Text(",\"geometry\":"), $"coalesce(ST_AsGeoJSON({geometry}, {crs.Decimals}, 0), 'null')",
        };
        string before = ",\"properties\":{";
        foreach (LayerColumn column in properties)
        {
            text.AddRange([SqlParameters.Text($"{before}{JsonSerializer.Serialize(column.Name, HtmlPages.Readable)}:"), Json(column)]);
            before = ",";
        }

        text.Add(SqlParameters.Text(properties.Count == 0 ? $"{before}}}}}" : "}}"));
        return string.Join(" || ", text);
    }

    private static string Json(LayerColumn column) => $"coalesce(to_json({SqlParameters.Quoted(column.Name)})::text, 'null')";
}
