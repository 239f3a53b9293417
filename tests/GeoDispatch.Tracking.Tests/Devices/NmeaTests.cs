using System.Buffers;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices.Nmea;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Tests.Devices;

/// <summary>Lines of real receivers and trackers, what is none, and whatever the network makes of both.</summary>
public sealed class NmeaTests
{
    /// <summary>Of the receivers' logs of gpsd's tests, and of trackers in the tests of Traccar's t55.</summary>
    [Theory]
    [InlineData("$GPRMC,022021.00,A,3644.759368,S,17444.072860,E,0.0,301.9,071020,18.3,E,A,V*6E", "2020-10-07T02:20:21Z", -36.745989467, 174.734547667, 0.0, 301.9, true)]
    [InlineData("$GNRMC,000941.00,A,4404.13387,N,12118.85628,W,0.029,,100117,,,A*7D", "2017-01-10T00:09:41Z", 44.068897833, -121.314271333, 0.053708, null, true)]
    [InlineData("$GPRMC,095255.810,V,2712.6404,S,15303.1201,E,0.00,0.00,080407,,,A*6E", "2007-04-08T09:52:55.810Z", -27.210673333, 153.052001667, 0.0, 0.0, false)]
    [InlineData("$GPRMC,125735.000,A,6010.34349,N,02445.72838,E,1.0,101.7,050509,6.9,W,A*1F", "2009-05-05T12:57:35Z", 60.172391500, 24.762139667, 1.852, 101.7, true)]
    [InlineData("#GPRMC,192350.000,V,,,,,,,110318,,", "2018-03-11T19:23:50Z", 0.0, 0.0, null, null, false)]
    public void A_place_of_a_receiver_is_read(string line, string time, double lat, double lon, double? speed, double? course, bool isFixed)
    {
        Found found = Of(Encoding.ASCII.GetBytes($"{(line[0] == '#' ? NmeaLine.Checked(line[1..]) : line)}\r\n"));
        AvlFix fix = Assert.Single(found.Fixes).Fix;
        Assert.Empty(found.Faults);
        Assert.Equal(
            (DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), lat, lon, speed, course, isFixed),
            (fix.Time, fix.Lat, fix.Lon, fix.SpeedKmh is { } kmh ? Math.Round(kmh, 9) : null, fix.HeadingDegrees, fix.IsFixed!.Value));
    }

    [Theory]
    [InlineData("$PGID,359853000144328*0F", "359853000144328", null)]
    [InlineData("$PGID,359853000144328.0123456789ABCDEF0123", "359853000144328", "0123456789ABCDEF0123")]
    [InlineData("$DEVID,0x0103846677F21422*41", "0x0103846677F21422", null)]
    [InlineData("$GPFID,ID123456ABC", "ID123456ABC", null)]
    [InlineData("$IMEI=355797031609284", "355797031609284", null)]
    [InlineData("IMEI 351467108700000", "351467108700000", null)]
    [InlineData("660420156A0066AA$GPGSA,A,3", "660420156A0066AA", null)]
    [InlineData("990000561287964,$GPGSA,A,3", "990000561287964", null)]
    [InlineData("4711/022789000688081/$GPGSA,A,3", "022789000688081", null)]
    public void A_terminal_names_itself_as_the_makers_let_it(string line, string terminal, string? key)
    {
        Found found = Of(Encoding.ASCII.GetBytes($"{line}\r\n$GPRMC,125735.000,A,6010.34349,N,02445.72838,E,1.0,101.7,050509,6.9,W,A*1F\r\n"));
        Assert.Empty(found.Faults);
        Assert.Equal(new NmeaName(terminal, key), Assert.Single(found.Fixes).Name);
    }

    [Fact]
    public void A_receiver_that_was_just_switched_on_says_nothing_yet_and_nothing_wrong()
    {
        Found found = Of(Encoding.ASCII.GetBytes($"{NmeaLine.Checked("GPRMC,,V,,,,,,,,,,N")}\r\n{NmeaLine.Checked("GPGGA,,,,,,0,00,99.99,,,,,,")}\r\n\r\n"));
        Assert.Empty(found.Fixes);
        Assert.Empty(found.Faults);
    }

    [Fact]
    public void A_prefix_names_the_terminal_of_its_own_sentence_and_what_trackers_append_is_let_be()
    {
        Found found = Of(Encoding.ASCII.GetBytes(
            "123456789$GPRMC,155708.252,V,4610.1676,N,00606.4586,E,000.0,000.0,060214,,,N*76\r\n"
            + "$GPRMC,073446.000,A,1255.5125,N,07738.2948,E,0.00,0.53,080316,D*71,11,865733027593268,1,090,086\r\n"));
        // The tail was written by the tracker: with its own sum it would be another sentence.
        Assert.Equal(["123456789"], found.Fixes.Select(static one => one.Name!.Terminal).Distinct(StringComparer.Ordinal));
        Assert.Equal((46.169460000, 6.107643333, false), (found.Fixes[0].Fix.Lat, found.Fixes[0].Fix.Lon, found.Fixes[0].Fix.IsFixed!.Value));
    }

    [Theory]
    [InlineData("$GPRMC,022021.00,A,3644.759368,S,17444.072860,E,0.0,301.9,071020,18.3,E,A,V*6F", "WrongChecksum")]
    [InlineData("$GPRMC,022021.00,A,3644.759368,S,17444.072860,E,0.0,301.9,071020,18.3,E,A,V*", "WrongChecksum")]
    [InlineData("$GPRMC,022021.00,A,3644.759368,S,17444.072860,E,0.0,301.9,071020,18.3,E,A,V", "NoChecksum")]
    [InlineData("$GPGGA,000000.0,4337.200755,N,11611.955704,W,1,05,3.5,825.5,M,-11.0,M,,", "NoChecksum")]
    [InlineData("hello", "NoSentence")]
    [InlineData("a name$GPRMC,1", "NoSentence")]
    [InlineData("#GPRMC,242021.00,A,3644.759368,S,17444.072860,E,0.0,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,X,3644.759368,S,17444.072860,E,0.0,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,3660.000000,S,17444.072860,E,0.0,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,9001.000000,S,17444.072860,E,0.0,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,3644.759368,E,17444.072860,E,0.0,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,-644.759368,S,17444.072860,E,0.0,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,3644.759368,S,17444.072860,E,fast,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,3644.759368,S,17444.072860,E,0.0,NaN,071020,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,3644.759368,S,17444.072860,E,0.0,301.9,310220,,", "WrongField")]
    [InlineData("#GPRMC,022021.00,A,,,,,0.0,301.9,071020,,", "WrongField")]
    [InlineData("#GPRMC,,A,,,,,,,,,,N", "WrongField")]
    [InlineData("#GPGGA,022021.00,3644.759368,S,17444.072860,E,good,07,1.1,56.1,M,37.0,M,,", "WrongField")]
    public void What_is_no_place_is_refused_for_its_fault(string line, string fault)
    {
        Found found = Of(Encoding.ASCII.GetBytes((line[0] == '#' ? NmeaLine.Checked(line[1..]) : line) + "\r\n"));
        Assert.Empty(found.Fixes);
        Assert.Equal([fault], found.Faults.Select(static one => one.ToString()));
    }

    /// <summary>Counted apart from this code: RMC with a right checksum and a time; of the ublox's 72 the first stands behind bytes of no sentence.</summary>
    [Theory]
    [InlineData("gpsd_haicom-305N.log", 74, 68, 68)]
    [InlineData("gpsd_quectel.log", 34, 34, 34)]
    [InlineData("gpsd_ublox-8.log", 71, 71, 0)]
    [InlineData("gpsd_navisys-gr8013.log", 0, 0, 0)]
    public void The_log_of_a_real_receiver_gives_a_fix_for_each_of_its_rmc_that_has_a_time(string log, int fixes, int withReception, int withAltitude)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.OrSkip($"data/traces/nmea/{log}"));
        Found found = Of(bytes);
        Assert.Equal((fixes, withReception), (found.Fixes.Count, found.Fixes.Count(static one => one.Fix.IsFixed == true)));
        Assert.Equal(withAltitude, found.Fixes.Count(static one => one.Fix.AltitudeMeters is not null));
        TestContext.Current.TestOutputHelper?.WriteLine($"{log}: {fixes} fixes, {string.Join(' ', found.Faults.GroupBy(static one => one).Select(static one => $"{one.Key} {one.Count()}"))}");
    }

    [Property(MaxTest = 300)]
    public void However_the_network_cuts_a_stream_the_same_fixes_and_faults_come_out(NonEmptyString[] junk, PositiveInt[] cuts, ushort[] lengths)
    {
        var text = new StringBuilder("$PGID,terminal-1\r\n");
        foreach (NonEmptyString one in junk)
        {
            text.Append(one.Get).Append('\n').Append("$GPRMC,125735.000,A,6010.34349,N,02445.72838,E,1.0,101.7,050509,6.9,W,A*1F\r\n");
        }

        foreach (ushort length in lengths)
        {
            text.Append('x', length % 2_000).Append("\r\n$GNRMC,000941.00,A,4404.13387,N,12118.85628,W,0.029,,100117,,,A*7D\n");
        }

        byte[] stream = Encoding.Latin1.GetBytes(text.ToString());
        Found whole = Of(stream);
        Assert.Equal(Described(whole), Described(Of(Cut(stream, cuts))));
        Assert.Equal(Described(whole), Described(Of([.. stream.Select(static one => new[] { one })])));
        Assert.True(whole.Fixes.Count >= lengths.Length);
    }

    [Property(MaxTest = 500)]
    public void Any_place_comes_out_of_a_line_as_it_went_in(int lat, int lon, uint time, byte knots, ushort course)
    {
        (double latitude, double longitude) = (lat / (double)int.MaxValue * 90, lon / (double)int.MaxValue * 180);
        DateTimeOffset moment = DateTimeOffset.FromUnixTimeSeconds(946_684_800 + time % 2_000_000_000);
        string line = NmeaLine.Rmc(moment, latitude, longitude, knots % 216, course % 360);
        AvlFix fix = Assert.Single(Of(Encoding.ASCII.GetBytes($"{NmeaLine.Gga(moment, latitude, longitude, 9.5)}\r\n{line}\r\n")).Fixes).Fix;
        Assert.Equal((moment, 9.5, (double)(course % 360)), (fix.Time, fix.AltitudeMeters!.Value, fix.HeadingDegrees!.Value));
        Assert.Equal((latitude, longitude, knots % 216 * 1.852), (fix.Lat, fix.Lon, fix.SpeedKmh!.Value), new Near(1e-7));
        Assert.Equal(line, NmeaLine.Rmc(fix.Time, fix.Lat, fix.Lon, fix.SpeedKmh!.Value / 1.852, fix.HeadingDegrees!.Value));
    }

    [Property(MaxTest = 300)]
    public void One_changed_character_never_gives_a_different_place(NonNegativeInt at, byte value)
    {
        byte[] line = Encoding.ASCII.GetBytes("$GPRMC,125735.000,A,6010.34349,N,02445.72838,E,1.0,101.7,050509,6.9,W,A*1F\r\n");
        AvlFix fix = Of(line).Fixes[0].Fix;
        int place = at.Get % (line.Length - 2);
        // A star or a dollar moves what the checksum is over.
        if (value is (byte)'*' or (byte)'$' or (byte)'\n')
        {
            return;
        }

        line[place] = value;
        Assert.All(Of(line).Fixes, one => Assert.Equal(fix, one.Fix));
    }

    [Fact]
    public void A_line_without_an_end_holds_no_more_than_the_longest_line_and_is_one_fault()
    {
        byte[] rmc = Encoding.ASCII.GetBytes("\n$GPRMC,125735.000,A,6010.34349,N,02445.72838,E,1.0,101.7,050509,6.9,W,A*1F\n");
        Found found = Of([.. Enumerable.Range(0, 20_000).Select(static _ => new byte[] { 0x31 }), rmc]);
        Assert.InRange(found.MostHeld, 1, NmeaStream.MostLine + 1);
        Assert.Equal([NmeaFault.TooLong], found.Faults);
        Assert.Single(found.Fixes);
    }

    private sealed record Found(List<(NmeaName? Name, AvlFix Fix)> Fixes, List<NmeaFault> Faults, int MostHeld);

    private sealed class Near(double most) : IEqualityComparer<(double, double, double)>
    {
        public bool Equals((double, double, double) x, (double, double, double) y) =>
            Math.Abs(x.Item1 - y.Item1) <= most && Math.Abs(x.Item2 - y.Item2) <= most && Math.Abs(x.Item3 - y.Item3) <= most;

        public int GetHashCode((double, double, double) obj) => 0;
    }

    /// <summary>Reads a stream as a connection does: what was not used of one segment stands before the next.</summary>
    private static Found Of(params byte[][] segments)
    {
        var found = new Found([], [], 0);
        var stream = new NmeaStream();
        byte[] left = [];
        int mostHeld = 0;
        foreach (byte[] segment in segments)
        {
            var buffer = new ReadOnlySequence<byte>([.. left, .. segment]);
            while (stream.TryRead(ref buffer, out AvlFix? fix, out NmeaFault? fault))
            {
                if (fix is not null)
                {
                    found.Fixes.Add((stream.Name, fix));
                }

                if (fault is { } wrong)
                {
                    found.Faults.Add(wrong);
                }
            }

            left = buffer.ToArray();
            mostHeld = Math.Max(mostHeld, left.Length);
        }

        return found with { MostHeld = mostHeld };
    }

    private static IEnumerable<string> Described(Found found) =>
        found.Fixes.Select(static one => $"{one.Name} {one.Fix}").Append(string.Join(' ', found.Faults));

    private static byte[][] Cut(byte[] stream, PositiveInt[] cuts)
    {
        var segments = new List<byte[]>();
        int at = 0;
        foreach (PositiveInt cut in cuts)
        {
            int length = Math.Min(cut.Get, stream.Length - at);
            segments.Add(stream[at..(at + length)]);
            at += length;
        }

        return [.. segments, stream[at..]];
    }
}
