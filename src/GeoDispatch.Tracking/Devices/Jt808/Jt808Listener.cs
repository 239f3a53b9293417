using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>
/// Takes the connections of terminals by Kestrel's own socket transport. Beside Kestrel and not in it: an endpoint of another protocol there
/// would make it forget the addresses that the server is told to serve on, and its buffers are meant for few large requests.
/// </summary>
internal sealed partial class Jt808Listener(
    Jt808Settings settings, Jt808Connection handler, ILoggerFactory logging, ILogger<Jt808Listener> log) : IHostedService, IAsyncDisposable
{
    // Of one connection: some frames, so that 20,000 of them hold no more than they are worth.
    private const int BufferBytes = 16_384;

    private readonly ConcurrentDictionary<ConnectionContext, Task> open = new();
    private readonly CancellationTokenSource stopping = new();
    private IConnectionListener? listener;
    private Task accepting = Task.CompletedTask;

    /// <summary>Where terminals reach the server; null where it does not listen.</summary>
    internal IPEndPoint? Address => listener?.EndPoint as IPEndPoint;

    internal int Connections => open.Count;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Listen is null)
        {
            return;
        }

        var sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes, Backlog = 4_096 }), logging);
        listener = await sockets.BindAsync(settings.Listen, cancellationToken);
        accepting = AcceptAsync(listener);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (listener is null)
        {
            return;
        }

        await stopping.CancelAsync();
        await listener.UnbindAsync(cancellationToken);
        await accepting;
        foreach (ConnectionContext connection in open.Keys)
        {
            connection.Abort();
        }

        await Task.WhenAll(open.Values).WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (listener is not null)
        {
            await listener.DisposeAsync();
        }

        stopping.Dispose();
    }

    private async Task AcceptAsync(IConnectionListener from)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await from.AcceptAsync(stopping.Token) is not { } connection)
                {
                    return;
                }

                if (open.Count >= settings.MostConnections)
                {
                    connection.Abort();
                    await connection.DisposeAsync();
                    continue;
                }

                var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                open[connection] = ServeAsync(connection, begun.Task);
                begun.SetResult();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                // No more files, say: those who are connected go on, and the next one may come when some have left.
                LogAccept(log, failure);
                await Task.Delay(TimeSpan.FromSeconds(1), stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(ConnectionContext connection, Task begun)
    {
        // Not before it is in the list that it takes itself off.
        await begun;
        try
        {
            await handler.ServeAsync(connection, stopping.Token);
            await FarewellAsync(connection);
        }
        catch (Exception failure) when (failure is ConnectionResetException or ConnectionAbortedException or OperationCanceledException)
        {
            // The other side went, or we go: its terminal sends again what was not answered.
        }
        catch (Exception failure)
        {
            LogFailure(log, connection.RemoteEndPoint, failure);
        }
        finally
        {
            connection.Abort();
            await connection.DisposeAsync();
            open.TryRemove(connection, out _);
        }
    }

    /// <summary>The last answer still goes out, where the terminal takes it.</summary>
    private async Task FarewellAsync(ConnectionContext connection)
    {
        await connection.Transport.Output.CompleteAsync();
        await connection.Transport.Input.CompleteAsync();
        Task gone = connection.DisposeAsync().AsTask();
        await Task.WhenAny(gone, Task.Delay(settings.Sending, stopping.Token));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A terminal's connection could not be accepted.")]
    private static partial void LogAccept(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection of a terminal at {Remote} failed.")]
    private static partial void LogFailure(ILogger logger, EndPoint? remote, Exception failure);
}
