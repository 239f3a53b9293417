using GeoDispatch.City.Import;

namespace GeoDispatch.City.Places;

/// <summary>
/// How characters sound, without tones: every reading of a character that has several (<c>data/pinyin.tsv</c>, of Unihan). Pure but for
/// the one reading of its table.
/// </summary>
internal static class Pinyin
{
    /// <summary>A name with more ways to be read than this is known by the first ones: 重 and 长 are doubtful, six such characters are a poem.</summary>
    private const int MostSpellings = 8;

    private static readonly string[] Syllables = [.. Table().Select(static row => row.Syllable)];
    private static readonly ushort[]?[] ReadingsOf = Read();
    private static readonly ushort[] Blurred = [.. Syllables.Select(Blur).GroupIds()];

    /// <summary>One way to write a name in letters.</summary>
    /// <param name="Letters">Syllables, and letters and digits as they are; no spaces.</param>
    /// <param name="CharacterOf">For each letter the place in the name of the character that it spells.</param>
    internal sealed record Spelling(string Letters, int[] CharacterOf)
    {
        /// <summary>The first letter of each syllable, and digits.</summary>
        internal string Initials { get; } = string.Concat(Letters.Where((_, at) => at == 0 || CharacterOf[at] != CharacterOf[at - 1]));
    }

    /// <summary>How two characters sound to each other.</summary>
    internal enum Sound
    {
        /// <summary>Nothing alike.</summary>
        Other,

        /// <summary>Told apart by some: zh and z, n and ng, l and n.</summary>
        Near,

        /// <summary>A reading is the same.</summary>
        Same,
    }

    /// <summary>The units by which a character is looked for: its readings, or itself where it has none. Never 0.</summary>
    internal static ReadOnlySpan<ushort> UnitsOf(char letter) => ReadingsOf[letter] ?? [(ushort)(letter % 60_000 + 1_000)];

    /// <summary>True for a character that has a reading.</summary>
    internal static bool IsRead(char letter) => ReadingsOf[letter] is not null;

    /// <summary>How alike two different characters sound.</summary>
    internal static Sound Compare(char one, char other)
    {
        if (ReadingsOf[one] is not { } ones || ReadingsOf[other] is not { } others)
        {
            return Sound.Other;
        }

        bool near = false;
        foreach (ushort a in ones)
        {
            foreach (ushort b in others)
            {
                if (a == b)
                {
                    return Sound.Same;
                }

                near |= Blurred[a - 1] == Blurred[b - 1];
            }
        }

        return near ? Sound.Near : Sound.Other;
    }

    /// <summary>The syllables of one character; empty where it has none.</summary>
    internal static IEnumerable<string> Readings(char letter) => (ReadingsOf[letter] ?? []).Select(static unit => Syllables[unit - 1]);

    /// <summary>The ways to write a folded name in letters; the usual one is among them.</summary>
    internal static IReadOnlyList<Spelling> Spell(string name)
    {
        List<(string Letters, List<int> At)> spellings = [("", [])];
        for (int i = 0; i < name.Length; i++)
        {
            string[] readings = IsRead(name[i]) ? [.. Readings(name[i])] : char.IsAsciiLetterOrDigit(name[i]) ? [name[i].ToString()] : [""];
            int at = i;
            spellings = [.. spellings.SelectMany(
                _ => readings, (begun, reading) => (begun.Letters + reading, (List<int>)[.. begun.At, .. Enumerable.Repeat(at, reading.Length)])).Take(MostSpellings)];
        }

        return [.. spellings.Where(static spelling => spelling.Letters.Length > 0).Select(static spelling => new Spelling(spelling.Letters, [.. spelling.At]))];
    }

    /// <summary>A syllable without what speakers of the region mix up.</summary>
    private static string Blur(string syllable)
    {
        string blurred = syllable.Replace("zh", "z", StringComparison.Ordinal).Replace("ch", "c", StringComparison.Ordinal).Replace("sh", "s", StringComparison.Ordinal);
        blurred = blurred.EndsWith("ng", StringComparison.Ordinal) ? blurred[..^1] : blurred;
        return blurred[0] == 'l' ? "n" + blurred[1..] : blurred;
    }

    private static IEnumerable<ushort> GroupIds(this IEnumerable<string> keys)
    {
        var ids = new Dictionary<string, ushort>(StringComparer.Ordinal);
        foreach (string key in keys)
        {
            ids.TryAdd(key, (ushort)ids.Count);
            yield return ids[key];
        }
    }

    private static IEnumerable<(string Syllable, string Characters)> Table() =>
        Resources.Lines("pinyin.tsv").Select(static line => line.Split('\t')).Select(static cells => (cells[0], cells[1]));

    private static ushort[]?[] Read()
    {
        var readings = new ushort[]?[char.MaxValue + 1];
        foreach ((int index, (string _, string characters)) in Table().Index())
        {
            foreach (char letter in characters)
            {
                readings[letter] = [.. readings[letter] ?? [], (ushort)(index + 1)];
            }
        }

        return readings;
    }
}
