using System.Collections.Concurrent;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>One piece of street between two nodes, as it comes from the base map.</summary>
/// <param name="Id">The street's id in the base map.</param>
/// <param name="FromNode">Where the geometry begins.</param>
/// <param name="ToNode">Where the geometry ends.</param>
/// <param name="Oneway">True where only <paramref name="FromNode"/> to <paramref name="ToNode"/> may be driven.</param>
/// <param name="Seconds">Travel time over the whole edge, 0 or more.</param>
/// <param name="Meters">Length, 0 or more.</param>
/// <param name="Geometry">At least two points.</param>
/// <param name="Way">The way that the edge is a part of, as turn restrictions name it; 0 where there are none.</param>
public readonly record struct RoadEdge(
    long Id, long FromNode, long ToNode, bool Oneway, double Seconds, double Meters, LonLat[] Geometry, long Way = 0);

/// <summary>A place on the network.</summary>
/// <param name="Edge">Index of the edge in its graph; it means nothing in another graph.</param>
/// <param name="Fraction">How far along the geometry, 0 (from-node) to 1 (to-node).</param>
public readonly record struct RoadPosition(int Edge, double Fraction);

/// <summary>The place on the network nearest to a point.</summary>
/// <param name="Position">Where on the network.</param>
/// <param name="Point">The same place in degrees.</param>
/// <param name="DistanceMeters">From the point that was asked for.</param>
public readonly record struct RoadSnap(RoadPosition Position, LonLat Point, double DistanceMeters);

/// <summary>The fastest way between two positions.</summary>
/// <param name="Seconds">Travel time.</param>
/// <param name="Meters">Length.</param>
/// <param name="Geometry">Connected, from the first position to the last; two points or more.</param>
public sealed record RoadRoute(double Seconds, double Meters, IReadOnlyList<LonLat> Geometry);

/// <summary>
/// The street network as flat arrays, unchanging and safe to share between threads. Times are exact for the given edge
/// times: no speed-up that needs preparation, so that a closure is only a new graph.
/// </summary>
public sealed class RoadGraph
{
    private readonly ConcurrentBag<RoadSearch> idle = [];
    private readonly RoadGrid grid;

    private RoadGraph(RoadArrays arrays, RoadShapes shapes)
    {
        Arrays = arrays;
        Shapes = shapes;
        grid = new RoadGrid(shapes);
    }

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => Arrays.From.Length;

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => Arrays.NodeCount;

    internal RoadArrays Arrays { get; }

    internal RoadShapes Shapes { get; }

    /// <summary>Builds the graph.</summary>
    /// <param name="edges">The streets, in an order that decides between equal times.</param>
    /// <param name="rules">The turn restrictions that hold for whoever asks this graph.</param>
    /// <exception cref="ArgumentException">An edge has a time or length that is negative or no number, or fewer than two points.</exception>
    public static RoadGraph Build(IEnumerable<RoadEdge> edges, IReadOnlyList<TurnRule>? rules = null)
    {
        RoadEdge[] all = edges.ToArray();
        foreach (RoadEdge edge in all)
        {
            if (!(edge.Seconds >= 0 && edge.Meters >= 0) || double.IsInfinity(edge.Seconds + edge.Meters)
                || edge.Geometry.Length < 2 || !Array.TrueForAll(edge.Geometry, static point => point.IsOnEarth))
            {
                throw new ArgumentException($"Edge {edge.Id}: time, length or geometry is unusable.", nameof(edges));
            }
        }

        return new RoadGraph(RoadArrays.Build(all, rules ?? []), new RoadShapes(all));
    }

    /// <summary>The street's id in the base map.</summary>
    public long StreetId(RoadPosition position) => Arrays.Ids[position.Edge];

    /// <summary>The position in degrees.</summary>
    public LonLat PointAt(RoadPosition position) => Shapes.PointAt(position);

    /// <summary>The nearest place on the network; null where none is within <paramref name="maxMeters"/> (at most 50,000).</summary>
    public RoadSnap? Snap(LonLat point, double maxMeters = 2000) => grid.Snap(point, Math.Min(maxMeters, 50_000));

    /// <summary>Every edge within <paramref name="meters"/> of a point, each once with its nearest place, the nearest first.</summary>
    internal IReadOnlyList<RoadSnap> Near(LonLat point, double meters) => grid.Near(point, meters);

    /// <summary>
    /// The <paramref name="k"/> sources from which the target is reached soonest, soonest first, equal times by index.
    /// Exact. Sources that are null or cannot reach the target are left out.
    /// </summary>
    public IReadOnlyList<(int SourceIndex, double Seconds)> Nearest(
        RoadPosition target, IReadOnlyList<RoadPosition?> sources, int k)
    {
        RoadSearch search = Rent();
        try
        {
            return search.Run(target, sources, k);
        }
        finally
        {
            idle.Add(search);
        }
    }

    /// <summary>The fastest way, with geometry from position to position; null where there is none.</summary>
    public RoadRoute? Route(RoadPosition from, RoadPosition to)
    {
        RoadSearch search = Rent();
        try
        {
            List<(int SourceIndex, double Seconds)> found = search.Run(to, [from], 1);
            return found.Count == 0 ? null : Describe(found[0].Seconds, search.Pieces(from, to));
        }
        finally
        {
            idle.Add(search);
        }
    }

    private RoadSearch Rent() => idle.TryTake(out RoadSearch? search) ? search : new RoadSearch(Arrays);

    private RoadRoute Describe(double seconds, List<RoadPiece> pieces)
    {
        var points = new List<LonLat>();
        double meters = 0;
        foreach (RoadPiece piece in pieces)
        {
            meters += Arrays.Meters[piece.Edge] * Math.Abs(piece.End - piece.Begin);
            Shapes.Append(points, piece);
        }

        if (points.Count == 1)
        {
            // A line has two ends, even where the vehicle is already there.
            points.Add(points[0]);
        }

        return new RoadRoute(seconds, meters, points);
    }
}
