using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Access;

/// <summary>
/// A rule made ready for SQL: one expression that stands wherever the layer's features are read. Parsed and checked once; only the
/// numbers of its parameters differ from statement to statement.
/// </summary>
internal sealed class Restriction
{
    // No view has a column of this name; nothing but the guard reads it.
    private const string Flag = "\"~readable\"";
    private readonly Layer full;
    private readonly AccessRule rule;
    private readonly Expr? rows;
    private readonly IReadOnlyDictionary<string, QueryableColumn> queryables;

    private Restriction(Layer full, AccessRule rule, Expr? rows)
    {
        this.full = full;
        this.rule = rule;
        this.rows = rows;
        queryables = Queryables.Of(full);
        Visible = full with { Columns = [.. full.Columns.Where(column => !rule.Hidden.Contains(column.Name, StringComparer.Ordinal))] };
    }

    /// <summary>The layer without its hidden columns.</summary>
    internal Layer Visible { get; }

    internal IReadOnlyList<string> Hidden => rule.Hidden;

    /// <summary>Differs wherever what can be seen might.</summary>
    internal string CacheKey { get; private set; } = "";

    /// <summary>True where some features are kept back, not columns alone.</summary>
    internal bool HidesRows => rows is not null || rule.Area is not null;

    /// <summary>True where the rule lets in and keeps back neither rows nor values.</summary>
    internal bool HidesNothing => !HidesRows && rule.Hidden.Length == 0 && rule.Masked.Length == 0;

    /// <summary>The refusal where the rule says nothing that the layer could obey.</summary>
    internal static (Restriction? Restriction, Problem? Problem) Compile(Layer layer, AccessRule rule)
    {
        foreach ((string field, string[] names) in new[] { ("hidden", rule.Hidden), ("masked", rule.Masked) })
        {
            if (names.FirstOrDefault(name => layer.FindColumn(name) is null && name != layer.GeometryColumn) is string unknown)
            {
                return (null, new Problem(
                    400, "rule.unknown_column", "没有此列 / Unknown column", $"现有 / There are: {string.Join(", ", layer.Columns.Select(column => column.Name))}",
                    field, unknown));
            }

            if (names.FirstOrDefault(name => name == layer.Key.Name || name == layer.GeometryColumn) is string needed)
            {
                return (null, new Problem(
                    400, "rule.needed_column", "此列不能隐藏 / This column cannot be kept back",
                    "没有主键和位置的要素读不出来;请改用行条件或区域 / Without its key and its geometry no feature can be read: limit rows or the area instead", field, needed));
            }
        }

        Expr? rows = null;
        if (rule.Rows is not null)
        {
            (rows, Problem? unreadable) = Cql2Text.Parse(rule.Rows);
            if (rows is null)
            {
                return (null, unreadable! with { Field = "rows" });
            }
        }

        var made = new Restriction(layer, rule, rows);
        if (rows is not null && Cql2Sql.Compile(rows, made.queryables).Problem is Problem meaningless)
        {
            return (null, meaningless with { Field = "rows" });
        }

        made.CacheKey = made.Hash();
        return (made, null);
    }

    internal byte[]? Area => rule.Area;

    /// <summary>Hidden or masked.</summary>
    internal IEnumerable<string> KeptBack => rule.Hidden.Concat(rule.Masked);

    /// <summary>Whether a feature's row is chosen by these columns alone, or every row is seen.</summary>
    internal bool ChoosesBy(IReadOnlySet<string> columns) => rows is null || Cql2Limits.IsOver(rows, columns);

    /// <summary>Asks for the keys of the rows that are seen, as text, wherever they lie; null where all are.</summary>
    internal string? KeysSql(SqlParameters parameters) => rows is null
        ? null
        : $"SELECT {SqlParameters.Quoted(full.Key.Name)}::text FROM share.{SqlParameters.Quoted(full.Id)} WHERE {RowCondition(parameters)}";

    /// <summary>What stands behind FROM.</summary>
    internal string Source(SqlParameters parameters)
    {
        string condition = Condition(parameters);
        IEnumerable<string> columns = Visible.Columns
            .Select(column => rule.Masked.Contains(column.Name, StringComparer.Ordinal) ? Masked(column) : SqlParameters.Quoted(column.Name))
            .Append(SqlParameters.Quoted(full.GeometryColumn));
        string flag = HidesRows ? $", {condition} AS {Flag}" : "";
        return $"(SELECT {string.Join(", ", columns)}{flag} FROM share.{SqlParameters.Quoted(full.Id)} WHERE {condition})";
    }

    /// <summary>
    /// The condition of a reader as it may stand in WHERE over <see cref="Source"/>. The planner is free to try it before the rule's own
    /// condition, so that its errors would tell of features that the reader may not see: CASE leaves it no such freedom.
    /// </summary>
    internal string Guard(string filter) => HidesRows ? $"(CASE WHEN {Flag} THEN ({filter}) END)" : filter;

    private string Condition(SqlParameters parameters)
    {
        var conditions = new List<string>();
        if (rows is not null)
        {
            conditions.Add(RowCondition(parameters));
        }

        if (rule.Area is not null)
        {
            string area = $"ST_Transform(ST_GeomFromWKB({parameters.Add(rule.Area)}, 4326), {full.Srid})";
            conditions.Add($"ST_Intersects({SqlParameters.Quoted(full.GeometryColumn)}, {area})");
        }

        return conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);
    }

    private string RowCondition(SqlParameters parameters) => $"({parameters.Add(Cql2Sql.Compile(rows!, queryables, parameters.Next).Filter!)})";

    /// <summary>Of the column's own type, whatever it is.</summary>
    private static string Masked(LayerColumn column)
    {
        string name = SqlParameters.Quoted(column.Name);
        string mask = column.Type switch
        {
            "text" => $"left({name}, 1) || '***'",
            "varchar" => $"(left({name}, 1) || '***')::varchar",
            _ => $"CASE WHEN false THEN {name} END",
        };
        return $"{mask} AS {name}";
    }

    private string Hash()
    {
        var parameters = new SqlParameters();
        var all = new StringBuilder(Source(parameters));
        foreach (object value in parameters.Values)
        {
            all.Append('\0').Append(value switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                Array several => string.Join('\u0001', several.Cast<object>().Select(static one => Convert.ToString(one, CultureInfo.InvariantCulture))),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture),
            });
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())).AsSpan(0, 16));
    }
}
