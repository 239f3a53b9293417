using GeoDispatch.Postgres;

namespace GeoDispatch.Sharing.Filters;

/// <summary>What kind of values an expression has.</summary>
internal enum ValueKind
{
    Text,
    Number,
    Boolean,
    Date,

    /// <summary><c>timestamptz</c>.</summary>
    Timestamp,
    Geometry,
    Array,
}

/// <summary>A property that filters may name.</summary>
/// <param name="Column">An SQL expression of the product's own, quoted already.</param>
/// <param name="Srid">Of a geometry.</param>
/// <param name="Element">Of an array.</param>
internal sealed record QueryableColumn(string Column, ValueKind Kind, int Srid = 4326, ValueKind Element = ValueKind.Text);

/// <summary>A function that filters may call.</summary>
/// <param name="Sql">The name of the SQL function.</param>
internal sealed record Function(string Sql, ValueKind Returns, params ValueKind[] Arguments);

/// <summary>A condition for WHERE. Its parameters stand in the order of their numbers.</summary>
internal sealed record CompiledFilter(string Sql, IReadOnlyList<object> Parameters);

/// <summary>
/// Makes SQL of a filter. Only the columns and functions that were given come into its text; every value of the filter becomes
/// a parameter. Numbers out of range while it runs (2 ^ 9999) are the database's error of class 22.
/// </summary>
internal static class Cql2Sql
{
    /// <summary>The condition, or the refusal that says what was wrong with the filter.</summary>
    /// <param name="queryables">Name → what may be asked.</param>
    /// <param name="firstParameter">The number of the first parameter, where the statement has others before.</param>
    /// <param name="functions">Name → what may be called; none unless given.</param>
    internal static (CompiledFilter? Filter, Problem? Problem) Compile(
        Expr filter,
        IReadOnlyDictionary<string, QueryableColumn> queryables,
        int firstParameter = 1,
        IReadOnlyDictionary<string, Function>? functions = null)
    {
        var compiler = new Cql2Compiler(queryables, functions ?? new Dictionary<string, Function>(StringComparer.Ordinal), firstParameter);
        Fragment? condition = compiler.Condition(filter);
        return condition is null ? (null, compiler.Problem) : (new CompiledFilter(condition.Sql, compiler.Parameters), null);
    }

    /// <summary>
    /// What a filter implies that can neither fail on a row nor take long: equalities, and boxes that meet. It may be tried on rows that
    /// must not be told of, so that their indexes serve. Null where it implies nothing such.
    /// </summary>
    internal static CompiledFilter? Implied(Expr filter, IReadOnlyDictionary<string, QueryableColumn> queryables, int firstParameter)
    {
        var compiler = new Cql2Compiler(queryables, new Dictionary<string, Function>(StringComparer.Ordinal), firstParameter);
        string[] implied = [.. Together(filter).Select(compiler.Implied).OfType<string>()];
        return implied.Length == 0 ? null : new CompiledFilter(string.Join(" AND ", implied), compiler.Parameters);
    }

    private static IEnumerable<Expr> Together(Expr filter) => filter is Op { Name: "and" } and ? and.Arguments.SelectMany(Together) : [filter];
}
