namespace GeoDispatch.Roads.Matching;

/// <summary>
/// What a hidden Markov model of driving assumes, after P. Newson and J. Krumm, "Hidden Markov Map Matching Through Noise and Sparseness"
/// (ACM GIS 2009). Probabilities are kept as logarithms. Our states are arcs, not streets: so a vehicle that is on a street goes one way,
/// and turning round has its price.
/// </summary>
internal static class MatchRules
{
    /// <summary>Standard deviation of a fix from the street that it was measured on, in metres: receivers in vehicles among houses.</summary>
    internal const double SigmaMeters = 8;

    /// <summary>A street farther from the fix is not thought of.</summary>
    internal const double RadiusMeters = 75;

    /// <summary>The most streets that are thought of for one fix, the nearest first.</summary>
    internal const int MostStreets = 10;

    /// <summary>A fix nearer than this to the last that was used says where the vehicle stands, not where it goes (as in the paper).</summary>
    internal const double ThinMeters = 2 * SigmaMeters;

    /// <summary>A fix may lie so far behind the last one on the same arc: it stood, and the receiver moved.</summary>
    internal const double BackMeters = 5 * SigmaMeters;

    /// <summary>No street and no vehicle is faster: 200 km/h.</summary>
    internal const double FastestMetersPerSecond = 200 / 3.6;

    /// <summary>A detour over more than the air line and this is no way from one fix to the next.</summary>
    internal const double MostDetourMeters = 2_000;

    /// <summary>Turning round is e⁶, some 400 times, less probable than not to.</summary>
    internal const double TurnRound = 6;

    /// <summary>What is e⁴⁰ times less probable than the best is given up.</summary>
    internal const double Beam = 40;

    /// <summary>So many fixes in a row that no way leads to are taken for wrong ones; the next begins anew.</summary>
    internal const int MostLost = 2;

    /// <summary>The most vertices that one search looks at: bounded work, whatever the trace says.</summary>
    internal const int MostSettled = 4_000;

    /// <summary>Over a longer time nothing is known of the way.</summary>
    internal static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(5);

    private const double HeadingDegrees = 35;
    private const double LeastHeading = -6;

    /// <summary>How probable a fix is so far from its street: normal.</summary>
    internal static double Emission(double meters) => -0.5 * (meters / SigmaMeters) * (meters / SigmaMeters);

    /// <summary>How probable a heading is so many degrees (0 to 180) off the arc's: normal, but never so that one bad heading decides.</summary>
    internal static double Heading(double degrees) => Math.Max(LeastHeading, -0.5 * (degrees / HeadingDegrees) * (degrees / HeadingDegrees));

    /// <summary>
    /// Scale in metres of what the way by road and the air line differ by: exponential. It grows with the time between the fixes; the
    /// square fits what the paper's method gives from 1 s (3 m) to 30 s (35 m), and stops at 60 m.
    /// </summary>
    internal static double BetaMeters(double seconds) => Math.Min(60, 3 + 0.035 * seconds * seconds);
}
