using System.Runtime.InteropServices;

namespace GeoDispatch.Roads;

/// <summary>
/// One reverse Dijkstra search and its memory, used again and again by one thread at a time. Stamps tell which entries belong to the
/// running search, so that nothing is cleared between two.
/// What is left to drive depends on the arc just driven, for the turn into the next one costs: so a label belongs to a move that comes
/// to a vertex, and what leaves the heap is an arrival (backwards) at a vertex by one of the arcs that leave it. The first arrival
/// labels every move into the vertex; a later one can better a label only where it is below the worst of them. So with free turns
/// every vertex takes one arrival, and with dear ones seldom more than two.
/// </summary>
internal sealed class RoadSearch(RoadArrays roads)
{
    private const int Direct = -1;

    /// <summary>Of a vertex: an arrival of <c>Limit</c> or more betters nothing. Watched where sources hang on a move into it.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct State(double Limit, int Reached, int Arrived, int Watched);

    /// <summary>Of a move: seconds from its end to the target, and by which step.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct Label(double Seconds, int Next);

    /// <summary>A source that leaves its edge: by a move, or (−1) from a node that it stands on.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Exit(int Following, int Source, double Seconds, int Arc, int Row);

    /// <summary>The way of a source: how it leaves its edge and the step after that.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct Way(double Seconds, int Arc, int Step, bool IsFound);

    private readonly RoadRow[] rows = roads.Rows;
    private readonly int[] inStart = roads.InStart;
    private readonly State[] states = new State[roads.VertexCount];
    private readonly Label[] labels = new Label[roads.Rows.Length];
    private readonly int[] firstExit = new int[roads.VertexCount];
    private readonly List<Exit> exits = [];
    private readonly RoadHeap heap = new();

    // The steps: the rows, then the entries of the target, then the sources. Equal times leave the heap in this order: a source
    // therefore leaves only when nothing can better it, and equal sources leave by index.
    private readonly List<(RoadRow Move, bool IsFree, bool Backward)> entries = [];
    private Way[] ways = new Way[64];
    private RoadWeights weights = null!;
    private double[] rowSeconds = [];
    private int stamp, firstSource;

    /// <summary>The first <paramref name="k"/> sources from which the target is reached within <paramref name="most"/> seconds.</summary>
    internal List<(int SourceIndex, double Seconds)> Run(
        RoadWeights moment, double[] secondsOfRows, RoadPosition target, IReadOnlyList<RoadPosition?> sources, int k, double most = double.PositiveInfinity)
    {
        Begin(moment, secondsOfRows, sources.Count);
        Enter(target, 2 * target.Edge, target.Fraction);
        Enter(target, 2 * target.Edge + 1, 1 - target.Fraction);
        firstSource = rows.Length + entries.Count;
        for (int index = 0; index < sources.Count; index++)
        {
            if (sources[index] is { } source)
            {
                AddSource(source, index, target);
            }
        }

        var found = new List<(int SourceIndex, double Seconds)>(Math.Clamp(k, 0, sources.Count));
        while (found.Count < k && heap.TryPop(out double time, out int step) && time <= most)
        {
            if (step < firstSource)
            {
                Arrive(time, step);
            }
            else if (!ways[step - firstSource].IsFound)
            {
                ways[step - firstSource].IsFound = true;
                found.Add((step - firstSource, time));
            }
        }

        return found;
    }

    /// <summary>The way of a source that the last run found.</summary>
    internal List<RoadPiece> Pieces(int source, RoadPosition from, RoadPosition to)
    {
        Way way = ways[source];
        if (way.Arc == Direct)
        {
            return [new RoadPiece(from.Edge, from.Fraction, to.Fraction)];
        }

        var pieces = new List<RoadPiece> { new(from.Edge, from.Fraction, (way.Arc & 1) == 0 ? 1 : 0) };
        int step = way.Step;
        for (; step < rows.Length; step = labels[step].Next)
        {
            int arc = rows[step].Arc;
            pieces.Add((arc & 1) == 0 ? new RoadPiece(arc >> 1, 0, 1) : new RoadPiece(arc >> 1, 1, 0));
        }

        pieces.Add(new RoadPiece(to.Edge, entries[step - rows.Length].Backward ? 1 : 0, to.Fraction));
        return pieces;
    }

    private void Begin(RoadWeights moment, double[] secondsOfRows, int sourceCount)
    {
        if (++stamp == int.MaxValue)
        {
            Array.Clear(states);
            stamp = 1;
        }

        (weights, rowSeconds) = (moment, secondsOfRows);
        heap.Clear();
        exits.Clear();
        entries.Clear();
        if (ways.Length < sourceCount)
        {
            ways = new Way[sourceCount];
        }

        Array.Fill(ways, new Way(double.PositiveInfinity, 0, 0, false), 0, sourceCount);
    }

    /// <summary>The target is entered by an arc of its edge, from wherever that is allowed; at the node itself by any street and without a turn.</summary>
    private void Enter(RoadPosition target, int arc, double part)
    {
        bool backward = (arc & 1) == 1;
        // The end of a one-way street is its node, to which any street may lead.
        if (!target.MayBeReachedBy(arc) || (!roads.Exists(arc) && part > 0))
        {
            return;
        }

        foreach (int vertex in roads.VerticesAt(roads.Tail(arc)))
        {
            if (part <= 0 || (roads.Next(vertex, arc) is var next and not ForbiddenPaths.Refused && roads.IsOpen(next, weights.IsEmergency)))
            {
                entries.Add((roads.MoveFrom(vertex, arc), part <= 0, backward));
                Push(weights.Part(arc, part), rows.Length + entries.Count - 1, ref states[vertex], double.PositiveInfinity);
            }
        }
    }

    /// <summary>A source leaves its edge by an end, or the target lies on the same edge.</summary>
    private void AddSource(RoadPosition source, int index, RoadPosition target)
    {
        for (int arc = 2 * source.Edge; arc <= 2 * source.Edge + 1; arc++)
        {
            double ahead = source.Ahead(arc);
            double back = source.IsHeadingAgainst(arc) ? weights.Turns.Back : 0;
            // The beginning of an edge is its node, which may be left by any street.
            if (roads.Exists(arc) || ahead <= 0)
            {
                AddExit(source, arc, index, ahead, back);
            }

            double between = (arc & 1) == 0 ? target.Fraction - source.Fraction : source.Fraction - target.Fraction;
            if (source.Edge == target.Edge && between >= 0 && (between <= 0 || (roads.Exists(arc) && target.MayBeReachedBy(arc))))
            {
                Offer(index, between > 0 ? weights.Part(arc, between) + back : 0, Direct, 0);
            }
        }
    }

    private void AddExit(RoadPosition source, int arc, int index, double ahead, double back)
    {
        // Who stands at the node itself, and is not known to come from anywhere, has driven nothing yet.
        bool atNode = ahead <= 0 && source.Direction == RoadDirection.Either;
        int vertex = atNode || !roads.Exists(arc) ? roads.Head(arc) : roads.FirstAfter(arc);
        exits.Add(new Exit(
            states[vertex].Watched == stamp ? firstExit[vertex] : -1, index, weights.Part(arc, ahead) + back, arc,
            atNode || !roads.Exists(arc) ? -1 : roads.FirstRow(arc)));
        states[vertex].Watched = stamp;
        firstExit[vertex] = exits.Count - 1;
    }

    private void Arrive(double time, int step)
    {
        (RoadRow arrival, bool isFree, _) = step < rows.Length ? (rows[step], false, false) : entries[step - rows.Length];
        int vertex = arrival.Tail;
        ref State state = ref states[vertex];
        bool isFirst = state.Arrived != stamp;
        if (!isFirst && time >= state.Limit)
        {
            return;
        }

        state.Arrived = stamp;
        if (!roads.IsOpen(vertex, weights.IsEmergency))
        {
            state.Limit = double.NegativeInfinity;
            return;
        }

        LabelMoves(vertex, arrival, isFree, isFirst, time, step);
        for (int row = inStart[vertex]; row < inStart[vertex + 1]; row++)
        {
            if (labels[row].Next == step)
            {
                Push(labels[row].Seconds + rowSeconds[row], row, ref states[rows[row].Tail], rows[row].TurnsBackToHead ? state.Limit : double.PositiveInfinity);
            }
        }

        for (int exit = states[vertex].Watched == stamp ? firstExit[vertex] : -1; exit >= 0; exit = exits[exit].Following)
        {
            Exit leaving = exits[exit];
            (double left, int next) = leaving.Row >= 0 ? (labels[leaving.Row].Seconds, labels[leaving.Row].Next) : (time, step);
            Offer(leaving.Source, left + leaving.Seconds, leaving.Arc, next);
        }
    }

    /// <summary>Labels the moves into a vertex that the arrival betters, and tells below what a later one can better any that matters.</summary>
    private void LabelMoves(int vertex, RoadRow arrival, bool isFree, bool isFirst, double time, int step)
    {
        ref State state = ref states[vertex];
        double worst = double.NegativeInfinity;
        for (int row = inStart[vertex]; row < inStart[vertex + 1]; row++)
        {
            ref RoadRow into = ref rows[row];
            ref Label label = ref labels[row];
            double turn = isFree ? 0
                : into.Arc == (arrival.Arc ^ 1) ? weights.Turns.Back
                : into.EndsInBend ? 0
                : weights.ByDifference[(byte)(arrival.Begins - into.Ends)];
            if (isFirst || time + turn < label.Seconds)
            {
                label = new Label(time + turn, step);
            }

            // A label matters to the sources on its arc, and as far as what it brings to the arc's beginning betters something there.
            ref State tail = ref states[into.Tail];
            double brings = state.Watched == stamp || tail.Reached != stamp ? double.PositiveInfinity : tail.Limit - rowSeconds[row];
            worst = Math.Max(worst, Math.Min(label.Seconds, brings));
        }

        state.Limit = Math.Min(state.Limit, worst);
    }

    /// <summary>An arrival that can still better something. A closed street takes for ever and is not gone into.</summary>
    /// <param name="limitAhead">Of the vertex from which the arrival comes; infinite where turning back may lead elsewhere.</param>
    private void Push(double time, int step, ref State tail, double limitAhead)
    {
        double limit = tail.Reached == stamp ? tail.Limit : double.PositiveInfinity;
        if (time < limit)
        {
            // By this arrival every move into the vertex is labelled with no more than the dearest turn above it. Turning back leads to
            // where it comes from, and betters nothing there that is above the limit.
            double back = tail.Watched == stamp ? weights.Dearest : Math.Min(weights.Dearest, limitAhead - time);
            tail.Limit = Math.Min(limit, time + Math.Max(weights.DearestOnward, back));
            tail.Reached = stamp;
            heap.Push(time, step);
        }
    }

    private void Offer(int source, double time, int arc, int step)
    {
        if (time < ways[source].Seconds)
        {
            ways[source] = new Way(time, arc, step, false);
            heap.Push(time, firstSource + source);
        }
    }
}
