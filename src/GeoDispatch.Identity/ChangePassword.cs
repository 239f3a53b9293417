using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace GeoDispatch.Identity;

/// <summary><c>POST /api/session/password</c>: a person takes a password of their own. Everywhere else they are signed out.</summary>
internal static class ChangePassword
{
    internal sealed record Request(string? Old, string? New);

    private static readonly Problem WrongOld = new(
        403, "password.wrong", "原密码不对 / Wrong password", "核对后重新输入 / Check and type again", "old");

    internal static async Task<IResult> HandleAsync(
        Request request, HttpContext http, SignInManager<Account> signIn, UserManager<Account> accounts, AccountRegistry registry,
        IAntiforgery antiforgery, CancellationToken cancellation)
    {
        if (await accounts.GetUserAsync(http.User) is not { } person)
        {
            return SessionProblems.Required.ToResult();
        }

        // A session left open must not become a place to guess at: wrong ones count as they do at the door.
        SignInResult old = request.Old is { Length: > 0 and <= PasswordRules.Most }
            ? await signIn.CheckPasswordSignInAsync(person, request.Old, lockoutOnFailure: true)
            : SignInResult.Failed;
        if (!old.Succeeded)
        {
            return (old.IsLockedOut ? SessionProblems.LockedOut : WrongOld).ToResult();
        }

        if (PasswordRules.Check(person, request.New, request.Old) is { } weak)
        {
            return weak.ToResult();
        }

        await registry.ChangePasswordAsync(person, request.New!, cancellation);
        Account changed = (await accounts.FindByIdAsync(person.Id.ToString()))!;
        await signIn.SignInAsync(changed, isPersistent: false);
        http.User = await signIn.CreateUserPrincipalAsync(changed);
        return Session.View(http.User, http, antiforgery);
    }
}

/// <summary>What a password that a person chose must be. Length, not a mix of kinds of characters (NIST SP 800-63B section 5.1.1.2).</summary>
internal static class PasswordRules
{
    internal const int Least = 12;
    internal const int Most = 256;

    /// <summary>Null where it will do. Never repeats the password.</summary>
    internal static Problem? Check(Account person, string? password, string? old) =>
        password is { Length: >= Least and <= Most } && password != old
        && !password.Contains(person.UserName!, StringComparison.OrdinalIgnoreCase)
            ? null
            : new Problem(
                400, "password.weak", "密码不合要求 / Password not accepted",
                $"{Least} 至 {Most} 个字符,与原密码不同,不含用户名 / {Least} to {Most} characters, another than before, without the user name", "new");
}
