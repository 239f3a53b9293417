using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.City.Places;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Tests.Places;

/// <summary>A step of up to two kilometres, finer than a foot.</summary>
public sealed record Step(double East, double North);

/// <summary>Steps of any length within reach, short ones as often as long.</summary>
public static class Steps
{
    public static Arbitrary<Step> Arbitrary() => Arb.From(
        from reach in Gen.Elements(20, 60, 210, 1_100, 2_000)
        from east in Gen.Choose(-1_000, 1_000)
        from north in Gen.Choose(-1_000, 1_000)
        select new Step(east / 1_000.0 * reach, north / 1_000.0 * reach));
}

/// <summary>A point as one says it over the radio.</summary>
[Properties(Arbitrary = [typeof(Steps)], MaxTest = 2_000)]
public sealed class PlaceWordsTests
{
    private static readonly LonLat Anchor = new(118.6, 37.44);
    private static readonly Surroundings Nothing = new(false, new AreaName("1", "东营区", "Dongying District"), new AreaName("2", "史口镇", "Shikou"), null, null, null, null, null);

    private static readonly Surroundings ByCrossing = Nothing with
    {
        Crossing = new NearCrossing(["西四路", "黄河路"], ["Xisi Road", "Huanghe Road"], Anchor.Lon, Anchor.Lat),
    };

    private static readonly Surroundings ByVillage = Nothing with { Landmark = new NearLandmark("village", "青坨村", "Qingtuo", Anchor.Lon, Anchor.Lat) };

    [Property]
    public void What_is_said_leads_back_to_the_point_within_the_rounding(Step step)
    {
        Reference? from = PlaceWords.Of(At(step), ByVillage).From;
        if (from is null)
        {
            Assert.True(Length(step) > 2_990);
            return;
        }

        // On the flat map that the step was drawn on; it and the globe differ by less than a metre here.
        double angle = Array.IndexOf(["北", "东北", "东", "东南", "南", "西南", "西", "西北"], from.Direction) * Math.PI / 4;
        (double east, double north) = from.Direction is null ? (0, 0) : (from.Meters * Math.Sin(angle), from.Meters * Math.Cos(angle));
        double rounding = from.Direction is null ? 15 : Length(step) switch { < 199 => 5, < 999 => 25, _ => 50 };
        // Half of the eighth of a circle to either side, and the rounding of the distance.
        double most = 2 * Length(step) * Math.Sin(Math.PI / 16) + rounding + 1;
        Assert.InRange(Math.Sqrt(Math.Pow(east - step.East, 2) + Math.Pow(north - step.North, 2)), 0, most);
        Assert.InRange(Math.Abs(from.Meters - Length(step)), 0, rounding + 1);
    }

    [Property]
    public void The_words_say_what_the_reference_has(Step step)
    {
        NamedPlace place = PlaceWords.Of(At(step), ByVillage);
        Assert.StartsWith(place.From is { Direction: { } direction } ? $"青坨村{direction}约 " : place.From is null ? "史口镇" : "青坨村", place.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_on_a_crossing_is_no_metre_from_it_and_in_no_direction()
    {
        NamedPlace place = PlaceWords.Of(Anchor, ByCrossing);
        Assert.Equal(("crossing", "西四路与黄河路口", "at the crossing of Xisi Road and Huanghe Road"), (place.Kind, place.Name, place.NameEn));
        Assert.Equal((0, null), (place.From!.Meters, place.From.Direction));
    }

    [Theory]
    [InlineData(122, 3, "西四路与黄河路口东 120 米", "120 m east of the crossing of Xisi Road and Huanghe Road")]
    [InlineData(-60, 60, "西四路与黄河路口西北 80 米", "80 m north-west of the crossing of Xisi Road and Huanghe Road")]
    [InlineData(0, -283, "西四路与黄河路口南 300 米", "300 m south of the crossing of Xisi Road and Huanghe Road")]
    [InlineData(0, 310, "史口镇", "Shikou")]
    public void A_crossing_is_said_with_direction_and_distance_as_far_as_it_helps(double east, double north, string said, string english)
    {
        NamedPlace place = PlaceWords.Of(At(new Step(east, north)), ByCrossing);
        Assert.Equal((said, english), (place.Name, place.NameEn));
    }

    [Theory]
    [InlineData(29, "address", "黄河路100号")]
    [InlineData(31, "crossing", "西四路与黄河路口东 30 米")]
    public void An_address_comes_first_within_thirty_metres(double east, string kind, string said)
    {
        NamedPlace place = PlaceWords.Of(At(new Step(east, 0)), ByCrossing with { Address = new NearAddress("黄河路100号", "黄河路", "100", Anchor.Lon, Anchor.Lat) });
        Assert.Equal((kind, said), (place.Kind, place.Name));
    }

    [Fact]
    public void Far_from_every_crossing_the_road_and_its_own_nearest_crossing_are_said()
    {
        NamedPlace place = PlaceWords.Of(At(new Step(810, 20)), ByVillage with
        {
            Road = new NearRoad("黄河路", "Huanghe Road", ["西四路", "黄河路"], ["Xisi Road", "Huanghe Road"], Anchor.Lon, Anchor.Lat),
        });
        Assert.Equal(("road", "沿黄河路,距西四路口东约 800 米", "On Huanghe Road, about 800 m east of Xisi Road"), (place.Kind, place.Name, place.NameEn));
    }

    [Theory]
    [InlineData(1_310, 5, "km", "荣乌高速 K513+300 附近", "G18 near km 513.3")]
    [InlineData(2_004, 5, "km", "荣乌高速 K514+000 附近", "G18 near km 514.0")]
    [InlineData(2_340, 5, "km", "荣乌高速 K514+300 附近", "G18 near km 514.3")]
    [InlineData(980, 5, "road", "沿荣乌高速,距互通立交路口东约 1 公里", "On Rongwu Expressway, about 1 km east of Interchange")]
    [InlineData(210, 5, "crossing", "互通立交与荣乌高速路口东 200 米", "200 m east of the crossing of Interchange and Rongwu Expressway")]
    [InlineData(5_100, 5, "road", "沿荣乌高速,距互通立交路口东约 5.1 公里", "On Rongwu Expressway, about 5.1 km east of Interchange")]
    public void On_a_road_with_posts_the_kilometre_is_said_but_not_near_its_crossings_nor_far_from_every_post(
        double east, double north, string kind, string said, string english)
    {
        // One post on either side at 513, as motorways have them, one of another road that shares the way, and a gap behind 514.
        KmPostNear Post(double km, double at, string reference = "G18") => new("荣乌高速", reference, km, At(new Step(at, 0)).Lon, Anchor.Lat);
        LonLat point = At(new Step(east, north));
        NamedPlace place = PlaceWords.Of(point, ByCrossing with
        {
            Crossing = new NearCrossing(["互通立交", "荣乌高速"], ["Interchange", "Rongwu Expressway"], Anchor.Lon, Anchor.Lat),
            Road = new NearRoad("荣乌高速", "Rongwu Expressway", ["互通立交", "荣乌高速"], ["Interchange", "Rongwu Expressway"], Anchor.Lon, Anchor.Lat),
            Posts = [.. new[] { Post(513, 1_000), Post(513, 1_001), Post(514, 2_000), Post(7, 1_900, "S7"), Post(520, 8_000) }
                .OrderBy(post => Geodesy.DistanceMeters(new LonLat(post.Lon, post.Lat), point))],
        });
        Assert.Equal((kind, said, english), (place.Kind, place.Name, place.NameEn));
    }

    [Theory]
    [InlineData(0, 1_180, "village", "青坨村北约 1.2 公里", "about 1.2 km north of Qingtuo")]
    [InlineData(0, 3_010, "town", "史口镇", "Shikou")]
    public void Away_from_roads_a_village_within_reach_else_the_town(double east, double north, string kind, string said, string english)
    {
        NamedPlace place = PlaceWords.Of(At(new Step(east, north)), ByVillage);
        Assert.Equal((kind, said, english), (place.Kind, place.Name, place.NameEn));
    }

    [Fact]
    public void Outside_of_the_city_that_is_said_and_no_village_of_it()
    {
        NamedPlace place = PlaceWords.Of(Anchor, ByVillage with { District = null, Town = null, Border = new NearBorder("垦利区", "Kenli District", 3_210) });
        Assert.Equal(("outside", "市界外,距垦利区界约 3.2 公里", 3_200), (place.Kind, place.Name, place.OutsideMeters));
        Assert.Null(place.From);
        Assert.Equal(
            "西四路与黄河路口（市界外约 3.2 公里）",
            PlaceWords.Of(Anchor, ByCrossing with { District = null, Town = null, Border = new NearBorder("垦利区", "Kenli District", 3_210) }).Name);
    }

    [Fact]
    public void Where_nothing_is_known_the_coordinates_are_true() =>
        Assert.Equal("118.60000, 37.44000", PlaceWords.Of(Anchor, Nothing with { District = null, Town = null }).Name);

    [Theory]
    [InlineData(4, 0)]
    [InlineData(66, 70)]
    [InlineData(195, 200)]
    [InlineData(224, 200)]
    [InlineData(226, 250)]
    [InlineData(980, 1_000)]
    [InlineData(1_249, 1_200)]
    public void Distances_are_rounded_as_people_do(double meters, double said) => Assert.Equal(said, PlaceWords.Rounded(meters));

    [Theory]
    [InlineData("西四路与府前街口", "西四路", "府前街")]
    [InlineData("东城快速路与垦利线路口", "东城快速路", "垦利线")]
    [InlineData("Rue Grimaldi 与 Rue Suffren 路口", "Rue Grimaldi", "Rue Suffren")]
    [InlineData("西四路口", "西四路")]
    public void A_crossing_has_one_name(string name, params string[] streets) => Assert.Equal(name, PlaceWords.Crossing(streets));

    private static LonLat At(Step step) => new(
        Anchor.Lon + step.East / (Geodesy.EarthRadiusMeters * Math.Cos(Anchor.Lat * Math.PI / 180)) * 180 / Math.PI,
        Anchor.Lat + step.North / Geodesy.EarthRadiusMeters * 180 / Math.PI);

    private static double Length(Step step) => Math.Sqrt(step.East * step.East + step.North * step.North);
}
