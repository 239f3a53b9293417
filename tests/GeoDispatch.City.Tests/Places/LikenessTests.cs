using GeoDispatch.City.Places;

namespace GeoDispatch.City.Tests.Places;

public class LikenessTests
{
    [Theory]
    [InlineData("皇河路", "黄河路", "黄山路")] // the same sound before another character
    [InlineData("泰山路", "泰山街", "泰安路")] // another 路 or 街 before another name
    [InlineData("牛庄", "牛庄镇", "牛庄一路")] // what lacks its kind alone before what goes on
    [InlineData("黄黄河路", "黄河路", "黄浦路")] // a key pressed twice
    [InlineData("清小河街", "小清河街", "大清河街")] // two characters swapped
    [InlineData("小学4", "小学4", "小学46")]
    [InlineData("小学46", "小学46", "小学47")]
    [InlineData("人民医院", "市人民医院", "人民公园")]
    [InlineData("第三医院", "第三医院", "第十三医院")]
    public void What_people_mistype_is_liker_what_they_meant_than_another_name(string typed, string meant, string other)
    {
        float likeness = Likeness.Score(false, typed, meant);

        Assert.True(likeness > Likeness.Score(false, typed, other) + 0.02f);
        Assert.True(likeness >= Likeness.Least);
    }

    [Theory]
    [InlineData("黄河路", "济南路")]
    [InlineData("第三医院", "东城小学")]
    public void What_is_another_name_is_not_alike_at_all(string typed, string name) => Assert.Equal(0, Likeness.Score(false, typed, name));

    [Fact]
    public void What_was_meant_is_said_character_by_character()
    {
        Likeness.Match match = Likeness.Explain(false, "皇河路", "黄河路口");
        Assert.Equal([0, 1, 2], match.Matched);
        Assert.Equal((true, false), (match.BySound, match.Mistaken));

        Likeness.Match swapped = Likeness.Explain(false, "清小河街", "小清河街");
        Assert.Equal([0, 1, 2, 3], swapped.Matched.Order());
        Assert.True(swapped.Mistaken);
    }

    [Theory]
    [InlineData("zhang", 8, 1)]
    [InlineData("huanghelu", 9, 3)]
    public void A_name_is_spelled_in_letters_that_know_their_character(string letters, int atLeast, int characters)
    {
        string name = characters == 1 ? "长" : "黄河路";
        Pinyin.Spelling spelling = Assert.Single(Pinyin.Spell(name), one => one.Letters == letters);

        Assert.InRange(spelling.CharacterOf.Distinct().Count(), characters, characters);
        Assert.True(spelling.Letters.Length <= atLeast);
    }

    [Fact]
    public void A_character_that_is_read_in_two_ways_is_found_by_both()
    {
        Assert.Equal(["changanlu", "zhanganlu"], Pinyin.Spell("长安路").Select(static spelling => spelling.Letters).Order());
        Assert.Contains("cal", Pinyin.Spell("长安路").Select(static spelling => spelling.Initials));
    }

    [Theory]
    [InlineData("黄河路 １００號（演示）", "黄河路100号")]
    [InlineData("Rue de l'Église", "ruedeléglise")]
    [InlineData("万航渡路 858 弄", "万航渡路858弄")]
    public void A_name_is_brought_to_one_form(string name, string form) => Assert.Equal(form, PlaceText.Fold(name).Text);

    [Theory]
    [InlineData("一百二十", 120)]
    [InlineData("三十六", 36)]
    [InlineData("十二", 12)]
    [InlineData("一百零五", 105)]
    [InlineData("一二三", 123)]
    [InlineData("88", 88)]
    public void Numbers_are_read_in_either_writing(string written, int number) => Assert.Equal(number, PlaceText.Number(written));

    [Theory]
    [InlineData("西4路", "西四路")]
    [InlineData("第12医院", "第十二医院")]
    [InlineData("郝家30村", "郝家三十村")]
    [InlineData("西四路", null)]
    public void A_digit_stands_for_its_character(string typed, string? written) => Assert.Equal(written, PlaceText.InCharacters(typed));
}
