using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Dispatch.Calls.Link;

/// <summary>How text messages reach callers.</summary>
public sealed record CallerMessageSettings
{
    /// <summary>Takes <c>POST {"to", "text"}</c> and answers 2xx where the message was accepted. Default none: no message is sent, which the log says.</summary>
    public Uri? GatewayUrl { get; init; }

    /// <summary>Sent to the gateway as <c>Authorization: Bearer</c>; never to be logged. Default none.</summary>
    public string? GatewayKey { get; init; }
}

/// <summary>Sends a text message to a caller's telephone.</summary>
internal interface ICallerMessages
{
    /// <summary>True where somebody accepted it for delivery.</summary>
    Task<bool> SendAsync(string number, string text, CancellationToken cancellation);
}

/// <summary>By a gateway over HTTP. What fails is told to the dispatcher, who can read the link out.</summary>
internal sealed partial class GatewayMessages(CallerMessageSettings settings, ILogger<GatewayMessages> log) : ICallerMessages, IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<bool> SendAsync(string number, string text, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.GatewayUrl);
        request.Content = JsonContent.Create(new { to = number, text });
        if (settings.GatewayKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                LogRefused(log, PhoneNumber.Mask(number)!, (int)answer.StatusCode);
            }

            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            LogAway(log, PhoneNumber.Mask(number)!, failure.GetType().Name);
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message gateway answered {Status} to a message for {Number}.")]
    private static partial void LogRefused(ILogger logger, string number, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message gateway was not reached for a message to {Number}: {Fault}.")]
    private static partial void LogAway(ILogger logger, string number, string fault);
}

/// <summary>Where no gateway is set, as in the demo city: nothing is sent, and the log says so. It holds neither number nor link.</summary>
internal sealed partial class UnsentMessages(ILogger<UnsentMessages> log) : ICallerMessages
{
    public Task<bool> SendAsync(string number, string text, CancellationToken cancellation)
    {
        LogUnsent(log, PhoneNumber.Mask(number)!, text.Length);
        return Task.FromResult(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No message gateway is set: a message of {Characters} characters for {Number} was not sent.")]
    private static partial void LogUnsent(ILogger logger, string number, int characters);
}
