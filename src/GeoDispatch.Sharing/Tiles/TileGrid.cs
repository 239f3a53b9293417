using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>A box in web mercator, in metres.</summary>
internal readonly record struct MercatorBox(double MinX, double MinY, double MaxX, double MaxY);

/// <summary>Tiles of one zoom, from column to column and from row to row, both ends included.</summary>
internal readonly record struct TileRange(int Zoom, int West, int East, int North, int South)
{
    internal long Count => (East - West + 1L) * (South - North + 1L);

    internal bool Holds(TileId tile) => tile.Z == Zoom && tile.X >= West && tile.X <= East && tile.Y >= North && tile.Y <= South;

    internal IEnumerable<TileId> Tiles()
    {
        for (int column = West; column <= East; column++)
        {
            for (int row = North; row <= South; row++)
            {
                yield return new TileId(Zoom, column, row);
            }
        }
    }
}

/// <summary>
/// How tiles lie over the world: at each zoom a square of 2^zoom by 2^zoom tiles, columns from the west and rows from the north. The square
/// of degrees is 360 wide and high and begins at 180 W, 90 N: its southern half holds no earth. So a zoom shows as much in both grids.
/// </summary>
internal sealed class TileGrid
{
    private const double MercatorLimit = 20037508.3427892, EarthRadius = 6378137, HighestLat = 85.0511287798066;

    // The database compares boxes in single precision, which is 2 m wide here.
    private const double PrecisionMeters = 4;

    private readonly double width;

    private TileGrid(string name, int srid, double west, double north, double width) =>
        (Name, Srid, West, North, this.width) = (name, srid, west, north, width);

    /// <summary>Metres of EPSG:3857.</summary>
    internal static TileGrid Mercator { get; } = new("mercator", 3857, -MercatorLimit, MercatorLimit, 2 * MercatorLimit);

    /// <summary>Degrees of CGCS2000, cut in EPSG:4326, which is the same to a few decimetres. Its zooms begin at 1.</summary>
    internal static TileGrid Degrees { get; } = new("degrees", 4326, -180, 90, 360);

    /// <summary>Part of the names of folders.</summary>
    internal string Name { get; }

    /// <summary>In which tiles are cut; longitude or easting first.</summary>
    internal int Srid { get; }

    internal double West { get; }

    internal double North { get; }

    internal static int Columns(int zoom) => 1 << zoom;

    internal int Rows(int zoom) => this == Degrees ? 1 << (zoom - 1) : 1 << zoom;

    /// <summary>Of a tile's side, in units of the grid.</summary>
    internal double Side(int zoom) => width / (1 << zoom);

    internal bool Holds(TileId tile) =>
        tile.Z <= TileId.MaxZoom && tile.Z >= (this == Degrees ? 1 : 0) && tile.X >= 0 && tile.X < Columns(tile.Z) && tile.Y >= 0 && tile.Y < Rows(tile.Z);

    /// <summary>In units of the grid, east and north positive.</summary>
    internal (double MinX, double MinY, double MaxX, double MaxY) EnvelopeOf(TileId tile)
    {
        double side = Side(tile.Z);
        return (West + (tile.X * side), North - ((tile.Y + 1) * side), West + ((tile.X + 1) * side), North - (tile.Y * side));
    }

    /// <summary>The tiles of one zoom that a box in degrees lies in; all of them while there is no box.</summary>
    internal TileRange Limits(Bbox? box, int zoom)
    {
        if (box is not Bbox some)
        {
            return new TileRange(zoom, 0, Columns(zoom) - 1, 0, Rows(zoom) - 1);
        }

        return this == Degrees
            ? Range(zoom, some.West, some.South, some.East, some.North)
            : Range(zoom, MercatorX(some.West), MercatorY(some.South), MercatorX(some.East), MercatorY(some.North));
    }

    /// <summary>The tiles of one zoom that show something of a box, where each shows what is as near as <paramref name="reach"/> of its side.</summary>
    internal TileRange TilesAt(MercatorBox box, int zoom, double reach)
    {
        double west = box.MinX - PrecisionMeters, east = box.MaxX + PrecisionMeters, south = box.MinY - PrecisionMeters, north = box.MaxY + PrecisionMeters;
        double margin = Side(zoom) * reach;
        return this == Degrees
            ? Range(zoom, Lon(west) - margin, Lat(south) - margin, Lon(east) + margin, Lat(north) + margin)
            : Range(zoom, west - margin, south - margin, east + margin, north + margin);
    }

    private TileRange Range(int zoom, double west, double south, double east, double north)
    {
        double side = Side(zoom);
        int At(double distance, int count) => (int)Math.Clamp(Math.Floor(distance / side), 0, count - 1);
        int columns = Columns(zoom), rows = Rows(zoom);
        return new TileRange(zoom, At(west - West, columns), At(east - West, columns), At(North - north, rows), At(North - south, rows));
    }

    private static double MercatorX(double lon) => lon / 180 * MercatorLimit;

    private static double MercatorY(double lat) =>
        EarthRadius * Math.Atanh(Math.Sin(Math.Clamp(lat, -HighestLat, HighestLat) * Math.PI / 180));

    private static double Lon(double x) => x / MercatorLimit * 180;

    private static double Lat(double y) => Math.Atan(Math.Sinh(y / EarthRadius)) * 180 / Math.PI;
}
