using System.Text.RegularExpressions;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Codes;

/// <summary>
/// <c>PUT /api/dispatch/{agencies|capabilities|priorities}/{code}</c>: an administrator enters or changes one, with its row in the log of
/// administration. Said again, it changes nothing and is not written down. Nothing is deleted, for the log of incidents names it. Types are kept
/// by <see cref="SaveType"/>.
/// </summary>
internal static partial class SaveCodes
{
    internal sealed record AgencyRequest(string? Name, string? NameEn, string? Phone);

    internal sealed record CapabilityRequest(string? Name, string? NameEn, string? Agency);

    internal sealed record PriorityRequest(string? Name, string? NameEn, int? TargetMinutes);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder admin = routes.MapGroup("/api/dispatch").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        admin.MapPut("/agencies/{code}", SaveAgencyAsync).Produces<Agency>();
        admin.MapPut("/capabilities/{code}", SaveCapabilityAsync).Produces<Capability>();
        SaveType.Map(admin);
        admin.MapPut("/priorities/{level:int}", SavePriorityAsync).Produces<PriorityLevel>();
    }

    private static async Task<IResult> SaveAgencyAsync(
        string code, AgencyRequest asked, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        if ((CheckCode(code) ?? CheckNames(asked.Name, asked.NameEn) ?? Fields.Text("phone", asked.Phone, 0, 20)) is { } bad)
        {
            return bad.ToResult();
        }

        var agency = new Agency(code, asked.Name!.Trim(), asked.NameEn!.Trim(), string.IsNullOrWhiteSpace(asked.Phone) ? null : asked.Phone.Trim());
        return await SaveAsync(
            http, databases, log, "agency.saved", code, agency.Name, agency,
            """
            INSERT INTO dispatch.agency AS a (code, name, name_en, phone, ordinal)
            VALUES (@Code, @Name, @NameEn, @Phone, (SELECT count(*) + 1 FROM dispatch.agency))
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, phone = excluded.phone
            WHERE (a.name, a.name_en, a.phone) IS DISTINCT FROM (excluded.name, excluded.name_en, excluded.phone)
            """,
            cancellation);
    }

    private static async Task<IResult> SaveCapabilityAsync(
        string code, CapabilityRequest asked, HttpContext http, Databases databases, CodeTables codes, AdministrationLog log, CancellationToken cancellation)
    {
        if ((CheckCode(code) ?? CheckNames(asked.Name, asked.NameEn) ?? Fields.OneOf("agency", asked.Agency, await AgenciesAsync(codes, cancellation))) is { } bad)
        {
            return bad.ToResult();
        }

        var capability = new Capability(code, asked.Name!.Trim(), asked.NameEn!.Trim(), asked.Agency!);
        return await SaveAsync(
            http, databases, log, "capability.saved", code, capability.Name, capability,
            """
            INSERT INTO dispatch.capability AS c (code, name, name_en, agency, ordinal)
            VALUES (@Code, @Name, @NameEn, @Agency, (SELECT count(*) + 1 FROM dispatch.capability))
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, agency = excluded.agency
            WHERE (c.name, c.name_en, c.agency) IS DISTINCT FROM (excluded.name, excluded.name_en, excluded.agency)
            """,
            cancellation);
    }

    private static async Task<IResult> SavePriorityAsync(
        int level, PriorityRequest asked, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        Problem? bad = Fields.Priority(level) ?? CheckNames(asked.Name, asked.NameEn)
            ?? (asked.TargetMinutes is >= 1 and <= 1440 ? null : DispatchProblems.BadField("targetMinutes", $"{asked.TargetMinutes}", "1…1440"));
        if (bad is not null)
        {
            return bad.ToResult();
        }

        var priority = new PriorityLevel(level, asked.Name!.Trim(), asked.NameEn!.Trim(), asked.TargetMinutes!.Value);
        return await SaveAsync(
            http, databases, log, "priority.saved", $"P{level}", priority.Name, priority,
            """
            UPDATE dispatch.priority SET name = @Name, name_en = @NameEn, target_minutes = @TargetMinutes
            WHERE level = @Level AND (name, name_en, target_minutes) IS DISTINCT FROM (@Name, @NameEn, @TargetMinutes)
            """,
            cancellation);
    }

    /// <param name="row">Is written, kept in the log, and answered with.</param>
    private static async Task<IResult> SaveAsync<T>(
        HttpContext http, Databases databases, AdministrationLog log, string action, string subject, string name, T row, string sql,
        CancellationToken cancellation)
        where T : class
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.ExecuteAsync(new CommandDefinition(sql, row, cancellationToken: cancellation)) > 0)
        {
            await log.AddAsync(connection, Actor.Of(http.User), action, subject, name, row, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(row);
    }

    internal static async Task<string[]> AgenciesAsync(CodeTables codes, CancellationToken cancellation) =>
        [.. (await codes.ListAgenciesAsync(cancellation)).Select(static agency => agency.Code)];

    internal static Problem? CheckCode(string code) => Code().IsMatch(code)
        ? null
        : DispatchProblems.BadField("code", code, "小写字母开头,至多 32 个字母数字 / letters and digits, a small letter first, at most 32");

    internal static Problem? CheckNames(string? name, string? nameEn) => Fields.Text("name", name, 1, 40) ?? Fields.Text("nameEn", nameEn, 1, 60);

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,31}$", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
