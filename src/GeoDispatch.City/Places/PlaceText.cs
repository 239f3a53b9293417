using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GeoDispatch.City.Import;

namespace GeoDispatch.City.Places;

/// <summary>A text in the one form in which names and questions are compared, and where each of its characters stood.</summary>
/// <param name="Text">One width, lower case, simplified characters; no spaces, no （演示）.</param>
/// <param name="From">For each character of <paramref name="Text"/> its index in the text as it was.</param>
internal sealed record Folded(string Text, int[] From);

/// <summary>Brings texts to one form. Pure but for the one reading of its table.</summary>
internal static partial class PlaceText
{
    // Unihan: one simplified form, which is not the character itself (乾 stays 乾).
    private static readonly Dictionary<char, char> Simplified = Resources.Lines("traditional.txt").ToDictionary(static pair => pair[0], static pair => pair[1]);
    private const string Digits = "零一二三四五六七八九";

    /// <summary>The form of a name. The note that a name is synthetic is nothing that people type.</summary>
    internal static Folded Fold(string name)
    {
        int end = Synthetic().Match(name) is { Success: true } note ? note.Index : name.Length;
        var text = new StringBuilder(end);
        var from = new List<int>(end);
        for (int i = 0; i < end; i++)
        {
            foreach (char letter in name.AsSpan(i, 1).ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant())
            {
                if (!char.IsWhiteSpace(letter) && letter is not ('·' or '\'' or '’' or '.' or '-'))
                {
                    text.Append(Simplify(letter));
                    from.Add(i);
                }
            }
        }

        return new Folded(text.ToString(), [.. from]);
    }

    /// <summary>As <see cref="Fold"/>, spaces and signs left in: they may divide one name from the next.</summary>
    internal static string FoldQuestion(string typed) => Spaces().Replace(
        string.Concat(typed.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Where(static letter => !char.IsControl(letter) && letter is not '\\').Select(Simplify)), " ").Trim();

    /// <summary>西4路 as 西四路: Arabic numbers up to 99 in characters; null where there are none.</summary>
    internal static string? InCharacters(string text)
    {
        string changed = Numbers().Replace(text, static number => Characters(int.Parse(number.ValueSpan, CultureInfo.InvariantCulture)));
        return changed == text ? null : changed;
    }

    /// <summary>小学四十六 as 小学46; null where there are no such numbers.</summary>
    internal static string? InDigits(string text)
    {
        string changed = Numerals().Replace(text, static numeral => Number(numeral.Value) is { } value ? value.ToString(CultureInfo.InvariantCulture) : numeral.Value);
        return changed == text ? null : changed;
    }

    /// <summary>What 一百二十 or 36 says; null where it is no number below 100,000.</summary>
    internal static int? Number(string numeral)
    {
        if (int.TryParse(numeral, NumberStyles.None, CultureInfo.InvariantCulture, out int plain))
        {
            return plain < 100_000 ? plain : null;
        }

        (int sum, int digit) = (0, -1);
        foreach (char letter in numeral.Replace('两', '二').Replace('〇', '零'))
        {
            int value = Digits.IndexOf(letter, StringComparison.Ordinal);
            int unit = letter switch { '十' => 10, '百' => 100, '千' => 1_000, _ => 0 };
            if (value < 0 && unit == 0)
            {
                return null;
            }

            // 一二三 read digit by digit; 一百零五 by its units.
            (sum, digit) = unit > 0 ? (sum + (digit < 0 ? 1 : digit) * unit, 0) : (digit > 0 ? (sum + digit) * 10 : sum, value);
        }

        return sum + Math.Max(digit, 0) is var total and < 100_000 ? total : null;
    }

    private static string Characters(int value) => value switch
    {
        < 10 => Digits[value].ToString(),
        < 100 => (value < 20 ? "" : Digits[value / 10].ToString()) + "十" + (value % 10 == 0 ? "" : Digits[value % 10].ToString()),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static char Simplify(char letter) => Simplified.GetValueOrDefault(letter, letter);

    [GeneratedRegex(@"\s*[（(](演示|demo)[）)]\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex Synthetic();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Spaces();

    [GeneratedRegex("(?<![0-9])[1-9][0-9]?(?![0-9])", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Numbers();

    [GeneratedRegex("[零一二三四五六七八九十百]+", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Numerals();
}
