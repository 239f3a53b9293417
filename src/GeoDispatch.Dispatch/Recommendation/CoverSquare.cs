using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>
/// A square of the map: a tile of the web-mercator quad tree at zoom 15, 1.2 km wide at the equator, 0.97 km at 37°. Column from the west, row from the
/// north.
/// </summary>
internal readonly record struct MapSquare(int Column, int Row)
{
    private const int Across = 1 << 15;

    internal static MapSquare Of(LonLat at) => new(
        (int)Math.Floor((at.Lon + 180) / 360 * Across), (int)Math.Floor((1 - (Geodesy.MercatorNorthing(at.Lat) / Math.PI)) / 2 * Across));

    /// <summary>Degrees.</summary>
    internal (double West, double South, double East, double North) Bounds => (Lon(Column), Lat(Row + 1), Lon(Column + 1), Lat(Row));

    private static double Lon(int column) => ((double)column / Across * 360) - 180;

    private static double Lat(int row) => Geodesy.MercatorLatDegrees(Math.PI * (1 - (2.0 * row / Across)));
}

/// <summary>How soon a free unit would be at the addresses of a square.</summary>
/// <param name="Addresses">How many lie in it; 1 or more.</param>
/// <param name="Within">Of these, those that some unit reaches within the target.</param>
/// <param name="Near">Those reached later, but within half as much again.</param>
internal sealed record CoverSquare(MapSquare Square, int Addresses, int Within, int Near)
{
    /// <summary>
    /// What is true of at least half of the addresses: <c>within</c> the target, <c>near</c> (within half as much again), or <c>beyond</c>. A single farm at the
    /// end of a road does not hatch a square.
    /// </summary>
    internal string Level => 2 * Within >= Addresses ? "within" : 2 * (Within + Near) >= Addresses ? "near" : "beyond";

    /// <summary>Counts the addresses of each square, from the north-west.</summary>
    /// <param name="squares">Of each address.</param>
    /// <param name="within">For each unit the set of addresses that it reaches within the target, as <see cref="Roads.RoadCatchment"/> makes them.</param>
    /// <param name="near">The same within half as much again.</param>
    internal static IReadOnlyList<CoverSquare> Count(IReadOnlyList<MapSquare> squares, IReadOnlyList<ulong[]> within, IReadOnlyList<ulong[]> near)
    {
        ulong[] soon = Either(within, squares.Count), late = Either(near, squares.Count);
        var counts = new Dictionary<MapSquare, (int Addresses, int Within, int Near)>();
        for (int address = 0; address < squares.Count; address++)
        {
            (int addresses, int reachedSoon, int reachedLate) = counts.GetValueOrDefault(squares[address]);
            bool isSoon = Has(soon, address);
            counts[squares[address]] = (addresses + 1, reachedSoon + (isSoon ? 1 : 0), reachedLate + (!isSoon && Has(late, address) ? 1 : 0));
        }

        return
        [
            .. counts.OrderBy(static one => one.Key.Row).ThenBy(static one => one.Key.Column)
                .Select(static one => new CoverSquare(one.Key, one.Value.Addresses, one.Value.Within, one.Value.Near)),
        ];
    }

    private static ulong[] Either(IReadOnlyList<ulong[]> sets, int addresses)
    {
        ulong[] all = new ulong[(addresses + 63) / 64];
        foreach (ulong[] set in sets)
        {
            for (int word = 0; word < all.Length; word++)
            {
                all[word] |= set[word];
            }
        }

        return all;
    }

    private static bool Has(ulong[] set, int address) => (set[address >> 6] >> (address & 63) & 1) == 1;
}
