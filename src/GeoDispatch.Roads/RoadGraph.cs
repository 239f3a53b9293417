using System.Collections.Concurrent;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>What the edges of one way have in common.</summary>
/// <param name="Name">As the signs say; null where it has none.</param>
/// <param name="NameEn">In English or pinyin; null where it is not known.</param>
/// <param name="Kind">Class by the Shortbread schema, such as <c>primary</c>; empty where it is not known.</param>
/// <param name="ClassSpeedKmh">What the class makes by and large, whatever limit is posted; 0 where it is not known.</param>
/// <param name="EmergencyOnly">True where normal vehicles may not drive.</param>
/// <param name="LargeForbidden">True where large vehicles may not drive.</param>
/// <param name="Bears">How large a vehicle may be.</param>
public sealed record RoadStreet(
    string? Name, string? NameEn, string Kind, double ClassSpeedKmh = 0, bool EmergencyOnly = false, bool LargeForbidden = false, VehicleSize? Bears = null)
{
    /// <summary>A street of which nothing is known.</summary>
    public static RoadStreet Unknown { get; } = new(null, null, "");
}

/// <summary>How large a vehicle is, or may be; infinite where nothing limits it.</summary>
/// <param name="HeightMeters">0 or more.</param>
/// <param name="WeightTonnes">As it drives, 0 or more.</param>
/// <param name="WidthMeters">0 or more.</param>
public sealed record VehicleSize(double HeightMeters, double WeightTonnes, double WidthMeters)
{
    /// <summary>A ladder or a tanker of the fire brigade, if nothing else is said: 3.6 m high, 18 t, 2.5 m wide.</summary>
    public static VehicleSize Large { get; } = new(3.6, 18, 2.5);

    internal bool Fits(VehicleSize? limit) =>
        limit is null || (HeightMeters <= limit.HeightMeters && WeightTonnes <= limit.WeightTonnes && WidthMeters <= limit.WidthMeters);
}

/// <summary>One piece of street between two nodes, as it comes from the base map.</summary>
/// <param name="Id">The street's id in the base map.</param>
/// <param name="FromNode">Where the geometry begins.</param>
/// <param name="ToNode">Where the geometry ends.</param>
/// <param name="Oneway">True where only <paramref name="FromNode"/> to <paramref name="ToNode"/> may be driven.</param>
/// <param name="Seconds">Travel time over the whole edge, 0 or more.</param>
/// <param name="Meters">Length, 0 or more.</param>
/// <param name="Geometry">At least two points.</param>
/// <param name="Way">The way that the edge is a part of, as turn restrictions name it; 0 where there are none.</param>
/// <param name="Street">What the way is; null where nothing is known of it.</param>
public readonly record struct RoadEdge(
    long Id, long FromNode, long ToNode, bool Oneway, double Seconds, double Meters, LonLat[] Geometry, long Way = 0, RoadStreet? Street = null);

/// <summary>A direction on an edge.</summary>
public enum RoadDirection
{
    /// <summary>Not known, or either will do.</summary>
    Either,

    /// <summary>As the geometry runs.</summary>
    Along,

    /// <summary>Against it.</summary>
    Against,
}

/// <summary>A place on the network.</summary>
/// <param name="Edge">Index of the edge in its graph; it means nothing in another graph.</param>
/// <param name="Fraction">How far along the geometry, 0 (from-node) to 1 (to-node).</param>
/// <param name="Direction">Where a vehicle starts: it drives that way, and turning back costs. Where it goes to: it must come that way.</param>
public readonly record struct RoadPosition(int Edge, double Fraction, RoadDirection Direction = RoadDirection.Either)
{
    /// <summary>What share of an arc lies between this place and the arc's end.</summary>
    internal double Ahead(int arc) => (arc & 1) == 0 ? 1 - Fraction : Fraction;

    internal bool MayBeReachedBy(int arc) => !IsHeadingAgainst(arc);

    internal bool IsHeadingAgainst(int arc) => Direction == ((arc & 1) == 0 ? RoadDirection.Against : RoadDirection.Along);

    /// <summary>The same place where the network runs backwards, left in either direction.</summary>
    internal RoadPosition Reversed => new(Edge, 1 - Fraction);
}

/// <summary>An arc as the base map names it: the same in the next graph, and after the same city is imported again.</summary>
/// <param name="Way">The way that the edge is a part of.</param>
/// <param name="FromNode">Where the arc begins.</param>
/// <param name="ToNode">Where it ends.</param>
/// <param name="Along">True along the geometry; says something only of a loop.</param>
public readonly record struct ArcKey(long Way, long FromNode, long ToNode, bool Along);

/// <summary>The place on the network nearest to a point.</summary>
/// <param name="Position">Where on the network.</param>
/// <param name="Point">The same place in degrees.</param>
/// <param name="DistanceMeters">From the point that was asked for.</param>
public readonly record struct RoadSnap(RoadPosition Position, LonLat Point, double DistanceMeters);

/// <summary>
/// The street network as flat arrays, unchanging and safe to share between threads: what meets where, its shape and its names. How long
/// it takes to drive there is what <see cref="At"/> says of one moment; nothing is prepared that a closure would spoil.
/// </summary>
public sealed class RoadGraph
{
    /// <summary>How much further away the main net may be for a place on an island to be given up for it, metres.</summary>
    public const double IslandMeters = 50;

    /// <summary>How much further away a street in the direction of a moving vehicle may be than the nearest one, metres.</summary>
    public const double HeadingMeters = 15;

    /// <summary>A vehicle that is faster than this has a heading; slower ones turn on the spot, as far as a receiver can tell.</summary>
    public const double MovingKmh = 5;

    private readonly ConcurrentBag<RoadSearch> idle = [], idleReversed = [];
    private readonly Lazy<RoadArrays> reversed;
    private readonly RoadGrid grid;
    private readonly Lazy<RoadIslands> islands;

    private RoadGraph(RoadEdge[] edges, IReadOnlyList<TurnRule> rules)
    {
        Arrays = RoadArrays.Build(edges, rules);
        reversed = new(Arrays.Reversed);
        Shapes = new RoadShapes(edges);
        grid = new RoadGrid(Shapes);
        islands = new(() => new RoadIslands(Arrays));
        // The edges of a way, and ways that are alike, share one record.
        var known = new Dictionary<RoadStreet, int>();
        StreetOf = Array.ConvertAll(edges, edge =>
        {
            RoadStreet street = edge.Street ?? RoadStreet.Unknown;
            return known.TryGetValue(street, out int same) ? same : known[street] = known.Count;
        });
        Streets = [.. known.Keys];
    }

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => Arrays.From.Length;

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => Arrays.NodeCount;

    internal RoadArrays Arrays { get; }

    internal RoadShapes Shapes { get; }

    /// <summary>The different streets, and which of them each edge is a part of.</summary>
    internal RoadStreet[] Streets { get; }

    internal int[] StreetOf { get; }

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

        return new RoadGraph(all, rules ?? []);
    }

    /// <summary>The street's id in the base map.</summary>
    public long StreetId(RoadPosition position) => Arrays.Ids[position.Edge];

    /// <summary>What an arc (2·edge along the geometry, 2·edge+1 against it) is called in every graph of the city.</summary>
    public ArcKey KeyOf(int arc) =>
        new(Arrays.Ways[arc >> 1], Arrays.NodeIds[Arrays.Tail(arc)], Arrays.NodeIds[Arrays.Head(arc)], (arc & 1) == 0);

    /// <summary>True where the arc may be driven: against a one-way street there is none.</summary>
    public bool HasArc(int arc) => (arc & 1) == 0 || !Arrays.Oneway[arc >> 1];

    /// <summary>Length of an arc in metres.</summary>
    public double ArcMeters(int arc) => Arrays.Meters[arc >> 1];

    /// <summary>Seconds over an arc by the speed of its class, with nothing learned and nothing closed.</summary>
    public double ArcClassSeconds(int arc) => Arrays.Seconds[arc >> 1];

    /// <summary>The position in degrees.</summary>
    public LonLat PointAt(RoadPosition position) => Shapes.PointAt(position);

    /// <summary>The parts of the streets that hang together with the rest in one direction at most, the longest first.</summary>
    public IReadOnlyList<RoadIsland> ListIslands() => islands.Value.List(Shapes);

    /// <summary>
    /// The nearest place on the network; null where none is within <paramref name="maxMeters"/> (at most 50,000). Where that is on an
    /// island and the main net is at most <see cref="IslandMeters"/> further away, the nearest place of the main net.
    /// </summary>
    public RoadSnap? Snap(LonLat point, double maxMeters = 2000)
    {
        maxMeters = Math.Min(maxMeters, 50_000);
        return grid.Snap(point, maxMeters) is not { } nearest ? null
            : islands.Value.IsOnMainNet(nearest.Position.Edge) ? nearest
            : grid.Snap(point, Math.Min(maxMeters, nearest.DistanceMeters + IslandMeters), islands.Value.IsOnMainNet) ?? nearest;
    }

    /// <summary>
    /// As <see cref="Snap(LonLat, double)"/>, for a vehicle that moves at <paramref name="headingDegrees"/> (clockwise from north): of the
    /// streets that are at most <see cref="HeadingMeters"/> further away than the nearest, the nearest one that may be driven within 45°
    /// of it, with that direction. Where there is none, the nearest place of all and no direction.
    /// </summary>
    public RoadSnap? SnapMoving(LonLat point, double headingDegrees, double maxMeters = 2000)
    {
        if (Snap(point, maxMeters) is not { } nearest)
        {
            return null;
        }

        foreach (RoadSnap near in Near(point, nearest.DistanceMeters + HeadingMeters))
        {
            for (int arc = 2 * near.Position.Edge; arc <= 2 * near.Position.Edge + 1; arc++)
            {
                double off = Math.Abs(Shapes.BearingDegrees(near.Position, arc) - headingDegrees) % 360;
                if (Arrays.Exists(arc) && Math.Min(off, 360 - off) <= 45)
                {
                    return near with { Position = near.Position with { Direction = (arc & 1) == 0 ? RoadDirection.Along : RoadDirection.Against } };
                }
            }
        }

        return nearest;
    }

    /// <summary>
    /// Where a vehicle is that reported a place: while it moves on the street that it drives along, for turning back costs it time; else on the
    /// nearest one.
    /// </summary>
    /// <param name="speedKmh">Null where its terminal does not tell it.</param>
    /// <param name="headingDegrees">Clockwise from north; null where its terminal does not tell it.</param>
    public RoadSnap? SnapVehicle(LonLat point, double? speedKmh, double? headingDegrees) =>
        speedKmh > MovingKmh && headingDegrees is { } heading ? SnapMoving(point, heading) : Snap(point);

    /// <summary>
    /// As <see cref="Snap(LonLat, double)"/>, for a target that is to be on the right-hand side of whoever comes. On a one-way street, and
    /// within a metre of the middle of the street, either side will do.
    /// </summary>
    public RoadSnap? SnapAtCurb(LonLat point, double maxMeters = 2000)
    {
        if (Snap(point, maxMeters) is not { } nearest || Arrays.Oneway[nearest.Position.Edge] || nearest.DistanceMeters < 1)
        {
            return Snap(point, maxMeters);
        }

        double aside = Geodesy.BearingDegrees(nearest.Point, point) - Shapes.BearingDegrees(nearest.Position, 2 * nearest.Position.Edge);
        bool isRight = (aside + 360) % 360 < 180;
        return nearest with { Position = nearest.Position with { Direction = isRight ? RoadDirection.Along : RoadDirection.Against } };
    }

    /// <summary>Every edge within <paramref name="meters"/> of a point, each once with its nearest place, the nearest first.</summary>
    internal IReadOnlyList<RoadSnap> Near(LonLat point, double meters) => grid.Near(point, meters);

    /// <summary>The network as it is for a profile at a moment: times of streets and turns, and what is closed.</summary>
    /// <exception cref="ArgumentException">A condition or a turn cost is unusable.</exception>
    public RoadNetwork At(RoadMoment moment) => new(this, RoadWeighing.Of(this, reversed, moment), moment);

    /// <summary>Lends a search and its memory.</summary>
    internal T Search<T>(bool backwards, Func<RoadSearch, T> use)
    {
        ConcurrentBag<RoadSearch> bag = backwards ? idleReversed : idle;
        RoadSearch search = bag.TryTake(out RoadSearch? ready) ? ready : new RoadSearch(backwards ? reversed.Value : Arrays);
        try
        {
            return use(search);
        }
        finally
        {
            bag.Add(search);
        }
    }
}
