namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// The colours of a picture, each with a number, in the order in which they were met, and how much of the picture has it. A table of its own, asked
/// for each run of pixels: a dictionary takes as long as it takes to draw the picture.
/// </summary>
internal sealed class SeenColours
{
    private const int Most = 8192, Slots = 2 * Most;
    private readonly uint[] colours = new uint[Most];
    private readonly int[] weights = new int[Most];

    // The number of a colour and one, so that 0 is a free slot.
    private readonly ushort[] slots = new ushort[Slots];

    internal int Count { get; private set; }

    internal uint ColourOf(int number) => colours[number];

    /// <summary>All numbers, the heaviest first.</summary>
    internal int[] ByWeight()
    {
        long[] order = new long[Count];
        for (int number = 0; number < order.Length; number++)
        {
            order[number] = ((long)-weights[number] << 16) | (uint)number;
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
                weights[number] += WeightOf(pixels);
                return true;
            }

            slot = (slot + 1) & (Slots - 1);
        }

        number = (ushort)Count;
        if (Count == Most)
        {
            return false;
        }

        (colours[number], weights[number]) = (colour, WeightOf(pixels));
        slots[slot] = (ushort)++Count;
        return true;
    }

    // A sign of few pixels is flat; the shades at its edge, and at those of all lines, stand alone.
    private static int WeightOf(int pixels) => pixels == 1 ? 1 : pixels * 8;
}
