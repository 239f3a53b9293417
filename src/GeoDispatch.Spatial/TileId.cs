namespace GeoDispatch.Spatial;

/// <summary>A tile of the web-mercator quad tree (OGC WebMercatorQuad): zoom 0 to 22, column from the west, row from the north.</summary>
public readonly record struct TileId(int Z, int X, int Y)
{
    /// <summary>The deepest zoom that is served.</summary>
    public const int MaxZoom = 22;

    /// <summary>Gives a tile only where zoom, column and row lie inside the grid.</summary>
    public static bool TryCreate(int z, int x, int y, out TileId tile)
    {
        tile = new TileId(z, x, y);
        return z is >= 0 and <= MaxZoom && x >= 0 && y >= 0 && x < 1 << z && y < 1 << z;
    }
}
