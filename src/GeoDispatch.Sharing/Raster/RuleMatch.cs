namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// A rule's conditions over one layer of one tile: asked once which of the tile's values satisfy them, so that a feature is judged by numbers.
/// </summary>
internal readonly struct RuleMatch
{
    private readonly VectorTileLayer layer;
    private readonly TileShape? shape;
    private readonly int has;
    private readonly (int Key, bool[] Fits, bool Wanted)[] conditions;

    internal RuleMatch(MapRule rule, VectorTileLayer layer)
    {
        this.layer = layer;
        shape = rule.Shape;
        has = rule.Has is string name ? layer.FindKey(name) : -1;
        conditions = [.. rule.If.Select(one => Condition(one, true)), .. rule.Unless.Select(one => Condition(one, false))];
        Never = (rule.Has is not null && has < 0) || Array.Exists(conditions, static one => one.Wanted && (one.Key < 0 || !Array.Exists(one.Fits, static fits => fits)));
        (int, bool[], bool) Condition(KeyValuePair<string, OneOf> condition, bool wanted)
        {
            int key = layer.FindKey(condition.Key);
            bool[] fits = new bool[key < 0 ? 0 : layer.Values];
            for (int value = 0; value < fits.Length; value++)
            {
                fits[value] = condition.Value.Holds(layer.TextOf(value));
            }

            return (key, fits, wanted);
        }
    }

    /// <summary>True where no feature of the layer can satisfy the rule.</summary>
    internal bool Never { get; }

    internal bool Fits(in TileFeature feature)
    {
        if (shape is TileShape wantedShape && feature.Shape != wantedShape)
        {
            return false;
        }

        foreach ((int key, bool[] fits, bool wanted) in conditions)
        {
            int value = layer.FindValue(feature, key);
            if ((value >= 0 && fits[value]) != wanted)
            {
                return false;
            }
        }

        return has < 0 || layer.FindValue(feature, has) >= 0;
    }
}
