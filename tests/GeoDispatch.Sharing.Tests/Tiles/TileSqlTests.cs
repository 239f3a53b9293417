using GeoDispatch.Sharing.Tiles;

namespace GeoDispatch.Sharing.Tests.Tiles;

/// <summary>A tileset's query, written anew for readers and grids.</summary>
public sealed class TileSqlTests
{
    [Fact]
    public void A_layer_is_read_from_another_source_where_the_reader_may_not_see_all_of_it()
    {
        var sql = new TileSql("SELECT 1 FROM share.land, tile JOIN share.\"a \"\"b\" AS x ON true, share.land_use");
        Assert.Equal(["land", "a \"b", "land_use"], sql.Layers);
        Assert.Equal(
            "SELECT 1 FROM (L) AS \"land\", tile JOIN (B) AS x ON true, share.land_use",
            sql.For(TileGrid.Mercator, name => name switch { "land" => "(L)", "a \"b" => "(B)", _ => null }));
    }

    [Fact]
    public void For_degrees_the_envelope_and_each_geometry_are_transformed()
    {
        var sql = new TileSql("SELECT ST_AsMVTGeom(f(geom), box, 4096, 64) FROM (SELECT ST_TileEnvelope($1, $2, $3) AS box, ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) AS wide)");
        Assert.True(sql.HasDegrees);
        string degrees = sql.For(TileGrid.Degrees);
        Assert.Contains("ST_AsMVTGeom(ST_Transform(f(geom), 4326), box, 4096, 64)", degrees, StringComparison.Ordinal);
        Assert.Contains("ST_TileEnvelope($1, $2, $3, ST_MakeEnvelope(-180, -270, 180, 90, 4326)) AS box", degrees, StringComparison.Ordinal);
        Assert.Equal(sql.Text, sql.For(TileGrid.Mercator));
        Assert.False(new TileSql("SELECT mvt($1, $2, $3)").HasDegrees);
    }

    [Fact]
    public void Who_draws_a_block_reads_its_shapes_as_they_are_stored()
    {
        string text = File.ReadAllText(Path.Combine(GeoDispatch.Testing.Product.Tiles, "city.sql"));
        DrawnSql drawn = new TileSql(text).DrawnIn(1)!;
        Assert.Equal(["kind", "synthetic"], drawn.Columns["buildings"]);
        Assert.DoesNotContain("ST_AsMVT", drawn.Text, StringComparison.Ordinal);
        Assert.Contains("ST_TileEnvelope($1 - 1, $2, $3, margin => 0.0078125) AS wide", drawn.Text, StringComparison.Ordinal);
        Assert.Contains("share.buildings, tile WHERE $1 >= 14 AND geom && wide LIMIT 80000) row WHERE geom IS NOT NULL)", drawn.Text, StringComparison.Ordinal);
        Assert.Contains("SELECT kind, oneway, synthetic,\n               CASE WHEN $1 >= 13 THEN (geom) END AS geom\n        FROM share.streets, tile, shown", drawn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("GROUP BY kind, oneway", drawn.Text, StringComparison.Ordinal);
        Assert.Contains("GROUP BY kind, name, name_en, ref, synthetic, box) row", drawn.Text, StringComparison.Ordinal);
        Assert.Null(new TileSql("SELECT mvt($1, $2, $3)").DrawnIn(1));
    }
}
