namespace GeoDispatch.Roads.Matching;

/// <summary>
/// How far it is by road from one place to several, forwards, turn restrictions obeyed: Dijkstra by metres within a limit. The memory of one
/// search is used again and again by one thread at a time.
/// </summary>
internal sealed class MatchReach(RoadArrays roads)
{
    private readonly RoadHeap heap = new();
    private readonly double[] meters = new double[roads.VertexCount];
    private readonly int[] arcTo = new int[roads.VertexCount];
    private readonly int[] before = new int[roads.VertexCount];
    private readonly int[] reached = new int[roads.VertexCount];
    private readonly int[] settled = new int[roads.VertexCount];
    private double turnRoundMeters;
    private int start, stamp;

    /// <summary>Searches from a place on an arc, <paramref name="fraction"/> of it in the direction of travel, as far as the limit.</summary>
    internal void Run(int arc, double fraction, double limitMeters, double turnRound)
    {
        if (++stamp == int.MaxValue)
        {
            Array.Clear(reached);
            Array.Clear(settled);
            stamp = 1;
        }

        (start, turnRoundMeters) = (arc, turnRound);
        heap.Clear();
        Reach(roads.FirstAfter(arc), (1 - fraction) * roads.Meters[arc >> 1], arc, -1);
        for (int count = 0; count < MatchRules.MostSettled && heap.TryPop(out double far, out int vertex) && far <= limitMeters;)
        {
            if (settled[vertex] == stamp)
            {
                continue;
            }

            settled[vertex] = stamp;
            count++;
            int node = roads.Head(arcTo[vertex]);
            for (int row = roads.OutStart[node]; row < roads.OutStart[node + 1]; row++)
            {
                int next = roads.Out[row];
                if (roads.Next(vertex, next) is var head and not ForbiddenPaths.Refused)
                {
                    Reach(head, far + roads.Meters[next >> 1] + Turning(vertex, next), next, vertex);
                }
            }
        }
    }

    /// <summary>Metres to a place on an arc over at least one node, and the vertex before the arc; infinite where the search did not come there.</summary>
    internal (double Meters, int Vertex) To(int arc, double fraction)
    {
        (double best, int from) = (double.PositiveInfinity, -1);
        foreach (int vertex in roads.VerticesAt(roads.Tail(arc)))
        {
            if (settled[vertex] == stamp && meters[vertex] + Turning(vertex, arc) is var far && far < best && roads.Next(vertex, arc) != ForbiddenPaths.Refused)
            {
                (best, from) = (far, vertex);
            }
        }

        return (best + fraction * roads.Meters[arc >> 1], from);
    }

    /// <summary>The arcs from the one that the search began on to <paramref name="arc"/>, both included.</summary>
    internal int[] Way(int vertex, int arc)
    {
        var way = new List<int> { arc };
        for (; vertex >= 0; vertex = before[vertex])
        {
            way.Add(arcTo[vertex]);
        }

        System.Diagnostics.Debug.Assert(way[^1] == start, "The way begins where the search did.");
        way.Reverse();
        return [.. way];
    }

    private double Turning(int vertex, int next) => next == (arcTo[vertex] ^ 1) ? turnRoundMeters : 0;

    private void Reach(int vertex, double far, int arc, int from)
    {
        if (reached[vertex] == stamp && meters[vertex] <= far)
        {
            return;
        }

        reached[vertex] = stamp;
        (meters[vertex], arcTo[vertex], before[vertex]) = (far, arc, from);
        heap.Push(far, vertex);
    }
}
