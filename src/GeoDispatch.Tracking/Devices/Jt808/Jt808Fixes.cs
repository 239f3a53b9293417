using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>From a location of the protocol to the fix that the pipeline takes. Pure.</summary>
internal static class Jt808Fixes
{
    private const double FastestKmh = 400;
    private const double FarthestKm = 10_000_000;

    /// <summary>
    /// Null where the report has no time. Without reception, or with encrypted coordinates, it moves nobody, but its alarms and the rest count.
    /// What a broken sensor says is left out: it does not make the place wrong.
    /// </summary>
    internal static AvlFix? Of(Jt808Location location) => location.Time is not { } time ? null : new AvlFix(
        time.ToUniversalTime(),
        location.Lon,
        location.Lat,
        location.SpeedKmh <= FastestKmh ? location.SpeedKmh : null,
        location.HeadingDegrees <= 360 ? location.HeadingDegrees : null,
        AltitudeMeters: location.AltitudeMeters is >= -1_000 and <= 20_000 ? location.AltitudeMeters : null,
        MileageKm: location.MileageKm <= FarthestKm ? location.MileageKm : null,
        Ignition: location.Ignition,
        Alarms: location.Alarms,
        IsFixed: location.IsFixed,
        // Longer ones are no items that any maker sends.
        Items: location.UnknownItems() is { Length: <= FixRules.MostItemBytes } items ? items : null);
}
