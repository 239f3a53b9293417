using System.Globalization;
using System.Text.Json.Serialization;
using MessagePack;
using MessagePack.Formatters;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>One measurement of a vehicle's place, as its device made it.</summary>
/// <param name="Time">By the device's clock; at most 30 s ahead of the server's and 30 days behind.</param>
/// <param name="Lon">−180 to 180 degrees.</param>
/// <param name="Lat">−90 to 90 degrees.</param>
/// <param name="SpeedKmh">0 to 400; null where not measured.</param>
/// <param name="HeadingDegrees">0 to 360, clockwise from north; null where not measured.</param>
/// <param name="AccuracyMeters">0 to 100,000; null where not measured.</param>
/// <param name="AltitudeMeters">−1,000 to 20,000 above sea level; null where not measured.</param>
/// <param name="MileageKm">The odometer, 0 to 10,000,000; null where not read.</param>
/// <param name="Ignition">Whether the engine is switched on; null where not known.</param>
/// <param name="Alarms">The 32 alarm bits of JT/T 808, 0x0200; null where the protocol has none.</param>
/// <param name="IsFixed">
/// False where the terminal had no reception: the place is not to be believed, the rest is. Null, like true, is a fix: who packs with
/// MessagePack and does not know the member leaves it out, and its default there is the type's.
/// </param>
/// <param name="Items">Additional items that nobody here understands, as they came; at most 1,024 bytes.</param>
[MessagePackObject]
public sealed record AvlFix(
    [property: Key("time"), MessagePackFormatter(typeof(IsoTimeFormatter)), JsonRequired] DateTimeOffset Time,
    [property: Key("lon"), JsonRequired] double Lon,
    [property: Key("lat"), JsonRequired] double Lat,
    [property: Key("speedKmh")] double? SpeedKmh = null,
    [property: Key("headingDegrees")] double? HeadingDegrees = null,
    [property: Key("accuracyMeters")] double? AccuracyMeters = null,
    [property: Key("altitudeMeters")] double? AltitudeMeters = null,
    [property: Key("mileageKm")] double? MileageKm = null,
    [property: Key("ignition")] bool? Ignition = null,
    [property: Key("alarms")] long? Alarms = null,
    [property: Key("isFixed")] bool? IsFixed = null,
    [property: Key("items")] byte[]? Items = null)
{
    /// <summary>Whether the place moves the vehicle. Terminals without reception also say 0, 0.</summary>
    [IgnoreMember]
    [JsonIgnore]
    public bool HasPlace => IsFixed != false && this is not { Lon: 0, Lat: 0 };
}

/// <summary>Fixes of one device, at most <see cref="FixRules.MostFixes"/>.</summary>
[MessagePackObject]
public sealed record SendFixesRequest(
    [property: Key("deviceId"), JsonRequired] Guid DeviceId,
    [property: Key("fixes"), JsonRequired] IReadOnlyList<AvlFix> Fixes);

/// <summary>Why a fix was refused, in the members of problem details.</summary>
[MessagePackObject]
public sealed record FixProblem(
    [property: Key("status")] int Status,
    [property: Key("code")] string Code,
    [property: Key("title")] string Title,
    [property: Key("detail")] string Detail,
    [property: Key("field")] string? Field);

/// <summary>A refused fix.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Problem">Why.</param>
[MessagePackObject]
public sealed record RefusedFix([property: Key("index")] int Index, [property: Key("problem")] FixProblem Problem);

/// <summary>What became of the fixes; given only after they are durable.</summary>
/// <param name="Accepted">Stored now.</param>
/// <param name="Duplicates">Were stored before: the same device, time and content.</param>
/// <param name="Refused">Not stored, and will not be if sent again.</param>
[MessagePackObject]
public sealed record FixReceipt(
    [property: Key("accepted")] int Accepted,
    [property: Key("duplicates")] int Duplicates,
    [property: Key("refused")] IReadOnlyList<RefusedFix> Refused);

/// <summary>Writes times as ISO 8601 text, as JSON does, so that a client reads both protocols alike. Reads timestamps, too.</summary>
public sealed class IsoTimeFormatter : IMessagePackFormatter<DateTimeOffset>
{
    /// <inheritdoc/>
    public void Serialize(ref MessagePackWriter writer, DateTimeOffset value, MessagePackSerializerOptions options) =>
        writer.Write(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public DateTimeOffset Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        if (reader.NextMessagePackType != MessagePackType.String)
        {
            return new DateTimeOffset(DateTime.SpecifyKind(reader.ReadDateTime(), DateTimeKind.Utc));
        }

        return DateTimeOffset.TryParse(
            reader.ReadString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new MessagePackSerializationException("The time is not ISO 8601.");
    }
}
