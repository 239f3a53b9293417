namespace GeoDispatch.Roads.Closures;

/// <summary>A closure and the arcs that it means on one graph.</summary>
internal sealed record LaidClosure(Closure Closure, int[] Arcs);

/// <summary>What closures mean on a graph, and which of them count at a moment.</summary>
internal static class ClosuresNow
{
    /// <summary>
    /// Finds each closure's edges by what the base map calls them. Where one of them is gone, the whole is worked out again from the drawing:
    /// a street that was cut in two since then would else be open half.
    /// </summary>
    internal static LaidClosure[] Lay(RoadGraph graph, IReadOnlyList<Closure> closures)
    {
        RoadArrays roads = graph.Arrays;
        HashSet<long> ways = [.. closures.SelectMany(static closure => closure.Understood.Stretches).Select(static stretch => stretch.Way)];
        ILookup<(long Way, long From, long To), int> edges = Enumerable.Range(0, graph.EdgeCount).Where(edge => ways.Contains(roads.Ways[edge]))
            .ToLookup(edge => (roads.Ways[edge], roads.NodeIds[roads.From[edge]], roads.NodeIds[roads.To[edge]]));
        return [.. closures.Select(closure => new LaidClosure(closure, ArcsOf(closure)))];

        int[] ArcsOf(Closure closure) => closure.Understood.Stretches.All(stretch => edges.Contains((stretch.Way, stretch.FromNode, stretch.ToNode)))
            ? [.. closure.Understood.Stretches.SelectMany(stretch => edges[(stretch.Way, stretch.FromNode, stretch.ToNode)].SelectMany(edge => ArcsIn(roads, edge, stretch.Direction))).Distinct()]
            : DrawnLine.Lay(graph, closure.Terms.Drawing, closure.Terms.BothDirections).Arcs;
    }

    /// <summary>What arcs are to be called, so that <see cref="Lay"/> finds them again.</summary>
    /// <param name="arcs">In rising order.</param>
    internal static IReadOnlyList<Stretch> Name(RoadGraph graph, IReadOnlyList<int> arcs)
    {
        RoadArrays roads = graph.Arrays;
        return [.. arcs.GroupBy(static arc => arc >> 1).Select(edge => new Stretch(
            roads.Ways[edge.Key], roads.NodeIds[roads.From[edge.Key]], roads.NodeIds[roads.To[edge.Key]],
            edge.Count() == 2 ? "both" : (edge.First() & 1) == 0 ? "along" : "against"))];
    }

    /// <summary>The conditions of a moment.</summary>
    internal static IReadOnlyList<RoadCondition> At(IEnumerable<LaidClosure> laid, DateTimeOffset at) =>
        [.. laid.Where(one => one.Closure.IsInForce(at)).Select(static one => new RoadCondition(
            one.Closure.Id, one.Arcs, one.Closure.Terms.SpeedFactor, one.Closure.Terms.EmergencyPasses))];

    /// <summary>The first moment after this one at which a closure begins or ends; null where none will.</summary>
    internal static DateTimeOffset? NextChange(IEnumerable<Closure> closures, DateTimeOffset after) => closures
        .Where(closure => !(closure.EndsAt <= closure.Terms.From))
        .SelectMany(static closure => new DateTimeOffset?[] { closure.Terms.From, closure.EndsAt })
        .Where(change => change > after).Min();

    private static IEnumerable<int> ArcsIn(RoadArrays roads, int edge, string direction)
    {
        if (direction is "both" or "along")
        {
            yield return 2 * edge;
        }

        if (direction is "both" or "against" && !roads.Oneway[edge])
        {
            yield return 2 * edge + 1;
        }
    }
}
