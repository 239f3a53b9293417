using GeoDispatch.City.Places;
using GeoDispatch.Postgres;

namespace GeoDispatch.City.Tests.Places;

public class PlaceQuestionTests
{
    [Theory]
    [InlineData("黄河路100号", "黄河路", 100)]
    [InlineData("黄河路　１００", "黄河路", 100)]
    [InlineData("黃河路１００號", "黄河路", 100)]
    [InlineData("黄河路第100号3单元201", "黄河路", 100)]
    [InlineData("西4路12#", "西4路", 12)]
    [InlineData("黄河路一百二十号", "黄河路", 120)]
    [InlineData("hhl100hao", "hhl", 100)]
    [InlineData("Rue Grimaldi 12", "ruegrimaldi", 12)]
    [InlineData("12 Rue Grimaldi", "ruegrimaldi", 12)]
    public void A_street_and_a_house_number_are_read_however_they_are_written(string typed, string street, int number) =>
        Assert.Contains(new Reading.House(street, number), Read(typed));

    [Theory]
    [InlineData("西四路")]
    [InlineData("小学")]
    [InlineData("S301 K12+300")]
    public void What_has_no_house_number_is_not_read_as_one(string typed) => Assert.DoesNotContain(Read(typed), static reading => reading is Reading.House);

    [Theory]
    [InlineData("黄河路与西四路交叉口", "黄河路", "西四路")]
    [InlineData("黄河路西四路口", "黄河路", "西四路")]
    [InlineData("黄河路西四路路口", "黄河路", "西四路")]
    [InlineData("黄河路/西四路", "黄河路", "西四路")]
    [InlineData("黄河路 西四路", "黄河路", "西四路")]
    [InlineData("黄河路和西四路的十字路口东北角", "黄河路", "西四路")]
    [InlineData("义和一街和义和三路路口", "义和一街", "义和三路")]
    [InlineData("huanghelu xisilu", "huanghelu", "xisilu")]
    [InlineData("黄河西四路口", "黄河", "西四路")]
    public void Two_streets_are_read_as_a_crossing(string typed, string one, string other) =>
        Assert.Contains(Read(typed), reading => reading is Reading.Crossing crossing && (crossing.One, crossing.Other) == (one, other));

    [Theory]
    [InlineData("S301 K12+300", "s301", 12.3)]
    [InlineData("s301k12300", "s301", 12.3)]
    [InlineData("省道301 12公里", "s301", 12)]
    [InlineData("S301省道12.3公里处", "s301", 12.3)]
    [InlineData("利津北宋镇线 12公里300米", "利津北宋镇线", 12.3)]
    public void A_kilometre_of_a_road_is_read(string typed, string road, double km) =>
        Assert.Contains(Read(typed), reading => reading is Reading.Kilometre stone && stone.Road == road && Math.Abs(stone.Km - km) < 1e-9);

    [Theory]
    [InlineData("", null, null, null, "q")]
    [InlineData("  ", null, null, null, "q")]
    [InlineData("路", 118.5, null, null, "lon")]
    [InlineData("路", 181.0, 37.0, null, "lon")]
    [InlineData("路", null, null, 51, "limit")]
    [InlineData("路", null, null, 0, "limit")]
    public void What_cannot_be_searched_is_refused_by_field(string typed, double? lon, double? lat, int? limit, string field)
    {
        (_, Problem? problem) = PlaceQuestion.Read(typed, lon, lat, limit);

        Assert.Equal(("places.bad_query", 400, field), (problem!.Code, problem.Status, problem.Field));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(1_000_000, false)]
    public void A_question_may_have_a_hundred_characters(int length, bool taken) =>
        Assert.Equal(taken, PlaceQuestion.Read(new string('路', length), null, null, null).Problem is null);

    private static List<Reading> Read(string typed) => [.. PlaceQuestion.Readings(PlaceQuestion.Read(typed, null, null, null).Question!.Text)];
}
