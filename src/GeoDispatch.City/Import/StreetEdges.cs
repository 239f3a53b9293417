using GeoDispatch.Spatial;

namespace GeoDispatch.City.Import;

/// <summary>A way with its nodes and where they lie. A file cut out of a larger one may lack nodes: then there are fewer points.</summary>
internal sealed record OsmLine(OsmWay Way, long[] Nodes, LonLat[] Points);

/// <summary>A piece of a way between two crossings, in the direction of travel where it is one-way.</summary>
internal sealed record StreetEdge(OsmWay Way, bool Drivable, bool Oneway, long FromNode, long ToNode, LonLat[] Points)
{
    internal double LengthMeters { get; } = Math.Max(0.01, Enumerable.Range(1, Points.Length - 1).Sum(index => Geodesy.DistanceMeters(Points[index - 1], Points[index])));
}

/// <summary>Cuts ways where they meet, so that each piece is an edge of the road graph.</summary>
internal static class StreetEdges
{
    /// <summary>Drivable ways are cut at every node that another drivable way, or the way itself, comes to again; all others stay whole.</summary>
    internal static IEnumerable<StreetEdge> Cut(IReadOnlyList<OsmLine> lines)
    {
        var cut = new Cutter(lines);
        foreach (OsmLine line in lines)
        {
            int direction = OsmRoads.Direction(line.Way);
            long[] nodes = cut.NodesOf(line);
            if (!OsmRoads.IsDrivable(line.Way))
            {
                yield return new StreetEdge(line.Way, false, direction != 0, nodes[0], nodes[^1], line.Points);
                continue;
            }

            int begin = 0;
            for (int end = 1; end < nodes.Length; end++)
            {
                if (end < nodes.Length - 1 && !cut.IsCrossing(nodes[end]))
                {
                    continue;
                }

                LonLat[] points = line.Points[begin..(end + 1)];
                (long from, long to) = (nodes[begin], nodes[end]);
                if (direction < 0)
                {
                    Array.Reverse(points);
                    (from, to) = (to, from);
                }

                yield return new StreetEdge(line.Way, true, direction != 0, from, to, points);
                begin = end;
            }
        }
    }

    private sealed class Cutter
    {
        private readonly Dictionary<LonLat, long> nodeAt = [];
        private readonly HashSet<long> seen = [], crossings = [];
        private long unknown;

        internal Cutter(IReadOnlyList<OsmLine> lines)
        {
            // Where a node is missing from the file, the others of the way are known by where they lie, if another way names them.
            foreach (OsmLine line in lines.Where(line => line.Nodes.Length == line.Points.Length))
            {
                for (int index = 0; index < line.Nodes.Length; index++)
                {
                    nodeAt[line.Points[index]] = line.Nodes[index];
                }
            }

            foreach (OsmLine line in lines.Where(line => OsmRoads.IsDrivable(line.Way)))
            {
                foreach (long node in NodesOf(line))
                {
                    if (!seen.Add(node))
                    {
                        crossings.Add(node);
                    }
                }
            }
        }

        internal bool IsCrossing(long node) => crossings.Contains(node);

        internal long[] NodesOf(OsmLine line) => line.Nodes.Length == line.Points.Length ? line.Nodes : Array.ConvertAll(line.Points, point =>
        {
            if (!nodeAt.TryGetValue(point, out long node))
            {
                nodeAt[point] = node = --unknown;
            }

            return node;
        });
    }
}
