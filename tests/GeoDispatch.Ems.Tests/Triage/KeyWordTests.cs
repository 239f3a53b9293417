using System.Text.Json;
using GeoDispatch.Ems.Triage;

namespace GeoDispatch.Ems.Tests.Triage;

/// <summary>What a caller says raises before the questions end. The console's own matcher is held to the same cases.</summary>
public sealed class KeyWordTests
{
    public sealed record Case(string Text, string? Word, string? Level);

    public static TheoryData<string, string?, string?> Cases
    {
        get
        {
            var cases = new TheoryData<string, string?, string?>();
            foreach (Case one in JsonSerializer.Deserialize<Case[]>(
                File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Triage", "keyword-cases.json")), JsonSerializerOptions.Web)!)
            {
                cases.Add(one.Text, one.Word, one.Level);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_said_raises_and_what_only_sounds_like_it_does_not(string text, string? word, string? level)
    {
        KeyWordHit? hit = KeyWords.Find(KeyWords.Table, text) is [{ } worst, ..] ? worst : null;

        Assert.Equal((word, level), (hit?.Word, hit?.Level));
    }

    [Fact]
    public void It_raises_with_the_keystroke_that_ends_the_word()
    {
        const string Said = "老人倒在地上没有呼吸";

        Assert.Equal(
            Said.Length, Enumerable.Range(1, Said.Length).First(typed => KeyWords.Find(KeyWords.Table, Said[..typed]).Any(static hit => hit.Level == "1")));
    }

    [Fact]
    public void Every_word_of_the_table_raises_to_its_level_when_it_stands_alone() => Assert.All(
        KeyWords.Table.Groups.SelectMany(static group => group.Words.Select(word => (group.Level, Word: word))),
        static one => Assert.Contains(KeyWords.Find(KeyWords.Table, one.Word), hit => hit.Word == one.Word && hit.Level == one.Level));

    [Fact]
    public void Every_level_is_known_and_no_word_stands_twice()
    {
        string[] words = [.. KeyWords.Table.Groups.SelectMany(static group => group.Words)];

        Assert.Equal(words.Distinct(), words);
        Assert.All(KeyWords.Table.Groups, static group => Assert.Contains(group.Level, TriageCodes.Levels));
    }
}
