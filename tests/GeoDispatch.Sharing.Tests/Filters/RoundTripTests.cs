using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Sharing.Filters;
using GeoDispatch.Testing;
using Interval = GeoDispatch.Sharing.Filters.Interval;
using Position = GeoDispatch.Sharing.Filters.Position;
using Property = GeoDispatch.Sharing.Filters.Property;

namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>Filters of every kind of node.</summary>
public static class AnyFilter
{
    private static readonly DateTime Epoch = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Gen<string> Texts = Gen.Elements("a", "'", "\\", "\"", "%", "_", "\n", " ", "ß", "警", "\U0002A6A5", "é", "n", ")").ListOf()
        .Select(static parts => string.Concat(parts));

    private static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(static whole => (double)whole),
        Gen.Choose(-100_000, 100_000).Select(static part => part / 997.0),
        Gen.Elements(1e300, -2.5e-17, 0.1, 9007199254740993.0));

    private static readonly Gen<Expr> Instants = Gen.Choose(0, 100_000_000).Select(static seconds => seconds % 2 == 0
        ? (Expr)new DateLiteral(DateOnly.FromDateTime(Epoch.AddSeconds(seconds)))
        : new TimestampLiteral(Epoch.AddSeconds(seconds).AddTicks(seconds % 7)));

    private static readonly Gen<Expr> Properties = Gen.Elements("name", "警情", "a \"quoted\" name", "and", "x:y.z").Select(static name => (Expr)new Property(name));

    private static readonly Gen<Coordinates> Positions = Numbers.Zip(Numbers).Zip(Gen.Elements<double?>(null, 3.5))
        .Select(static three => (Coordinates)new Position(three.Item1.Item1, three.Item1.Item2, three.Item2));

    private static readonly Gen<GeometryLiteral> Shapes = Gen.OneOf(
        Positions.Select(static point => Shape("Point", point)),
        Positions.ListOf(3).Select(static line => Shape("LineString", List(line))),
        Positions.ListOf(2).Select(static points => Shape("MultiPoint", List(points))),
        Positions.ListOf(4).Select(static ring => Shape("Polygon", List([List(ring.Append(ring[0]))]))),
        Positions.ListOf(4).Select(static ring => Shape("MultiPolygon", List([List([List(ring.Append(ring[0]))])]))));

    private static readonly Gen<Expr> Geometries = Gen.OneOf(
        Shapes.Select(static shape => (Expr)shape),
        Shapes.ListOf(2).Select(static members => (Expr)new GeometryLiteral("GeometryCollection", List([]), new Items<GeometryLiteral>([.. members]))),
        Numbers.ListOf(4).Select(static box => (Expr)new BboxLiteral(box[0], box[1], box[2], box[3])),
        Properties);

    private static readonly Gen<Expr> Intervals = Gen.OneOf(Instants, Properties, Gen.Constant((Expr)new OpenEnd())).Two()
        .Select(static ends => (Expr)new Interval(ends.Item1, ends.Item2));

    private static Gen<Expr> Scalars(int size) => size <= 0
        ? Gen.OneOf(Texts.Select(static text => (Expr)new TextLiteral(text)), Numbers.Select(static number => (Expr)new NumberLiteral(number)), Instants, Properties)
        : Gen.OneOf(
            Scalars(0),
            Scalars(size / 2).Two().SelectMany(static two => Gen.Elements("+", "-", "*", "/", "%", "div", "^").Select(name => (Expr)new Op(name, two.Item1, two.Item2))),
            Scalars(size / 2).SelectMany(static one => Gen.Elements("casei", "accenti").Select(name => (Expr)new Op(name, one))),
            Scalars(size / 2).Two().Select(static two => (Expr)new Op("ownFunction", two.Item1, two.Item2)));

    private static Gen<Expr> Conditions(int size) => size <= 0
        ? Gen.Elements<Expr>(new BooleanLiteral(true), new BooleanLiteral(false))
        : Gen.OneOf(
            Scalars(size).Two().SelectMany(static two => Gen.Elements("=", "<>", "<", ">", "<=", ">=").Select(name => (Expr)new Op(name, two.Item1, two.Item2))),
            Scalars(size).Zip(Texts).Select(static two => (Expr)new Op("like", two.Item1, new TextLiteral(two.Item2))),
            Scalars(size).Three().Select(static three => (Expr)new Op("between", three.Item1, three.Item2, three.Item3)),
            Scalars(size / 2).ListOf(3).Select(static all => (Expr)new Op("in", all[0], new ListExpr(new Items<Expr>([.. all.Skip(1)])))),
            Scalars(size).Select(static one => (Expr)new Op("isNull", one)),
            Geometries.Two().SelectMany(static two => Gen.Elements("s_intersects", "s_within").Select(name => (Expr)new Op(name, two.Item1, two.Item2))),
            Intervals.Two().SelectMany(static two => Gen.Elements("t_metBy", "t_disjoint").Select(name => (Expr)new Op(name, two.Item1, two.Item2))),
            Scalars(0).ListOf().Zip(Properties).Select(static two => (Expr)new Op("a_containedBy", new ListExpr(new Items<Expr>([.. two.Item1])), two.Item2)),
            Conditions(size / 2).Select(static one => (Expr)new Op("not", one)),
            Conditions(size / 2).Three().SelectMany(static three => Gen.Elements("and", "or").Select(name => (Expr)new Op(name, three.Item1, three.Item2, three.Item3))));

    internal static Gen<Expr> Generator => Gen.Sized(static size => Conditions(Math.Min(size, 30)));

    private static GeometryLiteral Shape(string type, Coordinates coordinates) => new(type, coordinates, Items<GeometryLiteral>.None);

    private static CoordinateList List(IEnumerable<Coordinates> all) => new(new Items<Coordinates>([.. all]));
}

/// <summary>A filter that is written down and read again is the same.</summary>
public sealed class RoundTripTests(TestCluster cluster)
{
    private static readonly Dictionary<string, QueryableColumn> Values = new(StringComparer.Ordinal)
    {
        ["tags"] = new("ARRAY['a', 'b', 'b']", ValueKind.Array),
        ["numbers"] = new("ARRAY[1, 2]", ValueKind.Array, Element: ValueKind.Number),
        ["chinese"] = new("ST_SetSRID(ST_MakePoint(118.5, 37.5), 4490)", ValueKind.Geometry, 4490),
        ["path"] = new("'C:\\'", ValueKind.Text),
        ["day"] = new("DATE '2026-07-01'", ValueKind.Date),
        ["noon"] = new("TIMESTAMPTZ '2026-07-01T12:00:00Z'", ValueKind.Timestamp),
    };

    [Property]
    public FsCheck.Property Text_is_read_as_it_was_written() =>
        Prop.ForAll(AnyFilter.Generator.ToArbitrary(), static filter => filter.Equals(Cql2Text.Parse(Cql2Writer.ToText(filter)).Filter));

    [Property]
    public FsCheck.Property JSON_is_read_as_it_was_written() =>
        Prop.ForAll(AnyFilter.Generator.ToArbitrary(), static filter => filter.Equals(Cql2Json.Parse(Cql2Writer.ToJson(filter)).Filter));

    /// <summary>Where the standard's data set has nothing to ask.</summary>
    [Fact]
    public async Task Conditions_hold_in_the_database()
    {
        TestDatabase database = await cluster.BlankAsync();
        foreach (string text in new[]
        {
            "A_EQUALS(tags, ('b', 'a'))", "A_CONTAINS(tags, ('a'))", "A_CONTAINEDBY(numbers, (1, 2.0, 3))", "A_OVERLAPS((2, 7), numbers)",
            "A_CONTAINS(numbers, ())", "NOT A_EQUALS(numbers, (1))", "A_EQUALS(('x', 'y'), ('y', 'x', 'x'))",
            "S_INTERSECTS(chinese, BBOX(118, 37, 119, 38))", "S_WITHIN(chinese, POLYGON((118 37, 119 37, 119 38, 118 38, 118 37)))",
            "S_INTERSECTS(chinese, BBOX(118.5, 37.5, 118.5, 37.5))", "S_INTERSECTS(POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)), POINT(0.1 0.1))",
            "CASEI('Straße') = CASEI('STRASSE')", "CASEI('ΟΔΟΣ') = CASEI('οδος')", "ACCENTI('débárquér') = 'debarquer'",
            "path LIKE '%\\\\'", "'50%' LIKE '50\\%'", "NOT '501' LIKE '50\\%'", "path LIKE 'C%'", "'x' LIKE '%'", "NOT 'x' LIKE ''",
            "(1 / 0) IS NULL", "7 div 2 = 3", "7 / 2 = 3.5", "-7 % 3 = -1", "-2 ^ 2 = 4", "2 + 3 * 4 = 14", "10 - 3 - 2 = 5",
            "T_INTERSECTS(noon, day)", "NOT T_EQUALS(noon, day)", "day < noon", "T_DURING(INTERVAL(noon, noon), INTERVAL('2026-07-01', '2026-07-01'))",
            "T_MEETS(INTERVAL('2026-01-01', '2026-07-01'), INTERVAL(day, '..'))", "day IN (DATE('2026-07-01'), DATE('2026-07-02'))",
            "FALSE IS NULL OR NOT FALSE AND TRUE", "'a' < 'b' AND 'Z' < 'a'",
        })
        {
            (CompiledFilter? filter, Postgres.Problem? problem) = Cql2Sql.Compile(Cql2Text.Parse(text).Filter!, Values);
            Assert.True(filter is not null, $"{text}: {problem}");
            Assert.True(await database.CountAsync($"(SELECT 1) AS one WHERE {filter.Sql}", [.. filter.Parameters]) == 1, $"{text}: {filter.Sql}");
        }
    }
}
