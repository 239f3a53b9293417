using System.Text.Json;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>Makes a rule of what an administrator wants, or says why a layer could not obey it.</summary>
internal static class RuleChecks
{
    private const int MostCorners = 10_000;
    private const int MostColumns = 200;
    private const int LongestAreaText = 1_000_000;

    // Administrators read everything, whatever rules say.
    private static readonly string[] RolesThatRead = [Roles.Dispatcher, Roles.Crew, Roles.Department];

    /// <param name="connection">In a transaction, of which nothing is left after a refusal.</param>
    internal static async Task<(AccessRule? Rule, Problem? Problem)> ReadAsync(
        RuleWish wish, Layer layer, NpgsqlConnection connection, Databases databases, CancellationToken cancellation)
    {
        if (Check(wish) is Problem wrong)
        {
            return (null, wrong);
        }

        (byte[]? area, Problem? badArea) = await AreaAsync(connection, wish.Area, cancellation);
        if ((badArea ?? await DepartmentAsync(connection, "department", wish.Department, cancellation)) is Problem unknown)
        {
            return (null, unknown);
        }

        var rule = new AccessRule(
            Guid.CreateVersion7(), layer.Id, wish.Department, wish.Role, area, wish.Rows, [.. wish.Hidden ?? []], [.. wish.Masked ?? []],
            wish.ValidFrom, wish.ValidUntil);
        (Restriction? restriction, Problem? problem) = Restriction.Compile(layer, rule);
        problem ??= await TryAsync(new ReadableLayer(restriction!), databases, cancellation);
        return problem is null ? (rule, null) : (null, problem);
    }

    internal static async Task<Problem?> DepartmentAsync(NpgsqlConnection connection, string field, string? code, CancellationToken cancellation) =>
        code is null || await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM identity.department WHERE code = @code)", new { code }, cancellationToken: cancellation))
            ? null
            : LayerProblems.DepartmentUnknown(field, code);

    private static Problem? Check(RuleWish wish)
    {
        if (wish.Role is not null && !RolesThatRead.Contains(wish.Role, StringComparer.Ordinal))
        {
            return LayerProblems.BadField("role", wish.Role, string.Join(" | ", RolesThatRead));
        }

        Problem? badColumns = Columns("hidden", wish.Hidden) ?? Columns("masked", wish.Masked);
        if (badColumns is not null)
        {
            return badColumns;
        }

        string? both = wish.Hidden?.Intersect(wish.Masked ?? [], StringComparer.Ordinal).FirstOrDefault();
        return both is not null ? LayerProblems.BadField("masked", both, "不能既隐藏又掩盖 / either hidden or masked")
            : wish.ValidFrom >= wish.ValidUntil ? LayerProblems.BadField("validUntil", $"{wish.ValidUntil:O}", "晚于 validFrom / after validFrom")
            : LayerProblems.Text("rows", wish.Rows, 2_000);
    }

    private static Problem? Columns(string field, IReadOnlyList<string?>? names)
    {
        if (names is null)
        {
            return null;
        }

        string? wrong = names.FirstOrDefault(static name => string.IsNullOrWhiteSpace(name) || name.Length > 63);
        bool right = names.Count <= MostColumns && names.All(static name => !string.IsNullOrWhiteSpace(name) && name.Length <= 63);
        return right && names.Distinct(StringComparer.Ordinal).Count() == names.Count
            ? null
            : LayerProblems.BadField(field, wrong ?? $"{names.Count}", $"至多 {MostColumns} 个列名,各不相同 / at most {MostColumns} names of columns, each once");
    }

    private static async Task<(byte[]? Wkb, Problem? Problem)> AreaAsync(NpgsqlConnection connection, JsonElement? area, CancellationToken cancellation)
    {
        if (area is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } json)
        {
            return (null, null);
        }

        Problem bad = LayerProblems.BadField(
            "area", json.GetRawText(),
            $"GeoJSON Polygon 或 MultiPolygon,经纬度,不自交,至多 {MostCorners} 个顶点 / a GeoJSON Polygon or MultiPolygon in longitude and latitude that does not cross itself, at most {MostCorners} corners");
        string? type = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("type", out JsonElement named) && named.ValueKind == JsonValueKind.String
            ? named.GetString()
            : null;
        if (type is not ("Polygon" or "MultiPolygon") || json.GetRawText().Length > LongestAreaText)
        {
            return (null, bad);
        }

        try
        {
            byte[]? wkb = await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
                """
                SELECT ST_AsBinary(ST_Force2D(area)) FROM (SELECT ST_GeomFromGeoJSON(@json) AS area) given
                WHERE ST_IsValid(area) AND NOT ST_IsEmpty(area) AND ST_NPoints(area) <= @MostCorners
                  AND area && ST_MakeEnvelope(-180, -85, 180, 85, 4326) AND ST_XMin(area) >= -180 AND ST_XMax(area) <= 180
                  AND ST_YMin(area) >= -85 AND ST_YMax(area) <= 85
                """,
                new { json = json.GetRawText(), MostCorners }, cancellationToken: cancellation));
            return wkb is null ? (null, bad) : (wkb, null);
        }
        catch (PostgresException)
        {
            // What PostGIS cannot read. The transaction is lost with it, and nothing was written yet.
            return (null, bad);
        }
    }

    /// <summary>Asks the database for every feature, as long as that takes no longer than a reader's own question may: what it refuses would be refused to every reader.</summary>
    private static async Task<Problem?> TryAsync(ReadableLayer readable, Databases databases, CancellationToken cancellation)
    {
        var parameters = new SqlParameters();
        await using NpgsqlCommand command = databases.Sharing.CreateCommand($"SELECT count(*) FROM {readable.Source(parameters)} AS source");
        parameters.CopyTo(command);
        try
        {
            await command.ExecuteScalarAsync(cancellation);
            return null;
        }
        catch (PostgresException slow) when (slow.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            return LayerProblems.BadField("rows", refused.MessageText, "条件无法计算 / the condition cannot be computed");
        }
    }
}
