using System.Security.Claims;

namespace GeoDispatch.Identity;

/// <summary>
/// Whether somebody may read a shared layer. For modules that show data of a layer by another way than the layer, and know nothing of rules;
/// whoever keeps the rules answers.
/// </summary>
public interface ILayerRights
{
    /// <summary>
    /// Which of these layers are for everybody by their class, so that no read of them has to be written down, and are seen whole by this
    /// reader: every row and column.
    /// </summary>
    /// <param name="layers">Names of views of schema <c>share</c>; one that there is not is never among the answer.</param>
    ValueTask<IReadOnlySet<string>> OpenAsync(IReadOnlyCollection<string> layers, ClaimsPrincipal reader, CancellationToken cancellation);
}

/// <summary>What somebody may be told of a layer's features while they move, at most.</summary>
/// <param name="Keys">Those of them that may be told of; null every one.</param>
/// <param name="Area">Only while they lie in it: a Polygon or MultiPolygon as WKB in EPSG:4326. Null everywhere.</param>
/// <param name="KeptBack">Columns whose values are not told. One that is masked is among them.</param>
public sealed record LiveLayer(IReadOnlySet<string>? Keys, byte[]? Area, IReadOnlySet<string> KeptBack);

/// <summary>For a module that tells of a layer's features as they move, many times a second: asked once, obeyed with each step.</summary>
public interface ILiveLayers
{
    /// <summary>Another number as soon as a rule or a layer's class has changed: then what was answered may be old.</summary>
    int Changes { get; }

    /// <summary>
    /// What the rules leave this reader of a layer. Null where that is nothing, and where a rule asks of each feature what changes as it moves:
    /// rather nothing than too much. A read of a layer that is not for everybody is written down.
    /// </summary>
    /// <param name="layer">Name of a view of schema <c>share</c>.</param>
    /// <param name="still">Its columns that do not change as a feature moves; a rule may choose rows by these.</param>
    ValueTask<LiveLayer?> FindAsync(string layer, IReadOnlySet<string> still, ClaimsPrincipal reader, CancellationToken cancellation);
}
