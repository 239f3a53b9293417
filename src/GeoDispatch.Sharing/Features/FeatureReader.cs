using System.Runtime.CompilerServices;
using System.Text;
using GeoDispatch.Postgres;
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
        Layer layer, FeatureQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using NpgsqlCommand command = databases.Sharing.CreateCommand();
        string Value(object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            return $"${command.Parameters.Count}";
        }

        var conditions = new List<string> { "true" };
        string key = Quoted(layer.Key.Name);
        string geometry = Quoted(layer.GeometryColumn);
        foreach ((LayerColumn column, object value) in query.Filters)
        {
            // A fraction is compared as the column keeps it: 0.1 of four bytes is not 0.1 of eight.
            string type = column.JsonType == "number" ? $"::{column.Type}" : "";
            conditions.Add($"{Quoted(column.Name)} = {Value(value)}{type}");
        }

        if (query.After is object after)
        {
            conditions.Add($"{key} > {Value(after)}");
        }

        if (query.Boxes.Count > 0)
        {
            // A feature that lies nowhere is selected by every box: so the standard has it.
            conditions.Add($"({string.Join(" OR ", query.Boxes.Select(box => Inside(box)))} OR {geometry} IS NULL)");
        }

        command.CommandText = Select(
            layer, query.Crs,
            $"""
            SELECT {geometry}, {string.Join(", ", layer.Columns.Select(column => Quoted(column.Name)))}
            FROM share.{Quoted(layer.Id)} WHERE {string.Join(" AND ", conditions)}
            ORDER BY {key} LIMIT {Value(query.Limit + 1)}
            """);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            yield return new FeatureRow(row.GetValue(0), row.GetFieldValue<byte[]>(1));
        }

        string Inside(Box box)
        {
            // Of two corners an envelope: a point or a line where the box has no width. Lines of a projection bend in another.
            string corners = $"ST_Point({Value(box.MinX)}, {Value(box.MinY)}), ST_Point({Value(box.MaxX)}, {Value(box.MaxY)})";
            string envelope = $"ST_SetSRID(ST_Envelope(ST_Collect({corners})), {query.BboxCrs.Srid})";
            string bent = query.BboxCrs.Degrees || query.BboxCrs.Srid == layer.Srid ? envelope : $"ST_Segmentize({envelope}, 20000)";
            return $"ST_Intersects({geometry}, ST_Transform({bent}, {layer.Srid}))";
        }
    }

    /// <summary>Null where there is no feature of this id.</summary>
    internal async Task<byte[]?> FindAsync(Layer layer, string featureId, Crs crs, CancellationToken cancellation)
    {
        if (!layer.Key.TryRead(featureId, out object key))
        {
            return null;
        }

        await using NpgsqlCommand command = databases.Sharing.CreateCommand(Select(
            layer, crs, $"SELECT * FROM share.{Quoted(layer.Id)} WHERE {Quoted(layer.Key.Name)} = $1"));
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? row.GetFieldValue<byte[]>(1) : null;
    }

    private static string Select(Layer layer, Crs crs, string rows)
    {
        string key = Quoted(layer.Key.Name);
        string geometry = $"ST_Transform(t.{Quoted(layer.GeometryColumn)}, {crs.Srid})";
        string properties = string.Join(", ", layer.Properties.Select(column => $"t.{Quoted(column.Name)}"));
        return $"""
            SELECT t.{key}, convert_to(json_build_object(
                'type', 'Feature', 'id', t.{key},
                'geometry', ST_AsGeoJSON({(crs.YFirst ? $"ST_FlipCoordinates({geometry})" : geometry)}, {crs.Decimals}, 0)::json,
                'properties', row_to_json((SELECT p FROM (SELECT {properties}) p)))::text, 'UTF8')
            FROM ({rows}) t ORDER BY t.{key}
            """;
    }

    private static string Quoted(string name) => new StringBuilder("\"").Append(name.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
}
