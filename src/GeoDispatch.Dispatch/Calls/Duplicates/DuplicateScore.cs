using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Calls.Duplicates;

/// <summary>What was told of an event, by a call or of an incident.</summary>
/// <param name="FoundBy">How its place was found, as <see cref="Incidents.IncidentPlace.WaysFound"/>; null where nobody said.</param>
/// <param name="UncertaintyMeters">Where it was measured; it goes before what <paramref name="FoundBy"/> lets expect.</param>
internal sealed record Told(LonLat At, string? FoundBy, double? UncertaintyMeters, string Type, string Complaint, DateTimeOffset ReceivedAt);

/// <summary>How probable it is that two told of one event.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Meters">Between the two places as they were told.</param>
/// <param name="Minutes">Between the two times.</param>
internal sealed record Likeness(double Score, double Meters, double Minutes, string ReasonZh, string ReasonEn)
{
    /// <summary>From here on it is offered. Whether it is one event, a person decides.</summary>
    internal bool IsOffered => Score >= DuplicateScore.Offered;
}

/// <summary>Compares what two told: place, time, type and words, each of which alone can rule it out. Pure.</summary>
internal static class DuplicateScore
{
    internal const double Offered = 0.4;

    /// <summary>Beyond this many minutes it is another event, however near.</summary>
    internal const double MostMinutes = 40;

    /// <summary>Beyond this distance nothing is compared: the widest uncertainties and their slope.</summary>
    internal const double MostMeters = 1_000;

    private const double SureMinutes = 12, SlopeMeters = 110;

    internal static Likeness Compare(Told one, Told other)
    {
        double meters = Geodesy.DistanceMeters(one.At, other.At);
        double minutes = Math.Abs((one.ReceivedAt - other.ReceivedAt).TotalMinutes);
        // Errors of two who do not know of each other.
        double tolerance = Math.Sqrt(Square(Uncertainty(one)) + Square(Uncertainty(other)));
        double place = meters > MostMeters ? 0 : Math.Exp(-Square(Math.Max(0, meters - tolerance) / SlopeMeters));
        double time = Math.Clamp((MostMinutes - minutes) / (MostMinutes - SureMinutes), 0, 1);
        double type = one.Type == other.Type ? 1 : one.Type == "medical" || other.Type == "medical" ? 0.8 : 0.5;
        (double words, string? common) = Wording.Compare(one.Complaint, other.Complaint);
        return new Likeness(
            Math.Round(place * time * type * (0.3 + (0.7 * words)), 3), Math.Round(meters), Math.Round(minutes, 1),
            $"相距 {meters:0} 米(误差约 {tolerance:0} 米)· 相隔 {minutes:0} 分钟{(common is null ? "" : $" · 同为{common}")}",
            $"{meters:0} m apart (places uncertain by {tolerance:0} m) · {minutes:0} min apart{(common is null ? "" : $" · both: {common}")}");
    }

    /// <summary>How far off a place may be by how it was found, in metres: our estimate, half a block where a crossing was named.</summary>
    private static double Uncertainty(Told told) => told.UncertaintyMeters ?? told.FoundBy switch
    {
        "address" or "poi" => 40,
        "map" => 60,
        "place" => 100,
        "crossing" or "caller" => 120,
        "km" => 200,
        "street" => 300,
        _ => 100,
    };

    private static double Square(double value) => value * value;
}
