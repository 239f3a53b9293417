using System.Globalization;
using GeoDispatch.Postgres;

namespace GeoDispatch.Sharing.Filters;

/// <summary>A piece of SQL and what it gives.</summary>
internal sealed record Fragment(string Sql, ValueKind Kind, int? Srid = null, ValueKind Element = ValueKind.Text);

/// <summary>One filter on its way to SQL. Null is a refusal, and <see cref="Problem"/> says which.</summary>
internal sealed class Cql2Compiler(IReadOnlyDictionary<string, QueryableColumn> queryables, IReadOnlyDictionary<string, Function> functions, int firstParameter)
{
    private const double ExactInteger = 1L << 53;
    private readonly List<object> parameters = [];

    internal IReadOnlyList<object> Parameters => parameters;

    internal Problem? Problem { get; private set; }

    /// <summary>An expression that is true or false.</summary>
    internal Fragment? Condition(Expr expr) => Of(expr, ValueKind.Boolean);

    /// <summary>Of a property and literals: what can neither fail on a row nor take long. Null where there is nothing such.</summary>
    internal string? Implied(Expr condition) => condition switch
    {
        Op { Name: "=" or "in" } op when op.Arguments[0] is Property && Literals(op.Arguments[1]) => Condition(op)?.Sql,
        Op { Name: not "s_disjoint" } op when op.Name.StartsWith("s_", StringComparison.Ordinal) => (op.Arguments[0], op.Arguments[1]) switch
        {
            (Property place, Shape shape) => Meets(place, shape),
            (Shape shape, Property place) => Meets(place, shape),
            _ => null,
        },
        Near { Left: Property place, Right: Shape shape } near => Of(place, ValueKind.Geometry) is { } left && Of(shape, ValueKind.Geometry) is { } right
            ? $"({Cql2Places.BoxesNear(left, right, Parameter(near.DistanceMeters))})"
            : null,
        _ => null,
    };

    private static bool Literals(Expr operand) => operand is ListExpr list
        ? list.Elements.All(Literals)
        // A fraction makes a number of eight bytes of the column, an instant one of a day: either may be too large for it.
        : operand is TextLiteral or BooleanLiteral or DateLiteral || (operand is NumberLiteral { Value: var number } && double.IsInteger(number) && Math.Abs(number) <= ExactInteger);

    private string? Meets(Property place, Shape shape) => Of(place, ValueKind.Geometry) is { } left && Of(shape, ValueKind.Geometry) is { } right
        ? Cql2Places.BoxesMeet(left, right)
        : null;

    private Fragment? Of(Expr expr, ValueKind kind)
    {
        Fragment? value = Value(expr);
        return value is null || value.Kind == kind ? value : Refuse($"须为 {kind},而非 {value.Kind} / {kind} expected, not {value.Kind}");
    }

    private Fragment? Value(Expr expr) => expr switch
    {
        Property property => Column(property.Name),
        TextLiteral text => new(Parameter(text.Value), ValueKind.Text),
        NumberLiteral { Value: var number } => new(Parameter(double.IsInteger(number) && Math.Abs(number) <= ExactInteger ? (object)(long)number : number), ValueKind.Number),
        BooleanLiteral boolean => new(Parameter(boolean.Value), ValueKind.Boolean),
        DateLiteral date => new(Parameter(date.Value), ValueKind.Date),
        TimestampLiteral instant => new(Parameter(instant.Utc), ValueKind.Timestamp),
        Shape shape => Place(shape),
        Near near => Distance(near),
        Op op => Operation(op),
        _ => Refuse("区间和列表只能用于时间和数组函数 / Intervals and lists stand only in temporal and array functions"),
    };

    private Fragment? Operation(Op op)
    {
        switch (op.Name)
        {
            case "and" or "or":
                return Joined(op);
            case "not":
                return Condition(op.Arguments[0]) is { } denied ? new($"(NOT {denied.Sql})", ValueKind.Boolean) : null;
            case "isNull":
                return Value(op.Arguments[0]) is { } asked ? new($"({asked.Sql} IS NULL)", ValueKind.Boolean) : null;
            case "=" or "<>" or "<" or ">" or "<=" or ">=":
                return Same(op.Arguments, ordered: op.Name is not ("=" or "<>")) is { } both ? new($"({both[0]} {op.Name} {both[1]})", ValueKind.Boolean) : null;
            case "between":
                return Same(op.Arguments, ordered: true) is { } ends ? new($"({ends[0]} BETWEEN {ends[1]} AND {ends[2]})", ValueKind.Boolean) : null;
            case "in":
                return Same(new([op.Arguments[0], .. ((ListExpr)op.Arguments[1]).Elements]), ordered: false) is { } list
                    ? new($"({list[0]} IN ({string.Join(", ", list.Skip(1))}))", ValueKind.Boolean)
                    : null;
            case "like":
                return Like(op);
            case "casei" or "accenti":
                return Of(op.Arguments[0], ValueKind.Text) is { } text ? new(Folded(op.Name, text.Sql), ValueKind.Text) : null;
            case "+" or "-" or "*" or "/" or "%" or "div" or "^":
                return Arithmetic(op);
            default:
                return op.Name.StartsWith("s_", StringComparison.Ordinal) && Cql2Operators.IsKnown(op.Name) ? Spatial(op)
                    : op.Name.StartsWith("t_", StringComparison.Ordinal) && Cql2Operators.IsKnown(op.Name) ? Temporal(op)
                    : Cql2Operators.IsArrayFunction(op.Name) ? Arrays(op)
                    : Call(op);
        }
    }

    private Fragment? Joined(Op op)
    {
        var all = new List<string>(op.Arguments.Count);
        foreach (Expr argument in op.Arguments)
        {
            if (Condition(argument) is not { } condition)
            {
                return null;
            }

            all.Add(condition.Sql);
        }

        return new($"({string.Join(op.Name == "and" ? " AND " : " OR ", all)})", ValueKind.Boolean);
    }

    /// <summary>Values that can be compared: of one kind, a day beside an instant being its beginning in UTC. Text is ordered by code points.</summary>
    private List<string>? Same(Items<Expr> exprs, bool ordered)
    {
        var values = new List<Fragment>(exprs.Count);
        foreach (Expr expr in exprs)
        {
            if (Value(expr) is not { } value)
            {
                return null;
            }

            values.Add(value);
        }

        ValueKind first = values[0].Kind;
        bool temporal = values.TrueForAll(static value => value.Kind is ValueKind.Date or ValueKind.Timestamp);
        if (first is ValueKind.Geometry or ValueKind.Array || !(temporal || values.TrueForAll(value => value.Kind == first)))
        {
            Refuse($"无法比较 / Cannot compare {string.Join(", ", values.Select(static value => value.Kind).Distinct())}");
            return null;
        }

        bool mixed = temporal && values.Exists(static value => value.Kind == ValueKind.Timestamp);
        return values.ConvertAll(value => value.Kind switch
        {
            ValueKind.Text when ordered => $"({value.Sql} COLLATE \"C\")",
            ValueKind.Date when mixed => DayBegin(value.Sql),
            _ => value.Sql,
        });
    }

    private Fragment? Like(Op op)
    {
        if (Of(op.Arguments[0], ValueKind.Text) is not { } text || Pattern(op.Arguments[1]) is not { } pattern)
        {
            return null;
        }

        return new($"({text.Sql} LIKE {pattern})", ValueKind.Boolean);
    }

    /// <summary>CQL2 and SQL have the same wildcards and the same escape; only an escape of nothing has to be kept from SQL.</summary>
    private string? Pattern(Expr pattern)
    {
        if (pattern is not TextLiteral { Value: var text })
        {
            var wrapped = (Op)pattern;
            return Pattern(wrapped.Arguments[0]) is { } inner ? Folded(wrapped.Name, inner) : null;
        }

        int escapes = text.Length - text.TrimEnd('\\').Length;
        return Parameter(escapes % 2 == 0 ? text : text + '\\');
    }

    /// <summary>
    /// Full case folding by way of capitals, which makes ß SS, and one sigma. Accents are the combining marks that a letter
    /// decomposes into.
    /// </summary>
    private static string Folded(string name, string text) => name == "casei"
        ? $"(translate(lower(upper({text} COLLATE \"und-x-icu\") COLLATE \"und-x-icu\"), 'ς', 'σ') COLLATE \"C\")"
        : $"(normalize(regexp_replace(normalize({text}, NFD) COLLATE \"C\", '[\\u0300-\\u036F\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u20D0-\\u20FF\\uFE20-\\uFE2F]', '', 'g'), NFC) COLLATE \"C\")";

    private Fragment? Arithmetic(Op op)
    {
        if (Of(op.Arguments[0], ValueKind.Number) is not { } left || Of(op.Arguments[1], ValueKind.Number) is not { } right)
        {
            return null;
        }

        string a = $"({left.Sql})::float8";
        string b = $"({right.Sql})::float8";
        // Division by zero has no value: NULL, which no filter keeps.
        string quotient = $"{a} / NULLIF({b}, 0)";
        return new(
            op.Name switch
            {
                "/" => $"({quotient})",
                "div" => $"trunc({quotient})",
                "%" => $"({a} - {b} * trunc({quotient}))",
                "^" => $"power({a}, {b})",
                _ => $"({a} {op.Name} {b})",
            },
            ValueKind.Number);
    }

    private Fragment? Spatial(Op op) =>
        Of(op.Arguments[0], ValueKind.Geometry) is { } left && Of(op.Arguments[1], ValueKind.Geometry) is { } right
            ? new(Cql2Places.Condition(op.Name, left, right, op.Arguments[0] is Property), ValueKind.Boolean)
            : null;

    private Fragment? Distance(Near near) =>
        Of(near.Left, ValueKind.Geometry) is { } left && Of(near.Right, ValueKind.Geometry) is { } right
            ? new(Cql2Places.Within(left, right, Parameter(near.DistanceMeters)), ValueKind.Boolean)
            : null;

    private Fragment? Place(Shape literal)
    {
        if (Cql2Places.CheckInside(literal) is Problem outside)
        {
            Problem = outside;
            return null;
        }

        return Cql2Places.Literal(literal, Parameter(Cql2Shapes.ToWkt(literal)));
    }

    private Fragment? Temporal(Op op)
    {
        if (Span(op.Arguments[0]) is not { } left || Span(op.Arguments[1]) is not { } right)
        {
            return null;
        }

        string? condition = Cql2Times.Condition(op.Name, left, right);
        return condition is null
            ? Refuse($"{op.Name} 只比较区间 / {op.Name} compares intervals alone")
            : new(condition, ValueKind.Boolean);
    }

    private TimeSpanSql? Span(Expr expr)
    {
        if (expr is not Interval interval)
        {
            return Instant(expr) is { } instant ? new(instant, instant, IsInterval: false) : null;
        }

        return Instant(interval.Start, "-infinity") is { } start && Instant(interval.End, "infinity") is { } end ? new(start, end, IsInterval: true) : null;
    }

    private Fragment? Instant(Expr expr, string open = "")
    {
        if (expr is OpenEnd)
        {
            return new($"'{open}'", ValueKind.Date);
        }

        Fragment? value = Value(expr);
        return value is null || value.Kind is ValueKind.Date or ValueKind.Timestamp
            ? value
            : Refuse($"须为时间,而非 {value.Kind} / A date or an instant expected, not {value.Kind}");
    }

    private Fragment? Arrays(Op op)
    {
        if (Array(op.Arguments[0], op.Arguments[1]) is not { } left || Array(op.Arguments[1], op.Arguments[0]) is not { } right)
        {
            return null;
        }

        return left.Element == right.Element
            ? new(Cql2Arrays.Condition(op.Name, left, right), ValueKind.Boolean)
            : Refuse($"数组元素类型不同 / The elements are of different kinds: {left.Element}, {right.Element}");
    }

    /// <param name="beside">Gives an empty list its kind.</param>
    private Fragment? Array(Expr expr, Expr beside)
    {
        if (expr is not ListExpr list)
        {
            return Of(expr, ValueKind.Array) is { } column ? column with { Sql = Cql2Arrays.Cast($"({column.Sql})", column.Element) } : null;
        }

        ValueKind ofNone = beside is Property property && queryables.TryGetValue(property.Name, out QueryableColumn? other) ? other.Element : ValueKind.Text;
        return Cql2Arrays.Values(list, ofNone) is var (values, element)
            ? new(Cql2Arrays.Cast(Parameter(values), element), ValueKind.Array, Element: element)
            : Refuse("数组的元素须为同一类型的值 / The elements of an array must be values of one kind");
    }

    private Fragment? Call(Op op)
    {
        if (!functions.TryGetValue(op.Name, out Function? function) || function.Arguments.Length != op.Arguments.Count)
        {
            Problem = new Problem(
                400, "filter.unknown_function", "没有此函数 / Unknown function",
                $"可用函数:{Names(functions.Keys)} / Functions: {Names(functions.Keys)}", "filter", op.Name);
            return null;
        }

        var arguments = new List<string>();
        for (int at = 0; at < function.Arguments.Length; at++)
        {
            if (Of(op.Arguments[at], function.Arguments[at]) is not { } argument)
            {
                return null;
            }

            arguments.Add(argument.Sql);
        }

        return new($"{function.Sql}({string.Join(", ", arguments)})", function.Returns, function.Returns == ValueKind.Geometry ? 4326 : null);
    }

    private Fragment? Column(string name)
    {
        if (queryables.TryGetValue(name, out QueryableColumn? queryable))
        {
            return new(queryable.Column, queryable.Kind, queryable.Kind == ValueKind.Geometry ? queryable.Srid : null, queryable.Element);
        }

        Problem = new Problem(
            400, "filter.unknown_property", "没有此属性 / Unknown property",
            $"可用属性:{Names(queryables.Keys)} / Properties: {Names(queryables.Keys)}", "filter", name);
        return null;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Take(100)) is { Length: > 0 } all ? all : "–";

    private static string DayBegin(string date) => $"(({date})::timestamp AT TIME ZONE 'UTC')";

    private string Parameter(object value)
    {
        parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${firstParameter + parameters.Count - 1}");
    }

    private Fragment? Refuse(string detail)
    {
        Problem ??= new Problem(400, "filter.type", "类型不符 / Wrong kind of value", detail, "filter");
        return null;
    }
}
