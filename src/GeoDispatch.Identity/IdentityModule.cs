using System.Security.Claims;
using System.Threading.RateLimiting;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Identity;

/// <summary>Who signs in, and what the rest of the product may ask of them.</summary>
public static class IdentityModule
{
    internal const string SignInLimit = "sign-in";

    /// <summary>Adds accounts, the cookie, the policies and the protection against forged requests.</summary>
    /// <param name="keysFolder">Where the keys that seal cookies are kept; without them a restart signs everyone out.</param>
    public static IServiceCollection AddIdentityModule(this IServiceCollection services, string connectionString, string keysFolder)
    {
        services.AddDbContext<IdentityDb>(options => options.UseNpgsql(connectionString));
        services.AddDataProtection().SetApplicationName("GeoDispatch").PersistKeysToFileSystem(Directory.CreateDirectory(
            keysFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        services
            .AddIdentityCore<Account>(options =>
            {
                // Length, not a mix of kinds of characters (NIST SP 800-63B section 5.1.1.2).
                options.Password = new PasswordOptions
                {
                    RequiredLength = 12,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
                options.Lockout = new LockoutOptions { MaxFailedAccessAttempts = 5, DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5) };
            })
            .AddSignInManager()
            .AddUserStore<UserOnlyStore<Account, IdentityDb, Guid>>()
            .AddClaimsPrincipalFactory<Principals>();
        services.AddScoped<AccountSeeder>();
        services.AddScoped<SignIns>();
        services.AddSingleton<AuditTrail>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = "geodispatch";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.SlidingExpiration = true;
            cookie.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
            cookie.Events.OnRedirectToLogin = challenge => SessionProblems.Required.ToResult().ExecuteAsync(challenge.HttpContext);
            cookie.Events.OnRedirectToAccessDenied = denial => SessionProblems.Forbidden.ToResult().ExecuteAsync(denial.HttpContext);
        });
        services.AddAntiforgery(options =>
        {
            options.HeaderName = Csrf.Header;
            options.Cookie.Name = "geodispatch-csrf";
            options.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Dispatchers, Holds(Roles.Dispatcher, Roles.Administrator))
            .AddPolicy(Policies.Crews, Holds(Roles.Crew, Roles.Dispatcher, Roles.Administrator))
            .AddPolicy(Policies.Desk, Holds(Roles.Dispatcher, Roles.Administrator, Roles.Department));
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(SignInLimit, http => RateLimitPartition.GetFixedWindowLimiter(
                http.Connection.RemoteIpAddress,
                _ => new FixedWindowRateLimiterOptions { PermitLimit = SessionProblems.TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));
            limiter.OnRejected = async (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "60";
                await SessionProblems.TooMany.ToResult().ExecuteAsync(rejected.HttpContext);
            };
        });
        return services;
    }

    /// <summary>Maps <c>/api/session</c>.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder routes) => routes.MapSession();

    /// <summary>Refuses unsafe requests that carry the session's cookie but not its token.</summary>
    public static void UseCsrfProtection(this IApplicationBuilder app) => app.Use(Csrf.CheckAsync);

    private static Action<AuthorizationPolicyBuilder> Holds(params string[] roles) => policy => policy.RequireRole(roles);

    /// <summary>The cookie says who it is, as which role, of which department and unit: no query for each request.</summary>
    private sealed class Principals(UserManager<Account> accounts, IOptions<IdentityOptions> options)
        : UserClaimsPrincipalFactory<Account>(accounts, options)
    {
        // The base class would also read claims and log-ins from tables that we do not have.
        protected override Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
        {
            var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, ClaimTypes.Name, ClaimTypes.Role);
            identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, user.Id.ToString()));
            identity.AddClaim(new Claim(ClaimTypes.Name, user.UserName!));
            identity.AddClaim(new Claim(Options.ClaimsIdentity.SecurityStampClaimType, user.SecurityStamp!));
            identity.AddClaim(new Claim(ClaimTypes.Role, user.Role));
            identity.AddClaim(new Claim(ClaimTypes.GivenName, user.DisplayName));
            identity.AddClaim(new Claim(GeoClaims.Department, user.Department));
            if (user.UnitId is Guid unit)
            {
                identity.AddClaim(new Claim(GeoClaims.Unit, unit.ToString()));
            }

            return Task.FromResult(identity);
        }
    }
}
