using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>Every layer there is, by its id, the rules on them, and the box that they lie in; null where the city has none.</summary>
internal sealed record LayerList(IReadOnlyList<Layer> Layers, Bbox? Extent, IReadOnlyList<AccessRule> Rules)
{
    /// <summary>Those whose features are searched by name.</summary>
    internal IReadOnlyList<SearchedLayer> Searched { get; } =
        [.. Layers.Where(static layer => layer.SearchColumn is not null).Select(static layer => new SearchedLayer(layer.Id, layer.Title, layer.SearchColumn!.Name))];

    internal Layer? Find(string id) => Layers.FirstOrDefault(layer => layer.Id == id);
}

/// <summary>
/// The layers are the views of schema <c>share</c> that have a geometry and a key (<c>id</c> or <c>code</c>), as the database's own
/// catalogue describes them: a module ships a layer by shipping a view.
/// </summary>
internal sealed class LayerCatalogue(Databases databases, CityProfile profile) : IDisposable
{
    private const int KeptMilliseconds = 5_000;

    // A geometry without a stated system is in web mercator, as every shared view keeps it. A table tells of its changes by four triggers of
    // these names, as those of the base map do; a view that reads any other table, or a function that may read one, changes unheard.
    private const string Sql =
        """
        WITH RECURSIVE reads AS (
            SELECT oid AS view, oid AS source FROM pg_class WHERE relnamespace = 'share'::regnamespace AND relkind IN ('v', 'm')
            UNION
            SELECT reads.view, d.refobjid
            FROM reads
            JOIN pg_rewrite r ON r.ev_class = reads.source
            JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
        ), unheard AS (
            SELECT reads.view FROM reads JOIN pg_class s ON s.oid = reads.source
            WHERE s.relkind <> 'v' AND 4 > (
                SELECT count(DISTINCT tgname) FROM pg_trigger
                WHERE tgrelid = s.oid AND tgenabled IN ('O', 'A') AND tgname IN ('tiles_inserted', 'tiles_updated', 'tiles_deleted', 'tiles_truncated'))
            UNION
            SELECT reads.view
            FROM reads
            JOIN pg_rewrite r ON r.ev_class = reads.source
            JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
            JOIN pg_proc p ON p.oid = d.refobjid AND p.provolatile <> 'i'
            WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
        )
        SELECT c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), c.relname::text), a.attname::text, t.typname::text,
               CASE WHEN t.typname = 'geometry' THEN coalesce(nullif(postgis_typmod_srid(a.atttypmod), 0), 3857) END,
               CASE WHEN t.typname = 'geometry' THEN postgis_typmod_type(a.atttypmod)::text END,
               c.oid IN (SELECT view FROM unheard)
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE c.relnamespace = 'share'::regnamespace AND c.relkind IN ('v', 'm') AND has_table_privilege(c.oid, 'SELECT')
        ORDER BY c.relname, a.attnum
        """;

    private const int NowhereKeptMilliseconds = 60_000;

    private sealed record Kept(LayerList List, long ReadAt, int Forgettings);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Dictionary<string, (bool Any, long ReadAt)> nowhere = new(StringComparer.Ordinal);
    private volatile Kept? kept;
    private int forgettings;

    /// <summary>How often it was told to forget.</summary>
    internal int Forgettings => Volatile.Read(ref forgettings);

    /// <summary>At most five seconds old; what an administrator changed on this server shows at once.</summary>
    internal async ValueTask<LayerList> ReadAsync(CancellationToken cancellation)
    {
        if (Fresh() is LayerList list)
        {
            return list;
        }

        // Of many who find it old, one reads.
        await turn.WaitAsync(cancellation);
        try
        {
            if (Fresh() is LayerList readMeanwhile)
            {
                return readMeanwhile;
            }

            int before = Forgettings;
            long now = Environment.TickCount64;
            SharedCity? city = await profile.FindAsync(cancellation);
            var read = new LayerList(await LayersAsync(city?.Attribution, cancellation), city?.Box, await RulesAsync(cancellation));
            kept = new Kept(read, now, before);
            return read;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>After a change: the next question is asked of the database.</summary>
    internal void Forget() => Interlocked.Increment(ref forgettings);

    /// <summary>What is kept and young enough; null where the database must be asked.</summary>
    internal LayerList? Fresh() =>
        kept is Kept(LayerList list, long readAt, int before) && Environment.TickCount64 - readAt < KeptMilliseconds
            && before == Forgettings
            ? list
            : null;

    private async Task<List<Layer>> LayersAsync(string? cityAttribution, CancellationToken cancellation)
    {
        var columns = new List<(string View, string Comment, LayerColumn Column, int? Srid, string? Geometry, bool Unheard)>();
        await using (NpgsqlCommand command = databases.Sharing.CreateCommand(Sql))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                columns.Add((
                    row.GetString(0), row.GetString(1), new LayerColumn(row.GetString(2), row.GetString(3)),
                    row.IsDBNull(4) ? null : row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetBoolean(6)));
            }
        }

        Dictionary<string, Said> said = await SaidAsync(cancellation);
        var layers = new List<Layer>();
        foreach (var view in columns.GroupBy(column => (column.View, column.Comment)))
        {
            LayerColumn[] plain = [.. view.Where(column => column.Srid is null).Select(column => column.Column)];
            LayerColumn? key = plain.FirstOrDefault(column => column.Name == "id") ?? plain.FirstOrDefault(column => column.Name == "code");
            var geometry = view.FirstOrDefault(column => column.Srid is not null);
            if (key is { JsonType: "integer" or "string", Type: not "timestamptz" } && geometry.Srid is int srid)
            {
                ShippedComment shipped = ShippedComment.Parse(view.Key.Comment);
                Said? one = said.GetValueOrDefault(view.Key.View);
                layers.Add(new Layer(
                    view.Key.View, one?.OverTitle(shipped.Title) ?? shipped.Title, key, geometry.Column.Name, geometry.Geometry ?? "Geometry", srid, plain,
                    shipped.Volatile ?? geometry.Unheard)
                {
                    Metadata = Said.Over(one, shipped.Metadata, cityAttribution),
                    MayLieNowhere = await AnyNowhereAsync(view.Key.View, geometry.Column.Name, cancellation),
                });
            }
        }

        return layers;
    }

    /// <summary>Whether features without a geometry were found, a minute ago at most. Only whoever has the turn asks.</summary>
    private async Task<bool> AnyNowhereAsync(string view, string geometry, CancellationToken cancellation)
    {
        if (nowhere.TryGetValue(view, out (bool Any, long ReadAt) known) && Environment.TickCount64 - known.ReadAt < NowhereKeptMilliseconds)
        {
            return known.Any;
        }

        bool any = true;
        try
        {
            await using NpgsqlCommand command = databases.Sharing.CreateCommand(
                $"SELECT EXISTS (SELECT FROM share.{SqlParameters.Quoted(view)} WHERE {SqlParameters.Quoted(geometry)} IS NULL)");
            any = (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException)
        {
            // A view that cannot be read in time, or was dropped just now: the careful answer.
        }

        nowhere[view] = (any, Environment.TickCount64);
        return any;
    }

    private async Task<Dictionary<string, Said>> SaidAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<Said>(new CommandDefinition(
            """
            SELECT id AS "Id", title AS "Title", title_en AS "TitleEn", owner AS "Owner", class AS "Class", attribution AS "Attribution",
                approval_number AS "ApprovalNumber", min_zoom AS "MinZoom", max_zoom AS "MaxZoom",
                search_column AS "SearchColumn", updated_at AS "UpdatedAt"
            FROM sharing.layer
            """,
            cancellationToken: cancellation))).ToDictionary(row => row.Id, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<AccessRule>> RulesAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<AccessRule>(new CommandDefinition(
            """
            SELECT id AS "Id", layer AS "Layer", department AS "Department", role AS "Role", ST_AsBinary(area) AS "Area", rows AS "Rows",
                hidden AS "Hidden", masked AS "Masked", valid_from AS "ValidFrom", valid_until AS "ValidUntil"
            FROM sharing.rule ORDER BY layer, department, role
            """,
            cancellationToken: cancellation))];
    }

    /// <summary>What administrators say of a layer; null is as its module ships it.</summary>
    private sealed record Said(
        string Id, string? Title, string? TitleEn, string? Owner, string? Class, string? Attribution, string? ApprovalNumber, int? MinZoom,
        int? MaxZoom, string? SearchColumn, DateTimeOffset UpdatedAt)
    {
        internal string? OverTitle(string shipped)
        {
            string[] halves = shipped.Split(" / ", 2);
            return Title is null && TitleEn is null ? null : $"{Title ?? halves[0]} / {TitleEn ?? halves[^1]}";
        }

        /// <param name="cityAttribution">What a map of the city must name: for what the city itself owns.</param>
        internal static LayerMetadata Over(Said? said, LayerMetadata shipped, string? cityAttribution)
        {
            LayerMetadata over = said is null
                ? shipped
                : new LayerMetadata(
                    said.Owner ?? shipped.Owner, SharingClasses.Find(said.Class) ?? shipped.Sharing, said.Attribution ?? shipped.Attribution,
                    said.ApprovalNumber, said.MinZoom ?? shipped.MinZoom, said.MaxZoom ?? shipped.MaxZoom, said.SearchColumn, said.UpdatedAt);
            return over.Attribution is null && shipped.Owner == LayerMetadata.Default.Owner ? over with { Attribution = cityAttribution } : over;
        }
    }
}
