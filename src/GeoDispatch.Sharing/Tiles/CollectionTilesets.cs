using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// Each layer as a tileset of its own, with one query a tile. A layer that is defined anew is another tileset, and so is one of which a
/// reader may not know all columns.
/// </summary>
internal sealed class CollectionTilesets(TilesFolder folder, LayerCatalogue catalogue)
{
    private readonly Lazy<CollectionsFile> file = new(() => CollectionsFile.Read(Path.Combine(folder.Path, "collections.json")));
    private readonly ConditionalWeakTable<Layer, Tileset> made = [];

    // A layer is read anew every few seconds: what came out the same is the same tileset.
    private readonly ConcurrentDictionary<(string Sql, string Title), Tileset> known = new();

    /// <summary>Null where the reader may not read such a layer.</summary>
    internal Tileset? Find(string id, ReadableLayers layers) => layers.Find(id) is { } readable ? Make(readable.Layer) : null;

    internal async ValueTask<IReadOnlyList<Tileset>> ListAsync(CancellationToken cancellation) =>
        [.. (await catalogue.ReadAsync(cancellation)).Layers.Select(Make)];

    private Tileset Make(Layer layer) => made.GetValue(layer, one =>
    {
        Tileset tileset = CollectionTileset.Of(one, file.Value.For(one));
        return known.GetOrAdd((tileset.Sql.Text, tileset.Title), tileset);
    });
}

/// <summary>The tileset of one layer.</summary>
internal static class CollectionTileset
{
    internal static Tileset Of(Layer layer, CollectionSettings settings)
    {
        LayerColumn[] columns = [.. layer.Columns.Where(column => column != layer.Key && settings.Attributes?.Contains(column.Name, StringComparer.Ordinal) != false)];
        int min = settings.MinZoom ?? 0, max = settings.MaxZoom ?? TileId.MaxZoom;
        return new Tileset(layer.Id, new JsonObject
        {
            ["name"] = layer.Id,
            ["description"] = layer.Title,
            ["minzoom"] = min,
            ["maxzoom"] = max,
            ["vector_layers"] = new JsonArray(new JsonObject
            {
                ["id"] = layer.Id,
                ["description"] = layer.Title,
                ["minzoom"] = min,
                ["maxzoom"] = max,
                ["fields"] = new JsonObject(Attributes(layer, columns).Select(static column => KeyValuePair.Create(
                    column.Name, (JsonNode?)(column.JsonType switch { "integer" or "number" => "Number", "boolean" => "Boolean", _ => "String" })))),
            }),
        }, Sql(layer, columns, settings))
        {
            MaxBytes = settings.Bytes,
            IsCollection = true,
        };
    }

    /// <summary>A key that is a whole number is the feature's own id, as it is of features; another one is an attribute.</summary>
    private static IEnumerable<LayerColumn> Attributes(Layer layer, IEnumerable<LayerColumn> columns) =>
        layer.Key.JsonType == "integer" ? columns : columns.Prepend(layer.Key);

    private static string Sql(Layer layer, LayerColumn[] columns, CollectionSettings settings)
    {
        string key = SqlParameters.Quoted(layer.Key.Name), geometry = SqlParameters.Quoted(layer.GeometryColumn);
        string mapped = layer.Srid == 3857 ? geometry : $"ST_Transform({geometry}, 3857)";
        string searched = layer.Srid == 3857 ? "wide" : string.Create(CultureInfo.InvariantCulture, $"ST_Transform(wide, {layer.Srid})");
        string shape = settings.Simplify > 0 ? string.Create(CultureInfo.InvariantCulture, $"ST_Simplify({mapped}, {settings.Simplify} * unit)") : mapped;
        string attributes = string.Concat(columns.Prepend(layer.Key).Select(column => $"{SqlParameters.Quoted(column.Name)}, "));
        string name = layer.Id.Replace("'", "''", StringComparison.Ordinal);
        string id = layer.Key.JsonType == "integer" ? $", '{layer.Key.Name.Replace("'", "''", StringComparison.Ordinal)}'" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            WITH tile AS (
                SELECT ST_TileEnvelope($1, $2, $3) AS box, ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) AS wide,
                       40075016.7 / (1 << $1) / 4096 AS unit -- metres of web mercator in one unit of the tile
            )
            SELECT ST_AsMVT(row, '{name}', 4096, 'geom'{id}), count(*) FROM (
                SELECT {attributes}ST_AsMVTGeom({shape}, box, 4096, 64) AS geom
                FROM share.{SqlParameters.Quoted(layer.Id)}, tile WHERE {geometry} && {searched} ORDER BY {key} LIMIT {settings.Rows}) row
            """);
    }
}
