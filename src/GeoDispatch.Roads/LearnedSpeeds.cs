namespace GeoDispatch.Roads;

/// <summary>What the city's own vehicles taught about the times of one graph's arcs. Unchanging; safe to share between threads.</summary>
public abstract class LearnedSpeeds
{
    /// <summary>Hours in a week; hour 0 begins on Monday at 00:00 of the city's own time.</summary>
    public const int HoursOfWeek = 168;

    /// <summary>How wrong the times of past trips were.</summary>
    public virtual EtaBand Band => EtaBand.Unknown;

    /// <summary>Seconds over a whole arc in an hour of the week, or NaN where nothing is learned and the class's speed holds.</summary>
    /// <param name="arc">2·edge along the geometry, 2·edge+1 against it.</param>
    /// <param name="hourOfWeek">0 to 167.</param>
    /// <param name="emergency">As learned from runs with lights and sirens, or from all others.</param>
    public abstract double Seconds(int arc, int hourOfWeek, bool emergency);

    /// <summary>True where enough vehicles drove the arc itself; else its time is that of its class at the hour, if that is known.</summary>
    public virtual bool IsLearned(int arc) => false;
}
