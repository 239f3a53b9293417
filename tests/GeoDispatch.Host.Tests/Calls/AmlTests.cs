using System.Globalization;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary>Where telephones say that they are, beside their calls.</summary>
public sealed class AmlTests(CallCentre centre) : IClassFixture<CallCentre>
{
    public sealed record Receipt(bool HasPlace, Guid? CallId);

    [Fact]
    public async Task The_place_of_a_telephone_joins_its_open_call_and_the_newest_counts()
    {
        string number = CallCentre.NewNumber();
        Call call = await centre.RingAsync(number);
        DateTimeOffset now = CallCentre.Now;
        Assert.Equal(call.Id, (await SendAsync(number, Text(118.5, 37.4, 35, now.AddSeconds(-20)))).Read<Receipt>().CallId);
        Assert.Equal(call.Id, (await SendAsync(number, Text(118.6, 37.5, 900, now.AddSeconds(-40)))).Read<Receipt>().CallId);

        CallDetail detail = await centre.Desk.ReadAsync<CallDetail>($"/api/calls/{call.Id}");
        Assert.Equal((118.5, 37.4, 35.0, "aml"), (detail.Call.Place!.Lon, detail.Call.Place.Lat, detail.Call.Place.UncertaintyMeters, detail.Call.Place.By));
        Assert.Equal(["callRang", "callerLocated", "callerLocated"], detail.Timeline.Select(entry => entry.Type));

        // The same text again is the same place.
        (await SendAsync(number, Text(118.5, 37.4, 35, now.AddSeconds(-20)))).Read<Receipt>();
        Assert.Equal(3, (await centre.FindAsync(call.Id)).Version);
    }

    [Fact]
    public async Task A_place_that_comes_before_its_call_waits_five_minutes_for_it()
    {
        string number = CallCentre.NewNumber();
        Assert.Equal(new Receipt(true, null), (await SendAsync(number, Text(118.51, 37.41, 20, CallCentre.Now))).Read<Receipt>());
        Assert.Equal(118.51, (await centre.RingAsync(number)).Place!.Lon);

        string late = CallCentre.NewNumber();
        (await SendAsync(late, Text(118.51, 37.41, 20, CallCentre.Now))).Read<Receipt>();
        await centre.Server.Database.AdministerAsync($"UPDATE dispatch.waiting_place SET at = at - interval '6 minutes' WHERE number = '{late}'");
        Assert.Null((await centre.RingAsync(late)).Place);
    }

    [Fact]
    public async Task A_place_and_its_call_that_come_at_once_never_miss_each_other()
    {
        for (int round = 0; round < 20; round++)
        {
            string number = CallCentre.NewNumber(), text = Text(118.52, 37.42, 20, CallCentre.Now);
            Task<Answer> place = SendAsync(number, text);
            Call call = await centre.RingAsync(number);
            (await place).Read<Receipt>();
            Assert.Equal(118.52, (await centre.FindAsync(call.Id)).Place?.Lon);
        }
    }

    [Fact]
    public async Task A_telephone_without_a_place_and_a_text_that_is_none_give_no_point()
    {
        string number = CallCentre.NewNumber();
        Call call = await centre.RingAsync(number);
        Assert.Equal(new Receipt(false, null), (await SendAsync(number, "A\"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20261124000000;lc=0;pm=N")).Read<Receipt>());
        (await SendAsync(number, "A\"ML=1;lt=+95;lg=+118;rd=5;pm=G")).MustRefuse(400, "aml.malformed");
        (await SendAsync("", Text(118.5, 37.4, 35, CallCentre.Now))).MustRefuse(400, "number.malformed");
        (await centre.Desk.PostAsync("/api/telephony/aml", new { number, text = Text(118.5, 37.4, 35, CallCentre.Now) })).MustRefuse(403, "telephony.keys_only");
        Assert.Null((await centre.FindAsync(call.Id)).Place);
    }

    private Task<Answer> SendAsync(string number, string text) => centre.Keyed.WithKeyAsync(centre.ExchangeKey, "/api/telephony/aml", new { number, text });

    private static string Text(double lon, double lat, int radius, DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"A\"ML=1;lt=+{lat:00.00000};lg=+{lon:000.00000};rd={radius};top={at.UtcDateTime:yyyyMMddHHmmss};lc=90;pm=G");
}
