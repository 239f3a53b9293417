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
    internal const string Mvt = "application/vnd.mapbox-vector-tile";

    public string Name => "mvt";

    public string MediaType => Mvt;

    public bool Packs => true;

    public int BlockSide => 1;

    // A tile reads 64 of 4,096 units around itself.
    public double Reach => 64.0 / 4096;

    public (int Min, int Max) Zooms(Tileset tileset) => (tileset.MinZoom, tileset.MaxZoom);

    public string Recipe(Tileset tileset) => tileset.Sql.Text;

    public async Task<IReadOnlyList<byte[]>> CutAsync(Tileset tileset, TileGrid grid, TileId first, ReadableLayers layers, CancellationToken cancellation)
    {
        var parameters = new SqlParameters(first: 4);
        string sql = tileset.VariantFor(layers) is "" ? tileset.Sql.For(grid) : await RestrictAsync(tileset, grid, layers, parameters, cancellation);
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(sql);
        foreach (int part in (ReadOnlySpan<int>)[first.Z, first.X, first.Y])
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = part, NpgsqlDbType = NpgsqlDbType.Integer });
        }

        parameters.CopyTo(command);
        return [await command.ExecuteScalarAsync(cancellation) as byte[] ?? []];
    }

    private async Task<string> RestrictAsync(
        Tileset tileset, TileGrid grid, ReadableLayers layers, SqlParameters parameters, CancellationToken cancellation)
    {
        LayerList all = await catalogue.ReadAsync(cancellation);
        var sources = new Dictionary<string, string?>(StringComparer.Ordinal);
        return tileset.Sql.For(grid, name =>
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
        if (layer is null || (readable is not null && readable.CacheKey.Length == 0))
        {
            return null;
        }

        if (readable is null)
        {
            return $"(SELECT * FROM share.{SqlParameters.Quoted(layer.Id)} WHERE false)";
        }

        string hidden = string.Concat(layer.Columns.Where(column => readable.Layer.FindColumn(column.Name) is null)
            .Select(column => $", NULL::{SqlParameters.Quoted(column.Type)} AS {SqlParameters.Quoted(column.Name)}"));
        return $"(SELECT readable.*{hidden} FROM {readable.Source(parameters)} AS readable)";
    }
}
