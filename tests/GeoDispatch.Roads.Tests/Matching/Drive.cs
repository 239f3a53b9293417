using GeoDispatch.Roads.Matching;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests.Matching;

/// <summary>A drive whose way is known: over the shortest ways between random places of a network, one after the other.</summary>
internal sealed class Drive
{
    private readonly RoadGraph graph;

    private Drive(RoadGraph graph, IReadOnlyList<int> arcs) => (this.graph, Arcs) = (graph, arcs);

    /// <summary>In the order of travel, all of them whole.</summary>
    internal IReadOnlyList<int> Arcs { get; }

    internal double Meters => Arcs.Sum(arc => graph.Arrays.Meters[arc >> 1]);

    /// <summary>At least so long, unless the network ends before.</summary>
    internal static Drive Over(RoadGraph graph, Random random, double meters, double legMeters = 1_500)
    {
        RoadArrays roads = graph.Arrays;
        var reach = new MatchReach(roads);
        var arcs = new List<int> { 2 * random.Next(graph.EdgeCount) };
        for (int tries = 0; tries < 200 && arcs.Sum(arc => roads.Meters[arc >> 1]) < meters; tries++)
        {
            reach.Run(arcs[^1], 1, legMeters, 300);
            int goal = 2 * random.Next(graph.EdgeCount);
            LonLat here = graph.PointAt(new RoadPosition(arcs[^1] >> 1, 0.5));
            for (int near = 0; near < 2_000 && Geodesy.DistanceMeters(here, graph.PointAt(new RoadPosition(goal >> 1, 0.5))) > legMeters; near++)
            {
                goal = 2 * random.Next(graph.EdgeCount);
            }

            if (reach.To(goal, 1) is { Vertex: >= 0 } found && goal != arcs[^1])
            {
                arcs.AddRange(reach.Way(found.Vertex, goal)[1..]);
            }
        }

        return new Drive(graph, arcs);
    }

    /// <summary>Fixes at a steady speed, each with the arc that it was measured on.</summary>
    /// <param name="noiseMeters">Standard deviation to the east and to the north.</param>
    internal List<(TracePoint Point, int Arc)> Fixes(Random random, double everySeconds, double noiseMeters, double metersPerSecond = 10)
    {
        var fixes = new List<(TracePoint, int)>();
        double begin = 0, next = 0;
        foreach (int arc in Arcs)
        {
            double length = graph.Arrays.Meters[arc >> 1];
            for (; next <= begin + length; next += everySeconds * metersPerSecond)
            {
                double along = length > 0 ? (next - begin) / length : 0;
                LonLat at = Shift(
                    graph.PointAt(new RoadPosition(arc >> 1, (arc & 1) == 0 ? along : 1 - along)), noiseMeters * Normal(random), noiseMeters * Normal(random));
                fixes.Add((new TracePoint(DateTimeOffset.UnixEpoch.AddSeconds(next / metersPerSecond), at), arc));
            }

            begin += length;
        }

        return fixes;
    }

    internal static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    internal static LonLat Shift(LonLat at, double eastMeters, double northMeters) =>
        new(at.Lon + eastMeters / (111_195 * Math.Cos(at.Lat * Math.PI / 180)), at.Lat + northMeters / 111_195);
}

/// <summary>How well a matched trace tells a drive.</summary>
/// <param name="OnPath">Share of the points that lie on a street of the drive.</param>
/// <param name="Unconnected">Share of the matched steps that are breaks.</param>
/// <param name="Mismatch">Metres missed and metres added, over the metres driven.</param>
internal sealed record MatchQuality(double OnPath, double Unconnected, double Mismatch)
{
    internal static MatchQuality Of(RoadGraph graph, IReadOnlyCollection<int> driven, TraceMatch match)
    {
        RoadArrays roads = graph.Arrays;
        HashSet<int> path = [.. driven], told = [.. match.Passes.Where(static pass => pass.End - pass.Begin > 0.5).Select(static pass => pass.Arc)];
        HashSet<int> edges = [.. path.Select(static arc => arc >> 1)];
        double meters = path.Sum(arc => roads.Meters[arc >> 1]);
        double wrong = path.Except(told).Concat(told.Except(path)).Sum(arc => roads.Meters[arc >> 1]);
        int placed = match.Points.Count(static point => point.Position is not null);
        return new MatchQuality(
            match.Points.Count(point => point.Position is { } at && edges.Contains(at.Edge)) / (double)match.Points.Count,
            match.Points.Count(static point => point.Break is not null) / (double)Math.Max(1, placed - 1), wrong / meters);
    }

    public override string ToString() => FormattableString.Invariant($"on the path {OnPath:P1}, unconnected {Unconnected:P2}, mismatch {Mismatch:P1}");
}
