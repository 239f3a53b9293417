using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>A message that has its serial and waits to go out.</summary>
internal sealed record Jt808Outgoing(ushort Id, byte[] Body, ushort Serial);

/// <summary>One connection of a terminal: who it is, once it has shown that, and the way back to it.</summary>
internal sealed class Jt808Session(ConnectionContext connection, TimeSpan sending) : IDisposable
{
    private const int MostDelivered = 500;
    private readonly SemaphoreSlim writing = new(1);
    private readonly HashSet<Guid> delivered = [];
    private int serials;

    /// <summary>The terminal's number; null before it authenticated.</summary>
    internal string? Phone { get; set; }

    /// <summary>Of the last message that came: it is answered in its own edition.</summary>
    internal bool Is2019 { get; set; }

    /// <summary>How often it asked to be let in.</summary>
    internal int Admissions { get; set; }

    internal Jt808Parts Parts { get; } = new();

    /// <summary>Gives a message its serial, so that whoever waits for its receipt knows it before it goes out.</summary>
    internal Jt808Outgoing Prepare(Jt808Message message)
    {
        byte[] body = Jt808Encoder.Body(message, Is2019);
        int parts = Math.Max(1, (body.Length + Jt808Header.MostBody - 1) / Jt808Header.MostBody);
        return new Jt808Outgoing(message.Id, body, (ushort)(Interlocked.Add(ref serials, parts) - parts));
    }

    /// <summary>Sends to a number, in this order; several callers take turns.</summary>
    internal async Task SendAsync(string phone, IReadOnlyList<Jt808Outgoing> messages, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, connection.ConnectionClosed);
        limit.CancelAfter(sending);
        try
        {
            await writing.WaitAsync(limit.Token);
            try
            {
                foreach (Jt808Outgoing message in messages)
                {
                    Jt808Framing.WriteMessage(
                        connection.Transport.Output, new Jt808Header(message.Id, phone, message.Serial, Is2019), message.Body);
                }

                await connection.Transport.Output.FlushAsync(limit.Token);
            }
            finally
            {
                writing.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // It reads nothing: what is written to it would only be kept here.
            connection.Abort();
            throw;
        }
    }

    /// <summary>The commands that went down this connection: each goes once.</summary>
    internal Guid[] ListDelivered()
    {
        lock (delivered)
        {
            return [.. delivered];
        }
    }

    /// <summary>False where another caller sends it, or did.</summary>
    internal bool Delivered(Guid command)
    {
        lock (delivered)
        {
            // A line may stand for months. What is forgotten and has no receipt yet goes out once more.
            if (delivered.Count == MostDelivered)
            {
                delivered.Clear();
            }

            return delivered.Add(command);
        }
    }

    internal void End() => connection.Abort();

    public void Dispose() => writing.Dispose();
}

/// <summary>The terminals that are connected now, one session each: a new one replaces the old, which may be a dead line.</summary>
internal sealed class Jt808Sessions
{
    private readonly ConcurrentDictionary<string, Jt808Session> sessions = new(StringComparer.Ordinal);

    internal int Count => sessions.Count;

    internal Jt808Session? Find(string phone) => sessions.GetValueOrDefault(phone);

    internal void Enter(string phone, Jt808Session session)
    {
        Jt808Session? old = null;
        sessions.AddOrUpdate(phone, session, (_, there) =>
        {
            old = there;
            return session;
        });
        if (old is not null && !ReferenceEquals(old, session))
        {
            old.End();
        }
    }

    /// <summary>Nothing where a newer session took its place.</summary>
    internal void Leave(string phone, Jt808Session session) => sessions.TryRemove(new KeyValuePair<string, Jt808Session>(phone, session));
}
