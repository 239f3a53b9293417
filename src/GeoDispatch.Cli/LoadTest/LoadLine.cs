using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Cli.LoadTest;

/// <summary>One device's way to the server, by one protocol. Of one caller at a time.</summary>
internal interface ILoadLine : IAsyncDisposable
{
    /// <summary>The least time between two fixes of a device: what the protocol can tell apart.</summary>
    static readonly TimeSpan Finest = TimeSpan.FromMilliseconds(1);

    /// <summary>Fixes that go into one message.</summary>
    int MostTogether { get; }

    /// <summary>Connects where it is not connected, sends, and returns when all of them were acknowledged.</summary>
    /// <returns>How many the server refused for good; 0 of a correct one.</returns>
    /// <exception cref="LoadLineException">Nothing, or not this, was acknowledged: the same must be sent again.</exception>
    Task<int> SendAsync(IReadOnlyList<AvlFix> fixes, CancellationToken cancellation);
}

/// <summary>The server did not acknowledge; the message says what it did instead, for the count of reasons.</summary>
internal sealed class LoadLineException(string message) : Exception(message);

/// <summary><c>POST /api/positions/fixes</c>. The connections are the pool's, as of a gateway that stands before the devices.</summary>
internal sealed class LoadHttpLine(HttpClient http, Guid device, string credential) : ILoadLine
{
    public int MostTogether => 100;

    public async Task<int> SendAsync(IReadOnlyList<AvlFix> fixes, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/positions/fixes")
        {
            Content = JsonContent.Create(new SendFixesRequest(device, fixes)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using HttpResponseMessage answer = await http.SendAsync(request, cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new LoadLineException($"HTTP {(int)answer.StatusCode}");
        }

        FixReceipt receipt = (await answer.Content.ReadFromJsonAsync<FixReceipt>(cancellation))!;
        return receipt.Refused.Count;
    }

    public ValueTask DisposeAsync() => default;
}

/// <summary><c>SendFixes</c> on <c>/hubs/positions</c>, in MessagePack.</summary>
internal sealed class LoadHubLine(Uri server, Guid device, string credential) : ILoadLine
{
    private readonly HubConnection hub = new HubConnectionBuilder()
        .WithUrl(new Uri(server, "/hubs/positions"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(credential))
        .AddMessagePackProtocol()
        .Build();

    public int MostTogether => 100;

    public async Task<int> SendAsync(IReadOnlyList<AvlFix> fixes, CancellationToken cancellation)
    {
        if (hub.State == HubConnectionState.Disconnected)
        {
            await hub.StartAsync(cancellation);
        }

        return (await hub.InvokeAsync<FixReceipt>("SendFixes", new SendFixesRequest(device, fixes), cancellation)).Refused.Count;
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}
