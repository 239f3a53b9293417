using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Cli.Simulate;

/// <summary>
/// A vehicle's terminal: keeps each fix until the server has acknowledged it, and sends them in the order they were made.
/// </summary>
internal sealed class SimulateDevice(CrewCredentials credentials, SimulateContext context) : IAsyncDisposable
{
    private const int MostKept = 1_000;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private readonly List<AvlFix> kept = [];
    private readonly Lock turn = new();
    private readonly SemaphoreSlim added = new(0);
    private readonly HubConnection hub = new HubConnectionBuilder()
        .WithUrl(
            new Uri(context.Server, "/hubs/positions"),
            options => options.AccessTokenProvider = () => Task.FromResult<string?>(credentials.DeviceCredential))
        .AddMessagePackProtocol()
        .Build();

    /// <summary>Takes a fix; where the server has been away so long that too many wait, the oldest is given up.</summary>
    internal void Add(AvlFix fix)
    {
        lock (turn)
        {
            if (kept.Count == MostKept)
            {
                kept.RemoveAt(0);
            }

            kept.Add(fix);
        }

        added.Release();
    }

    /// <summary>Sends until stopped.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        for (int tries = 0; ;)
        {
            if (First() is not { Length: > 0 } batch)
            {
                await added.WaitAsync(cancellation);
                continue;
            }

            try
            {
                tries = await SendAsync(batch, cancellation) ? 0 : tries + 1;
            }
            catch (Exception failure) when (SimulateBackOff.IsPassing(failure, cancellation))
            {
                tries++;
            }

            if (tries > 0)
            {
                await Task.Delay(SimulateBackOff.After(tries - 1), context.Clock.Time, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        added.Dispose();
    }

    private async Task<bool> SendAsync(AvlFix[] batch, CancellationToken cancellation)
    {
        if (hub.State == HubConnectionState.Disconnected)
        {
            await hub.StartAsync(cancellation);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AnswerWithin);
        FixReceipt receipt = await hub.InvokeAsync<FixReceipt>(
            "SendFixes", new SendFixesRequest(credentials.DeviceId, batch), patience.Token);

        // A fix from the future is right a little later: after a restart the server's clock may be behind our count of it.
        HashSet<int> tooEarly = [.. receipt.Refused.Where(static fix => fix.Problem.Code == "fix.from_future").Select(static fix => fix.Index)];
        HashSet<int> refused = [.. receipt.Refused.Select(static fix => fix.Index)];
        HashSet<AvlFix> done = [.. batch.Where((_, index) => !tooEarly.Contains(index))];
        lock (turn)
        {
            kept.RemoveAll(done.Contains);
        }

        context.Journal?.Fixes(credentials.DeviceId, batch.Where((_, index) => !refused.Contains(index)).Select(static fix => fix.Time));
        foreach (RefusedFix fix in receipt.Refused.Where(fix => !tooEarly.Contains(fix.Index)))
        {
            await Console.Error.WriteLineAsync($"{credentials.CallSign}: {fix.Problem.Code}: {fix.Problem.Detail}");
        }

        return tooEarly.Count == 0;
    }

    private AvlFix[] First()
    {
        lock (turn)
        {
            return [.. kept.Take(FixRules.MostFixes)];
        }
    }
}
