using System.Security.Claims;
using System.Text.Json;
using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Identity.Administration;

/// <summary>Who administers: a person at the desk, or whoever runs the command line.</summary>
/// <param name="AccountId">Null on the command line.</param>
/// <param name="Name">As the log shows it.</param>
public sealed record Actor(Guid? AccountId, string Name)
{
    /// <summary>The user of the operating system who runs the command line.</summary>
    public static Actor CommandLine { get; } = new(null, $"cli:{Environment.UserName}");

    /// <summary>A signed-in person.</summary>
    public static Actor Of(ClaimsPrincipal user) =>
        new(Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!), user.Identity!.Name!);
}

/// <summary>One row of the log.</summary>
/// <param name="By">User name, or <c>cli:</c> and a user of the operating system.</param>
/// <param name="Action">Stable and dotted, such as <c>account.locked</c>.</param>
/// <param name="Subject">Id of the account, key or layer, code of the department.</param>
/// <param name="SubjectName">As it was called then.</param>
internal sealed record AdministrationEntry(
    long Id, DateTimeOffset At, string By, string Action, string Subject, string SubjectName, JsonElement Detail);

/// <summary>The insert-only log of what administrators did: a row in the transaction of each act, so that none is without the other.</summary>
public sealed class AdministrationLog(Databases databases, TimeProvider clock)
{
    private sealed record Row(long Id, DateTimeOffset At, string By, string Action, string Subject, string SubjectName, string Detail);

    /// <summary>Part of the transaction of the act.</summary>
    /// <param name="action">Stable and dotted, such as <c>layer.shared</c>.</param>
    /// <param name="detail">What else is worth knowing, never a secret; becomes JSON.</param>
    public Task AddAsync(
        NpgsqlConnection connection, Actor actor, string action, string subject, string subjectName, object detail,
        CancellationToken cancellation) => AddAsync(connection, actor, action, [(subject, subjectName, detail)], cancellation);

    /// <summary>The same of several acts of one kind, in one round trip.</summary>
    /// <param name="subjects">Each with its name and detail.</param>
    public Task AddAsync(
        NpgsqlConnection connection, Actor actor, string action, IReadOnlyList<(string Subject, string Name, object Detail)> subjects,
        CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO identity.administration (at, account_id, by, action, subject, subject_name, detail)
        SELECT @at, @account, @by, @action, subject, name, detail::jsonb FROM unnest(@subjects, @names, @details) AS one (subject, name, detail)
        """,
        new
        {
            at = clock.GetUtcNow(),
            account = actor.AccountId,
            by = actor.Name,
            action,
            subjects = subjects.Select(static one => one.Subject).ToArray(),
            names = subjects.Select(static one => one.Name).ToArray(),
            details = subjects.Select(static one => JsonSerializer.Serialize(one.Detail, JsonSerializerOptions.Web)).ToArray(),
        },
        cancellationToken: cancellation));

    /// <summary>The newest first.</summary>
    /// <param name="before">Only rows older than this one.</param>
    internal async Task<IReadOnlyList<AdministrationEntry>> ListAsync(long? before, int limit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id AS "Id", at AS "At", by AS "By", action AS "Action", subject AS "Subject", subject_name AS "SubjectName",
                detail::text AS "Detail"
            FROM identity.administration WHERE @before::bigint IS NULL OR id < @before ORDER BY id DESC LIMIT @limit
            """,
            new { before, limit }, cancellationToken: cancellation)))
            .Select(static row => new AdministrationEntry(
                row.Id, row.At, row.By, row.Action, row.Subject, row.SubjectName, JsonElement.Parse(row.Detail)))];
    }
}

/// <summary>What administration refuses.</summary>
internal static class AdministrationProblems
{
    internal static readonly Problem LastAdministrator = new(
        409, "account.last_administrator", "这是最后一名管理员 / The last administrator",
        "先设另一名管理员 / Make another account administrator first");

    internal static Problem BadField(string field, string? value, string right) =>
        new(400, "admin.bad_field", "内容不合要求 / Bad field", $"{field}: {right}", field, value);

    internal static Problem DepartmentUnknown(string? code) => new(
        400, "department.unknown", "没有此部门 / Unknown department",
        "先由管理员登记部门 / An administrator must enter the department first", "department", code);

    internal static Problem DepartmentExists(string code) => new(
        409, "department.exists", "部门代码已存在 / Department code taken", "换一个代码 / Choose another code", "code", code);

    internal static Problem AccountExists(string userName) => new(
        409, "account.exists", "用户名已存在 / User name taken", "换一个用户名 / Choose another user name", "userName", userName);

    internal static Problem AccountUnknown(string account) => new(
        404, "account.unknown", "没有此账号 / Unknown account", "核对账号 / Check the account", "account", account);

    internal static Problem KeyUnknown(Guid id) => new(
        404, "key.unknown", "没有此密钥 / Unknown key", "核对密钥编号 / Check the id of the key", "id", id.ToString());

    /// <summary>Text of <paramref name="least"/> to <paramref name="most"/> characters, without control characters; null where it is.</summary>
    internal static Problem? Text(string field, string? value, int least, int most) =>
        (value?.Trim().Length ?? 0) < least || value?.Length > most || value?.Any(char.IsControl) == true
            ? BadField(field, value, $"{least} 至 {most} 个字 / {least} to {most} characters")
            : null;
}
