using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Tracking.Tests.Devices.Jt808;

public sealed class FramingTests
{
    private static readonly byte[] Heartbeat = Jt808Encoder.Frame("13800000001", 7, false, new Jt808Bare(Jt808Bare.Heartbeat));

    [Property(MaxTest = 300)]
    public void However_the_network_cuts_a_stream_the_same_messages_and_faults_come_out(byte[][] bodies, byte[] junk, PositiveInt[] cuts)
    {
        byte[] stream = [.. junk, .. bodies.SelectMany((body, index) => Jt808Encoder.Frame(
            "13800000001", (ushort)index, index % 2 == 0, new Jt808Other(0x0900, body))), .. junk, .. Heartbeat];
        Reading.Found whole = Reading.Of(stream);
        Assert.Equal(Described(whole), Described(Reading.Of(Cut(stream, cuts))));
        Assert.Equal(Described(whole), Described(Reading.Of([.. stream.Select(static value => new[] { value })])));
    }

    [Property(MaxTest = 300)]
    public void Messages_come_out_as_they_went_in(byte[][] bodies, bool is2019)
    {
        byte[] stream = [.. bodies.SelectMany((body, index) => Jt808Encoder.Frame("13800000001", (ushort)index, is2019, new Jt808Other(0x0900, body)))];
        Reading.Found found = Reading.Of(stream);
        Assert.Empty(found.Faults);
        Assert.Equal(bodies, found.Frames.Select(static frame => frame.Body));
    }

    [Property(MaxTest = 300)]
    public void One_changed_byte_never_gives_a_different_message(byte[] body, NonNegativeInt at, byte value)
    {
        byte[] good = Jt808Encoder.Frame("13800000001", 1, false, new Jt808Other(0x0900, body));
        int place = 1 + at.Get % (good.Length - 2);
        // A flag in the midst makes two messages of one, and an escape two bytes of one: the checksum is no proof against these.
        if (value is 0x7D or 0x7E || good[place] is 0x7D || good[place - 1] is 0x7D || good[place] == value)
        {
            return;
        }

        byte[] bad = [.. good];
        bad[place] = value;
        Assert.Empty(Reading.Of(bad).Frames);
    }

    [Theory]
    [InlineData("7E000200000138000000010007", "", "", "not yet complete")]
    [InlineData("24247E0002000001380000000100073D7E", "0002", "", "junk before the first flag")]
    [InlineData("7E7E7E0002000001380000000100073D7E7E", "0002", "", "more flags than needed")]
    [InlineData("7E0002000001380000000100073C7E", "", "WrongChecksum", "a wrong checksum")]
    [InlineData("7E0002000001380000000100077D7E", "", "WrongEscape", "a dangling escape")]
    [InlineData("7E0002000001380000000100077D037E", "", "WrongEscape", "an escape of nothing")]
    [InlineData("7E0002000101380000000100073C7E", "", "WrongLength", "a byte less than stated")]
    [InlineData("7E00020000013A0000000100073F7E", "", "WrongNumber", "a number that is none")]
    [InlineData("7E00027E", "", "WrongChecksum", "nothing like a header")]
    [InlineData("7E0002000001380000000100073C7E0002000001380000000100073D7E", "0002", "WrongChecksum", "one flag between two messages")]
    public void What_is_no_message_is_refused_for_its_fault(string hex, string ids, string faults, string because)
    {
        Reading.Found found = Reading.Of(Convert.FromHexString(hex));
        Assert.Equal((ids, faults, because), (
            string.Join(' ', found.Frames.Select(static frame => frame.Header.Id.ToString("X4"))), string.Join(' ', found.Faults), because));
    }

    [Fact]
    public void A_message_without_an_end_holds_no_more_than_the_longest_message()
    {
        byte[][] drip = [[0x7E], .. Enumerable.Range(0, 20_000).Select(static _ => new byte[] { 0x31 }), Heartbeat];
        Reading.Found found = Reading.Of(drip);
        Assert.InRange(found.MostHeld, 1, Jt808Framing.MostEscaped + 1);
        Assert.Equal([Jt808Fault.TooLong], found.Faults);
        Assert.Equal(Jt808Bare.Heartbeat, Assert.Single(found.Frames).Header.Id);
    }

    [Fact]
    public void Two_million_bytes_of_anything_raise_nothing()
    {
        TerminalNoise.Result result = TerminalNoise.Run(seed: 808, bytes: 2_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Messages > 1_000, result.ToString());
        Assert.True(result.Faults > 1_000, result.ToString());
        Assert.InRange(result.MostHeldBytes, 0, Jt808Parts.MostMessages * Jt808Parts.MostParts * Jt808Header.MostBody + Jt808Framing.MostEscaped + 1);
    }

    private static IEnumerable<string> Described(Reading.Found found) => found.Frames
        .Select(static frame => $"{frame.Header} {Convert.ToHexString(frame.Body)}").Append(string.Join(' ', found.Faults));

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
