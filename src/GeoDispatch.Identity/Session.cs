using System.Security.Claims;
using Dapper;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Identity;

/// <summary>Who is signed in here; all null but the token where nobody is.</summary>
internal sealed record SessionView(
    string? UserName, string? DisplayName, string[] Roles, string? Department, Guid? UnitId, Guid? HospitalId, string? CsrfToken);

internal sealed record SignInRequest(string? UserName, string? Password);

/// <summary><c>/api/session</c>: sign in, ask who is signed in, sign out, change the password.</summary>
internal static class Session
{
    internal static void MapSession(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/session").WithTags("session");
        group.MapGet("", (HttpContext http, IAntiforgery antiforgery) => View(http.User, http, antiforgery)).Produces<SessionView>();
        group.MapPost("", SignInAsync).RequireRateLimiting(IdentityModule.SignInLimit).Produces<SessionView>();
        group.MapDelete("", SignOutAsync).Produces(StatusCodes.Status204NoContent);
        group.MapPost("/password", ChangePassword.HandleAsync).RequireAuthorization().RequireRateLimiting(IdentityModule.SignInLimit)
            .Produces<SessionView>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> SignInAsync(
        SignInRequest request, HttpContext http, SignIns signIns, IAntiforgery antiforgery, CancellationToken cancellation)
    {
        if (request.UserName is not { Length: > 0 and <= 64 } || request.Password is not { Length: > 0 and <= 256 })
        {
            return SessionProblems.Incomplete.ToResult();
        }

        (Problem? problem, ClaimsPrincipal? user) = await signIns.TryAsync(
            request.UserName, request.Password, http.Connection.RemoteIpAddress?.ToString(), cancellation);
        if (user is null)
        {
            return problem!.ToResult();
        }

        // The token belongs to the person: the one for nobody no longer fits.
        http.User = user;
        return View(user, http, antiforgery);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, SignInManager<Account> signIn, Databases databases, CancellationToken cancellation)
    {
        await signIn.SignOutAsync();
        if (http.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } accountId)
        {
            try
            {
                await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
                await connection.ExecuteAsync(new CommandDefinition(
                    "SELECT pg_notify(@SignedOut, @accountId)", new { IdentityModule.SignedOut, accountId }, cancellationToken: cancellation));
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException)
            {
                // Whoever wants to go goes, also while the database is away.
            }
        }

        return TypedResults.NoContent();
    }

    internal static Ok<SessionView> View(ClaimsPrincipal user, HttpContext http, IAntiforgery antiforgery) => TypedResults.Ok(new SessionView(
        user.FindFirstValue(ClaimTypes.Name),
        user.FindFirstValue(ClaimTypes.GivenName),
        [.. user.FindAll(ClaimTypes.Role).Select(claim => claim.Value)],
        user.FindFirstValue(GeoClaims.Department),
        Guid.TryParse(user.FindFirstValue(GeoClaims.Unit), out Guid unit) ? unit : null,
        Guid.TryParse(user.FindFirstValue(GeoClaims.Hospital), out Guid hospital) ? hospital : null,
        antiforgery.GetAndStoreTokens(http).RequestToken));
}

/// <summary>One try to sign in: checked, counted, written down.</summary>
internal sealed class SignIns(SignInManager<Account> signIn, UserManager<Account> accounts, Databases databases, TimeProvider clock)
{
    // Hashed against where there is no such account, so that the time of the answer does not tell.
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(new Account(), Guid.NewGuid().ToString());

    internal async Task<(Problem? Problem, ClaimsPrincipal? User)> TryAsync(
        string userName, string password, string? remote, CancellationToken cancellation)
    {
        Account? account = await accounts.FindByNameAsync(userName);
        SignInResult result = SignInResult.Failed;
        if (account is null)
        {
            accounts.PasswordHasher.VerifyHashedPassword(new Account(), NobodysHash, password);
        }
        else
        {
            result = await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        }

        // Only who knows the password is told that the account is locked.
        bool locked = result.Succeeded && account!.Locked;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO identity.sign_in (at, user_name, succeeded, remote) VALUES (@at, @userName, @succeeded, @remote)",
                new { at = clock.GetUtcNow(), userName, succeeded = result.Succeeded && !locked, remote },
                cancellationToken: cancellation));
        }

        if (!result.Succeeded)
        {
            return (result.IsLockedOut ? SessionProblems.LockedOut : SessionProblems.WrongCredential, null);
        }

        if (locked)
        {
            return (SessionProblems.AccountLocked, null);
        }

        await signIn.SignInAsync(account!, isPersistent: false);
        return (null, await signIn.CreateUserPrincipalAsync(account!));
    }
}

internal static class SessionProblems
{
    internal const int TriesPerMinute = 60;

    internal static readonly Problem WrongCredential = new(
        401, "session.wrong_credential", "用户名或密码不对 / Wrong user name or password", "核对后重新输入 / Check and type again");

    internal static readonly Problem LockedOut = new(
        423, "session.locked_out", "账号已锁定 / Account locked", "连续5次输错,5分钟后再登录 / Five wrong passwords: sign in again in 5 minutes");

    internal static readonly Problem AccountLocked = new(
        423, "session.account_locked", "账号已停用 / Account disabled", "请联系管理员 / Ask an administrator");

    internal static readonly Problem TooMany = new(
        429, "session.too_many", "登录过于频繁 / Too many sign-ins", $"每分钟最多{TriesPerMinute}次 / At most {TriesPerMinute} a minute from one address");

    internal static readonly Problem Incomplete = new(
        400, "session.incomplete", "登录信息不全 / Incomplete sign-in", "需要用户名(≤64)和密码(≤256) / A user name (≤64) and a password (≤256) are needed", "userName");

    internal static readonly Problem Required = new(401, "session.required", "请先登录 / Sign in first", "此内容需要登录 / This needs a session");

    internal static readonly Problem Forbidden = new(
        403, "session.forbidden", "无权操作 / Not allowed", "当前账号或密钥的角色不可执行此操作 / The role of this account or key may not do this");
}

/// <summary>
/// Protection against requests forged by another site: an unsafe request that the cookie authenticates must carry the
/// session's token in a header, which another site can neither read nor set. A program's key is such a header itself.
/// </summary>
internal static class Csrf
{
    internal const string Header = "X-CSRF-Token";

    private static readonly Problem Missing = new(
        400, "csrf.missing", "请求缺少会话令牌 / Session token missing", $"在请求头 {Header} 中带上 GET /api/session 给的 csrfToken / Send the csrfToken of GET /api/session in the header {Header}", Header);

    internal static Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        bool safe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method);
        bool concerns = !safe && http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            && ((http.User.Identity?.IsAuthenticated == true && !http.User.IsKey()) || http.Request.Path.Equals("/api/session", StringComparison.Ordinal));
        return concerns ? CheckTokenAsync(http, next) : next(http);
    }

    private static async Task CheckTokenAsync(HttpContext http, RequestDelegate next)
    {
        if (await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http))
        {
            await next(http);
            return;
        }

        await Missing.ToResult().ExecuteAsync(http);
    }
}
