using System.Text.Json;
using Dapper;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>Sets what is said of layers and who may read them; each act has its row in the log of administration.</summary>
public sealed class LayerRegistry
{
    private readonly Databases databases;
    private readonly LayerCatalogue catalogue;
    private readonly AdministrationLog log;
    private readonly TimeProvider clock;
    private readonly LayerNames names;

    internal LayerRegistry(Databases databases, LayerCatalogue catalogue, AdministrationLog log, LayerNames names, TimeProvider clock) =>
        (this.databases, this.catalogue, this.log, this.names, this.clock) = (databases, catalogue, log, names, clock);

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
        ILookup<string, RuleView> rules = (await connection.QueryAsync<Row>(new CommandDefinition($"{SelectRules} {InOrder}", cancellationToken: cancellation)))
            .ToLookup(static row => row.Layer, static row => row.View(), StringComparer.Ordinal);
        return [.. all.Layers.Select(layer => View(layer, rules[layer.Id]))];
    }

    /// <returns>The layer as it is now, or <c>layer.unknown</c>, <c>layer.bad_field</c>, <c>department.unknown</c>.</returns>
    public async Task<(LayerView? Layer, Problem? Problem)> DescribeAsync(string id, LayerWish wish, Actor actor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wish);
        Problem? problem = await ChangeAsync(
            id,
            async (layer, connection) =>
            {
                if ((wish.Check(layer) ?? await RuleChecks.DepartmentAsync(connection, "owner", wish.Owner, cancellation)) is Problem wrong)
                {
                    return wrong;
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    INSERT INTO sharing.layer (id, title, title_en, owner, class, attribution, approval_number, min_zoom, max_zoom, search_column, updated_at)
                    VALUES (@id, @Title, @TitleEn, @Owner, @SharingClass, @Attribution, @ApprovalNumber, @MinZoom, @MaxZoom, @SearchColumn, @now)
                    ON CONFLICT (id) DO UPDATE SET title = excluded.title, title_en = excluded.title_en, owner = excluded.owner, class = excluded.class,
                        attribution = excluded.attribution, approval_number = excluded.approval_number, min_zoom = excluded.min_zoom,
                        max_zoom = excluded.max_zoom, search_column = excluded.search_column, updated_at = excluded.updated_at
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
                        wish.SearchColumn,
                        now = clock.GetUtcNow(),
                    },
                    cancellationToken: cancellation));
                await log.AddAsync(connection, actor, "layer.described", id, layer.Title, wish, cancellation);
                return null;
            },
            cancellation);
        return problem is null ? await ViewAsync(id, cancellation) : (null, problem);
    }

    /// <summary>Sets the rule for these readers of a layer; one that was there for the very same is replaced.</summary>
    /// <returns>The rule, or why it cannot be.</returns>
    public async Task<(RuleView? Rule, Problem? Problem)> SetRuleAsync(string layerId, RuleWish wish, Actor actor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wish);
        RuleView? set = null;
        Problem? problem = await ChangeAsync(
            layerId,
            async (layer, connection) =>
            {
                (AccessRule? rule, Problem? wrong) = await RuleChecks.ReadAsync(wish, layer, connection, databases, cancellation);
                if (rule is null)
                {
                    return wrong;
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
                    new { rule.Id, rule.Department, rule.Role, rule.Rows, limitedToArea = rule.Area is not null, rule.Hidden, rule.Masked, rule.ValidFrom, rule.ValidUntil },
                    cancellation);
                set = (await connection.QuerySingleAsync<Row>(new CommandDefinition(
                    SelectRules + " WHERE id = @Id", new { rule.Id }, cancellationToken: cancellation))).View();
                return null;
            },
            cancellation);
        return (problem is null ? set : null, problem);
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

    /// <summary>Changes something of a layer that there is, in one transaction; what <paramref name="change"/> refuses undoes it.</summary>
    private async Task<Problem?> ChangeAsync(string id, Func<Layer, NpgsqlConnection, Task<Problem?>> change, CancellationToken cancellation)
    {
        LayerList all = await catalogue.ReadAsync(cancellation);
        if (all.Find(id) is not Layer layer)
        {
            return LayerProblems.Unknown(id, all);
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await change(layer, connection) is Problem refused)
        {
            return refused;
        }

        await TellAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        catalogue.Forget();
        return null;
    }

    /// <summary>One layer as it is now.</summary>
    private async Task<(LayerView? Layer, Problem? Problem)> ViewAsync(string id, CancellationToken cancellation)
    {
        LayerList all = await catalogue.ReadAsync(cancellation);
        if (all.Find(id) is not Layer layer)
        {
            return (null, LayerProblems.Unknown(id, all));
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rules = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{SelectRules} WHERE layer = @id {InOrder}", new { id }, cancellationToken: cancellation));
        return (View(layer, rules.Select(static row => row.View())), null);
    }

    /// <summary>Other servers over the same database, when the transaction is done.</summary>
    private static Task<int> TellAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition($"NOTIFY {LayerChanges.Channel}", cancellationToken: cancellation));

    private LayerView View(Layer layer, IEnumerable<RuleView> rules) => new(
        layer.Id, layer.Title, layer.Metadata.Owner, layer.Metadata.Sharing.Name(), layer.Metadata.Attribution, layer.Metadata.ApprovalNumber,
        layer.Metadata.MinZoom, layer.Metadata.MaxZoom, layer.Volatile,
        layer.SearchColumn?.Name, layer.SearchColumn is null ? null : names.Searched(layer.Id)?.Names,
        layer.SearchColumn is not null && names.Searched(layer.Id)?.HasMore == true, [.. layer.Columns.Select(static column => column.Name)], [.. rules]);

    private const string SelectRules =
        """
        SELECT id AS "Id", layer AS "Layer", department AS "Department", role AS "Role", ST_AsGeoJSON(area) AS "Area", rows AS "Rows",
            hidden AS "Hidden", masked AS "Masked", valid_from AS "ValidFrom", valid_until AS "ValidUntil"
        FROM sharing.rule
        """;

    private const string InOrder = "ORDER BY layer, department, role";
}
