using System.Globalization;
using GeoDispatch.Postgres;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>What a fix must be like to be stored. Pure: the time comes in.</summary>
public static class FixRules
{
    /// <summary>In one request.</summary>
    public const int MostFixes = 500;

    /// <summary>Bytes of additional items of one fix.</summary>
    public const int MostItemBytes = 1_024;

    /// <summary>How far a device's clock may run ahead.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(30);

    /// <summary>The code of a fix whose time is further ahead.</summary>
    internal const string FromFuture = "fix.from_future";

    /// <summary>
    /// A clock that runs ahead by no more than this is off by drift: the fix is right when it is sent again. One that is further ahead is set
    /// wrong (8 hours: local time that was taken for UTC), and waiting would only store the fix late and still at the wrong time.
    /// </summary>
    internal static readonly TimeSpan MostDrift = TimeSpan.FromMinutes(10);

    /// <summary>How late a fix may come, after a long time without network.</summary>
    public static readonly TimeSpan MostBehind = TimeSpan.FromDays(30);

    /// <summary>Null where the request may be looked at fix by fix.</summary>
    public static Problem? Check(SendFixesRequest request, Guid deviceId)
    {
        if (request.DeviceId != deviceId)
        {
            return new Problem(
                403, "device.not_yours", "不是本终端 / Not your device",
                "凭据只可为自己的终端上报 / A credential may report its own device alone", "deviceId", request.DeviceId.ToString("D"));
        }

        return CheckCount(request.Fixes?.Count ?? 0);
    }

    /// <summary>Null where that many fixes may come in one request.</summary>
    public static Problem? CheckCount(int count)
    {
        return count is >= 1 and <= MostFixes
            ? null
            : new Problem(
                400, count == 0 ? "fix.none" : "fix.too_many", count == 0 ? "没有定位点 / No fixes" : "定位点过多 / Too many fixes",
                $"一次 1 至 {MostFixes} 个 / 1 to {MostFixes} in one request", "fixes", count.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Null where the fix may be stored.</summary>
    public static Problem? Check(AvlFix? fix, DateTimeOffset now)
    {
        if (fix is null)
        {
            return OutOfRange("fixes", null, "不可为空 / must not be null");
        }

        // Without reception the place may be anything; the report still counts for its alarms.
        if (fix.IsFixed != false && !(fix.Lon is >= -180 and <= 180))
        {
            return OutOfRange("lon", fix.Lon, "−180 … 180");
        }

        if (fix.IsFixed != false && !(fix.Lat is >= -90 and <= 90))
        {
            return OutOfRange("lat", fix.Lat, "−90 … 90");
        }

        if (!(fix.SpeedKmh is null or (>= 0 and <= 400)))
        {
            return OutOfRange("speedKmh", fix.SpeedKmh, "0 … 400");
        }

        if (!(fix.HeadingDegrees is null or (>= 0 and <= 360)))
        {
            return OutOfRange("headingDegrees", fix.HeadingDegrees, "0 … 360");
        }

        if (!(fix.AccuracyMeters is null or (>= 0 and <= 100_000)))
        {
            return OutOfRange("accuracyMeters", fix.AccuracyMeters, "0 … 100000");
        }

        if (!(fix.AltitudeMeters is null or (>= -1_000 and <= 20_000)))
        {
            return OutOfRange("altitudeMeters", fix.AltitudeMeters, "−1000 … 20000");
        }

        if (!(fix.MileageKm is null or (>= 0 and <= 10_000_000)))
        {
            return OutOfRange("mileageKm", fix.MileageKm, "0 … 10000000");
        }

        if (fix.Alarms is not (null or (>= 0 and <= uint.MaxValue)))
        {
            return OutOfRange("alarms", fix.Alarms, "0 … 4294967295");
        }

        if (fix.Items?.Length > MostItemBytes)
        {
            return OutOfRange("items", fix.Items.Length, "≤ 1024 字节 / bytes");
        }

        if (fix.Time - now > MostAhead)
        {
            return new Problem(
                400, FromFuture, "定位时间超前 / Fix from the future",
                $"最多超前 30 秒;服务器时间 {now.UtcDateTime:O} / at most 30 s ahead; server time {now.UtcDateTime:O}", "time", fix.Time.ToString("O", CultureInfo.InvariantCulture));
        }

        return now - fix.Time > MostBehind
            ? new Problem(
                400, "fix.too_old", "定位时间过早 / Fix too old",
                $"最多滞后 30 天;服务器时间 {now.UtcDateTime:O} / at most 30 days behind; server time {now.UtcDateTime:O}", "time", fix.Time.ToString("O", CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Whether a fix that was refused as from the future is right when it is sent again a little later.</summary>
    internal static bool IsRightSoon(AvlFix fix, DateTimeOffset now) => fix.Time - now <= MostDrift;

    private static Problem OutOfRange(string field, double? value, string range) => new(
        400, "fix.out_of_range", "定位数据超出范围 / Fix out of range", $"{field}: {range}",
        field, value?.ToString(CultureInfo.InvariantCulture));
}
