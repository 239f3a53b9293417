using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>The counts of all arcs that were driven, by the names that outlive a graph.</summary>
internal sealed class PassLedger
{
    private const double SlowestKmh = 2, FastestKmh = 200;

    private readonly Dictionary<(ArcKey Arc, bool Emergency), PassCounts> counts = [];

    internal IReadOnlyDictionary<(ArcKey Arc, bool Emergency), PassCounts> Counts => counts;

    internal PassCounts? this[ArcKey arc, bool emergency]
    {
        get => counts.GetValueOrDefault((arc, emergency));
        set => counts[(arc, emergency)] = value!;
    }

    /// <summary>
    /// Of a matched trip, what says something of an arc: drives over all of it, at a speed of vehicles. What the turn at its end costs is
    /// taken off its time, at most half of it: a route adds it again.
    /// </summary>
    /// <param name="turnSeconds">Of turning from one arc into another.</param>
    internal static IEnumerable<(ArcKey Arc, RoadPass Pass, double Kmh)> Usable(
        RoadGraph graph, IReadOnlyList<RoadPass> passes, Func<int, int, double> turnSeconds)
    {
        for (int index = 0; index < passes.Count; index++)
        {
            RoadPass pass = passes[index];
            double seconds = (pass.Leave - pass.Enter).TotalSeconds;
            double turn = index + 1 < passes.Count && passes[index + 1].Follows ? turnSeconds(pass.Arc, passes[index + 1].Arc) : 0;
            double kmh = graph.ArcMeters(pass.Arc) / (seconds - Math.Min(turn, seconds / 2)) * 3.6;
            if (pass.IsWhole && graph.ArcClassSeconds(pass.Arc) > 0 && kmh is >= SlowestKmh and <= FastestKmh)
            {
                yield return (graph.KeyOf(pass.Arc), pass, kmh);
            }
        }
    }

    /// <summary>Counts one drive over an arc.</summary>
    internal void Add(ArcKey arc, bool emergency, int hourOfWeek, double kmh)
    {
        if (!counts.TryGetValue((arc, emergency), out PassCounts? ofArc))
        {
            counts[(arc, emergency)] = ofArc = new PassCounts();
        }

        ofArc.Add(hourOfWeek, kmh);
    }
}
