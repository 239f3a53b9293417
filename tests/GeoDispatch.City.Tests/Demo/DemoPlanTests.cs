using GeoDispatch.City.Demo;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Tests.Demo;

public class DemoPlanTests
{
    private static readonly DemoPlan Plan = DemoPlan.Make(DemoFacts.Read());

    [Fact]
    public void The_same_city_is_made_each_time()
    {
        DemoPlan again = DemoPlan.Make(DemoFacts.Read());

        Assert.Equal(Plan.Streets, again.Streets);
        Assert.Equal(Plan.Buildings, again.Buildings);
        Assert.Equal(Plan.Pois, again.Pois);
    }

    [Fact]
    public void It_is_as_large_as_a_prefecture_city()
    {
        Assert.InRange(Plan.Streets.Count, 60_000, 120_000);
        Assert.InRange(Plan.Buildings.Count, 40_000, 120_000);
        Assert.InRange(Plan.Addresses.Count, 40_000, 120_000);
        Assert.Equal(26, Plan.Pois.Count(poi => poi.Kind == "ambulance_station"));
        Assert.Equal(12, Plan.Pois.Count(poi => poi.Kind == "hospital"));
        Assert.Equal(14, Plan.Pois.Count(poi => poi.Kind == "fire_station"));
    }

    [Fact]
    public void Five_county_level_units_and_their_towns_bear_their_real_names_and_codes()
    {
        Assert.Equal(
            ["370502 东营区", "370503 河口区", "370505 垦利区", "370522 利津县", "370523 广饶县"],
            Plan.Places.Where(place => place.Kind == "county").Select(place => $"{place.Code} {place.Name}"));
        Assert.Contains(Plan.Places, place => place is { Kind: "town", Code: "370502102", Name: "牛庄镇" });
        Assert.Equal(40, Plan.Places.Count(place => place.Kind == "town"));
    }

    [Fact]
    public void Every_invented_site_says_so_in_its_name() =>
        Assert.All(Plan.Pois, poi => Assert.EndsWith("（演示）", poi.Name, StringComparison.Ordinal));

    [Fact]
    public void Everything_lies_inside_the_extent()
    {
        Assert.All(Plan.Streets, street => Assert.True(DemoPlan.Extent.Contains(street.From) && DemoPlan.Extent.Contains(street.To)));
        Assert.All(Plan.Addresses, address => Assert.True(DemoPlan.Extent.Contains(address.At)));
    }

    [Fact]
    public void No_street_is_without_length() =>
        Assert.All(Plan.Streets, street => Assert.InRange(street.LengthMeters, 10, 3_000));

    [Fact]
    public void An_address_is_given_once_in_a_district() =>
        Assert.Equal(Plan.Addresses.Count, Plan.Addresses.Select(address => (address.District, address.Street, address.Number)).Distinct().Count());

    [Fact]
    public void Some_streets_are_one_way() =>
        Assert.InRange(Plan.Streets.Count(street => street.Oneway) / (double)Plan.Streets.Count, 0.05, 0.25);

    [Fact]
    public void Every_place_can_be_driven_to_from_every_other()
    {
        ILookup<long, long> forward = Edges(reverse: false);
        ILookup<long, long> backward = Edges(reverse: true);
        int all = Plan.Streets.SelectMany(street => new[] { street.FromNode, street.ToNode }).Distinct().Count();

        Assert.Equal(all, Reached(forward, 1));
        Assert.Equal(all, Reached(backward, 1));
    }

    [Fact]
    public void Neighbouring_streets_of_a_core_are_a_block_apart() =>
        Assert.All(
            Plan.Streets.Where(street => street.Name == "黄河路"),
            street => Assert.InRange(Geodesy.DistanceMeters(street.From, street.To), 80, 160));

    private static ILookup<long, long> Edges(bool reverse) => Plan.Streets
        .SelectMany(street => street.Oneway
            ? [(street.FromNode, street.ToNode)]
            : new[] { (street.FromNode, street.ToNode), (street.ToNode, street.FromNode) })
        .ToLookup(edge => reverse ? edge.Item2 : edge.Item1, edge => reverse ? edge.Item1 : edge.Item2);

    private static int Reached(ILookup<long, long> edges, long start)
    {
        var seen = new HashSet<long> { start };
        var waiting = new Stack<long>([start]);
        while (waiting.TryPop(out long node))
        {
            foreach (long next in edges[node].Where(seen.Add))
            {
                waiting.Push(next);
            }
        }

        return seen.Count;
    }

    [Fact]
    public void Highways_have_a_post_at_each_kilometre_from_the_place_that_their_name_begins_with()
    {
        DemoKmPost[] posts = [.. Plan.KmPosts.Where(static post => post.Road == "西城利津快速路")];

        Assert.Equal(Enumerable.Range(1, posts.Length), posts.Select(static post => post.Km));
        Assert.True(Geodesy.DistanceMeters(posts[0].At, DemoPlan.WesternCore) < Geodesy.DistanceMeters(posts[^1].At, DemoPlan.WesternCore));
        Assert.All(posts.Zip(posts.Skip(1)), static pair => Assert.InRange(Geodesy.DistanceMeters(pair.First.At, pair.Second.At), 950, 1_001));
    }
}
