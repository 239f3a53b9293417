using GeoDispatch.Postgres;

namespace GeoDispatch.Identity.Administration;

/// <summary>The unit of this call sign, or null. Units stand above accounts: whoever keeps them answers.</summary>
public delegate Task<Guid?> FindUnit(string callSign, CancellationToken cancellation);

/// <summary>What is wanted of a new account.</summary>
/// <param name="UserName">2 to 64 letters, digits, dots, hyphens and underscores.</param>
/// <param name="DisplayName">1 to 60 characters.</param>
/// <param name="Unit">Call sign; needed for a crew, and for nobody else.</param>
public sealed record AccountWish(string? UserName, string? DisplayName, string? Role, string? Department, string? Unit);

/// <summary>An account as administrators see it.</summary>
/// <param name="Locked">By an administrator.</param>
/// <param name="PausedUntil">After five wrong passwords, where that is still to come.</param>
public sealed record AccountView(
    Guid Id, string UserName, string DisplayName, string Role, string Department, Guid? UnitId, bool Locked, DateTimeOffset? PausedUntil);

/// <summary>An account, its new password where it got one (shown this once, only its hash is kept), or why not.</summary>
public sealed record AccountOutcome(AccountView? Account, string? Password, Problem? Problem);
