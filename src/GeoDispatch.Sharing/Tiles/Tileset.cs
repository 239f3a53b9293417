using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Access;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Where the folder of tilesets and styles stands.</summary>
internal sealed record TilesFolder(string Path);

/// <summary>A tileset as its two files say: <c>NAME.json</c> (layers, zooms) and <c>NAME.sql</c> (one query a tile).</summary>
internal sealed class Tileset(string name, JsonObject description, string sql)
{
    internal string Name { get; } = name;

    internal JsonObject Description { get; } = description;

    internal TileSql Sql { get; } = new(sql);

    /// <summary>Zooms of the grid, in any grid.</summary>
    internal int MinZoom { get; } = (int)description["minzoom"]!;

    internal int MaxZoom { get; } = (int)description["maxzoom"]!;

    internal bool Has(TileGrid grid) => grid == TileGrid.Mercator || Sql.HasDegrees;

    /// <summary>
    /// Tells apart what readers may see of the layers that are read: empty where they see everything, null where something in it changes by
    /// the second.
    /// </summary>
    internal string? VariantFor(ReadableLayers layers)
    {
        string variant = "";
        for (int index = 0; index < Sql.Layers.Count; index++)
        {
            string name = Sql.Layers[index];
            ReadableLayer? readable = layers.Find(name);
            if (readable?.Layer.Volatile == true)
            {
                return null;
            }

            // Numbered, so that a layer's part is never taken for another's.
            if (readable is null || readable.CacheKey.Length > 0)
            {
                variant = $"{variant}{index}:{(readable is null ? "-" : readable.CacheKey)}\n";
            }
        }

        return variant;
    }
}

/// <summary>All tilesets of the folder, read once at the first question.</summary>
internal sealed class Tilesets(TilesFolder folder)
{
    private readonly Lazy<Dictionary<string, Tileset>> all = new(() => Directory.EnumerateFiles(folder.Path, "*.sql").Select(sql =>
    {
        string name = Path.GetFileNameWithoutExtension(sql);
        string description = File.ReadAllText(Path.ChangeExtension(sql, ".json"));
        return new Tileset(name, JsonNode.Parse(description)!.AsObject(), File.ReadAllText(sql));
    }).ToDictionary(tileset => tileset.Name, StringComparer.Ordinal));

    /// <summary>Null where there is no such tileset.</summary>
    internal Tileset? Find(string name) => all.Value.GetValueOrDefault(name);

    internal IEnumerable<string> Names => all.Value.Keys.Order(StringComparer.Ordinal);
}
