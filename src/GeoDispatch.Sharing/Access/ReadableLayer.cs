using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Access;

/// <summary>A layer as one reader may read it. Whatever reads features, by any protocol, reads from <see cref="Source"/>.</summary>
/// <param name="Layer">With the columns that the reader may know of, no others.</param>
internal sealed record ReadableLayer(Layer Layer)
{
    /// <summary>Tells apart in caches what readers may see; empty where everybody sees everything.</summary>
    internal string CacheKey { get; init; } = "";

    /// <summary>What stands behind FROM: the rows and columns that the reader may see, by the names of the layer's columns.</summary>
    internal string Source(SqlParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return $"share.{SqlParameters.Quoted(Layer.Id)}";
    }
}

/// <summary>The layers that one reader may know of, and the box that they lie in; null where the city has none.</summary>
internal sealed record ReadableLayers(IReadOnlyList<ReadableLayer> Layers, Bbox? Extent)
{
    internal ReadableLayer? Find(string id) => Layers.FirstOrDefault(readable => readable.Layer.Id == id);
}
