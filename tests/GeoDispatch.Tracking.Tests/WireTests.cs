using System.Text.Json;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Live;
using MessagePack;
using Microsoft.AspNetCore.SignalR;

namespace GeoDispatch.Tracking.Tests;

public sealed class WireTests
{
    // What the hub packs with.
    private static readonly MessagePackSerializerOptions Options = new MessagePackHubProtocolOptions().SerializerOptions;
    private static readonly DateTimeOffset Time = new(2026, 11, 24, 8, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public void Both_protocols_name_the_same_members_and_write_times_as_text()
    {
        var position = new VehiclePosition(Guid.NewGuid(), "鲁E12345", "ambulance", 118.67, 37.43, 40, null, Time);
        using JsonDocument packed = JsonDocument.Parse(MessagePackSerializer.ConvertToJson(Pack(position), Options, TestContext.Current.CancellationToken));
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(position, JsonSerializerOptions.Web));
        Assert.Equal(
            json.RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal),
            packed.RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("2026-11-24T08:00:00.25Z", packed.RootElement.GetProperty("time").GetString());
        Assert.Equal(position.VehicleId.ToString("D"), packed.RootElement.GetProperty("vehicleId").GetString());
    }

    [Fact]
    public void A_request_comes_back_as_it_was_sent()
    {
        var request = new SendFixesRequest(Guid.NewGuid(), [new AvlFix(Time, 118.67, 37.43, 40.5, null, 5)]);
        SendFixesRequest read = Unpack<SendFixesRequest>(Pack(request));
        Assert.Equal(request.DeviceId, read.DeviceId);
        Assert.Equal(request.Fixes, read.Fixes);
    }

    [Fact]
    public void A_timestamp_of_another_client_is_read_too()
    {
        byte[] bytes = Pack(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["time"] = Time.UtcDateTime,
            ["lon"] = 118,
            ["lat"] = 37.5,
        });
        Assert.Equal(new AvlFix(Time, 118, 37.5), Unpack<AvlFix>(bytes));
    }

    private static byte[] Pack<T>(T value) => MessagePackSerializer.Serialize(value, Options, TestContext.Current.CancellationToken);

    private static T Unpack<T>(byte[] bytes) => MessagePackSerializer.Deserialize<T>(bytes, Options, TestContext.Current.CancellationToken);
}
