using GeoDispatch.City.Demo;

namespace GeoDispatch.City.Tests.Demo;

public class StreetNamesTests
{
    [Theory]
    [InlineData(1, "一")]
    [InlineData(10, "十")]
    [InlineData(14, "十四")]
    [InlineData(20, "二十")]
    [InlineData(84, "八十四")]
    public void Numbers_are_written_as_people_say_them(int number, string said) => Assert.Equal(said, StreetNames.Number(number));

    [Fact]
    public void Eighty_four_streets_have_eighty_four_names()
    {
        Assert.Equal(84, Enumerable.Range(0, 84).Select(StreetNames.West).Distinct().Count());
        Assert.Equal(84, Enumerable.Range(0, 84).Select(StreetNames.East).Distinct().Count());
    }
}
