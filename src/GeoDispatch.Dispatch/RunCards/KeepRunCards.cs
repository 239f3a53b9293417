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

/// <summary><c>/api/run-cards</c>: read by dispatchers; entered, changed and deleted by administrators, each with its row in the log of administration.</summary>
internal static class KeepRunCards
{
    private const int MostCards = 1_000, MostNeeds = 12, MostUnits = 20, MostAreaCharacters = 50_000;

    internal sealed record CardsView(IReadOnlyList<RunCard> Cards);

    internal sealed record NeedRequest(string? Capability, int? Count);

    /// <param name="Area">GeoJSON polygon in WGS 84, at most 50,000 characters.</param>
    internal sealed record Request(string? Name, string? Type, int? Priority, JsonElement? Area, IReadOnlyList<NeedRequest?>? Needs);

    internal static void Map(IEndpointRouteBuilder board, IEndpointRouteBuilder routes)
    {
        board.MapGet("/run-cards", async (RunCardReader cards, CancellationToken cancellation) =>
            TypedResults.Ok(new CardsView(await cards.ListAsync(cancellation)))).Produces<CardsView>();
        RouteGroupBuilder admin = routes.MapGroup("/api/run-cards/{id:guid}").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
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
            [.. request.Needs!.Select(static need => new RunCardNeed(need!.Capability!, need.Count!.Value))]);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await WriteAsync(connection, card, cancellation);
        if (await connection.ExecuteScalarAsync<int>(new CommandDefinition("SELECT count(*) FROM dispatch.run_card", cancellationToken: cancellation)) > MostCards)
        {
            return new Problem(
                409, "run_card.too_many", "出动方案过多 / Too many run cards", $"至多 {MostCards} 张,先删除不用的 / At most {MostCards}: delete some first").ToResult();
        }

        await log.AddAsync(connection, Actor.Of(http.User), "run_card.saved", id.ToString("D"), card.Name, card, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(card);
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "DELETE FROM dispatch.run_card WHERE id = @id RETURNING name", new { id }, cancellationToken: cancellation)) is not { } name)
        {
            return new Problem(
                404, "run_card.unknown", "没有此出动方案 / No such run card", "见 / See GET /api/run-cards", "id", id.ToString()).ToResult();
        }

        await log.AddAsync(connection, Actor.Of(http.User), "run_card.deleted", id.ToString("D"), name, new { }, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Enters a card, or brings one that is there to what it says now.</summary>
    internal static Task WriteAsync(NpgsqlConnection connection, RunCard card, CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO dispatch.run_card (id, name, type, priority, area, synthetic)
        VALUES (@Id, @Name, @Type, @Priority, ST_SetSRID(ST_GeomFromGeoJSON(@area), 4326), @Synthetic)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, type = excluded.type, priority = excluded.priority, area = excluded.area, synthetic = excluded.synthetic;
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
        string[] capabilities = [.. (await codes.ListCapabilitiesAsync(cancellation)).Select(static capability => capability.Code)];
        return Fields.Text("name", request.Name, 1, 60)
            ?? Fields.OneOf("type", request.Type, types)
            ?? (request.Priority is null ? null : Fields.Priority(request.Priority))
            ?? (request.Needs is { Count: >= 1 and <= MostNeeds }
                ? request.Needs.Select((need, index) => Fields.OneOf($"needs[{index}].capability", need?.Capability, capabilities)
                    ?? (need!.Count is >= 1 and <= MostUnits ? null : DispatchProblems.BadField(
                        $"needs[{index}].count", need.Count?.ToString(CultureInfo.InvariantCulture), $"1…{MostUnits}"))).FirstOrDefault(static wrong => wrong is not null)
                : DispatchProblems.BadField("needs", request.Needs?.Count.ToString(CultureInfo.InvariantCulture), $"1 至 {MostNeeds} 项 / 1 to {MostNeeds}"));
    }

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
