using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Tracking.Tests.Devices.Jt808;

/// <summary>Reading what was written gives it back; reading anything raises nothing.</summary>
public sealed class MessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 300)]
    public void A_location_comes_back_as_it_was(
        uint alarms, uint status, uint lat, uint lon, short altitude, ushort speed, ushort heading, NonNegativeInt seconds, byte[] items, bool is2019)
    {
        var location = new Jt808Location(alarms, status, lat, lon, altitude, speed, heading, Now.AddSeconds(seconds.Get), items);
        Jt808Location read = Assert.IsType<Jt808Report>(There(new Jt808Report(location), is2019)).Location;
        Assert.Equal(location with { Items = default }, read with { Items = default });
        Assert.Equal(items, read.Items.ToArray());
        // The sum of the parts: what has a member here and what has none.
        Assert.True((read.UnknownItems()?.Length ?? 0) <= items.Length);
        Jt808Batch batch = Assert.IsType<Jt808Batch>(There(new Jt808Batch(is2019, [location, read]), is2019));
        Assert.Equal(is2019, batch.IsBackfill);
        Assert.Equal(batch.Locations.Select(Jt808Fields.WriteLocation), new[] { location, read }.Select(Jt808Fields.WriteLocation));
    }

    [Property(MaxTest = 300)]
    public void Numbers_come_back_as_they_were(ushort serial, ushort id, byte result, uint mask, ushort interval, bool is2019)
    {
        Jt808Message[] messages =
        [
            new Jt808Reply(true, serial, id, (Jt808Result)result), new Jt808Reply(false, serial, id, (Jt808Result)result),
            new Jt808Track(interval, interval == 0 ? 0 : mask), new Jt808ConfirmAlarms(serial, mask),
            new Jt808Bare(Jt808Bare.Heartbeat), new Jt808Bare(Jt808Bare.Logout), new Jt808Bare(Jt808Bare.AskPosition), new Jt808Bare(Jt808Bare.AskParameters),
            new Jt808RegisterReply(serial, result, result == 0 ? "code" : null),
        ];
        Assert.Equal(messages, messages.Select(message => There(message, is2019)));
    }

    [Property(MaxTest = 300)]
    public void Words_and_settings_come_back_as_they_were(byte flags, uint id, byte[] value)
    {
        value = [.. value.Take(255)];
        string code = Convert.ToHexString([.. value.Take(60)]);
        foreach (bool is2019 in new[] { false, true })
        {
            Assert.Equal(new Jt808Text(flags, is2019 ? flags : null, $"前往胜利医院{code}"), There(new Jt808Text(flags, flags, $"前往胜利医院{code}"), is2019));
            Assert.Equal(code, Assert.IsType<Jt808Authenticate>(There(new Jt808Authenticate(code, "860000000000001", "v1"), is2019)).Code);
            Jt808Parameter read = Assert.Single(Assert.IsType<Jt808SetParameters>(There(new Jt808SetParameters([new(id, value)]), is2019)).Parameters);
            Assert.Equal((id, Convert.ToHexString(value)), (read.Id, Convert.ToHexString(read.Value)));
            var answer = Assert.IsType<Jt808Parameters>(There(new Jt808Parameters(9, [new(id, value), new(id, [])]), is2019));
            Assert.Equal((9, 2), (answer.ReplySerial, answer.Parameters.Count));
        }
    }

    [Theory]
    [InlineData(Jt808Edition.Of2011)]
    [InlineData(Jt808Edition.Of2013)]
    [InlineData(Jt808Edition.Of2019)]
    public void A_registration_comes_back_in_its_edition(object edition)
    {
        var register = new Jt808Register((Jt808Edition)edition, 37, 501, "GEODI", "GD-1", "0000001", 2, "鲁E12345");
        Assert.Equal(register, There(register, register.Edition == Jt808Edition.Of2019));
    }

    [Property(MaxTest = 1_000)]
    public void Whatever_a_body_is_it_is_read_or_refused(ushort id, byte[] body, bool is2019)
    {
        foreach (ushort number in new ushort[] { id, 0x0001, 0x0100, 0x0102, 0x0104, 0x0200, 0x0201, 0x0704, 0x8100, 0x8103, 0x8202, 0x8203, 0x8300 })
        {
            var message = Jt808Decoder.Read(new Jt808Frame(new Jt808Header(number, "1", 0, is2019), body));
            _ = (message as Jt808Report)?.Location.UnknownItems();
        }
    }

    [Theory]
    [InlineData(0b10, true)]
    [InlineData(0b00, false)]
    [InlineData(0b100010, false)]
    public void Encrypted_coordinates_are_no_fix(uint status, bool isFixed) =>
        Assert.Equal(isFixed, new Jt808Location(0, status, 1, 1, 0, 0, 0, Now, default).IsFixed);

    [Theory]
    [InlineData("000000000000")]
    [InlineData("260230101010")]
    [InlineData("261124240000")]
    [InlineData("26112414300A")]
    public void A_time_that_is_none_is_none(string bcd) => Assert.Null(Jt808Fields.ReadTime(Convert.FromHexString(bcd)));

    private static Jt808Message There(Jt808Message message, bool is2019) => Jt808Decoder.Read(
        Assert.Single(Reading.Of(Jt808Encoder.Frame("13800000001", 3, is2019, message)).Frames))!;
}
