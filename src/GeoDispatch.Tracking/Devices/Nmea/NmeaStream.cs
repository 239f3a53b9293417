using System.Buffers;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Devices.Nmea;

/// <summary>
/// Makes messages of a terminal's bytes, and fixes of its messages. What is found depends on the bytes alone, not on how the network cut them.
/// Of one connection or datagram, not safe for threads; holds nothing but the last name and altitude.
/// </summary>
internal sealed class NmeaStream
{
    /// <summary>The standard allows 82; a name, a key and what trackers append come on top.</summary>
    internal const int MostLine = 512;

    private const double KmhOfKnot = 1.852;
    private readonly List<NmeaMessage> read = [];
    private NmeaAltitude? altitude;
    private bool isSkipping;

    /// <summary>Who speaks; null before it said so.</summary>
    internal NmeaName? Name { get; private set; }

    /// <summary>
    /// Takes the next line off the buffer. False where more bytes are needed; what is left then is at most one unfinished line.
    /// </summary>
    /// <param name="fix">Null where the line was no place.</param>
    /// <param name="fault">Null where the line was right, or empty.</param>
    internal bool TryRead(ref ReadOnlySequence<byte> buffer, out AvlFix? fix, out NmeaFault? fault)
    {
        (fix, fault) = (null, null);
        ReadOnlySequence<byte> within = buffer.Slice(0, Math.Min(buffer.Length, MostLine + 1));
        SequencePosition? end = within.PositionOf((byte)'\n');
        if (end is null)
        {
            if (within.Length <= MostLine)
            {
                return false;
            }

            // Its rest is no line either; one fault is enough for it.
            buffer = buffer.Slice(within.End);
            fault = isSkipping ? null : NmeaFault.TooLong;
            isSkipping = true;
            return true;
        }

        ReadOnlySequence<byte> line = within.Slice(0, end.Value);
        buffer = buffer.Slice(buffer.GetPosition(1, end.Value));
        if (isSkipping)
        {
            isSkipping = false;
            return true;
        }

        Span<byte> bytes = stackalloc byte[(int)line.Length];
        line.CopyTo(bytes);
        fault = Take(((ReadOnlySpan<byte>)bytes).TrimEnd("\r\0"u8), out fix);
        return true;
    }

    private NmeaFault? Take(ReadOnlySpan<byte> line, out AvlFix? fix)
    {
        fix = null;
        if (line.IsEmpty)
        {
            return null;
        }

        read.Clear();
        NmeaFault? fault = NmeaDecoder.Read(line, read);
        foreach (NmeaMessage message in read)
        {
            switch (message)
            {
                case NmeaName name:
                    Name = name;
                    break;
                case NmeaAltitude height:
                    altitude = height;
                    break;
                case NmeaPosition position:
                    fix = Fix(position, altitude?.TimeOfDay == position.Time.TimeOfDay ? altitude.AltitudeMeters : null);
                    break;
            }
        }

        return fault;
    }

    /// <summary>What a receiver cannot have measured is left out: it does not make the place wrong.</summary>
    private static AvlFix Fix(NmeaPosition position, double? altitude) => new(
        position.Time, position.Lon, position.Lat,
        position.SpeedKnots * KmhOfKnot is >= 0 and <= 400 and var speed ? speed : null,
        position.CourseDegrees is >= 0 and <= 360 ? position.CourseDegrees : null,
        AltitudeMeters: altitude is >= -1_000 and <= 20_000 ? altitude : null,
        IsFixed: position.IsFixed);
}
