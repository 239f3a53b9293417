using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>
/// <c>POST /api/hospitals/{id}/reports</c>: what a hospital can take from now on. Its own people say it, or a dispatcher whom they told by telephone. A
/// report is whole: what it leaves out is not known any more.
/// </summary>
internal static class ReportHospital
{
    private const int MostBeds = 2000;
    private static readonly TimeSpan LongestDiversion = TimeSpan.FromHours(24);

    internal sealed record DiversionRequest(string? Capability, string? Reason, DateTimeOffset? Until);

    /// <param name="Beds">Of the emergency department, 0 to 2,000; left out where nobody counted them.</param>
    /// <param name="FreeBeds">Of these, 0 to <paramref name="Beds"/>.</param>
    /// <param name="OpenCapabilities">Of what the hospital can do at all.</param>
    /// <param name="Diversions">Each of all patients or of one capability, with its reason and its end within 24 hours.</param>
    internal sealed record Request(
        Guid? CommandId, int? Beds, int? FreeBeds, IReadOnlyList<string?>? OpenCapabilities, IReadOnlyList<DiversionRequest?>? Diversions);

    internal static void Map(IEndpointRouteBuilder hospitals) => hospitals.MapPost("/{id:guid}/reports", HandleAsync)
        .RequireAuthorization(Policies.Reception).Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Null where somebody of this hospital asks, or nobody of a hospital at all.</summary>
    internal static Problem? RefuseOthers(ClaimsPrincipal user, Guid hospitalId) =>
        user.IsInRole(Roles.Hospital) && user.FindFirstValue(GeoClaims.Hospital) != hospitalId.ToString() ? HospitalProblems.NotYours : null;

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, HttpContext http, HospitalReader hospitals, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "reportHospital", new { id, request });
        if ((RefuseOthers(http.User, id) ?? problem) is { } refusal)
        {
            return refusal.ToResult();
        }

        if (await hospitals.FindAsync(id, cancellation) is not { } hospital)
        {
            return HospitalProblems.Unknown(id).ToResult();
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        // Asked first: sent again an hour later, a diversion in it may have ended meanwhile.
        if (await SentOnce.FindAsync(connection, "ems.hospital_report", given!, cancellation) is { } before)
        {
            return before.Refusal?.ToResult() ?? TypedResults.NoContent();
        }

        if (Check(request, hospital, now) is { } bad)
        {
            return bad.ToResult();
        }

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        int kept = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO ems.hospital_report (id, hospital_id, at, by, account_id, beds, free_beds, open_capabilities, diversions, content)
            VALUES (@report, @hospital, @now, @By, @AccountId, @Beds, @FreeBeds, @open, @diversions::jsonb, @Content) ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                report = given!.Id,
                hospital = id,
                now,
                given.By,
                given.AccountId,
                request.Beds,
                request.FreeBeds,
                open = request.OpenCapabilities!.Distinct(StringComparer.Ordinal).ToArray(),
                diversions = JsonSerializer.Serialize(
                    (request.Diversions ?? []).Select(static one => new Diversion(one!.Capability, one.Reason!.Trim(), one.Until!.Value.ToUniversalTime())), JsonSerializerOptions.Web),
                given.Content,
            },
            cancellationToken: cancellation));
        if (kept == 0)
        {
            return (await SentOnce.FindAsync(connection, "ems.hospital_report", given, cancellation))?.Refusal?.ToResult() ?? TypedResults.NoContent();
        }

        await HospitalReader.TellAsync(connection, id, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static Problem? Check(Request request, HospitalNow hospital, DateTimeOffset now)
    {
        Problem? bad = request.Beds is null or (>= 0 and <= MostBeds) ? null : Fields.Bad("beds", Text(request.Beds), $"0…{MostBeds}");
        bad ??= request.FreeBeds is null || (request.FreeBeds >= 0 && request.FreeBeds <= request.Beds)
            ? null
            : Fields.Bad("freeBeds", Text(request.FreeBeds), $"0…beds ({Text(request.Beds) ?? "—"})");
        string[] able = [.. hospital.Capabilities];
        bad ??= request.OpenCapabilities is null
            ? Fields.Bad("openCapabilities", null, $"现可接诊的能力,可为空列表 / those open now, an empty list for none: {string.Join(" | ", able)}")
            : request.OpenCapabilities.Select(code => Fields.OneOf("openCapabilities", code, able)).FirstOrDefault(static wrong => wrong is not null);
        IReadOnlyList<DiversionRequest?> diversions = request.Diversions ?? [];
        bad ??= diversions.CountBy(static one => one?.Capability ?? "").FirstOrDefault(static of => of.Value > 1) is { Value: > 1 } twice
            ? Fields.Bad("diversions", twice.Key, "每种只列一次 / each kind once")
            : null;
        return bad ?? diversions.Select(one => Check(one, now)).FirstOrDefault(static wrong => wrong is not null);
    }

    private static Problem? Check(DiversionRequest? one, DateTimeOffset now) =>
        (one?.Capability is { } code ? Fields.OneOf("diversions.capability", code, HospitalCapability.Codes) : null)
        ?? Fields.Text("diversions.reason", one?.Reason, 1, 200)
        ?? (one!.Until is { } until && until > now && until <= now + LongestDiversion
            ? null
            : Fields.Bad("diversions.until", one.Until?.ToString("O", CultureInfo.InvariantCulture), "现在之后 24 小时以内 / within 24 hours from now"));

    private static string? Text(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
