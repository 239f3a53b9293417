using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace GeoDispatch.Testing;

/// <summary>What the server answered, read to its end.</summary>
public sealed record Answer(int Status, string? Code, string Text, HttpResponseMessage Response)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Status} {Text[..Math.Min(2_000, Text.Length)]}";

    /// <summary>The body of a success. Fails the test with the refusal where it is one.</summary>
    public T Read<T>()
    {
        Assert.True(Status is >= 200 and < 300, $"{Response.RequestMessage?.Method} {Response.RequestMessage?.RequestUri}: {Status} {Text}");
        return JsonSerializer.Deserialize<T>(Text, JsonSerializerOptions.Web)!;
    }

    /// <summary>A success that says nothing.</summary>
    public void Read204() => Assert.True(Status == 204, $"{Status} {Text}");

    /// <summary>The body of a refusal.</summary>
    public JsonElement Problem => JsonDocument.Parse(Text).RootElement;

    /// <summary>The version that an incident was read at, as <c>If-Match</c> takes it back.</summary>
    public string? Version => Response.Headers.ETag?.Tag;

    /// <summary>Asserts a refusal with this code from outside of a service, in the form of its protocol: problem details, or XML of OGC.</summary>
    public Answer MustSay(int status, string code)
    {
        if (Code is not null)
        {
            return MustRefuse(status, code);
        }

        Assert.True(status == Status, $"Expected {status} {code}, got {Status} {Text}");
        Assert.Contains("xml", Response.Content.Headers.ContentType?.MediaType, StringComparison.Ordinal);
        Assert.Contains($"locator=\"{code}\"", Text, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Asserts a refusal in the form that all of them have.</summary>
    public Answer MustRefuse(int status, string code)
    {
        Assert.True((status, code) == (Status, Code), $"Expected {status} {code}, got {Status} {Text}");
        Assert.Equal("application/problem+json", Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, Problem.GetProperty("status").GetInt32());
        // Chinese and English, for the one who reads it on the screen.
        Assert.Contains(" / ", Problem.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(Problem.GetProperty("detail").GetString()!);
        return this;
    }
}

/// <summary>A browser: keeps cookies and, once signed in, the token for unsafe requests.</summary>
public sealed class Session : IDisposable
{
    private readonly HttpClient http;

    /// <summary>Nobody is signed in yet.</summary>
    public Session(Uri server)
    {
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false })
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Of the session, for a hub that comes as the same person.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>Sent with unsafe requests; null sends none.</summary>
    public string? CsrfToken { get; set; }

    /// <summary>A program's key, sent with each request; null sends none.</summary>
    public string? Key { get; set; }

    /// <summary>The unit of a crew.</summary>
    public Guid? UnitId { get; private set; }

    /// <summary>As the sign-in page does it: ask for a token, then send the password.</summary>
    public async Task<Answer> SignInAsync(string userName, string password)
    {
        CsrfToken = (await GetAsync("/api/session")).Read<SessionView>().CsrfToken;
        Answer answer = await PostAsync("/api/session", new { userName, password });
        if (answer.Status == (int)HttpStatusCode.OK)
        {
            SessionView view = answer.Read<SessionView>();
            (CsrfToken, UnitId) = (view.CsrfToken, view.UnitId);
        }

        return answer;
    }

    /// <summary>Reads a path.</summary>
    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Reads a path that must answer.</summary>
    public async Task<T> ReadAsync<T>(string path) => (await GetAsync(path)).Read<T>();

    /// <param name="path">Where to.</param>
    /// <param name="body">Becomes JSON.</param>
    /// <param name="ifMatch">The version that the sender has seen.</param>
    public Task<Answer> PostAsync(string path, object body, string? ifMatch = null) => SendAsync(HttpMethod.Post, path, body, ifMatch);

    private Task<Answer> SendAsync(HttpMethod method, string path, object body, string? ifMatch)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return SendAsync(request);
    }

    /// <summary>Puts something in a place that has one.</summary>
    public Task<Answer> PutAsync(string path, object body, string? ifMatch = null) => SendAsync(HttpMethod.Put, path, body, ifMatch);

    /// <summary>As a terminal does, with a device's credential; null sends none.</summary>
    public async Task<Answer> SendFixesAsync(string? credential, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/positions/fixes")
        {
            // Of a known length, as terminals send it; JsonContent would come in chunks.
            Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
        };
        if (credential is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {credential}");
        }

        return await SendAsync(request);
    }

    /// <summary>Sends anything, with the session's token where it has one.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        if (request.Method != HttpMethod.Get && CsrfToken is not null)
        {
            request.Headers.Add("X-CSRF-Token", CsrfToken);
        }

        if (Key is not null)
        {
            request.Headers.Add("X-API-Key", Key);
        }

        HttpResponseMessage response = await http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        bool refused = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        string? code = refused ? JsonDocument.Parse(text).RootElement.GetProperty("code").GetString() : null;
        return new Answer((int)response.StatusCode, code, text, response);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
