using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Places;

/// <summary>The place of a call, as the call taker types it.</summary>
public sealed class SearchTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task An_address_is_found_by_street_and_number()
    {
        PlaceFound found = (await SearchAsync("黄河路100号"))[0];
        Assert.Equal(("address", "黄河路100号"), (found.Kind, found.Name));
        Assert.InRange(found.Lon, 118.05, 119.20);
        Assert.InRange(found.Lat, 36.92, 38.12);
        Assert.True(found.Synthetic);
    }

    [Theory]
    [InlineData("黄河路100")]
    [InlineData("黄河路 100 号")]
    [InlineData("黄河路１００号")]
    public async Task The_same_address_typed_otherwise_is_the_same(string typed) =>
        Assert.Equal("黄河路100号", (await SearchAsync(typed))[0].Name);

    [Fact]
    public async Task A_street_is_found_by_its_name()
    {
        PlaceFound[] found = await SearchAsync("济南路");
        Assert.Equal(("street", "济南路"), (found[0].Kind, found[0].Name));
    }

    [Fact]
    public async Task A_town_comes_before_the_streets_and_villages_named_after_it()
    {
        string town = (await server.Database.ListAsync<string>("SELECT name FROM city.place WHERE kind = 'town' AND name LIKE '%镇' ORDER BY id LIMIT 1"))[0];
        PlaceFound[] found = await SearchAsync(town[..^1]);
        Assert.Equal(("place", town), (found[0].Kind, found[0].Name));
    }

    [Fact]
    public async Task Every_prefix_that_one_types_finds_the_street_soon()
    {
        const string typed = "黄河路";
        for (int length = 1; length <= typed.Length; length++)
        {
            PlaceFound[] found = await SearchAsync(typed[..length]);
            Assert.Contains(found, place => place.Name.StartsWith(typed, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_house_number_that_is_not_known_finds_its_neighbours()
    {
        PlaceFound[] found = await SearchAsync("黄河路99999号");
        Assert.Contains(found, place => place.Kind == "address" && place.Name.StartsWith("黄河路", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_equal_names_the_nearest_comes_first()
    {
        PlaceFound[] hospitals = await SearchAsync("医院");
        PlaceFound far = hospitals[^1];
        PlaceFound[] near = await SearchAsync("医院", FormattableString.Invariant($"&lon={far.Lon}&lat={far.Lat}"));
        Assert.Equal(far.Id, near[0].Id);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("' OR 1=1 --")]
    [InlineData("no such place anywhere")]
    public async Task What_is_no_place_finds_nothing_or_little_and_breaks_nothing(string typed)
    {
        Answer answer = await (await server.DispatcherAsync()).GetAsync($"/api/places?q={Uri.EscapeDataString(typed)}");
        Assert.True(answer.Code is null or "places.bad_query", answer.Text);
    }

    private async Task<PlaceFound[]> SearchAsync(string typed, string more = "") =>
        (await (await server.DispatcherAsync()).ReadAsync<PlacesFound>($"/api/places?q={Uri.EscapeDataString(typed)}{more}")).Places;
}
