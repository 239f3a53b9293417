using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices.Mqtt;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Tracking.Tests.Devices;

/// <summary>What terminals publish: our own fixes and the messages of OwnTracks.</summary>
public sealed class MqttTests
{
    [Fact]
    public void A_location_of_own_tracks_is_a_fix_and_its_other_messages_are_none()
    {
        Assert.Equal(
            new AvlFix(DateTimeOffset.FromUnixTimeSeconds(1_764_000_000), 118.7, 37.5, 63, 271, 5, 12),
            Assert.Single(Reads("""{"_type":"location","tst":1764000000,"lat":37.5,"lon":118.7,"vel":63,"cog":271,"acc":5,"alt":12,"batt":80,"tid":"a1","inregions":["home"]}""")));
        Assert.Null(Assert.Single(Reads("""{"_type":"location","tst":1764000000,"lat":37.5,"lon":118.7,"vel":-1,"cog":-1}""")).SpeedKmh);
        Assert.Empty(Reads("""{"_type":"lwt","tst":1764000000}"""));
        Assert.Empty(Reads("""{"_type":"transition","tst":1764000000,"lat":37.5,"lon":118.7,"event":"enter"}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("""{"time":"now","lon":1,"lat":2}""")]
    [InlineData("""{"time":"2026-11-24T08:00:00Z","lon":"1","lat":2,"items":"?"}""")]
    [InlineData("""{"time":"2026-11-24T08:00:00Z","lon":1}""")]
    [InlineData("""{"_type":"location","lat":37.5,"lon":118.7}""")]
    [InlineData("""{"_type":"location","tst":1e300,"lat":37.5,"lon":118.7}""")]
    [InlineData("""{"_type":"location","tst":1764000000,"lat":"37.5","lon":118.7}""")]
    [InlineData("""[[[[[[[[[[1]]]]]]]]]]""")]
    public void What_is_no_fix_is_refused(string payload)
    {
        (IReadOnlyList<AvlFix>? fixes, Problem? problem) = MqttDecoder.Read(Bytes(payload));
        Assert.Null(fixes);
        Assert.Equal("mqtt.bad_payload", problem!.Code);
    }

    [Fact]
    public void More_than_a_message_may_hold_is_refused()
    {
        Assert.Null(MqttDecoder.Read(Bytes($"[{string.Join(',', Enumerable.Repeat("""{"time":"2026-11-24T08:00:00Z","lon":1,"lat":2}""", 501))}]")).Fixes);
        Assert.Null(MqttDecoder.Read(new ReadOnlySequence<byte>(new byte[MqttDecoder.MostBytes + 1])).Fixes);
        Assert.Equal(500, Reads($"[{string.Join(',', Enumerable.Repeat("""{"time":"2026-11-24T08:00:00Z","lon":1,"lat":2}""", 500))}]").Count);
    }

    [Property(MaxTest = 300)]
    public void Any_fix_comes_out_as_it_went_in(NormalFloat lon, NormalFloat lat, uint time, bool? ignition, byte? speed)
    {
        var fix = new AvlFix(DateTimeOffset.FromUnixTimeSeconds(time), lon.Get, lat.Get, speed, Ignition: ignition);
        string json = JsonSerializer.Serialize(fix, JsonSerializerOptions.Web);
        Assert.Equal(fix, Assert.Single(Reads(json)));
        Assert.Equal([fix, fix], Reads($"[{json},{json}]"));
    }

    [Property(MaxTest = 300)]
    public void The_head_of_a_packet_announces_what_follows_it(NonNegativeInt value)
    {
        int length = value.Get % 268_435_456;
        var head = new List<byte> { 0x30 };
        int rest = length;
        do
        {
            Assert.Null(MqttGuard.Announced(new ReadOnlySequence<byte>([.. head])));
            head.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        Assert.Equal(length, MqttGuard.Announced(new ReadOnlySequence<byte>([.. head])));
        Assert.Equal(-1, MqttGuard.Announced(new ReadOnlySequence<byte>([0x30, 0x80, 0x80, 0x80, 0x80])));
    }

    private static IReadOnlyList<AvlFix> Reads(string payload)
    {
        (IReadOnlyList<AvlFix>? fixes, Problem? problem) = MqttDecoder.Read(Bytes(payload));
        Assert.Null(problem);
        return fixes!;
    }

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
