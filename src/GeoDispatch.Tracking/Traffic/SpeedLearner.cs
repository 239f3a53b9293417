using GeoDispatch.Roads;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>
/// Tells how long each arc takes in each hour of the week, from the passes that were counted. Pure.
/// <para>
/// All is in logarithms of time over the time by class, so that factors add up. A time is a sum of four parts, each of which is the median of
/// what the parts before it leave, drawn to nothing where few drove (<see cref="Shrunk"/>): of the class in that hour, drawn to the
/// class in that hour of any working day (or day off), and to the class at all; of the arc; of the arc in that hour of any working day (or
/// day off); of the arc in that hour of the week. So an arc that was never driven has the hours of its class, and one that is driven every day
/// its own. Runs with lights and sirens are learned as a factor on all that: of the class, of the class in that hour (who may pass a queue loses
/// less in the rush than the others), then of the arc.
/// </para>
/// </summary>
internal static class SpeedLearner
{
    /// <summary>Hours of a working day, then of a day off.</summary>
    internal const int HoursOfDays = 48;

    // A single pass varies by some 25 %, arcs of a class by about as much; the hours of an arc by less, about 15 % and 10 %.
    private const double OfClass = 20, OfArc = 1.5, OfArcAndDay = 3, OfArcAndHour = 6;

    /// <summary>A working day's hour (0 to 23), or that of a day off (24 to 47).</summary>
    internal static int DayHour(int hourOfWeek) => hourOfWeek % 24 + (hourOfWeek >= 5 * 24 ? 24 : 0);

    /// <summary>The class of an arc: streets whose speed by class is the same to 5 km/h are alike; 0 to 31.</summary>
    internal static int ClassOf(double kmh) => (int)Math.Clamp(Math.Round(kmh / 5), 0, CityLearnedSpeeds.Classes - 1);

    /// <param name="graph">Whose arcs the speeds are for.</param>
    /// <param name="passes">What was counted, of arcs of this graph and of others.</param>
    /// <param name="band">How wrong the times of past trips were; nothing where it is not known.</param>
    internal static CityLearnedSpeeds Learn(
        RoadGraph graph, IReadOnlyDictionary<(ArcKey Arc, bool Emergency), PassCounts> passes, EtaBand? band = null)
    {
        var learned = new CityLearnedSpeeds(graph, band ?? EtaBand.Unknown);
        List<(int Arc, PassCounts Counts)> normal = Find(graph, passes, emergency: false), emergency = Find(graph, passes, emergency: true);
        LearnClasses(learned, normal);
        foreach ((int arc, PassCounts counts) in normal)
        {
            LearnArc(learned, arc, counts);
        }

        LearnEmergency(learned, emergency);
        return learned;
    }

    private static List<(int Arc, PassCounts Counts)> Find(
        RoadGraph graph, IReadOnlyDictionary<(ArcKey Arc, bool Emergency), PassCounts> passes, bool emergency) =>
        [.. Enumerable.Range(0, 2 * graph.EdgeCount).Select(arc => (arc, passes.GetValueOrDefault((graph.KeyOf(arc), emergency))!)).Where(static found => found.Item2 is not null)];

    private static void LearnClasses(CityLearnedSpeeds learned, List<(int Arc, PassCounts Counts)> arcs)
    {
        foreach (IGrouping<int, (int Arc, PassCounts Counts)> ofClass in arcs.GroupBy(found => learned.Class(found.Arc)))
        {
            LogTime[] all = [.. ofClass.SelectMany(found => found.Counts.All.Select(pass => new LogTime(pass.Hour, learned.LogClassKmh(found.Arc) - pass.LogKmh, pass.Count)))];
            double ofAll = Shrunk(all, 0, OfClass);
            double[] ofDay = [.. Enumerable.Repeat(ofAll, HoursOfDays)];
            foreach (IGrouping<int, LogTime> day in all.GroupBy(static time => DayHour(time.Hour)))
            {
                ofDay[day.Key] = Shrunk([.. day], ofAll, OfClass);
            }

            learned.SetClass(ofClass.Key, ByHour(all, hour => ofDay[DayHour(hour)], OfClass));
        }
    }

    private static void LearnArc(CityLearnedSpeeds learned, int arc, PassCounts counts)
    {
        LogTime[] left = Left(learned, arc, counts);
        double ofArc = Shrunk(left, 0, OfArc);
        double[] ofDay = [.. Enumerable.Repeat(ofArc, HoursOfDays)];
        foreach (IGrouping<int, LogTime> day in left.GroupBy(static time => DayHour(time.Hour)))
        {
            ofDay[day.Key] = Shrunk([.. day], ofArc, OfArcAndDay);
        }

        learned.SetArc(arc, ByHour(left, hour => ofDay[DayHour(hour)], OfArcAndHour), counts.Count);
    }

    private static void LearnEmergency(CityLearnedSpeeds learned, List<(int Arc, PassCounts Counts)> arcs)
    {
        foreach (IGrouping<int, (int Arc, PassCounts Counts)> ofClass in arcs.GroupBy(found => learned.Class(found.Arc)))
        {
            LogTime[] all = [.. ofClass.SelectMany(found => Left(learned, found.Arc, found.Counts))];
            double factor = Shrunk(all, 0, OfClass);
            float[] ofDay = [.. Enumerable.Repeat((float)factor, HoursOfDays)];
            foreach (IGrouping<int, LogTime> day in all.GroupBy(static time => DayHour(time.Hour)))
            {
                ofDay[day.Key] = (float)Shrunk([.. day], factor, OfClass);
            }

            learned.SetEmergencyClass(ofClass.Key, ofDay);
            foreach ((int arc, PassCounts counts) in ofClass)
            {
                LogTime[] left = [.. Left(learned, arc, counts).Select(time => time with { Value = time.Value - ofDay[DayHour(time.Hour)] })];
                learned.SetEmergency(arc, (float)Shrunk(left, 0, OfArcAndDay), counts.Count);
            }
        }
    }

    private static float[] ByHour(LogTime[] times, Func<int, double> prior, double weight)
    {
        float[] hours = [.. Enumerable.Range(0, LearnedSpeeds.HoursOfWeek).Select(hour => (float)prior(hour))];
        foreach (IGrouping<int, LogTime> hour in times.GroupBy(static time => time.Hour))
        {
            hours[hour.Key] = (float)Shrunk([.. hour], hours[hour.Key], weight);
        }

        return hours;
    }

    /// <summary>What is left of an arc's times when all that is learned so far is taken off.</summary>
    private static LogTime[] Left(CityLearnedSpeeds learned, int arc, PassCounts counts) =>
        [.. counts.All.Select(pass => new LogTime(pass.Hour, learned.LogClassKmh(arc) - pass.LogKmh - learned.Log(arc, pass.Hour), pass.Count))];

    /// <summary>
    /// The median, drawn to the prior as by <paramref name="weight"/> passes that say so: n/(n + weight) of the difference. The weight that is
    /// best (Bühlmann 1967) is the variance of one pass over the variance of what is estimated.
    /// </summary>
    private static double Shrunk(ReadOnlySpan<LogTime> times, double prior, double weight)
    {
        double count = 0, low = double.MaxValue, high = double.MinValue;
        foreach (LogTime time in times)
        {
            (count, low, high) = (count + time.Count, Math.Min(low, time.Value), Math.Max(high, time.Value));
        }

        // The passes of a bar lie evenly in it: so the median falls between two bars, not on one. Halving finds it to a thousandth.
        for ((low, high) = (low - PassCounts.Width / 2, high + PassCounts.Width / 2); high - low > 0.001;)
        {
            double middle = (low + high) / 2, below = 0;
            foreach (LogTime time in times)
            {
                below += time.Count * Math.Clamp((middle - time.Value) / PassCounts.Width + 0.5, 0, 1);
            }

            (low, high) = below < count / 2 ? (middle, high) : (low, middle);
        }

        return prior + count / (count + weight) * ((low + high) / 2 - prior);
    }

    private readonly record struct LogTime(int Hour, double Value, int Count);
}
