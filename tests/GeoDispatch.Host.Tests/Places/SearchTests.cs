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
    [InlineData("huanghelu", "pinyin", "拼音")]
    [InlineData("hhl", "initials", "首字母")]
    [InlineData("皇河路", "sound", "同音")]
    public async Task A_place_says_why_it_was_found_and_which_characters_were_meant(string typed, string code, string chinese)
    {
        PlaceFound found = (await SearchAsync(typed))[0];
        Assert.Equal(("黄河路", code, chinese), (found.Name, found.Why!.Code, found.Why.Zh));
        Assert.Equal([0, 3], Assert.Single(found.Highlights));
    }

    [Fact]
    public async Task A_name_as_it_is_written_needs_no_reason()
    {
        PlaceFound found = (await SearchAsync("黄河路"))[0];
        Assert.Equal((null, null, "exact"), (found.Why, found.Note, found.Certainty));
    }

    [Fact]
    public async Task An_old_name_finds_what_bears_another_now()
    {
        PlaceFound found = (await SearchAsync("胜利大街100号"))[0];
        Assert.Equal(("address", "黄河路100号", "旧名: 胜利大街"), (found.Kind, found.Name, found.Why!.Zh));
    }

    [Fact]
    public async Task A_crossing_is_one_place_from_whichever_street_it_is_said()
    {
        PlaceFound one = (await SearchAsync("黄河路与西四路交叉口"))[0], other = (await SearchAsync("西四路/黄河路"))[0];
        Assert.Equal(("crossing", one.Id), (one.Kind, other.Id));
        Assert.Equal(2, one.Highlights.Length);
    }

    [Fact]
    public async Task A_house_number_between_two_known_ones_is_worked_out_and_says_so()
    {
        PlaceFound low = (await SearchAsync("渤海街144号"))[0], high = (await SearchAsync("渤海街148号"))[0], found = (await SearchAsync("渤海街146号"))[0];
        Assert.Equal(("渤海街146号", "interpolated", "推算门牌: 144–148 之间"), (found.Name, found.Certainty, found.Note!.Zh));
        Assert.Equal((low.Lon + high.Lon) / 2, found.Lon, 1e-9);
    }

    [Fact]
    public async Task A_kilometre_is_at_its_post_or_between_two()
    {
        PlaceFound at = (await SearchAsync("S301 K2"))[0], next = (await SearchAsync("s301 3公里"))[0], between = (await SearchAsync("S301 K2+500"))[0];
        Assert.Equal(("km", "S301 西城东城快速路 K2+000", "exact"), (at.Kind, at.Name, at.Certainty));
        Assert.Equal(("S301 西城东城快速路 K2+500", "interpolated"), (between.Name, between.Certainty));
        Assert.InRange(between.Lon, Math.Min(at.Lon, next.Lon), Math.Max(at.Lon, next.Lon));
    }

    [Fact]
    public async Task The_distance_is_from_the_point_that_was_given()
    {
        PlaceFound far = (await SearchAsync("第十一医院"))[0];
        Assert.Null(far.Meters);
        Assert.InRange((await SearchAsync("第十一医院", FormattableString.Invariant($"&lon={far.Lon}&lat={far.Lat + 0.01}")))[0].Meters!.Value, 1_100, 1_120);
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
