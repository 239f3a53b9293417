using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>A part of the streets from which the rest cannot be reached, or that cannot be reached from the rest.</summary>
/// <param name="Edges">How many pieces of street.</param>
/// <param name="Meters">How long they are together.</param>
/// <param name="StreetIds">Of the first of them in the base map, five at most.</param>
/// <param name="Point">On the first of them.</param>
public sealed record RoadIsland(int Edges, double Meters, IReadOnlyList<long> StreetIds, LonLat Point);

/// <summary>
/// The strongly connected parts of a network (Tarjan 1972), by one-way streets and without turn restrictions. The largest is the main
/// net; every street with an end outside of it lies on an island, such as a one-way street that leads out of the map.
/// </summary>
internal sealed class RoadIslands
{
    private readonly RoadArrays roads;
    private readonly int[] partOf;
    private readonly int main;

    internal RoadIslands(RoadArrays roads)
    {
        this.roads = roads;
        partOf = Parts(roads);
        var sizes = new Dictionary<int, int>();
        for (int edge = 0; edge < roads.From.Length; edge++)
        {
            if (partOf[roads.From[edge]] == partOf[roads.To[edge]])
            {
                sizes[partOf[roads.From[edge]]] = sizes.GetValueOrDefault(partOf[roads.From[edge]]) + 1;
            }
        }

        main = sizes.Count == 0 ? -1 : sizes.MaxBy(static size => size.Value).Key;
    }

    internal bool IsOnMainNet(int edge) => partOf[roads.From[edge]] == main && partOf[roads.To[edge]] == main;

    /// <summary>The islands, the longest first.</summary>
    internal IReadOnlyList<RoadIsland> List(RoadShapes shapes) => [.. Enumerable.Range(0, roads.From.Length)
        .Where(edge => !IsOnMainNet(edge))
        .GroupBy(edge => partOf[roads.From[edge]] == main ? partOf[roads.To[edge]] : partOf[roads.From[edge]])
        .Select(edges => new RoadIsland(
            edges.Count(), edges.Sum(edge => roads.Meters[edge]), [.. edges.Take(5).Select(edge => roads.Ids[edge])], shapes.Points[shapes.Start[edges.First()]]))
        .OrderByDescending(static island => island.Meters)];

    /// <summary>The part of each node, by a number of its own. No recursion: a street may have a hundred thousand crossings in a row.</summary>
    private static int[] Parts(RoadArrays roads)
    {
        int[] order = new int[roads.NodeCount], lowest = new int[roads.NodeCount], next = new int[roads.NodeCount], part = new int[roads.NodeCount];
        Array.Fill(part, -1);
        var path = new Stack<int>();
        var open = new Stack<int>();
        int visited = 0, parts = 0;
        for (int start = 0; start < roads.NodeCount; start++)
        {
            if (order[start] > 0)
            {
                continue;
            }

            Visit(start);
            while (path.TryPeek(out int node))
            {
                if (next[node] < roads.OutStart[node + 1])
                {
                    int head = roads.Head(roads.Out[next[node]++]);
                    if (order[head] == 0)
                    {
                        Visit(head);
                    }
                    else if (part[head] < 0)
                    {
                        lowest[node] = Math.Min(lowest[node], order[head]);
                    }

                    continue;
                }

                path.Pop();
                if (path.TryPeek(out int parent))
                {
                    lowest[parent] = Math.Min(lowest[parent], lowest[node]);
                }

                if (lowest[node] == order[node])
                {
                    int member;
                    do
                    {
                        member = open.Pop();
                        part[member] = parts;
                    }
                    while (member != node);
                    parts++;
                }
            }
        }

        return part;

        void Visit(int node)
        {
            order[node] = lowest[node] = ++visited;
            next[node] = roads.OutStart[node];
            path.Push(node);
            open.Push(node);
        }
    }
}
