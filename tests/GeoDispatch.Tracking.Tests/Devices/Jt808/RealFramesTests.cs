using System.Text.Json;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Tracking.Tests.Devices.Jt808;

/// <summary>
/// Frames of the tests of SmallChi/JT808 (c9552b0, MIT), of Traccar (9e5c458, Apache-2.0), and two derived for Dongying: what each of them says is
/// stated there.
/// </summary>
public sealed class RealFramesTests
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private const string BothEscapes =
        "7E02000026123456789012007D02000000010000000200BA7F0E07E4F11C0028003C00001810151010100104000000640202007D01137E";

    private const string Register2013 =
        "7E0100002D000123456789000A002800323132333400736D616C6C6368693132330000000000000000004348493132330001D4C14131323334358A7E";

    private const string Register2011 = "7E01000021013345678906000F002C012F373031313142534A2D4D3742203030303030303001D4C1423838383838B47E";

    private const string Register2019 =
        "7E010040540100000000000123456789000A002800323132333400000000000000736D616C6C63686931323300000000000000000000000000000000"
        + "00000043484931323300000000000000000000000000000000000000000000000001D4C1413132333435B27E";

    private const string Registered = "7E81000009012345678900000A006400313233343536687E";
    private const string NotRegistered = "7E81000003012345678900000A006404617E";
    private const string Authenticate = "7E010200090123456789003039343536313231313131BE7E";
    private const string Reply = "7E80010005012345678900000A0064020000617E";
    private const string Text2013 = "7E8300000D012345678900000105736D616C6C63686920353138027E";
    private const string Text2019 = "7E8300400E010000000001234567890000010501736D616C6C63686920353138417E";

    private const string Batch =
        "7E0704005311223344556622B80002000026000000010000000200BA7F0E07E4F11C0028003C00001807151010100104000000640202003700260000000200000"
        + "00100CB735507E6A32300290036007818071510103001040000006002020042D47E";

    private const string Terminal =
        "7e02000033017051564189000c00000000000c00020158ff7206cd1f4c000000000123201122115639010400000000300143310114930100e3060064019a0000557e";

    private const string SouthernBatch =
        "7e0704402d0100000866496077582164881d0001000028000000000000000701a00192091f2a4700160000000226050916422701040000258230010031010e507e";

    private const string Dongying =
        "7e02000028013800000001007d020000000100000003023b34c70712d459000c027b010f26112414300501040001e24030011f31010ec37e";

    private const string Dongying2019 =
        "7e020040280100000000013800000001007d020000000100000003023b34c70712d459000c027b010f26112414300501040001e24030011f31010e827e";

    /// <summary>Each of the above.</summary>
    public static TheoryData<string> All => [.. new[]
    {
        BothEscapes, Register2013, Register2011, Register2019, Registered, NotRegistered, Authenticate, Reply, Text2013, Text2019, Batch,
        Terminal, SouthernBatch, Dongying, Dongying2019,
    }];

    [Fact]
    public void A_location_with_both_escapes_says_where_when_and_how_far()
    {
        Jt808Frame frame = Reading.Frame(BothEscapes);
        Assert.Equal(("123456789012", (ushort)126, false), (frame.Header.Phone, frame.Header.Serial, frame.Header.Is2019));
        Jt808Location location = Reading.Message<Jt808Report>(BothEscapes).Location;
        Assert.Equal((1u, 2u), (location.Alarms, location.Status));
        Assert.Equal((12.222222, 132.444444, 40), (location.Lat, location.Lon, location.AltitudeMeters));
        Assert.Equal((6.0, 10.0, 12.5), (location.SpeedKmh, location.MileageKm, location.FuelLitres));
        Assert.Equal(new DateTimeOffset(2018, 10, 15, 10, 10, 10, China), location.Time);
        Assert.True(location.IsFixed);
        Assert.Null(location.UnknownItems());
    }

    [Fact]
    public void A_registration_is_read_in_each_edition()
    {
        Assert.Equal(
            new Jt808Register(Jt808Edition.Of2013, 40, 50, "1234", "smallchi123", "CHI123", 1, "粤A12345"),
            Reading.Message<Jt808Register>(Register2013));
        Assert.Equal(
            new Jt808Register(Jt808Edition.Of2019, 40, 50, "1234", "smallchi123", "CHI123", 1, "粤A12345"),
            Reading.Message<Jt808Register>(Register2019));
        Jt808Register of2011 = Reading.Message<Jt808Register>(Register2011);
        Assert.Equal((Jt808Edition.Of2011, 44, 303), (of2011.Edition, of2011.Province, of2011.County));
        Assert.Equal(("70111", "BSJ-M7B", "0000000", "粤B88888"), (of2011.Maker, of2011.Model, of2011.TerminalId, of2011.Plate));
        Assert.Equal("123456789", Reading.Frame(Register2019).Header.Phone);
    }

    [Fact]
    public void Answers_and_the_code_are_read()
    {
        Assert.Equal(new Jt808RegisterReply(100, 0, "123456"), Reading.Message<Jt808RegisterReply>(Registered));
        Assert.Equal(new Jt808RegisterReply(100, 4, null), Reading.Message<Jt808RegisterReply>(NotRegistered));
        Assert.Equal("456121111", Reading.Message<Jt808Authenticate>(Authenticate).Code);
        Assert.Equal(new Jt808Reply(false, 100, 0x0200, Jt808Result.Done), Reading.Message<Jt808Reply>(Reply));
        Assert.Equal(new Jt808Text(5, null, "smallchi 518"), Reading.Message<Jt808Text>(Text2013));
        Assert.Equal(new Jt808Text(5, 1, "smallchi 518"), Reading.Message<Jt808Text>(Text2019));
    }

    [Fact]
    public void A_batch_holds_each_of_its_locations()
    {
        Jt808Batch batch = Reading.Message<Jt808Batch>(Batch);
        Assert.False(batch.IsBackfill);
        Assert.Equal(2, batch.Locations.Count);
        Jt808Location second = batch.Locations[1];
        Assert.Equal((13.333333, 132.555555, 5.4, 120), (second.Lat, second.Lon, second.SpeedKmh, second.HeadingDegrees));
        Assert.Equal(new DateTimeOffset(2018, 7, 15, 10, 10, 30, China), second.Time);
        Assert.Equal(-27.263378, Assert.Single(Reading.Message<Jt808Batch>(SouthernBatch).Locations).Lat);
        Assert.True(Reading.Frame(SouthernBatch).Header.Is2019);
    }

    [Fact]
    public void Unknown_items_of_a_real_terminal_are_kept_as_they_came()
    {
        Jt808Location location = Reading.Message<Jt808Report>(Terminal).Location;
        Assert.Equal((22.609778, 114.106188, 291), (location.Lat, location.Lon, location.HeadingDegrees));
        Assert.Equal(new DateTimeOffset(2020, 11, 22, 11, 56, 39, China), location.Time);
        Assert.Equal(3u << 18, location.Status & 0x3C0000);
        Assert.True(location.IsFixed);
        Assert.Equal("300143310114930100E3060064019A0000", Convert.ToHexString(location.UnknownItems()!));
    }

    [Theory]
    [InlineData(Dongying, false)]
    [InlineData(Dongying2019, true)]
    public void Both_headers_carry_the_same_location(string hex, bool is2019)
    {
        Assert.Equal(("13800000001", is2019), (Reading.Frame(hex).Header.Phone, Reading.Frame(hex).Header.Is2019));
        Jt808Location location = Reading.Message<Jt808Report>(hex).Location;
        Assert.Equal((37.434567, 118.674521, 63.5, 271), (location.Lat, location.Lon, location.SpeedKmh, location.HeadingDegrees));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 14, 30, 5, China), location.Time);
        Assert.Equal((1u, true, true), (location.Alarms, location.Ignition, location.IsFixed));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_was_read_is_written_byte_for_byte(string hex)
    {
        Jt808Frame frame = Reading.Frame(hex);
        Jt808Message message = Jt808Decoder.Read(frame)!;
        // The editions pad the model by zeros or by blanks; nothing else may differ.
        if (hex != Register2011)
        {
            Assert.Equal(
                hex.ToUpperInvariant(),
                Convert.ToHexString(Jt808Encoder.Frame(frame.Header.Phone, frame.Header.Serial, frame.Header.Is2019, message)));
        }
    }

    [Fact]
    public void Every_frame_of_the_kept_traces_is_read_or_refused_as_stated()
    {
        string path = Traces();
        Assert.SkipUnless(File.Exists(path), $"{path} is absent: name the folder of the real data in GEODISPATCH_SHARED");
        using JsonDocument traces = JsonDocument.Parse(File.ReadAllText(path));
        int read = 0;
        int refused = 0;
        var wrong = new List<string>();
        foreach (JsonElement trace in traces.RootElement.EnumerateArray())
        {
            string hex = trace.GetProperty("hex").GetString()!;
            Reading.Found found = Reading.Of(Convert.FromHexString(hex));
            Jt808Fault? stated = StatedFault(trace, hex);
            if (stated is { } fault)
            {
                refused++;
                if (found.Frames.Count > 0 || found.Faults.Count == 0 || (!HoldsFlag(hex) && !found.Faults.Contains(fault)))
                {
                    wrong.Add($"{hex[..Math.Min(60, hex.Length)]}: {fault}, not {string.Join(' ', found.Faults)}");
                }
            }
            else if (found.Frames is not [{ } frame] || (frame.Header.Id, frame.Body.Length, frame.Header.Is2019, frame.Header.Parts > 0) != (
                Convert.ToInt32(trace.GetProperty("msgId").GetString(), 16), trace.GetProperty("bodyLen").GetInt32(),
                trace.GetProperty("v2019").GetBoolean(), trace.GetProperty("subpackage").GetBoolean()))
            {
                wrong.Add($"{hex[..Math.Min(60, hex.Length)]}: {string.Join(' ', found.Faults)}");
            }
            else
            {
                read++;
                _ = Jt808Decoder.Read(frame);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{read} read, {refused} refused");
        Assert.Empty(wrong);
        Assert.Equal(114, read + refused);
    }

    /// <summary>What the list says of the frame, and what its text shows beside: some were cut, some are the raw bytes of a test of a buffer.</summary>
    private static Jt808Fault? StatedFault(JsonElement trace, string hex)
    {
        string[] bytes = [.. hex.Chunk(2).Select(static pair => new string(pair).ToUpperInvariant())];
        string inside = string.Join(' ', bytes[1..^1]).Replace("7D 01", "==", StringComparison.Ordinal).Replace("7D 02", "==", StringComparison.Ordinal);
        int length = (inside.Length + 1) / 3;
        int header = (trace.GetProperty("v2019").GetBoolean() ? 17 : 12) + (trace.GetProperty("subpackage").GetBoolean() ? 4 : 0);
        return inside.Contains("7D", StringComparison.Ordinal) ? Jt808Fault.WrongEscape
            : !trace.GetProperty("checksumOk").GetBoolean() || HoldsFlag(hex) ? Jt808Fault.WrongChecksum
            : length < header + 1 ? Jt808Fault.TooShort
            : length != header + trace.GetProperty("bodyLen").GetInt32() + 1 ? Jt808Fault.WrongLength
            : null;
    }

    /// <summary>Two frames or more, which are faulty each in its own way.</summary>
    private static bool HoldsFlag(string hex) => Convert.FromHexString(hex).AsSpan()[1..^1].Contains((byte)0x7E);

    private static string Traces()
    {
        string? folder = Environment.GetEnvironmentVariable("GEODISPATCH_SHARED");
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); folder is null && up is not null; up = up.Parent)
        {
            folder = File.Exists(Path.Combine(up.FullName, "GeoDispatch.sln")) ? Path.Combine(up.Parent!.FullName, "shared") : null;
        }

        return Path.Combine(folder ?? "shared", "data", "traces", "jt808", "smallchi_jt808_frames.json");
    }
}
