using System.Buffers;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Tracking.Tests.Devices.Jt808;

/// <summary>Streams of true messages, broken ones and noise, from a seed, through everything that reads bytes of a terminal.</summary>
internal static class TerminalNoise
{
    private static readonly ushort[] Ids = [0x0001, 0x0002, 0x0003, 0x0100, 0x0102, 0x0104, 0x0200, 0x0201, 0x0704, 0x0900, 0x8300, 0x8103];

    internal sealed record Result(long Bytes, long Messages, long Faults, long Refused, long MostHeldBytes);

    /// <summary>Raises nothing where the decoders are right.</summary>
    internal static Result Run(int seed, long bytes)
    {
        var random = new Random(seed);
        var parts = new Jt808Parts();
        DateTimeOffset now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
        byte[] left = [];
        long done = 0, messages = 0, faults = 0, refused = 0, mostHeld = 0;
        while (done < bytes)
        {
            byte[] segment = Segment(random);
            done += segment.Length;
            now = now.AddMilliseconds(100);
            var buffer = new ReadOnlySequence<byte>([.. left, .. segment]);
            while (Jt808Framing.TryRead(ref buffer, out Jt808Frame? frame, out _))
            {
                if (frame is null)
                {
                    faults++;
                }
                else if (parts.Add(frame, now) is { } whole)
                {
                    messages++;
                    Jt808Message? message = Jt808Decoder.Read(whole.Frame);
                    refused += message is null ? 1 : 0;
                    foreach (Jt808Location location in message switch
                    {
                        Jt808Report report => [report.Location],
                        Jt808Position position => [position.Location],
                        Jt808Batch batch => batch.Locations,
                        _ => [],
                    })
                    {
                        _ = (location.UnknownItems(), location.MileageKm, location.FuelLitres, location.RecorderSpeedKmh);
                    }
                }
            }

            left = buffer.ToArray();
            mostHeld = Math.Max(mostHeld, left.Length + parts.HeldBytes);
        }

        return new Result(done, messages, faults, refused, mostHeld);
    }

    private static byte[] Segment(Random random)
    {
        byte[] body = new byte[random.Next(4) == 0 ? random.Next(3_000) : random.Next(80)];
        random.NextBytes(body);
        if (random.Next(8) == 0)
        {
            return body;
        }

        byte[] frame = Jt808Encoder.Frame(
            random.NextInt64(100_000_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture), (ushort)random.Next(65_536), random.Next(2) == 0,
            new Jt808Other(Ids[random.Next(Ids.Length)], body));
        switch (random.Next(6))
        {
            case 0:
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
                return frame;
            case 1:
                return frame[..random.Next(frame.Length)];
            case 2:
                return frame[random.Next(frame.Length)..];
            default:
                return frame;
        }
    }
}
