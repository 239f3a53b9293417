using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Identity.Keys;

/// <summary>
/// Says whose key it is. A key is remembered for at most 60 s, so that a revocation counts within a minute even where the database's
/// notice of it is lost. One that was never issued is not remembered: nobody can fill the memory with guesses.
/// </summary>
internal sealed class ApiKeyChecks(Databases databases, TimeProvider clock)
{
    private static readonly TimeZoneInfo CityTime = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private readonly Remembered<Row> known = new(TimeSpan.FromSeconds(60), most: 10_000, clock);

    internal sealed record Row(
        Guid Id, string Name, string Department, string Role, string[] Scopes, byte[] SecretHash, DateTimeOffset ExpiresAt,
        DateTimeOffset? RevokedAt, int? PerSecond)
    {
        /// <summary>The day, in days since the year 1, that stands in the database as the last of use.</summary>
        internal int UsedOn { get; set; }
    }

    /// <summary>Whoever does not hold the secret learns nothing, not even that the key exists.</summary>
    internal async ValueTask<(ClaimsPrincipal? User, Problem? Problem)> CheckAsync(string sent, CancellationToken cancellation)
    {
        if (!ApiKey.TryParse(sent, out ApiKey key)
            || await FindAsync(key.Id, cancellation) is not { } row
            || !CryptographicOperations.FixedTimeEquals(key.Hash(), row.SecretHash))
        {
            return (null, KeyProblems.Wrong);
        }

        if (Refusal(row) is { } problem)
        {
            return (null, problem);
        }

        await NoteUseAsync(row, cancellation);
        return (Principal(row), null);
    }

    /// <summary>True while a key that was accepted once would be again.</summary>
    internal async ValueTask<bool> StandsAsync(Guid id, CancellationToken cancellation) =>
        await FindAsync(id, cancellation) is { } row && Refusal(row) is null;

    internal void Forget(Guid? id) => known.Forget(id);

    private Problem? Refusal(Row row) =>
        row.RevokedAt is not null ? KeyProblems.Revoked : row.ExpiresAt <= clock.GetUtcNow() ? KeyProblems.Expired : null;

    private static ClaimsPrincipal Principal(Row row) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, row.Id.ToString()),
            // No account can be called so: its name may have no colon.
            new Claim(ClaimTypes.Name, $"key:{row.Id}"),
            new Claim(ClaimTypes.GivenName, row.Name),
            new Claim(ClaimTypes.Role, row.Role),
            new Claim(GeoClaims.Department, row.Department),
            .. row.Scopes.Select(static scope => new Claim(GeoClaims.Scope, scope)),
            .. row.PerSecond is int own ? [new Claim(GeoClaims.PerSecond, own.ToString(CultureInfo.InvariantCulture))] : Array.Empty<Claim>(),
        ],
        ApiKeyAuthentication.Name));

    private ValueTask<Row?> FindAsync(Guid id, CancellationToken cancellation) => known.GetAsync(id, ReadAsync, cancellation);

    private async Task<Row?> ReadAsync(Guid id, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT id AS "Id", name AS "Name", department AS "Department", role AS "Role", scopes AS "Scopes",
                secret_hash AS "SecretHash", expires_at AS "ExpiresAt", revoked_at AS "RevokedAt", per_second AS "PerSecond"
            FROM identity.api_key WHERE id = @id
            """,
            new { id }, cancellationToken: cancellation));
    }

    /// <summary>Once a day for each key, or once a minute where several servers each do it.</summary>
    private async ValueTask NoteUseAsync(Row row, CancellationToken cancellation)
    {
        DateTime today = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), CityTime).Date;
        int day = DateOnly.FromDateTime(today).DayNumber;
        if (row.UsedOn == day)
        {
            return;
        }

        row.UsedOn = day;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE identity.api_key SET last_used_on = @today WHERE id = @id AND last_used_on IS DISTINCT FROM @today::date",
            new { id = row.Id, today }, cancellationToken: cancellation));
    }
}

/// <summary>Why a key is refused. None of these repeats what was sent.</summary>
internal static class KeyProblems
{
    internal static readonly Problem Wrong = new(
        401, "key.wrong", "密钥无效 / Wrong key",
        $"须带 Authorization: Bearer gd_… 或 {ApiKey.Header}: gd_… / Send Authorization: Bearer gd_… or {ApiKey.Header}: gd_…");

    internal static Problem Guessed(int seconds) => new(
        429, "key.too_many_wrong", "错误密钥过多 / Too many wrong keys",
        string.Create(CultureInfo.InvariantCulture, $"此地址发送了过多错误密钥,{seconds} 秒后再试 / This address has sent too many wrong keys: try again in {seconds} s"));

    internal static readonly Problem Expired = new(
        401, "key.expired", "密钥已过期 / Key expired", "请管理员签发新密钥 / Ask an administrator for a new key");

    internal static readonly Problem Revoked = new(
        401, "key.revoked", "密钥已吊销 / Key revoked", "请管理员签发新密钥 / Ask an administrator for a new key");

    internal static readonly Problem InUrl = new(
        400, "key.in_url", "网址中不得带密钥 / A key must not stand in a URL",
        $"网址会被沿途记录:请立即吊销此密钥,新密钥放在请求头 {ApiKey.Header} 中 / URLs are logged on their way: have this key revoked now, and send the new one in the header {ApiKey.Header}");

    /// <param name="needed">Null where the route is open to no key.</param>
    internal static Problem OutOfScope(string? needed) => new(
        403, "key.out_of_scope", "密钥不含此范围 / Outside the key's scopes",
        needed is null
            ? "此地址不对密钥开放 / This address is open to no key"
            : $"需要范围 {needed},请管理员签发含此范围的密钥 / The scope {needed} is needed: ask an administrator for a key that has it",
        needed is null ? null : "scope", needed);
}
