using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Cli.Simulate;

/// <summary>How long to wait before trying again, and what is worth trying again: a server that restarts is back in seconds.</summary>
internal sealed class SimulateBackOff : IRetryPolicy
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public TimeSpan? NextRetryDelay(RetryContext retryContext) => After((int)Math.Min(retryContext.PreviousRetryCount, 30));

    /// <param name="tries">How many failed before, from 0.</param>
    internal static TimeSpan After(int tries)
    {
        double seconds = Math.Min(Longest.TotalSeconds, 0.25 * Math.Pow(2, Math.Min(tries, 10)));
        // Spread out, so that all crews do not come back in the same instant.
        return TimeSpan.FromSeconds(seconds * (0.5 + Random.Shared.NextDouble() / 2));
    }

    /// <summary>True for what a server that stops, starts or hangs does to its clients; false where it is us who stop.</summary>
    internal static bool IsPassing(Exception failure, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested
        && (failure is HttpRequestException or IOException or OperationCanceledException or TimeoutException or WebSocketException
            // Gathers what each transport met where the server went between the greeting and the connection.
            or AggregateException or HubException or InvalidOperationException or JsonException);
}
