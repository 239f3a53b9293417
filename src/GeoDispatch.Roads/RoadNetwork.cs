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
/// on a closed street leaves it and what stands on one is reached, over that street; nothing passes through. A closure of several
/// streets is gone into by <see cref="Into"/>.
/// </summary>
public sealed class RoadNetwork
{
    private const double Penalty = 1.5, MostLonger = 1.4, MostShared = 2 / 3.0;

    private readonly RoadWeights weights;
    private readonly RoadMoment moment;

    internal RoadNetwork(RoadGraph graph, RoadWeights weights, RoadMoment moment) => (Graph, this.weights, this.moment) = (graph, weights, moment);

    /// <summary>What meets where.</summary>
    public RoadGraph Graph { get; }

    /// <summary>What is learned of its times; null where nothing is.</summary>
    public LearnedSpeeds? Learned => moment.Learned;

    internal RoadWeights Weights => weights;

    /// <summary>Seconds that turning from one arc into another costs, 0 or more.</summary>
    public double TurnSeconds(int from, int into) => weights.TurnSeconds(from, into);

    /// <summary>True where a street is closed that the place stands on.</summary>
    public bool IsClosed(RoadPosition place) =>
        moment.Conditions.Count > 0 && (double.IsInfinity(weights.Passing[2 * place.Edge]) || double.IsInfinity(weights.Passing[2 * place.Edge + 1]));

    /// <summary>
    /// The network without the closures that hold one of these places: the call may be why a road is closed, and whoever goes to it drives
    /// through the whole of what is closed. The network itself where no place stands in a closure, else one whose times differ on those streets.
    /// </summary>
    public RoadNetwork Into(params IReadOnlyCollection<RoadPosition> places)
    {
        HashSet<int> edges = [.. places.Where(IsClosed).Select(static place => place.Edge)];
        if (edges.Count == 0)
        {
            return this;
        }

        ILookup<bool, RoadCondition> opened = moment.Conditions.ToLookup(condition =>
            condition.SpeedFactor == 0 && condition.Arcs.Any(arc => edges.Contains(arc >> 1)));
        if (!opened.Contains(true))
        {
            return this;
        }

        RoadMoment others = moment with { Conditions = [.. opened[false]] };
        return new RoadNetwork(Graph, RoadWeighing.Open(Graph, weights, others, opened[true]), others);
    }

    /// <summary>
    /// The <paramref name="k"/> sources from which the target is reached soonest, soonest first, equal times by index.
    /// Exact. Sources that are null or cannot reach the target are left out.
    /// </summary>
    public IReadOnlyList<(int SourceIndex, double Seconds)> Nearest(RoadPosition target, IReadOnlyList<RoadPosition?> sources, int k) =>
        Graph.Search(backwards: false, search => search.Run(weights, weights.Rows, target, sources, k));

    /// <summary>The fastest way, with geometry from position to position; null where there is none.</summary>
    public RoadRoute? Route(RoadPosition from, RoadPosition to) => Graph.Search(backwards: false, search =>
        search.Run(weights, weights.Rows, to, [from], 1) is [var found] ? Describe(found.Seconds, search.Pieces(0, from, to)) : null);

    /// <summary>Seconds from each source (a row) to each target; null where no street leads there, or a place is null.</summary>
    public double?[][] Matrix(IReadOnlyList<RoadPosition?> from, IReadOnlyList<RoadPosition?> to, CancellationToken cancellation = default)
    {
        double?[][] seconds = [.. from.Select(_ => new double?[to.Count])];
        for (int column = 0; column < to.Count; column++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (to[column] is { } target)
            {
                foreach ((int row, double time) in Nearest(target, from, from.Count))
                {
                    seconds[row][column] = time;
                }
            }
        }

        return seconds;
    }

    /// <summary>
    /// The fastest way and up to <paramref name="alternatives"/> (0 to 2) others. By the penalty method (Bader, Dees, Geisberger, Sanders:
    /// Alternative Route Graphs in Road Networks, 2011): what a way found so far drives is made dearer by a half, and the search asked
    /// again, a few times. A way is taken that drives no street twice, shares at most two thirds of its length with each one taken, and
    /// takes at most 1.4 times the fastest.
    /// </summary>
    public IReadOnlyList<RoadRoute> Routes(RoadPosition from, RoadPosition to, int alternatives)
    {
        if (Route(from, to) is not { } fastest)
        {
            return [];
        }

        var taken = new List<RoadRoute> { fastest };
        RoadRoute last = fastest;
        var penalised = (double[])weights.Passing.Clone();
        for (int attempt = 0; attempt < 3 * alternatives && taken.Count <= alternatives; attempt++)
        {
            foreach (RoadPiece piece in last.Pieces)
            {
                penalised[2 * piece.Edge] *= Penalty;
                penalised[2 * piece.Edge + 1] *= Penalty;
            }

            if (new RoadNetwork(Graph, weights.With(weights.Usual, penalised), moment).Route(from, to) is not { } other)
            {
                break;
            }

            double seconds = Seconds(from, other.Pieces);
            last = other with { Seconds = seconds, Band = Learned?.Band.Find(seconds, other.Meters, other.LearnedShare) };
            if (last.Seconds <= MostLonger * fastest.Seconds && last.Pieces.DistinctBy(static piece => piece.Edge).Count() == last.Pieces.Count
                && taken.TrueForAll(route => Shared(last, route) <= MostShared * last.Meters))
            {
                taken.Add(last);
            }
        }

        return taken;
    }

    /// <summary>The time of stretches one after the other, with the turns between them.</summary>
    internal double Seconds(RoadPosition from, IReadOnlyList<RoadPiece> pieces)
    {
        double seconds = 0;
        int before = -1;
        foreach (RoadPiece piece in pieces.Where(static piece => !piece.Begin.Equals(piece.End)))
        {
            seconds += weights.Part(piece.Arc, Math.Abs(piece.End - piece.Begin))
                + (before >= 0 ? weights.TurnSeconds(before, piece.Arc) : from.IsHeadingAgainst(piece.Arc) ? weights.Turns.Back : 0);
            before = piece.Arc;
        }

        return seconds;
    }

    private double Shared(RoadRoute a, RoadRoute b)
    {
        HashSet<int> edges = [.. b.Pieces.Select(static piece => piece.Edge)];
        return a.Pieces.Where(piece => edges.Contains(piece.Edge)).Sum(piece => Graph.Arrays.Meters[piece.Edge] * Math.Abs(piece.End - piece.Begin));
    }

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
