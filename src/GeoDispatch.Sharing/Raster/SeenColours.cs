namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// The colours of a picture, each with a number, in the order in which they were met, and how many pixels have it. A table of its own, asked
/// for each run of pixels: a dictionary takes as long as it takes to draw the picture.
/// </summary>
internal sealed class SeenColours
{
    private const int Most = 8192, Slots = 2 * Most;
    private readonly uint[] colours = new uint[Most];
    private readonly int[] times = new int[Most];

    // The number of a colour and one, so that 0 is a free slot.
    private readonly ushort[] slots = new ushort[Slots];

    internal int Count { get; private set; }

    internal uint ColourOf(int number) => colours[number];

    /// <summary>All numbers, of the colour that most pixels have first.</summary>
    internal int[] ByTimes()
    {
        long[] order = new long[Count];
        for (int number = 0; number < order.Length; number++)
        {
            order[number] = ((long)-times[number] << 16) | (uint)number;
        }

        Array.Sort(order);
        return Array.ConvertAll(order, static one => (int)(one & 0xFFFF));
    }

    /// <summary>False where there are too many colours.</summary>
    internal bool TryAdd(uint colour, int pixels, out ushort number)
    {
        int slot = (int)((colour * 2_654_435_769u) >> 18);
        while (slots[slot] is > 0 and ushort taken)
        {
            number = (ushort)(taken - 1);
            if (colours[number] == colour)
            {
                times[number] += pixels;
                return true;
            }

            slot = (slot + 1) & (Slots - 1);
        }

        number = (ushort)Count;
        if (Count == Most)
        {
            return false;
        }

        (colours[number], times[number]) = (colour, pixels);
        slots[slot] = (ushort)++Count;
        return true;
    }
}
