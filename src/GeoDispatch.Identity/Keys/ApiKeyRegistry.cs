using System.Globalization;
using Dapper;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Identity.Keys;

/// <summary>What is wanted of a new key; null members take their default.</summary>
/// <param name="Role"><c>department</c> (default) or <c>dispatcher</c>.</param>
/// <param name="Name">At most 60 characters, as the log shows it; by default the department's name.</param>
/// <param name="Days">1 to 1825, by default 365.</param>
/// <param name="Scopes">At least one of <see cref="Keys.Scopes"/>.</param>
/// <param name="PerSecond">1 to 10,000 tokens of quota a second; by default the server's own number.</param>
public sealed record ApiKeyWish(string? Department, string? Role, string? Name, int? Days, IReadOnlyList<string>? Scopes, int? PerSecond = null);

/// <summary>A key without its secret.</summary>
/// <param name="LastUsedOn">A day in the city's time; null where it was never used.</param>
/// <param name="State"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="PerSecond">Its own quota; null where the server's counts.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, string Department, string Role, string[] Scopes, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset ExpiresAt, string? LastUsedOn, DateTimeOffset? RevokedAt, string State, int? PerSecond);

/// <summary>Issues, lists and revokes the keys of departments' programs.</summary>
public sealed class ApiKeyRegistry(Databases databases, AdministrationLog log, Standing standing, TimeProvider clock)
{
    private const int MostDays = 1825, MostPerSecond = 10_000;
    private static readonly string[] RolesOfKeys = [Roles.Department, Roles.Dispatcher];

    private sealed record Row(
        Guid Id, string Name, string Department, string Role, string[] Scopes, DateTimeOffset CreatedAt, string CreatedBy,
        DateTimeOffset ExpiresAt, string? LastUsedOn, DateTimeOffset? RevokedAt, int? PerSecond);

    /// <summary>Makes a key. <c>Secret</c> is the whole key: shown this once, only its hash is kept.</summary>
    /// <returns>Or why not: <c>admin.bad_field</c>, <c>department.unknown</c>.</returns>
    public async Task<(ApiKeyView? Key, string? Secret, Problem? Problem)> IssueAsync(
        ApiKeyWish wish, Actor actor, CancellationToken cancellation)
    {
        if (Check(wish) is { } bad)
        {
            return (null, null, bad);
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await Departments.FindNameAsync(connection, wish.Department, cancellation) is not { } department)
        {
            return (null, null, AdministrationProblems.DepartmentUnknown(wish.Department));
        }

        DateTimeOffset now = clock.GetUtcNow();
        ApiKey key = ApiKey.Create();
        string[] scopes = [.. Scopes.All.Intersect(wish.Scopes!, StringComparer.Ordinal)];
        string role = wish.Role ?? Roles.Department;
        string name = wish.Name?.Trim() is { Length: > 0 } given ? given : department;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO identity.api_key (id, name, department, role, scopes, secret_hash, created_at, created_by, expires_at, per_second)
            VALUES (@id, @name, @department, @role, @scopes, @hash, @now, @by, @expiresAt, @perSecond)
            """,
            new
            {
                id = key.Id,
                name,
                department = wish.Department,
                role,
                scopes,
                hash = key.Hash(),
                now,
                by = actor.Name,
                expiresAt = now.AddDays(wish.Days ?? 365),
                perSecond = wish.PerSecond,
            },
            cancellationToken: cancellation));
        await log.AddAsync(
            connection, actor, "key.created", key.Id.ToString(), name, new { wish.Department, role, scopes, days = wish.Days ?? 365, wish.PerSecond }, cancellation);
        ApiKeyView made = (await ReadAsync(connection, key.Id, cancellation)).Single();
        await transaction.CommitAsync(cancellation);
        return (made, key.Reveal(), null);
    }

    /// <summary>Every key there ever was, newest first.</summary>
    public async Task<IReadOnlyList<ApiKeyView>> ListAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, null, cancellation);
    }

    /// <summary>Ends a key: at once where the database's notice arrives, within a minute at the latest. Again changes nothing.</summary>
    /// <returns>The key, or <c>key.unknown</c>.</returns>
    public async Task<(ApiKeyView? Key, Problem? Problem)> RevokeAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        string? name = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "UPDATE identity.api_key SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL RETURNING name",
            new { id, now = clock.GetUtcNow() }, cancellationToken: cancellation));
        if (name is not null)
        {
            await log.AddAsync(connection, actor, "key.revoked", id.ToString(), name, new { }, cancellation);
            await Standing.TellAsync(connection, id, cancellation);
        }

        ApiKeyView? key = (await ReadAsync(connection, id, cancellation)).SingleOrDefault();
        await transaction.CommitAsync(cancellation);
        standing.Forget(id);
        return (key, key is null ? AdministrationProblems.KeyUnknown(id) : null);
    }

    private static Problem? Check(ApiKeyWish wish)
    {
        if (wish.Role is not null && !RolesOfKeys.Contains(wish.Role, StringComparer.Ordinal))
        {
            return AdministrationProblems.BadField("role", wish.Role, $"密钥的角色 / the role of a key: {string.Join(" | ", RolesOfKeys)}");
        }

        if (wish.Days is not null and not (>= 1 and <= MostDays))
        {
            return AdministrationProblems.BadField(
                "days", wish.Days.Value.ToString(CultureInfo.InvariantCulture), $"1 至 {MostDays} 天 / 1 to {MostDays} days");
        }

        if (wish.PerSecond is not null and not (>= 1 and <= MostPerSecond))
        {
            return AdministrationProblems.BadField(
                "perSecond", wish.PerSecond.Value.ToString(CultureInfo.InvariantCulture), $"每秒 1 至 {MostPerSecond} / 1 to {MostPerSecond} a second");
        }

        string? wrong = wish.Scopes?.FirstOrDefault(static scope => !Scopes.All.Contains(scope, StringComparer.Ordinal));
        return wrong is not null || wish.Scopes is null or { Count: 0 }
            ? AdministrationProblems.BadField("scopes", wrong, $"至少一项 / at least one of {string.Join(" | ", Scopes.All)}")
            : AdministrationProblems.Text("name", wish.Name, 0, 60);
    }

    private async Task<List<ApiKeyView>> ReadAsync(NpgsqlConnection connection, Guid? id, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id AS "Id", name AS "Name", department AS "Department", role AS "Role", scopes AS "Scopes",
                created_at AS "CreatedAt", created_by AS "CreatedBy", expires_at AS "ExpiresAt",
                to_char(last_used_on, 'YYYY-MM-DD') AS "LastUsedOn", revoked_at AS "RevokedAt",
                per_second AS "PerSecond"
            FROM identity.api_key WHERE @id::uuid IS NULL OR id = @id ORDER BY created_at DESC, id
            """,
            new { id }, cancellationToken: cancellation)))
            .Select(row => new ApiKeyView(
                row.Id, row.Name, row.Department, row.Role, row.Scopes, row.CreatedAt, row.CreatedBy, row.ExpiresAt, row.LastUsedOn,
                row.RevokedAt, row.RevokedAt is not null ? "revoked" : row.ExpiresAt <= now ? "expired" : "active", row.PerSecond))];
    }
}
