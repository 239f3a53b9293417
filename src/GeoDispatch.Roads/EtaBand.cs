namespace GeoDispatch.Roads;

/// <summary>A trip that is over: what was told at its start, and what it took.</summary>
/// <param name="PredictedSeconds">More than 0.</param>
/// <param name="ActualSeconds">More than 0.</param>
/// <param name="Meters">Length of the way.</param>
/// <param name="LearnedShare">Share of the way, by length, on arcs that were learned then; 0 to 1.</param>
public readonly record struct PastTrip(double PredictedSeconds, double ActualSeconds, double Meters, double LearnedShare);

/// <summary>
/// Between which times a trip will take, in eight of ten cases: from how wrong the times of past trips of like length and like knowledge were
/// (split conformal prediction, Vovk et al. 2005: it holds whatever the errors' distribution is, as long as the next trips are like the last).
/// Unchanging.
/// </summary>
public sealed class EtaBand
{
    /// <summary>With fewer past trips no band is told.</summary>
    public const int FewestTrips = 40;

    /// <summary>Nothing is known of any trip.</summary>
    public static readonly EtaBand Unknown = new([]);

    private readonly Dictionary<(int Length, int Share), (double Low, double High)> factors = [];

    private EtaBand(IEnumerable<PastTrip> trips)
    {
        PastTrip[] usable = [.. trips.Where(static trip => trip is { PredictedSeconds: > 0, ActualSeconds: > 0 })];
        for (int length = -1; length < 3; length++)
        {
            for (int share = -1; share < 3; share++)
            {
                double[] errors = [.. usable.Where(trip => (length < 0 || LengthOf(trip.Meters) == length) && (share < 0 || ShareOf(trip.LearnedShare) == share))
                    .Select(static trip => Math.Log(trip.ActualSeconds / trip.PredictedSeconds)).Order()];
                if (errors.Length >= FewestTrips)
                {
                    // One more than there are, as the theory wants it: the next trip takes part.
                    int outside = Math.Max(0, (int)Math.Floor(0.1 * (errors.Length + 1)) - 1);
                    factors[(length, share)] = (Math.Exp(errors[outside]), Math.Exp(errors[^(outside + 1)]));
                }
            }
        }
    }

    /// <summary>Learns from past trips, in any order; the newest two thousand are enough.</summary>
    public static EtaBand Of(IEnumerable<PastTrip> trips) => new(trips);

    /// <summary>
    /// Seconds that one of ten such trips is faster than, and one of ten slower; null before enough were driven. Where few were like this one,
    /// those of its length count, else those of its knowledge, else all.
    /// </summary>
    public (double LowSeconds, double HighSeconds)? Find(double predictedSeconds, double meters, double learnedShare)
    {
        (int length, int share) = (LengthOf(meters), ShareOf(learnedShare));
        foreach ((int, int) kind in new[] { (length, share), (length, -1), (-1, share), (-1, -1) })
        {
            if (factors.TryGetValue(kind, out (double Low, double High) factor))
            {
                return (predictedSeconds * factor.Low, predictedSeconds * factor.High);
            }
        }

        return null;
    }

    private static int LengthOf(double meters) => meters < 2_000 ? 0 : meters < 6_000 ? 1 : 2;

    private static int ShareOf(double share) => share < 0.25 ? 0 : share < 0.75 ? 1 : 2;
}
