using FsCheck.Xunit;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Tracking.Tests.Devices.Jt808;

public sealed class PartsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Long = [.. Enumerable.Range(0, 3_000).Select(static index => (byte)(index * 7))];

    [Property(MaxTest = 100)]
    public void Parts_in_any_order_and_repeated_give_the_message_once(int seed)
    {
        Jt808Frame[] parts = Cut(65_535, Long);
        Assert.Equal(3, parts.Length);
        var random = new Random(seed);
        Jt808Frame[] sent = [.. parts, parts[random.Next(2)]];
        random.Shuffle(sent);
        var gathered = new Jt808Parts();
        List<Jt808Whole> whole = [.. sent.Select(part => gathered.Add(part, Now)).OfType<Jt808Whole>()];
        Jt808Whole message = Assert.Single(whole);
        Assert.Equal(Long, message.Frame.Body);
        // The serials go round at 65,536; each part is answered.
        Assert.Equal<ushort>([65_535, 0, 1], message.Serials);
    }

    [Fact]
    public void What_is_never_finished_is_forgotten()
    {
        var gathered = new Jt808Parts();
        for (int message = 0; message < 1_000; message++)
        {
            Assert.Null(gathered.Add(Cut((ushort)(message * 10), Long)[0], Now));
        }

        Assert.InRange(gathered.HeldBytes, 1, Jt808Parts.MostMessages * 1_023);
        Assert.Null(gathered.Add(Cut(5, Long)[1], Now + Jt808Parts.Longest + TimeSpan.FromSeconds(1)));
        Assert.Equal(1_023, gathered.HeldBytes);
    }

    [Fact]
    public void When_the_last_part_has_come_the_missing_ones_are_asked_for_once()
    {
        Jt808Frame[] parts = Cut(40, [.. Long, .. Long]);
        var gathered = new Jt808Parts();
        Assert.Null(gathered.Add(parts[0], Now));
        Assert.Null(gathered.Add(parts[2], Now));
        Assert.Null(gathered.TakeWanted());
        Assert.Null(gathered.Add(parts[5], Now));
        Jt808SendAgain wanted = gathered.TakeWanted()!;
        Assert.Equal(40, wanted.FirstSerial);
        Assert.Equal<ushort>([2, 4, 5], wanted.Parts);
        Assert.Null(gathered.TakeWanted());
        Assert.Equal("002803000200040005", Convert.ToHexString(Jt808Encoder.Body(wanted, false)));
        Assert.Equal(
            wanted.Parts, Assert.IsType<Jt808SendAgain>(Jt808Decoder.Read(new Jt808Frame(new Jt808Header(0x8003, "1", 0, false), Jt808Encoder.Body(wanted, false)))).Parts);
        Assert.Null(gathered.Add(parts[1], Now));
        Assert.Null(gathered.Add(parts[4], Now));
        Assert.Equal([.. Long, .. Long], gathered.Add(parts[3], Now)!.Frame.Body);
    }

    [Fact]
    public void A_message_of_too_many_parts_is_not_begun()
    {
        var gathered = new Jt808Parts();
        Assert.Null(gathered.Add(new Jt808Frame(new Jt808Header(0x0704, "1", 1, false, Parts: Jt808Parts.MostParts + 1, Part: 1), new byte[1_000]), Now));
        Assert.Equal(0, gathered.HeldBytes);
    }

    private static Jt808Frame[] Cut(ushort serial, byte[] body) =>
        [.. Reading.Of(Jt808Encoder.Frame("13800000001", serial, false, new Jt808Other(0x0704, body))).Frames];
}
