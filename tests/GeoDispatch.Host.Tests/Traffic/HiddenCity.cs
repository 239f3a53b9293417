using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Roads.Tests.Matching;
using GeoDispatch.Spatial;

namespace GeoDispatch.Host.Tests.Traffic;

/// <summary>A trip of a simulated vehicle: what it drove, and when it left each arc.</summary>
internal sealed record SimulatedTrip(int[] Arcs, DateTimeOffset Start, double[] ArcSeconds, bool Emergency)
{
    internal double Seconds => ArcSeconds.Sum();
}

/// <summary>
/// The true times of the western core's streets, which the product is never told: each arc is slower or faster than its class by 25 %, main
/// streets are slow in the rush of working days, some far more than others, and no two hours of an arc are alike. A single pass varies by 12 %
/// more, a whole trip by 5 %.
/// </summary>
internal sealed class HiddenCity
{
    /// <summary>Monday, 00:00 in China.</summary>
    internal static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));

    private const double ReachMeters = 2_400;

    private readonly RoadGraph graph;
    private readonly int[] inside;
    private readonly double[] ofArc, rush;

    internal HiddenCity(RoadGraph graph, LonLat center, int seed)
    {
        this.graph = graph;
        var random = new Random(seed);
        inside = [.. Enumerable.Range(0, 2 * graph.EdgeCount).Where(arc => graph.Arrays.Oneway[arc >> 1] is false || (arc & 1) == 0)
            .Where(arc => Geodesy.DistanceMeters(center, graph.PointAt(new RoadPosition(arc >> 1, 0.5))) < ReachMeters)];
        (ofArc, rush) = (new double[2 * graph.EdgeCount], new double[2 * graph.EdgeCount]);
        for (int arc = 0; arc < ofArc.Length; arc++)
        {
            bool main = graph.ArcMeters(arc) / graph.ArcClassSeconds(arc) * 3.6 >= 45;
            (ofArc[arc], rush[arc]) = (0.1 + 0.25 * Drive.Normal(random), (main ? 0.55 : 0.2) * (0.5 + random.NextDouble()));
        }
    }

    internal static int HourOfWeek(DateTimeOffset time) => (int)((time - Monday).TotalHours % LearnedSpeeds.HoursOfWeek);

    /// <summary>A trip between two random places within the core, the fastest way by the classes of the streets.</summary>
    internal SimulatedTrip Trip(Random random, DateTimeOffset start, bool emergency)
    {
        int[] arcs = [];
        while (arcs.Length < 6)
        {
            arcs = Fastest(inside[random.Next(inside.Length)], inside[random.Next(inside.Length)]);
        }

        double ofTrip = 0.05 * Drive.Normal(random);
        double[] seconds = new double[arcs.Length];
        DateTimeOffset at = start;
        for (int index = 0; index < arcs.Length; index++)
        {
            double log = Log(arcs[index], HourOfWeek(at), emergency) + ofTrip + 0.12 * Drive.Normal(random);
            seconds[index] = graph.ArcClassSeconds(arcs[index]) * Math.Exp(log);
            at = at.AddSeconds(seconds[index]);
        }

        return new SimulatedTrip(arcs, start, seconds, emergency);
    }

    /// <summary>What a device sends of the trip: a fix each 10 s, 8 m off to the east and to the north.</summary>
    internal IEnumerable<TracePoint> Fixes(SimulatedTrip trip, Random random)
    {
        double begin = 0, next = 0;
        for (int index = 0; index < trip.Arcs.Length; index++)
        {
            int arc = trip.Arcs[index];
            for (; next <= begin + trip.ArcSeconds[index]; next += 10)
            {
                double along = (next - begin) / trip.ArcSeconds[index];
                LonLat at = graph.PointAt(new RoadPosition(arc >> 1, (arc & 1) == 0 ? along : 1 - along));
                yield return new TracePoint(trip.Start.AddSeconds(next), Drive.Shift(at, 8 * Drive.Normal(random), 8 * Drive.Normal(random)));
            }

            begin += trip.ArcSeconds[index];
        }
    }

    private double Log(int arc, int hourOfWeek, bool emergency)
    {
        int hour = hourOfWeek % 24;
        double peak = hourOfWeek >= 120 ? (hour is >= 10 and <= 19 ? 0.3 : 0) : hour is 7 or 8 or 17 or 18 ? 1 : hour is 9 or 16 or 19 ? 0.5 : hour is < 6 or > 21 ? -0.4 : 0;
        // The same for the same arc and hour, and like nothing else.
        double ofHour = 0.08 * Drive.Normal(new Random(arc * LearnedSpeeds.HoursOfWeek + hourOfWeek));
        return emergency ? ofArc[arc] + rush[arc] * peak * 0.5 - 0.25 + ofHour : ofArc[arc] + rush[arc] * peak + ofHour;
    }

    private int[] Fastest(int from, int to)
    {
        RoadArrays roads = graph.Arrays;
        var before = new Dictionary<int, int> { [from] = -1 };
        var best = new Dictionary<int, double>();
        var done = new HashSet<int>();
        var queue = new PriorityQueue<(int Arc, double Seconds), double>([((from, 0.0), 0.0)]);
        while (queue.TryDequeue(out (int Arc, double Seconds) at, out _) && at.Arc != to)
        {
            if (!done.Add(at.Arc))
            {
                continue;
            }

            int node = roads.Head(at.Arc);
            foreach (int next in roads.Out[roads.OutStart[node]..roads.OutStart[node + 1]])
            {
                if (next != (at.Arc ^ 1) && !done.Contains(next))
                {
                    double seconds = at.Seconds + graph.ArcClassSeconds(next);
                    if (!best.TryGetValue(next, out double known) || seconds < known)
                    {
                        (best[next], before[next]) = (seconds, at.Arc);
                        queue.Enqueue((next, seconds), seconds);
                    }
                }
            }
        }

        var way = new List<int>();
        for (int arc = to; arc >= 0 && before.ContainsKey(arc); arc = before[arc])
        {
            way.Add(arc);
        }

        way.Reverse();
        return [.. way];
    }
}
