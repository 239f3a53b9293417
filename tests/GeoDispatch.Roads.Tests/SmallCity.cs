using FsCheck;
using FsCheck.Fluent;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

/// <summary>A random small network with positions on it. Times are whole seconds in quarters, so that sums are exact.</summary>
public sealed record SmallCity(RoadEdge[] Edges, RoadPosition Target, RoadPosition?[] Sources)
{
    public RoadNetwork Network => RoadGraph.Build(Edges).At(RoadMoment.AsGiven());

    public override string ToString() =>
        string.Join("; ", Edges.Select(edge => $"{edge.FromNode}{(edge.Oneway ? "→" : "↔")}{edge.ToNode} {edge.Seconds}s"))
        + $" target {Target} sources [{string.Join(", ", Sources)}]";
}

/// <summary>Makes networks with one-ways, loops, parallel edges, edges of no time, and parts that do not hang together.</summary>
public static class SmallCities
{
    private static readonly Gen<double> Fractions = Gen.Elements(0, 0.25, 0.5, 0.75, 1.0);

    public static Arbitrary<SmallCity> Arbitrary() => Arb.From(
        from nodes in Gen.Choose(2, 7)
        from edges in Gen.NonEmptyListOf(EdgeAmong(nodes))
        let all = edges.Select((edge, index) => edge with { Id = 100 + index }).ToArray()
        from target in PositionOn(all)
        from sources in Gen.ListOf(Gen.Frequency(
            (5, PositionOn(all).Select(position => (RoadPosition?)position)), (1, Gen.Constant((RoadPosition?)null))))
        select new SmallCity(all, target, [.. sources]));

    private static Gen<RoadEdge> EdgeAmong(int nodes) =>
        from begin in Gen.Choose(0, nodes - 1)
        from end in Gen.Choose(0, nodes - 1)
        from oneway in Gen.Elements(true, false)
        from seconds in Gen.Choose(0, 12)
        from bend in Gen.Choose(1, 9)
        select new RoadEdge(
            0, begin, end, oneway, seconds, seconds * 10,
            [NodeAt(begin), new LonLat(118.6 + bend * 0.003, 37.4 + bend * 0.001), NodeAt(end)]);

    private static Gen<RoadPosition> PositionOn(RoadEdge[] edges) =>
        from edge in Gen.Choose(0, edges.Length - 1)
        from fraction in Fractions
        select new RoadPosition(edge, fraction);

    private static LonLat NodeAt(int node) => new(118.6 + node % 3 * 0.01, 37.4 + node / 3 * 0.01);
}

/// <summary>All times between positions by Floyd and Warshall on the network with every position made a node.</summary>
internal static class Oracle
{
    internal static double Seconds(SmallCity city, RoadPosition from, RoadPosition to)
    {
        var nodes = new Dictionary<string, int>(StringComparer.Ordinal);
        var arcs = new List<(int From, int To, double Seconds)>();
        for (int index = 0; index < city.Edges.Length; index++)
        {
            RoadEdge edge = city.Edges[index];
            // The edge is cut at the positions on it, in order; each piece is an edge of its own.
            var cuts = new List<(double Fraction, int Node)> { (0, Node($"n{edge.FromNode}")), (1, Node($"n{edge.ToNode}")) };
            foreach ((RoadPosition position, string name) in new[] { (from, "from"), (to, "to") })
            {
                if (position.Edge == index)
                {
                    cuts.Insert(cuts.Count - 1, (position.Fraction, Node(name)));
                }
            }

            (double Fraction, int Node)[] ordered = [cuts[0], .. cuts.Skip(1).SkipLast(1).OrderBy(cut => cut.Fraction), cuts[^1]];
            for (int piece = 1; piece < ordered.Length; piece++)
            {
                double seconds = (ordered[piece].Fraction - ordered[piece - 1].Fraction) * edge.Seconds;
                arcs.Add((ordered[piece - 1].Node, ordered[piece].Node, seconds));
                if (!edge.Oneway || seconds == 0 && ordered[piece].Fraction.Equals(ordered[piece - 1].Fraction))
                {
                    // Two cuts at one fraction are one place, whatever the direction of the street.
                    arcs.Add((ordered[piece].Node, ordered[piece - 1].Node, seconds));
                }
            }
        }

        double[,] times = new double[nodes.Count, nodes.Count];
        for (int a = 0; a < nodes.Count; a++)
        {
            for (int b = 0; b < nodes.Count; b++)
            {
                times[a, b] = a == b ? 0 : double.PositiveInfinity;
            }
        }

        arcs.ForEach(arc => times[arc.From, arc.To] = Math.Min(times[arc.From, arc.To], arc.Seconds));
        for (int through = 0; through < nodes.Count; through++)
        {
            for (int a = 0; a < nodes.Count; a++)
            {
                for (int b = 0; b < nodes.Count; b++)
                {
                    times[a, b] = Math.Min(times[a, b], times[a, through] + times[through, b]);
                }
            }
        }

        return times[nodes["from"], nodes["to"]];

        int Node(string name) => nodes.TryGetValue(name, out int node) ? node : nodes[name] = nodes.Count;
    }
}
