using GeoDispatch.Spatial;

namespace GeoDispatch.Tracking.Motion;

/// <summary>One fix of a trail; degrees, km/h and metres. Without a place it only says that the terminal had no reception.</summary>
internal readonly record struct TrailFix(DateTimeOffset Time, LonLat? Place, float? SpeedKmh, float? AccuracyMeters = null);

/// <summary>Places one after the other with nothing unknown between them, as columns of one length.</summary>
/// <param name="Times">Milliseconds since 1970.</param>
/// <param name="SpeedsKmh">Null where not measured.</param>
internal sealed record TrailSegment(long[] Times, double[] Lons, double[] Lats, float?[] SpeedsKmh);

/// <summary>A time in which nobody knows where the vehicle was.</summary>
/// <param name="NoReception">The terminal reported, but had no place; else it was silent.</param>
internal sealed record TrailGap(DateTimeOffset From, DateTimeOffset To, bool NoReception);

/// <summary>The way of a vehicle.</summary>
/// <param name="Fixes">With a place that is believed, before it was thinned.</param>
/// <param name="LeftOut">With a place where the vehicle cannot have been (<see cref="Whereabouts"/>).</param>
/// <param name="WithinMeters">No fix that was left out is farther than this from where the thinned trail has the vehicle at its time.</param>
internal sealed record Trail(int Fixes, int LeftOut, double WithinMeters, IReadOnlyList<TrailSegment> Segments, IReadOnlyList<TrailGap> Gaps)
{
    /// <summary>Without reception for longer than this is a gap; a bridge or an underpass is none.</summary>
    internal static readonly TimeSpan LongestBlindness = TimeSpan.FromMinutes(1);

    /// <summary>Leaves out what cannot be, cuts the fixes at the gaps, and thins what is left to <paramref name="most"/> places. First and last of each segment stay.</summary>
    /// <param name="fixes">In the order of their times.</param>
    internal static Trail Of(IReadOnlyList<TrailFix> fixes, int most)
    {
        var gaps = new List<TrailGap>();
        (List<List<TrailFix>> segments, int leftOut) = Cut(fixes, gaps);
        (bool[][] kept, double within) = TrailThinning.Thin(segments, most);
        return new Trail(
            segments.Sum(static segment => segment.Count), leftOut, within,
            [.. segments.Select((segment, index) => Columns([.. segment.Where((_, at) => kept[index][at])]))], gaps);
    }

    private static (List<List<TrailFix>> Segments, int LeftOut) Cut(IReadOnlyList<TrailFix> fixes, List<TrailGap> gaps)
    {
        var segments = new List<List<TrailFix>>();
        Whereabouts whereabouts = default;
        TrailFix? before = null;
        (bool blind, int leftOut) = (false, 0);
        foreach (TrailFix fix in fixes)
        {
            if (fix.Place is not { } place)
            {
                blind = true;
                continue;
            }

            // As the day of the vehicle is judged, so that its report and its trail say the same.
            (whereabouts, Move move) = whereabouts.Take(new Place(fix.Time.UtcDateTime, place.Lon, place.Lat, fix.AccuracyMeters ?? 0));
            if (move == Move.Jump)
            {
                leftOut++;
                continue;
            }

            TimeSpan unknown = before is { } last ? fix.Time - last.Time : TimeSpan.MaxValue;
            if (move == Move.Carried || unknown > (blind ? LongestBlindness : VehicleDay.LongestGap))
            {
                segments.Add([]);
                if (before is not null)
                {
                    gaps.Add(new TrailGap(before.Value.Time, fix.Time, blind));
                }
            }

            segments[^1].Add(fix);
            (before, blind) = (fix, false);
        }

        return (segments, leftOut);
    }

    private static TrailSegment Columns(TrailFix[] fixes) => new(
        Array.ConvertAll(fixes, static fix => fix.Time.ToUnixTimeMilliseconds()),
        Array.ConvertAll(fixes, static fix => fix.Place!.Value.Lon),
        Array.ConvertAll(fixes, static fix => fix.Place!.Value.Lat),
        Array.ConvertAll(fixes, static fix => fix.SpeedKmh));
}

/// <summary>
/// Leaves out the fixes that say least: those near where the vehicle would be at their time anyway, if it drove evenly between the kept ones.
/// By place and time, so that a stop stays a stop. (Top-down time-ratio: Meratnia and de By 2004; the next to be kept is always the worst.)
/// </summary>
internal static class TrailThinning
{
    /// <summary>Real trails fall into halves sooner. From here on the middle is kept, not the worst, so that no made-up one takes all day.</summary>
    private const int DeepestSplit = 40;

    /// <param name="Next">Which of its fixes is kept next.</param>
    /// <param name="Meters">How far off the worst of its fixes is.</param>
    private readonly record struct Span(int Segment, int First, int Last, int Depth, int Next, double Meters);

    /// <returns>For each segment which of its fixes are kept, and how far off those are that are not.</returns>
    internal static (bool[][] Kept, double WithinMeters) Thin(IReadOnlyList<IReadOnlyList<TrailFix>> segments, int most)
    {
        bool[][] kept = [.. segments.Select(static segment => new bool[segment.Count])];
        var worst = new PriorityQueue<Span, double>();
        int count = 0;
        for (int index = 0; index < segments.Count; index++)
        {
            int last = segments[index].Count - 1;
            (kept[index][0], kept[index][last]) = (true, true);
            count += last == 0 ? 1 : 2;
            Note(index, 0, last, 0);
        }

        while (count < most && worst.TryDequeue(out Span span, out _))
        {
            kept[span.Segment][span.Next] = true;
            count++;
            Note(span.Segment, span.First, span.Next, span.Depth + 1);
            Note(span.Segment, span.Next, span.Last, span.Depth + 1);
        }

        return (kept, worst.TryPeek(out Span left, out _) ? left.Meters : 0);

        void Note(int segment, int first, int last, int depth)
        {
            if (last - first > 1)
            {
                Span span = Judge(segments[segment], segment, first, last, depth);
                worst.Enqueue(span, -span.Meters);
            }
        }
    }

    private static Span Judge(IReadOnlyList<TrailFix> fixes, int segment, int first, int last, int depth)
    {
        (TrailFix from, TrailFix to) = (fixes[first], fixes[last]);
        double whole = (to.Time - from.Time).TotalSeconds;
        (int worst, double meters) = (first + 1, -1);
        for (int at = first + 1; at < last; at++)
        {
            double fraction = whole > 0 ? (fixes[at].Time - from.Time).TotalSeconds / whole : 0;
            double off = Geodesy.DistanceMeters(fixes[at].Place!.Value, Geodesy.Between(from.Place!.Value, to.Place!.Value, fraction));
            (worst, meters) = off > meters ? (at, off) : (worst, meters);
        }

        return new Span(segment, first, last, depth, depth < DeepestSplit ? worst : (first + last) / 2, meters);
    }
}
