using System.Text;
using System.Text.Json;

namespace GeoDispatch.Ems.Triage;

/// <summary>Words of a caller that say how bad it is before any question is answered.</summary>
/// <param name="Version">Rises with each change.</param>
/// <param name="NotAfter">Right before any word these take its meaning away: 不是, 没有.</param>
/// <param name="StillAfter">These end like one of those and do not take it away: 是不是.</param>
internal sealed record KeyWordTable(int Version, IReadOnlyList<string> NotAfter, IReadOnlyList<string> StillAfter, IReadOnlyList<KeyWordGroup> Groups);

/// <param name="Level">The level that they ask for.</param>
/// <param name="NotAfter">As the table's, for these words alone: 有 before 没有呼吸 makes it a question.</param>
/// <param name="NotBefore">What makes another word of it: 困难 after 没有呼吸.</param>
/// <param name="Crew">What the crew has to master until a determinant says more: <c>als</c> or <c>bls</c>; null for nobody in particular.</param>
/// <param name="SecondUnit">A second unit goes with the first until a determinant says otherwise.</param>
internal sealed record KeyWordGroup(
    string Level, Bilingual Reason, IReadOnlyList<string> Words, IReadOnlyList<string> NotAfter, IReadOnlyList<string> NotBefore,
    string? Crew = null, bool SecondUnit = false);

/// <param name="Word">As the table has it.</param>
/// <param name="At">Where it stands in the text without spaces.</param>
internal sealed record KeyWordHit(string Level, string Word, Bilingual Reason, int At);

/// <summary>
/// Finds key words in what was typed so far. The console does the same with the same table at each stroke of a key
/// (<c>web/src/triage/keywords.ts</c>); both are held to <c>keyword-cases.json</c>. Simple on purpose: it raises, people decide.
/// </summary>
internal static class KeyWords
{
    /// <summary>The words that come with the program.</summary>
    internal static KeyWordTable Table { get; } = Read();

    /// <summary>The most urgent first; of the same level the first in the text, then the longest.</summary>
    internal static IReadOnlyList<KeyWordHit> Find(KeyWordTable table, string text)
    {
        string said = Plain(text);
        return [.. table.Groups.SelectMany(group => group.Words.SelectMany(word => PlacesOf(Plain(word), said)
                .Where(at => Means(table, group, said[..at], said[(at + Plain(word).Length)..]))
                .Select(at => new KeyWordHit(group.Level, word, group.Reason, at))))
            .OrderBy(static hit => TriageCodes.RankOf(hit.Level)).ThenBy(static hit => hit.At).ThenByDescending(static hit => hit.Word.Length)];
    }

    /// <summary>The group that a word as the table has it belongs to; null where it is in the table no longer.</summary>
    internal static KeyWordGroup? GroupOf(KeyWordTable table, string word) => table.Groups.FirstOrDefault(group => group.Words.Contains(word));

    private static bool Means(KeyWordTable table, KeyWordGroup group, string before, string after) =>
        !group.NotBefore.Any(end => after.StartsWith(Plain(end), StringComparison.Ordinal))
        && (table.StillAfter.Any(start => before.EndsWith(Plain(start), StringComparison.Ordinal))
            || !table.NotAfter.Concat(group.NotAfter).Any(start => before.EndsWith(Plain(start), StringComparison.Ordinal)));

    private static IEnumerable<int> PlacesOf(string word, string text)
    {
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            yield return at;
        }
    }

    /// <summary>Wide letters narrow, small letters of ASCII, no spaces. Punctuation stays: it ends what 不是 speaks of.</summary>
    private static string Plain(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC)
        .Where(static letter => letter is not (' ' or '\t' or '\r' or '\n'))
        .Select(static letter => char.IsAsciiLetterUpper(letter) ? (char)(letter + 32) : letter));

    private static KeyWordTable Read()
    {
        using Stream stream = typeof(KeyWords).Assembly.GetManifestResourceStream("GeoDispatch.Ems.Triage.keywords.json")!;
        return JsonSerializer.Deserialize<KeyWordTable>(stream, JsonSerializerOptions.Web)!;
    }
}
