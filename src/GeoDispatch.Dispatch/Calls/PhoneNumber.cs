using System.Text;
using System.Text.RegularExpressions;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>Telephone numbers in the one form in which they are kept and compared, and as lists may show them.</summary>
public static partial class PhoneNumber
{
    /// <summary>
    /// Digits alone, without the country's 86; another country's keep a plus before them. Null where nothing was sent, or it is no number of
    /// 3 to 20 digits.
    /// </summary>
    internal static string? Normalize(string? said)
    {
        if (said is null || !Form().IsMatch(said))
        {
            return null;
        }

        var digits = new StringBuilder(said.Length);
        foreach (char letter in said)
        {
            if (char.IsAsciiDigit(letter) || (letter == '+' && digits.Length == 0))
            {
                digits.Append(letter);
            }
        }

        string number = digits.ToString();
        number = number.StartsWith("00", StringComparison.Ordinal) ? "+" + number[2..] : number;
        number = number.StartsWith("+86", StringComparison.Ordinal) ? number[3..] : number;
        return number.TrimStart('+').Length is >= 3 and <= 20 ? number : null;
    }

    /// <summary>As lists and incidents show it: <c>138****5521</c>. Of a short one only the last two digits are seen.</summary>
    public static string? Mask(string? number) => number switch
    {
        null => null,
        { Length: >= 10 } => $"{number[..3]}****{number[^4..]}",
        _ => $"****{number[^2..]}",
    };

    [GeneratedRegex(@"^\+?[0-9() -]{3,32}$", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
