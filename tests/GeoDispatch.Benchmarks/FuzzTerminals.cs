using System.Diagnostics;
using GeoDispatch.Tracking.Tests.Devices;
using GeoDispatch.Tracking.Tests.Devices.Jt808;

namespace GeoDispatch.Benchmarks;

/// <summary>
/// <c>fuzz-terminals [BYTES [SEED]]</c>: 50 million bytes of true, broken and meaningless messages through the decoders of JT/T 808, and as many
/// again through those of each other protocol. Any exception ends it; what is held at the end must be what was held after the first tenth.
/// </summary>
internal static class FuzzTerminals
{
    private const long StandardBytes = 50_000_000;

    internal static Task<Verdict> RunAsync(string[] arguments)
    {
        long bytes = arguments.Length > 0 ? long.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture) : StandardBytes;
        int seed = arguments.Length > 1 ? int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture) : 808;
        bool isRight = true;
        foreach ((string name, Func<int, long, object> run) in new (string, Func<int, long, object>)[]
        {
            ("jt808", static (from, most) => TerminalNoise.Run(from, most)),
            ("nmea", static (from, most) => ProtocolNoise.Nmea(from, most)),
            ("osmand", static (from, most) => ProtocolNoise.OsmAnd(from, most)),
            ("mqtt", static (from, most) => ProtocolNoise.Mqtt(from, most)),
            ("gpx", static (from, most) => ProtocolNoise.Gpx(from, most)),
        })
        {
            run(seed, bytes / 10);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var watch = Stopwatch.StartNew();
            object result = run(seed + 1, bytes);
            double seconds = watch.Elapsed.TotalSeconds;
            long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
            Console.WriteLine($"{name}: {result}; {bytes / 1e6 / seconds:0.0} MB/s; grown by {grown:N0} bytes");
            // More than a few buffers would be a leak: the ratio is 1 where there is none.
            isRight &= grown < 1_000_000;
        }

        return Task.FromResult(new Verdict(isRight ? 1 : 0, 1));
    }
}
