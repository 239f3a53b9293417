using GeoDispatch.Postgres;

namespace GeoDispatch.Tracking.Devices;

/// <summary>By what a terminal is known: its protocol, and its number in the one form that is decoded, entered, kept and shown.</summary>
internal static class TerminalNumber
{
    private const int MostJt808Digits = 20;
    private static readonly string[] Protocols = [Jt808.Jt808Desk.Protocol, "osmand", "nmea", "mqtt"];

    /// <summary>
    /// JT/T 808 fills a number up with zeros, to 12 digits and since 2019 to 20: without them a terminal is the same by either edition, and by
    /// whichever of them its label shows. Numbers of other protocols stand as they are.
    /// </summary>
    internal static string Of(string protocol, string number) => protocol != Jt808.Jt808Desk.Protocol ? number
        : number.TrimStart('0') is { Length: > 0 } digits ? digits
        : "0";

    /// <summary>Null where the names could be those of a terminal.</summary>
    internal static Problem? Check(string? protocol, string? number) =>
        !Protocols.Contains(protocol, StringComparer.Ordinal)
            ? TerminalProblems.BadField("protocol", protocol, string.Join(" | ", Protocols))
        : protocol == Jt808.Jt808Desk.Protocol && (number is not { Length: >= 1 and <= MostJt808Digits } || !number.All(char.IsAsciiDigit))
            ? TerminalProblems.BadField("terminal", number, $"1 至 {MostJt808Digits} 位数字 / 1 to {MostJt808Digits} digits")
        : ApprovalWish.Text("terminal", number, 1, 64);
}
