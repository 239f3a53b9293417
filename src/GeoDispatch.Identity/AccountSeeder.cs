using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace GeoDispatch.Identity;

/// <summary>Makes accounts with generated passwords. No account ever has a default one.</summary>
public sealed class AccountSeeder(UserManager<Account> accounts)
{
    // Without 0 O 1 l I: a password is read from a screen and typed once.
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Makes an account and gives its password, which is kept nowhere but as a hash: 16 letters, 92 bits.</summary>
    /// <exception cref="InvalidOperationException">The name is taken or not allowed.</exception>
    public async Task<string> CreateAsync(
        string userName, string displayName, string role, string department, Guid? unitId, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string password = RandomNumberGenerator.GetString(Alphabet, 16);
        IdentityResult result = await accounts.CreateAsync(
            new Account { UserName = userName, DisplayName = displayName, Role = role, Department = department, UnitId = unitId },
            password);
        return result.Succeeded
            ? password
            : throw new InvalidOperationException($"{userName}: {string.Join(' ', result.Errors.Select(error => error.Description))}");
    }

    /// <summary>True where somebody has this role.</summary>
    public Task<bool> AnyAsync(string role, CancellationToken cancellation) =>
        accounts.Users.AnyAsync(account => account.Role == role, cancellation);
}
