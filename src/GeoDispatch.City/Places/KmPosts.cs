using GeoDispatch.Spatial;

namespace GeoDispatch.City.Places;

/// <summary>The kilometre posts of one road, and its line between them.</summary>
/// <param name="Road">Its name, or its number where it has none.</param>
/// <param name="Posts">By kilometre.</param>
/// <param name="Line">Points of the road, in any order, close enough to each other to say where it runs.</param>
internal sealed record KmPosts(string Road, string? Ref, (double Km, LonLat At)[] Posts, Segment[] Line)
{
    /// <summary>How far beyond its last post a road is still counted on. Kilometres.</summary>
    private const double Beyond = 1;

    /// <summary>
    /// Where a kilometre is: at its post, or between two by the air line, brought to the road; null where no post is near. Where the posts are
    /// a kilometre apart a bend moves it by some metres.
    /// </summary>
    /// <param name="km">As it is said, at least 0.</param>
    internal (LonLat At, bool IsPost)? Find(double km)
    {
        int after = Array.FindIndex(Posts, post => post.Km >= km - 1e-6);
        if (after >= 0 && Math.Abs(Posts[after].Km - km) < 1e-6)
        {
            return (Posts[after].At, true);
        }

        // Before the first and after the last post: as the two nearest to it go on.
        (int low, int high) = after switch { < 0 => (Posts.Length - 2, Posts.Length - 1), 0 => (0, 1), _ => (after - 1, after) };
        if (low < 0 || high >= Posts.Length || km < Posts[low].Km - Beyond || km > Posts[high].Km + Beyond)
        {
            return null;
        }

        return (OnLine(Geodesy.Between(Posts[low].At, Posts[high].At, (km - Posts[low].Km) / (Posts[high].Km - Posts[low].Km))), false);
    }

    private LonLat OnLine(LonLat point) => Line.Length == 0 ? point : Line.Select(segment => segment.Nearest(point)).MinBy(near => Geodesy.DistanceMeters(near, point));
}

/// <summary>A straight piece of a road.</summary>
internal readonly record struct Segment(LonLat From, LonLat To)
{
    /// <summary>The point of the piece that is nearest, in the plane that a degree's width makes here.</summary>
    internal LonLat Nearest(LonLat point)
    {
        double width = Math.Cos(point.Lat * Math.PI / 180);
        (double x, double y) = ((To.Lon - From.Lon) * width, To.Lat - From.Lat);
        double along = ((point.Lon - From.Lon) * width * x + (point.Lat - From.Lat) * y) / Math.Max(x * x + y * y, 1e-18);
        return Geodesy.Between(From, To, Math.Clamp(along, 0, 1));
    }
}
