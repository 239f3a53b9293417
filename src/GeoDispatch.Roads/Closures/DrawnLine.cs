using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Closures;

/// <summary>
/// Which arcs a drawn line or area means. A line is felt along each 20 m: the nearest street within 30 m that runs like it; streets that it
/// merely brushes are left out, and those that it went by too fast are found by the shortest way between.
/// </summary>
internal static class DrawnLine
{
    /// <summary>How far from a street a line may run and still mean it, in metres.</summary>
    internal const double ReachMeters = 30;

    private const double StepMeters = 20;

    // A street turns away from the line by less than half a right angle, or it is another street.
    private const double MostTurnDegrees = 40;

    // The line need not be nearest to the street that it has followed so far: a parallel one a hand's breadth nearer is no reason to change.
    private const double LoyaltyMeters = 5;

    // So much of an edge, or half of it, has to be drawn over: whoever draws to a crossing draws a little beyond.
    private const double LeastMeters = 25;

    private readonly record struct Step(LonLat At, double BearingDegrees);

    /// <summary>What was drawn over of one arc, and where along the line.</summary>
    private sealed record Piece(int Arc, double From, double To, int FirstStep, int LastStep)
    {
        internal double Meters => To - From;
    }

    /// <returns>The arcs in rising order, and how much of the line lies along no street.</returns>
    internal static (int[] Arcs, double UnmatchedMeters) Lay(RoadGraph graph, ClosureDrawing drawing, bool bothDirections)
    {
        if (drawing.IsArea)
        {
            return (DrawnArea.Touched(graph, drawing.Points).SelectMany(edge => BothOf(graph.Arrays, 2 * edge)).Order().ToArray(), 0);
        }

        Step[] steps = [.. StepsAlong(drawing.Points)];
        bool[] matched = new bool[steps.Length];
        var arcs = new SortedSet<int>(Follow(graph, steps, matched));
        if (bothDirections)
        {
            Array.Reverse(matched);
            arcs.UnionWith(Follow(graph, [.. steps.Reverse().Select(static step => step with { BearingDegrees = (step.BearingDegrees + 180) % 360 })], matched));
            arcs.UnionWith(arcs.ToArray().SelectMany(arc => BothOf(graph.Arrays, arc)));
        }

        return ([.. arcs], Array.FindAll(matched, static step => !step).Length * StepMeters);
    }

    private static IEnumerable<int> BothOf(RoadArrays roads, int arc) => roads.Oneway[arc >> 1] ? [arc & ~1] : [arc & ~1, arc | 1];

    private static IEnumerable<Step> StepsAlong(IReadOnlyList<LonLat> points)
    {
        double next = 0, before = 0, bearing = 0;
        for (int point = 1; point < points.Count; point++)
        {
            double length = Geodesy.DistanceMeters(points[point - 1], points[point]);
            if (length == 0)
            {
                continue;
            }

            bearing = Geodesy.BearingDegrees(points[point - 1], points[point]);
            for (; next <= before + length; next += StepMeters)
            {
                yield return new Step(Geodesy.Between(points[point - 1], points[point], (next - before) / length), bearing);
            }

            before += length;
        }

        yield return new Step(points[^1], bearing);
    }

    private static IEnumerable<int> Follow(RoadGraph graph, Step[] steps, bool[] matched)
    {
        Piece[] pieces = [.. Feel(graph, steps, matched)];
        Piece[] kept = Array.FindAll(pieces, piece => piece.Meters >= Math.Min(LeastMeters, graph.Shapes.LengthMeters(piece.Arc >> 1) / 2));
        if (kept.Length == 0)
        {
            // A short line in the middle of a long street still means that street.
            kept = [.. pieces.OrderByDescending(static piece => piece.Meters).Take(1)];
        }

        for (int index = 0; index < kept.Length; index++)
        {
            yield return kept[index].Arc;
            if (index + 1 < kept.Length)
            {
                double drawn = (kept[index + 1].FirstStep - kept[index].LastStep) * StepMeters;
                foreach (int arc in Between(graph.Arrays, graph.Arrays.Head(kept[index].Arc), graph.Arrays.Tail(kept[index + 1].Arc), 1.5 * drawn + 50))
                {
                    yield return arc;
                }
            }
        }
    }

    /// <summary>The arcs under the line in its order, each with what was drawn over of it.</summary>
    private static IEnumerable<Piece> Feel(RoadGraph graph, Step[] steps, bool[] matched)
    {
        Piece? open = null;
        for (int step = 0; step < steps.Length; step++)
        {
            if (Under(graph, steps[step], open?.Arc) is not var (arc, along))
            {
                continue;
            }

            matched[step] = true;
            if (open?.Arc == arc)
            {
                open = open with { From = Math.Min(open.From, along), To = Math.Max(open.To, along), LastStep = step };
                continue;
            }

            if (open is not null)
            {
                yield return open;
            }

            open = new Piece(arc, along, along, step, step);
        }

        if (open is not null)
        {
            yield return open;
        }
    }

    private static (int Arc, double AlongMeters)? Under(RoadGraph graph, Step step, int? before)
    {
        // Nearest first. A street is like the line along or against it.
        RoadSnap[] like = [.. graph.Near(step.At, ReachMeters).Where(near => TurnOf(graph, near, step) is <= MostTurnDegrees or >= 180 - MostTurnDegrees)];
        if (like.Length == 0)
        {
            return null;
        }

        RoadSnap chosen = like.FirstOrDefault(near => near.Position.Edge == before >> 1 && near.DistanceMeters <= like[0].DistanceMeters + LoyaltyMeters, like[0]);
        if (!graph.Arrays.Oneway[chosen.Position.Edge] || IsAlong(chosen))
        {
            return (2 * chosen.Position.Edge + (IsAlong(chosen) ? 0 : 1), AlongMeters(chosen));
        }

        // Of a street with a carriageway for each direction the other one is meant; a street of two directions beside it is another street.
        return like.Where(near => graph.Arrays.Oneway[near.Position.Edge] && IsAlong(near))
            .Select(near => ((int, double)?)(2 * near.Position.Edge, AlongMeters(near))).FirstOrDefault();

        bool IsAlong(RoadSnap near) => TurnOf(graph, near, step) <= 90;

        double AlongMeters(RoadSnap near) => near.Position.Fraction * graph.Shapes.LengthMeters(near.Position.Edge);
    }

    /// <summary>Between the line and the street's geometry where it comes nearest, 0 to 180 degrees.</summary>
    private static double TurnOf(RoadGraph graph, RoadSnap near, Step step)
    {
        RoadShapes shapes = graph.Shapes;
        (int first, int last) = (shapes.Start[near.Position.Edge], shapes.Start[near.Position.Edge + 1] - 1);
        double along = near.Position.Fraction * shapes.Along[last];
        int end = first + 1;
        while (end < last && shapes.Along[end] < along)
        {
            end++;
        }

        return Turn(Geodesy.BearingDegrees(shapes.Points[end - 1], shapes.Points[end]), step.BearingDegrees);
    }

    private static double Turn(double a, double b) => 180 - Math.Abs(180 - Math.Abs(a - b) % 360);

    /// <summary>The arcs of the shortest way from node to node, none where it is longer than so many metres.</summary>
    private static int[] Between(RoadArrays roads, int from, int to, double mostMeters)
    {
        var reached = new Dictionary<int, (double Meters, int Arc)> { [from] = (0, -1) };
        var waiting = new PriorityQueue<int, double>([(from, 0)]);
        while (waiting.TryDequeue(out int node, out double meters))
        {
            if (node == to)
            {
                var way = new List<int>();
                for (int arc = reached[node].Arc; arc >= 0; arc = reached[roads.Tail(arc)].Arc)
                {
                    way.Add(arc);
                }

                return [.. way];
            }

            for (int row = roads.OutStart[node]; row < roads.OutStart[node + 1] && meters <= reached[node].Meters; row++)
            {
                int arc = roads.Out[row];
                double further = meters + roads.Meters[arc >> 1];
                if (further <= mostMeters && !(reached.TryGetValue(roads.Head(arc), out (double Meters, int) known) && known.Meters <= further))
                {
                    reached[roads.Head(arc)] = (further, arc);
                    waiting.Enqueue(roads.Head(arc), further);
                }
            }
        }

        return [];
    }
}

/// <summary>Which edges an area touches.</summary>
internal static class DrawnArea
{
    /// <summary>Edges of which a point lies inside the ring or on which the ring crosses.</summary>
    /// <param name="ring">Its last point is its first.</param>
    internal static IEnumerable<int> Touched(RoadGraph graph, IReadOnlyList<LonLat> ring)
    {
        var box = new Bbox(ring.Min(static p => p.Lon), ring.Min(static p => p.Lat), ring.Max(static p => p.Lon), ring.Max(static p => p.Lat));
        return Enumerable.Range(0, graph.EdgeCount).Where(edge => Touches(graph.Shapes.PointsOf(edge), ring, box));
    }

    private static bool Touches(ReadOnlySpan<LonLat> line, IReadOnlyList<LonLat> ring, Bbox box)
    {
        for (int point = 0; point < line.Length; point++)
        {
            if ((box.Contains(line[point]) && IsInside(line[point], ring)) || (point > 0 && Meets(line[point - 1], line[point], ring, box)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>By how many sides lie east of it.</summary>
    private static bool IsInside(LonLat point, IReadOnlyList<LonLat> ring)
    {
        bool isInside = false;
        for (int corner = 1; corner < ring.Count; corner++)
        {
            (LonLat a, LonLat b) = (ring[corner - 1], ring[corner]);
            if (a.Lat > point.Lat != b.Lat > point.Lat && point.Lon < a.Lon + (b.Lon - a.Lon) * (point.Lat - a.Lat) / (b.Lat - a.Lat))
            {
                isInside = !isInside;
            }
        }

        return isInside;
    }

    private static bool Meets(LonLat a, LonLat b, IReadOnlyList<LonLat> ring, Bbox box)
    {
        if (Math.Max(a.Lon, b.Lon) < box.West || Math.Min(a.Lon, b.Lon) > box.East || Math.Max(a.Lat, b.Lat) < box.South || Math.Min(a.Lat, b.Lat) > box.North)
        {
            return false;
        }

        for (int corner = 1; corner < ring.Count; corner++)
        {
            if (AreApart(a, b, ring[corner - 1], ring[corner]) && AreApart(ring[corner - 1], ring[corner], a, b))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether c and d lie on different sides of the line through a and b, or on it.</summary>
    private static bool AreApart(LonLat a, LonLat b, LonLat c, LonLat d) => Side(a, b, c) * Side(a, b, d) <= 0;

    private static double Side(LonLat a, LonLat b, LonLat c) => (b.Lon - a.Lon) * (c.Lat - a.Lat) - (b.Lat - a.Lat) * (c.Lon - a.Lon);
}
