using System.Text.Json;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>Sets what is said of layers and who may read them; each act has its row in the log of administration.</summary>
public sealed class LayerRegistry
{
    private const int MostCorners = 10_000;
    private const int MostColumns = 200;
    private const int LongestAreaText = 1_000_000;

    // Administrators read everything, whatever rules say.
    private static readonly string[] RolesThatRead = [Roles.Dispatcher, Roles.Crew, Roles.Department];

    private readonly Databases databases;
    private readonly LayerCatalogue catalogue;
    private readonly AdministrationLog log;
    private readonly TimeProvider clock;

    internal LayerRegistry(Databases databases, LayerCatalogue catalogue, AdministrationLog log, TimeProvider clock) =>
        (this.databases, this.catalogue, this.log, this.clock) = (databases, catalogue, log, clock);

    private sealed record Row(
        Guid Id, string Layer, string? Department, string? Role, string? Area, string? Rows, string[] Hidden, string[] Masked,
        DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil)
    {
        internal RuleView View() => new(
            Id, Department, Role, Area is null ? null : JsonElement.Parse(Area), Rows, Hidden, Masked, ValidFrom, ValidUntil);
    }

    /// <summary>Every layer there is, whoever may read it.</summary>
    public async Task<IReadOnlyList<LayerView>> ListAsync(CancellationToken cancellation)
    {
        LayerList all = await catalogue.ReadAsync(cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        ILookup<string, RuleView> rules = (await connection.QueryAsync<Row>(new CommandDefinition(SelectRules, cancellationToken: cancellation)))
            .ToLookup(static row => row.Layer, static row => row.View(), StringComparer.Ordinal);
        return [.. all.Layers.Select(layer => View(layer, rules[layer.Id]))];
    }

    /// <returns>The layer as it is now, or <c>layer.unknown</c>, <c>layer.bad_field</c>, <c>department.unknown</c>.</returns>
    public async Task<(LayerView? Layer, Problem? Problem)> DescribeAsync(string id, LayerWish wish, Actor actor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wish);
        LayerList all = await catalogue.ReadAsync(cancellation);
        if (all.Find(id) is not Layer layer)
        {
            return (null, LayerProblems.Unknown(id, all));
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        Problem? problem = wish.Check() ?? await CheckDepartmentAsync(connection, "owner", wish.Owner, cancellation);
        if (problem is not null)
        {
            return (null, problem);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO sharing.layer (id, title, title_en, owner, class, attribution, approval_number, min_zoom, max_zoom, updated_at)
            VALUES (@id, @Title, @TitleEn, @Owner, @SharingClass, @Attribution, @ApprovalNumber, @MinZoom, @MaxZoom, @now)
            ON CONFLICT (id) DO UPDATE SET title = excluded.title, title_en = excluded.title_en, owner = excluded.owner, class = excluded.class,
                attribution = excluded.attribution, approval_number = excluded.approval_number, min_zoom = excluded.min_zoom,
                max_zoom = excluded.max_zoom, updated_at = excluded.updated_at
            """,
            new
            {
                id,
                wish.Title,
                wish.TitleEn,
                wish.Owner,
                wish.SharingClass,
                wish.Attribution,
                wish.ApprovalNumber,
                wish.MinZoom,
                wish.MaxZoom,
                now = clock.GetUtcNow(),
            },
            cancellationToken: cancellation));
        await log.AddAsync(connection, actor, "layer.described", id, layer.Title, wish, cancellation);
        await TellAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        catalogue.Forget();
        return ((await ListAsync(cancellation)).Single(one => one.Id == id), null);
    }

    /// <summary>Sets the rule for these readers of a layer; one that was there for the very same is replaced.</summary>
    /// <returns>The rule, or why it cannot be.</returns>
    public async Task<(RuleView? Rule, Problem? Problem)> SetRuleAsync(string layerId, RuleWish wish, Actor actor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wish);
        LayerList all = await catalogue.ReadAsync(cancellation);
        if (all.Find(layerId) is not Layer layer)
        {
            return (null, LayerProblems.Unknown(layerId, all));
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        (byte[]? area, Problem? badArea) = await AreaAsync(connection, wish.Area, cancellation);
        var rule = new AccessRule(
            Guid.CreateVersion7(), layerId, wish.Department, wish.Role, area, wish.Rows, [.. wish.Hidden ?? []], [.. wish.Masked ?? []],
            wish.ValidFrom, wish.ValidUntil);
        Problem? problem = Check(wish) ?? badArea ?? await CheckDepartmentAsync(connection, "department", wish.Department, cancellation)
            ?? Restriction.Compile(layer, rule).Problem ?? await TryAsync(new ReadableLayer(Restriction.Compile(layer, rule).Restriction!), cancellation);
        if (problem is not null)
        {
            return (null, problem);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO sharing.rule (id, layer, department, role, area, rows, hidden, masked, valid_from, valid_until, created_at, created_by)
            VALUES (@Id, @Layer, @Department, @Role, ST_GeomFromWKB(@Area::bytea, 4326), @Rows, @Hidden, @Masked, @ValidFrom, @ValidUntil, @now, @by)
            ON CONFLICT (layer, department, role) DO UPDATE SET id = excluded.id, area = excluded.area, rows = excluded.rows,
                hidden = excluded.hidden, masked = excluded.masked, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
                created_at = excluded.created_at, created_by = excluded.created_by
            """,
            new
            {
                rule.Id,
                rule.Layer,
                rule.Department,
                rule.Role,
                rule.Area,
                rule.Rows,
                rule.Hidden,
                rule.Masked,
                rule.ValidFrom,
                rule.ValidUntil,
                now = clock.GetUtcNow(),
                by = actor.Name,
            },
            cancellationToken: cancellation));
        await log.AddAsync(
            connection, actor, "layer.rule_set", layerId, layer.Title,
            new { rule.Id, rule.Department, rule.Role, rule.Rows, limitedToArea = area is not null, rule.Hidden, rule.Masked, rule.ValidFrom, rule.ValidUntil },
            cancellation);
        await TellAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        catalogue.Forget();
        return ((await connection.QuerySingleAsync<Row>(new CommandDefinition(
            $"SELECT * FROM ({SelectRules}) rules WHERE \"Id\" = @Id", new { rule.Id }, cancellationToken: cancellation))).View(), null);
    }

    /// <returns>Null, or <c>rule.unknown</c>.</returns>
    public async Task<Problem?> RemoveRuleAsync(string layerId, Guid ruleId, Actor actor, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM sharing.rule WHERE id = @ruleId AND layer = @layerId", new { ruleId, layerId }, cancellationToken: cancellation)) == 0)
        {
            return LayerProblems.RuleUnknown(ruleId);
        }

        await log.AddAsync(connection, actor, "layer.rule_removed", layerId, layerId, new { id = ruleId }, cancellation);
        await TellAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        catalogue.Forget();
        return null;
    }

    /// <summary>Other servers over the same database, when the transaction is done.</summary>
    private static Task<int> TellAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition($"NOTIFY {LayerChanges.Channel}", cancellationToken: cancellation));

    private static LayerView View(Layer layer, IEnumerable<RuleView> rules) => new(
        layer.Id, layer.Title, layer.Metadata.Owner, layer.Metadata.Sharing.Name(), layer.Metadata.Attribution, layer.Metadata.ApprovalNumber,
        layer.Metadata.MinZoom, layer.Metadata.MaxZoom, layer.Volatile, [.. layer.Columns.Select(static column => column.Name)], [.. rules]);

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

    private static async Task<Problem?> CheckDepartmentAsync(NpgsqlConnection connection, string field, string? code, CancellationToken cancellation) =>
        code is null || await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM identity.department WHERE code = @code)", new { code }, cancellationToken: cancellation))
            ? null
            : LayerProblems.DepartmentUnknown(field, code);

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
    private async Task<Problem?> TryAsync(ReadableLayer readable, CancellationToken cancellation)
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

    private const string SelectRules =
        """
        SELECT id AS "Id", layer AS "Layer", department AS "Department", role AS "Role", ST_AsGeoJSON(area) AS "Area", rows AS "Rows",
            hidden AS "Hidden", masked AS "Masked", valid_from AS "ValidFrom", valid_until AS "ValidUntil"
        FROM sharing.rule ORDER BY layer, department, role
        """;
}
