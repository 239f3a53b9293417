using System.Collections.Concurrent;
using GeoDispatch.Testing;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Host.Tests.Identity;

/// <summary>A key as the administrators' page reads it.</summary>
public sealed record KeyView(
    Guid Id, string Name, string Department, string Role, string[] Scopes, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset ExpiresAt, string? LastUsedOn, DateTimeOffset? RevokedAt, string State);

public sealed record IssuedKey(KeyView Key, string Secret);

/// <summary>A server with keys of each kind, whose log is kept down to the last detail.</summary>
public sealed class KeyedServer(TestCluster cluster) : IAsyncLifetime
{
    public RunningServer Server { get; } = new(cluster);

    public Session Admin { get; private set; } = null!;

    public CapturedLog Log { get; } = new();

    /// <summary>Of a department: places and map; and the board, which its role may not read.</summary>
    public IssuedKey Department { get; private set; } = null!;

    /// <summary>Of a dispatcher's program: board and incidents.</summary>
    public IssuedKey Dispatcher { get; private set; } = null!;

    public IssuedKey Expired { get; private set; } = null!;

    public IssuedKey Revoked { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // As an operator would turn it on, but for the console, which would drown the tests' own.
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Trace");
        Environment.SetEnvironmentVariable("Logging__Console__LogLevel__Default", "Warning");
        await Server.InitializeAsync();
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", null);
        Environment.SetEnvironmentVariable("Logging__Console__LogLevel__Default", null);
        Server.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
        Admin = await Server.SignInAsync("admin");
        Department = await IssueAsync("department", "places", "map", "board");
        Dispatcher = await IssueAsync("dispatcher", "board", "incidents");
        Expired = await IssueAsync("department", "places");
        await Server.Database.AdministerAsync(
            $"UPDATE identity.api_key SET created_at = created_at - interval '2 days', expires_at = created_at - interval '1 day' WHERE id = '{Expired.Key.Id}'");
        Revoked = await IssueAsync("department", "places");
        (await Admin.PostAsync($"/api/admin/keys/{Revoked.Key.Id}/revoke", new { })).Read<KeyView>();
    }

    public async Task<IssuedKey> IssueAsync(string role, params string[] scopes) =>
        (await Admin.PostAsync("/api/admin/keys", new { department = "city", role, name = $"测试 {role}", scopes })).Read<IssuedKey>();

    /// <summary>Sends a request with a key and nothing else: no cookie, no token against forged requests.</summary>
    public Task<Answer> WithKeyAsync(string key, string path, object? body = null, bool bearer = true) => SendAsync(
        bearer ? "Authorization" : "X-API-Key", bearer ? $"Bearer {key}" : key, path, body);

    public async Task<Answer> SendAsync(string header, string value, string path, object? body = null)
    {
        using var program = new Session(Server.Address);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType());
        request.Headers.TryAddWithoutValidation(header, value);
        return await program.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Log.Dispose();
    }
}

/// <summary>Everything that the server logs, as text, exceptions and scopes included.</summary>
public sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> lines = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public string[] Lines => [.. lines];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var around = new List<string>();
            log.scopes.ForEachScope(static (scope, all) => all.Add($"{scope}"), around);
            string fields = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            log.lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {fields} {exception} {string.Join(' ', around)}");
        }
    }
}
