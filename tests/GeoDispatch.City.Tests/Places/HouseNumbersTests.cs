using GeoDispatch.City.Places;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Tests.Places;

public class HouseNumbersTests
{
    // Even numbers to the north, odd ones to the south, rising eastwards; 106 is missing and 110 is written with a letter.
    private static readonly HouseNumbers street = new(
    [
        (1, 100, "100", new LonLat(118.100, 37.4002)), (2, 104, "104", new LonLat(118.104, 37.4002)), (3, 108, "108", new LonLat(118.108, 37.4002)),
        (4, 110, "110甲", new LonLat(118.110, 37.4002)), (5, 101, "101", new LonLat(118.101, 37.4)), (6, 105, "105", new LonLat(118.105, 37.4)),
    ]);

    [Fact]
    public void A_known_number_is_where_it_stands()
    {
        HouseFound house = street.Find(104).First();

        Assert.Equal((2L, "104", new LonLat(118.104, 37.4002), null), (house.Id!.Value, house.Number, house.At, house.Between));
    }

    [Fact]
    public void A_number_that_is_not_known_is_worked_out_between_those_of_its_own_side()
    {
        HouseFound house = street.Find(106).First();

        Assert.Equal((null, "106", ("104", "108")), (house.Id, house.Number, house.Between));
        Assert.Equal((118.106, 37.4002), (Math.Round(house.At.Lon, 6), house.At.Lat));
        Assert.Contains("105", street.Find(106).Select(static one => one.Number));
    }

    [Fact]
    public void Beyond_the_last_known_number_its_neighbour_is_given_and_nothing_is_worked_out()
    {
        HouseFound house = Assert.Single(street.Find(9_999));

        Assert.Equal((4L, "110甲"), (house.Id!.Value, house.Number));
    }

    [Fact]
    public void The_beginning_of_a_number_finds_those_that_go_on() =>
        Assert.Equal(["100", "101", "104"], street.Find(1).Select(static house => house.Number).Distinct().Order());

    [Fact]
    public void A_kilometre_between_posts_is_on_the_road_and_at_a_post_it_is_the_post()
    {
        var bend = new LonLat(118.1, 37.409);
        (double Km, LonLat At)[] stones = [(1, new LonLat(118.1, 37.4)), (2, new LonLat(118.11, 37.409))];
        var posts = new KmPosts("东西线", "S301", stones, [new Segment(stones[0].At, bend), new Segment(bend, stones[1].At)]);

        Assert.Equal((stones[1].At, true), posts.Find(2));
        (LonLat at, bool isPost) = posts.Find(1.5)!.Value;
        Assert.False(isPost);
        Assert.True(Math.Abs(at.Lon - 118.1) < 1e-9 || Math.Abs(at.Lat - 37.409) < 1e-9, "It lies beside the road.");
        Assert.Null(posts.Find(40));
    }
}
