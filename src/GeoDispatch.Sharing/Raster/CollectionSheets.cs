using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Tiles;
using Npgsql;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// Reads what one picture shows of a collection, in one query: as a vector tile that is as large as the picture, so that it is drawn like
/// the tiles of the base map. Nothing of it is kept: vehicles move.
/// </summary>
internal sealed class CollectionSheets(Databases databases)
{
    // More would be one blot; the first by their key are drawn, the same ones each time.
    private const int Most = 20_000;

    // Half a pixel of the largest picture. What lies a sixteenth beyond the edge may reach into the picture.
    private const int Extent = 8192, Buffer = 512;

    internal async Task<MapSheet> ReadAsync(ReadableLayer readable, IReadOnlyList<MapRule> rules, ViewFrame frame, CancellationToken cancellation)
    {
        Layer layer = readable.Layer;
        MercatorBox box = frame.Mercator;
        var parameters = new SqlParameters();
        string source = readable.Source(parameters);
        string inside = Envelope(box, 0, parameters), wide = Envelope(box, (double)Buffer / Extent, parameters);
        string geometry = $"source.{SqlParameters.Quoted(layer.GeometryColumn)}";
        string columns = string.Concat(Asked(rules).Select(layer.FindColumn).OfType<LayerColumn>().Where(static column => column.JsonType is not null)
            .Select(static column => $"source.{SqlParameters.Quoted(column.Name)}, "));
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(
            $"""
            SELECT ST_AsMVT(row, {parameters.Add(layer.Id)}, {Extent}, 'shape of this tile') FROM (
                SELECT {columns}ST_AsMVTGeom(ST_Transform({geometry}, 3857), {inside}, {Extent}, {Buffer}) AS "shape of this tile"
                FROM {source} AS source WHERE {geometry} && ST_Transform({wide}, {layer.Srid})
                ORDER BY source.{SqlParameters.Quoted(layer.Key.Name)} LIMIT {Most}) row
            """);
        parameters.CopyTo(command);
        byte[] tile = await command.ExecuteScalarAsync(cancellation) as byte[] ?? [];
        return new MapSheet(rules, [new PlacedTile(VectorTileLayer.ReadAll(tile), extent => new TilePlacement(frame, box, extent))]);
    }

    /// <summary>The properties that the rules ask for.</summary>
    private static IEnumerable<string> Asked(IReadOnlyList<MapRule> rules) => rules
        .SelectMany(static rule => rule.If.Keys.Concat(rule.Unless.Keys).Concat(rule.Label?.Text ?? []).Concat(rule.Has is string has ? [has] : []))
        .Distinct(StringComparer.Ordinal);

    private static string Envelope(MercatorBox box, double margin, SqlParameters parameters)
    {
        (double x, double y) = ((box.MaxX - box.MinX) * margin, (box.MaxY - box.MinY) * margin);
        return $"ST_MakeEnvelope({parameters.Add(box.MinX - x)}, {parameters.Add(box.MinY - y)}, {parameters.Add(box.MaxX + x)}, {parameters.Add(box.MaxY + y)}, 3857)";
    }
}
