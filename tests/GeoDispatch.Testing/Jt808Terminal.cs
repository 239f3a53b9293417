using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using GeoDispatch.Tracking.Devices.Jt808;

namespace GeoDispatch.Testing;

/// <summary>A vehicle's terminal that speaks JT/T 808 over a socket of its own.</summary>
internal sealed class Jt808Terminal : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TcpClient socket;
    private readonly PipeReader input;
    private readonly Queue<(Jt808Frame Frame, Jt808Message Message)> heard = new();
    private ushort serial;

    private Jt808Terminal(TcpClient socket, string phone, bool is2019)
    {
        this.socket = socket;
        input = PipeReader.Create(socket.GetStream());
        (Phone, Is2019) = (phone, is2019);
    }

    internal string Phone { get; }

    internal bool Is2019 { get; }

    internal static async Task<Jt808Terminal> ConnectAsync(IPEndPoint server, string phone, bool is2019 = false)
    {
        var socket = new TcpClient(server.AddressFamily) { NoDelay = true };
        await socket.ConnectAsync(server);
        return new Jt808Terminal(socket, phone, is2019);
    }

    /// <summary>Connects one that was never heard, lets it be approved, and has it authenticated.</summary>
    /// <param name="approve">Called once it has registered.</param>
    internal static async Task<(Jt808Terminal Terminal, string Code)> LetInAsync(IPEndPoint server, string phone, Func<Task> approve, bool is2019 = false)
    {
        Jt808Terminal terminal = await ConnectAsync(server, phone, is2019);
        await terminal.RegisterAsync("鲁E00001");
        await approve();
        string code = (await terminal.RegisterAsync("鲁E00001")).Code!;
        Xunit.Assert.Equal(Jt808Result.Done, await terminal.AuthenticateAsync(code));
        return (terminal, code);
    }

    /// <summary>Registers and says what it was answered.</summary>
    internal async Task<Jt808RegisterReply> RegisterAsync(string plate, string ownId = "0000001")
    {
        await SendAsync(new Jt808Register(Is2019 ? Jt808Edition.Of2019 : Jt808Edition.Of2013, 37, 501, "GEODI", "GD-1", ownId, 2, plate));
        return (Jt808RegisterReply)(await HearAsync()).Message;
    }

    /// <summary>The result of authenticating by this code.</summary>
    internal async Task<Jt808Result> AuthenticateAsync(string code) => await AskAsync(new Jt808Authenticate(code, "860000000000001", "1.0"));

    /// <summary>Sends, and reads the general answer to it.</summary>
    internal async Task<Jt808Result> AskAsync(Jt808Message message)
    {
        ushort sent = await SendAsync(message);
        var reply = (Jt808Reply)(await HearAsync()).Message;
        Xunit.Assert.Equal((sent, message.Id), (reply.ReplySerial, reply.ReplyId));
        return reply.Result;
    }

    /// <summary>The serial under which it went out.</summary>
    internal async Task<ushort> SendAsync(Jt808Message message)
    {
        ushort used = serial;
        byte[] body = Jt808Encoder.Body(message, Is2019);
        var target = new ArrayBufferWriter<byte>();
        serial += (ushort)Jt808Framing.WriteMessage(target, new Jt808Header(message.Id, Phone, used, Is2019), body);
        await SendBytesAsync(target.WrittenMemory);
        return used;
    }

    internal async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => await socket.GetStream().WriteAsync(bytes);

    /// <summary>The next message of the server; fails where it closes or says nothing.</summary>
    internal async Task<(Jt808Frame Frame, Jt808Message Message)> HearAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Patience);
        while (heard.Count == 0)
        {
            ReadResult read = await input.ReadAsync(limit.Token);
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (Jt808Framing.TryRead(ref buffer, out Jt808Frame? frame, out Jt808Fault? fault))
            {
                heard.Enqueue(frame is null ? throw new InvalidDataException($"The server sent {fault}.") : (frame, Jt808Decoder.Read(frame)!));
            }

            input.AdvanceTo(buffer.Start, read.Buffer.End);
            if (read.IsCompleted && heard.Count == 0)
            {
                throw new EndOfStreamException("The server closed the connection.");
            }
        }

        return heard.Dequeue();
    }

    /// <summary>True once the server has closed the connection; what it said before is passed over.</summary>
    internal async Task<bool> IsClosedAsync(TimeSpan? within = null)
    {
        try
        {
            while (true)
            {
                await HearAsync(within);
            }
        }
        catch (Exception end) when (end is EndOfStreamException or IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // At once and without a farewell, as a vehicle goes into a tunnel.
        socket.Client.LingerState = new LingerOption(true, 0);
        await input.CompleteAsync();
        socket.Dispose();
    }
}
