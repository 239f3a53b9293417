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

    /// <summary>Of a matched trip, what says something of an arc: drives over all of it, at a speed of vehicles.</summary>
    internal static IEnumerable<(ArcKey Arc, RoadPass Pass, double Kmh)> Usable(RoadGraph graph, IEnumerable<RoadPass> passes)
    {
        foreach (RoadPass pass in passes)
        {
            double kmh = graph.ArcMeters(pass.Arc) / (pass.Leave - pass.Enter).TotalSeconds * 3.6;
            if (pass.IsWhole && kmh is >= SlowestKmh and <= FastestKmh)
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
