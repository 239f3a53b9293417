using System.Buffers;
using System.Text;
using GeoDispatch.Tracking.Devices.Gpx;
using GeoDispatch.Tracking.Devices.Mqtt;
using GeoDispatch.Tracking.Devices.Nmea;
using GeoDispatch.Tracking.Devices.OsmAnd;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Tests.Devices;

/// <summary>True messages, broken ones and noise, from a seed, through the decoders of the protocols besides JT/T 808.</summary>
internal static class ProtocolNoise
{
    private static readonly byte[][] Lines = Encode(
        "$GPRMC,125735.000,A,6010.34349,N,02445.72838,E,1.0,101.7,050509,6.9,W,A*1F\r\n",
        "$GPGGA,022021.00,3644.759368,S,17444.072860,E,1,07,1.1,56.1,M,37.0,M,,*49\r\n",
        "$PGID,359853000144328*0F\r\n", "990000561287964,$GNRMC,000941.00,A,4404.13387,N,12118.85628,W,0.029,,100117,,,A*7D\r\n", "\n");

    private static readonly byte[][] Requests = Encode(
        "?id=902064&lat=42.06288&lon=-88.23412&timestamp=1442068686579&hdop=6.0&altitude=224.0&speed=0.0&key=0123456789ABCDEF0123",
        "?lat=49.60688&lon=6.15788&timestamp=2014-06-04+09%3A10%3A11&altitude=384.7&speed=0.0&deviceid=353861053849681",
        """{"location":{"timestamp":"2025-06-15T13:45:12.862Z","coords":{"latitude":37.4219983,"longitude":-122.084,"accuracy":5,"speed":0,"heading":-1,"altitude":5},"event":"motionchange"},"device_id":"48241179"}""");

    private static readonly byte[][] Payloads = Encode(
        """{"time":"2026-11-24T08:00:00Z","lon":118.6,"lat":37.4,"speedKmh":50,"ignition":true,"items":"AAEC"}""",
        """[{"time":"2026-11-24T08:00:00Z","lon":118.6,"lat":37.4},{"time":"2026-11-24T08:00:01Z","lon":118.6,"lat":37.4,"isFixed":false}]""",
        """{"_type":"location","tst":1764000000,"lat":37.5,"lon":118.7,"vel":63,"cog":271,"acc":5,"alt":12,"batt":80,"tid":"a1"}""");

    private static readonly byte[][] Files = Encode(
        """<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><metadata><time>2026-11-24T08:00:00Z</time></metadata><wpt lat="1" lon="2"/><trk><name>a</name><trkseg><trkpt lat="37.4" lon="118.6"><ele>12.5</ele><time>2026-11-24T08:00:00Z</time><hdop>1</hdop><extensions><a>1</a></extensions></trkpt></trkseg></trk></gpx>""");

    /// <param name="Read">Of the messages, how many said something.</param>
    internal sealed record Result(long Bytes, long Messages, long Read, long MostHeldBytes);

    internal static Result Nmea(int seed, long bytes)
    {
        var random = new Random(seed);
        var stream = new NmeaStream();
        byte[] left = [];
        (long done, long messages, long read, long mostHeld) = (0, 0, 0, 0);
        while (done < bytes)
        {
            byte[] segment = Segment(random, Lines, 1_500);
            done += segment.Length;
            var buffer = new ReadOnlySequence<byte>([.. left, .. segment]);
            while (stream.TryRead(ref buffer, out AvlFix? fix, out _))
            {
                messages++;
                read += fix is null ? 0 : 1;
            }

            left = buffer.ToArray();
            mostHeld = Math.Max(mostHeld, left.Length);
        }

        return new Result(done, messages, read, mostHeld);
    }

    internal static Result OsmAnd(int seed, long bytes) => Run(seed, bytes, Requests, static message =>
        (OsmAndDecoder.Read("", message).Report is null ? 0 : 1) + (OsmAndDecoder.Read(Encoding.Latin1.GetString(message), default).Report is null ? 0 : 1));

    internal static Result Mqtt(int seed, long bytes) => Run(seed, bytes, Payloads, static message =>
    {
        var packet = new ReadOnlySequence<byte>(message);
        return MqttGuard.Announced(packet) is null or >= -1 && MqttDecoder.Read(packet).Fixes is { Count: > 0 } ? 1 : 0;
    });

    internal static Result Gpx(int seed, long bytes) => Run(seed, bytes, Files, static message => GpxDecoder.Read(message).Fixes is { Count: > 0 } ? 1 : 0);

    private static Result Run(int seed, long bytes, byte[][] good, Func<byte[], int> decode)
    {
        var random = new Random(seed);
        (long done, long messages, long read) = (0, 0, 0);
        while (done < bytes)
        {
            byte[] message = Segment(random, good, 3_000);
            done += message.Length;
            messages++;
            read += decode(message);
        }

        return new Result(done, messages, read, 0);
    }

    private static byte[] Segment(Random random, byte[][] good, int longest)
    {
        if (random.Next(8) == 0)
        {
            byte[] noise = new byte[random.Next(longest)];
            random.NextBytes(noise);
            return noise;
        }

        byte[] message = [.. good[random.Next(good.Length)]];
        for (int changes = random.Next(4); changes > 0; changes--)
        {
            // One digit or sign for another often leaves a message that can be read further.
            message[random.Next(message.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"0123456789-.,:{}[]\"<>/&=eE"[random.Next(26)];
        }

        return random.Next(6) switch
        {
            0 => message[..random.Next(message.Length)],
            1 => message[random.Next(message.Length)..],
            _ => message,
        };
    }

    private static byte[][] Encode(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
