using System.Globalization;
using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary>
/// <c>/api/run-cards/{id}</c>: entered, changed and deleted by administrators, each with its row in the log of administration. By <see cref="Seen"/>
/// what another changed meanwhile is not written over. Said again, it changes nothing and is not written down.
/// </summary>
internal static class KeepRunCards
{
    private const int MostCards = 1_000, MostNeeds = 12, MostUnits = 20, MostAreaCharacters = 50_000;

    internal sealed record NeedRequest(string? Capability, int? Count);

    /// <param name="Area">GeoJSON polygon in WGS 84, at most 50,000 characters.</param>
    internal sealed record Request(string? Name, string? Type, int? Priority, JsonElement? Area, IReadOnlyList<NeedRequest?>? Needs);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder admin = routes.MapGroup("/api/run-cards/{id:guid}").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        admin.MapPut("", SaveAsync).Produces<RunCard>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapDelete("", DeleteAsync).Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SaveAsync(
        Guid id, Request request, HttpContext http, Databases databases, CodeTables codes, AdministrationLog log, CancellationToken cancellation)
    {
        if (await CheckAsync(request, codes, cancellation) is { } bad)
        {
            return bad.ToResult();
        }

        string? area = request.Area is { ValueKind: not JsonValueKind.Null } drawn ? drawn.GetRawText() : null;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (area is not null && await CheckAreaAsync(connection, area, cancellation) is { } wrong)
        {
            return wrong.ToResult();
        }

        var card = new RunCard(
            id, request.Name!.Trim(), request.Type!, request.Priority, area is null ? null : request.Area, false,
            NeedsOf(request.Needs), 1);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        RunCard? before = await RunCardReader.LockAsync(connection, id, cancellation);
        if (before?.Says(card) == true)
        {
            Seen.Tag(http, before.Version);
            return TypedResults.Ok(before);
        }

        if (Seen.Refuses(http, before?.Version ?? 0, "run_card", "id", id.ToString("D")) is { } stale)
        {
            return stale.ToResult();
        }

        card = card with { Version = (before?.Version ?? 0) + 1 };
        await WriteAsync(connection, card, cancellation);
        if (await connection.ExecuteScalarAsync<int>(new CommandDefinition("SELECT count(*) FROM dispatch.run_card", cancellationToken: cancellation)) > MostCards)
        {
            return new Problem(
                409, "run_card.too_many", "出动方案过多 / Too many run cards", $"至多 {MostCards} 张,先删除不用的 / At most {MostCards}: delete some first").ToResult();
        }

        await log.AddAsync(connection, Actor.Of(http.User), "run_card.saved", id.ToString("D"), card.Name, card, cancellation);
        await transaction.CommitAsync(cancellation);
        Seen.Tag(http, card.Version);
        return TypedResults.Ok(card);
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await RunCardReader.LockAsync(connection, id, cancellation) is not { } card)
        {
            return new Problem(
                404, "run_card.unknown", "没有此出动方案 / No such run card", "见 / See GET /api/run-cards", "id", id.ToString()).ToResult();
        }

        if (Seen.Refuses(http, card.Version, "run_card", "id", id.ToString("D")) is { } stale)
        {
            return stale.ToResult();
        }

        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM dispatch.run_card WHERE id = @id", new { id }, cancellationToken: cancellation));
        await log.AddAsync(connection, Actor.Of(http.User), "run_card.deleted", id.ToString("D"), card.Name, new { }, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Enters a card, or brings one that is there to what it says now.</summary>
    internal static Task WriteAsync(NpgsqlConnection connection, RunCard card, CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO dispatch.run_card AS card (id, name, type, priority, area, synthetic)
        VALUES (@Id, @Name, @Type, @Priority, ST_SetSRID(ST_GeomFromGeoJSON(@area), 4326), @Synthetic)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, type = excluded.type, priority = excluded.priority, area = excluded.area, synthetic = excluded.synthetic,
            version = card.version + 1;
        DELETE FROM dispatch.run_card_need WHERE card_id = @Id;
        INSERT INTO dispatch.run_card_need (card_id, ordinal, capability, count)
        SELECT @Id, ordinal, capability, count FROM unnest(@capabilities, @counts) WITH ORDINALITY AS need (capability, count, ordinal)
        """,
        new
        {
            card.Id,
            card.Name,
            card.Type,
            card.Priority,
            area = card.Area?.GetRawText(),
            card.Synthetic,
            capabilities = card.Needs.Select(static need => need.Capability).ToArray(),
            counts = card.Needs.Select(static need => need.Count).ToArray(),
        },
        cancellationToken: cancellation));

    private static async Task<Problem?> CheckAsync(Request request, CodeTables codes, CancellationToken cancellation)
    {
        string[] types = [.. (await codes.ListTypesAsync(cancellation)).Select(static type => type.Code)];
        return Fields.Text("name", request.Name, 1, 60)
            ?? Fields.OneOf("type", request.Type, types)
            ?? (request.Priority is null ? null : Fields.Priority(request.Priority))
            ?? CheckNeeds(request.Needs, await codes.ListCapabilitiesAsync(cancellation));
    }

    internal static Problem? CheckNeeds(IReadOnlyList<NeedRequest?>? needs, IReadOnlyList<Capability> known)
    {
        string[] capabilities = [.. known.Select(static capability => capability.Code)];
        return needs is { Count: >= 1 and <= MostNeeds }
            ? needs.Select((need, index) => Fields.OneOf($"needs[{index}].capability", need?.Capability, capabilities)
                ?? (need!.Count is >= 1 and <= MostUnits ? null : DispatchProblems.BadField(
                    $"needs[{index}].count", need.Count?.ToString(CultureInfo.InvariantCulture), $"1…{MostUnits}"))).FirstOrDefault(static wrong => wrong is not null)
            : DispatchProblems.BadField("needs", needs?.Count.ToString(CultureInfo.InvariantCulture), $"1 至 {MostNeeds} 项 / 1 to {MostNeeds}");
    }

    /// <summary>Of needs that were checked.</summary>
    internal static UnitNeed[] NeedsOf(IReadOnlyList<NeedRequest?>? needs) =>
        [.. needs!.Select(static need => new UnitNeed(need!.Capability!, need.Count!.Value))];

    /// <summary>PostGIS reads it, and says what is wrong.</summary>
    private static async Task<Problem?> CheckAreaAsync(NpgsqlConnection connection, string area, CancellationToken cancellation)
    {
        const string Right = "须为 WGS 84 的 GeoJSON 多边形,不自交 / must be a GeoJSON polygon in WGS 84 that does not cross itself";
        if (area.Length > MostAreaCharacters)
        {
            return DispatchProblems.BadField("area", area, $"至多 {MostAreaCharacters} 个字符 / at most {MostAreaCharacters} characters");
        }

        try
        {
            return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                """
                SELECT GeometryType(geom) = 'POLYGON' AND NOT ST_IsEmpty(geom) AND ST_IsValid(geom) AND geom @ ST_MakeEnvelope(-180, -90, 180, 90, 4326)
                FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON(@area), 4326) AS geom) drawn
                """,
                new { area }, cancellationToken: cancellation)) ? null : DispatchProblems.BadField("area", area, Right);
        }
        catch (PostgresException)
        {
            return DispatchProblems.BadField("area", area, Right);
        }
    }
}
