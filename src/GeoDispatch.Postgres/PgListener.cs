using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;

namespace GeoDispatch.Postgres;

/// <summary>
/// Hears NOTIFY and reconnects after a loss. A payload is a hint to read again, never the news itself. However many listen, to whatever
/// channels, they share one connection.
/// </summary>
public sealed class PgListener(Databases databases) : IDisposable
{
    /// <summary>Given as a payload after each (re)connection, since notices may have been missed before it.</summary>
    public const string Reconnected = "";

    private readonly Lock gate = new();
    private readonly List<Ear> ears = [];
    private CancellationTokenSource? running;
    private CancellationTokenSource joined = new();

    private sealed record Ear(string Channel, ChannelWriter<string> Waiting);

    /// <summary>Yields payloads until cancelled. At most 10,000 wait; past that the oldest is dropped.</summary>
    public async IAsyncEnumerable<string> Listen(string channel, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var waiting = Channel.CreateBounded<string>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest });
        var ear = new Ear(channel, waiting.Writer);
        Join(ear);
        try
        {
            await foreach (string payload in waiting.Reader.ReadAllAsync(cancellation))
            {
                yield return payload;
            }
        }
        finally
        {
            Leave(ear);
        }
    }

    /// <summary>
    /// Tells of each payload until it is to stop. What could not be told, for the database was away, is reported and left: whoever missed it reads again
    /// when the listener is back.
    /// </summary>
    public async Task HearAsync(string channel, Func<string, CancellationToken, Task> tell, Action<string, Exception> missed, CancellationToken stopping)
    {
        try
        {
            await foreach (string notice in Listen(channel, stopping))
            {
                try
                {
                    await tell(notice, stopping);
                }
                catch (Exception failure) when (failure is NpgsqlException or IOException)
                {
                    missed(notice, failure);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            running?.Cancel();
            running?.Dispose();
            running = null;
            joined.Dispose();
        }
    }

    private void Join(Ear ear)
    {
        lock (gate)
        {
            ears.Add(ear);
            joined.Cancel();
            if (running is null)
            {
                running = new CancellationTokenSource();
                CancellationToken token = running.Token;
                _ = Task.Run(() => PumpAsync(token), CancellationToken.None);
            }
        }
    }

    private void Leave(Ear ear)
    {
        lock (gate)
        {
            ears.Remove(ear);
            if (ears.Count == 0)
            {
                running?.Cancel();
                running?.Dispose();
                running = null;
            }
        }
    }

    private async Task PumpAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
                connection.Notification += (_, notice) => Tell(notice);
                await HearAsync(connection, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception loss) when (loss is NpgsqlException or IOException)
            {
                databases.DropIdle();
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Waits for notices; who joins meanwhile is heard from then on.</summary>
    private async Task HearAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var heard = new HashSet<Ear>(ReferenceEqualityComparer.Instance);
        while (true)
        {
            (Ear[] fresh, CancellationToken more) = Fresh(heard);
            if (fresh.Length > 0)
            {
                await using var listen = new NpgsqlCommand(string.Join(';', fresh.Select(static ear => $"LISTEN \"{ear.Channel}\"").Distinct()), connection);
                await listen.ExecuteNonQueryAsync(cancellation);
            }

            foreach (Ear ear in fresh)
            {
                heard.Add(ear);
                ear.Waiting.TryWrite(Reconnected);
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, more);
            try
            {
                while (true)
                {
                    await connection.WaitAsync(either.Token);
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Somebody joined.
            }
        }
    }

    private (Ear[] Fresh, CancellationToken More) Fresh(HashSet<Ear> heard)
    {
        lock (gate)
        {
            if (joined.IsCancellationRequested)
            {
                joined.Dispose();
                joined = new CancellationTokenSource();
            }

            return ([.. ears.Where(ear => !heard.Contains(ear))], joined.Token);
        }
    }

    private void Tell(NpgsqlNotificationEventArgs notice)
    {
        lock (gate)
        {
            foreach (Ear ear in ears)
            {
                if (ear.Channel == notice.Channel)
                {
                    ear.Waiting.TryWrite(notice.Payload);
                }
            }
        }
    }
}
