using System.Buffers;
using System.IO.Pipelines;

namespace GeoDispatch.Tracking.Devices.Mqtt;

/// <summary>
/// Stands between the socket and the MQTT library, which would gather a packet of any length that its head announces, up to 256 MB, from
/// anybody, and wait for it as long as it takes. A packet here is at most <see cref="MostPacketBytes"/>, and comes whole in time.
/// </summary>
internal sealed class MqttGuard : PipeReader, IDisposable
{
    /// <summary>The payload, and the topic and properties before it.</summary>
    internal const int MostPacketBytes = MqttDecoder.MostBytes + 2_048;

    private readonly PipeReader inner;
    private readonly TimeSpan idle;
    private readonly CancellationTokenSource deadline = new();
    private SequencePosition start;

    /// <param name="unauthenticated">For the first packet.</param>
    /// <param name="idle">For each later one.</param>
    internal MqttGuard(PipeReader inner, TimeSpan unauthenticated, TimeSpan idle)
    {
        (this.inner, this.idle) = (inner, idle);
        // Machine time: a network knows nothing of an exercise that runs faster.
        deadline.CancelAfter(unauthenticated);
    }

    /// <summary>What the head of a packet announces; null where it is not whole, −1 where it is none. Section 2.2.3 of MQTT 3.1.1.</summary>
    internal static long? Announced(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out _))
        {
            return null;
        }

        long length = 0;
        for (int shift = 0; shift < 28; shift += 7)
        {
            if (!reader.TryRead(out byte digit))
            {
                return null;
            }

            length |= (long)(digit & 0x7F) << shift;
            if (digit < 0x80)
            {
                return length;
            }
        }

        return -1;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        return Checked(await inner.ReadAsync(limit.Token));
    }

    public override bool TryRead(out ReadResult result)
    {
        bool isRead = inner.TryRead(out result);
        result = isRead ? Checked(result) : result;
        return isRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!consumed.Equals(start))
        {
            // From whole packets alone: a byte a minute keeps nothing open.
            deadline.CancelAfter(idle);
        }

        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public void Dispose() => deadline.Dispose();

    private ReadResult Checked(ReadResult result)
    {
        start = result.Buffer.Start;
        if (Announced(result.Buffer) is < 0 or > MostPacketBytes)
        {
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            throw new InvalidDataException("The head of a packet announces more than a packet may have.");
        }

        return result;
    }
}

/// <summary>A connection's two ways, one of them guarded.</summary>
internal sealed record GuardedPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
