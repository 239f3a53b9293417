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
/// <c>PUT /api/dispatch/{agencies|capabilities|types|priorities}/{code}</c>: an administrator enters or changes one, with its row in the log of
/// administration. Said again, it changes nothing and is not written down. Nothing is deleted, for the log of incidents names it.
/// </summary>
internal static partial class SaveCodes
{
    private const int MostOthers = 8, MostWords = 50, MostOrdinal = 10_000;

    private static readonly Problem LastType = new(
        409, "type.last_active", "这是最后一个启用的类型 / The last active type", "停用后无法建警情;先启用另一类型 / No incident could be opened: activate another type first", "active");

    internal sealed record AgencyRequest(string? Name, string? NameEn, string? Phone);

    internal sealed record CapabilityRequest(string? Name, string? NameEn, string? Agency);

    /// <param name="Active">Left out: true.</param>
    internal sealed record TypeRequest(
        string? Name, string? NameEn, string? Lead, IReadOnlyList<string?>? Others, int? Priority, IReadOnlyList<string?>? Words, int? Ordinal, bool? Active);

    internal sealed record PriorityRequest(string? Name, string? NameEn, int? TargetMinutes);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder admin = routes.MapGroup("/api/dispatch").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        admin.MapPut("/agencies/{code}", SaveAgencyAsync).Produces<Agency>();
        admin.MapPut("/capabilities/{code}", SaveCapabilityAsync).Produces<Capability>();
        admin.MapPut("/types/{code}", SaveTypeAsync).Produces<IncidentType>().ProducesProblem(StatusCodes.Status409Conflict);
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

    private static async Task<IResult> SaveTypeAsync(
        string code, TypeRequest asked, HttpContext http, Databases databases, CodeTables codes, AdministrationLog log, CancellationToken cancellation)
    {
        string[] agencies = await AgenciesAsync(codes, cancellation);
        Problem? bad = CheckCode(code) ?? CheckNames(asked.Name, asked.NameEn) ?? Fields.OneOf("lead", asked.Lead, agencies)
            ?? (asked.Others is { Count: > MostOthers }
                ? DispatchProblems.BadField("others", $"{asked.Others.Count}", $"至多 {MostOthers} 个 / at most {MostOthers}")
                : asked.Others?.Select(other => Fields.OneOf("others", other, [.. agencies.Where(agency => agency != asked.Lead)])).FirstOrDefault(static wrong => wrong is not null))
            ?? Fields.Priority(asked.Priority)
            ?? (asked.Words is { Count: > MostWords }
                ? DispatchProblems.BadField("words", $"{asked.Words.Count}", $"至多 {MostWords} 个 / at most {MostWords}")
                : asked.Words?.Select(static word => Fields.Text("words", word, 1, 20)).FirstOrDefault(static wrong => wrong is not null))
            ?? (asked.Ordinal is >= 0 and <= MostOrdinal ? null : DispatchProblems.BadField("ordinal", $"{asked.Ordinal}", $"0…{MostOrdinal}"));
        if (bad is not null)
        {
            return bad.ToResult();
        }

        var type = new IncidentType(
            code, asked.Name!.Trim(), asked.NameEn!.Trim(), asked.Lead!, Distinct(asked.Others), asked.Priority!.Value, Distinct(asked.Words), asked.Ordinal!.Value,
            asked.Active ?? true);
        return await SaveAsync(
            http, databases, log, "incident_type.saved", code, type.Name, type,
            """
            INSERT INTO dispatch.incident_type AS t (code, name, name_en, lead, others, priority, words, ordinal, active)
            VALUES (@Code, @Name, @NameEn, @Lead, @Others, @Priority, @Words, @Ordinal, @Active)
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, lead = excluded.lead, others = excluded.others,
                priority = excluded.priority, words = excluded.words, ordinal = excluded.ordinal, active = excluded.active
            WHERE t IS DISTINCT FROM excluded
            """,
            cancellation,
            async connection => await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT FROM dispatch.incident_type WHERE active)", cancellationToken: cancellation)) ? null : LastType);
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
    /// <param name="check">What may not be so afterwards.</param>
    private static async Task<IResult> SaveAsync<T>(
        HttpContext http, Databases databases, AdministrationLog log, string action, string subject, string name, T row, string sql,
        CancellationToken cancellation, Func<NpgsqlConnection, Task<Problem?>>? check = null)
        where T : class
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.ExecuteAsync(new CommandDefinition(sql, row, cancellationToken: cancellation)) > 0)
        {
            if (check is not null && await check(connection) is { } problem)
            {
                return problem.ToResult();
            }

            await log.AddAsync(connection, Actor.Of(http.User), action, subject, name, row, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(row);
    }

    private static async Task<string[]> AgenciesAsync(CodeTables codes, CancellationToken cancellation) =>
        [.. (await codes.ListAgenciesAsync(cancellation)).Select(static agency => agency.Code)];

    private static string[] Distinct(IReadOnlyList<string?>? values) => [.. (values ?? []).Select(static value => value!.Trim()).Distinct()];

    private static Problem? CheckCode(string code) => Code().IsMatch(code)
        ? null
        : DispatchProblems.BadField("code", code, "小写字母开头,至多 32 个字母数字 / letters and digits, a small letter first, at most 32");

    private static Problem? CheckNames(string? name, string? nameEn) => Fields.Text("name", name, 1, 40) ?? Fields.Text("nameEn", nameEn, 1, 60);

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,31}$", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
