using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Codes;

/// <summary>
/// <c>PUT /api/dispatch/types/{code}</c>: an administrator enters a type of incident, changes it or takes it out of use. By <see cref="Seen"/> what
/// another changed meanwhile is not written over.
/// </summary>
internal static class SaveType
{
    private const int MostOthers = 8, MostWords = 50, MostOrdinal = 10_000;

    private static readonly Problem LastType = new(
        409, "type.last_active", "这是最后一个启用的类型 / The last active type", "停用后无法建警情;先启用另一类型 / No incident could be opened: activate another type first", "active");

    /// <param name="Active">Left out: true.</param>
    internal sealed record Request(
        string? Name, string? NameEn, string? Lead, IReadOnlyList<string?>? Others, int? Priority, IReadOnlyList<string?>? Words, int? Ordinal, bool? Active);

    /// <param name="admin">Open to administrators.</param>
    internal static void Map(IEndpointRouteBuilder admin) => admin.MapPut("/types/{code}", HandleAsync)
        .Produces<IncidentType>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

    private static async Task<IResult> HandleAsync(
        string code, Request asked, HttpContext http, Databases databases, CodeTables codes, AdministrationLog log, CancellationToken cancellation)
    {
        if (Check(code, asked, await SaveCodes.AgenciesAsync(codes, cancellation)) is { } bad)
        {
            return bad.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        IncidentType? saved = await connection.QuerySingleOrDefaultAsync<IncidentType>(new CommandDefinition(
            Sql,
            new
            {
                code,
                name = asked.Name!.Trim(),
                nameEn = asked.NameEn!.Trim(),
                asked.Lead,
                others = Distinct(asked.Others),
                asked.Priority,
                words = Distinct(asked.Words),
                asked.Ordinal,
                active = asked.Active ?? true,
            },
            cancellationToken: cancellation));
        if (saved is not null)
        {
            // Each writing adds one: it was there, locked, at the version before.
            if ((Seen.Refuses(http, saved.Version - 1, "type", "code", code) ?? await CheckLastAsync(connection, cancellation)) is { } refusal)
            {
                return refusal.ToResult();
            }

            await log.AddAsync(connection, Actor.Of(http.User), "incident_type.saved", code, saved.Name, saved, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        saved ??= await connection.QuerySingleAsync<IncidentType>(new CommandDefinition(
            $"SELECT {CodeTables.TypeColumns} FROM dispatch.incident_type WHERE code = @code", new { code }, cancellationToken: cancellation));
        Seen.Tag(http, saved.Version);
        return TypedResults.Ok(saved);
    }

    private static Problem? Check(string code, Request asked, string[] agencies) =>
        SaveCodes.CheckCode(code) ?? SaveCodes.CheckNames(asked.Name, asked.NameEn) ?? Fields.OneOf("lead", asked.Lead, agencies)
        ?? (asked.Others is { Count: > MostOthers }
            ? DispatchProblems.BadField("others", $"{asked.Others.Count}", $"至多 {MostOthers} 个 / at most {MostOthers}")
            : asked.Others?.Select(other => Fields.OneOf("others", other, [.. agencies.Where(agency => agency != asked.Lead)])).FirstOrDefault(static wrong => wrong is not null))
        ?? Fields.Priority(asked.Priority)
        ?? (asked.Words is { Count: > MostWords }
            ? DispatchProblems.BadField("words", $"{asked.Words.Count}", $"至多 {MostWords} 个 / at most {MostWords}")
            : asked.Words?.Select(static word => Fields.Text("words", word, 1, 20)).FirstOrDefault(static wrong => wrong is not null))
        ?? (asked.Ordinal is >= 0 and <= MostOrdinal ? null : DispatchProblems.BadField("ordinal", $"{asked.Ordinal}", $"0…{MostOrdinal}"));

    private static async Task<Problem?> CheckLastAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM dispatch.incident_type WHERE active)", cancellationToken: cancellation)) ? null : LastType;

    private static string[] Distinct(IReadOnlyList<string?>? values) => [.. (values ?? []).Select(static value => value!.Trim()).Distinct()];

    private const string Sql = $"""
        INSERT INTO dispatch.incident_type AS t (code, name, name_en, lead, others, priority, words, ordinal, active)
        VALUES (@code, @name, @nameEn, @Lead, @others, @Priority, @words, @Ordinal, @active)
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, lead = excluded.lead, others = excluded.others,
            priority = excluded.priority, words = excluded.words, ordinal = excluded.ordinal, active = excluded.active, version = t.version + 1
        WHERE (t.name, t.name_en, t.lead, t.others, t.priority, t.words, t.ordinal, t.active) IS DISTINCT FROM
            (excluded.name, excluded.name_en, excluded.lead, excluded.others, excluded.priority, excluded.words, excluded.ordinal, excluded.active)
        RETURNING {CodeTables.TypeColumns}
        """;
}
