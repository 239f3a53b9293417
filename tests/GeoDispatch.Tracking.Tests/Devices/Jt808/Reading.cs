using System.Buffers;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Tracking.Tests.Devices.Jt808;

/// <summary>Reads a stream as a connection does: what was not used of one segment stands before the next.</summary>
internal static class Reading
{
    internal sealed record Found(List<Jt808Frame> Frames, List<Jt808Fault> Faults, int MostHeld);

    internal static Found Of(params byte[][] segments)
    {
        var frames = new List<Jt808Frame>();
        var faults = new List<Jt808Fault>();
        byte[] left = [];
        int mostHeld = 0;
        foreach (byte[] segment in segments)
        {
            var buffer = new ReadOnlySequence<byte>([.. left, .. segment]);
            while (Jt808Framing.TryRead(ref buffer, out Jt808Frame? frame, out Jt808Fault? fault))
            {
                if (frame is not null)
                {
                    frames.Add(frame);
                }
                else
                {
                    faults.Add(fault!.Value);
                }
            }

            left = buffer.ToArray();
            mostHeld = Math.Max(mostHeld, left.Length);
        }

        return new Found(frames, faults, mostHeld);
    }

    internal static Jt808Frame Frame(string hex) => Assert.Single(Of(Convert.FromHexString(hex)).Frames);

    internal static T Message<T>(string hex)
        where T : Jt808Message => Assert.IsType<T>(Jt808Decoder.Read(Frame(hex)));
}
