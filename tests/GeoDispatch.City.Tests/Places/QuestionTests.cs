using GeoDispatch.City.Places;
using GeoDispatch.Postgres;

namespace GeoDispatch.City.Tests.Places;

public class QuestionTests
{
    [Theory]
    [InlineData("黄河路100号", "黄河路100号", "黄河路", 100)]
    [InlineData("黄河路　１００", "黄河路100", "黄河路", 100)]
    [InlineData("西四路", "西四路", null, 0)]
    [InlineData("100%_人民医院", "100人民医院", null, 0)]
    public void Words_are_brought_to_one_form(string typed, string form, string? street, int number)
    {
        (SearchPlaces.Question? question, Problem? problem) = SearchPlaces.Question.Read(typed, null, null, null);

        Assert.Null(problem);
        Assert.Equal((form, street, number), (question!.Form, question.Street, question.Number));
    }

    [Theory]
    [InlineData("", null, null, null, "q")]
    [InlineData("  ", null, null, null, "q")]
    [InlineData("路", 118.5, null, null, "lon")]
    [InlineData("路", 181.0, 37.0, null, "lon")]
    [InlineData("路", null, null, 51, "limit")]
    public void What_cannot_be_searched_is_refused_by_field(string typed, double? lon, double? lat, int? limit, string field)
    {
        (_, Problem? problem) = SearchPlaces.Question.Read(typed, lon, lat, limit);

        Assert.Equal(("places.bad_query", 400, field), (problem!.Code, problem.Status, problem.Field));
    }
}
