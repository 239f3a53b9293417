using System.Buffers;

namespace GeoDispatch.City.Places;

/// <summary>
/// How like a name what was typed is, from 0 (not at all) to 1 (the same), and which characters of the name were meant. Optimal string
/// alignment (Damerau 1964, restricted) with costs of its own: a mistake that people make is cheaper than any other. Pure.
/// </summary>
internal static class Likeness
{
    /// <summary>What is less like than this is not what was meant.</summary>
    internal const double Least = 0.55;

    private const float SameSound = 0.35f, NearSound = 0.5f, OtherSuffix = 0.3f, OtherLetter = 0.6f, Other = 1, OtherDigit = 1.3f, Swapped = 0.65f, Repeated = 0.55f, Surplus = 0.9f,
        Missing = 0.7f;

    /// <summary>A name goes on after what was typed, begins before it, or lacks no more than its kind (牛庄 of 牛庄镇).</summary>
    private const float GoesOn = 0.25f, BeginsBefore = 0.4f, KindLeft = 0.08f;

    private static readonly string[] Suffixes = ["路", "街", "道", "巷", "弄", "线", "大道", "大街", "镇", "乡", "村", "区", "县", "市", "街道", "站", "road", "street", "town"];

    /// <summary>How much was alike.</summary>
    /// <param name="Score">0 to 1.</param>
    /// <param name="Matched">The places in the name of the characters that were typed, right or in sound.</param>
    /// <param name="BySound">Characters were taken for others of the same sound.</param>
    /// <param name="Mistaken">Something else was typed otherwise, too much or too little; to end early is no mistake.</param>
    internal readonly record struct Match(float Score, int[] Matched, bool BySound, bool Mistaken);

    /// <summary>How like a name, or the letters of one, what was typed is; 0 where less than <see cref="Least"/>.</summary>
    /// <param name="ofLetters">Both are letters: then nothing sounds like another.</param>
    internal static float Score(bool ofLetters, string typed, string name) => Align(ofLetters, typed, name, explain: false).Score;

    /// <summary>As <see cref="Score"/>, with what was meant.</summary>
    internal static Match Explain(bool ofLetters, string typed, string name) => Align(ofLetters, typed, name, explain: true);

    private static float Cost(bool ofLetters, char typed, char meant, bool last) => (typed, meant) switch
    {
        _ when typed == meant => 0,
        _ when ofLetters => char.IsAsciiDigit(typed) || char.IsAsciiDigit(meant) ? 2 : (typed, meant) is ('l', 'n') or ('n', 'l') ? OtherLetter : Other,
        _ when last && IsWay(typed) && IsWay(meant) => OtherSuffix,
        _ when char.IsAsciiDigit(typed) && char.IsAsciiDigit(meant) => OtherDigit,
        _ => Pinyin.Compare(typed, meant) switch { Pinyin.Sound.Same => SameSound, Pinyin.Sound.Near => NearSound, _ => Other },
    };

    private static bool IsWay(char letter) => letter is '路' or '街' or '道' or '巷' or '线';

    private static bool IsKind(ReadOnlySpan<char> rest)
    {
        foreach (string suffix in Suffixes)
        {
            if (rest.SequenceEqual(suffix))
            {
                return true;
            }
        }

        return false;
    }

    private static float ToPass(char meant) => char.IsAsciiDigit(meant) ? Other : Missing;

    private static Match Align(bool ofLetters, string typed, string name, bool explain)
    {
        (int m, int n) = (typed.Length, name.Length);
        float weight = Math.Max(ofLetters ? m * 0.7f : m, 2.5f), most = (1 - (float)Least) * weight;
        int width = n + 1;
        float[] table = ArrayPool<float>.Shared.Rent((m + 1) * width);
        try
        {
            table[0] = 0;
            for (int j = 1; j <= n; j++)
            {
                table[j] = BeginsBefore + 0.01f * Math.Min(j, 5);
            }

            for (int i = 1; i <= m; i++)
            {
                int row = i * width, above = row - width;
                float least = table[row] = i * Surplus;
                for (int j = 1; j <= n; j++)
                {
                    float best = table[above + j - 1] + Cost(ofLetters, typed[i - 1], name[j - 1], j == n && i == m);
                    best = Math.Min(best, table[above + j] + (i > 1 && typed[i - 1] == typed[i - 2] ? Repeated : Surplus));
                    best = Math.Min(best, table[row + j - 1] + ToPass(name[j - 1]));
                    if (i > 1 && j > 1 && typed[i - 1] == name[j - 2] && typed[i - 2] == name[j - 1])
                    {
                        best = Math.Min(best, table[above - width + j - 2] + Swapped);
                    }

                    table[row + j] = best;
                    least = Math.Min(least, best);
                }

                // It only grows from here; a swap reaches back by two rows, but never for less than its first half cost.
                if (least > most + Surplus)
                {
                    return default;
                }
            }

            (float whole, int end) = (float.PositiveInfinity, n);
            for (int j = 0; j <= n; j++)
            {
                float cost = table[m * width + j] + (j == n ? 0 : IsKind(name.AsSpan(j)) ? KindLeft : GoesOn);
                (whole, end) = cost <= whole ? (cost, j) : (whole, end);
            }

            return whole > most ? default : explain ? Trace(ofLetters, typed, name, table, end, 1 - whole / weight) : new Match(1 - whole / weight, [], false, false);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(table);
        }
    }

    /// <summary>Walks back along the cheapest way.</summary>
    private static Match Trace(bool ofLetters, string typed, string name, float[] table, int end, float score)
    {
        int width = name.Length + 1;
        var matched = new List<int>(typed.Length);
        (bool bySound, bool mistaken) = (false, false);
        for ((int i, int j) = (typed.Length, end); i > 0 && j > 0;)
        {
            float here = table[i * width + j];
            float instead = Cost(ofLetters, typed[i - 1], name[j - 1], j == name.Length && i == typed.Length);
            if (Same(here, table[(i - 1) * width + j - 1] + instead))
            {
                if (instead < Other)
                {
                    matched.Add(j - 1);
                    bySound |= instead is SameSound or NearSound;
                }

                mistaken |= instead is not (0 or SameSound or NearSound);
                (i, j) = (i - 1, j - 1);
            }
            else if (i > 1 && j > 1 && typed[i - 1] == name[j - 2] && typed[i - 2] == name[j - 1] && Same(here, table[(i - 2) * width + j - 2] + Swapped))
            {
                matched.AddRange([j - 1, j - 2]);
                (i, j, mistaken) = (i - 2, j - 2, true);
            }
            else if (Same(here, table[i * width + j - 1] + ToPass(name[j - 1])))
            {
                (j, mistaken) = (j - 1, true);
            }
            else
            {
                (i, mistaken) = (i - 1, true);
            }
        }

        matched.Reverse();
        return new Match(score, [.. matched], bySound, mistaken);

        static bool Same(float a, float b) => Math.Abs(a - b) < 1e-4f;
    }
}
