using System.Data;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// Reads what a block of raster tiles shows of a tileset, in one query, as one vector tile as large as the block. Of small scales, where
/// features are few and large, the kept vector tiles are read instead.
/// </summary>
internal sealed class BlockSheets(Databases databases, VectorCutter vectors)
{
    private const int Units = 4096;

    /// <param name="block">In the grid of web mercator; the tileset's tiles of <paramref name="zoom"/> are cut out of the same squares.</param>
    /// <returns>Null where the tileset is not read so.</returns>
    internal async Task<List<PlacedTile>?> ReadAsync(
        Tileset tileset, TileId block, int zoom, ViewFrame frame, ReadableLayers readable, CancellationToken cancellation)
    {
        int depth = zoom - block.Z;
        if (zoom < DrawnSql.LeastZoom || depth is < 1 or > 2 || tileset.IsCollection || tileset.Sql.DrawnIn(depth) is not DrawnSql drawn)
        {
            return null;
        }

        var parameters = new SqlParameters(first: 4);
        string sql = tileset.VariantFor(readable) is "" ? drawn.Text : await vectors.RestrictAsync(drawn.Text, readable, parameters, cancellation);
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(sql);
        foreach (int part in (ReadOnlySpan<int>)[zoom, block.X, block.Y])
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = part, NpgsqlDbType = NpgsqlDbType.Integer });
        }

        parameters.CopyTo(command);
        (double minX, double minY, double maxX, double maxY) = TileGrid.Mercator.EnvelopeOf(block);
        var box = new MercatorBox(minX, minY, maxX, maxY);
        var writer = new ShapeTile(minX, maxY, (maxX - minX) / (Units << depth));
        var layers = new List<VectorTileLayer>();
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        while (await row.ReadAsync(cancellation))
        {
            string layer = row.GetString(0);
            string?[] texts = await row.IsDBNullAsync(1, cancellation) ? [] : await row.GetFieldValueAsync<string?[]>(1, cancellation);
            if (!await row.IsDBNullAsync(2, cancellation))
            {
                byte[] shapes = await row.GetFieldValueAsync<byte[]>(2, cancellation);
                layers.AddRange(VectorTileLayer.ReadAll(writer.Write(layer, Units << depth, drawn.Columns[layer], texts, shapes)));
            }
        }

        return [new PlacedTile(layers, extent => new TilePlacement(frame, box, extent))];
    }
}
