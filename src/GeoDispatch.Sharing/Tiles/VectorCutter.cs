using System.Data;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Spatial;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Mapbox Vector Tiles 2.1, cut and encoded by PostGIS in one query.</summary>
internal sealed class VectorCutter(Databases databases, LayerCatalogue catalogue) : ITileCutter
{
    internal const string DefaultStyle = "default";

    internal const string Mvt = "application/vnd.mapbox-vector-tile";

    // A tile that is still too large after so many cuts is given as it is.
    private const int MostCuts = 4;

    public string Name => "mvt";

    public string MediaType => Mvt;

    public string Extension => "mvt";

    public string Style => DefaultStyle;

    public bool Packs => true;

    public int BlockSide => 1;

    // A tile reads 64 of 4,096 units around itself.
    public double Reach => 64.0 / 4096;

    public (int Min, int Max) Zooms(Tileset tileset) => (tileset.MinZoom, tileset.MaxZoom);

    public string Recipe(Tileset tileset) => $"{tileset.Sql.Text}\n{tileset.MaxBytes}";

    public async Task<IReadOnlyList<byte[]>> CutAsync(Tileset tileset, TileGrid grid, TileId first, ReadableLayers layers, CancellationToken cancellation)
    {
        var parameters = new SqlParameters(first: 4);
        string sql = tileset.VariantFor(layers) is "" ? tileset.Sql.For(grid) : await RestrictAsync(tileset.Sql.For(grid), layers, parameters, cancellation);
        for (int cut = 1; ; cut++)
        {
            (byte[] bytes, long rows) = await AskAsync(sql, first, parameters, cancellation);
            if (tileset.MaxBytes is not int most || bytes.Length <= most || cut == MostCuts)
            {
                return [bytes];
            }

            // Fewer features, a little below what their mean size allows.
            sql = TileSql.Limit(sql, Math.Max(1, (long)(rows * 0.8 * most / bytes.Length)));
        }
    }

    /// <returns>The tile, and how many features are in it where the query tells.</returns>
    private async Task<(byte[] Bytes, long Rows)> AskAsync(string sql, TileId tile, SqlParameters parameters, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(sql);
        foreach (int part in (ReadOnlySpan<int>)[tile.Z, tile.X, tile.Y])
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = part, NpgsqlDbType = NpgsqlDbType.Integer });
        }

        parameters.CopyTo(command);
        // As it comes: a tile is too large for the buffer of the connection.
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess | CommandBehavior.SingleRow, cancellation);
        return await row.ReadAsync(cancellation) && !await row.IsDBNullAsync(0, cancellation)
            ? (await row.GetFieldValueAsync<byte[]>(0, cancellation), row.FieldCount > 1 ? row.GetInt64(1) : 0)
            : ([], 0);
    }

    /// <summary>A query that reads of each layer what the reader may see.</summary>
    internal async Task<string> RestrictAsync(string sql, ReadableLayers layers, SqlParameters parameters, CancellationToken cancellation)
    {
        LayerList all = await catalogue.ReadAsync(cancellation);
        var sources = new Dictionary<string, string?>(StringComparer.Ordinal);
        return TileSql.From(sql, name =>
        {
            if (!sources.TryGetValue(name, out string? source))
            {
                source = SourceOf(all.Find(name), layers.Find(name), parameters);
                sources.Add(name, source);
            }

            return source;
        });
    }

    /// <summary>What of a layer the reader may see, with all the columns that a query may name; null where that is everything.</summary>
    private static string? SourceOf(Layer? layer, ReadableLayer? readable, SqlParameters parameters)
    {
        if (layer is null || readable is { Restriction: null })
        {
            return null;
        }

        if (readable is null)
        {
            return $"(SELECT * FROM share.{SqlParameters.Quoted(layer.Id)} WHERE false)";
        }

        IEnumerable<string> columns = layer.Columns.Select(column => readable.Layer.FindColumn(column.Name) is null
            ? $"NULL::{SqlParameters.Quoted(column.Type)} AS {SqlParameters.Quoted(column.Name)}"
            : SqlParameters.Quoted(column.Name));
        return $"(SELECT {string.Join(", ", columns.Append(SqlParameters.Quoted(layer.GeometryColumn)))} FROM {readable.Source(parameters)} AS readable)";
    }
}
