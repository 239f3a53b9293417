using System.Buffers;

namespace GeoDispatch.City.Places;

/// <summary>
/// Finds names by characters, by their sound, by pinyin and by initials. Candidates come from lists of who has which syllable, pair of
/// syllables or three letters; <see cref="Likeness"/> has the last word. Filled once, then read by many at a time.
/// </summary>
internal sealed class NameIndex
{
    /// <summary>So many cells of alignment a question may cost: less than a millisecond.</summary>
    private const int MostCells = 15_000;

    private const double GoodEnough = 0.9;

    private readonly List<NameForm> forms = [];
    private readonly Dictionary<uint, List<int>> bySyllables = [], byLetters = [];
    private readonly List<(string Initials, int Form)> initials = [];

    /// <summary>How many names there are to find.</summary>
    internal int Count => forms.Count;

    /// <summary>Adds a name of something.</summary>
    /// <param name="kind">name, alias, old, short or english.</param>
    internal void Add(int of, string kind, string shown)
    {
        Folded name = PlaceText.Fold(shown);
        if (name.Text.Length is 0 or > 60)
        {
            return;
        }

        int index = forms.Count;
        IReadOnlyList<Pinyin.Spelling> spellings = Pinyin.Spell(name.Text);
        forms.Add(new NameForm(of, kind, shown, name, spellings));
        foreach (uint key in SyllableKeys(name.Text).Distinct())
        {
            List(bySyllables, key).Add(index);
        }

        foreach (uint key in spellings.SelectMany(static spelling => LetterKeys(spelling.Letters)).Distinct())
        {
            List(byLetters, key).Add(index);
        }

        if (name.Text.Any(Pinyin.IsRead))
        {
            initials.AddRange(spellings.Select(static spelling => spelling.Initials).Distinct().Select(letters => (letters, index)));
        }
    }

    /// <summary>After the last name was added.</summary>
    internal void Close() => initials.Sort(static (a, b) => string.CompareOrdinal(a.Initials, b.Initials));

    /// <summary>What the words may mean, each thing once by its best name, the likeliest first.</summary>
    /// <param name="text">Folded.</param>
    internal IReadOnlyList<NameFound> Find(string text)
    {
        var best = new Dictionary<int, NameFound>();
        bool spelled = text.Any(char.IsAsciiLetter);
        foreach (Func<string, string?> form in (Func<string, string?>[])[static same => same, PlaceText.InCharacters, PlaceText.InDigits])
        {
            // Numbers are written otherwise only where they are not found as they stand.
            if (!best.Values.Any(static found => found.Score > GoodEnough) && form(text) is { } typed)
            {
                (spelled ? (Action<string, Dictionary<int, NameFound>>)FindLetters : FindCharacters)(typed, best);
            }
        }

        return [.. best.Values.OrderByDescending(static found => found.Score)];
    }

    private void FindCharacters(string typed, Dictionary<int, NameFound> best)
    {
        foreach (int index in Candidates(SyllableKeys(typed), bySyllables, typed.Length))
        {
            NameForm form = forms[index];
            Keep(best, form, Likeness.Score(false, typed, form.Name.Text), typed, null, false);
        }
    }

    private void FindLetters(string typed, Dictionary<int, NameFound> best)
    {
        // 华shanjie: what is written in characters is looked for by its sound, too.
        foreach (Pinyin.Spelling letters in Pinyin.Spell(typed).Take(2))
        {
            foreach (int index in Candidates(LetterKeys(letters.Letters), byLetters, letters.Letters.Length))
            {
                NameForm form = forms[index];
                // What is written in letters itself comes before what only sounds so.
                float worth = form.Name.Text.Any(Pinyin.IsRead) ? 0.98f : 1;
                foreach (Pinyin.Spelling spelling in form.Spellings)
                {
                    Keep(best, form, worth * Likeness.Score(true, letters.Letters, spelling.Letters), letters.Letters, spelling, false);
                }
            }

            FindInitials(letters.Letters, best);
        }
    }

    private void FindInitials(string letters, Dictionary<int, NameFound> best)
    {
        int at = initials.BinarySearch((letters, -1), Comparer<(string Initials, int)>.Create(static (a, b) => string.CompareOrdinal(a.Initials, b.Initials)));
        for (at = at < 0 ? ~at : at; at > 0 && initials[at - 1].Initials == letters; at--)
        {
        }

        for (int taken = 0; at < initials.Count && taken < 500 && initials[at].Initials.StartsWith(letters, StringComparison.Ordinal); at++, taken++)
        {
            bool whole = initials[at].Initials.Length == letters.Length;
            Keep(best, forms[initials[at].Form], whole ? 0.93f : letters.Length > 1 ? 0.72f : 0.6f, letters, null, true);
        }
    }

    /// <summary>Those who have the most of what was typed, rare things counting more; as many as may be compared in time.</summary>
    private List<int> Candidates(IEnumerable<uint> keys, Dictionary<uint, List<int>> lists, int length)
    {
        float[] scores = ArrayPool<float>.Shared.Rent(forms.Count);
        scores.AsSpan(0, forms.Count).Clear();
        var having = new List<int>();
        try
        {
            float most = 0;
            foreach (uint key in keys.Distinct())
            {
                if (!lists.TryGetValue(key, out List<int>? list))
                {
                    continue;
                }

                float weight = MathF.Log(1 + (float)forms.Count / list.Count);
                foreach (int index in list)
                {
                    if (scores[index] == 0)
                    {
                        having.Add(index);
                    }

                    most = Math.Max(most, scores[index] += weight);
                }
            }

            List<int> likely = having.FindAll(index => scores[index] >= 0.35f * most);
            int atMost = Math.Clamp(MostCells / (length * (length + 3)), 100, 4_000);
            if (likely.Count > atMost)
            {
                likely.Sort((a, b) => scores[b].CompareTo(scores[a]));
                likely.RemoveRange(atMost, likely.Count - atMost);
            }

            return likely;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private static void Keep(Dictionary<int, NameFound> best, NameForm form, float likeness, string typed, Pinyin.Spelling? spelling, bool byInitials)
    {
        double score = likeness - (form.Kind switch { "name" => 0, "english" => 0.01, _ => 0.02 });
        if (score >= Likeness.Least && !(best.TryGetValue(form.Of, out NameFound? known) && known.Score >= score))
        {
            best[form.Of] = new NameFound(form, score, typed, spelling, byInitials);
        }
    }

    private static IEnumerable<uint> SyllableKeys(string text)
    {
        // Pairs with what stands before, 0 at the beginning; and each alone, as a pair with 0 after it.
        ushort[] before = [0];
        foreach (char letter in text)
        {
            ushort[] here = Pinyin.UnitsOf(letter).ToArray();
            foreach (ushort unit in here)
            {
                yield return (uint)unit << 16;
                foreach (ushort former in before)
                {
                    yield return ((uint)former << 16) | unit;
                }
            }

            before = here;
        }
    }

    private static IEnumerable<uint> LetterKeys(string letters)
    {
        string framed = "^^" + letters;
        for (int at = 0; at + 3 <= framed.Length; at++)
        {
            yield return ((uint)framed[at] << 16) | ((uint)framed[at + 1] << 8) | framed[at + 2];
        }
    }

    private static List<int> List(Dictionary<uint, List<int>> lists, uint key)
    {
        if (!lists.TryGetValue(key, out List<int>? list))
        {
            lists[key] = list = [];
        }

        return list;
    }
}
