using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Live;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Benchmarks.Live;

/// <summary>A console of one viewport, over a connection whose bytes are counted as they come from the socket, framing included.</summary>
internal sealed class WatchingConsole : IAsyncDisposable
{
    private readonly HubConnection hub;
    private readonly MoveReader reader = new();
    private long bytes;
    private volatile bool measures;

    private WatchingConsole(Uri server, CookieContainer cookies, MovingFleet fleet, Viewport viewport)
    {
        Viewport = viewport;
        hub = new HubConnectionBuilder()
            .WithUrl(new Uri(server, "/hubs/positions"), options =>
            {
                options.Cookies = cookies;
                options.WebSocketFactory = ConnectAsync;
            })
            .AddMessagePackProtocol()
            .Build();
        hub.On<Moves>("moves", moves => Take(moves, fleet));
    }

    internal Viewport Viewport { get; }

    /// <summary>Milliseconds from the moment a fix was sent, and from its acknowledgement (0 where that came later).</summary>
    internal List<(double FromSent, double FromAcknowledged)> Delays { get; } = [];

    /// <summary>Of one JSON frame for each fix that came, its WebSocket header included.</summary>
    internal long JsonBytes { get; private set; }

    internal long Messages { get; private set; }

    internal long Bytes => Interlocked.Read(ref bytes);

    internal static async Task<WatchingConsole> OpenAsync(Uri server, CookieContainer cookies, MovingFleet fleet, Viewport viewport)
    {
        var console = new WatchingConsole(server, cookies, fleet, viewport);
        await console.hub.StartAsync();
        await console.hub.InvokeAsync("WatchMoves", viewport);
        return console;
    }

    /// <summary>What came before, the snapshot above all, counts no more.</summary>
    internal void Begin()
    {
        Interlocked.Exchange(ref bytes, 0);
        measures = true;
    }

    internal void End() => measures = false;

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    private void Take(Moves moves, MovingFleet fleet)
    {
        long now = Stopwatch.GetTimestamp();
        VehiclePosition[] read = reader.Read(moves);
        if (!measures)
        {
            return;
        }

        Messages++;
        foreach (VehiclePosition position in read)
        {
            if (fleet.FindNumber(position.Plate) is not { } number)
            {
                // One of the city's own crews.
                continue;
            }

            (long sent, long acknowledged) = fleet.Times(number, fleet.TickOf(position.Time));
            Delays.Add((
                Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds,
                acknowledged == 0 ? 0 : Math.Max(0, Stopwatch.GetElapsedTime(acknowledged, now).TotalMilliseconds)));
            JsonBytes += JsonFrame(position);
        }
    }

    /// <summary>As the hub would send it by itself, in its JSON protocol.</summary>
    private static int JsonFrame(VehiclePosition position)
    {
        string json = JsonSerializer.Serialize(new { type = 1, target = "positions", arguments = new[] { position } }, JsonSerializerOptions.Web);
        int length = Encoding.UTF8.GetByteCount(json) + 1;
        return length + (length < 126 ? 2 : 4);
    }

    private async ValueTask<WebSocket> ConnectAsync(WebSocketConnectionContext context, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = context.Options.Cookies;
        using var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            ConnectCallback = async (target, stop) =>
            {
                var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await tcp.ConnectAsync(target.DnsEndPoint, stop);
                return new CountedStream(new NetworkStream(tcp, ownsSocket: true), count => Interlocked.Add(ref bytes, count));
            },
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        if (context.Options.Cookies?.GetCookieHeader(context.Uri.Scheme == "wss" ? context.Uri : new UriBuilder(context.Uri) { Scheme = "http" }.Uri) is { Length: > 0 } header)
        {
            socket.Options.Cookies = null;
            socket.Options.SetRequestHeader("Cookie", header);
        }

        await socket.ConnectAsync(context.Uri, invoker, cancellation);
        return socket;
    }
}

/// <summary>Says how many bytes were read through it.</summary>
internal sealed class CountedStream(Stream inner, Action<int> count) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken);
        count(read);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
