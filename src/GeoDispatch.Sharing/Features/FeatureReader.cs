using System.Runtime.CompilerServices;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using Npgsql;

namespace GeoDispatch.Sharing.Features;

/// <summary>A feature as PostGIS wrote it: GeoJSON in UTF-8, ending with a brace.</summary>
internal readonly record struct FeatureRow(object Key, byte[] GeoJson);

/// <summary>Reads features as the reader of the shared map. Names are quoted, values go as parameters.</summary>
internal sealed class FeatureReader(Databases databases)
{
    /// <summary>One page and the first feature beyond it, in the order of their keys, row by row from an open reader.</summary>
    internal async IAsyncEnumerable<FeatureRow> ReadAsync(
        ReadableLayer readable, FeatureQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Layer layer = readable.Layer;
        var parameters = new SqlParameters();
        string key = SqlParameters.Quoted(layer.Key.Name);
        string source = readable.Source(parameters);
        string where = query.Selection.Where(layer, parameters);
        if (query.After is object after)
        {
            where = $"{where} AND {key} > {parameters.Add(after)}";
        }

        await using NpgsqlCommand command = databases.Sharing.CreateCommand(Select(
            layer, query.Crs, query.Selection.OrderBy(layer),
            $"""
            SELECT {SqlParameters.Quoted(layer.GeometryColumn)}, {string.Join(", ", layer.Columns.Select(column => SqlParameters.Quoted(column.Name)))}
            FROM {source} AS source WHERE {where}
            ORDER BY {query.Selection.OrderBy(layer)} LIMIT {parameters.Add(query.Limit + 1)}
            """));
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            yield return new FeatureRow(row.GetValue(0), row.GetFieldValue<byte[]>(1));
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
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(Select(
            layer, crs, "1", $"SELECT * FROM {readable.Source(parameters)} AS source WHERE {SqlParameters.Quoted(layer.Key.Name)} = {parameters.Add(key)}"));
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? row.GetFieldValue<byte[]>(1) : null;
    }

    private static string Select(Layer layer, Crs crs, string order, string rows)
    {
        string key = SqlParameters.Quoted(layer.Key.Name);
        string geometry = $"ST_Transform(t.{SqlParameters.Quoted(layer.GeometryColumn)}, {crs.Srid})";
        string properties = string.Join(", ", layer.Properties.Select(column => $"t.{SqlParameters.Quoted(column.Name)}"));
        return $"""
            SELECT t.{key}, convert_to(json_build_object(
                'type', 'Feature', 'id', t.{key},
                'geometry', ST_AsGeoJSON({(crs.YFirst ? $"ST_FlipCoordinates({geometry})" : geometry)}, {crs.Decimals}, 0)::json,
                'properties', row_to_json((SELECT p FROM (SELECT {properties}) p)))::text, 'UTF8')
            FROM ({rows}) t ORDER BY {order}
            """;
    }
}
