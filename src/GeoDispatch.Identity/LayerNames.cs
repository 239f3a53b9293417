using System.Security.Claims;
using GeoDispatch.Spatial;

namespace GeoDispatch.Identity;

/// <summary>A shared layer whose features are searched by their names.</summary>
/// <param name="Id">Name of a view of schema <c>share</c>.</param>
/// <param name="Title">Chinese / English.</param>
/// <param name="Column">Where the names stand.</param>
public sealed record SearchedLayer(string Id, string Title, string Column);

/// <summary>A feature and its name.</summary>
/// <param name="Key">As text; tells the features of its layer apart.</param>
/// <param name="At">A point of it, or only about its middle where many are read.</param>
public sealed record NamedFeature(string Key, string Name, LonLat At);

/// <summary>Names of one layer, for a search to keep.</summary>
/// <param name="HasMore">The layer has more than were asked for.</param>
public sealed record LayerNamesRead(IReadOnlyList<NamedFeature> Features, bool HasMore);

/// <summary>
/// The names of features for a search that knows nothing of layers and rules: it keeps names that nobody is shown as they are, looks for the
/// likeliest, and asks which of these the asker may read. Whoever keeps the rules answers.
/// </summary>
public interface ILayerNames
{
    /// <summary>The layers that are searched, by their ids. At most five seconds old.</summary>
    ValueTask<IReadOnlyList<SearchedLayer>> ListAsync(CancellationToken cancellation);

    /// <summary>Names of a layer whoever may read it, by their keys.</summary>
    /// <param name="most">At most so many, 0 or more.</param>
    /// <exception cref="Npgsql.NpgsqlException">The layer cannot be read, or not within 10 s.</exception>
    Task<LayerNamesRead> ReadAsync(SearchedLayer layer, int most, CancellationToken cancellation);

    /// <summary>
    /// Those of the features that the asker may read with their names, as they are now: by the rule on rows and area, and only where the
    /// column of names is neither hidden nor masked. A read of a layer that is not for everybody is written down.
    /// </summary>
    /// <param name="keys">Of each layer.</param>
    /// <param name="question">What was searched for.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    Task<IReadOnlyList<(string Layer, NamedFeature Feature)>> FindAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>> keys, string question, ClaimsPrincipal asker, CancellationToken cancellation);
}
