using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Access;

/// <summary>A layer as one reader may read it. Whatever reads features, by any protocol, reads from <see cref="Source"/>.</summary>
/// <param name="Layer">With the columns that the reader may know of, no others.</param>
internal sealed record ReadableLayer(Layer Layer)
{
    internal ReadableLayer(Restriction restriction)
        : this(restriction.Visible) => Restriction = restriction;

    /// <summary>Null where the reader sees everything.</summary>
    internal Restriction? Restriction { get; }

    /// <summary>The columns that the reader must not know of.</summary>
    internal IReadOnlyList<string> Hidden => Restriction?.Hidden ?? [];

    /// <summary>True where some of the layer's features are kept back from the reader.</summary>
    internal bool HidesRows => Restriction?.HidesRows == true;

    /// <summary>True where nothing of the layer is kept back from the reader.</summary>
    internal bool IsWhole => Restriction?.HidesNothing != false;

    /// <summary>True where each read of it is written down: it is not for everybody, by its class.</summary>
    internal bool IsAudited => Layer.Metadata.Sharing != SharingClass.Unconditional;

    /// <summary>True where nobody in particular may read the same: the answer may lie in caches on its way.</summary>
    internal bool IsPublic { get; init; } = true;

    /// <summary>Tells apart in caches what readers may see; empty where the reader sees everything.</summary>
    internal string CacheKey => Restriction?.CacheKey ?? "";

    /// <summary>The column by which features are searched; null where they are not, or the reader does not see its texts whole.</summary>
    internal string? SearchColumn =>
        Layer.SearchColumn is { Name: var name } && Restriction?.KeptBack.Contains(name, StringComparer.Ordinal) != true ? name : null;

    /// <summary>What stands behind FROM: the rows and columns that the reader may see, by the names of the layer's columns.</summary>
    internal string Source(SqlParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Restriction?.Source(parameters) ?? $"share.{SqlParameters.Quoted(Layer.Id)}";
    }

    /// <summary>
    /// What a reader's own condition becomes before it stands in WHERE over <see cref="Source"/>: it is not tried on rows that the reader may
    /// not see, so that neither its errors nor its time tell of them. Only what can neither fail nor take long goes without: equality,
    /// order, and whether boxes meet.
    /// </summary>
    internal string Guard(string filter) => Restriction?.Guard(filter) ?? filter;
}

/// <summary>The layers that one reader may know of, and the box that they lie in; null where the city has none.</summary>
internal sealed class ReadableLayers(IReadOnlyList<ReadableLayer> layers, Bbox? extent)
{
    private readonly Dictionary<string, ReadableLayer> byId = layers.ToDictionary(static readable => readable.Layer.Id, StringComparer.Ordinal);

    internal IReadOnlyList<ReadableLayer> Layers => layers;

    internal Bbox? Extent => extent;

    /// <summary>True where reads of any of them are written down.</summary>
    internal bool AnyAudited { get; } = layers.Any(static readable => readable.IsAudited);

    internal ReadableLayer? Find(string id) => byId.GetValueOrDefault(id);
}
