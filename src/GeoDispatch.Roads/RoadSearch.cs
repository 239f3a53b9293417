namespace GeoDispatch.Roads;

/// <summary>
/// One reverse Dijkstra search and its memory, used again and again by one thread at a time. Stamps tell which entries
/// belong to the running search, so that nothing is cleared between two.
/// </summary>
internal sealed class RoadSearch(RoadArrays roads)
{
    private const int Direct = -1;
    private const int EnterTargetForward = -2;
    private const int EnterTargetBackward = -3;

    private readonly RoadHeap heap = new();

    // Vertices 0 to VertexCount-1 are the network's; those after them are the sources. Equal times leave the heap by vertex, the
    // network's first: a source therefore leaves only when nothing can better it, and equal sources leave by index.
    private double[] seconds = new double[roads.VertexCount + 64];
    private int[] via = new int[roads.VertexCount + 64];
    private int[] reached = new int[roads.VertexCount + 64];
    private int[] settled = new int[roads.VertexCount + 64];
    private readonly int[] firstExit = new int[roads.VertexCount];
    private readonly int[] exitStamp = new int[roads.VertexCount];
    private readonly List<(int Next, int Vertex, double Seconds, int Arc)> exits = [];
    private int stamp;

    internal List<(int SourceIndex, double Seconds)> Run(
        RoadPosition target, IReadOnlyList<RoadPosition?> sources, int k)
    {
        Begin(sources.Count);
        for (int index = 0; index < sources.Count; index++)
        {
            if (sources[index] is { } source)
            {
                AddSource(source, roads.VertexCount + index, target);
            }
        }

        double whole = roads.Seconds[target.Edge];
        Enter(2 * target.Edge, target.Fraction * whole, target.Fraction <= 0, EnterTargetForward);
        if (!roads.Oneway[target.Edge] || target.Fraction >= 1)
        {
            Enter(2 * target.Edge + 1, (1 - target.Fraction) * whole, target.Fraction >= 1, EnterTargetBackward);
        }

        var found = new List<(int SourceIndex, double Seconds)>(Math.Clamp(k, 0, sources.Count));
        while (found.Count < k && heap.TryPop(out double time, out int vertex))
        {
            if (settled[vertex] == stamp)
            {
                continue;
            }

            settled[vertex] = stamp;
            if (vertex >= roads.VertexCount)
            {
                found.Add((vertex - roads.VertexCount, time));
                continue;
            }

            Expand(vertex, time);
        }

        return found;
    }

    /// <summary>The way of source 0 of the last run.</summary>
    internal List<RoadPiece> Pieces(RoadPosition from, RoadPosition to)
    {
        int step = via[roads.VertexCount];
        if (step == Direct)
        {
            return [new RoadPiece(from.Edge, from.Fraction, to.Fraction)];
        }

        var pieces = new List<RoadPiece> { new(from.Edge, from.Fraction, (step & 1) == 0 ? 1 : 0) };
        int vertex = ExitVertex(from, step);
        while ((step = via[vertex]) >= 0)
        {
            pieces.Add((step & 1) == 0 ? new RoadPiece(step >> 1, 0, 1) : new RoadPiece(step >> 1, 1, 0));
            vertex = roads.Next(vertex, step);
        }

        pieces.Add(new RoadPiece(to.Edge, step == EnterTargetForward ? 0 : 1, to.Fraction));
        return pieces;
    }

    private void Begin(int sourceCount)
    {
        if (++stamp == int.MaxValue)
        {
            Array.Clear(reached);
            Array.Clear(settled);
            Array.Clear(exitStamp);
            stamp = 1;
        }

        heap.Clear();
        exits.Clear();
        int needed = roads.VertexCount + sourceCount;
        if (seconds.Length < needed)
        {
            Array.Resize(ref seconds, needed);
            Array.Resize(ref via, needed);
            Array.Resize(ref reached, needed);
            Array.Resize(ref settled, needed);
        }
    }

    /// <summary>A source leaves its edge by an end, or the target lies ahead of it on the same edge.</summary>
    private void AddSource(RoadPosition source, int vertex, RoadPosition target)
    {
        int edge = source.Edge;
        double whole = roads.Seconds[edge];
        AddExit(source, 2 * edge, vertex, (1 - source.Fraction) * whole);
        // The beginning of an edge is its node, which may be left by any street.
        if (!roads.Oneway[edge] || source.Fraction <= 0)
        {
            AddExit(source, 2 * edge + 1, vertex, source.Fraction * whole);
        }

        if (edge == target.Edge && (source.Fraction <= target.Fraction || !roads.Oneway[edge]))
        {
            Reach(vertex, Math.Abs(target.Fraction - source.Fraction) * whole, Direct);
        }
    }

    private void AddExit(RoadPosition source, int arc, int vertex, double time)
    {
        int exit = ExitVertex(source, arc);
        exits.Add((exitStamp[exit] == stamp ? firstExit[exit] : -1, vertex, time, arc));
        firstExit[exit] = exits.Count - 1;
        exitStamp[exit] = stamp;
    }

    /// <summary>Where a source comes to by an arc of its edge. Who stands at the node itself has driven nothing yet.</summary>
    private int ExitVertex(RoadPosition source, int arc) =>
        source.Fraction == ((arc & 1) == 0 ? 1 : 0) ? roads.Head(arc) : roads.FirstAfter(arc);

    /// <summary>The target is entered by an arc of its edge, from wherever that is allowed; at the node itself by any street.</summary>
    private void Enter(int arc, double time, bool atNode, int step)
    {
        foreach (int vertex in roads.VerticesAt(roads.Tail(arc)))
        {
            if (atNode || roads.Next(vertex, arc) != ForbiddenPaths.Refused)
            {
                Reach(vertex, time, step);
            }
        }
    }

    private void Expand(int vertex, double time)
    {
        for (int row = roads.InStart[vertex]; row < roads.InStart[vertex + 1]; row++)
        {
            int arc = roads.InArc[row];
            Reach(roads.InTail[row], time + roads.Seconds[arc >> 1], arc);
        }

        for (int exit = exitStamp[vertex] == stamp ? firstExit[vertex] : -1; exit >= 0; exit = exits[exit].Next)
        {
            Reach(exits[exit].Vertex, time + exits[exit].Seconds, exits[exit].Arc);
        }
    }

    private void Reach(int vertex, double time, int step)
    {
        if (reached[vertex] == stamp && seconds[vertex] <= time)
        {
            return;
        }

        reached[vertex] = stamp;
        seconds[vertex] = time;
        via[vertex] = step;
        heap.Push(time, vertex);
    }
}

/// <summary>Smallest time first, then smallest vertex. Four children to a parent: fewer levels, one cache line.</summary>
internal sealed class RoadHeap
{
    private (double Time, int Vertex)[] items = new (double, int)[256];
    private int count;

    internal void Clear() => count = 0;

    internal void Push(double time, int vertex)
    {
        if (count == items.Length)
        {
            Array.Resize(ref items, count * 2);
        }

        int place = count++;
        while (place > 0 && Before((time, vertex), items[(place - 1) >> 2]))
        {
            items[place] = items[(place - 1) >> 2];
            place = (place - 1) >> 2;
        }

        items[place] = (time, vertex);
    }

    internal bool TryPop(out double time, out int vertex)
    {
        (time, vertex) = items[0];
        if (count == 0)
        {
            return false;
        }

        (double Time, int Vertex) last = items[--count];
        int place = 0;
        while (true)
        {
            int best = 4 * place + 1;
            if (best >= count)
            {
                break;
            }

            int end = Math.Min(best + 4, count);
            for (int child = best + 1; child < end; child++)
            {
                best = Before(items[child], items[best]) ? child : best;
            }

            if (!Before(items[best], last))
            {
                break;
            }

            items[place] = items[best];
            place = best;
        }

        items[place] = last;
        return true;
    }

    private static bool Before((double Time, int Vertex) a, (double Time, int Vertex) b) =>
        a.Time < b.Time || (a.Time.Equals(b.Time) && a.Vertex < b.Vertex);
}
