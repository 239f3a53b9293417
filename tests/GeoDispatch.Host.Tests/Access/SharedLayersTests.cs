using System.Globalization;
using System.Text.Json;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Access;

/// <summary>The layers that the product brings of its own: who reads them without any rule, and what of them.</summary>
[Collection("access")]
public sealed class SharedLayersTests(RuledServer ruled)
{
    private static readonly string[] Strangers = ["nobody", "officer", "program"];

    [Theory]
    [InlineData("stations", "dispatch.station WHERE agency = 'ems'", "急救站 / Ambulance stations", "name,name_en,district,synthetic")]
    [InlineData("hospitals", "ems.hospital", "医院 / Hospitals", "name,name_en,capabilities,synthetic")]
    public async Task Stations_and_hospitals_are_for_everybody_and_those_of_the_demo_city_say_that_they_are_synthetic(
        string layer, string table, string title, string properties)
    {
        foreach (string who in (string[])[.. Strangers, "dispatcher", "administrator"])
        {
            JsonElement collection = (await ruled.AskAsync(who, $"/ogc/collections/{layer}")).Read<JsonElement>();
            Assert.Equal(
                (title, "unconditional", "120", true),
                (collection.GetProperty("title").GetString(), collection.GetProperty("sharingClass").GetString(),
                    collection.GetProperty("ownerDepartment").GetString(), collection.GetProperty("volatile").GetBoolean()));
            JsonElement[] features = (await ruled.AskAsync(who, $"/ogc/collections/{layer}/items?limit=1000")).Read<JsonElement>().Features();
            Assert.Equal(await ruled.Server.Database.CountAsync(table), features.Length);
            Assert.NotEmpty(features);
            Assert.All(features, feature =>
            {
                Assert.Equal(properties, string.Join(',', feature.GetProperty("properties").EnumerateObject().Select(static property => property.Name)));
                Assert.True(feature.GetProperty("properties").GetProperty("synthetic").GetBoolean());
                Assert.InRange(feature.Numbers()[0], 118, 120);
                Assert.InRange(feature.Numbers()[1], 36, 39);
            });
        }
    }

    [Theory]
    [InlineData("vehicles")]
    [InlineData("incidents")]
    public async Task Vehicles_and_incidents_are_there_for_their_owner_and_administrators_alone(string layer)
    {
        foreach (string who in Strangers)
        {
            (await ruled.AskAsync(who, $"/ogc/collections/{layer}")).MustRefuse(404, "collection.unknown");
            (await ruled.AskAsync(who, $"/ogc/collections/{layer}/items")).MustRefuse(404, "collection.unknown");
            Assert.DoesNotContain($"\"{layer}\"", (await ruled.AskAsync(who, "/ogc/collections")).Text, StringComparison.Ordinal);
        }

        foreach (string who in new[] { "dispatcher", "administrator" })
        {
            JsonElement collection = (await ruled.AskAsync(who, $"/ogc/collections/{layer}")).Read<JsonElement>();
            Assert.Equal(
                ("conditional", "120", true),
                (collection.GetProperty("sharingClass").GetString(), collection.GetProperty("ownerDepartment").GetString(), collection.GetProperty("volatile").GetBoolean()));
            Assert.Equal(200, (await ruled.AskAsync(who, $"/ogc/collections/{layer}/items")).Status);
        }
    }

    [Fact]
    public async Task An_incident_shows_its_rough_place_and_hour_under_a_key_that_tells_nothing_and_goes_when_it_is_closed()
    {
        Session desk = await ruled.Server.DispatcherAsync();
        Incident incident = await desk.OpenAsync(118.58499, 37.45501);
        DateTime opened = await ruled.Server.Database.ReadAsync<DateTime>($"SELECT opened_at FROM dispatch.incident WHERE id = '{incident.Id}'");
        string key = $"{await ruled.Server.Database.ReadAsync<string>($"SELECT to_char(day, 'YYYYMMDD') FROM dispatch.incident WHERE id = '{incident.Id}'")}-{incident.Number}";

        Answer answer = await ruled.AskAsync("dispatcher", $"/ogc/collections/incidents/items/{key}");
        JsonElement feature = answer.Read<JsonElement>();
        Assert.Equal(key, feature.GetProperty("id").GetString());
        Assert.Equal([118.58, 37.46], feature.Numbers().Select(static number => Math.Round(number, 6)));
        JsonElement properties = feature.GetProperty("properties");
        Assert.Equal("type,priority,status,opened_at,synthetic", string.Join(',', properties.EnumerateObject().Select(static property => property.Name)));
        Assert.Equal(
            opened.ToUniversalTime().ToString("yyyy-MM-dd'T'HH':00:00'", CultureInfo.InvariantCulture),
            properties.GetProperty("opened_at").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        Assert.True(properties.GetProperty("synthetic").GetBoolean());
        string all = (await ruled.AskAsync("administrator", "/ogc/collections/incidents/items?limit=1000")).Text + answer.Text;
        Assert.All(
            new[] { incident.Id.ToString(), "8300000", "王女士", "胸痛", "黄河路", "3单元201" },
            kept => Assert.DoesNotContain(kept, all, StringComparison.Ordinal));

        Assert.Equal(200, (await desk.CloseAsync(incident.Id)).Status);
        (await ruled.AskAsync("dispatcher", $"/ogc/collections/incidents/items/{key}")).MustRefuse(404, "feature.unknown");
    }

    [Fact]
    public async Task A_vehicle_shows_where_it_was_last_heard_of_at_once_and_no_cache_keeps_it()
    {
        DemoCrew crew = ruled.Server.Crews[3];
        string plate = await ruled.Server.Database.ReadAsync<string>($"SELECT plate FROM dispatch.unit WHERE call_sign = '{crew.CallSign}'");
        foreach (double lon in new[] { 118.51, 118.515 })
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            Assert.Equal(200, (await ruled.Server.SendFixesAsync(crew, new AvlFix(now, lon, 37.44, 30, 90, null))).Status);
            Answer answer = await ruled.AskAsync("dispatcher", $"/ogc/collections/vehicles/items?name={crew.CallSign}");
            JsonElement vehicle = Assert.Single(answer.Read<JsonElement>().Features());
            Assert.Equal(lon, vehicle.Numbers()[0], 6);
            Assert.Equal(
                "name,kind,fix_time,speed_kmh,heading_degrees,synthetic",
                string.Join(',', vehicle.GetProperty("properties").EnumerateObject().Select(static property => property.Name)));
            Assert.True(vehicle.GetProperty("properties").GetProperty("synthetic").GetBoolean());
            Assert.DoesNotContain(plate, answer.Text, StringComparison.Ordinal);
            Assert.Contains("private", answer.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rule_opens_vehicles_to_whom_it_names_and_to_nobody_else()
    {
        Guid rule = await ruled.SetRuleAsync("vehicles", new { department = "fire", role = "department" });
        Assert.Equal(200, (await ruled.AskAsync("officer", "/ogc/collections/vehicles/items")).Status);
        (await ruled.AskAsync("program", "/ogc/collections/vehicles/items")).MustRefuse(404, "collection.unknown");
        (await ruled.AskAsync("officer", "/ogc/collections/incidents/items")).MustRefuse(404, "collection.unknown");
        await ruled.RemoveRuleAsync("vehicles", rule);
        (await ruled.AskAsync("officer", "/ogc/collections/vehicles/items")).MustRefuse(404, "collection.unknown");
    }
}
