using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using MQTTnet.AspNetCore;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Npgsql;

namespace GeoDispatch.Tracking.Devices.Mqtt;

/// <summary>
/// The port of terminals that speak MQTT. A terminal signs in by its number and key, publishes its fixes on <c>terminals/NUMBER/fixes</c>, and
/// may listen on <c>terminals/NUMBER/messages</c>; nothing goes from one terminal to another. What is published is acknowledged after its
/// commit; where that cannot be, the connection ends without it, and the terminal publishes it again.
/// </summary>
internal sealed class MqttListener : TerminalListener
{
    internal const string Protocol = "mqtt";
    private const string TerminalItem = "terminal";

    private readonly MqttSettings settings;
    private readonly TerminalDoor door;
    private readonly FixPipeline pipeline;
    private readonly MqttConnectionHandler handler = new();
    private readonly MqttServer server;

    // The key that it signed in with: a terminal that is refused later is heard no longer.
    private sealed record SignedIn(string Terminal, string? Key, string Remote);

    public MqttListener(
        MqttSettings settings, TerminalRoom room, TerminalDoor door, FixPipeline pipeline, ILoggerFactory logging, ILogger<MqttListener> log)
        : base(settings, room, logging, log)
    {
        (this.settings, this.door, this.pipeline) = (settings, door, pipeline);
        server = new MqttServer(
            new MqttServerOptionsBuilder().WithoutDefaultEndpoint().WithDefaultCommunicationTimeout(settings.Sending).Build(),
            [handler], MqttNetNullLogger.Instance);
        server.ValidatingConnectionAsync += SignInAsync;
        server.InterceptingPublishAsync += StoreAsync;
        server.InterceptingSubscriptionAsync += SubscribeAsync;
    }

    internal static string FixesOf(string terminal) => $"terminals/{terminal}/fixes";

    internal static string MessagesOf(string terminal) => $"terminals/{terminal}/messages";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Listen is not null)
        {
            await server.StartAsync();
            await base.StartAsync(cancellationToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (server.IsStarted)
        {
            await server.StopAsync(new MqttServerStopOptions());
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        server.Dispose();
        handler.Dispose();
    }

    private protected override async Task ServeAsync(ConnectionContext connection, CancellationToken stopping)
    {
        using var guard = new MqttGuard(connection.Transport.Input, settings.Unauthenticated, settings.Idle);
        connection.Transport = new GuardedPipe(guard, connection.Transport.Output);
        await handler.OnConnectedAsync(connection);
    }

    private async Task SignInAsync(ValidatingConnectionEventArgs connect)
    {
        (string terminal, string? key) = TerminalDoor.Split(connect.UserName ?? "");
        key ??= connect.Password;
        // Sessions go by client id: by another's, a terminal could take over its connection.
        if (connect.ClientId is { Length: > 0 } id && id != terminal)
        {
            connect.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
            return;
        }

        string remote = connect.RemoteEndPoint?.ToString() ?? "";
        try
        {
            (_, Problem? problem) = await door.EnterAsync(new Sighting(Protocol, terminal, remote), key, CancellationToken.None);
            connect.ReasonCode = problem?.Status switch
            {
                null => MqttConnectReasonCode.Success,
                400 or 401 => MqttConnectReasonCode.BadUserNameOrPassword,
                429 => MqttConnectReasonCode.ServerUnavailable,
                _ => MqttConnectReasonCode.NotAuthorized,
            };
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            connect.ReasonCode = MqttConnectReasonCode.ServerUnavailable;
        }

        connect.SessionItems[TerminalItem] = new SignedIn(terminal, key, remote);
    }

    private async Task StoreAsync(InterceptingPublishEventArgs publish)
    {
        // To nobody, and retained by nobody.
        publish.ProcessPublish = false;
        publish.CloseConnection = true;
        if (publish.SessionItems[TerminalItem] is not SignedIn who || publish.ApplicationMessage.Topic != FixesOf(who.Terminal)
            || MqttDecoder.Read(publish.ApplicationMessage.Payload) is not ({ } fixes, _))
        {
            return;
        }

        try
        {
            (DeviceIdentity? device, Problem? problem) = await door.EnterAsync(
                new Sighting(Protocol, who.Terminal, who.Remote), who.Key, publish.CancellationToken);
            if (device is not null && fixes.Count > 0)
            {
                (FixReceipt? receipt, problem) = await pipeline.TakeAsync(device, fixes, publish.CancellationToken);
                // What is refused for ever need not come again.
                problem ??= pipeline.RightLater(receipt!, fixes).Any() ? Ahead : null;
            }

            publish.CloseConnection = problem is not null;
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException)
        {
            // Not the terminal's fault: it comes again, and brings it once more.
        }

        if (publish.CloseConnection)
        {
            await Task.Delay(settings.Pause, publish.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task SubscribeAsync(InterceptingSubscriptionEventArgs subscribe)
    {
        if (subscribe.SessionItems[TerminalItem] is not SignedIn who || subscribe.TopicFilter.Topic != MessagesOf(who.Terminal))
        {
            subscribe.ProcessSubscription = false;
            subscribe.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        }

        return Task.CompletedTask;
    }

    private static readonly Problem Ahead = new(400, FixRules.FromFuture, "定位时间超前 / Fix from the future", "稍后重发 / Send it again later");
}
