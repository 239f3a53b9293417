using System.Collections.Concurrent;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Cuts tiles of one format in one look. Whatever makes tiles is one of these, known to the container.</summary>
internal interface ITileCutter
{
    /// <summary>Tells it from all others: <c>mvt</c>, <c>png-day</c>. Part of the names of folders.</summary>
    string Name { get; }

    string MediaType { get; }

    /// <summary>Whether gzip makes its tiles smaller.</summary>
    bool Packs { get; }

    /// <summary>So many tiles by so many are cut in one go: a power of two, at most 16.</summary>
    int BlockSide { get; }

    /// <summary>How near something must lie to show in a block of tiles, in sides of a tile: what changed there changes the block.</summary>
    double Reach { get; }

    /// <summary>The zooms of a grid at which it cuts a tileset, both ends included.</summary>
    (int Min, int Max) Zooms(Tileset tileset);

    /// <summary>What tiles depend on besides data and grid: with another recipe, files of an earlier time are not read.</summary>
    string Recipe(Tileset tileset);

    /// <param name="first">The tile in the north west of the block.</param>
    /// <returns>The tiles of the block from west to east, then from north to south; empty ones where nothing lies.</returns>
    Task<IReadOnlyList<byte[]>> CutAsync(Tileset tileset, TileGrid grid, TileId first, ReadableLayers layers, CancellationToken cancellation);
}

/// <summary>
/// A tileset in one grid, by one cutter, as one sort of readers sees it. There is one object of each: it is compared by itself, so that a
/// kept tile is found without comparing names.
/// </summary>
/// <param name="Variant">What these readers may see (<see cref="ReadableLayer.CacheKey"/> of its layers); empty where everything is for everybody.</param>
internal sealed class TileEdition(Tileset tileset, TileGrid grid, ITileCutter cutter, string variant)
{
    internal Tileset Tileset { get; } = tileset;

    internal TileGrid Grid { get; } = grid;

    internal ITileCutter Cutter { get; } = cutter;

    internal string Variant { get; } = variant;

    internal (int Min, int Max) Zooms { get; } = cutter.Zooms(tileset);

    internal bool IsForEverybody => Variant.Length == 0;

    /// <summary>The tile in the north west of the block that a tile is cut with.</summary>
    internal static TileId BlockOf(ITileCutter cutter, TileId tile) => new(tile.Z, tile.X & -cutter.BlockSide, tile.Y & -cutter.BlockSide);

    /// <summary>Where a tile stands among those of its block.</summary>
    internal static int PlaceOf(ITileCutter cutter, TileId tile)
    {
        int side = cutter.BlockSide;
        return ((tile.Y & (side - 1)) * side) + (tile.X & (side - 1));
    }

    internal TileId BlockOf(TileId tile) => BlockOf(Cutter, tile);

    /// <summary>From west to east, then from north to south. On low zooms some of them lie beyond the grid.</summary>
    internal IEnumerable<TileId> TilesOf(TileId block)
    {
        int side = Cutter.BlockSide;
        return Enumerable.Range(0, side * side).Select(place => new TileId(block.Z, block.X + (place % side), block.Y + (place / side)));
    }

    /// <summary>The tiles of one zoom that a change in the box may change, in whole blocks.</summary>
    internal TileRange Touched(MercatorBox box, int zoom)
    {
        TileRange range = Grid.TilesAt(box, zoom, Cutter.Reach);
        int side = Cutter.BlockSide;
        return new TileRange(zoom, range.West & -side, range.East | (side - 1), range.North & -side, range.South | (side - 1));
    }
}

/// <summary>Every edition that was asked for since the start; how many sorts of readers there are is for whoever writes the rules of access.</summary>
internal sealed class TileEditions
{
    private readonly ConcurrentDictionary<(Tileset Tileset, TileGrid Grid, ITileCutter Cutter, string Variant), TileEdition> all = new();

    internal IEnumerable<TileEdition> All => all.Select(static known => known.Value);

    internal TileEdition Of(Tileset tileset, TileGrid grid, ITileCutter cutter, string variant) =>
        all.TryGetValue((tileset, grid, cutter, variant), out TileEdition? known)
            ? known
            : all.GetOrAdd((tileset, grid, cutter, variant), static key => new TileEdition(key.Tileset, key.Grid, key.Cutter, key.Variant));
}

/// <summary>Which tile of which edition.</summary>
internal readonly record struct TileKey(TileEdition Edition, TileId Tile);
