namespace GeoDispatch.City.Places;

/// <summary>A note in two languages on how a place was found, or how sure it is.</summary>
/// <param name="Code">Stable: sound, pinyin, initials, alias, old, short, english, likeness, category; between, near, street, posts.</param>
internal sealed record PlaceNote(string Code, string Zh, string En);

/// <summary>A name of something, in the forms that it is looked for by.</summary>
/// <param name="Of">Index of what bears the name.</param>
/// <param name="Kind">name, alias, old, short or english.</param>
/// <param name="Shown">As a person writes it.</param>
internal sealed record NameForm(int Of, string Kind, string Shown, Folded Name, IReadOnlyList<Pinyin.Spelling> Spellings);

/// <summary>A name that was meant.</summary>
/// <param name="Score">0 to 1, 1 as it is written.</param>
/// <param name="Typed">What was compared with the name, or with <paramref name="Spelling"/>.</param>
/// <param name="Spelling">Null where characters were compared.</param>
internal sealed record NameFound(NameForm Form, double Score, string Typed, Pinyin.Spelling? Spelling, bool ByInitials)
{
    internal int Of => Form.Of;

    /// <summary>Which characters of the shown name were meant, none where another name was; and why it was found. Worked out when it is asked for.</summary>
    internal (IReadOnlyList<int> Matched, PlaceNote? Why) Explain()
    {
        Likeness.Match match = ByInitials ? new Likeness.Match(1, [.. Enumerable.Range(0, Typed.Length)], false, false)
            : Likeness.Explain(Spelling is not null, Typed, Spelling?.Letters ?? Form.Name.Text);
        PlaceNote? why = Form.Kind switch
        {
            "old" => new PlaceNote("old", $"旧名: {Form.Shown}", $"Old name: {Form.Shown}"),
            "short" => new PlaceNote("short", $"简称: {Form.Shown}", $"Short for: {Form.Shown}"),
            "alias" => new PlaceNote("alias", $"别名: {Form.Shown}", $"Also: {Form.Shown}"),
            "english" => new PlaceNote("english", Form.Shown, Form.Shown),
            _ when ByInitials => new PlaceNote("initials", "首字母", "Initials"),
            _ when match.Mistaken => new PlaceNote("likeness", "相近", "Similar"),
            _ when Spelling is not null && Form.Name.Text.Any(Pinyin.IsRead) => new PlaceNote("pinyin", "拼音", "Pinyin"),
            _ => match.BySound ? new PlaceNote("sound", "同音", "Sounds alike") : null,
        };
        IEnumerable<int> characters = Spelling is { } spelling && !ByInitials ? match.Matched.Select(letter => spelling.CharacterOf[letter]).Distinct() : match.Matched;
        return (Form.Kind == "name" ? [.. characters.Where(at => at < Form.Name.From.Length).Select(at => Form.Name.From[at])] : [], why);
    }
}
