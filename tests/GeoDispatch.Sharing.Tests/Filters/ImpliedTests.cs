using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Filters;

namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>What of a filter may be tried on rows that the reader must not know of: nothing that could fail on one of them.</summary>
public sealed class ImpliedTests
{
    private static readonly Dictionary<string, QueryableColumn> Columns = new(StringComparer.Ordinal)
    {
        ["geom"] = new("\"geom\"", ValueKind.Geometry, 4326),
        ["level"] = new("\"level\"", ValueKind.Number),
        ["name"] = new("\"name\"", ValueKind.Text),
        ["day"] = new("\"day\"", ValueKind.Date),
    };

    [Theory]
    [InlineData("level = 3", "(\"level\" = $1)")]
    [InlineData("level IN (1, 2)", "(\"level\" IN ($1, $2))")]
    [InlineData("name = 'a' AND 10 / level > 1", "(\"name\" = $1)")]
    [InlineData("S_WITHIN(geom, POINT(1 2))", "(\"geom\" && ST_GeomFromText($1, 4326))")]
    [InlineData("S_INTERSECTS(POINT(1 2), geom) AND (level = 1 AND name LIKE 'a%')", "(\"geom\" && ST_GeomFromText($1, 4326)) AND (\"level\" = $2)")]
    [InlineData("S_DISJOINT(geom, POINT(1 2))", null)]
    [InlineData("S_INTERSECTS(geom, POINT(1 2)) OR level = 1", null)]
    [InlineData("NOT level = 1", null)]
    [InlineData("level = 10 / level", null)]
    [InlineData("level + 1 = 3", null)]
    [InlineData("level = 0.5", null)]
    [InlineData("day = TIMESTAMP('2026-01-01T00:00:00Z')", null)]
    [InlineData("CASEI(name) = CASEI('a')", null)]
    [InlineData("2 ^ (120 * level) > 0", null)]
    public void Only_equalities_and_boxes_are_implied(string filter, string? sql)
    {
        (Expr? read, Problem? problem) = Cql2Text.Parse(filter);
        Assert.True(read is not null, problem?.Detail);
        Assert.True(Cql2Sql.Compile(read, Columns).Filter is not null, Cql2Sql.Compile(read, Columns).Problem?.Detail);
        Assert.Equal(sql, Cql2Sql.Implied(read, Columns, 1)?.Sql);
    }
}
