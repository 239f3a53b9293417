using System.Net.WebSockets;
using System.Text;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>All that a hub sends to somebody, as it comes: a client would drop what it has no handler for.</summary>
internal sealed class RawFeed : IAsyncDisposable
{
    /// <summary>The end of a message, as SignalR's JSON protocol has it.</summary>
    private const string End = "\u001e";

    private readonly ClientWebSocket socket = new();
    private readonly StringBuilder text = new();
    private readonly Lock turn = new();
    private Task reading = Task.CompletedTask;

    internal string Text
    {
        get
        {
            lock (turn)
            {
                return text.ToString();
            }
        }
    }

    /// <summary>Null where the hub does not let him in.</summary>
    internal static async Task<RawFeed?> TryConnectAsync(Uri server, string hub, Session session)
    {
        var feed = new RawFeed();
        feed.socket.Options.Cookies = session.Cookies;
        if (session.Key is { } key)
        {
            feed.socket.Options.SetRequestHeader("X-API-Key", key);
        }

        try
        {
            await feed.socket.ConnectAsync(new UriBuilder(new Uri(server, hub)) { Scheme = "ws" }.Uri, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            await feed.DisposeAsync();
            return null;
        }

        await feed.socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"protocol":"json","version":1}{{End}}"""), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        feed.reading = feed.ReadAsync();
        return feed;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[65_536];
        try
        {
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } part)
            {
                lock (turn)
                {
                    text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
                }
            }
        }
        catch (Exception over) when (over is WebSocketException or OperationCanceledException)
        {
            // The test has heard enough.
        }
    }
}
