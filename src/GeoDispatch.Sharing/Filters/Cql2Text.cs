using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using GeoDispatch.Postgres;
using Superpower;
using Superpower.Display;
using Superpower.Model;
using Superpower.Parsers;
using Superpower.Tokenizers;
using Position = GeoDispatch.Sharing.Filters.Position;

namespace GeoDispatch.Sharing.Filters;

/// <summary>
/// Reads CQL2 text. One ladder of operators stands for the whole grammar, conditions and arithmetic alike, because only so does
/// an opening parenthesis never need a second look; what kinds of values an operator takes is checked when SQL is made.
/// </summary>
internal static class Cql2Text
{
    // The characters of the grammar's identifierStart; the ones beyond the basic plane come as surrogates.
    private const string Start =
        @"A-Za-z_:\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFE\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uDFFF\uF900-\uFDCF\uFDF0-\uFFFD";

    private static readonly HashSet<string> Reserved = new(
        ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "DIV", "TRUE", "FALSE"], StringComparer.OrdinalIgnoreCase);

    private static readonly Tokenizer<Kind> Tokens = new TokenizerBuilder<Kind>()
        .Ignore(Span.WhiteSpace)
        .Match(Span.Regex($"(?:[{Start}][{Start}.0-9\\u0300-\\u036F\\u203F-\\u2040]*)"), Kind.Name)
        .Match(Span.Regex("""(?:"(?:[^"]|"")+")"""), Kind.QuotedName)
        .Match(Span.Regex(@"(?:'(?:[^'\\]|''|\\[\s\S])*')"), Kind.Text)
        .Match(Span.Regex(@"(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"), Kind.Number)
        .Match(Span.Regex("(?:<>|<=|>=|=|<|>)"), Kind.Comparison)
        .Match(Character.EqualTo('('), Kind.Open)
        .Match(Character.EqualTo(')'), Kind.Close)
        .Match(Character.EqualTo(','), Kind.Comma)
        .Match(Character.In('+', '-'), Kind.Sign)
        .Match(Character.In('*', '/', '%'), Kind.Times)
        .Match(Character.EqualTo('^'), Kind.Power)
        .Build();

    private static readonly TokenListParser<Kind, Expr> Whole = Grammar();

    private enum Kind
    {
        [Token(Category = "name")]
        Name,
        [Token(Category = "name", Description = "name in double quotes")]
        QuotedName,
        [Token(Category = "text", Description = "text in single quotes")]
        Text,
        Number,
        Comparison,
        [Token(Example = "(")]
        Open,
        [Token(Example = ")")]
        Close,
        [Token(Example = ",")]
        Comma,
        [Token(Description = "plus or minus")]
        Sign,
        [Token(Description = "times, divided or modulo")]
        Times,
        [Token(Example = "^")]
        Power,
    }

    /// <summary>The filter, or the refusal that names the place and what was expected there.</summary>
    internal static (Expr? Filter, Problem? Problem) Parse(string text)
    {
        if (Cql2Limits.CheckLength(text) is { } tooLong)
        {
            return (null, tooLong);
        }

        Result<TokenList<Kind>> tokens = Tokens.TryTokenize(text);
        if (!tokens.HasValue)
        {
            return (null, Refuse(text, tokens.ErrorPosition, tokens.FormatErrorMessageFragment()));
        }

        int depth = 0;
        foreach (Token<Kind> token in tokens.Value)
        {
            depth += token.Kind == Kind.Open ? 1 : token.Kind == Kind.Close ? -1 : 0;
            if (depth > Cql2Limits.Depth)
            {
                return (null, Cql2Limits.TooDeep());
            }
        }

        TokenListParserResult<Kind, Expr> parsed = Whole.TryParse(tokens.Value);
        if (!parsed.HasValue)
        {
            return (null, Refuse(text, parsed.ErrorPosition, parsed.FormatErrorMessageFragment()));
        }

        return Cql2Limits.Check(parsed.Value) is { } problem ? (null, problem) : (parsed.Value, null);
    }

    private static Problem Refuse(string text, Superpower.Model.Position at, string fragment)
    {
        int place = at.HasValue ? Math.Min(at.Absolute, text.Length) : text.Length;
        string value = text.Substring(place, Math.Min(40, text.Length - place));
        return Cql2Limits.Malformed($"第 {place + 1} 个字符处有误 / At character {place + 1}: {fragment}", value);
    }

    private static TokenListParser<Kind, Expr> Grammar()
    {
        TokenListParser<Kind, Expr>? whole = null;
        // Parentheses are bounded already; this holds on small stacks too.
        TokenListParser<Kind, Expr> any = input => RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? whole!(input)
            : TokenListParserResult.Empty<Kind, Expr>(input, ["less nesting"]);

        TokenListParser<Kind, Expr[]> list = any.ManyDelimitedBy(Token.EqualTo(Kind.Comma))
            .Between(Token.EqualTo(Kind.Open), Token.EqualTo(Kind.Close));

        TokenListParser<Kind, Token<Kind>> word = Token.EqualTo(Kind.Name).Where(static token => !Reserved.Contains(token.ToStringValue()), "a name");
        TokenListParser<Kind, Expr> named =
            (from name in word
             from arguments in list.Select(static all => (Expr[]?)all).OptionalOrDefault()
             select (Name: name.ToStringValue(), Arguments: arguments)).Check(static read => read.Arguments is null
                ? (new Property(read.Name), "")
                : Call(read.Name, read.Arguments));
        TokenListParser<Kind, Expr> quoted = Token.EqualTo(Kind.QuotedName).Select(static token => Unquote(token.ToStringValue(), '"', false))
            .Check(static name => Cql2Operators.IsStorable(name) ? ((Expr?)new Property(name), "") : (null, "a name without broken characters"));
        TokenListParser<Kind, Expr> text = Token.EqualTo(Kind.Text).Select(static token => Unquote(token.ToStringValue(), '\'', true))
            .Check(static value => Cql2Operators.IsStorable(value) ? ((Expr?)new TextLiteral(value), "") : (null, "a text without broken characters"));
        TokenListParser<Kind, double> unsigned = Token.EqualTo(Kind.Number)
            .Select(static token => double.Parse(token.ToStringValue(), CultureInfo.InvariantCulture))
            .Where(double.IsFinite, "a number below 1e308");
        TokenListParser<Kind, Expr> number = unsigned.Select(static value => (Expr)new NumberLiteral(value));
        TokenListParser<Kind, Expr> truth = Word("TRUE").Value((Expr)new BooleanLiteral(true)).Or(Word("FALSE").Value((Expr)new BooleanLiteral(false)));
        TokenListParser<Kind, Expr> group = list.Select(static all => all.Length == 1
            ? (Expr)new Group(all[0])
            : new ListExpr(new Items<Expr>([.. all.Select(Bare)])));

        TokenListParser<Kind, Expr> primary = number.Or(text).Or(truth).Or(quoted).Or(Geometries(unsigned)).Or(named).Or(group);
        TokenListParser<Kind, Expr> factor =
            from minus in Token.EqualTo(Kind.Sign).Select(static sign => sign.ToStringValue() == "-").OptionalOrDefault()
            from value in primary
            select !minus ? value : value is NumberLiteral literal ? new NumberLiteral(-literal.Value) : new Op("*", new NumberLiteral(-1), Bare(value));
        TokenListParser<Kind, Expr> power = Chain(factor, Token.EqualTo(Kind.Power).Select(static token => token.ToStringValue()));
        TokenListParser<Kind, Expr> product = Chain(power, Token.EqualTo(Kind.Times).Select(static token => token.ToStringValue()).Or(Word("DIV").Value("div")));
        TokenListParser<Kind, Expr> sum = Chain(product, Token.EqualTo(Kind.Sign).Select(static token => token.ToStringValue()));

        TokenListParser<Kind, (string Name, Expr[] More)> comparison =
            from op in Token.EqualTo(Kind.Comparison)
            from right in sum
            select (op.ToStringValue(), new[] { Bare(right) });
        TokenListParser<Kind, (string Name, Expr[] More)> like =
            from keyword in Word("LIKE")
            from pattern in sum
            select ("like", new[] { Bare(pattern) });
        TokenListParser<Kind, (string Name, Expr[] More)> between =
            from keyword in Word("BETWEEN")
            from low in sum
            from and in Word("AND")
            from high in sum
            select ("between", new[] { Bare(low), Bare(high) });
        TokenListParser<Kind, (string Name, Expr[] More)> within =
            from keyword in Word("IN")
            from values in list
            select ("in", new Expr[] { new ListExpr(new Items<Expr>([.. values.Select(Bare)])) });
        TokenListParser<Kind, (string Name, Expr[] More, bool Not)> maybeNot =
            from not in Word("NOT").Value(true).OptionalOrDefault()
            from tested in like.Or(between).Or(within)
            select (tested.Name, tested.More, not);
        TokenListParser<Kind, (string Name, Expr[] More, bool Not)> isNull =
            from keyword in Word("IS")
            from not in Word("NOT").Value(true).OptionalOrDefault()
            from nothing in Word("NULL")
            select ("isNull", System.Array.Empty<Expr>(), not);
        TokenListParser<Kind, (string Name, Expr[] More, bool Not)> test =
            comparison.Select(static compared => (compared.Name, compared.More, Not: false)).Or(isNull).Or(maybeNot);
        TokenListParser<Kind, Expr> predicate =
            (from left in sum
             from tested in test.Select(static one => ((string Name, Expr[] More, bool Not)?)one).OptionalOrDefault()
             select (Left: left, Test: tested)).Check(static read => read.Test is not { } one ? (read.Left, "") : Tested(Bare(read.Left), one.Name, one.More, one.Not));

        TokenListParser<Kind, Expr> negated =
            from not in Word("NOT").Value(true).OptionalOrDefault()
            from condition in predicate
            select not ? new Op("not", Bare(condition)) : condition;
        TokenListParser<Kind, Expr> all = Join(negated, "AND", "and");
        whole = Join(all, "OR", "or");
        return whole.Select(Bare).AtEnd();
    }

    /// <summary>Well-known text. The nesting is read as it comes and held against the type afterwards.</summary>
    private static TokenListParser<Kind, Expr> Geometries(TokenListParser<Kind, double> unsigned)
    {
        TokenListParser<Kind, double> signed =
            from minus in Token.EqualTo(Kind.Sign).Select(static sign => sign.ToStringValue() == "-").OptionalOrDefault()
            from value in unsigned
            select minus ? -value : value;
        TokenListParser<Kind, Coordinates> position = signed.AtLeastOnce().Check(static numbers => numbers switch
        {
            [double x, double y] => ((Coordinates?)new Position(x, y, null), ""),
            [double x, double y, double z] => (new Position(x, y, z), ""),
            _ => (null, "two or three coordinates"),
        });
        TokenListParser<Kind, Coordinates>? nested = null;
        TokenListParser<Kind, Coordinates> again = input => nested!(input);
        nested = position.Or(again).ManyDelimitedBy(Token.EqualTo(Kind.Comma)).Between(Token.EqualTo(Kind.Open), Token.EqualTo(Kind.Close))
            .Select(static all => (Coordinates)new CoordinateList(new Items<Coordinates>(all)));
        TokenListParser<Kind, Token<Kind>> height = Word("Z").OptionalOrDefault();
        TokenListParser<Kind, Expr> simple =
            (from type in Token.EqualTo(Kind.Name).Where(static token => token.ToStringValue() is var name && Cql2Operators.IsGeometry(name) && !IsCollection(name), "a geometry")
             from z in height
             from coordinates in nested
             select (Type: type.ToStringValue(), Coordinates: coordinates)).Check(static read => Shape(read.Type, read.Coordinates));
        TokenListParser<Kind, Expr> collection =
            (from type in Token.EqualTo(Kind.Name).Where(static token => IsCollection(token.ToStringValue()), "a geometry")
             from z in height
             from members in simple.ManyDelimitedBy(Token.EqualTo(Kind.Comma)).Between(Token.EqualTo(Kind.Open), Token.EqualTo(Kind.Close))
             select members).Check(static members => Widen(Cql2Operators.Collection(members)));
        return simple.Or(collection);
    }

    private static bool IsCollection(string name) => name.Equals("GEOMETRYCOLLECTION", StringComparison.OrdinalIgnoreCase);

    /// <summary>A point has parentheses of its own in text, not in JSON.</summary>
    private static (Expr? Node, string Expected) Shape(string type, Coordinates coordinates) => Widen(type.ToUpperInvariant() switch
    {
        "POINT" when coordinates is CoordinateList { Elements.Count: 1 } one => Cql2Operators.Geometry(type, one.Elements[0]),
        "POINT" => (null, "one position of a POINT"),
        "MULTIPOINT" => Cql2Operators.Geometry(type, new CoordinateList(new Items<Coordinates>(
            [.. ((CoordinateList)coordinates).Elements.Select(static point => point is CoordinateList { Elements.Count: 1 } one ? one.Elements[0] : point)]))),
        _ => Cql2Operators.Geometry(type, coordinates),
    });

    private static (Expr? Node, string Expected) Widen((GeometryLiteral? Node, string Expected) read) => read;

    private static (Expr? Node, string Expected) Call(string name, Expr[] arguments)
    {
        // One value in parentheses is an array of one where an array is wanted, and itself anywhere else.
        Expr[] values = Cql2Operators.IsArrayFunction(name)
            ? [.. arguments.Select(static argument => argument is Group group ? new ListExpr(new Items<Expr>([Bare(group)])) : argument)]
            : [.. arguments.Select(Bare)];
        return name.ToUpperInvariant() switch
        {
            "DATE" => values is [TextLiteral date] ? Cql2Operators.Date(date.Value) : (null, "a date in quotes"),
            "TIMESTAMP" => values is [TextLiteral instant] ? Cql2Operators.Timestamp(instant.Value) : (null, "an instant in quotes"),
            "INTERVAL" => Cql2Operators.Between(values),
            "BBOX" => Cql2Operators.Bbox(values),
            _ => Cql2Operators.Operator(name, values),
        };
    }

    private static (Expr? Node, string Expected) Tested(Expr left, string name, Expr[] more, bool not)
    {
        (Expr? node, string expected) = Cql2Operators.Operator(name, [left, .. more]);
        return node is null ? (null, expected) : (not ? new Op("not", node) : node, "");
    }

    private static TokenListParser<Kind, Expr> Chain(TokenListParser<Kind, Expr> operand, TokenListParser<Kind, string> op) =>
        from first in operand
        from rest in (from name in op from next in operand select (Name: name, Next: next)).Many()
        select rest.Aggregate(first, static (left, one) => new Op(one.Name, Bare(left), Bare(one.Next)));

    private static TokenListParser<Kind, Expr> Join(TokenListParser<Kind, Expr> operand, string keyword, string name) =>
        from first in operand
        from rest in (from and in Word(keyword) from next in operand select next).Many()
        select rest.Length == 0 ? first : new Op(name, new Items<Expr>([.. rest.Prepend(first).Select(Bare)]));

    private static TokenListParser<Kind, Token<Kind>> Word(string keyword) => Token.EqualToValueIgnoreCase(Kind.Name, keyword);

    private static Expr Bare(Expr read)
    {
        while (read is Group group)
        {
            read = group.Inner;
        }

        return read;
    }

    /// <summary>Turns what was read into a node; if it is none, the place of the error is where reading it began.</summary>
    private static TokenListParser<Kind, TNode> Check<TRead, TNode>(
        this TokenListParser<Kind, TRead> parser, Func<TRead, (TNode? Node, string Expected)> make)
        where TNode : class => input =>
    {
        TokenListParserResult<Kind, TRead> read = parser(input);
        if (!read.HasValue)
        {
            return TokenListParserResult.CastEmpty<Kind, TRead, TNode>(read);
        }

        (TNode? node, string expected) = make(read.Value);
        return node is null
            ? TokenListParserResult.Empty<Kind, TNode>(input, [expected])
            : TokenListParserResult.Value(node, read.Location, read.Remainder);
    };

    private static string Unquote(string quoted, char quote, bool escapes)
    {
        var text = new StringBuilder(quoted.Length);
        for (int at = 1; at < quoted.Length - 1; at++)
        {
            char one = quoted[at];
            char next = quoted[at + 1];
            if (one == quote)
            {
                at++;
                text.Append(quote);
            }
            else if (escapes && one == '\\' && at + 1 < quoted.Length - 1 && Unescape(next) is { } meant)
            {
                at++;
                text.Append(meant);
            }
            else
            {
                text.Append(one);
            }
        }

        return text.ToString();
    }

    /// <summary>Any other backslash stays, for it may be the one of a pattern.</summary>
    private static char? Unescape(char letter) => letter switch
    {
        '\'' => '\'',
        '\\' => '\\',
        'a' => '\a',
        'b' => '\b',
        't' => '\t',
        'n' => '\n',
        'v' => '\v',
        'f' => '\f',
        'r' => '\r',
        _ => null,
    };

    /// <summary>One expression in parentheses, while its surroundings are not known yet. No tree holds one.</summary>
    private sealed record Group(Expr Inner) : Expr;
}
