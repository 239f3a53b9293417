using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>A grid over the network: each cell lists the segments whose box touches it.</summary>
internal sealed class RoadGrid
{
    private readonly RoadShapes shapes;
    private readonly double west, south, cellDegrees = 0.0025;
    private readonly int columns, rows;
    private readonly int[] cellStart = [0];
    private readonly int[] segments = [];
    private readonly int[] edgeOfPoint;

    internal RoadGrid(RoadShapes shapes)
    {
        this.shapes = shapes;
        edgeOfPoint = new int[shapes.Points.Length];
        for (int edge = 0; edge < shapes.Start.Length - 1; edge++)
        {
            Array.Fill(edgeOfPoint, edge, shapes.Start[edge], shapes.Start[edge + 1] - shapes.Start[edge]);
        }

        if (shapes.Points.Length == 0)
        {
            return;
        }

        west = shapes.Points.Min(static point => point.Lon);
        south = shapes.Points.Min(static point => point.Lat);
        double width = shapes.Points.Max(static point => point.Lon) - west;
        double height = shapes.Points.Max(static point => point.Lat) - south;
        // A city needs some hundred thousand cells of about 250 m; a continent gets larger cells, never more than millions.
        while ((width / cellDegrees + 1) * (height / cellDegrees + 1) > 4_000_000)
        {
            cellDegrees *= 2;
        }

        columns = (int)(width / cellDegrees) + 1;
        rows = (int)(height / cellDegrees) + 1;
        cellStart = new int[columns * rows + 1];
        ForEachCell((cell, _) => cellStart[cell + 1]++);
        for (int cell = 0; cell < columns * rows; cell++)
        {
            cellStart[cell + 1] += cellStart[cell];
        }

        int[] next = cellStart.AsSpan(0, columns * rows).ToArray();
        segments = new int[cellStart[^1]];
        ForEachCell((cell, point) => segments[next[cell]++] = point);
    }

    internal RoadSnap? Snap(LonLat point, double maxMeters)
    {
        if (columns == 0 || !point.IsOnEarth)
        {
            return null;
        }

        (double lonMeters, double latMeters) = DegreeMeters(point);
        double ringMeters = Math.Max(cellDegrees * Math.Min(lonMeters, latMeters), 1);
        double column = Math.Floor((point.Lon - west) / cellDegrees);
        double row = Math.Floor((point.Lat - south) / cellDegrees);
        int rings = (int)Math.Min(maxMeters / ringMeters + 1, 50_000);
        double best = double.PositiveInfinity;
        int bestPoint = -1;
        double bestPart = 0;
        // What lies r rings away or nearer holds all that is within r - 1 cell sides, and more.
        for (int ring = 0; ring <= rings && best > (ring - 1) * ringMeters; ring++)
        {
            foreach (int cell in Ring(column, row, ring))
            {
                for (int index = cellStart[cell]; index < cellStart[cell + 1]; index++)
                {
                    int end = segments[index];
                    (double part, double meters) = Project(point, shapes.Points[end - 1], shapes.Points[end], lonMeters, latMeters);
                    if (meters < best || (meters.Equals(best) && end < bestPoint))
                    {
                        (best, bestPoint, bestPart) = (meters, end, part);
                    }
                }
            }
        }

        if (!(best <= maxMeters))
        {
            return null;
        }

        return At(bestPoint, bestPart, best);
    }

    /// <summary>Every edge within <paramref name="meters"/> of the point, each once with its nearest place, the nearest first.</summary>
    internal List<RoadSnap> Near(LonLat point, double meters)
    {
        if (columns == 0 || !point.IsOnEarth)
        {
            return [];
        }

        (double lonMeters, double latMeters) = DegreeMeters(point);
        double width = meters / lonMeters, height = meters / latMeters;
        int Cell(double degrees, int count) => (int)Math.Clamp(Math.Floor(degrees / cellDegrees), -1, count);
        int left = Math.Max(Cell(point.Lon - width - west, columns), 0), right = Math.Min(Cell(point.Lon + width - west, columns), columns - 1);
        int bottom = Math.Max(Cell(point.Lat - height - south, rows), 0), top = Math.Min(Cell(point.Lat + height - south, rows), rows - 1);
        var nearest = new Dictionary<int, (int Point, double Part, double Meters)>();
        for (int row = bottom; row <= top; row++)
        {
            for (int index = cellStart[row * columns + left]; left <= right && index < cellStart[row * columns + right + 1]; index++)
            {
                int end = segments[index];
                (double part, double distance) = Project(point, shapes.Points[end - 1], shapes.Points[end], lonMeters, latMeters);
                if (distance <= meters && (!nearest.TryGetValue(edgeOfPoint[end], out var known) || distance < known.Meters))
                {
                    nearest[edgeOfPoint[end]] = (end, part, distance);
                }
            }
        }

        return [.. nearest.OrderBy(static found => found.Value.Meters).ThenBy(static found => found.Key)
            .Select(found => At(found.Value.Point, found.Value.Part, found.Value.Meters))];
    }

    /// <summary>The place on the segment that ends in <paramref name="end"/>.</summary>
    private RoadSnap At(int end, double part, double meters)
    {
        int edge = edgeOfPoint[end];
        double along = shapes.Along[end - 1] + part * (shapes.Along[end] - shapes.Along[end - 1]);
        double length = shapes.LengthMeters(edge);
        var position = new RoadPosition(edge, length > 0 ? Math.Clamp(along / length, 0, 1) : 0);
        return new RoadSnap(position, shapes.PointAt(position), meters);
    }

    /// <summary>Over a few kilometres a degree is a fixed number of metres each way.</summary>
    private static (double Lon, double Lat) DegreeMeters(LonLat point) => (
        Geodesy.DistanceMeters(point, point with { Lon = point.Lon + (point.Lon > 0 ? -0.01 : 0.01) }) * 100,
        Geodesy.DistanceMeters(point, point with { Lat = point.Lat + (point.Lat > 0 ? -0.01 : 0.01) }) * 100);

    private static (double Part, double Meters) Project(LonLat point, LonLat a, LonLat b, double lonMeters, double latMeters)
    {
        double x = (point.Lon - a.Lon) * lonMeters, y = (point.Lat - a.Lat) * latMeters;
        double dx = (b.Lon - a.Lon) * lonMeters, dy = (b.Lat - a.Lat) * latMeters;
        double square = dx * dx + dy * dy;
        double part = square > 0 ? Math.Clamp((x * dx + y * dy) / square, 0, 1) : 0;
        return (part, Math.Sqrt((x - part * dx) * (x - part * dx) + (y - part * dy) * (y - part * dy)));
    }

    /// <summary>The cells exactly <paramref name="ring"/> steps away that lie inside the grid.</summary>
    private IEnumerable<int> Ring(double column, double row, int ring)
    {
        for (double y = Math.Max(row - ring, 0); y <= Math.Min(row + ring, rows - 1); y++)
        {
            bool whole = y.Equals(row - ring) || y.Equals(row + ring);
            double step = whole || ring == 0 ? 1 : 2 * ring;
            for (double x = column - ring; x <= column + ring; x += step)
            {
                if (x >= 0 && x < columns)
                {
                    yield return (int)y * columns + (int)x;
                }
            }
        }
    }

    private void ForEachCell(Action<int, int> visit)
    {
        for (int point = 1; point < shapes.Points.Length; point++)
        {
            if (edgeOfPoint[point] != edgeOfPoint[point - 1])
            {
                continue;
            }

            LonLat a = shapes.Points[point - 1], b = shapes.Points[point];
            int right = (int)((Math.Max(a.Lon, b.Lon) - west) / cellDegrees), top = (int)((Math.Max(a.Lat, b.Lat) - south) / cellDegrees);
            for (int y = (int)((Math.Min(a.Lat, b.Lat) - south) / cellDegrees); y <= top; y++)
            {
                for (int x = (int)((Math.Min(a.Lon, b.Lon) - west) / cellDegrees); x <= right; x++)
                {
                    visit(y * columns + x, point);
                }
            }
        }
    }
}
