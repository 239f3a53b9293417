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

    internal string Title { get; } = (string?)description["description"] ?? name;

    /// <summary>The most bytes of one tile; null where the query sees to it.</summary>
    internal int? MaxBytes { get; init; }

    /// <summary>Of one layer, whose name it has; otherwise of the base map.</summary>
    internal bool IsCollection { get; init; }

    /// <summary>Zooms of the grid, in any grid.</summary>
    internal int MinZoom { get; } = (int)description["minzoom"]!;

    internal int MaxZoom { get; } = (int)description["maxzoom"]!;

    /// <summary>Whether its tiles have a layer of this name.</summary>
    internal bool Shows(string layer) => Description["vector_layers"]!.AsArray().Any(one => (string?)one!["id"] == layer);

    internal bool Has(TileGrid grid) => grid == TileGrid.Mercator || Sql.HasDegrees;

    /// <summary>Those of its vector layers that the reader may know of, with the attributes that the reader may know of.</summary>
    internal JsonArray VectorLayers(ReadableLayers layers)
    {
        var described = new JsonArray();
        foreach (JsonNode? one in Description["vector_layers"]!.AsArray())
        {
            if (Sql.SourceOf((string)one!["id"]!) is not string source)
            {
                described.Add(one.DeepClone());
            }
            else if (layers.Find(source) is ReadableLayer readable)
            {
                JsonNode known = one.DeepClone();
                foreach (string hidden in readable.Hidden)
                {
                    known["fields"]!.AsObject().Remove(hidden);
                }

                described.Add(known);
            }
        }

        return described;
    }

    /// <summary>
    /// Tells apart what readers may see of the layers that are read: empty where they see everything and everybody does, null where
    /// something in it changes by the second.
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
            if (readable is null || readable.CacheKey.Length > 0 || !readable.IsPublic)
            {
                variant = $"{variant}{index}:{(readable is null ? "-" : readable.CacheKey.Length > 0 ? readable.CacheKey : "*")}\n";
            }
        }

        return variant;
    }
}

/// <summary>The tilesets of the folder, read once at the first question, and those of the layers.</summary>
internal sealed class Tilesets(TilesFolder folder, CollectionTilesets collections)
{
    private readonly Lazy<Dictionary<string, Tileset>> all = new(() => Directory.EnumerateFiles(folder.Path, "*.sql").Select(sql =>
    {
        string name = Path.GetFileNameWithoutExtension(sql);
        string description = File.ReadAllText(Path.ChangeExtension(sql, ".json"));
        return new Tileset(name, JsonNode.Parse(description)!.AsObject(), File.ReadAllText(sql));
    }).ToDictionary(tileset => tileset.Name, StringComparer.Ordinal));

    /// <summary>Null where there is none that the reader may know of.</summary>
    internal Tileset? Find(string name, ReadableLayers layers) => Find(name) ?? collections.Find(name, layers);

    /// <summary>Those of the folder, then those of the layers that the reader may know of.</summary>
    internal IReadOnlyList<Tileset> List(ReadableLayers layers) =>
        [.. Names.Select(name => all.Value[name]), .. layers.Layers.Select(readable => readable.Layer.Id).Where(id => Find(id) is null).Select(id => collections.Find(id, layers)!)];

    /// <summary>All that anybody may read.</summary>
    internal async ValueTask<IReadOnlyList<Tileset>> ListAsync(CancellationToken cancellation) =>
        [.. Names.Select(name => all.Value[name]), .. (await collections.ListAsync(cancellation)).Where(tileset => Find(tileset.Name) is null)];

    /// <summary>Null where the folder has no such tileset.</summary>
    internal Tileset? Find(string name) => all.Value.GetValueOrDefault(name);

    internal IEnumerable<string> Names => all.Value.Keys.Order(StringComparer.Ordinal);
}
