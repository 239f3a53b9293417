using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Ems.Prealerts;
using GeoDispatch.Spatial;

namespace GeoDispatch.Ems.Tests.Prealerts;

/// <summary>What a hospital is shown of somebody who was announced to it, and when nobody comes any more.</summary>
public sealed class PrealertStandingTests
{
    private static readonly Guid Here = Guid.Parse("00000000-0000-0000-0000-00000000000a"), There = Guid.Parse("00000000-0000-0000-0000-00000000000b");
    private static readonly DateTimeOffset Left = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("enRoute", null, "here", "coming")]
    [InlineData("atPatient", null, "here", "coming")]
    [InlineData("atPatient", null, "there", "redirected")]
    [InlineData("leftScene", "here", "here", "coming")]
    [InlineData("leftScene", "there", "here", "redirected")]
    [InlineData("leftScene", "here", "there", "coming")]
    [InlineData("atDestination", "here", "here", "arrived")]
    [InlineData("atDestination", "there", "here", "redirected")]
    [InlineData("atDestination", "here", "there", "arrived")]
    [InlineData("handedOver", "here", "here", "handedOver")]
    [InlineData("available", "here", "here", "handedOver")]
    [InlineData("backAtStation", "here", "here", "handedOver")]
    [InlineData("available", "there", "here", "redirected")]
    [InlineData("available", null, "here", "notTransported")]
    [InlineData("cancelled", null, "here", "cancelled")]
    public void It_follows_from_how_far_the_run_has_come_where_it_goes_and_the_newest_word(string status, string? destination, string newest, string state) =>
        Assert.Equal(state, PrealertStanding.Of(Here, (Named(newest)!.Value, Left.AddMinutes(-5)), Run(status, Named(destination))));

    [Theory]
    [InlineData("here", "there", "redirected")]
    [InlineData("there", "here", "coming")]
    public void A_pre_alert_from_the_road_counts_more_than_where_it_set_off_to(string destination, string newest, string state) =>
        Assert.Equal(state, PrealertStanding.Of(Here, (Named(newest)!.Value, Left.AddMinutes(5)), Run("leftScene", Named(destination))));

    [Fact]
    public void Once_arrived_it_is_where_it_arrived_whatever_was_said_later() =>
        Assert.Equal("arrived", PrealertStanding.Of(Here, (There, Left.AddMinutes(5)), Run("atDestination", Here)));

    private static Guid? Named(string? name) => name switch { "here" => Here, "there" => There, _ => null };

    private static Journey Run(string status, Guid? destination) => new(
        Guid.Empty, Guid.Empty, "I1", 1, new LonLat(118.5, 37.4), Guid.Empty, "A01", status, status is not ("available" or "backAtStation" or "cancelled"), Left, destination, null);
}
