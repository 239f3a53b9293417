using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace GeoDispatch.Identity;

/// <summary>Makes accounts with generated passwords. No account ever has a default one.</summary>
public sealed class AccountSeeder(UserManager<Account> accounts)
{
    // Without 0 O 1 l I: a password is read from a screen and typed once.
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>16 letters and digits, 92 bits.</summary>
    internal static string NewPassword() => RandomNumberGenerator.GetString(Alphabet, 16);

    /// <summary>
    /// Makes an account and gives its password, which is kept nowhere but as a hash. An account of this name that is there
    /// already gets the new password, and whoever is signed in with it is signed out.
    /// </summary>
    /// <param name="unitId">For a crew.</param>
    /// <param name="hospitalId">For the people of a hospital.</param>
    /// <exception cref="InvalidOperationException">The name is not allowed.</exception>
    public async Task<string> IssueAsync(
        string userName, string displayName, string role, string department, Guid? unitId, CancellationToken cancellation, Guid? hospitalId = null)
    {
        cancellation.ThrowIfCancellationRequested();
        string password = NewPassword();
        IdentityResult result;
        if (await accounts.FindByNameAsync(userName) is { } known)
        {
            // The user manager stores the hash with a new security stamp in one update.
            known.PasswordHash = accounts.PasswordHasher.HashPassword(known, password);
            result = await accounts.UpdateSecurityStampAsync(known);
        }
        else
        {
            result = await accounts.CreateAsync(
                new Account { UserName = userName, DisplayName = displayName, Role = role, Department = department, UnitId = unitId, HospitalId = hospitalId },
                password);
        }

        return result.Succeeded
            ? password
            : throw new InvalidOperationException($"{userName}: {string.Join(' ', result.Errors.Select(error => error.Description))}");
    }

    /// <summary>True where somebody has this role.</summary>
    public Task<bool> AnyAsync(string role, CancellationToken cancellation) =>
        accounts.Users.AnyAsync(account => account.Role == role, cancellation);
}
