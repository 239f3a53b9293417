using System.Text.RegularExpressions;
using Dapper;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace GeoDispatch.Identity.Administration;

/// <summary>
/// Makes and changes accounts, each act in one transaction with its row in the log. Whoever is signed in with an account that is
/// locked, reset or given another role is signed out at once.
/// </summary>
public sealed partial class AccountRegistry
{
    private static readonly string[] AllRoles = [Roles.Dispatcher, Roles.Crew, Roles.Department, Roles.Hospital, Roles.Administrator];
    private readonly IdentityDb db;
    private readonly UserManager<Account> accounts;
    private readonly AdministrationLog log;
    private readonly Standing standing;
    private readonly FindUnit findUnit;
    private readonly FindHospital findHospital;
    private readonly TimeProvider clock;

    internal AccountRegistry(
        IdentityDb db, UserManager<Account> accounts, AdministrationLog log, Standing standing, FindUnit findUnit, FindHospital findHospital, TimeProvider clock)
    {
        (this.db, this.accounts, this.log, this.standing, this.clock) = (db, accounts, log, standing, clock);
        (this.findUnit, this.findHospital) = (findUnit, findHospital);
    }

    private NpgsqlConnection Connection => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <summary>Every account by name.</summary>
    public async Task<IReadOnlyList<AccountView>> ListAsync(CancellationToken cancellation) =>
        [.. (await accounts.Users.AsNoTracking().OrderBy(account => account.UserName).ToListAsync(cancellation)).Select(View)];

    /// <summary>The id of the account of this name, in whatever case; null where there is none.</summary>
    public async Task<Guid?> FindIdAsync(string userName) => (await accounts.FindByNameAsync(userName))?.Id;

    /// <summary>Makes an account with a generated password.</summary>
    /// <returns>Or <c>admin.bad_field</c>, <c>department.unknown</c>, <c>account.exists</c>.</returns>
    public async Task<AccountOutcome> CreateAsync(AccountWish wish, Actor actor, CancellationToken cancellation)
    {
        Problem? bad = wish.UserName is null || !Name().IsMatch(wish.UserName)
            ? AdministrationProblems.BadField("userName", wish.UserName, "2 至 64 个字母、数字、点、连字符、下划线 / 2 to 64 letters, digits, . - _")
            : AdministrationProblems.Text("displayName", wish.DisplayName, 1, 60);
        (Belongs? to, Problem? badRole) = await RoleAsync(wish.Role, wish.Unit, wish.Hospital, cancellation);
        if ((bad ?? badRole) is { } problem)
        {
            return Refused(problem);
        }

        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await Departments.FindNameAsync(Connection, wish.Department, cancellation) is null)
        {
            return Refused(AdministrationProblems.DepartmentUnknown(wish.Department));
        }

        string password = AccountSeeder.NewPassword();
        var account = new Account
        {
            UserName = wish.UserName,
            DisplayName = wish.DisplayName!.Trim(),
            Role = wish.Role!,
            Department = wish.Department!,
            UnitId = to!.UnitId,
            HospitalId = to.HospitalId,
        };
        try
        {
            IdentityResult result = await accounts.CreateAsync(account, password);
            if (result.Errors.Any(static error => error.Code == nameof(IdentityErrorDescriber.DuplicateUserName)))
            {
                return Refused(AdministrationProblems.AccountExists(wish.UserName!));
            }

            MustSucceed(result);
        }
        catch (DbUpdateException conflict) when (conflict.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Two who make the same account at once: both found the name free.
            return Refused(AdministrationProblems.AccountExists(wish.UserName!));
        }

        await log.AddAsync(
            Connection, actor, "account.created", account.Id.ToString(), account.UserName!,
            new { account.DisplayName, account.Role, account.Department, wish.Unit, wish.Hospital }, cancellation);
        await transaction.CommitAsync(cancellation);
        return new AccountOutcome(View(account), password, null);
    }

    /// <summary>Gives a new generated password and ends a pause after wrong ones. A lock stays.</summary>
    /// <returns>Or <c>account.unknown</c>.</returns>
    public async Task<AccountOutcome> ResetAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        string password = AccountSeeder.NewPassword();
        AccountOutcome outcome = await ChangeAsync(
            id, actor, "account.reset", new { }, false,
            account =>
            {
                account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
                EndPause(account);
            },
            cancellation);
        return outcome.Problem is null ? outcome with { Password = password } : outcome;
    }

    /// <summary>Nobody can sign in with the account until it is unlocked.</summary>
    /// <returns>Or <c>account.unknown</c>, <c>account.last_administrator</c>.</returns>
    public Task<AccountOutcome> LockAsync(Guid id, Actor actor, CancellationToken cancellation) =>
        ChangeAsync(id, actor, "account.locked", new { }, true, static account => account.Locked = true, cancellation);

    /// <summary>Ends a lock, and a pause after wrong passwords.</summary>
    /// <returns>Or <c>account.unknown</c>.</returns>
    public Task<AccountOutcome> UnlockAsync(Guid id, Actor actor, CancellationToken cancellation) =>
        ChangeAsync(
            id, actor, "account.unlocked", new { }, false,
            static account =>
            {
                account.Locked = false;
                EndPause(account);
            },
            cancellation);

    /// <summary>Gives another role.</summary>
    /// <param name="unit">Call sign; needed for a crew, and for nobody else.</param>
    /// <param name="hospital">Its name; needed for the people of a hospital, and for nobody else.</param>
    /// <returns>Or <c>account.unknown</c>, <c>admin.bad_field</c>, <c>account.last_administrator</c>.</returns>
    public async Task<AccountOutcome> SetRoleAsync(Guid id, string? role, string? unit, string? hospital, Actor actor, CancellationToken cancellation)
    {
        (Belongs? to, Problem? bad) = await RoleAsync(role, unit, hospital, cancellation);
        return bad is not null
            ? Refused(bad)
            : await ChangeAsync(
                id, actor, "account.role_changed", new { role, unit, hospital }, role != Roles.Administrator,
                account => (account.Role, account.UnitId, account.HospitalId) = (role!, to!.UnitId, to.HospitalId), cancellation);
    }

    /// <summary>Keeps a password that the person chose and the caller has checked.</summary>
    internal Task<AccountOutcome> ChangePasswordAsync(Account person, string password, CancellationToken cancellation) => ChangeAsync(
        person.Id, new Actor(person.Id, person.UserName!), "account.password_changed", new { }, false,
        account => account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password), cancellation);

    private async Task<AccountOutcome> ChangeAsync(
        Guid id, Actor actor, string action, object detail, bool takesAnAdministrator, Action<Account> change, CancellationToken cancellation)
    {
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Two administrators who lock each other in the same moment wait for each other here.
        Guid[] held = [.. await Connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT id FROM identity.account WHERE (role = 'administrator' AND NOT locked) OR id = @id ORDER BY id FOR UPDATE",
            new { id }, cancellationToken: cancellation))];
        // What was read before the wait may be old by now.
        db.ChangeTracker.Clear();
        if (await accounts.FindByIdAsync(id.ToString()) is not { } account)
        {
            return Refused(AdministrationProblems.AccountUnknown(id.ToString()));
        }

        if (takesAnAdministrator && account is { Role: Roles.Administrator, Locked: false } && held.Length == 1)
        {
            return Refused(AdministrationProblems.LastAdministrator with { Field = "account", Value = account.UserName });
        }

        change(account);
        // Writes the changes with a new stamp, which signs everybody out who uses the account.
        MustSucceed(await accounts.UpdateSecurityStampAsync(account));
        await log.AddAsync(Connection, actor, action, id.ToString(), account.UserName!, detail, cancellation);
        await Standing.TellAsync(Connection, id, cancellation);
        await transaction.CommitAsync(cancellation);
        standing.Forget(id);
        return new AccountOutcome(View(account), null, null);
    }

    /// <summary>The unit of a crew, the hospital of its people; neither for everybody else.</summary>
    private sealed record Belongs(Guid? UnitId, Guid? HospitalId);

    private async Task<(Belongs? To, Problem? Problem)> RoleAsync(string? role, string? unit, string? hospital, CancellationToken cancellation)
    {
        if (!AllRoles.Contains(role, StringComparer.Ordinal))
        {
            return (null, AdministrationProblems.BadField("role", role, string.Join(" | ", AllRoles)));
        }

        Problem? tooMuch = role != Roles.Crew && unit is not null ? AdministrationProblems.BadField("unit", unit, "只有车组有单元 / only a crew has a unit")
            : role != Roles.Hospital && hospital is not null ? AdministrationProblems.BadField("hospital", hospital, "只有医院账号有医院 / only the people of a hospital have one")
            : null;
        Guid? unitId = role == Roles.Crew && unit is { Length: > 0 } ? await findUnit(unit, cancellation) : null;
        Guid? hospitalId = role == Roles.Hospital && hospital is { Length: > 0 } ? await findHospital(hospital, cancellation) : null;
        return (role, unitId, hospitalId) switch
        {
            _ when tooMuch is not null => (null, tooMuch),
            (Roles.Crew, null, _) => (null, AdministrationProblems.BadField("unit", unit, "须为现有单元的呼号 / must be the call sign of a unit that there is")),
            (Roles.Hospital, _, null) => (null, AdministrationProblems.BadField("hospital", hospital, "须为现有医院的名称 / must be the name of a hospital that there is")),
            _ => (new Belongs(unitId, hospitalId), null),
        };
    }

    private AccountView View(Account account) => new(
        account.Id, account.UserName!, account.DisplayName, account.Role, account.Department, account.UnitId, account.HospitalId, account.Locked,
        account.LockoutEnd > clock.GetUtcNow() ? account.LockoutEnd : null);

    private static AccountOutcome Refused(Problem problem) => new(null, null, problem);

    private static void EndPause(Account account) => (account.LockoutEnd, account.AccessFailedCount) = (null, 0);

    private static void MustSucceed(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(' ', result.Errors.Select(static error => error.Code)));
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
