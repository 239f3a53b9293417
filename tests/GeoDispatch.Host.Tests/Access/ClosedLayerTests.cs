using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Access;

/// <summary>A layer that is shared under conditions, or not at all: no protocol gives it or tells of it.</summary>
public sealed class ClosedLayerTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("conditional")]
    [InlineData("not_shared")]
    public async Task What_is_not_for_everybody_is_given_by_no_protocol(string sharing)
    {
        // The open one beside it shows that the catalogue has been read since.
        await server.Database.AdministerAsync(
            $"""
            CREATE VIEW share.closed_{sharing} AS SELECT id, '绝密' || id AS name, geom3857 AS geom FROM city.poi;
            COMMENT ON VIEW share.closed_{sharing} IS E'内部 / Internal\n{sharing}';
            CREATE VIEW share.open_{sharing} AS SELECT id, geom3857 AS geom FROM city.poi;
            COMMENT ON VIEW share.open_{sharing} IS '公开 / Open';
            GRANT SELECT ON share.closed_{sharing}, share.open_{sharing} TO share_reader
            """);
        Session[] readers = [server.Anonymous(), await server.DispatcherAsync()];
        await Eventually.GetAsync(
            () => server.Anonymous().GetAsync($"/ogc/collections/open_{sharing}"), answer => answer.Status == 200, "the layers are known");
        foreach (Session reader in readers)
        {
            foreach (string path in new[]
            {
                "/ogc/collections", "/ogc/api", "/ogc/collections/{0}", "/ogc/collections/{0}/items", "/ogc/collections/{0}/items/1", "/ogc/collections/{0}/queryables",
                "/ogc/collections/{0}/tiles", "/ogc/collections/{0}/tiles/WebMercatorQuad/12/1590/3397", "/tiles/{0}", "/tiles/{0}/12/3397/1590.mvt",
                "/tiles/{0}/12/3397/1590.png", "/ogc/collections/{0}/map/tiles", "/ogc/collections/{0}/map/tiles/CGCS2000Quad/13/2391/13584",
                "/wmts/1.0.0/{0}/default/WebMercatorQuad/14/6351/13584.png", "/wmts/1.0.0/{0}/default/WebMercatorQuad/14/6351/13584/128/128.json",
                "/wmts?SERVICE=WMTS&REQUEST=GetFeatureInfo&VERSION=1.0.0&LAYER={0}&STYLE=default&FORMAT=image/png&TILEMATRIXSET=w&TILEMATRIX=14&TILEROW=6351&TILECOL=13584&I=128&J=128&INFOFORMAT=text/html",
                "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/wms?SERVICE=WMS&REQUEST=GetCapabilities",
                "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={0}&STYLES=&CRS=CRS:84&BBOX=118,37,119,38&WIDTH=64&HEIGHT=64&FORMAT=image/png",
                "/wfs?SERVICE=WFS&REQUEST=GetCapabilities", "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={0}",
                "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType",
            })
            {
                string closed = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, $"closed_{sharing}");
                Answer answer = await reader.GetAsync(closed);
                Assert.DoesNotContain("绝密", answer.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("内部", answer.Text, StringComparison.Ordinal);
                if (path.Contains("{0}", StringComparison.Ordinal))
                {
                    Assert.True(answer.Status is 400 or 404 || answer.Text.Contains("LayerNotDefined", StringComparison.Ordinal), $"{closed}: {answer.Status}");
                }
                else
                {
                    Assert.Equal(200, answer.Status);
                    Assert.DoesNotContain($"closed_{sharing}", answer.Text, StringComparison.Ordinal);
                    Assert.Contains(path.Contains("wmts", StringComparison.Ordinal) ? "city" : $"open_{sharing}", answer.Text, StringComparison.Ordinal);
                }
            }
        }
    }
}
