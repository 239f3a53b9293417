using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using GeoDispatch.Tracking.Devices.Jt808;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Cli.LoadTest;

/// <summary>A terminal that speaks JT/T 808 over a socket of its own, has registered before, and sends what is not answered again.</summary>
internal sealed class LoadJt808Line(IPEndPoint server, string phone, string code) : ILoadLine
{
    // In one frame, whose body is at most 1,023 bytes.
    private const int MostInFrame = 30;
    private readonly StreamPipeReaderOptions reading = new(bufferSize: 512, minimumReadSize: 64, useZeroByteReads: true);
    private Socket? socket;
    private PipeReader? input;
    private ushort serial;

    public int MostTogether => MostInFrame;

    public async Task<int> SendAsync(IReadOnlyList<AvlFix> fixes, CancellationToken cancellation)
    {
        try
        {
            if (socket is null)
            {
                await ConnectAsync(cancellation);
            }

            Jt808Message message = fixes.Count == 1 ? new Jt808Report(Location(fixes[0])) : new Jt808Batch(false, [.. fixes.Select(Location)]);
            return await AskAsync(message, cancellation) == Jt808Result.Done ? 0 : fixes.Count;
        }
        catch
        {
            // What of it came through is not known: a new connection begins anew.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (input is not null)
        {
            await input.CompleteAsync();
        }

        socket?.Dispose();
        (socket, input) = (null, null);
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation);
        input = PipeReader.Create(new NetworkStream(socket), reading);
        Jt808Result result = await AskAsync(new Jt808Authenticate(code), cancellation);
        if (result != Jt808Result.Done)
        {
            throw new LoadLineException($"JT/T 808 authentication: {result}");
        }
    }

    private async Task<Jt808Result> AskAsync(Jt808Message message, CancellationToken cancellation)
    {
        ushort sent = serial++;
        await socket!.SendAsync(Jt808Encoder.Frame(phone, sent, is2019: false, message), cancellation);
        while (true)
        {
            ReadResult read = await input!.ReadAsync(cancellation);
            ReadOnlySequence<byte> buffer = read.Buffer;
            Jt808Result? result = null;
            while (result is null && Jt808Framing.TryRead(ref buffer, out Jt808Frame? frame, out _))
            {
                result = frame is not null && Jt808Decoder.Read(frame) is Jt808Reply reply && reply.ReplySerial == sent && reply.ReplyId == message.Id
                    ? reply.Result
                    : null;
            }

            input.AdvanceTo(buffer.Start, result is null ? read.Buffer.End : buffer.Start);
            if (result is { } answered)
            {
                return answered;
            }

            if (read.IsCompleted)
            {
                throw new LoadLineException("JT/T 808 closed");
            }
        }
    }

    // Bit 0 ignition, 1 fixed, 19 BeiDou; north and east.
    private static Jt808Location Location(AvlFix fix) => new(
        0, 1 | 1 << 1 | 1 << 19, (uint)Math.Round(fix.Lat * 1e6), (uint)Math.Round(fix.Lon * 1e6), 5, (ushort)((fix.SpeedKmh ?? 0) * 10),
        (ushort)(fix.HeadingDegrees ?? 0), fix.Time, default);
}
