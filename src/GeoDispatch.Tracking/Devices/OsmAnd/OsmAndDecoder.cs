using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.WebUtilities;

namespace GeoDispatch.Tracking.Devices.OsmAnd;

/// <summary>What one request of the protocol says.</summary>
/// <param name="Terminal">Its number, without the key that may have stood behind it.</param>
/// <param name="Key">Null where none was sent in the request itself.</param>
/// <param name="Fixes">At least one.</param>
internal sealed record OsmAndReport(string Terminal, string? Key, IReadOnlyList<AvlFix> Fixes);

/// <summary>
/// Reads what OsmAnd and Traccar Client send: parameters in the URL or as a form (speed in knots), or the JSON of newer clients (speed in
/// metres a second, −1 where not known). Pure. Source: Traccar's <c>OsmAndProtocolDecoder</c> and what its clients send.
/// </summary>
internal static class OsmAndDecoder
{
    /// <summary>Of a body.</summary>
    internal const int MostBytes = 65_536;

    private const int MostParameters = 100;
    private const double KmhOfKnot = 1.852;
    private const double KmhOfMetreASecond = 3.6;
    private const long FirstInMilliseconds = 100_000_000_000;
    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ssK"];
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 8 };

    /// <summary>The report, or <c>osmand.bad_field</c>.</summary>
    /// <param name="query">Of the URL; may be empty.</param>
    /// <param name="body">JSON where it begins with a brace, else a form; may be empty.</param>
    internal static (OsmAndReport? Report, Problem? Problem) Read(string? query, ReadOnlyMemory<byte> body)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        bool isJson = body.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        if (!TryAdd(said, query) || (!isJson && !TryAdd(said, Encoding.UTF8.GetString(body.Span))))
        {
            return (null, Bad("", null, $"最多 {MostParameters} 个参数 / at most {MostParameters} parameters"));
        }

        return isJson ? ReadJson(said, body) : ReadParameters(said);
    }

    private static bool TryAdd(Dictionary<string, string> said, string? query)
    {
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
        {
            said[pair.DecodeName().ToString()] = pair.DecodeValue().ToString();
            if (said.Count > MostParameters)
            {
                return false;
            }
        }

        return true;
    }

    private static (OsmAndReport? Report, Problem? Problem) ReadParameters(Dictionary<string, string> said)
    {
        if (Text(said, "id", "deviceid") is not { } id)
        {
            return (null, Bad("id", null, "终端号 / the number of the terminal"));
        }

        string[] location = Text(said, "location")?.Split(',') is [_, _] both ? both : [Text(said, "lat") ?? "", Text(said, "lon") ?? ""];
        if (!TryDegrees(location[0], 90, out double lat))
        {
            return (null, Bad("lat", location[0], "−90 … 90"));
        }

        if (!TryDegrees(location[1], 180, out double lon))
        {
            return (null, Bad("lon", location[1], "−180 … 180"));
        }

        if (Time(Text(said, "timestamp")) is not { } time)
        {
            return (null, BadTime("timestamp", Text(said, "timestamp")));
        }

        foreach (string field in (string[])["speed", "bearing", "heading", "altitude", "accuracy"])
        {
            if (Text(said, field) is { } value && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                return (null, Bad(field, value, "数 / a number"));
            }
        }

        return Named(id, said, [Fix(
            time, lon, lat,
            Number(Text(said, "speed")) * KmhOfKnot, Number(Text(said, "bearing", "heading")),
            Number(Text(said, "accuracy")), Number(Text(said, "altitude"))) with
        {
            IsFixed = Text(said, "valid") is { } valid ? valid is "1" || valid.Equals("true", StringComparison.OrdinalIgnoreCase) : null,
            Ignition = Text(said, "ignition") switch { "true" or "1" => true, "false" or "0" => false, _ => null },
            Alarms = Alarms(Text(said, "alarm")),
        }]);
    }

    private static (OsmAndReport? Report, Problem? Problem) ReadJson(Dictionary<string, string> said, ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Shallow);
            if ((String(document.RootElement, "device_id") ?? Text(said, "id", "deviceid")) is not { } id)
            {
                return (null, Bad("device_id", null, "终端号 / the number of the terminal"));
            }

            JsonElement[] locations = Member(document.RootElement, "location") switch
            {
                { ValueKind: JsonValueKind.Object } one => [one],
                { ValueKind: JsonValueKind.Array } several when several.GetArrayLength() is >= 1 and <= FixRules.MostFixes => [.. several.EnumerateArray()],
                _ => [],
            };
            if (locations.Length == 0)
            {
                return (null, Bad("location", null, $"对象,或 1 至 {FixRules.MostFixes} 个对象 / an object, or 1 to {FixRules.MostFixes} of them"));
            }

            var fixes = new List<AvlFix>(locations.Length);
            foreach (JsonElement location in locations)
            {
                if (ReadLocation(location, fixes) is { } problem)
                {
                    return (null, problem);
                }
            }

            return Named(id, said, fixes);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // The second where a member's text is no Unicode: the reader of JSON finds that out late.
            return (null, Bad("", null, "JSON, UTF-8"));
        }
    }

    private static Problem? ReadLocation(JsonElement location, List<AvlFix> fixes)
    {
        JsonElement? coords = Member(location, "coords");
        if (Number(coords, "latitude") is not { } lat || !(lat is >= -90 and <= 90))
        {
            return Bad("location.coords.latitude", Member(coords, "latitude")?.GetRawText(), "−90 … 90");
        }

        if (Number(coords, "longitude") is not { } lon || !(lon is >= -180 and <= 180))
        {
            return Bad("location.coords.longitude", Member(coords, "longitude")?.GetRawText(), "−180 … 180");
        }

        string? said = String(location, "timestamp");
        if (Time(said) is not { } time)
        {
            return BadTime("location.timestamp", said);
        }

        fixes.Add(Fix(
            time, lon, lat, Number(coords, "speed") * KmhOfMetreASecond, Number(coords, "heading"), Number(coords, "accuracy"),
            Number(coords, "altitude")) with
        {
            Alarms = Alarms(String(location, "event")),
        });
        return null;
    }

    /// <summary>What a sensor cannot have measured is left out: it does not make the place wrong.</summary>
    private static AvlFix Fix(DateTimeOffset time, double lon, double lat, double? speed, double? heading, double? accuracy, double? altitude) => new(
        time, lon, lat,
        speed is >= 0 and <= 400 ? speed : null,
        heading is >= 0 and <= 360 ? heading : null,
        accuracy is >= 0 and <= 100_000 ? accuracy : null,
        altitude is >= -1_000 and <= 20_000 ? altitude : null);

    private static (OsmAndReport? Report, Problem? Problem) Named(string id, Dictionary<string, string> said, IReadOnlyList<AvlFix> fixes)
    {
        (string terminal, string? key) = TerminalDoor.Split(id);
        return (new OsmAndReport(terminal, Text(said, "key") ?? key, fixes), null);
    }

    /// <summary>Bit 0 of JT/T 808 is the driver's call for help; no other alarm of a telephone is one of a vehicle.</summary>
    private static long? Alarms(string? alarm) => alarm is "sos" ? 1 : null;

    private static DateTimeOffset? Time(string? value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number / (number < FirstInMilliseconds ? 1 : 1_000) <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? number < FirstInMilliseconds ? DateTimeOffset.FromUnixTimeSeconds(number) : DateTimeOffset.FromUnixTimeMilliseconds(number)
                : null
            : DateTimeOffset.TryParseExact(
                value, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
                ? time
                : null;

    private static string? Text(Dictionary<string, string> said, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (said.TryGetValue(name, out string? value) && value.Length > 0)
            {
                return value;
            }
        }

        return null;
    }

    private static bool TryDegrees(string value, double most, out double degrees) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees) && Math.Abs(degrees) <= most;

    private static double? Number(string? value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static JsonElement? Member(JsonElement? from, string name) =>
        from is { ValueKind: JsonValueKind.Object } there && there.TryGetProperty(name, out JsonElement found) ? found : null;

    private static double? Number(JsonElement? from, string name) =>
        Member(from, name) is { ValueKind: JsonValueKind.Number } found && found.TryGetDouble(out double number) ? number : null;

    private static string? String(JsonElement from, string name) => Member(from, name) switch
    {
        { ValueKind: JsonValueKind.String } found => found.GetString() is { Length: > 0 } text ? text : null,
        { ValueKind: JsonValueKind.Number } found => found.GetRawText(),
        _ => null,
    };

    private static Problem BadTime(string field, string? value) => Bad(
        field, value, "秒、毫秒或 ISO 8601;无时间则重发会成为新位置 / seconds, milliseconds or ISO 8601: without one, what is sent again would be somewhere else");

    private static Problem Bad(string field, string? value, string right) =>
        new(400, "osmand.bad_field", "定位上报不合格式 / Malformed report", $"{field}: {right}", field, value);
}
