using System.Security.Claims;
using System.Threading.RateLimiting;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoDispatch.Identity;

/// <summary>Who signs in, and what the rest of the product may ask of them.</summary>
public static class IdentityModule
{
    /// <summary>The channel on which the id of an account is notified when it signs out.</summary>
    public const string SignedOut = "signed_out";

    internal const string SignInLimit = "sign-in";

    /// <summary>The default scheme: a key where one was sent, else the cookie. Every policy works with either.</summary>
    private const string CookieOrKey = "CookieOrKey";

    /// <summary>Adds accounts, the cookie, keys, the policies and the protection against forged requests.</summary>
    /// <param name="keysFolder">Where the keys that seal cookies are kept; without them a restart signs everyone out.</param>
    public static IServiceCollection AddIdentityModule(this IServiceCollection services, string keysFolder)
    {
        services.AddDbContext<IdentityDb>(static (provider, options) => options.UseNpgsql(provider.GetRequiredService<Databases>().Accounts));
        services.AddDataProtection().SetApplicationName("GeoDispatch").PersistKeysToFileSystem(Directory.CreateDirectory(
            keysFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        services
            .AddIdentityCore<Account>(options =>
            {
                // The rest of the rules stands in PasswordRules.
                options.Password = new PasswordOptions
                {
                    RequiredLength = PasswordRules.Least,
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
        services.AddAdministration();
        services.AddSingleton<Quota>().AddSingleton<DeskActivity>();
        services.AddAuthentication(CookieOrKey).AddPolicyScheme(CookieOrKey, null, either =>
            either.ForwardDefaultSelector = static http =>
                ApiKey.FindIn(http.Request) is null ? IdentityConstants.ApplicationScheme : ApiKeyAuthentication.Name)
        .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Name, null)
        .AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = "geodispatch";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.SlidingExpiration = true;
            cookie.Events.OnValidatePrincipal = static context =>
                context.HttpContext.RequestServices.GetRequiredService<Standing>().ValidateAsync(context);
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
            .AddPolicy(Policies.Desk, Holds(Roles.Dispatcher, Roles.Administrator, Roles.Department))
            .AddPolicy(Policies.Everyone, Holds(Roles.Crew, Roles.Dispatcher, Roles.Administrator, Roles.Department))
            .AddPolicy(Policies.Care, Holds(Roles.Crew, Roles.Dispatcher, Roles.Administrator, Roles.Hospital))
            .AddPolicy(Policies.Reception, Holds(Roles.Dispatcher, Roles.Administrator, Roles.Hospital))
            .AddPolicy(Policies.Hospitals, Holds(Roles.Hospital))
            .AddPolicy(Policies.Administrators, Holds(Roles.Administrator));
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

    /// <summary>Maps <c>/api/session</c> and, for administrators, <c>/api/admin</c>.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes.MapSession();
        RouteGroupBuilder admin = routes.MapGroup("/api/admin").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        Departments.Map(admin);
        ManageAccounts.Map(admin);
        ManageKeys.Map(admin);
    }

    /// <summary>Refuses requests with a key in their URL. To stand before whatever serves files.</summary>
    public static void RefuseKeysInUrls(this IApplicationBuilder app) => app.Use(ApiKeyGuard.RefuseInUrlAsync);

    /// <summary>
    /// Finds out who asks, by cookie or key; refuses unsafe requests that carry the session's cookie but not its token, holds keys to
    /// their scopes and everyone to a quota.
    /// </summary>
    public static void UseIdentity(this IApplicationBuilder app)
    {
        // Who sends neither cookie nor key is nobody in particular, which no scheme need find out: most of the map's requests.
        app.UseWhen(
            static http => http.Request.Headers.Cookie.Count > 0 || ApiKey.FindIn(http.Request) is not null,
            static known => known.UseAuthentication());
        // Without this mark the framework, which looks for it, would ask the schemes for everyone all the same.
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        app.Use(ApiKeyGuard.CheckScopeAsync);
        app.Use(app.ApplicationServices.GetRequiredService<Quota>().CheckAsync);
        app.Use(Csrf.CheckAsync);
    }

    private static void AddAdministration(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyChecks>();
        services.AddSingleton<IHttpContextFactory, KeylessUrls>();
        services.AddSingleton<AdministrationLog>();
        services.AddSingleton<ApiKeyRegistry>();
        services.AddSingleton(static provider => new Standing(
            provider.GetRequiredService<ApiKeyChecks>(), provider.GetRequiredService<Databases>(),
            provider.GetRequiredService<IOptions<IdentityOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<StandingListener>();
        services.AddOptions<HubOptions>().Configure<Standing>(static (hub, standing) => hub.AddFilter(standing));
        services.AddScoped(static provider => new AccountRegistry(
            provider.GetRequiredService<IdentityDb>(), provider.GetRequiredService<UserManager<Account>>(),
            provider.GetRequiredService<AdministrationLog>(), provider.GetRequiredService<Standing>(),
            provider.GetRequiredService<FindUnit>(), provider.GetRequiredService<FindHospital>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static Action<AuthorizationPolicyBuilder> Holds(params string[] roles) => policy => policy.RequireRole(roles);

    /// <summary>The cookie says who it is, as which role, of which department, unit or hospital: no query for each request.</summary>
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

            if (user.HospitalId is Guid hospital)
            {
                identity.AddClaim(new Claim(GeoClaims.Hospital, hospital.ToString()));
            }

            return Task.FromResult(identity);
        }
    }
}
