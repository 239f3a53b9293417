using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Tracking.Devices;

/// <summary>A port for terminals cannot be had.</summary>
/// <param name="address">Where it was to be.</param>
/// <param name="transport"><c>TCP</c> or <c>UDP</c>.</param>
/// <param name="failure">Its <see cref="SocketException.SocketErrorCode"/> says why.</param>
public sealed class PortUnavailableException(IPEndPoint address, string transport, SocketException failure)
    : IOException($"{transport} {address}: {failure.Message}", failure)
{
    /// <summary>Where it was to be.</summary>
    public IPEndPoint Address => address;

    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    public string Transport => transport;
}

/// <summary>
/// Takes the connections of terminals by Kestrel's own socket transport. Beside Kestrel and not in it: an endpoint of another protocol there
/// would make it forget the addresses that the server is told to serve on, and its buffers are meant for few large requests.
/// </summary>
internal abstract partial class TerminalListener(ListenerSettings settings, TerminalRoom room, ILoggerFactory logging, ILogger log) : IHostedService, IAsyncDisposable
{
    // Of one connection: some frames, so that 20,000 of them hold no more than they are worth.
    private const int BufferBytes = 16_384;

    private readonly ConcurrentDictionary<ConnectionContext, Task> open = new();

    // Those that have said nothing yet, in the order in which they came.
    private readonly ConcurrentDictionary<ConnectionContext, long> silent = new();
    private long came;
    private readonly ConcurrentDictionary<IPAddress, int> byAddress = new();
    private readonly CancellationTokenSource stopping = new();
    private IConnectionListener? listener;
    private Task accepting = Task.CompletedTask;

    /// <summary>Where terminals reach the server; null where it does not listen.</summary>
    internal IPEndPoint? Address => listener?.EndPoint as IPEndPoint;

    internal int Connections => open.Count;

    public virtual async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Listen is null)
        {
            return;
        }

        if (room.Most < settings.MostConnections)
        {
            LogFewer(log, settings.Listen, room.Most, settings.MostConnections);
        }

        var sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes, Backlog = 4_096 }), logging);
        try
        {
            listener = await sockets.BindAsync(settings.Listen, cancellationToken);
        }
        catch (Exception failure) when ((failure as SocketException ?? failure.InnerException as SocketException) is { } reason)
        {
            throw new PortUnavailableException(settings.Listen, "TCP", reason);
        }

        accepting = AcceptAsync(listener);
    }

    public virtual async Task StopAsync(CancellationToken cancellationToken)
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

    public virtual async ValueTask DisposeAsync()
    {
        if (listener is not null)
        {
            await listener.DisposeAsync();
        }

        stopping.Dispose();
    }

    /// <summary>One connection, from its first byte to its end. What is written to it then still goes out.</summary>
    private protected abstract Task ServeAsync(ConnectionContext connection, CancellationToken stopping);

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

                bool isFull = !room.Enter() || open.Count >= settings.MostConnections;
                if ((isFull && !GivesWay(null)) || !Enters(connection))
                {
                    room.Leave();
                    connection.Abort();
                    await connection.DisposeAsync();
                    continue;
                }

                silent[connection] = came++;
                var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                open[connection] = RunAsync(connection, begun.Task);
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

    /// <summary>
    /// Whoever has stood there longest without a word goes: connections that are opened and left alone, by an attack or by a network that lost
    /// them, keep no terminal out.
    /// </summary>
    /// <param name="from">Of this address; null of all.</param>
    private bool GivesWay(IPAddress? from)
    {
        KeyValuePair<ConnectionContext, long> oldest = silent.Where(one => from is null || AddressOf(one.Key).Equals(from)).OrderBy(static one => one.Value).FirstOrDefault();
        if (oldest.Key is null || !silent.TryRemove(oldest))
        {
            return false;
        }

        oldest.Key.Abort();
        return true;
    }

    private bool Enters(ConnectionContext connection)
    {
        IPAddress from = AddressOf(connection);
        if (byAddress.AddOrUpdate(from, 1, static (_, there) => there + 1) <= settings.MostOfAddress || GivesWay(from))
        {
            return true;
        }

        Leaves(connection);
        return false;
    }

    private void Leaves(ConnectionContext connection)
    {
        IPAddress from = AddressOf(connection);
        if (byAddress.AddOrUpdate(from, 0, static (_, there) => there - 1) <= 0)
        {
            byAddress.TryRemove(new KeyValuePair<IPAddress, int>(from, 0));
        }
    }

    private static IPAddress AddressOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;

    private async Task RunAsync(ConnectionContext connection, Task begun)
    {
        // Not before it is in the list that it takes itself off.
        await begun;
        try
        {
            if (await SpeaksAsync(connection))
            {
                await ServeAsync(connection, stopping.Token);
                await FarewellAsync(connection);
            }
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
            silent.TryRemove(connection, out _);
            Leaves(connection);
            room.Leave();
        }
    }

    /// <summary>Waits for the first byte, and leaves it there; false where the other side went without one.</summary>
    private async Task<bool> SpeaksAsync(ConnectionContext connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        limit.CancelAfter(settings.Silent);
        ReadResult first = await connection.Transport.Input.ReadAsync(limit.Token);
        connection.Transport.Input.AdvanceTo(first.Buffer.Start);
        // Where it was to give way at this moment, it is being ended.
        return !first.Buffer.IsEmpty && silent.TryRemove(connection, out _);
    }

    /// <summary>The last answer still goes out, where the terminal takes it.</summary>
    private async Task FarewellAsync(ConnectionContext connection)
    {
        await connection.Transport.Output.CompleteAsync();
        await connection.Transport.Input.CompleteAsync();
        Task gone = connection.DisposeAsync().AsTask();
        await Task.WhenAny(gone, Task.Delay(settings.Sending, stopping.Token));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "At {Listen} {Most} terminals may connect, not {Wished}: the process may open no more files (ulimit -n, LimitNOFILE).")]
    private static partial void LogFewer(ILogger logger, EndPoint listen, int most, int wished);

    [LoggerMessage(Level = LogLevel.Error, Message = "A terminal's connection could not be accepted.")]
    private static partial void LogAccept(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection of a terminal at {Remote} failed.")]
    private static partial void LogFailure(ILogger logger, EndPoint? remote, Exception failure);
}
