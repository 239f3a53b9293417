using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary>What is offered while the form is typed, from what stands in the database.</summary>
public sealed class DuplicateTests(CallCentre centre) : IClassFixture<CallCentre>
{
    public sealed record Offer(Guid IncidentId, string Number, string Status, double Score, double Meters, double Minutes, Reason Reason);

    public sealed record Offers(Offer[] Items)
    {
        [System.Text.Json.Serialization.JsonPropertyName("offers")]
        public Offer[] Items { get; init; } = Items;
    }

    [Fact]
    public async Task The_incident_next_door_is_offered_with_its_reasons_and_nothing_is_merged()
    {
        Incident near = await OpenAsync(118.601, 37.401, "两车追尾有人受伤"), other = await OpenAsync(118.601, 37.401, "小孩高烧抽搐"), far = await OpenAsync(118.61, 37.401, "两车追尾有人受伤");
        long events = await centre.Server.Database.CountAsync("dispatch.incident_event");

        Offer offer = Assert.Single(await AskAsync(118.6015, 37.4012, "路口出车祸了"));

        Assert.Equal((near.Id, near.Number, "waiting"), (offer.IncidentId, offer.Number, offer.Status));
        Assert.InRange(offer.Meters, 40, 60);
        Assert.Contains("同为车祸", offer.Reason.Zh, StringComparison.Ordinal);
        Assert.Contains("m apart", offer.Reason.En, StringComparison.Ordinal);
        Assert.NotEqual(other.Id, far.Id);
        Assert.Equal(events, await centre.Server.Database.CountAsync("dispatch.incident_event"));
    }

    [Fact]
    public async Task What_was_closed_is_offered_for_half_an_hour()
    {
        Incident incident = await OpenAsync(118.651, 37.421, "两车追尾有人受伤");
        (await centre.Desk.CloseAsync(incident.Id, "noPatient")).Read<Incident>();
        Assert.Equal("closed", Assert.Single(await AskAsync(118.651, 37.421, "追尾了")).Status);
        await centre.Server.Database.AdministerAsync($"UPDATE dispatch.incident SET closed_at = closed_at - interval '31 minutes' WHERE id = '{incident.Id}'");
        Assert.Empty(await AskAsync(118.651, 37.421, "追尾了"));
    }

    [Fact]
    public async Task A_form_of_any_type_that_incidents_may_have_is_compared_and_no_other()
    {
        Incident incident = await OpenAsync(118.631, 37.441, "两车追尾有人受伤");
        Assert.Equal(incident.Id, Assert.Single(await AskAsync(118.631, 37.441, "追尾了", "trafficInjury")).IncidentId);
        (await centre.Desk.PostAsync("/api/incidents/duplicates", new { lon = 118.6, lat = 37.4, type = "ufo" })).MustRefuse(400, "command.bad_field");
    }

    [Fact]
    public async Task A_form_without_a_place_is_refused()
    {
        (await centre.Desk.PostAsync("/api/incidents/duplicates", new { lat = 37.4, type = "medical", complaint = "追尾" })).MustRefuse(400, "command.bad_field");
        (await centre.Desk.PostAsync("/api/incidents/duplicates", new { lon = 118.6, lat = 37.4, type = "medical", foundBy = "guess" })).MustRefuse(400, "command.bad_field");
        (await centre.Server.Anonymous().PostAsync("/api/incidents/duplicates", new { lon = 118.6, lat = 37.4, type = "medical" })).MustRefuse(401, "session.required");
    }

    private async Task<Offer[]> AskAsync(double lon, double lat, string complaint, string type = "medical") =>
        (await centre.Desk.PostAsync("/api/incidents/duplicates", new { lon, lat, foundBy = "map", type, complaint })).Read<Offers>().Items;

    private async Task<Incident> OpenAsync(double lon, double lat, string complaint) => (await centre.Desk.PostAsync("/api/incidents", new
    {
        commandId = Guid.NewGuid(),
        type = "medical",
        priority = 2,
        complaint,
        place = new { lon, lat, address = "黄河路", foundBy = "map" },
        readBack = true,
    })).Read<Incident>();
}
