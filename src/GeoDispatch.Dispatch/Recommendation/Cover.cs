using System.Numerics;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>
/// How many units can be at each address in time: none, one, or more. Counts sets of addresses, as <see cref="Roads.RoadCatchment"/>
/// makes them, a word at a time. Not safe to change from several threads.
/// </summary>
internal sealed class Cover(int addresses)
{
    private readonly ulong[] once = new ulong[(addresses + 63) / 64];
    private readonly ulong[] more = new ulong[(addresses + 63) / 64];

    /// <summary>How many addresses some unit reaches in time.</summary>
    internal int Covered => Count(once);

    /// <summary>One more unit stands ready.</summary>
    /// <param name="reached">The addresses that it reaches in time.</param>
    internal void Add(ulong[] reached)
    {
        for (int word = 0; word < once.Length; word++)
        {
            more[word] |= once[word] & reached[word];
            once[word] |= reached[word];
        }
    }

    /// <summary>How many addresses no unit reaches in time any longer when this one, which was added, is away.</summary>
    internal int LostWithout(ulong[] reached)
    {
        int lost = 0;
        for (int word = 0; word < once.Length; word++)
        {
            lost += BitOperations.PopCount(once[word] & ~more[word] & reached[word]);
        }

        return lost;
    }

    private static int Count(ulong[] set)
    {
        int count = 0;
        foreach (ulong word in set)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }
}
