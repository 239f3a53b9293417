using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoDispatch.Cli.Cluster;

namespace GeoDispatch.Cli.Simulate;

/// <summary>What every simulated crew shares.</summary>
/// <param name="Pace">How many times faster crews act and drive than people would.</param>
internal sealed record SimulateContext(Uri Server, SimulateClock Clock, double Pace, SimulateJournal? Journal);

/// <summary>What the server answered: a value, or the stable code of a refusal.</summary>
/// <param name="Tries">How often it was asked before this answer, from 1.</param>
internal sealed record Answer<T>(T? Value, int Status, string? Code, int Tries)
    where T : class;

/// <summary>A crew's signed-in browser. Each request is repeated until the server answers it; used by one task at a time.</summary>
internal sealed class SimulateSession : IDisposable
{
    private const string CsrfHeader = "X-CSRF-Token";
    private readonly CrewCredentials credentials;
    private readonly SimulateClock clock;
    private readonly HttpClient http;
    private string? csrfToken;

    internal SimulateSession(CrewCredentials credentials, SimulateContext context)
    {
        this.credentials = credentials;
        clock = context.Clock;
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false })
        {
            BaseAddress = context.Server,
            Timeout = TimeSpan.FromSeconds(15),
        };
    }

    private sealed record SessionView(string? UserName, string? CsrfToken);

    private sealed record ProblemView(string? Code);

    /// <summary>Holds the session; for the hub, which comes as the same person.</summary>
    internal CookieContainer Cookies { get; } = new();

    internal Task<Answer<T>> GetAsync<T>(string path, CancellationToken cancellation)
        where T : class => UntilAnsweredAsync<T>(HttpMethod.Get, path, null, cancellation);

    /// <param name="body">Carries its own command id, so that a repeat does nothing twice.</param>
    internal Task<Answer<T>> PostAsync<T>(string path, object body, CancellationToken cancellation)
        where T : class => UntilAnsweredAsync<T>(HttpMethod.Post, path, body, cancellation);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<Answer<T>> UntilAnsweredAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation)
        where T : class
    {
        for (int tries = 0; ; tries++)
        {
            TimeSpan wait = SimulateBackOff.After(tries);
            try
            {
                csrfToken ??= await SignInAsync(cancellation);
                using HttpResponseMessage response = await SendAsync(method, path, body, csrfToken, cancellation);
                if (response.IsSuccessStatusCode)
                {
                    T? value = await response.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellation);
                    return new Answer<T>(value, (int)response.StatusCode, null, tries + 1);
                }

                string? code = await CodeAsync(response, cancellation);
                if (response.StatusCode == HttpStatusCode.Unauthorized || code == "csrf.missing")
                {
                    csrfToken = null;
                }
                else if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
                {
                    wait = response.Headers.RetryAfter?.Delta ?? wait;
                }
                else if ((int)response.StatusCode < 500)
                {
                    return new Answer<T>(null, (int)response.StatusCode, code, tries + 1);
                }
            }
            catch (Exception failure) when (SimulateBackOff.IsPassing(failure, cancellation))
            {
                // The server is away; whether it took the request is not known, and need not be.
            }

            await Task.Delay(wait, clock.Time, cancellation);
        }
    }

    /// <returns>The token that unsafe requests carry.</returns>
    private async Task<string> SignInAsync(CancellationToken cancellation)
    {
        while (true)
        {
            SessionView? view = await http.GetFromJsonAsync<SessionView>("/api/session", JsonSerializerOptions.Web, cancellation);
            if (view is { UserName: not null, CsrfToken: { } known })
            {
                return known;
            }

            using HttpResponseMessage response = await SendAsync(
                HttpMethod.Post, "/api/session", new { credentials.UserName, credentials.Password }, view?.CsrfToken, cancellation);
            if (response.IsSuccessStatusCode)
            {
                view = await response.Content.ReadFromJsonAsync<SessionView>(JsonSerializerOptions.Web, cancellation);
                return view?.CsrfToken ?? throw new JsonException("The session has no token.");
            }

            if (await CodeAsync(response, cancellation) == "session.wrong_credential")
            {
                throw new SetupException($"{credentials.UserName}: 密码不对,凭据文件不属于此服务器 / wrong password: the credentials file is not of this server");
            }

            // Many crews start at once and the server takes only so many sign-ins a minute from one address.
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(10), clock.Time, cancellation);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body, string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web);
            request.Headers.Add(CsrfHeader, token);
        }

        return await http.SendAsync(request, cancellation);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (await response.Content.ReadFromJsonAsync<ProblemView>(JsonSerializerOptions.Web, cancellation))?.Code
            : null;
}
