namespace GeoDispatch.Roads;

/// <summary>A stretch of one edge in the order of travel: backwards where <c>End</c> is less than <c>Begin</c>.</summary>
internal readonly record struct RoadPiece(int Edge, double Begin, double End);

/// <summary>
/// Who can be left for where. An arc is <c>2·edge</c> along the geometry and <c>2·edge+1</c> against it. The arcs that
/// leave node n stand at <c>Out[OutStart[n]]</c> to <c>Out[OutStart[n+1]-1]</c>; those that arrive, in <c>In</c>.
/// </summary>
internal sealed class RoadArrays
{
    private RoadArrays(RoadEdge[] edges)
    {
        Ids = Array.ConvertAll(edges, static edge => edge.Id);
        Oneway = Array.ConvertAll(edges, static edge => edge.Oneway);
        Seconds = Array.ConvertAll(edges, static edge => edge.Seconds);
        Meters = Array.ConvertAll(edges, static edge => edge.Meters);
        var nodes = new Dictionary<long, int>();
        From = Array.ConvertAll(edges, edge => IndexOf(nodes, edge.FromNode));
        To = Array.ConvertAll(edges, edge => IndexOf(nodes, edge.ToNode));
        NodeCount = nodes.Count;
        (OutStart, Out) = Rows(arriving: false);
        (InStart, In) = Rows(arriving: true);
    }

    internal long[] Ids { get; }

    internal int[] From { get; }

    internal int[] To { get; }

    internal bool[] Oneway { get; }

    internal double[] Seconds { get; }

    internal double[] Meters { get; }

    internal int NodeCount { get; }

    internal int[] OutStart { get; }

    internal int[] Out { get; }

    internal int[] InStart { get; }

    internal int[] In { get; }

    internal static RoadArrays Build(RoadEdge[] edges) => new(edges);

    /// <summary>The node at which an arc begins.</summary>
    internal int Tail(int arc) => (arc & 1) == 0 ? From[arc >> 1] : To[arc >> 1];

    /// <summary>The node at which an arc ends.</summary>
    internal int Head(int arc) => (arc & 1) == 0 ? To[arc >> 1] : From[arc >> 1];

    private static int IndexOf(Dictionary<long, int> nodes, long id)
    {
        if (!nodes.TryGetValue(id, out int index))
        {
            nodes[id] = index = nodes.Count;
        }

        return index;
    }

    private (int[] Start, int[] Arcs) Rows(bool arriving)
    {
        int[] start = new int[NodeCount + 1];
        int total = 0;
        foreach (int arc in Arcs())
        {
            start[(arriving ? Head(arc) : Tail(arc)) + 1]++;
            total++;
        }

        for (int node = 0; node < NodeCount; node++)
        {
            start[node + 1] += start[node];
        }

        int[] next = start.AsSpan(0, NodeCount).ToArray();
        int[] arcs = new int[total];
        foreach (int arc in Arcs())
        {
            arcs[next[arriving ? Head(arc) : Tail(arc)]++] = arc;
        }

        return (start, arcs);
    }

    private IEnumerable<int> Arcs()
    {
        for (int edge = 0; edge < From.Length; edge++)
        {
            yield return 2 * edge;
            if (!Oneway[edge])
            {
                yield return 2 * edge + 1;
            }
        }
    }
}
