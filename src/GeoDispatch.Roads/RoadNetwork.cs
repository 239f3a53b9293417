using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>The fastest way between two positions.</summary>
/// <param name="Seconds">Travel time.</param>
/// <param name="Meters">Length.</param>
/// <param name="Geometry">Connected, from the first position to the last; two points or more.</param>
public sealed record RoadRoute(double Seconds, double Meters, IReadOnlyList<LonLat> Geometry)
{
    /// <summary>Share of the length on arcs that enough of the city's vehicles drove, 0 to 1; on the others the time is that of their class.</summary>
    public double LearnedShare { get; init; }

    /// <summary>Eight of ten such trips take a time between these; null where too few were driven to know.</summary>
    public (double LowSeconds, double HighSeconds)? Band { get; init; }

    /// <summary>The stretches that are driven, in order.</summary>
    internal IReadOnlyList<RoadPiece> Pieces { get; init; } = [];
}

/// <summary>
/// The streets as they are for one profile at one moment. Every time is exact for the times of streets and turns that hold. Who stands
/// on a closed street leaves it and what stands on one is reached, over that street; nothing passes through.
/// </summary>
public sealed class RoadNetwork
{
    private readonly RoadWeights weights;

    internal RoadNetwork(RoadGraph graph, RoadWeights weights, LearnedSpeeds? learned = null) => (Graph, this.weights, Learned) = (graph, weights, learned);

    /// <summary>What meets where.</summary>
    public RoadGraph Graph { get; }

    /// <summary>What is learned of its times; null where nothing is.</summary>
    public LearnedSpeeds? Learned { get; }

    internal RoadWeights Weights => weights;

    /// <summary>Seconds that turning from one arc into another costs, 0 or more.</summary>
    public double TurnSeconds(int from, int into) => weights.TurnSeconds(from, into);

    /// <summary>
    /// The <paramref name="k"/> sources from which the target is reached soonest, soonest first, equal times by index.
    /// Exact. Sources that are null or cannot reach the target are left out.
    /// </summary>
    public IReadOnlyList<(int SourceIndex, double Seconds)> Nearest(RoadPosition target, IReadOnlyList<RoadPosition?> sources, int k) =>
        Graph.Search(backwards: false, search => search.Run(weights, weights.Rows, target, sources, k));

    /// <summary>The fastest way, with geometry from position to position; null where there is none.</summary>
    public RoadRoute? Route(RoadPosition from, RoadPosition to) => Graph.Search(backwards: false, search =>
        search.Run(weights, weights.Rows, to, [from], 1) is [var found] ? Describe(found.Seconds, search.Pieces(0, from, to)) : null);

    private RoadRoute Describe(double seconds, List<RoadPiece> pieces)
    {
        var points = new List<LonLat>();
        foreach (RoadPiece piece in pieces)
        {
            Graph.Shapes.Append(points, piece);
        }

        if (points.Count == 1)
        {
            // A line has two ends, even where the vehicle is already there.
            points.Add(points[0]);
        }

        (double meters, double share) = this.Measure(pieces);
        return new RoadRoute(seconds, meters, points) { Pieces = pieces, LearnedShare = share, Band = Learned?.Band.Find(seconds, meters, share) };
    }
}
