using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>The area that is within a time by road, in square cells.</summary>
/// <param name="Minutes">1 to 60.</param>
/// <param name="AreaKm2">Square kilometres of its cells.</param>
/// <param name="Polygons">Each a list of closed rings, the outer one first and counter-clockwise, then its holes.</param>
public sealed record Isochrone(int Minutes, double AreaKm2, IReadOnlyList<IReadOnlyList<IReadOnlyList<LonLat>>> Polygons);

/// <summary>
/// Isochrones by cells: a cell is inside where the place on a street that is nearest to its middle, by the rule of
/// <see cref="RoadGraph.Snap"/>, is within the time. So every middle of a cell lies inside if and only if its road time is within, and
/// the error of a boundary is at most a cell.
/// </summary>
internal sealed class Isochrones
{
    /// <summary>What is further from every street than this is not inside, metres.</summary>
    internal const double MostMetersAside = 300;

    private const int MostCells = 400_000;

    private readonly double[] seconds;

    /// <param name="reach">As far as the longest time that will be asked for.</param>
    internal Isochrones(RoadGraph graph, RoadReach reach, CancellationToken cancellation = default)
    {
        LonLat[] points = [.. reach.Edges.SelectMany(edge => graph.Shapes.Points[graph.Shapes.Start[edge]..graph.Shapes.Start[edge + 1]])];
        LonLat middle = points.Length > 0 ? points[0] : new LonLat(0, 0);
        (double lonMeters, double latMeters) = RoadGrid.DegreeMeters(middle);
        (double marginLon, double marginLat) = (MostMetersAside / lonMeters, MostMetersAside / latMeters);
        (West, South) = points.Length > 0 ? (points.Min(static p => p.Lon) - marginLon, points.Min(static p => p.Lat) - marginLat) : (0, 0);
        (double east, double north) = points.Length > 0 ? (points.Max(static p => p.Lon) + marginLon, points.Max(static p => p.Lat) + marginLat) : (0, 0);
        // Five metres for each minute of the longest time: the same work for every time.
        CellMeters = Math.Max(20, reach.Most / 60 * 5);
        CellMeters = Math.Max(CellMeters, Math.Sqrt((east - West) * lonMeters * (north - South) * latMeters / MostCells));
        (CellLon, CellLat) = (CellMeters / lonMeters, CellMeters / latMeters);
        (Columns, Rows) = ((int)((east - West) / CellLon) + 1, (int)((north - South) / CellLat) + 1);
        seconds = new double[Columns * Rows];
        for (int cell = 0; cell < seconds.Length; cell++)
        {
            if (cell % Columns == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            seconds[cell] = graph.Snap(Middle(cell), MostMetersAside) is { } snap ? reach.Seconds(snap.Position) : double.PositiveInfinity;
        }
    }

    /// <summary>Length of a cell's side.</summary>
    internal double CellMeters { get; }

    internal double West { get; }

    internal double South { get; }

    internal double CellLon { get; }

    internal double CellLat { get; }

    internal int Columns { get; }

    internal int Rows { get; }

    internal int CellCount => seconds.Length;

    internal LonLat Middle(int cell) => new(West + (cell % Columns + 0.5) * CellLon, South + (cell / Columns + 0.5) * CellLat);

    internal Isochrone Within(int minutes)
    {
        bool[] inside = Array.ConvertAll(seconds, time => time <= minutes * 60.0);
        return new Isochrone(minutes, AreaKm2(inside), [.. CellOutlines.Of(inside, Columns)
            .Select(polygon => polygon.ConvertAll(ring => (IReadOnlyList<LonLat>)ring.ConvertAll(corner => new LonLat(West + corner.X * CellLon, South + corner.Y * CellLat))))]);
    }

    private double AreaKm2(bool[] inside)
    {
        double area = 0;
        for (int row = 0; row < Rows; row++)
        {
            double south = South + row * CellLat;
            area += Geodesy.SquareMeters(new Bbox(West, south, West + CellLon, south + CellLat)) * inside.AsSpan(row * Columns, Columns).Count(true);
        }

        return area / 1e6;
    }
}

/// <summary>Outlines of the cells of a raster that are set, along their sides.</summary>
internal static class CellOutlines
{
    /// <summary>
    /// A polygon for each group of cells that share sides, as closed rings of corners: the outer one first and counter-clockwise, then
    /// its holes, clockwise. Cells that meet in a corner alone are apart. No ring touches itself, as OGC Simple Features wants it.
    /// </summary>
    internal static List<List<List<(int X, int Y)>>> Of(bool[] cells, int columns)
    {
        int rows = cells.Length / columns;
        bool IsSet(int x, int y) => x >= 0 && x < columns && y >= 0 && y < rows && cells[y * columns + x];
        // Every side between a set and an unset cell, from corner to corner, the set cell on the left.
        var sides = new Dictionary<(int X, int Y), List<((int X, int Y) To, int Cell)>>();
        void Add((int X, int Y) from, (int X, int Y) to, int cell)
        {
            if (!sides.TryGetValue(from, out List<((int X, int Y) To, int Cell)>? leaving))
            {
                sides[from] = leaving = [];
            }

            leaving.Add((to, cell));
        }

        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                if (!IsSet(x, y))
                {
                    continue;
                }

                int cell = y * columns + x;
                if (!IsSet(x, y - 1))
                {
                    Add((x, y), (x + 1, y), cell);
                }

                if (!IsSet(x + 1, y))
                {
                    Add((x + 1, y), (x + 1, y + 1), cell);
                }

                if (!IsSet(x, y + 1))
                {
                    Add((x + 1, y + 1), (x, y + 1), cell);
                }

                if (!IsSet(x - 1, y))
                {
                    Add((x, y + 1), (x, y), cell);
                }
            }
        }

        int[] groups = Groups(cells, columns);
        var rings = new Dictionary<int, List<List<(int X, int Y)>>>();
        foreach ((int X, int Y) start in sides.Keys.Order().ToArray())
        {
            while (sides[start] is { Count: > 0 } leaving)
            {
                int group = groups[leaving[0].Cell];
                if (!rings.TryGetValue(group, out List<List<(int X, int Y)>>? polygon))
                {
                    rings[group] = polygon = [];
                }

                foreach (List<(int X, int Y)> ring in Cut(Trace(sides, groups, start, group)))
                {
                    polygon.Insert(DoubleArea(ring) > 0 ? 0 : polygon.Count, ring);
                }
            }
        }

        return [.. rings.OrderBy(static group => group.Key).Select(static group => group.Value)];
    }

    private static List<(int X, int Y)> Trace(
        Dictionary<(int X, int Y), List<((int X, int Y) To, int Cell)>> sides, int[] groups, (int X, int Y) start, int group)
    {
        var ring = new List<(int X, int Y)> { start };
        (int X, int Y) at = start, direction = default;
        do
        {
            List<((int X, int Y) To, int Cell)> leaving = sides[at];
            // Where two sides leave a corner, cells meet in it alone: the ring goes on around its own cell, to the left.
            int index = leaving.FindIndex(side => (side.To.X - at.X, side.To.Y - at.Y) == (-direction.Y, direction.X));
            index = index >= 0 && leaving.Count > 1 ? index : leaving.FindIndex(side => groups[side.Cell] == group);
            (int X, int Y) to = leaving[index].To;
            leaving.RemoveAt(index);
            (int X, int Y) next = (to.X - at.X, to.Y - at.Y);
            if (next == direction)
            {
                ring[^1] = to;
            }
            else
            {
                ring.Add(to);
            }

            (at, direction) = (to, next);
        }
        while (at != start);
        return ring;
    }

    /// <summary>Cuts an outline wherever it comes to a corner again: what lies between is a ring of its own.</summary>
    private static IEnumerable<List<(int X, int Y)>> Cut(List<(int X, int Y)> outline)
    {
        var open = new List<(int X, int Y)>();
        var places = new Dictionary<(int X, int Y), int>();
        foreach ((int X, int Y) corner in outline)
        {
            if (places.TryGetValue(corner, out int place))
            {
                yield return [.. open[place..], corner];
                open[(place + 1)..].ForEach(passed => places.Remove(passed));
                open.RemoveRange(place + 1, open.Count - place - 1);
            }
            else
            {
                places[corner] = open.Count;
                open.Add(corner);
            }
        }
    }

    private static long DoubleArea(List<(int X, int Y)> ring)
    {
        long area = 0;
        for (int corner = 1; corner < ring.Count; corner++)
        {
            area += (long)ring[corner - 1].X * ring[corner].Y - (long)ring[corner].X * ring[corner - 1].Y;
        }

        return area;
    }

    /// <summary>The number of the group of each set cell: that of its first cell.</summary>
    private static int[] Groups(bool[] cells, int columns)
    {
        int[] groups = new int[cells.Length];
        Array.Fill(groups, -1);
        var waiting = new Stack<int>();
        for (int first = 0; first < cells.Length; first++)
        {
            if (cells[first] && groups[first] < 0)
            {
                groups[first] = first;
                waiting.Push(first);
            }

            while (waiting.TryPop(out int cell))
            {
                int column = cell % columns;
                foreach (int next in (int[])[column > 0 ? cell - 1 : -1, column < columns - 1 ? cell + 1 : -1, cell - columns, cell + columns])
                {
                    if (next >= 0 && next < cells.Length && cells[next] && groups[next] < 0)
                    {
                        groups[next] = first;
                        waiting.Push(next);
                    }
                }
            }
        }

        return groups;
    }
}
