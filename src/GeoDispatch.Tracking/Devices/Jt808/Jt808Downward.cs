using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Postgres;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>What a desk may ask of a terminal, as it is kept until the terminal is there.</summary>
/// <param name="Kind"><c>text</c>, <c>locate</c>, <c>track</c>, <c>confirmAlarms</c>, <c>setParameters</c>, <c>readParameters</c>.</param>
/// <param name="Text">Of <c>text</c>: at most 1,000 bytes of GBK, 500 Chinese characters.</param>
/// <param name="Urgent">Of <c>text</c>.</param>
/// <param name="Aloud">Of <c>text</c>: read out in the vehicle; it is shown in any case.</param>
/// <param name="IntervalSeconds">Of <c>track</c>: 0 ends it.</param>
/// <param name="ForSeconds">Of <c>track</c>: up to a day.</param>
/// <param name="AlarmSerial">Of <c>confirmAlarms</c>: 0 for all.</param>
/// <param name="Alarms">Of <c>confirmAlarms</c>: the bits.</param>
/// <param name="Parameters">Of <c>setParameters</c>: by number in hexadecimal, such as <c>0029</c>, values in hexadecimal, big-endian.</param>
internal sealed record TerminalCommand(
    string? Kind, string? Text = null, bool Urgent = false, bool Aloud = false, int? IntervalSeconds = null, int? ForSeconds = null,
    int AlarmSerial = 0, long? Alarms = null, IReadOnlyDictionary<string, string>? Parameters = null);

/// <summary>Between commands and the messages of JT/T 808. Pure.</summary>
internal static class Jt808Downward
{
    /// <summary>So that each message fits one frame, and its receipt names it.</summary>
    internal const int MostTextBytes = 1_000;

    private const int MostParameters = 30;
    private const byte Urgent = 1;
    private const byte Display = 1 << 2;
    private const byte Aloud = 1 << 3;

    /// <summary>The message, or why there is none.</summary>
    internal static (Jt808Message? Message, Problem? Problem) Of(TerminalCommand command) => command switch
    {
        { Kind: "text" } => OfText(command),
        { Kind: "locate" } => (new Jt808Bare(Jt808Bare.AskPosition), null),
        { Kind: "readParameters" } => (new Jt808Bare(Jt808Bare.AskParameters), null),
        { Kind: "track", IntervalSeconds: not (>= 0 and <= 3_600) } => Bad("intervalSeconds", command.IntervalSeconds, "0 … 3600"),
        { Kind: "track", IntervalSeconds: > 0, ForSeconds: not (>= 1 and <= 86_400) } => Bad("forSeconds", command.ForSeconds, "1 … 86400"),
        { Kind: "track" } => (new Jt808Track((ushort)command.IntervalSeconds!.Value, command.IntervalSeconds == 0 ? 0 : (uint)command.ForSeconds!.Value), null),
        { Kind: "confirmAlarms", AlarmSerial: not (>= 0 and <= 65_535) } => Bad("alarmSerial", command.AlarmSerial, "0 … 65535"),
        { Kind: "confirmAlarms", Alarms: not (>= 1 and <= uint.MaxValue) } => Bad("alarms", command.Alarms, "1 … 4294967295"),
        { Kind: "confirmAlarms" } => (new Jt808ConfirmAlarms((ushort)command.AlarmSerial, (uint)command.Alarms!.Value), null),
        { Kind: "setParameters" } => OfParameters(command),
        _ => Bad("kind", command.Kind, "text, locate, track, confirmAlarms, setParameters, readParameters"),
    };

    /// <summary>The parameters as a desk reads them, by number in hexadecimal.</summary>
    internal static string Answer(Jt808Parameters parameters) => JsonSerializer.Serialize(parameters.Parameters
        .DistinctBy(static one => one.Id)
        .ToDictionary(static one => Number(one.Id), static one => Convert.ToHexString(one.Value), StringComparer.Ordinal));

    /// <summary>Where it says that it is.</summary>
    internal static string Answer(Jt808Position position) => JsonSerializer.Serialize(new
    {
        lon = position.Location.Lon,
        lat = position.Location.Lat,
        isFixed = position.Location.IsFixed,
        time = position.Location.Time,
    });

    private static (Jt808Message?, Problem?) OfText(TerminalCommand command)
    {
        string text = command.Text?.Trim() ?? "";
        int bytes = Jt808Fields.Gbk.GetByteCount(text);
        if (bytes is 0 or > MostTextBytes || text.Any(static letter => char.IsControl(letter) && letter != '\n'))
        {
            return Bad("text", command.Text, $"1 … {MostTextBytes} GBK 字节,无控制字符 / 1 … {MostTextBytes} bytes of GBK without control characters");
        }

        // What GBK lacks would reach the driver as a question mark.
        if (!string.Equals(Jt808Fields.Gbk.GetString(Jt808Fields.Gbk.GetBytes(text)), text, StringComparison.Ordinal))
        {
            return Bad("text", command.Text, "终端只能显示 GBK 字符 / the terminal shows characters of GBK alone");
        }

        return (new Jt808Text((byte)(Display | (command.Urgent ? Urgent : 0) | (command.Aloud ? Aloud : 0)), 1, text), null);
    }

    private static (Jt808Message?, Problem?) OfParameters(TerminalCommand command)
    {
        if (command.Parameters?.Count is not (>= 1 and <= MostParameters))
        {
            return Bad("parameters", command.Parameters?.Count, $"1 … {MostParameters}");
        }

        var parameters = new List<Jt808Parameter>();
        foreach ((string name, string value) in command.Parameters)
        {
            if (name.Length is < 1 or > 8 || !uint.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint id))
            {
                return Bad("parameters", name, "编号为十六进制,如 0029 / numbers in hexadecimal, such as 0029");
            }

            byte[] bytes = new byte[32];
            if (value is null || value.Length > 64
                || Convert.FromHexString(value, bytes, out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return Bad($"parameters.{name}", value, "至多 32 字节的十六进制 / up to 32 bytes in hexadecimal");
            }

            parameters.Add(new Jt808Parameter(id, bytes[..length]));
        }

        int total = 1 + parameters.Sum(static one => 5 + one.Value.Length);
        return total > Jt808Header.MostBody ? Bad("parameters", total, $"≤ {Jt808Header.MostBody} B") : (new Jt808SetParameters(parameters), null);
    }

    private static string Number(uint id) => id.ToString("X4", CultureInfo.InvariantCulture);

    private static (Jt808Message?, Problem?) Bad(string field, object? value, string range) => (null, new Problem(
        400, "terminal.bad_message", "下发内容无效 / Message not valid", $"{field}: {range}", field, Convert.ToString(value, CultureInfo.InvariantCulture)));
}
