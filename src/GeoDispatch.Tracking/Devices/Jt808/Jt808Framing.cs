using System.Buffers;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>
/// Finds messages in a stream: <c>7E | header | body | XOR | 7E</c>, where between the flags <c>7D 02</c> stands for 7E and <c>7D 01</c> for
/// 7D. What is found depends on the bytes alone, not on how the network cut them.
/// </summary>
internal static class Jt808Framing
{
    private const byte Flag = 0x7E;
    private const byte Escape = 0x7D;

    /// <summary>Between the flags: every byte may have been escaped.</summary>
    internal const int MostEscaped = 2 * Jt808Header.MostBytes;

    /// <summary>
    /// Takes the next message, or the next run of bytes that is none, off the buffer. False where more bytes are needed; bytes before the
    /// first flag are gone then, too, so that what is kept is at most one unfinished message.
    /// </summary>
    internal static bool TryRead(ref ReadOnlySequence<byte> buffer, out Jt808Frame? frame, out Jt808Fault? fault)
    {
        frame = null;
        fault = null;
        while (true)
        {
            if (buffer.PositionOf(Flag) is not { } opening)
            {
                buffer = buffer.Slice(buffer.End);
                return false;
            }

            buffer = buffer.Slice(opening);
            ReadOnlySequence<byte> inside = buffer.Slice(1, Math.Min(buffer.Length - 1, MostEscaped + 1));
            if (inside.PositionOf(Flag) is not { } closing)
            {
                if (inside.Length <= MostEscaped)
                {
                    return false;
                }

                buffer = buffer.Slice(inside.End);
                fault = Jt808Fault.TooLong;
                return true;
            }

            inside = inside.Slice(0, closing);
            if (inside.IsEmpty)
            {
                // The end of one message and the start of the next.
                buffer = buffer.Slice(closing);
                continue;
            }

            fault = Read(inside, out frame);
            // Where a flag was lost, this one opens the next message.
            buffer = fault is null ? buffer.Slice(buffer.GetPosition(1, closing)) : buffer.Slice(closing);
            return true;
        }
    }

    /// <summary>Appends a message with both flags.</summary>
    /// <exception cref="ArgumentException">The body is longer than 1,023 bytes: cut it by <see cref="WriteMessage"/>.</exception>
    internal static void Write(IBufferWriter<byte> target, Jt808Header header, ReadOnlySpan<byte> body)
    {
        if (body.Length > Jt808Header.MostBody)
        {
            throw new ArgumentException($"{body.Length} bytes are more than a frame holds.", nameof(body));
        }

        Span<byte> plain = stackalloc byte[Jt808Header.MostBytes];
        header.Write(plain, body.Length);
        body.CopyTo(plain[header.Length..]);
        int length = header.Length + body.Length;
        plain[length] = Checksum(plain[..length]);
        Span<byte> escaped = target.GetSpan(MostEscaped + 2);
        int at = 0;
        escaped[at++] = Flag;
        foreach (byte value in plain[..(length + 1)])
        {
            if (value is Flag or Escape)
            {
                escaped[at++] = Escape;
                escaped[at++] = value == Flag ? (byte)2 : (byte)1;
            }
            else
            {
                escaped[at++] = value;
            }
        }

        escaped[at++] = Flag;
        target.Advance(at);
    }

    /// <summary>Appends a message in as many parts as it needs; each part has a serial of its own, from the header's on.</summary>
    /// <returns>How many serials were used.</returns>
    internal static int WriteMessage(IBufferWriter<byte> target, Jt808Header header, ReadOnlySpan<byte> body)
    {
        if (body.Length <= Jt808Header.MostBody)
        {
            Write(target, header, body);
            return 1;
        }

        int parts = (body.Length + Jt808Header.MostBody - 1) / Jt808Header.MostBody;
        for (int part = 0; part < parts; part++)
        {
            int start = part * Jt808Header.MostBody;
            Write(
                target,
                header with { Serial = (ushort)(header.Serial + part), Parts = (ushort)parts, Part = (ushort)(part + 1) },
                body[start..Math.Min(start + Jt808Header.MostBody, body.Length)]);
        }

        return parts;
    }

    private static Jt808Fault? Read(ReadOnlySequence<byte> inside, out Jt808Frame? frame)
    {
        frame = null;
        Span<byte> bytes = stackalloc byte[MostEscaped];
        bytes = bytes[..(int)inside.Length];
        inside.CopyTo(bytes);
        int length = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            byte value = bytes[at];
            if (value == Escape)
            {
                at++;
                if (at == bytes.Length || bytes[at] is not (1 or 2))
                {
                    return Jt808Fault.WrongEscape;
                }

                value = bytes[at] == 2 ? Flag : Escape;
            }

            bytes[length++] = value;
        }

        if (length > Jt808Header.MostBytes)
        {
            return Jt808Fault.TooLong;
        }

        // The XOR over a message and its checksum is nought.
        if (Checksum(bytes[..length]) != 0)
        {
            return Jt808Fault.WrongChecksum;
        }

        Span<byte> message = bytes[..(length - 1)];
        if (Jt808Header.Read(message, out Jt808Header header) is { } fault)
        {
            return fault;
        }

        frame = new Jt808Frame(header, message[header.Length..].ToArray());
        return null;
    }

    private static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum ^= value;
        }

        return sum;
    }
}
