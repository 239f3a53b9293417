using System.Buffers.Binary;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>What stands before the body of each message: 12 bytes in the editions 2011 and 2013, 17 in 2019, and 4 more in a part.</summary>
/// <param name="Id">What the message is, such as 0x0200.</param>
/// <param name="Phone">The terminal's number without leading zeros: at most 12 digits, in 2019 20.</param>
/// <param name="Serial">Counts the sender's messages, from 0 again after 65,535.</param>
/// <param name="Is2019">Bit 14 of the attributes.</param>
/// <param name="Encryption">Bits 10 to 12 of the attributes; 0 where the body can be read.</param>
/// <param name="Parts">Into how many frames the message was cut; 0 where it was not.</param>
/// <param name="Part">Which of them this is, from 1.</param>
internal readonly record struct Jt808Header(
    ushort Id, string Phone, ushort Serial, bool Is2019, int Encryption = 0, ushort Parts = 0, ushort Part = 0)
{
    private const int PartBit = 1 << 13;
    private const int VersionBit = 1 << 14;
    internal const int MostBody = 1023;

    /// <summary>The longest header, the longest body, the checksum.</summary>
    internal const int MostBytes = 21 + MostBody + 1;

    private const byte Edition2019 = 1;

    internal int Length => (Is2019 ? 17 : 12) + (Parts > 0 ? 4 : 0);

    /// <summary>Reads the header of a message that still has its body; refused where the stated length is not the true one.</summary>
    internal static Jt808Fault? Read(ReadOnlySpan<byte> message, out Jt808Header header)
    {
        header = default;
        if (message.Length < 12)
        {
            return Jt808Fault.TooShort;
        }

        int attributes = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        bool is2019 = (attributes & VersionBit) != 0;
        bool isPart = (attributes & PartBit) != 0;
        int length = (is2019 ? 17 : 12) + (isPart ? 4 : 0);
        if (message.Length < length)
        {
            return Jt808Fault.TooShort;
        }

        if (message.Length - length != (attributes & MostBody))
        {
            return Jt808Fault.WrongLength;
        }

        string phone = TerminalNumber.Of(Jt808Desk.Protocol, Convert.ToHexString(is2019 ? message[5..15] : message[4..10]));
        if (phone.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return Jt808Fault.WrongNumber;
        }

        int at = is2019 ? 15 : 10;
        ushort parts = isPart ? BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) : (ushort)0;
        ushort part = isPart ? BinaryPrimitives.ReadUInt16BigEndian(message[(at + 4)..]) : (ushort)0;
        if (isPart && (part == 0 || part > parts))
        {
            return Jt808Fault.WrongPart;
        }

        header = new Jt808Header(
            BinaryPrimitives.ReadUInt16BigEndian(message), phone.Length == 0 ? "0" : phone,
            BinaryPrimitives.ReadUInt16BigEndian(message[at..]), is2019, attributes >> 10 & 7, parts, part);
        return null;
    }

    /// <summary>Writes the header of a body of so many bytes.</summary>
    internal void Write(Span<byte> target, int bodyLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, Id);
        BinaryPrimitives.WriteUInt16BigEndian(
            target[2..], (ushort)(bodyLength | Encryption << 10 | (Parts > 0 ? PartBit : 0) | (Is2019 ? VersionBit : 0)));
        int at = 4;
        if (Is2019)
        {
            target[at++] = Edition2019;
        }

        int digits = Is2019 ? 20 : 12;
        Convert.FromHexString(Phone.PadLeft(digits, '0'), target[at..], out _, out int written);
        at += written;
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], Serial);
        if (Parts > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 2)..], Parts);
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 4)..], Part);
        }
    }
}

/// <summary>A message as it stood between two flags, unescaped and checked; its body is not yet understood.</summary>
internal sealed record Jt808Frame(Jt808Header Header, byte[] Body);

/// <summary>Why bytes were no message.</summary>
internal enum Jt808Fault
{
    /// <summary>No second flag within the longest message.</summary>
    TooLong,

    /// <summary>Less than a header.</summary>
    TooShort,

    /// <summary>7D stands before neither 01 nor 02.</summary>
    WrongEscape,

    /// <summary>The last byte is not the XOR of all before it.</summary>
    WrongChecksum,

    /// <summary>The body is not as long as the header says.</summary>
    WrongLength,

    /// <summary>The terminal's number holds a digit above 9.</summary>
    WrongNumber,

    /// <summary>Part 0, or more than there are.</summary>
    WrongPart,

    /// <summary>The body is shorter than its message must be, or contradicts itself.</summary>
    WrongBody,
}
