using System.Security.Claims;
using System.Text.Encodings.Web;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Identity.Keys;

/// <summary>Scheme <c>ApiKey</c>: <c>Authorization: Bearer gd_…</c> or <c>X-API-Key: gd_…</c>; never the URL.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyChecks keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string Name = "ApiKey";
    private Problem refusal = KeyProblems.Wrong;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ApiKey.FindIn(Request) is not { } sent)
        {
            return AuthenticateResult.NoResult();
        }

        (ClaimsPrincipal? user, Problem? problem) = await keys.CheckAsync(sent, Context.RequestAborted);
        if (user is null)
        {
            refusal = problem!;
            return AuthenticateResult.Fail(problem!.Code);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(user, Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return refusal.ToResult().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        SessionProblems.Forbidden.ToResult().ExecuteAsync(Context);
}

/// <summary>The scope that a key needs for this route.</summary>
internal sealed record KeyScope(string Name);

/// <summary>Holds a key to its scopes, and keys out of URLs. A key's role is left to the routes' own policies.</summary>
internal static class ApiKeyGuard
{
    internal static Task RefuseInUrlAsync(HttpContext http, RequestDelegate next) =>
        ApiKey.IsInUrl(http.Request) ? KeyProblems.InUrl.ToResult().ExecuteAsync(http) : next(http);

    /// <summary>
    /// After authentication. A bad key is refused even where none is needed, so that its holder learns of it early; a route that
    /// needs a session and names no scope is closed to keys.
    /// </summary>
    internal static Task CheckScopeAsync(HttpContext http, RequestDelegate next)
    {
        if (ApiKey.FindIn(http.Request) is null)
        {
            return next(http);
        }

        if (!http.User.IsKey())
        {
            return http.ChallengeAsync(ApiKeyAuthentication.Name);
        }

        EndpointMetadataCollection? route = http.GetEndpoint()?.Metadata;
        string? needed = route?.GetMetadata<KeyScope>()?.Name;
        bool open = needed is null
            ? route?.GetMetadata<IAuthorizeData>() is null && route?.GetMetadata<AuthorizationPolicy>() is null
            : http.User.HasClaim(GeoClaims.Scope, needed);
        return open ? next(http) : KeyProblems.OutOfScope(needed).ToResult().ExecuteAsync(http);
    }

    /// <summary>True where a program's key, not a person's session, says who this is.</summary>
    internal static bool IsKey(this ClaimsPrincipal user) => user.Identity?.AuthenticationType == ApiKeyAuthentication.Name;
}

/// <summary>Opens routes to keys.</summary>
public static class ApiKeyRoutes
{
    /// <summary>
    /// Lets keys with this scope in, one of <see cref="Scopes"/>, as far as the route's policy lets their role. Without this a route
    /// that needs a session is closed to keys. Of two on one route, the inner counts.
    /// </summary>
    public static TBuilder OpenToKeys<TBuilder>(this TBuilder routes, string scope) where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new KeyScope(scope));
}
