namespace GeoDispatch.Roads;

/// <summary>A stretch of one edge in the order of travel: backwards where <c>End</c> is less than <c>Begin</c>.</summary>
internal readonly record struct RoadPiece(int Edge, double Begin, double End);

/// <summary>
/// Who can be left for where. An arc is <c>2·edge</c> along the geometry and <c>2·edge+1</c> against it. The arcs that leave
/// node n stand at <c>Out[OutStart[n]]</c> to <c>Out[OutStart[n+1]-1]</c>.
/// A vertex is a node, or a node together with the beginning of a forbidden sequence of arcs that was just driven: so a search that
/// knows nothing of turn restrictions obeys them. The arcs that arrive at vertex v stand in <c>InArc</c>, and where they come from in
/// <c>InTail</c>, at <c>InStart[v]</c> to <c>InStart[v+1]-1</c>.
/// </summary>
internal sealed class RoadArrays
{
    private readonly ForbiddenPaths forbidden;
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
        var nodes = new Dictionary<long, int>();
        From = Array.ConvertAll(edges, edge => IndexOf(nodes, edge.FromNode));
        To = Array.ConvertAll(edges, edge => IndexOf(nodes, edge.ToNode));
        NodeCount = nodes.Count;
        NodeIds = [.. nodes.Keys];
        (OutStart, Out) = Leaving();
        forbidden = new ForbiddenPaths(rules.Count == 0
            ? []
            : TurnRules.Forbidden(this, id => nodes.TryGetValue(id, out int node) ? node : null, rules));
        stateOf = [.. Enumerable.Range(1, forbidden.Count - 1).Where(forbidden.MayBeIn)];
        vertexOf = new int[forbidden.Count];
        for (int index = 0; index < stateOf.Length; index++)
        {
            vertexOf[stateOf[index]] = NodeCount + index;
        }

        extraVertices = stateOf.ToLookup(state => Head(forbidden.LastArc(state)), state => vertexOf[state]);
        (InStart, InTail, InArc) = Arriving();
    }

    internal long[] Ids { get; }

    internal long[] Ways { get; }

    internal int[] From { get; }

    internal int[] To { get; }

    internal bool[] Oneway { get; }

    internal double[] Seconds { get; }

    internal double[] Meters { get; }

    internal int NodeCount { get; }

    /// <summary>The base map's id of each node.</summary>
    internal long[] NodeIds { get; }

    internal int VertexCount => NodeCount + stateOf.Length;

    internal int[] OutStart { get; }

    internal int[] Out { get; }

    internal int[] InStart { get; }

    internal int[] InTail { get; }

    internal int[] InArc { get; }

    internal static RoadArrays Build(RoadEdge[] edges, IReadOnlyList<TurnRule> rules) => new(edges, rules);

    /// <summary>The node at which an arc begins.</summary>
    internal int Tail(int arc) => (arc & 1) == 0 ? From[arc >> 1] : To[arc >> 1];

    /// <summary>The node at which an arc ends.</summary>
    internal int Head(int arc) => (arc & 1) == 0 ? To[arc >> 1] : From[arc >> 1];

    /// <summary>The vertex that an arc leads to from a vertex, or <see cref="ForbiddenPaths.Refused"/>.</summary>
    internal int Next(int vertex, int arc) => VertexAt(forbidden.Step(vertex < NodeCount ? 0 : stateOf[vertex - NodeCount], arc), arc);

    /// <summary>The vertex that an arc leads to when nothing is known of what was driven before.</summary>
    internal int FirstAfter(int arc) => VertexAt(forbidden.Step(0, arc), arc);

    /// <summary>Every vertex at a node, the node itself first.</summary>
    internal IEnumerable<int> VerticesAt(int node) => extraVertices[node].Prepend(node);

    private int VertexAt(int state, int arc) => state switch
    {
        ForbiddenPaths.Refused => ForbiddenPaths.Refused,
        0 => Head(arc),
        _ => vertexOf[state],
    };

    private static int IndexOf(Dictionary<long, int> nodes, long id)
    {
        if (!nodes.TryGetValue(id, out int index))
        {
            nodes[id] = index = nodes.Count;
        }

        return index;
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

    private (int[] Start, int[] Tails, int[] Arcs) Arriving()
    {
        int[] start = new int[VertexCount + 1];
        ForEachMove((_, _, head) => start[head + 1]++);
        Sum(start);
        int[] next = start.AsSpan(0, VertexCount).ToArray();
        int[] tails = new int[start[^1]], arcs = new int[start[^1]];
        ForEachMove((tail, arc, head) =>
        {
            (tails[next[head]], arcs[next[head]]) = (tail, arc);
            next[head]++;
        });
        return (start, tails, arcs);
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
