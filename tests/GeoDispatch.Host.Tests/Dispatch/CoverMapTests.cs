using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>The map of cover over HTTP: a unit leaves, and the gap is where a calculation from each address says.</summary>
public sealed class CoverMapTests(RunningServer server) : IClassFixture<RunningServer>
{
    private sealed record Counts(string Level, int Addresses, int Within, int Near, int Beyond);

    private sealed record Shape(string Type, double[][][] Coordinates);

    private sealed record Feature(string Id, Shape Geometry, Counts Properties);

    private sealed record CoverOf(
        string Agency, DateTimeOffset ComputedAt, int TargetMinutes, int NearMinutes, int Units, int Addresses, int Within, int Near, int Beyond, Feature[] Features);

    [Fact]
    public async Task The_last_unit_of_an_agency_leaves_and_the_whole_city_is_bare_until_it_is_back()
    {
        Session desk = await server.DispatcherAsync();
        // Two vehicles of the gas works stand at one station.
        (Answer first, CoverOf both) = await ReadAsync(desk, "gas");
        Assert.Equal((2, 8, 12), (both.Units, both.TargetMinutes, both.NearMinutes));
        Assert.Equal(await server.Database.CountAsync("share.addresses"), both.Addresses);
        Assert.True(both.Within > 0 && both.Beyond > 0, $"{both.Within} within, {both.Beyond} beyond");
        Assert.Equal(both.Addresses, both.Within + both.Near + both.Beyond);

        Incident incident = await desk.OpenAsync();
        Assignment one = await desk.AssignAsync(incident.Id, server.Crew("G01").UnitId);
        // Its neighbour is still there: only the number of free units is another one.
        (_, CoverOf still) = await ReadAsync(desk, "gas");
        Assert.Equal((1, both.Within, both.Near), (still.Units, still.Within, still.Near));

        Assignment last = await desk.AssignAsync(incident.Id, server.Crew("G02").UnitId);
        (_, CoverOf bare) = await ReadAsync(desk, "gas");
        Assert.Equal((0, 0, 0, both.Addresses), (bare.Units, bare.Within, bare.Near, bare.Beyond));
        Assert.True(bare.Features.Length > both.Features.Length);
        Assert.All(bare.Features, feature => Assert.Equal("beyond", feature.Properties.Level));
        Assert.Equal(both.Addresses, bare.Features.Sum(feature => feature.Properties.Addresses));
        Assert.True(bare.ComputedAt > both.ComputedAt);

        (await desk.CancelAsync(one.Id)).Read<Incident>();
        (await desk.CancelAsync(last.Id)).Read<Incident>();
        (Answer again, CoverOf back) = await ReadAsync(desk, "gas");
        Assert.Equal(both.Features.Select(feature => feature.Id), back.Features.Select(feature => feature.Id));
        Assert.Equal(first.Response.Headers.ETag, again.Response.Headers.ETag);
        using var known = new HttpRequestMessage(HttpMethod.Get, "/api/cover?agency=gas");
        known.Headers.IfNoneMatch.Add(again.Response.Headers.ETag!);
        Assert.Equal(304, (await desk.SendAsync(known)).Status);
    }

    [Fact]
    public async Task The_squares_say_what_a_search_from_each_of_their_addresses_says()
    {
        Session desk = await server.DispatcherAsync();
        (_, CoverOf cover) = await ReadAsync(desk, "gas");
        RoadNetwork network = await server.Services.GetRequiredService<Streets>().GetAsync(RoadProfile.Emergency, TestContext.Current.CancellationToken);
        Unit unit = (await desk.ReadAsync<Board>("/api/board")).UnitOf(server.Crew("G01").UnitId);
        RoadPosition station = network.Graph.Snap(new LonLat(unit.StationLon, unit.StationLat))!.Value.Position;

        foreach (Feature feature in cover.Features.Where(feature => feature.Properties.Level == "near").Take(3).Concat(cover.Features.Where(feature => feature.Properties.Level == "beyond").Take(2)))
        {
            (int within, int near, int beyond) = (0, 0, 0);
            foreach (LonLat address in await AddressesAsync(feature))
            {
                double seconds = network.Graph.Snap(address, 500) is { } at && network.NearestEtas(at.Position, [station], 1) is [var eta, ..] ? eta.Seconds : double.PositiveInfinity;
                _ = seconds <= 480 ? within++ : seconds <= 720 ? near++ : beyond++;
            }

            Assert.Equal(
                (feature.Id, feature.Properties.Within, feature.Properties.Near, feature.Properties.Beyond), (feature.Id, within, near, beyond));
        }

        Assert.Contains(cover.Features, feature => feature.Properties.Level == "near");
    }

    [Fact]
    public async Task Ambulances_are_meant_where_no_agency_is_named_and_only_desks_are_told()
    {
        Session desk = await server.DispatcherAsync();
        Assert.Equal("ems", (await ReadAsync(desk, null)).Cover.Agency);
        Answer refused = (await desk.GetAsync("/api/cover?agency=taxi")).MustRefuse(400, "command.bad_field");
        Assert.Equal(("agency", "taxi"), (refused.Problem.GetProperty("field").GetString(), refused.Problem.GetProperty("value").GetString()));
        Assert.Contains("gas", refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using Session crew = await server.CrewAsync(server.Crews[0].UnitId);
        (await crew.GetAsync("/api/cover")).MustRefuse(403, "session.forbidden");
    }

    private static async Task<(Answer Answer, CoverOf Cover)> ReadAsync(Session desk, string? agency)
    {
        Answer answer = await Eventually.GetAsync(
            () => desk.GetAsync(agency is null ? "/api/cover" : $"/api/cover?agency={agency}"), answer => answer.Status != 503, "cover is worked out", TimeSpan.FromSeconds(60));
        Assert.Equal("application/geo+json", answer.Response.Content.Headers.ContentType?.MediaType);
        return (answer, answer.Read<CoverOf>());
    }

    /// <summary>Whatever lies in the square that is drawn.</summary>
    private async Task<List<LonLat>> AddressesAsync(Feature feature)
    {
        double[][] ring = feature.Geometry.Coordinates[0];
        List<double[]> found = await server.Database.ListAsync<double[]>(
            """
            SELECT ARRAY[ST_X(at), ST_Y(at)] FROM (SELECT ST_Transform(geom, 4326) AS at FROM share.addresses) a
            WHERE ST_X(at) >= $1 AND ST_X(at) < $2 AND ST_Y(at) > $3 AND ST_Y(at) <= $4
            """,
            ring[0][0], ring[1][0], ring[0][1], ring[2][1]);
        Assert.Equal(feature.Properties.Addresses, found.Count);
        return [.. found.Select(at => new LonLat(at[0], at[1]))];
    }
}
