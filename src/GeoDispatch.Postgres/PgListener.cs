using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;

namespace GeoDispatch.Postgres;

/// <summary>Hears NOTIFY on one channel and reconnects after a loss. A payload is a hint to read again, never the news itself.</summary>
public sealed class PgListener(Databases databases)
{
    /// <summary>Given as a payload after each (re)connection, since notices may have been missed before it.</summary>
    public const string Reconnected = "";

    /// <summary>Yields payloads until cancelled. At most 10,000 wait; past that the oldest is dropped.</summary>
    public async IAsyncEnumerable<string> Listen(string channel, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var waiting = Channel.CreateBounded<string>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest });
        Task pump = Pump(channel, waiting.Writer, cancellation);
        await foreach (string payload in waiting.Reader.ReadAllAsync(cancellation))
        {
            yield return payload;
        }

        await pump;
    }

    private async Task Pump(string channel, ChannelWriter<string> waiting, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
                connection.Notification += (_, notice) => waiting.TryWrite(notice.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN \"{channel}\"", connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellation);
                }

                waiting.TryWrite(Reconnected);
                while (true)
                {
                    await connection.WaitAsync(cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception loss) when (loss is NpgsqlException or IOException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }

        waiting.TryComplete();
    }
}
