using System.Runtime.InteropServices;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>A stretch of one edge in the order of travel: backwards where <c>End</c> is less than <c>Begin</c>.</summary>
internal readonly record struct RoadPiece(int Edge, double Begin, double End)
{
    /// <summary>The arc that is driven; of a stretch of no length the one along the edge.</summary>
    internal int Arc => 2 * Edge + (Begin <= End ? 0 : 1);
}

/// <summary>A move over one arc from one vertex to another: all that a search asks of it, side by side in memory.</summary>
/// <param name="Tail">The vertex that it leaves.</param>
/// <param name="Arc">The arc that is driven.</param>
/// <param name="Begins">Bearing at its beginning, in 256ths of a circle.</param>
/// <param name="Ends">Bearing at its end.</param>
/// <param name="EndsInBend">True where no more than two streets meet at its end.</param>
/// <param name="TurnsBackToHead">
/// True where turning back at its beginning leads over the same street to the very vertex that it leads to: no other street leaves in
/// nearly the same direction, and no restriction begins at its end.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RoadRow(int Tail, int Arc, byte Begins, byte Ends, bool EndsInBend, bool TurnsBackToHead);

/// <summary>
/// Who can be left for where. An arc is <c>2·edge</c> along the geometry and <c>2·edge+1</c> against it. The arcs that leave
/// node n stand at <c>Out[OutStart[n]]</c> to <c>Out[OutStart[n+1]-1]</c>.
/// A vertex is a node, or a node together with the beginning of a forbidden sequence of arcs that was just driven: so a search that
/// knows nothing of turn restrictions obeys them. The moves that arrive at vertex v are <c>Rows[InStart[v]]</c> to
/// <c>Rows[InStart[v+1]-1]</c>; whoever came by one of them may go on by every arc that leaves v.
/// Nodes are numbered along a Z-curve, so that near ones are near in memory.
/// </summary>
internal sealed class RoadArrays
{
    private readonly ForbiddenPaths forbidden;
    private readonly IReadOnlyList<ForbiddenPath> sequences;
    private readonly byte[] begins, ends;
    private readonly int[] streetsAt;
    private readonly bool[] isSharp;
    // Of the vertices after the nodes: their state, and back.
    private readonly int[] stateOf;
    private readonly int[] vertexOf;
    private readonly ILookup<int, int> extraVertices;

    private RoadArrays(RoadEdge[] edges, IReadOnlyList<TurnRule> rules)
    {
        Ids = Array.ConvertAll(edges, static edge => edge.Id);
        Ways = Array.ConvertAll(edges, static edge => edge.Way);
        Oneway = Array.ConvertAll(edges, static edge => edge.Oneway);
        Seconds = Array.ConvertAll(edges, static edge => edge.Seconds);
        Meters = Array.ConvertAll(edges, static edge => edge.Meters);
        Dictionary<long, int> nodes = AlongCurve(edges);
        From = Array.ConvertAll(edges, edge => nodes[edge.FromNode]);
        To = Array.ConvertAll(edges, edge => nodes[edge.ToNode]);
        NodeCount = nodes.Count;
        NodeIds = [.. nodes.OrderBy(static node => node.Value).Select(static node => node.Key)];
        (OutStart, Out) = Leaving();
        (begins, ends) = Bearings(edges);
        streetsAt = new int[NodeCount];
        Array.ForEach(From, node => streetsAt[node]++);
        Array.ForEach(To, node => streetsAt[node]++);
        isSharp = Sharp();
        sequences = rules.Count == 0 ? [] : [.. TurnRules.Forbidden(this, id => nodes.TryGetValue(id, out int node) ? node : null, rules)];
        (forbidden, stateOf, vertexOf, extraVertices) = Vertices();
        (InStart, Rows) = Arriving();
    }

    // As a film that runs backwards: every arc keeps its number and is driven from its end to its beginning.
    private RoadArrays(RoadArrays forward)
    {
        (Ids, Ways, Oneway, Seconds, Meters) = (forward.Ids, forward.Ways, forward.Oneway, forward.Seconds, forward.Meters);
        (NodeCount, NodeIds) = (forward.NodeCount, forward.NodeIds);
        (From, To, streetsAt, isSharp) = (forward.To, forward.From, forward.streetsAt, forward.isSharp);
        (OutStart, Out) = Leaving();
        // The difference between the bearings of two arcs is then that of the same turn forwards.
        (begins, ends) = (Array.ConvertAll(forward.ends, static bearing => (byte)-bearing), Array.ConvertAll(forward.begins, static bearing => (byte)-bearing));
        sequences = [.. forward.sequences.Select(static sequence => sequence with { Arcs = [.. sequence.Arcs.Reverse()] })];
        (forbidden, stateOf, vertexOf, extraVertices) = Vertices();
        (InStart, Rows) = Arriving();
    }

    internal long[] Ids { get; }

    internal long[] Ways { get; }

    internal int[] From { get; }

    internal int[] To { get; }

    internal bool[] Oneway { get; }

    /// <summary>Of each edge as the base map gives it.</summary>
    internal double[] Seconds { get; }

    internal double[] Meters { get; }

    internal int NodeCount { get; }

    /// <summary>As the base map names the nodes.</summary>
    internal long[] NodeIds { get; }

    internal int VertexCount => NodeCount + stateOf.Length;

    internal int[] OutStart { get; }

    internal int[] Out { get; }

    internal int[] InStart { get; }

    internal RoadRow[] Rows { get; }

    internal static RoadArrays Build(RoadEdge[] edges, IReadOnlyList<TurnRule> rules) => new(edges, rules);

    /// <summary>The same network driven backwards: a search to a place there is a search from it here.</summary>
    internal RoadArrays Reversed() => new(this);

    /// <summary>The node at which an arc begins.</summary>
    internal int Tail(int arc) => (arc & 1) == 0 ? From[arc >> 1] : To[arc >> 1];

    /// <summary>The node at which an arc ends.</summary>
    internal int Head(int arc) => (arc & 1) == 0 ? To[arc >> 1] : From[arc >> 1];

    /// <summary>True where a vehicle may drive the arc: against a one-way street there is none.</summary>
    internal bool Exists(int arc) => (arc & 1) == 0 || !Oneway[arc >> 1];

    /// <summary>What turning from one arc into another is, as the streets lie at the crossing; a bend is going straight on.</summary>
    internal TurnKind Turn(int from, int into) =>
        into == (from ^ 1) ? TurnKind.Back : IsBend(Head(from)) ? TurnKind.Straight : RoadTurns.KindOf((byte)(begins[into] - ends[from]));

    /// <summary>How far the street that is entered lies off the direction of travel: degrees to the right, −180 to 180.</summary>
    internal double TurnDegrees(int from, int into) => (sbyte)(begins[into] - ends[from]) * 360 / 256.0;

    /// <summary>True where no more than two streets meet.</summary>
    internal bool IsBend(int node) => streetsAt[node] <= 2;

    /// <summary>The vertex that an arc leads to from a vertex, or <see cref="ForbiddenPaths.Refused"/> where nobody may go.</summary>
    internal int Next(int vertex, int arc) => VertexAt(forbidden.Step(vertex < NodeCount ? 0 : stateOf[vertex - NodeCount], arc), arc);

    /// <summary>The vertex that an arc leads to when nothing is known of what was driven before.</summary>
    internal int FirstAfter(int arc) => VertexAt(forbidden.Step(0, arc), arc);

    /// <summary>The move over an arc when nothing is known of what was driven before; −1 where the arc does not exist.</summary>
    internal int FirstRow(int arc)
    {
        (int head, int tail) = (FirstAfter(arc), Tail(arc));
        for (int row = InStart[head]; row < InStart[head + 1]; row++)
        {
            if (Rows[row].Arc == arc && Rows[row].Tail == tail)
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>A move over an arc, as it leaves a vertex.</summary>
    internal RoadRow MoveFrom(int vertex, int arc) => new(vertex, arc, begins[arc], ends[arc], IsBend(Head(arc)), !isSharp[Tail(arc)] && !extraVertices.Contains(Head(arc)));

    /// <summary>Every vertex at a node, the node itself first.</summary>
    internal IEnumerable<int> VerticesAt(int node) => extraVertices[node].Prepend(node);

    /// <summary>False where only a vehicle with lights and sirens comes to: it just drove what is forbidden to others.</summary>
    internal bool IsOpen(int vertex, bool emergency) => emergency || vertex < NodeCount || !forbidden.IsForEmergencyAlone(stateOf[vertex - NodeCount]);

    private int VertexAt(int state, int arc) => state switch
    {
        ForbiddenPaths.Refused => ForbiddenPaths.Refused,
        0 => Head(arc),
        _ => vertexOf[state],
    };

    /// <summary>A number for every node, by a Z-curve over where it lies.</summary>
    private static Dictionary<long, int> AlongCurve(RoadEdge[] edges)
    {
        var places = new Dictionary<long, LonLat>();
        foreach (RoadEdge edge in edges)
        {
            places.TryAdd(edge.FromNode, edge.Geometry[0]);
            places.TryAdd(edge.ToNode, edge.Geometry[^1]);
        }

        return places.OrderBy(static place => CurveAt(place.Value)).ThenBy(static place => place.Key)
            .Select(static (place, index) => (place.Key, index)).ToDictionary(static node => node.Key, static node => node.index);
    }

    // Every second bit from the longitude, the others from the latitude; a step is about a centimetre.
    private static ulong CurveAt(LonLat point) => Spread((uint)((point.Lon + 180) / 360 * uint.MaxValue)) << 1 | Spread((uint)((point.Lat + 90) / 180 * uint.MaxValue));

    private static ulong Spread(uint value)
    {
        ulong bits = value;
        bits = (bits | bits << 16) & 0x0000FFFF0000FFFF;
        bits = (bits | bits << 8) & 0x00FF00FF00FF00FF;
        bits = (bits | bits << 4) & 0x0F0F0F0F0F0F0F0F;
        bits = (bits | bits << 2) & 0x3333333333333333;
        return (bits | bits << 1) & 0x5555555555555555;
    }

    private static (byte[] Begins, byte[] Ends) Bearings(RoadEdge[] edges)
    {
        (byte[] begins, byte[] ends) = (new byte[2 * edges.Length], new byte[2 * edges.Length]);
        for (int edge = 0; edge < edges.Length; edge++)
        {
            (byte leaving, byte arriving) = (RoadTurns.Leaving(edges[edge].Geometry), RoadTurns.Arriving(edges[edge].Geometry));
            (begins[2 * edge], ends[2 * edge]) = (leaving, arriving);
            (begins[2 * edge + 1], ends[2 * edge + 1]) = ((byte)(arriving + 128), (byte)(leaving + 128));
        }

        return (begins, ends);
    }

    /// <summary>Nodes that two streets leave in nearly the same direction, so that one turns sharply back into the other.</summary>
    private bool[] Sharp()
    {
        // Node and the bearing in which a street leaves it, whether or not it may be driven that way.
        long[] leaving = new long[2 * From.Length];
        for (int arc = 0; arc < leaving.Length; arc++)
        {
            leaving[arc] = (long)Tail(arc) << 8 | begins[arc];
        }

        Array.Sort(leaving);
        bool[] sharp = new bool[NodeCount];
        int first = 0;
        for (int index = 1; index < leaving.Length; index++)
        {
            first = leaving[index] >> 8 == leaving[first] >> 8 ? first : index;
            // The next street, or the first one again after a whole turn.
            if (index > first && (IsBackBetween(leaving[index - 1], leaving[index]) || IsBackBetween(leaving[first], leaving[index])))
            {
                sharp[leaving[index] >> 8] = true;
            }
        }

        return sharp;

        static bool IsBackBetween(long a, long b) => RoadTurns.KindOf((byte)(b - a - 128)) == TurnKind.Back;
    }

    private (ForbiddenPaths Forbidden, int[] StateOf, int[] VertexOf, ILookup<int, int> Extra) Vertices()
    {
        var paths = new ForbiddenPaths(sequences);
        int[] states = [.. Enumerable.Range(1, paths.Count - 1).Where(paths.MayBeIn)];
        int[] vertices = new int[paths.Count];
        for (int index = 0; index < states.Length; index++)
        {
            vertices[states[index]] = NodeCount + index;
        }

        return (paths, states, vertices, states.ToLookup(state => Head(paths.LastArc(state)), state => vertices[state]));
    }

    private (int[] Start, int[] Arcs) Leaving()
    {
        int[] start = new int[NodeCount + 1];
        for (int edge = 0; edge < From.Length; edge++)
        {
            start[From[edge] + 1]++;
            start[To[edge] + 1] += Oneway[edge] ? 0 : 1;
        }

        Sum(start);
        int[] next = start.AsSpan(0, NodeCount).ToArray();
        int[] arcs = new int[start[^1]];
        for (int edge = 0; edge < From.Length; edge++)
        {
            arcs[next[From[edge]]++] = 2 * edge;
            if (!Oneway[edge])
            {
                arcs[next[To[edge]]++] = 2 * edge + 1;
            }
        }

        return (start, arcs);
    }

    private (int[] Start, RoadRow[] Rows) Arriving()
    {
        int[] start = new int[VertexCount + 1];
        ForEachMove((_, _, head) => start[head + 1]++);
        Sum(start);
        int[] next = start.AsSpan(0, VertexCount).ToArray();
        var rows = new RoadRow[start[^1]];
        ForEachMove((tail, arc, head) => rows[next[head]++] = MoveFrom(tail, arc));
        return (start, rows);
    }

    private void ForEachMove(Action<int, int, int> visit)
    {
        for (int vertex = 0; vertex < VertexCount; vertex++)
        {
            int node = vertex < NodeCount ? vertex : Head(forbidden.LastArc(stateOf[vertex - NodeCount]));
            for (int row = OutStart[node]; row < OutStart[node + 1]; row++)
            {
                if (Next(vertex, Out[row]) is var head and not ForbiddenPaths.Refused)
                {
                    visit(vertex, Out[row], head);
                }
            }
        }
    }

    private static void Sum(int[] start)
    {
        for (int index = 1; index < start.Length; index++)
        {
            start[index] += start[index - 1];
        }
    }
}
