using System.Collections.Concurrent;
using System.Security.Claims;
using Dapper;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace GeoDispatch.Identity;

/// <summary>
/// Whether those who were let in may still be: a session ends when its account's security stamp changes (locked, reset, another
/// role), a key when it is revoked. The database's notice makes this immediate on every server, live feeds included; should it be
/// lost, a session ends within 10 s, a key within 60 s, a live feed within two minutes, as it does when its key expires.
/// </summary>
public sealed class Standing : IHubFilter
{
    /// <summary>The channel on which the id of an account or a key that changed is notified.</summary>
    internal const string Channel = "identity";

    private readonly ApiKeyChecks keys;
    private readonly Databases databases;
    private readonly string stampClaim;
    private readonly Remembered<string> stamps;
    private readonly ConcurrentDictionary<string, HubCallerContext> live = new(StringComparer.Ordinal);

    internal Standing(ApiKeyChecks keys, Databases databases, IOptions<IdentityOptions> options, TimeProvider clock)
    {
        this.keys = keys;
        this.databases = databases;
        stampClaim = options.Value.ClaimsIdentity.SecurityStampClaimType;
        stamps = new Remembered<string>(TimeSpan.FromSeconds(10), most: 20_000, clock);
    }

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        // Known first, judged second: a lock that comes between the two finds the connection.
        live[context.Context.ConnectionId] = context.Context;
        if (context.Context.User is { } user && IdOf(user) is not null && !await StandsAsync(user, context.Context.ConnectionAborted))
        {
            context.Context.Abort();
            return;
        }

        await next(context);
    }

    /// <inheritdoc/>
    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        live.TryRemove(context.Context.ConnectionId, out _);
        return next(context, exception);
    }

    /// <summary>Part of the transaction that changed an account or a key: every server hears of it when that commits.</summary>
    internal static Task TellAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            $"SELECT pg_notify('{Channel}', @id)", new { id = id.ToString("D") }, cancellationToken: cancellation));

    /// <summary>After the commit: the next request of this account or key, of every one where null, asks the database again.</summary>
    internal void Forget(Guid? id)
    {
        stamps.Forget(id);
        keys.Forget(id);
    }

    /// <summary>Ends the live feeds of whoever is out, of everybody where the id is null.</summary>
    internal async Task EndFeedsAsync(Guid? id, CancellationToken cancellation)
    {
        // Devices have no such id: their credential is Tracking's.
        foreach (HubCallerContext connection in live.Values)
        {
            if (connection.User is { } user && IdOf(user) is { } one && (id is null || id == one) && !await StandsAsync(user, cancellation))
            {
                connection.Abort();
            }
        }
    }

    /// <summary>Each request that a cookie authenticates comes by here.</summary>
    internal async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (!await StandsAsync(context.Principal!, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
    }

    private static Guid? IdOf(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out Guid id) ? id : null;

    private async ValueTask<bool> StandsAsync(ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (IdOf(user) is not { } id)
        {
            return false;
        }

        return user.IsKey()
            ? await keys.StandsAsync(id, cancellation)
            : await stamps.GetAsync(id, ReadStampAsync, cancellation) is { } stamp && stamp == user.FindFirstValue(stampClaim);
    }

    private async Task<string?> ReadStampAsync(Guid id, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT security_stamp FROM identity.account WHERE id = @id AND NOT locked", new { id }, cancellationToken: cancellation));
    }
}

/// <summary>
/// Hears of accounts and keys that changed, on this server, another one or the command line; and looks after live feeds each minute,
/// for keys that expire and notices that are lost.
/// </summary>
internal sealed partial class StandingListener(PgListener listener, Standing standing, ILogger<StandingListener> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(HearAsync(stoppingToken), GoRoundAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task HearAsync(CancellationToken stopping)
    {
        await foreach (string notice in listener.Listen(Standing.Channel, stopping))
        {
            Guid? changed = Guid.TryParse(notice, out Guid id) ? id : null;
            standing.Forget(changed);
            await TryAsync(standing.EndFeedsAsync(changed, stopping));
        }
    }

    private async Task GoRoundAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Round);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await TryAsync(standing.EndFeedsAsync(null, stopping));
        }
    }

    private async Task TryAsync(Task check)
    {
        try
        {
            await check;
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            // Nothing old is remembered, so requests are judged afresh; live feeds are in the next round.
            LogMissed(log, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live feeds could not be checked after a change of an account or a key.")]
    private static partial void LogMissed(ILogger logger, Exception failure);
}
