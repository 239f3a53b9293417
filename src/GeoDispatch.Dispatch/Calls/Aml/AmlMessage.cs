using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Calls.Aml;

/// <summary>
/// Advanced Mobile Location, version 1, the text that a telephone sends by itself beside an emergency call (ETSI TR 103 393; TS 103 625):
/// <c>A"ML=1;lt=+54.76397;lg=-0.18305;rd=50;top=20130717141935;lc=90;pm=W;…;ml=128</c>. Pure.
/// </summary>
/// <param name="At">WGS 84; null where the telephone found no place (a null fix), which is no point at 0, 0.</param>
/// <param name="RadiusMeters">Of the circle around it, 0 to 1,000,000; null where unknown.</param>
/// <param name="MeasuredAt">UTC; null where unknown.</param>
/// <param name="ConfidencePercent">0 to 100; null where unknown.</param>
/// <param name="Method"><c>G</c> satellites, <c>W</c> wireless network, <c>C</c> cell, <c>N</c> none.</param>
internal sealed record AmlMessage(LonLat? At, double? RadiusMeters, DateTimeOffset? MeasuredAt, int? ConfidencePercent, char Method)
{
    private const string Header = "A\"ML=1;";
    private const int Longest = 500;
    private const double LargestRadius = 1_000_000;

    /// <summary>Reads one. Members that are not known are passed over, of the identities of telephone and card nothing is kept.</summary>
    /// <returns>Or <c>aml.malformed</c>, naming the member at fault.</returns>
    internal static (AmlMessage? Message, Problem? Problem) Read(string? text)
    {
        if (text is not { Length: <= Longest } || !text.StartsWith(Header, StringComparison.Ordinal))
        {
            return Refuse("text", text is { Length: > Longest } ? "…" : "", $"须以 {Header} 开头,至多 {Longest} 字符 / begins with {Header}, up to {Longest} characters");
        }

        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string member in text[Header.Length..].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = member.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !members.TryAdd(member[..equals], member[(equals + 1)..]))
            {
                return Refuse("text", member, "名=值,各一次 / name=value, each once");
            }
        }

        // Its own length tells a message that was cut.
        if (members.TryGetValue("ml", out string? length) && length != text.Length.ToString(CultureInfo.InvariantCulture))
        {
            return Refuse("ml", length, $"全文 {text.Length} 字符 / the text has {text.Length} characters");
        }

        return ReadPlace(members);
    }

    private static (AmlMessage? Message, Problem? Problem) ReadPlace(Dictionary<string, string> members)
    {
        string method = members.GetValueOrDefault("pm", "");
        if (method is not ("G" or "W" or "C" or "N"))
        {
            return Refuse("pm", method, "G | W | C | N");
        }

        double lat = Number(members, "lt", 90), lon = Number(members, "lg", 180);
        if (!LonLat.TryCreate(lon, lat, out LonLat at))
        {
            return Refuse(double.IsNaN(lat) ? "lt" : "lg", members.GetValueOrDefault(double.IsNaN(lat) ? "lt" : "lg", ""), "±DD.DDDDD");
        }

        bool none = method == "N" || members.GetValueOrDefault("rd") is "N" or null || at is { Lon: 0, Lat: 0 };
        double radius = none ? double.NaN : Number(members, "rd", LargestRadius);
        if (!none && !(radius >= 0))
        {
            return Refuse("rd", members["rd"], "N | 0…1000000");
        }

        DateTimeOffset? measured = null;
        if (members.TryGetValue("top", out string? time) && time != "N")
        {
            if (!DateTimeOffset.TryParseExact(
                time, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset read))
            {
                return Refuse("top", time, "yyyyMMddHHmmss UTC");
            }

            measured = read;
        }

        int? confidence = null;
        if (members.TryGetValue("lc", out string? percent) && percent != "N")
        {
            if (!int.TryParse(percent, NumberStyles.None, CultureInfo.InvariantCulture, out int read) || read > 100)
            {
                return Refuse("lc", percent, "N | 0…100");
            }

            confidence = read;
        }

        return (new AmlMessage(none ? null : at, none ? null : radius, measured, confidence, method[0]), null);
    }

    private static double Number(Dictionary<string, string> members, string name, double most) =>
        members.TryGetValue(name, out string? text) && text.Length <= 12
        && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
        && Math.Abs(value) <= most ? value : double.NaN;

    private static (AmlMessage?, Problem?) Refuse(string member, string value, string right) => (null, new Problem(
        400, "aml.malformed", "AML 报文不对 / Bad AML message", $"{member}: {right}", member, value));
}
