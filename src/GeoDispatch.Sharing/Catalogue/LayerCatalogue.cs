using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>Every layer there is, by its id, and the box that they lie in; null where the city has none.</summary>
internal sealed record LayerList(IReadOnlyList<Layer> Layers, Bbox? Extent)
{
    internal Layer? Find(string id) => Layers.FirstOrDefault(layer => layer.Id == id);
}

/// <summary>
/// The layers are the views of schema <c>share</c> that have a geometry and a key (<c>id</c> or <c>code</c>), as the database's own
/// catalogue describes them: a module ships a layer by shipping a view.
/// </summary>
internal sealed class LayerCatalogue(Databases databases)
{
    private const int KeptMilliseconds = 5_000;

    // A geometry without a stated system is in web mercator, as every shared view keeps it.
    private const string Sql =
        """
        SELECT c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), c.relname::text), a.attname::text, t.typname::text,
               CASE WHEN t.typname = 'geometry' THEN coalesce(nullif(postgis_typmod_srid(a.atttypmod), 0), 3857) END,
               CASE WHEN t.typname = 'geometry' THEN postgis_typmod_type(a.atttypmod)::text END
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE c.relnamespace = 'share'::regnamespace AND c.relkind IN ('v', 'm') AND has_table_privilege(c.oid, 'SELECT')
        ORDER BY c.relname, a.attnum
        """;

    private sealed record Kept(LayerList List, long ReadAt);

    private volatile Kept? kept;

    /// <summary>At most five seconds old.</summary>
    internal async Task<LayerList> ReadAsync(CancellationToken cancellation)
    {
        if (kept is Kept(LayerList list, long readAt) && Environment.TickCount64 - readAt < KeptMilliseconds)
        {
            return list;
        }

        long now = Environment.TickCount64;
        var read = new LayerList(await LayersAsync(cancellation), await ExtentAsync(cancellation));
        kept = new Kept(read, now);
        return read;
    }

    private async Task<List<Layer>> LayersAsync(CancellationToken cancellation)
    {
        var columns = new List<(string View, string Title, LayerColumn Column, int? Srid, string? Geometry)>();
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(Sql);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            columns.Add((
                row.GetString(0), row.GetString(1), new LayerColumn(row.GetString(2), row.GetString(3)),
                row.IsDBNull(4) ? null : row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5)));
        }

        var layers = new List<Layer>();
        foreach (var view in columns.GroupBy(column => (column.View, column.Title)))
        {
            LayerColumn[] plain = [.. view.Where(column => column.Srid is null).Select(column => column.Column)];
            LayerColumn? key = plain.FirstOrDefault(column => column.Name == "id") ?? plain.FirstOrDefault(column => column.Name == "code");
            var geometry = view.FirstOrDefault(column => column.Srid is not null);
            if (key?.JsonType is "integer" or "string" && geometry.Srid is int srid)
            {
                layers.Add(new Layer(view.Key.View, view.Key.Title, key, geometry.Column.Name, geometry.Geometry ?? "Geometry", srid, plain));
            }
        }

        return layers;
    }

    private async Task<Bbox?> ExtentAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = databases.Sharing.CreateCommand("SELECT west, south, east, north FROM share.profile");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new Bbox(row.GetDouble(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3))
            : null;
    }
}
