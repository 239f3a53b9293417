using System.Buffers;
using System.IO.Pipelines;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>
/// One terminal's connection, from its first byte to its end. What one read brought is handled before the next read: so a slow database makes
/// the terminals wait, by TCP itself, and not the memory grow.
/// </summary>
internal sealed class Jt808Connection(Jt808Settings settings, Jt808Desk desk, Jt808Sessions sessions, TimeProvider clock)
{
    private const int MostFaults = 100;

    /// <summary>Of one read: their fixes go into one transaction.</summary>
    private const int MostTogether = 64;

    internal async Task ServeAsync(ConnectionContext connection, CancellationToken stopping)
    {
        using var session = new Jt808Session(connection, settings.Sending);
        // Machine time: a network knows nothing of an exercise that runs faster.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping, connection.ConnectionClosed);
        deadline.CancelAfter(settings.Unauthenticated);
        string remote = connection.RemoteEndPoint?.ToString() ?? "";
        try
        {
            await ReadAsync(connection.Transport.Input, session, remote, deadline);
        }
        finally
        {
            if (session.Phone is { } phone)
            {
                sessions.Leave(phone, session);
            }
        }
    }

    private async Task ReadAsync(PipeReader input, Jt808Session session, string remote, CancellationTokenSource deadline)
    {
        int faults = 0;
        while (true)
        {
            ReadResult read = await input.ReadAsync(deadline.Token);
            ReadOnlySequence<byte> buffer = read.Buffer;
            List<Jt808Whole> messages = Take(ref buffer, session.Parts, ref faults);
            bool wasKnown = session.Phone is not null;
            // A connection that says nothing but nonsense is none of ours; the answers to what it did say go out first.
            bool goesOn = await desk.AnswerAsync(session, messages, remote, deadline.Token) && faults < MostFaults;
            if (messages.Count > 0 && session.Phone is not null)
            {
                // From whole messages alone: a byte a minute keeps nothing open.
                deadline.CancelAfter(settings.Idle);
                faults = wasKnown ? 0 : faults;
            }

            // Where it stopped for the count, whole messages are left: they are looked at again at once.
            input.AdvanceTo(buffer.Start, messages.Count == MostTogether ? buffer.Start : read.Buffer.End);
            if (!goesOn || (read.IsCompleted && messages.Count < MostTogether))
            {
                return;
            }
        }
    }

    private List<Jt808Whole> Take(ref ReadOnlySequence<byte> buffer, Jt808Parts parts, ref int faults)
    {
        var messages = new List<Jt808Whole>();
        while (messages.Count < MostTogether && Jt808Framing.TryRead(ref buffer, out Jt808Frame? frame, out _))
        {
            if (frame is null)
            {
                faults++;
            }
            else if (parts.Add(frame, clock.GetUtcNow()) is { } whole)
            {
                messages.Add(whole);
            }
        }

        return messages;
    }
}

/// <summary>The port of terminals that speak JT/T 808.</summary>
internal sealed class Jt808Listener(Jt808Settings settings, TerminalRoom room, Jt808Connection handler, ILoggerFactory logging, ILogger<Jt808Listener> log)
    : TerminalListener(settings, room, logging, log)
{
    private protected override Task ServeAsync(ConnectionContext connection, CancellationToken stopping) => handler.ServeAsync(connection, stopping);
}
