using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Identity.Keys;

/// <summary>Scheme <c>ApiKey</c>: <c>Authorization: Bearer gd_…</c> or <c>X-API-Key: gd_…</c>; never the URL.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyChecks keys, Quota quota)
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

        if (!quota.MayTryKey(Context))
        {
            refusal = KeyProblems.Guessed(quota.SecondsPerGuess);
            return AuthenticateResult.Fail(refusal.Code);
        }

        (ClaimsPrincipal? user, Problem? problem) = await keys.CheckAsync(sent, Context.RequestAborted);
        if (user is null)
        {
            refusal = problem == KeyProblems.Wrong && !quota.CountWrongKey(Context) ? KeyProblems.Guessed(quota.SecondsPerGuess) : problem!;
            return AuthenticateResult.Fail(refusal.Code);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(user, Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        if (refusal.Status == StatusCodes.Status429TooManyRequests)
        {
            Response.Headers.RetryAfter = quota.SecondsPerGuess.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }

        return Context.RefuseAsync(refusal);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        SessionProblems.Forbidden.ToResult().ExecuteAsync(Context);
}
