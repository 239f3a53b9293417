using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>From a location of the protocol to the fix that the pipeline takes. Pure.</summary>
internal static class Jt808Fixes
{
    private const double FastestKmh = 400;

    /// <summary>Null where the terminal had no reception, encrypted its coordinates, or has no time: it moves nobody then.</summary>
    internal static AvlFix? Of(Jt808Location location) => !location.IsFixed || location.Time is not { } time ? null : new AvlFix(
        time.ToUniversalTime(),
        location.Lon,
        location.Lat,
        // A broken speed sensor does not make the place wrong.
        location.SpeedKmh <= FastestKmh ? location.SpeedKmh : null,
        location.HeadingDegrees <= 360 ? location.HeadingDegrees : null);
}
