using System.Buffers.Binary;
using System.Text;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>The words and times of the protocol: GBK, and BCD at GMT+8.</summary>
internal static class Jt808Fields
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    internal static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!;

    /// <summary>Without the padding, and without zeros anywhere: a database takes none.</summary>
    internal static string ReadText(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.Trim((byte)0);
        return Gbk.GetString(bytes).Replace("\0", "", StringComparison.Ordinal).Trim(' ');
    }

    /// <summary>Padded by zeros at the end; what is too long is cut.</summary>
    internal static byte[] Padded(string text, int length)
    {
        byte[] bytes = Gbk.GetBytes(text);
        Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <summary>YYMMDDhhmmss of this century; null where that is no moment.</summary>
    internal static DateTimeOffset? ReadTime(ReadOnlySpan<byte> bcd)
    {
        Span<int> parts = stackalloc int[6];
        for (int index = 0; index < 6; index++)
        {
            int high = bcd[index] >> 4;
            int low = bcd[index] & 15;
            if (high > 9 || low > 9)
            {
                return null;
            }

            parts[index] = 10 * high + low;
        }

        if (parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(2000 + parts[0], parts[1])
            || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
        {
            return null;
        }

        return new DateTimeOffset(2000 + parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], China);
    }

    /// <summary>Whole seconds; zeros for null.</summary>
    internal static void WriteTime(Span<byte> bcd, DateTimeOffset? time)
    {
        bcd.Clear();
        if (time is { } moment)
        {
            moment = moment.ToOffset(China);
            ReadOnlySpan<int> parts = [moment.Year % 100, moment.Month, moment.Day, moment.Hour, moment.Minute, moment.Second];
            for (int index = 0; index < 6; index++)
            {
                bcd[index] = (byte)(parts[index] / 10 << 4 | parts[index] % 10);
            }
        }
    }

    /// <summary>Null where the body is shorter than a location.</summary>
    internal static Jt808Location? ReadLocation(ReadOnlyMemory<byte> body)
    {
        if (body.Length < Jt808Location.FixedBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = body.Span;
        return new Jt808Location(
            BinaryPrimitives.ReadUInt32BigEndian(bytes),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
            BinaryPrimitives.ReadInt16BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[18..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[20..]),
            ReadTime(bytes[22..28]),
            body[Jt808Location.FixedBytes..]);
    }

    internal static byte[] WriteLocation(Jt808Location location)
    {
        byte[] body = new byte[Jt808Location.FixedBytes + location.Items.Length];
        BinaryPrimitives.WriteUInt32BigEndian(body, location.Alarms);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), location.Status);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(8), location.Latitude);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(12), location.Longitude);
        BinaryPrimitives.WriteInt16BigEndian(body.AsSpan(16), location.AltitudeMeters);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(18), location.Speed);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(20), location.HeadingDegrees);
        WriteTime(body.AsSpan(22, 6), location.Time);
        location.Items.Span.CopyTo(body.AsSpan(Jt808Location.FixedBytes));
        return body;
    }
}
