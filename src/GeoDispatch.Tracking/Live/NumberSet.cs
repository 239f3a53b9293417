using System.Numerics;

namespace GeoDispatch.Tracking.Live;

/// <summary>
/// Small numbers, a bit for each: 5,000 vehicles are 79 words, so that noting for each of many consoles who moved costs next to nothing.
/// (<see cref="System.Collections.BitArray"/> cannot step from one set bit to the next.) Not safe for threads.
/// </summary>
internal sealed class NumberSet
{
    private ulong[] words = [];

    internal bool Contains(int number) => (number >> 6) < words.Length && (words[number >> 6] & (1UL << (number & 63))) != 0;

    internal void Add(int number)
    {
        Grow((number >> 6) + 1);
        words[number >> 6] |= 1UL << (number & 63);
    }

    internal void Remove(int number)
    {
        if ((number >> 6) < words.Length)
        {
            words[number >> 6] &= ~(1UL << (number & 63));
        }
    }

    internal void Clear() => Array.Clear(words);

    internal void UnionWith(NumberSet other)
    {
        Grow(other.words.Length);
        for (int word = 0; word < other.words.Length; word++)
        {
            words[word] |= other.words[word];
        }
    }

    internal void ExceptWith(NumberSet other)
    {
        for (int word = 0; word < Math.Min(words.Length, other.words.Length); word++)
        {
            words[word] &= ~other.words[word];
        }
    }

    /// <summary>In ascending order. Numbers may be taken out meanwhile.</summary>
    public IEnumerator<int> GetEnumerator()
    {
        for (int word = 0; word < words.Length; word++)
        {
            for (ulong left = words[word]; left != 0; left &= left - 1)
            {
                yield return (word << 6) + BitOperations.TrailingZeroCount(left);
            }
        }
    }

    private void Grow(int count)
    {
        if (count > words.Length)
        {
            Array.Resize(ref words, Math.Max(count, words.Length * 2));
        }
    }
}
