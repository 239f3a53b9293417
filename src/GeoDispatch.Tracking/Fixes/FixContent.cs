using System.Buffers.Binary;
using System.IO.Hashing;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>What is known of a fix besides its place; kept with it as bits in <c>tracking.fix.quality</c>.</summary>
[Flags]
public enum FixQualities : short
{
    /// <summary>Nothing is wrong with it.</summary>
    None = 0,

    /// <summary>The terminal had no reception: the report has no place.</summary>
    NoFix = 1,

    /// <summary>Came after a newer fix of its vehicle.</summary>
    Late = 2,

    /// <summary>Says a place where the vehicle cannot have come since the last; see <see cref="Motion.Whereabouts"/>.</summary>
    Jump = 4,
}

/// <summary>Tells whether two reports of one device and second are the same report.</summary>
public static class FixContent
{
    private const int FixedLength = 7 * sizeof(double) + sizeof(long) + 2;

    /// <summary>
    /// XXH64 over all that the device said but the time. The same on every machine and in every version, for it is part of a
    /// stored key; never 0, which rows without a hash have.
    /// </summary>
    public static long Hash(AvlFix fix)
    {
        ArgumentNullException.ThrowIfNull(fix);
        int items = fix.Items?.Length ?? 0;
        Span<byte> content = stackalloc byte[FixedLength + FixRules.MostItemBytes];
        content = content[..(FixedLength + items)];
        Span<byte> rest = content;
        Put(ref rest, fix.Lon);
        Put(ref rest, fix.Lat);
        Put(ref rest, fix.SpeedKmh);
        Put(ref rest, fix.HeadingDegrees);
        Put(ref rest, fix.AccuracyMeters);
        Put(ref rest, fix.AltitudeMeters);
        Put(ref rest, fix.MileageKm);
        BinaryPrimitives.WriteInt64BigEndian(rest, fix.Alarms ?? -1);
        rest[sizeof(long)] = (byte)(fix.Ignition switch { null => 0, false => 1, true => 2 });
        rest[sizeof(long) + 1] = fix.IsFixed == false ? (byte)0 : (byte)1;
        fix.Items?.CopyTo(content[FixedLength..]);
        long key = unchecked((long)XxHash64.HashToUInt64(content));
        return key == 0 ? 1 : key;
    }

    private static void Put(ref Span<byte> rest, double? value)
    {
        BinaryPrimitives.WriteDoubleBigEndian(rest, value ?? double.NaN);
        rest = rest[sizeof(double)..];
    }
}
