using System.Text.Json;
using System.Text.Json.Serialization;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>How a layer is cut as a tileset of its own; what is not said comes from the defaults of its sort of geometry.</summary>
internal sealed record CollectionSettings
{
    /// <summary>0 to 22.</summary>
    public int? MinZoom { get; init; }

    /// <summary>0 to 22.</summary>
    public int? MaxZoom { get; init; }

    /// <summary>The columns that go into tiles; all of them where this is not said.</summary>
    public IReadOnlyList<string>? Attributes { get; init; }

    /// <summary>By how much lines may be moved to have fewer points, in 1/4096 of a tile's side; 0 leaves them.</summary>
    public double? Simplify { get; init; }

    /// <summary>The most features of one tile, by their keys.</summary>
    public int? Rows { get; init; }

    /// <summary>The most bytes of one tile before it is compressed: of a larger one features are left out.</summary>
    public int? Bytes { get; init; }

    internal static CollectionSettings Usual { get; } = new() { MinZoom = 10, MaxZoom = 16, Simplify = 0, Rows = 10_000, Bytes = 1_000_000 };

    internal CollectionSettings Over(CollectionSettings other) => new()
    {
        MinZoom = MinZoom ?? other.MinZoom,
        MaxZoom = MaxZoom ?? other.MaxZoom,
        Attributes = Attributes ?? other.Attributes,
        Simplify = Simplify ?? other.Simplify,
        Rows = Rows ?? other.Rows,
        Bytes = Bytes ?? other.Bytes,
    };

    internal bool IsValid => (MinZoom ?? 0) is >= 0 and <= TileId.MaxZoom && (MaxZoom ?? TileId.MaxZoom) is >= 0 and <= TileId.MaxZoom
        && (MinZoom ?? 0) <= (MaxZoom ?? TileId.MaxZoom) && (Simplify ?? 0) is >= 0 and <= 4096 && (Rows ?? 1) is >= 1 and <= 1_000_000 && (Bytes ?? 1000) is >= 1000 and <= 100_000_000;
}

/// <summary>The file <c>collections.json</c>: defaults for <c>points</c>, <c>lines</c> and <c>areas</c>, and what differs for a layer by its name.</summary>
internal sealed record CollectionsFile(
    IReadOnlyDictionary<string, CollectionSettings> Defaults, IReadOnlyDictionary<string, CollectionSettings> Collections)
{
    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="InvalidDataException">It says what no tileset can be.</exception>
    internal static CollectionsFile Read(string path)
    {
        if (!File.Exists(path))
        {
            return new CollectionsFile(new Dictionary<string, CollectionSettings>(StringComparer.Ordinal), new Dictionary<string, CollectionSettings>(StringComparer.Ordinal));
        }

        CollectionsFile file = JsonSerializer.Deserialize<CollectionsFile>(File.ReadAllText(path), Reading)!;
        foreach ((string name, CollectionSettings settings) in file.Defaults.Concat(file.Collections))
        {
            if (!settings.IsValid)
            {
                throw new InvalidDataException($"{path}: {name}: {settings}");
            }
        }

        return file;
    }

    internal CollectionSettings For(Layer layer)
    {
        string sort = layer.GeometryType.Contains("Point", StringComparison.OrdinalIgnoreCase) ? "points"
            : layer.GeometryType.Contains("Line", StringComparison.OrdinalIgnoreCase) ? "lines" : "areas";
        CollectionSettings usual = Defaults.TryGetValue(sort, out CollectionSettings? defaults) ? defaults.Over(CollectionSettings.Usual) : CollectionSettings.Usual;
        return Collections.TryGetValue(layer.Id, out CollectionSettings? own) ? own.Over(usual) : usual;
    }
}
