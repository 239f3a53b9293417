using GeoDispatch.Roads;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>What <see cref="SpeedLearner"/> learned for one graph, as logarithms of time over the time by class. Unchanging once learned.</summary>
internal sealed class CityLearnedSpeeds(RoadGraph graph, EtaBand band) : LearnedSpeeds
{
    /// <summary>How many classes of streets there may be.</summary>
    internal const int Classes = 32;

    /// <summary>An arc with fewer passes is not said to be learned: its class and its neighbours in time speak for it.</summary>
    internal const int Enough = 3;

    private readonly float[]?[] ofClass = new float[Classes][];
    private readonly float[]?[] emergencyOfClass = new float[Classes][];
    private readonly float[]?[] ofArc = new float[2 * graph.EdgeCount][];
    private readonly Dictionary<int, (float Factor, int Count)> emergencyOfArc = [];
    private readonly Dictionary<int, int> counts = [];

    internal RoadGraph Graph => graph;

    /// <inheritdoc/>
    public override EtaBand Band => band;

    /// <summary>Share of the streets' length, each direction for itself, that is learned; null where there are no streets.</summary>
    internal double? LearnedShare
    {
        get
        {
            double all = 0, learned = 0;
            for (int arc = 0; arc < ofArc.Length; arc++)
            {
                double meters = graph.HasArc(arc) ? graph.ArcMeters(arc) : 0;
                (all, learned) = (all + meters, learned + (IsLearned(arc) ? meters : 0));
            }

            return all > 0 ? learned / all : null;
        }
    }

    /// <inheritdoc/>
    public override double Seconds(int arc, int hourOfWeek, bool emergency)
    {
        if (ofArc[arc] is null && ofClass[Class(arc)] is null)
        {
            return double.NaN;
        }

        double log = Log(arc, hourOfWeek);
        if (emergency)
        {
            log += emergencyOfClass[Class(arc)]?[SpeedLearner.DayHour(hourOfWeek)] ?? 0;
            log += emergencyOfArc.TryGetValue(arc, out (float Factor, int) own) ? own.Factor : 0;
        }

        return graph.ArcClassSeconds(arc) * Math.Exp(log);
    }

    /// <inheritdoc/>
    public override bool IsLearned(int arc) => counts.GetValueOrDefault(arc) + (emergencyOfArc.TryGetValue(arc, out (float, int Count) own) ? own.Count : 0) >= Enough;

    internal double Log(int arc, int hourOfWeek) => OfClass(Class(arc), hourOfWeek) + (ofArc[arc]?[hourOfWeek] ?? 0);

    internal double OfClass(int kind, int hourOfWeek) => ofClass[kind]?[hourOfWeek] ?? 0;

    internal int Class(int arc) => SpeedLearner.ClassOf(graph.ArcMeters(arc) / graph.ArcClassSeconds(arc) * 3.6);

    internal double LogClassKmh(int arc) => Math.Log(graph.ArcMeters(arc) / graph.ArcClassSeconds(arc) * 3.6);

    internal void SetClass(int kind, float[] hours) => ofClass[kind] = hours;

    internal void SetEmergencyClass(int kind, float[] hoursOfDays) => emergencyOfClass[kind] = hoursOfDays;

    internal void SetArc(int arc, float[] hours, int count) => (ofArc[arc], counts[arc]) = (hours, count);

    internal void SetEmergency(int arc, float factor, int count) => emergencyOfArc[arc] = (factor, count);
}
