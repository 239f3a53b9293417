using System.Text.Json.Nodes;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>The tile matrix set of the web, as OGC 17-083r4 annex D.1 registers it. All its numbers stand here.</summary>
internal static class WebMercatorQuad
{
    internal const string Id = "WebMercatorQuad";
    internal const string Title = "Google Maps Compatible for the World";
    internal const string Uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
    internal const string Crs = "http://www.opengis.net/def/crs/EPSG/0/3857";
    internal const string ScaleSet = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible";
    internal const double Corner = 20037508.3427892;
    internal const int TilePixels = 256;
    private const double Denominator = 559082264.028717, Cell = 156543.033928041;

    /// <summary>Of pixels of 0.28 mm.</summary>
    internal static double ScaleDenominator(int zoom) => Denominator / (1 << zoom);

    internal static JsonObject Describe() => new()
    {
        ["id"] = Id,
        ["title"] = Title,
        ["uri"] = Uri,
        ["crs"] = Crs,
        ["orderedAxes"] = new JsonArray("X", "Y"),
        ["wellKnownScaleSet"] = ScaleSet,
        ["tileMatrices"] = new JsonArray([.. Enumerable.Range(0, TileId.MaxZoom + 1).Select(static zoom => (JsonNode)new JsonObject
        {
            ["id"] = zoom.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["scaleDenominator"] = ScaleDenominator(zoom),
            ["cellSize"] = Cell / (1 << zoom),
            ["cornerOfOrigin"] = "topLeft",
            ["pointOfOrigin"] = new JsonArray(-Corner, Corner),
            ["tileWidth"] = TilePixels,
            ["tileHeight"] = TilePixels,
            ["matrixWidth"] = 1 << zoom,
            ["matrixHeight"] = 1 << zoom,
        })]),
    };

    /// <summary>The tiles of one zoom that the city lies in; all of them while there is no city.</summary>
    internal static TileRange Limits(string tileset, SharedCity? city, int zoom)
    {
        int last = (1 << zoom) - 1;
        if (city is null)
        {
            return new TileRange(tileset, zoom, 0, last, 0, last);
        }

        int Column(double lon) => (int)Math.Clamp(Math.Floor((lon + 180) / 360 * (last + 1)), 0, last);
        int Row(double lat)
        {
            double sine = Math.Sin(Math.Clamp(lat, -85.0511287, 85.0511287) * Math.PI / 180);
            return (int)Math.Clamp(Math.Floor((0.5 - (Math.Log((1 + sine) / (1 - sine)) / (4 * Math.PI))) * (last + 1)), 0, last);
        }

        return new TileRange(tileset, zoom, Column(city.West), Column(city.East), Row(city.North), Row(city.South));
    }
}
