using System.Buffers.Binary;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>One additional item of a location: what it is and its bytes.</summary>
internal readonly record struct Jt808Item(byte Id, ReadOnlyMemory<byte> Value);

/// <summary>The body of 0200, kept in the units of the wire so that nothing is lost between reading and writing.</summary>
/// <param name="Alarms">Bit 0 SOS, 1 overspeed, 2 fatigue, 4 no GNSS … 29 collision, 30 rollover.</param>
/// <param name="Status">Bit 0 ignition, 1 fixed, 2 south, 3 west, 5 encrypted coordinates, 18 GPS, 19 BeiDou …</param>
/// <param name="Latitude">Millionths of a degree; its sign is in the status.</param>
/// <param name="Longitude">Millionths of a degree; its sign is in the status.</param>
/// <param name="AltitudeMeters">Above the sea; negative ones come as two's complement.</param>
/// <param name="Speed">Tenths of km/h.</param>
/// <param name="HeadingDegrees">0 to 359, clockwise from north.</param>
/// <param name="Time">Null where its digits are no moment.</param>
/// <param name="Items">The additional items as they came: id, length, value, repeated.</param>
internal sealed record Jt808Location(
    uint Alarms, uint Status, uint Latitude, uint Longitude, short AltitudeMeters, ushort Speed, ushort HeadingDegrees,
    DateTimeOffset? Time, ReadOnlyMemory<byte> Items)
{
    internal const int FixedBytes = 28;
    private const uint Fixed = 1 << 1;
    private const uint South = 1 << 2;
    private const uint West = 1 << 3;
    private const uint Encrypted = 1 << 5;

    internal bool Ignition => (Status & 1) != 0;

    /// <summary>False, too, where the coordinates are encrypted: nobody here can read them.</summary>
    internal bool IsFixed => (Status & (Fixed | Encrypted)) == Fixed;

    internal double Lat => (Status & South) != 0 ? Latitude / -1e6 : Latitude / 1e6;

    internal double Lon => (Status & West) != 0 ? Longitude / -1e6 : Longitude / 1e6;

    internal double SpeedKmh => Speed / 10.0;

    /// <summary>Item 01.</summary>
    internal double? MileageKm => Find(0x01) is { Length: 4 } value ? BinaryPrimitives.ReadUInt32BigEndian(value.Span) / 10.0 : null;

    /// <summary>Item 02.</summary>
    internal double? FuelLitres => Find(0x02) is { Length: 2 } value ? BinaryPrimitives.ReadUInt16BigEndian(value.Span) / 10.0 : null;

    /// <summary>Item 03: by the vehicle's own recorder.</summary>
    internal double? RecorderSpeedKmh => Find(0x03) is { Length: 2 } value ? BinaryPrimitives.ReadUInt16BigEndian(value.Span) / 10.0 : null;

    /// <summary>Every item up to the first that claims more bytes than there are.</summary>
    internal IEnumerable<Jt808Item> ListItems()
    {
        for (int at = 0; at + 2 <= Items.Length; at += 2 + Items.Span[at + 1])
        {
            int length = Items.Span[at + 1];
            if (at + 2 + length > Items.Length)
            {
                yield break;
            }

            yield return new Jt808Item(Items.Span[at], Items.Slice(at + 2, length));
        }
    }

    /// <summary>What is left of <see cref="Items"/> without those that have a member here; a broken end included. Null where nothing is.</summary>
    internal byte[]? UnknownItems()
    {
        var left = new List<byte>();
        int read = 0;
        foreach (Jt808Item item in ListItems())
        {
            if (!(item is { Id: 0x01, Value.Length: 4 } or { Id: 0x02 or 0x03, Value.Length: 2 }))
            {
                left.AddRange(Items.Span.Slice(read, 2 + item.Value.Length));
            }

            read += 2 + item.Value.Length;
        }

        left.AddRange(Items.Span[read..]);
        return left.Count == 0 ? null : [.. left];
    }

    private ReadOnlyMemory<byte>? Find(byte id)
    {
        foreach (Jt808Item item in ListItems())
        {
            if (item.Id == id)
            {
                return item.Value;
            }
        }

        return null;
    }
}
