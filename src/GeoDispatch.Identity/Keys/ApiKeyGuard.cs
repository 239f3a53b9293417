using System.Security.Claims;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GeoDispatch.Identity.Keys;

/// <summary>The scope that a key needs for this route.</summary>
internal sealed record KeyScope(string Name);

/// <summary>Holds a key to its scopes, and keys out of URLs. A key's role is left to the routes' own policies.</summary>
internal static class ApiKeyGuard
{
    internal static Task RefuseInUrlAsync(HttpContext http, RequestDelegate next) =>
        http.Items.ContainsKey(KeylessUrls.Mark) ? KeyProblems.InUrl.ToResult().ExecuteAsync(http) : next(http);

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
        return open ? next(http) : http.RefuseAsync(KeyProblems.OutOfScope(needed));
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

/// <summary>
/// Takes a URL with a key in it away before any part of the server can log it: the log of requests, of routing and of faults writes
/// down the path and the query, each at a level of its own. Only a mark stays, for which the request is refused.
/// </summary>
internal sealed class KeylessUrls(IServiceProvider services) : IHttpContextFactory
{
    internal static readonly object Mark = new();
    private readonly DefaultHttpContextFactory inner = new(services);

    public HttpContext Create(IFeatureCollection featureCollection)
    {
        IHttpRequestFeature? request = featureCollection.Get<IHttpRequestFeature>();
        bool found = request is not null && ApiKey.IsInUrl(request.RawTarget);
        if (found)
        {
            (request!.RawTarget, request.Path, request.QueryString) = ("/", "/", "");
        }

        HttpContext http = inner.Create(featureCollection);
        if (found)
        {
            http.Items[Mark] = true;
        }

        return http;
    }

    public void Dispose(HttpContext httpContext) => inner.Dispose(httpContext);
}
