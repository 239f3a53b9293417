using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>The edges' geometries, end to end in one array, with the length from the edge's beginning beside each point.</summary>
internal sealed class RoadShapes
{
    internal RoadShapes(RoadEdge[] edges)
    {
        Start = new int[edges.Length + 1];
        for (int edge = 0; edge < edges.Length; edge++)
        {
            Start[edge + 1] = Start[edge] + edges[edge].Geometry.Length;
        }

        Points = new LonLat[Start[^1]];
        Along = new double[Start[^1]];
        for (int edge = 0; edge < edges.Length; edge++)
        {
            edges[edge].Geometry.CopyTo(Points, Start[edge]);
            for (int point = Start[edge] + 1; point < Start[edge + 1]; point++)
            {
                Along[point] = Along[point - 1] + Geodesy.DistanceMeters(Points[point - 1], Points[point]);
            }
        }
    }

    /// <summary>The points of edge e stand from <c>Start[e]</c> to <c>Start[e+1]-1</c>.</summary>
    internal int[] Start { get; }

    internal LonLat[] Points { get; }

    /// <summary>Metres from the edge's beginning.</summary>
    internal double[] Along { get; }

    internal ReadOnlySpan<LonLat> PointsOf(int edge) => Points.AsSpan(Start[edge]..Start[edge + 1]);

    internal double LengthMeters(int edge) => Along[Start[edge + 1] - 1];

    internal LonLat PointAt(RoadPosition position)
    {
        int first = Start[position.Edge];
        int last = Start[position.Edge + 1] - 1;
        if (position.Fraction <= 0)
        {
            return Points[first];
        }

        if (position.Fraction >= 1)
        {
            return Points[last];
        }

        double meters = position.Fraction * Along[last];
        int point = first + 1;
        while (point < last && Along[point] < meters)
        {
            point++;
        }

        double segment = Along[point] - Along[point - 1];
        return Geodesy.Between(Points[point - 1], Points[point], segment > 0 ? (meters - Along[point - 1]) / segment : 0);
    }

    /// <summary>Adds the piece's points in the order of travel, without repeating the point that stands last.</summary>
    internal void Append(List<LonLat> line, RoadPiece piece)
    {
        Add(line, PointAt(new RoadPosition(piece.Edge, piece.Begin)));
        int first = Start[piece.Edge];
        int last = Start[piece.Edge + 1] - 1;
        double begin = piece.Begin * Along[last];
        double end = piece.End * Along[last];
        if (begin <= end)
        {
            for (int point = first; point <= last; point++)
            {
                if (Along[point] > begin && Along[point] < end)
                {
                    Add(line, Points[point]);
                }
            }
        }
        else
        {
            for (int point = last; point >= first; point--)
            {
                if (Along[point] < begin && Along[point] > end)
                {
                    Add(line, Points[point]);
                }
            }
        }

        Add(line, PointAt(new RoadPosition(piece.Edge, piece.End)));
    }

    private static void Add(List<LonLat> line, LonLat point)
    {
        if (line.Count == 0 || line[^1] != point)
        {
            line.Add(point);
        }
    }
}
