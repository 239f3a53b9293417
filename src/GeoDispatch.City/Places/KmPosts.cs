using System.Globalization;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Places;

/// <summary>The kilometre posts of one road, and its line between them.</summary>
/// <param name="Road">Its name, or its number where it has none.</param>
/// <param name="Posts">By kilometre.</param>
/// <param name="Line">Points of the road, in any order, close enough to each other to say where it runs.</param>
internal sealed record KmPosts(string Road, string? Ref, (double Km, LonLat At)[] Posts, Segment[] Line)
{
    /// <summary>How far beyond its last post a road is still counted on. Kilometres.</summary>
    internal const double Beyond = 1;

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

    /// <summary>A kilometre as it stands on stones: K12+300.</summary>
    internal static string Stone(double km)
    {
        int meters = (int)Math.Round(km * 1_000);
        return string.Create(CultureInfo.InvariantCulture, $"K{meters / 1_000}+{meters % 1_000:000}");
    }

    private LonLat OnLine(LonLat point) => Line.Length == 0 ? point : Line.Select(segment => segment.Nearest(point)).MinBy(near => Geodesy.DistanceMeters(near, point));
}

/// <summary>A post near a point that lies on its road.</summary>
/// <param name="Road">Its name, or its number where it has none.</param>
/// <param name="Ref">Its number, such as G18.</param>
/// <param name="Km">At least 0.</param>
internal sealed record KmPostNear(string Road, string Ref, double Km, double Lon, double Lat)
{
    /// <summary>Farther from every post nobody knows how the road was measured. Metres.</summary>
    private const double Reach = 2_000;

    private LonLat At => new(Lon, Lat);

    /// <summary>
    /// The kilometre of a point, to 100 m, by the two posts that it lies between; null where they do not say it. The other way round of
    /// <see cref="KmPosts.Find"/>, and as true.
    /// </summary>
    /// <param name="near">Of one road, the nearest first; one kilometre may have a post on either side.</param>
    internal static double? Kilometre(IReadOnlyList<KmPostNear> near, LonLat point)
    {
        if (near.Count == 0 || Geodesy.DistanceMeters(near[0].At, point) > Reach)
        {
            return null;
        }

        // A road that shares its way with another may bear posts of both.
        (KmPostNear one, KmPostNear? other) = (near[0], near.FirstOrDefault(post => post.Ref == near[0].Ref && post.Km != near[0].Km));
        if (other is null)
        {
            return null;
        }

        double km = one.Km + new Segment(one.At, other.At).Along(point) * (other.Km - one.Km);
        (double low, double high) = (Math.Min(one.Km, other.Km), Math.Max(one.Km, other.Km));
        return km < Math.Max(0, low - KmPosts.Beyond) || km > high + KmPosts.Beyond ? null : Math.Round(km, 1);
    }
}

/// <summary>A straight piece of a road.</summary>
internal readonly record struct Segment(LonLat From, LonLat To)
{
    /// <summary>The point of the piece that is nearest, in the plane that a degree's width makes here.</summary>
    internal LonLat Nearest(LonLat point) => Geodesy.Between(From, To, Math.Clamp(Along(point), 0, 1));

    /// <summary>Where the foot of the perpendicular lies: 0 at the beginning, 1 at the end, beyond them less or more.</summary>
    internal double Along(LonLat point)
    {
        double width = Math.Cos(point.Lat * Math.PI / 180);
        (double x, double y) = ((To.Lon - From.Lon) * width, To.Lat - From.Lat);
        return ((point.Lon - From.Lon) * width * x + (point.Lat - From.Lat) * y) / Math.Max(x * x + y * y, 1e-18);
    }
}
