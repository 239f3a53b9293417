namespace GeoDispatch.Roads;

/// <summary>A turn restriction as OpenStreetMap states it (relation <c>type=restriction</c>), by ways and nodes of the base map.</summary>
/// <param name="Id">Of the relation.</param>
/// <param name="Only">True for <c>only_…</c>: no other turn is allowed; false for <c>no_…</c>: this turn is forbidden.</param>
/// <param name="FromWay">The way that is left.</param>
/// <param name="ViaNode">Where the turn happens; null where it leads over <paramref name="ViaWays"/>.</param>
/// <param name="ViaWays">The ways between, in order; empty where a node is named.</param>
/// <param name="ToWay">The way that is entered.</param>
/// <param name="ExemptsEmergency">True where emergency vehicles need not obey (<c>except=emergency</c>).</param>
public sealed record TurnRule(
    long Id, bool Only, long FromWay, long? ViaNode, IReadOnlyList<long> ViaWays, long ToWay, bool ExemptsEmergency = false);

/// <summary>Turns rules about ways into sequences of arcs that may not be driven.</summary>
internal static class TurnRules
{
    private const int MostViaEdges = 16;

    /// <summary>The forbidden sequences, each of two arcs or more. A rule whose ways are not in the network says nothing.</summary>
    internal static IEnumerable<ForbiddenPath> Forbidden(RoadArrays roads, Func<long, int?> nodeIndex, IEnumerable<TurnRule> rules)
    {
        ILookup<long, int> arcsOfWay = Enumerable.Range(0, roads.From.Length)
            .SelectMany(edge => roads.Oneway[edge] ? [2 * edge] : new[] { 2 * edge, 2 * edge + 1 })
            .ToLookup(arc => roads.Ways[arc >> 1]);
        foreach (TurnRule rule in rules)
        {
            IEnumerable<int[]> approaches = rule.ViaNode is { } via
                ? nodeIndex(via) is { } node ? arcsOfWay[rule.FromWay].Where(arc => roads.Head(arc) == node).Select(arc => new[] { arc }) : []
                : arcsOfWay[rule.FromWay].SelectMany(arc => Across(roads, arcsOfWay, rule, arc));
            foreach (int[] approach in approaches)
            {
                foreach (int arc in Refused(roads, rule, approach))
                {
                    yield return new ForbiddenPath([.. approach, arc], rule.ExemptsEmergency);
                }
            }
        }
    }

    /// <summary>The arcs that may not follow the approach.</summary>
    private static IEnumerable<int> Refused(RoadArrays roads, TurnRule rule, int[] approach)
    {
        int node = roads.Head(approach[^1]);
        int[] leaving = roads.Out[roads.OutStart[node]..roads.OutStart[node + 1]];
        // Turning round on the way itself is the only turn from a way to the same way; going straight on is none.
        int[] named = [.. leaving.Where(arc => roads.Ways[arc >> 1] == rule.ToWay
            && (rule.FromWay != rule.ToWay || approach.Length > 1 || arc == (approach[0] ^ 1)))];
        return rule.Only ? (named.Length > 0 ? leaving.Except(named) : []) : named;
    }

    /// <summary>The ways from the end of <paramref name="arc"/> over every via way to a place where the last way is left.</summary>
    private static IEnumerable<int[]> Across(RoadArrays roads, ILookup<long, int> arcsOfWay, TurnRule rule, int arc)
    {
        HashSet<int> exits = [.. arcsOfWay[rule.ToWay].Select(roads.Tail)];
        var waiting = new Stack<int[]>([[arc]]);
        while (waiting.TryPop(out int[]? path))
        {
            int node = roads.Head(path[^1]);
            if (exits.Contains(node) && rule.ViaWays.All(way => path.Skip(1).Any(step => roads.Ways[step >> 1] == way)))
            {
                yield return path;
                continue;
            }

            if (path.Length > MostViaEdges)
            {
                continue;
            }

            for (int row = roads.OutStart[node]; row < roads.OutStart[node + 1]; row++)
            {
                int next = roads.Out[row];
                if (rule.ViaWays.Contains(roads.Ways[next >> 1]) && path.All(step => step >> 1 != next >> 1))
                {
                    waiting.Push([.. path, next]);
                }
            }
        }
    }
}
