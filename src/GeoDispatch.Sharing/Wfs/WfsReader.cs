using System.Data;
using System.Runtime.CompilerServices;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using Npgsql;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>One answer's look at the database: what is counted and what is read is the same, whoever writes meanwhile.</summary>
internal sealed class WfsReader : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction snapshot;

    private WfsReader(NpgsqlConnection connection, NpgsqlTransaction snapshot) => (this.connection, this.snapshot) = (connection, snapshot);

    internal static async Task<WfsReader> OpenAsync(Databases databases, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await databases.Sharing.OpenConnectionAsync(cancellation);
        try
        {
            return new WfsReader(connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal async Task<long> CountAsync(WfsQuery query, CancellationToken cancellation)
    {
        var parameters = new SqlParameters();
        string source = query.Features.Readable.Source(parameters);
        await using var command = new NpgsqlCommand(
            $"SELECT count(*) FROM {source} AS source WHERE {query.Selection.Where(query.Features.Readable, parameters)}", connection, snapshot);
        parameters.CopyTo(command);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Row by row from an open reader: the key, the geometry in binary, then the columns as text; of GeoJSON the key and the feature.</summary>
    internal async IAsyncEnumerable<NpgsqlDataReader> ReadAsync(
        WfsQuery query, WfsFormat format, long skip, long take, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var parameters = new SqlParameters();
        Layer layer = query.Layer;
        string source = query.Features.Readable.Source(parameters);
        string where = query.Selection.Where(query.Features.Readable, parameters);
        // By the columns of "source", as both levels are called: the outer one gives the key as text, which sorts otherwise. What is
        // costly is made of the page alone.
        string order = query.Selection.OrderBy(layer, "source.");
        string columns = string.Join(", ", layer.Columns.Select(static column => SqlParameters.Quoted(column.Name)).Prepend(SqlParameters.Quoted(layer.GeometryColumn)));
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {SqlParameters.Quoted(layer.Key.Name)}::text, {(format == WfsFormat.Gml ? GmlColumns(query) : GeoJson(query))}
            FROM (
                SELECT {columns} FROM {source} AS source WHERE {where}
                ORDER BY {order} OFFSET {parameters.Add(skip)} LIMIT {parameters.Add(take)}
            ) source ORDER BY {order}
            """, connection, snapshot);
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            yield return row;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await snapshot.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static string GmlColumns(WfsQuery query)
    {
        string geometry = query.Gives(query.Layer.GeometryColumn)
            ? $"ST_AsBinary(ST_Force2D(ST_CurveToLine(ST_Transform({SqlParameters.Quoted(query.Layer.GeometryColumn)}, {query.Crs.Crs.Srid}))), 'NDR')"
            : "NULL::bytea";
        return string.Join(", ", query.Layer.Columns.Where(column => query.Gives(column.Name)).Select(Text).Prepend(geometry));
    }

    /// <summary>As XML Schema writes a value of the type.</summary>
    private static string Text(LayerColumn column)
    {
        string name = SqlParameters.Quoted(column.Name);
        return column.Type switch
        {
            "timestamptz" => $"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
            "timestamp" => $"to_char({name}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')",
            "float4" or "float8" or "numeric" => $"replace({name}::text, 'Infinity', 'INF')",
            _ => $"{name}::text",
        };
    }

    /// <summary>As RFC 7946 has it, x before y whatever the system.</summary>
    private static string GeoJson(WfsQuery query)
    {
        string geometry = query.Gives(query.Layer.GeometryColumn)
            ? $"ST_AsGeoJSON(ST_Transform({SqlParameters.Quoted(query.Layer.GeometryColumn)}, {query.Crs.Crs.Srid}), {query.Crs.Crs.Decimals}, 0)::json"
            : "NULL::json";
        string[] given = [.. query.Layer.Columns.Where(column => query.Gives(column.Name)).Select(static column => $"source.{SqlParameters.Quoted(column.Name)}")];
        string properties = given.Length == 0 ? "'{}'::json" : $"row_to_json((SELECT p FROM (SELECT {string.Join(", ", given)}) p))";
        // The identifier is put in by whoever knows the layer's name in XML.
        return $"convert_to(json_build_object('geometry', {geometry}, 'properties', {properties})::text, 'UTF8')";
    }
}
