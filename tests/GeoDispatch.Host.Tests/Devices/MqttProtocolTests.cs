using System.Globalization;
using System.Net.Sockets;
using GeoDispatch.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Npgsql;

namespace GeoDispatch.Host.Tests.Devices;

public sealed partial class ProtocolTests
{
    [Fact]
    public async Task A_publisher_waits_for_approval_and_what_it_publishes_is_stored_once()
    {
        string terminal = NewTerminal();
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(client, terminal, "guess"));
        Assert.Equal(1, await server.Database.CountAsync("tracking.terminal WHERE protocol = 'mqtt' AND terminal = $1 AND state = 'waiting'", terminal));
        (string key, Guid device) = await LetInAsync("mqtt", terminal, 8);
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await ConnectAsync(client, terminal, "guess"));
        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, await ConnectAsync(client, terminal, key, clientId: "another"));
        Assert.Equal(MqttClientConnectResultCode.Success, await ConnectAsync(client, terminal, key));

        DateTimeOffset time = Now.AddSeconds(-30);
        string fix = string.Create(CultureInfo.InvariantCulture, $$"""{"time":"{{time:O}}","lon":118.6,"lat":37.4,"speedKmh":50}""");
        string later = string.Create(CultureInfo.InvariantCulture, $$"""[{"time":"{{time.AddSeconds(1):O}}","lon":118.6,"lat":37.4},{"time":"{{time.AddDays(-40):O}}","lon":118.6,"lat":37.4}]""");
        string ownTracks = string.Create(CultureInfo.InvariantCulture, $$"""{"_type":"location","tst":{{time.AddSeconds(2).ToUnixTimeSeconds()}},"lat":37.401,"lon":118.601,"vel":63,"cog":271,"acc":5,"alt":12,"batt":80,"tid":"a1"}""");
        foreach (string payload in new[] { fix, fix, later, ownTracks, """{"_type":"lwt","tst":1}""" })
        {
            Assert.True((await PublishAsync(client, terminal, payload)).IsSuccess);
        }

        Assert.Equal(3, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
        Assert.Equal(1, await server.Database.CountAsync("tracking.latest_fix WHERE device_id = $1 AND speed_kmh = 63 AND heading_degrees = 271", device));
        await client.DisconnectAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_publisher_hears_its_own_messages_alone_and_anything_else_ends_its_connection_unacknowledged()
    {
        string terminal = NewTerminal();
        (string key, Guid device) = await LetInAsync("mqtt", terminal, 5);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        Assert.Equal(MqttClientConnectResultCode.Success, await ConnectAsync(client, $"{terminal}.{key}", "", clientId: terminal));
        foreach (string topic in new[] { "#", "terminals/#", "terminals/+/messages", "terminals/other/messages", $"terminals/{terminal}/fixes" })
        {
            MqttClientSubscribeResult refused = await client.SubscribeAsync(new MqttTopicFilter { Topic = topic }, Cancellation);
            Assert.True(Assert.Single(refused.Items).ResultCode > MqttClientSubscribeResultCode.GrantedQoS2, topic);
        }

        MqttClientSubscribeResult own = await client.SubscribeAsync(new MqttTopicFilter { Topic = $"terminals/{terminal}/messages" }, Cancellation);
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS0, Assert.Single(own.Items).ResultCode);

        string good = string.Create(CultureInfo.InvariantCulture, $$"""{"time":"{{Now:O}}","lon":118.6,"lat":37.4}""");
        string ahead = string.Create(CultureInfo.InvariantCulture, $$"""{"time":"{{Now.AddMinutes(5):O}}","lon":118.6,"lat":37.4}""");
        foreach ((string topic, string payload) in new[] { ("terminals/other/fixes", good), ($"terminals/{terminal}/messages", good), ($"terminals/{terminal}/fixes", "{"), ($"terminals/{terminal}/fixes", ahead) })
        {
            using IMqttClient another = new MqttClientFactory().CreateMqttClient();
            Assert.Equal(MqttClientConnectResultCode.Success, await ConnectAsync(another, terminal, key));
            await Assert.ThrowsAnyAsync<Exception>(() => PublishAsync(another, terminal, payload, topic));
            await Eventually.GetAsync(() => Task.FromResult(another.IsConnected), static isConnected => !isConnected, "the connection stays");
        }

        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
    }

    [Fact]
    public async Task A_publication_is_acknowledged_after_its_commit()
    {
        string terminal = NewTerminal();
        (string key, Guid device) = await LetInAsync("mqtt", terminal, 6);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        Assert.Equal(MqttClientConnectResultCode.Success, await ConnectAsync(client, terminal, key));
        Task<MqttClientPublishResult> publishing;
        await using (var blocking = new NpgsqlConnection(server.Database.ConnectionString))
        {
            await blocking.OpenAsync(Cancellation);
            await using NpgsqlTransaction held = await blocking.BeginTransactionAsync(Cancellation);
            await using var hold = new NpgsqlCommand("LOCK TABLE tracking.latest_fix IN ACCESS EXCLUSIVE MODE", blocking, held);
            await hold.ExecuteNonQueryAsync(Cancellation);
            publishing = PublishAsync(client, terminal, string.Create(CultureInfo.InvariantCulture, $$"""{"time":"{{Now:O}}","lon":118.6,"lat":37.4}"""));
            Assert.NotSame(publishing, await Task.WhenAny(publishing, Task.Delay(TimeSpan.FromSeconds(1), Cancellation)));
            Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
            await held.RollbackAsync(Cancellation);
        }

        Assert.True((await publishing).IsSuccess);
        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
    }

    [Theory]
    [InlineData("10FFFFFF7F")]
    [InlineData("10FFFFFFFF")]
    [InlineData("30808008")]
    public async Task A_packet_that_announces_more_than_it_may_have_ends_the_connection(string head)
    {
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(server.MqttAddress, Cancellation);
        await stranger.GetStream().WriteAsync(Convert.FromHexString(head), Cancellation);
        Assert.Equal("", await HearAsync(stranger, 1));
    }

    private async Task<MqttClientConnectResultCode> ConnectAsync(IMqttClient client, string user, string password, string? clientId = null)
    {
        MqttClientConnectResult result = await client.ConnectAsync(
            new MqttClientOptionsBuilder()
                .WithTcpServer(server.MqttAddress.Address.ToString(), server.MqttAddress.Port)
                .WithProtocolVersion(MqttProtocolVersion.V311)
                .WithClientId(clientId ?? user)
                .WithCredentials(user, password)
                .WithTimeout(Patience)
                .Build(),
            Cancellation);
        return result.ResultCode;
    }

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient client, string terminal, string payload, string? topic = null) => client.PublishAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(topic ?? $"terminals/{terminal}/fixes").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
        Cancellation);
}
