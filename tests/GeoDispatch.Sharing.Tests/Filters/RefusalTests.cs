using System.Diagnostics;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>What is no filter is refused soon, says why, and never becomes SQL.</summary>
public sealed class RefusalTests
{
    private static readonly Dictionary<string, QueryableColumn> Queryables = new(StringComparer.Ordinal)
    {
        ["name"] = new("\"name\"", ValueKind.Text),
        ["tags"] = new("\"tags\"", ValueKind.Array),
        ["floors"] = new("\"floors\"", ValueKind.Number),
        ["built"] = new("\"built\"", ValueKind.Date),
        ["geom"] = new("\"geom\"", ValueKind.Geometry),
        ["exchange"] = new("\"exchange\"", ValueKind.Geometry, 4490),
    };

    public static TheoryData<string, string> BadTexts { get; } = new()
    {
        { "THIS IS NOT A FILTER", "filter.malformed" },
        { "", "filter.malformed" },
        { "name = 'x", "filter.malformed" },
        { "name = 'x' AND", "filter.malformed" },
        { "name LIKE floors", "filter.malformed" },
        { "name = 'a\0b'", "filter.malformed" },
        { "floors = 1e999", "filter.malformed" },
        { "built = DATE('2026-02-30')", "filter.malformed" },
        { "built = TIMESTAMP('2026-02-03')", "filter.malformed" },
        { "name IN ()", "filter.malformed" },
        { "S_INTERSECTS(geom, POLYGON((0 0, 1 1, 2 0)))", "filter.malformed" },
        { "S_INTERSECTS(geom, POLYGON((0 0, 1 1, 2 0, 3 3)))", "filter.malformed" },
        { "S_INTERSECTS(geom)", "filter.malformed" },
        { "name = ''; DROP TABLE city.street; --'", "filter.malformed" },
        { "\"name\"\"; DROP TABLE city.street; --\" = 1", "filter.unknown_property" },
        { "hidden = 1", "filter.unknown_property" },
        { "pg_sleep(10)", "filter.unknown_function" },
        { "pg_read_file('/etc/passwd') = 'x'", "filter.unknown_function" },
        { "S_SLEEP(geom, 1)", "filter.unknown_function" },
        { "name", "filter.type" },
        { "1 + 2", "filter.type" },
        { "name = 1", "filter.type" },
        { "geom = geom", "filter.type" },
        { "floors AND name = 'x'", "filter.type" },
        { "T_DURING(built, INTERVAL('2026-01-01', '..'))", "filter.type" },
        { "A_CONTAINS(tags, ('a', 1))", "filter.type" },
        { "A_CONTAINS(tags, (1, 2))", "filter.type" },
        { "INTERVAL('2026-01-01', '..') IS NULL", "filter.type" },
        { "S_INTERSECTS(geom, POINT(90 180))", "filter.outside" },
        { "S_INTERSECTS(geom, MULTIPOINT(7.02 49.92, 90 180))", "filter.outside" },
        { "S_INTERSECTS(geom, BBOX(0, 0, 1000000, 1))", "filter.outside" },
    };

    public static TheoryData<string, string> Hostile { get; } = new()
    {
        { "ten thousand parentheses", new string('(', 10_000) + "floors = 1" + new string(')', 10_000) },
        { "ten thousand open parentheses", new string('(', 10_000) },
        { "ten thousand calls", string.Concat(Enumerable.Repeat("CASEI(", 10_000)) + "name" },
        { "a sum without end", "floors = 1" + string.Concat(Enumerable.Repeat("+1", 20_000)) },
        { "a power tower", "floors = 1" + string.Concat(Enumerable.Repeat("^1", 20_000)) },
        { "ten thousand NOT", string.Concat(Enumerable.Repeat("NOT ", 10_000)) + "floors = 1" },
        { "ten thousand minus", "floors = " + new string('-', 10_000) + "1" },
        { "a million points", $"S_INTERSECTS(geom, LINESTRING({string.Join(',', Enumerable.Repeat("0 0", 1_000_000))}))" },
        { "nested collections", string.Concat(Enumerable.Repeat("GEOMETRYCOLLECTION(", 3_000)) },
        { "two thousand values", $"floors IN ({string.Join(',', Enumerable.Range(0, 2000))})" },
        { "sixty thousand quotes", "name = " + new string('\'', 60_001) },
        { "sixty thousand backslashes", "name = '" + new string('\\', 60_001) },
    };

    public static TheoryData<string, string> BadJson { get; } = new()
    {
        { "", "filter.malformed" },
        { "null", "filter.malformed" },
        { "{}", "filter.malformed" },
        { """{"op":"and","args":[true]}""", "filter.malformed" },
        { """{"op":"=","args":[{"property":"name"},null]}""", "filter.malformed" },
        { """{"op":"=","args":[{"property":"name"},"\ud800"]}""", "filter.malformed" },
        { """{"op":"=","args":[{"property":"floors"},1e999]}""", "filter.malformed" },
        { """{"op":"in","args":[{"property":"floors"},1]}""", "filter.malformed" },
        { """{"op":"s_intersects","args":[{"property":"geom"},{"type":"Point","coordinates":[[1,2]]}]}""", "filter.malformed" },
        { """{"op":"=","args":[{"property":"name';DROP TABLE x"},"a"]}""", "filter.unknown_property" },
        { """{"op":"pg_sleep","args":[10]}""", "filter.unknown_function" },
        { """{"op":"= 1; DROP TABLE x; --","args":[1,1]}""", "filter.unknown_function" },
        { """[true]""", "filter.type" },
    };

    [Theory]
    [MemberData(nameof(BadTexts))]
    public void Bad_text_is_refused_by_its_code(string text, string code) => Assert.Equal(code, Refusal(Cql2Text.Parse(text)).Code);

    [Theory]
    [MemberData(nameof(BadJson))]
    public void Bad_JSON_is_refused_by_its_code(string json, string code) => Assert.Equal(code, Refusal(Cql2Json.Parse(json)).Code);

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void Hostile_text_is_refused_within_a_second(string what, string text)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("filter.malformed", Refusal(Cql2Text.Parse(text)).Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{what}: {watch.Elapsed}");
    }

    [Fact]
    public void Hostile_JSON_is_refused_within_a_second()
    {
        var watch = Stopwatch.StartNew();
        string deep = string.Concat(Enumerable.Repeat("""{"op":"not","args":[""", 3_000));
        Assert.Equal("filter.malformed", Refusal(Cql2Json.Parse(deep)).Code);
        Assert.Equal("filter.malformed", Refusal(Cql2Json.Parse(new string('[', 60_000))).Code);
        Assert.Equal("filter.malformed", Refusal(Cql2Json.Parse($"[{string.Join(',', Enumerable.Repeat("1", 2_000))}]")).Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
    }

    [Fact]
    public void The_deepest_filter_allowed_is_read_on_the_stack_of_a_worker()
    {
        Problem? problem = null;
        var thread = new Thread(
            () => problem = Cql2Text.Parse(new string('(', 200) + "floors = 1" + new string(')', 200)).Problem);
        thread.Start();
        thread.Join();
        Assert.Null(problem);
    }

    [Fact]
    public void A_stack_that_is_too_small_is_a_refusal_too()
    {
        Problem? problem = null;
        var thread = new Thread(
            () => problem = Cql2Text.Parse(new string('(', 200) + "floors = 1" + new string(')', 200)).Problem, 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal("filter.malformed", problem?.Code);
    }

    [Fact]
    public void A_refusal_names_the_place_and_what_was_expected()
    {
        Problem problem = Refusal(Cql2Text.Parse("name = 'x' AND floors >"));
        Assert.Contains("At character 24", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("expected", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("floors", Refusal(Cql2Text.Parse("hidden = 1")).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name = 'x'' OR 1=1; DROP TABLE city.street; --'", "(\"name\" = $1)")]
    [InlineData("name LIKE '%''); DROP TABLE city.street; --'", "(\"name\" LIKE $1)")]
    [InlineData("name IN ('\\'); DELETE FROM x', 'b')", "(\"name\" IN ($1, $2))")]
    [InlineData("S_INTERSECTS(exchange, POINT(118 37))", "ST_Intersects(\"exchange\", ST_Transform(ST_GeomFromText($1, 4326), 4490))")]
    [InlineData("A_OVERLAPS(tags, ('a', '}; DROP'))", "((\"tags\")::text[] && $1::text[])")]
    public void Values_become_parameters_alone(string text, string sql)
    {
        (CompiledFilter? filter, Problem? problem) = Cql2Sql.Compile(Cql2Text.Parse(text).Filter!, Queryables);
        Assert.Null(problem);
        Assert.Equal(sql, filter!.Sql);
    }

    [Fact]
    public void Only_a_function_that_was_given_is_called()
    {
        var functions = new Dictionary<string, Function>(StringComparer.Ordinal) { ["len"] = new("length", ValueKind.Number, ValueKind.Text) };
        (CompiledFilter? filter, _) = Cql2Sql.Compile(Cql2Text.Parse("len(name) > 3").Filter!, Queryables, 5, functions);
        Assert.Equal("(length(\"name\") > $5)", filter!.Sql);
        Assert.Equal([3L], filter.Parameters);
    }

    private static Problem Refusal((Expr? Filter, Problem? Problem) read)
    {
        if (read.Filter is null)
        {
            return read.Problem!;
        }

        (CompiledFilter? filter, Problem? problem) = Cql2Sql.Compile(read.Filter, Queryables);
        Assert.Null(filter);
        return problem!;
    }
}
