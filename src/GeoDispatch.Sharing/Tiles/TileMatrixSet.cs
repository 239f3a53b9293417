using System.Globalization;
using System.Text.Json.Nodes;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// The name and the numbers that clients know a grid by (OGC 17-083r4). A level is a zoom of the grid, numbered from another one where
/// <see cref="Shift"/> says so: level 0 of the set of degrees is two tiles, and zoom 1 of its grid.
/// </summary>
internal sealed class TileMatrixSet
{
    internal const int TilePixels = 256;

    private const string Mercator = "http://www.opengis.net/def/crs/EPSG/0/3857", Cgcs2000 = "http://www.opengis.net/def/crs/EPSG/0/4490";

    // Of zoom 0 of both grids: 2π × 6378137 m on 256 pixels of 0.28 mm, OGC 17-083r4 annex D.
    private const double Denominator = 559082264.028717, MercatorCell = 156543.033928041, DegreesCell = 1.40625;

    internal static TileMatrixSet WebMercatorQuad { get; } = new()
    {
        Id = "WebMercatorQuad",
        Title = "Google Maps Compatible for the World",
        Uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
        ScaleSet = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        Crs = Mercator,
        SupportedCrs = "urn:ogc:def:crs:EPSG::3857",
        Axes = ["X", "Y"],
        Grid = TileGrid.Mercator,
        LastLevel = TileId.MaxZoom,
    };

    /// <summary>Web mercator once more for clients that take no URN of a system, such as older ones of ArcGIS. Axes are not in doubt here.</summary>
    internal static TileMatrixSet Epsg3857 { get; } = new()
    {
        Id = "EPSG:3857",
        Title = "EPSG:3857",
        Crs = Mercator,
        SupportedCrs = "EPSG:3857",
        Axes = ["X", "Y"],
        Grid = TileGrid.Mercator,
        LastLevel = TileId.MaxZoom,
    };

    /// <summary>The tiles of <see cref="Cgcs2000Quad"/> under the name that the world knows, longitude first: within a few decimetres both are one.</summary>
    internal static TileMatrixSet WorldCrs84Quad { get; } = new()
    {
        Id = "WorldCRS84Quad",
        Title = "CRS84 for the World",
        Uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad",
        Crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        SupportedCrs = "urn:ogc:def:crs:OGC:1.3:CRS84",
        Axes = ["Lon", "Lat"],
        Grid = TileGrid.Degrees,
        Shift = 1,
        LastLevel = TileId.MaxZoom - 1,
    };

    /// <summary>Nothing of CGCS2000 is registered: the set has no URI, and is not to be taken for one of EPSG:4326 or CRS84.</summary>
    internal static TileMatrixSet Cgcs2000Quad { get; } = new()
    {
        Id = "CGCS2000Quad",
        Title = "CGCS2000 经纬度 / CGCS2000 latitude and longitude",
        Crs = Cgcs2000,
        SupportedCrs = "urn:ogc:def:crs:EPSG::4490",
        Axes = ["Lat", "Lon"],
        Grid = TileGrid.Degrees,
        Shift = 1,
        LastLevel = TileId.MaxZoom - 1,
    };

    /// <summary>
    /// Web mercator as 天地图 numbers it, levels 1 to 18: the same tiles as of <see cref="WebMercatorQuad"/>. 天地图 lists denominators of
    /// pixels of 96 dpi, which its own clients know by heart; whoever reads these computes with 0.28 mm.
    /// </summary>
    internal static TileMatrixSet TiandituMercator { get; } = new()
    {
        Id = "w",
        Title = "天地图球面墨卡托 / Web mercator, numbered as by Tianditu",
        Crs = Mercator,
        SupportedCrs = "urn:ogc:def:crs:EPSG::900913",
        Axes = ["X", "Y"],
        Grid = TileGrid.Mercator,
        FirstLevel = 1,
        LastLevel = 18,
    };

    /// <summary>CGCS2000 as 天地图 numbers it, levels 1 to 18, level 1 being two tiles.</summary>
    internal static TileMatrixSet TiandituDegrees { get; } = new()
    {
        Id = "c",
        Title = "天地图经纬度 / CGCS2000, numbered as by Tianditu",
        Crs = Cgcs2000,
        SupportedCrs = "urn:ogc:def:crs:EPSG::4490",
        Axes = ["Lat", "Lon"],
        Grid = TileGrid.Degrees,
        FirstLevel = 1,
        LastLevel = 18,
    };

    /// <summary>What WMTS offers.</summary>
    internal static IReadOnlyList<TileMatrixSet> OfWmts { get; } = [WebMercatorQuad, Cgcs2000Quad, WorldCrs84Quad, Epsg3857, TiandituMercator, TiandituDegrees];

    /// <summary>What OGC API – Tiles offers.</summary>
    internal static IReadOnlyList<TileMatrixSet> All { get; } = [WebMercatorQuad, Cgcs2000Quad, WorldCrs84Quad];

    internal required string Id { get; init; }

    internal required string Title { get; init; }

    internal string? Uri { get; init; }

    internal string? ScaleSet { get; init; }

    /// <summary>As OGC API names the system.</summary>
    internal required string Crs { get; init; }

    /// <summary>As WMTS names it.</summary>
    internal required string SupportedCrs { get; init; }

    internal required string[] Axes { get; init; }

    internal required TileGrid Grid { get; init; }

    /// <summary>Zoom of the grid less the level.</summary>
    internal int Shift { get; init; }

    internal int FirstLevel { get; init; }

    internal required int LastLevel { get; init; }

    /// <summary>In the order of the axes.</summary>
    internal double[] TopLeft => Axes[0] == "Lat" ? [Grid.North, Grid.West] : [Grid.West, Grid.North];

    internal static TileMatrixSet? Find(string id) => All.FirstOrDefault(set => set.Id == id);

    /// <summary>Of pixels of 0.28 mm, as every standard has it.</summary>
    internal double ScaleDenominator(int level) => Denominator / (1 << (level + Shift));

    internal int Columns(int level) => TileGrid.Columns(level + Shift);

    internal int Rows(int level) => Grid.Rows(level + Shift);

    /// <summary>The levels at which a tileset is cut.</summary>
    internal IEnumerable<int> Levels(ITileCutter cutter, Tileset tileset)
    {
        (int min, int max) = cutter.Zooms(tileset);
        int first = Math.Max(min - Shift, FirstLevel);
        return Enumerable.Range(first, Math.Max(0, Math.Min(max - Shift, LastLevel) - first + 1));
    }

    /// <summary>In columns and rows of a level.</summary>
    internal TileRange Limits(Bbox? box, int level) => Grid.Limits(box, level + Shift);

    /// <summary>False where the level has no such tile.</summary>
    internal bool TryTile(int level, int column, int row, out TileId tile)
    {
        tile = new TileId(level + Shift, column, row);
        return level >= FirstLevel && level <= LastLevel && Grid.Holds(tile);
    }

    internal JsonObject Describe()
    {
        var description = new JsonObject { ["id"] = Id, ["title"] = Title };
        if (Uri is not null)
        {
            description["uri"] = Uri;
        }

        description["crs"] = Crs;
        description["orderedAxes"] = new JsonArray([.. Axes.Select(axis => (JsonNode)axis)]);
        if (ScaleSet is not null)
        {
            description["wellKnownScaleSet"] = ScaleSet;
        }

        description["tileMatrices"] = new JsonArray([.. Enumerable.Range(FirstLevel, LastLevel - FirstLevel + 1).Select(level => (JsonNode)new JsonObject
        {
            ["id"] = level.ToString(CultureInfo.InvariantCulture),
            ["scaleDenominator"] = ScaleDenominator(level),
            ["cellSize"] = (Grid == TileGrid.Degrees ? DegreesCell : MercatorCell) / (1 << (level + Shift)),
            ["cornerOfOrigin"] = "topLeft",
            ["pointOfOrigin"] = new JsonArray([.. TopLeft.Select(number => (JsonNode)number)]),
            ["tileWidth"] = TilePixels,
            ["tileHeight"] = TilePixels,
            ["matrixWidth"] = Columns(level),
            ["matrixHeight"] = Rows(level),
        })]);
        return description;
    }
}
