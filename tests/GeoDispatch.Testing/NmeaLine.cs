using System.Globalization;

namespace GeoDispatch.Testing;

/// <summary>Lines as a receiver of NMEA 0183 writes them.</summary>
public static class NmeaLine
{
    /// <summary>The recommended minimum.</summary>
    /// <param name="time">To the millisecond.</param>
    /// <param name="lat">Degrees, north positive.</param>
    /// <param name="lon">Degrees, east positive.</param>
    /// <param name="knots">The speed.</param>
    /// <param name="course">Degrees.</param>
    public static string Rmc(DateTimeOffset time, double lat, double lon, double knots = 0, double course = 0, bool isFixed = true, string talker = "GN") =>
        Checked(string.Create(
            CultureInfo.InvariantCulture,
            $"{talker}RMC,{time.UtcDateTime:HHmmss.fff},{(isFixed ? 'A' : 'V')},{Place(lat, 2, "NS")},{Place(lon, 3, "EW")},{knots:0.0##},{course:0.0##},{time.UtcDateTime:ddMMyy},,,A"));

    /// <summary>The altitude of the same moment.</summary>
    public static string Gga(DateTimeOffset time, double lat, double lon, double altitude, string talker = "GN") => Checked(string.Create(
        CultureInfo.InvariantCulture,
        $"{talker}GGA,{time.UtcDateTime:HHmmss.fff},{Place(lat, 2, "NS")},{Place(lon, 3, "EW")},1,09,0.9,{altitude:0.0},M,0.0,M,,"));

    /// <summary>The sentence between its dollar and its checksum.</summary>
    public static string Checked(string sentence) => $"${sentence}*{sentence.Aggregate(0, static (sum, one) => sum ^ one):X2}";

    private static string Place(double degrees, int digits, string sides)
    {
        // In whole hundred-thousandths of a minute first: neither 60 minutes nor a nought in the south must come out.
        long small = (long)Math.Round(degrees * 60 * 100_000);
        string whole = (Math.Abs(small) / 6_000_000).ToString($"D{digits}", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{whole}{Math.Abs(small) % 6_000_000 / 100_000.0:00.00000},{sides[small < 0 ? 1 : 0]}");
    }
}
