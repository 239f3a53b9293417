using GeoDispatch.Identity;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Places;

/// <summary>A feature of a layer that the words may mean, before anybody has said whether the asker may know of it.</summary>
internal sealed record FeatureFound(SearchedLayer Layer, NamedFeature Feature, NameFound Name)
{
    internal string Id => $"layer:{Layer.Id}:{Feature.Key}";
}

/// <summary>The names of one layer of a department, in memory. Read by many at a time, never changed.</summary>
internal sealed class LayerIndex
{
    private readonly NameIndex names = new();
    private readonly NamedFeature[][] byName;

    internal LayerIndex(SearchedLayer layer, IReadOnlyList<NamedFeature> features)
    {
        (Layer, Features) = (layer, features);
        // A name that a thousand valves bear is compared once.
        byName = [.. features.GroupBy(static feature => feature.Name, StringComparer.Ordinal).Select(static named => named.ToArray())];
        foreach ((int index, NamedFeature[] named) in byName.Index())
        {
            names.Add(index, "name", named[0].Name);
        }

        names.Close();
    }

    internal SearchedLayer Layer { get; }

    /// <summary>By their keys.</summary>
    internal IReadOnlyList<NamedFeature> Features { get; }

    /// <summary>The likeliest, of equals the nearest.</summary>
    /// <param name="text">Folded.</param>
    /// <param name="most">At most so many.</param>
    internal IEnumerable<FeatureFound> Find(string text, LonLat? near, int most) => names.Find(text)
        .SelectMany(name => byName[name.Of].Select(feature => (Name: name, Feature: feature)))
        .OrderByDescending(one => one.Name.Score + PlaceSearch.Nearness(near, one.Feature.At)).Take(most)
        .Select(one => new FeatureFound(Layer, one.Feature, one.Name));
}
