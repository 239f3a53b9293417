using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>The station that answers for a place (划片), as the city has drawn its area.</summary>
public sealed class OwnAreaTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Units_of_the_station_that_answers_for_the_place_say_so_and_others_do_not()
    {
        await server.Database.AdministerAsync(
            """
            INSERT INTO dispatch.station_area
            SELECT id, ST_Multi(ST_MakeEnvelope(118.57, 37.44, 118.59, 37.46, 4326)) FROM dispatch.station WHERE agency = 'ems' ORDER BY name LIMIT 1
            """);
        string station = (await server.Database.ListAsync<string>("SELECT name FROM dispatch.station JOIN dispatch.station_area ON station_id = id")).Single();
        Session desk = await server.DispatcherAsync();

        JsonElement[] inside = await AskAsync(desk, 118.58), outside = await AskAsync(desk, 118.60);

        Assert.Contains(inside, static unit => unit.GetProperty("isOwnArea").GetBoolean());
        Assert.All(inside, unit =>
        {
            bool isOwn = unit.GetProperty("stationName").GetString() == station;
            Assert.Equal(isOwn, unit.GetProperty("isOwnArea").GetBoolean());
            Assert.Equal(isOwn, unit.GetProperty("reason").GetProperty("zh").GetString()!.StartsWith("片区 · ", StringComparison.Ordinal));
        });
        Assert.All(outside, static unit => Assert.False(unit.GetProperty("isOwnArea").GetBoolean()));
        double[] seconds = [.. inside.Select(static unit => unit.GetProperty("seconds").GetDouble() - (unit.GetProperty("isOwnArea").GetBoolean() ? 60 : 0))];
        Assert.Equal(seconds.Order(), seconds);
    }

    private static async Task<JsonElement[]> AskAsync(Session desk, double lon) =>
        [.. (await desk.PostAsync("/api/recommendations", new { lon, lat = 37.45, type = "medical", priority = 1, limit = 50 })).Read<JsonElement>().GetProperty("units").EnumerateArray()];
}
