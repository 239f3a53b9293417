using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Identity.Administration;

/// <summary>The unit of this call sign, or null. Units stand above accounts: whoever keeps them answers.</summary>
public delegate Task<Guid?> FindUnit(string callSign, CancellationToken cancellation);

/// <summary>The hospital of this name, or null. Hospitals stand above accounts, too.</summary>
public delegate Task<Guid?> FindHospital(string name, CancellationToken cancellation);

/// <summary>What is wanted of a new account.</summary>
/// <param name="UserName">2 to 64 letters, digits, dots, hyphens and underscores.</param>
/// <param name="DisplayName">1 to 60 characters.</param>
/// <param name="Unit">Call sign; needed for a crew, and for nobody else.</param>
/// <param name="Hospital">Its name; needed for the people of a hospital, and for nobody else.</param>
public sealed record AccountWish(string? UserName, string? DisplayName, string? Role, string? Department, string? Unit, string? Hospital = null);

/// <summary>An account as administrators see it.</summary>
/// <param name="Locked">By an administrator.</param>
/// <param name="PausedUntil">After five wrong passwords, where that is still to come.</param>
public sealed record AccountView(
    Guid Id, string UserName, string DisplayName, string Role, string Department, Guid? UnitId, Guid? HospitalId, bool Locked, DateTimeOffset? PausedUntil);

/// <summary>An account, its new password where it got one (shown this once, only its hash is kept), or why not.</summary>
public sealed record AccountOutcome(AccountView? Account, string? Password, Problem? Problem);

/// <summary><c>/api/admin/accounts</c>: who may sign in, and what an administrator does with an account.</summary>
internal static class ManageAccounts
{
    internal sealed record AccountsView(IReadOnlyList<AccountView> Accounts);

    /// <summary>An account with its new password, where it got one.</summary>
    internal sealed record IssuedView(AccountView Account, string Password);

    internal sealed record RoleRequest(string? Role, string? Unit, string? Hospital = null);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/accounts");
        group.MapGet("", async (AccountRegistry accounts, CancellationToken cancellation) =>
            TypedResults.Ok(new AccountsView(await accounts.ListAsync(cancellation)))).Produces<AccountsView>();
        group.MapPost("", async (AccountWish request, HttpContext http, AccountRegistry accounts, CancellationToken cancellation) =>
                Answer(http, await accounts.CreateAsync(request, Actor.Of(http.User), cancellation), StatusCodes.Status201Created))
            .Produces<IssuedView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);

        RouteGroupBuilder one = group.MapGroup("/{id:guid}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPost("/reset", async (Guid id, HttpContext http, AccountRegistry accounts, CancellationToken cancellation) =>
            Answer(http, await accounts.ResetAsync(id, Actor.Of(http.User), cancellation))).Produces<IssuedView>();
        one.MapPost("/lock", async (Guid id, HttpContext http, AccountRegistry accounts, CancellationToken cancellation) =>
                Answer(http, await accounts.LockAsync(id, Actor.Of(http.User), cancellation)))
            .Produces<AccountView>().ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/unlock", async (Guid id, HttpContext http, AccountRegistry accounts, CancellationToken cancellation) =>
            Answer(http, await accounts.UnlockAsync(id, Actor.Of(http.User), cancellation))).Produces<AccountView>();
        one.MapPost("/role", async (Guid id, RoleRequest request, HttpContext http, AccountRegistry accounts, CancellationToken cancellation) =>
                Answer(http, await accounts.SetRoleAsync(id, request.Role, request.Unit, request.Hospital, Actor.Of(http.User), cancellation)))
            .Produces<AccountView>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static IResult Answer(HttpContext http, AccountOutcome outcome, int status = StatusCodes.Status200OK)
    {
        if (outcome.Problem is { } problem)
        {
            return problem.ToResult();
        }

        if (outcome.Password is not { } password)
        {
            return TypedResults.Ok(outcome.Account);
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new IssuedView(outcome.Account!, password), statusCode: status);
    }
}
