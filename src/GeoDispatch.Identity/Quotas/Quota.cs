using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Identity.Quotas;

/// <summary>How much of the shared routes one caller may ask for: a key, a signed-in account, or an address where nobody is signed in.</summary>
public sealed record QuotaSettings
{
    /// <summary>
    /// Tokens that come back each second, where a key has no number of its own. A tile costs 1, a question to the database 2, a question
    /// about roads 2, a batch of them one a pair. Default 50: whoever pans a map stays far below. 0 counts nothing.
    /// </summary>
    public int PerSecond { get; init; } = 50;

    /// <summary>So many seconds' tokens can be saved up and spent at once. Default 10.</summary>
    public int SavedSeconds { get; init; } = 10;

    /// <summary>Wrong keys that one address may send at once, and how many of them come back a minute. Default 30; 0 counts none.</summary>
    public int WrongKeysPerMinute { get; init; } = 30;
}

/// <summary>What a route costs.</summary>
/// <param name="Tokens">Of the caller's quota.</param>
/// <param name="FreeForDesk">True where people of the control room and crews, signed in, are never counted.</param>
internal sealed record QuotaCost(int Tokens, bool FreeForDesk);

/// <summary>Counts routes against the caller's quota.</summary>
public static class QuotaRoutes
{
    private static readonly string[] Desk = [Roles.Dispatcher, Roles.Crew, Roles.Administrator];

    /// <summary>What the routes cost: <paramref name="tokens"/> of <see cref="QuotaSettings.PerSecond"/>. Of two on one route, the inner counts.</summary>
    public static TBuilder Costs<TBuilder>(this TBuilder routes, int tokens, bool freeForDesk = false) where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new QuotaCost(tokens, freeForDesk));

    /// <summary>
    /// Takes tokens for a question whose size shows in its body alone; called before any work, on a route that says what it costs. Null where
    /// they were there, or nobody counts the caller; else the refusal.
    /// </summary>
    public static Problem? Spend(this HttpContext http, int tokens) => http.RequestServices.GetRequiredService<Quota>().Spend(http, tokens);

    /// <summary>True for people of the control room and crews. A program's key is none of them, whatever its role.</summary>
    public static bool IsDesk(this ClaimsPrincipal user) => !user.IsKey() && Array.Exists(Desk, user.IsInRole);
}

/// <summary>
/// A bucket of tokens for each caller. Counted after authentication: two programs behind one address do not share, one program at many
/// addresses does not multiply. A bucket that is full again is forgotten.
/// </summary>
internal sealed class Quota(QuotaSettings settings, DeskActivity desk) : IDisposable
{
    private readonly PartitionedRateLimiter<Caller> buckets = PartitionedRateLimiter.Create<Caller, Caller>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = caller.PerSecond * settings.SavedSeconds,
            TokensPerPeriod = caller.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
        }));

    // One comes back at a time, so that who shares the address with a guesser waits for seconds.
    private readonly PartitionedRateLimiter<string>? guesses = settings.WrongKeysPerMinute == 0 ? null : PartitionedRateLimiter.Create<string, string>(network =>
        RateLimitPartition.GetTokenBucketLimiter(network, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = settings.WrongKeysPerMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / settings.WrongKeysPerMinute,
            AutoReplenishment = true,
        }));

    private readonly record struct Caller(string Name, int PerSecond);

    /// <summary>The seconds after which an address that has guessed may try the next key.</summary>
    internal int SecondsPerGuess => 1 + (60 / Math.Max(1, settings.WrongKeysPerMinute));

    public void Dispose()
    {
        buckets.Dispose();
        guesses?.Dispose();
    }

    /// <summary>False where this address has sent too many wrong keys: the next is not looked up.</summary>
    internal bool MayTryKey(HttpContext http) => guesses?.GetStatistics(Network(http.Connection.RemoteIpAddress)) is not { CurrentAvailablePermits: 0 };

    /// <summary>False where it was one too many.</summary>
    internal bool CountWrongKey(HttpContext http)
    {
        using RateLimitLease? lease = guesses?.AttemptAcquire(Network(http.Connection.RemoteIpAddress));
        return lease is not { IsAcquired: false };
    }

    internal Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<QuotaCost>() is not { } cost)
        {
            if (http.User.IsDesk())
            {
                desk.Note();
            }

            return next(http);
        }

        return Spend(http, cost.Tokens) is { } refusal ? http.RefuseAsync(refusal) : next(http);
    }

    internal Problem? Spend(HttpContext http, int tokens)
    {
        Caller caller = Find(http);
        if (tokens <= 0 || caller.PerSecond == 0 || (http.GetEndpoint()?.Metadata.GetMetadata<QuotaCost>() is { FreeForDesk: true } && http.User.IsDesk()))
        {
            return null;
        }

        // Tokens are not given back: the lease of a bucket holds nothing.
        int taken = Math.Min(tokens, caller.PerSecond * settings.SavedSeconds);
        using RateLimitLease lease = buckets.AttemptAcquire(caller, taken);
        return lease.IsAcquired ? null : Refuse(http, taken, caller);
    }

    private Problem Refuse(HttpContext http, int tokens, Caller caller)
    {
        // The next tokens come within a second, and then a second's worth each second.
        long missing = tokens - (buckets.GetStatistics(caller)?.CurrentAvailablePermits ?? 0);
        long seconds = 1 + ((Math.Max(missing, 1) + caller.PerSecond - 1) / caller.PerSecond);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.CacheControl = "no-store";
        return Used(caller.PerSecond, seconds);
    }

    private Caller Find(HttpContext http)
    {
        if (http.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } id)
        {
            return int.TryParse(http.User.FindFirstValue(GeoClaims.PerSecond), CultureInfo.InvariantCulture, out int own)
                ? new Caller(id, own)
                : new Caller(id, settings.PerSecond);
        }

        return new Caller(Network(http.Connection.RemoteIpAddress), settings.PerSecond);
    }

    /// <summary>Of IPv6 the first 64 bits: a house has all the rest.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null or { AddressFamily: not AddressFamily.InterNetworkV6 } or { IsIPv4MappedToIPv6: true })
        {
            return address?.MapToIPv4().ToString() ?? "";
        }

        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }

    private static Problem Used(int perSecond, long seconds) => new(
        429, "quota.used", "请求过于频繁 / Too many requests",
        string.Create(CultureInfo.InvariantCulture, $"每秒配额 {perSecond},{seconds} 秒后再试;需要更多请向管理员申请 / {perSecond} a second: try again in {seconds} s, or ask an administrator for more"));
}
