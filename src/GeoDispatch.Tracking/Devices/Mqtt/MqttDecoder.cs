using System.Buffers;
using System.Text.Json;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Devices.Mqtt;

/// <summary>
/// Reads what a terminal publishes: one fix in the members of <see cref="AvlFix"/>, several of them in an array, or a message of OwnTracks, of
/// which a <c>location</c> is a fix and all others say nothing here. Pure. Source: OwnTracks' booklet, JSON.
/// </summary>
internal static class MqttDecoder
{
    /// <summary>Of a payload.</summary>
    internal const int MostBytes = 65_536;

    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 8 };
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { MaxDepth = 8 };

    /// <summary>The fixes, perhaps none; or <c>mqtt.bad_payload</c>.</summary>
    internal static (IReadOnlyList<AvlFix>? Fixes, Problem? Problem) Read(ReadOnlySequence<byte> payload)
    {
        if (payload.Length > MostBytes)
        {
            return (null, Bad("", $"最多 {MostBytes} 字节 / at most {MostBytes} bytes"));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(payload, Shallow);
            JsonElement root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Object when root.TryGetProperty("_type", out JsonElement type) =>
                    type.ValueKind == JsonValueKind.String && type.ValueEquals("location") ? ReadOwnTracks(root) : ([], null),
                JsonValueKind.Object => ([root.Deserialize<AvlFix>(Strict)!], null),
                JsonValueKind.Array when root.GetArrayLength() > FixRules.MostFixes =>
                    (null, Bad("fixes", $"一次 1 至 {FixRules.MostFixes} 个 / 1 to {FixRules.MostFixes} in one message")),
                JsonValueKind.Array when root.EnumerateArray().All(static one => one.ValueKind == JsonValueKind.Object) =>
                    (root.Deserialize<AvlFix[]>(Strict)!, null),
                _ => (null, Bad("", "对象或数组 / an object or an array")),
            };
        }
        catch (JsonException wrong)
        {
            return (null, Bad(wrong.Path ?? "", "JSON: time, lon, lat, …"));
        }
        catch (InvalidOperationException)
        {
            // A member's text is no Unicode: the reader of JSON finds that out late.
            return (null, Bad("", "JSON, UTF-8"));
        }
    }

    /// <summary>Seconds, degrees, km/h; what a sensor cannot have measured is left out.</summary>
    private static (IReadOnlyList<AvlFix>? Fixes, Problem? Problem) ReadOwnTracks(JsonElement message)
    {
        if (Number(message, "tst") is not { } seconds || !(seconds is >= 0 and <= 253_402_300_799))
        {
            return (null, Bad("tst", "秒 / seconds since 1970"));
        }

        if (Number(message, "lat") is not { } lat || Number(message, "lon") is not { } lon)
        {
            return (null, Bad(Number(message, "lat") is null ? "lat" : "lon", "度 / degrees"));
        }

        return ([new AvlFix(
            DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1_000)), lon, lat,
            Within(Number(message, "vel"), 0, 400), Within(Number(message, "cog"), 0, 360), Within(Number(message, "acc"), 0, 100_000),
            Within(Number(message, "alt"), -1_000, 20_000))], null);
    }

    private static double? Within(double? value, double least, double most) => value >= least && value <= most ? value : null;

    private static double? Number(JsonElement from, string name) =>
        from.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out double number) ? number : null;

    private static Problem Bad(string field, string right) =>
        new(400, "mqtt.bad_payload", "内容不合格式 / Malformed payload", $"{field}: {right}", field);
}
