namespace GeoDispatch.Roads;

/// <summary>When a source is at the target, and how well that is known.</summary>
/// <param name="SourceIndex">Place in the question's sources, from 0.</param>
/// <param name="Seconds">Travel time.</param>
/// <param name="LearnedShare">Share of the length on arcs that enough of the city's vehicles drove, 0 to 1.</param>
/// <param name="Band">Eight of ten such trips take a time between these; null where too few were driven to know.</param>
public readonly record struct RoadEta(int SourceIndex, double Seconds, double LearnedShare, (double LowSeconds, double HighSeconds)? Band);

/// <summary>Says of times how well they are known.</summary>
public static class RoadEtas
{
    /// <summary>As <see cref="RoadNetwork.Nearest"/>, each time with its band: one search for all.</summary>
    public static IReadOnlyList<RoadEta> NearestEtas(this RoadNetwork network, RoadPosition target, IReadOnlyList<RoadPosition?> sources, int k) =>
        network.Graph.Search<IReadOnlyList<RoadEta>>(backwards: false, search =>
            [.. search.Run(network.Weights, network.Weights.Rows, target, sources, k).Select(found =>
            {
                List<RoadPiece> pieces = search.Pieces(found.SourceIndex, sources[found.SourceIndex]!.Value, target);
                (double meters, double share) = network.Measure(pieces);
                return new RoadEta(found.SourceIndex, found.Seconds, share, network.Learned?.Band.Find(found.Seconds, meters, share));
            })]);

    /// <summary>
    /// The time of every source from which the target is reached, soonest first, equal times by index. Whoever stands in a closure may leave it, as
    /// the one who is asked for may be in one, and nobody else may pass because of that. Sources that are null or cannot reach the target are left out.
    /// </summary>
    public static IReadOnlyList<RoadEta> EtasInto(this RoadNetwork network, RoadPosition target, IReadOnlyList<RoadPosition?> sources)
    {
        List<RoadEta> etas = [.. network.Into(target).NearestEtas(target, sources, sources.Count)];
        foreach ((int index, RoadPosition? source) in sources.Index())
        {
            if (source is { } inside && network.IsClosed(inside) && etas.TrueForAll(found => found.SourceIndex != index))
            {
                etas.AddRange(network.Into(target, inside).NearestEtas(target, [inside], 1).Select(found => found with { SourceIndex = index }));
            }
        }

        return [.. etas.OrderBy(static found => found.Seconds).ThenBy(static found => found.SourceIndex)];
    }

    /// <summary>The length of stretches in metres, and the share of it that is learned.</summary>
    internal static (double Meters, double LearnedShare) Measure(this RoadNetwork network, List<RoadPiece> pieces)
    {
        double meters = 0, learned = 0;
        foreach (RoadPiece piece in pieces)
        {
            double length = network.Graph.Arrays.Meters[piece.Edge] * Math.Abs(piece.End - piece.Begin);
            meters += length;
            learned += network.Learned?.IsLearned(piece.End < piece.Begin ? 2 * piece.Edge + 1 : 2 * piece.Edge) == true ? length : 0;
        }

        return (meters, meters > 0 ? learned / meters : 0);
    }
}
