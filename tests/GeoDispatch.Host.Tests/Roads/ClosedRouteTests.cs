using System.Globalization;
using System.Text.Json;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>The next route after a street was closed, slowed down or opened again.</summary>
public sealed class ClosedRouteTests(ClosingServer closing) : IClassFixture<ClosingServer>
{
    private const string Street = "黄河路";

    private sealed record Route(double Seconds, double Meters, double[][] Geometry);

    private sealed record Crossing(long Node, double Lon, double Lat);

    private sealed record Line(string Type, double[][] Coordinates);

    private sealed record Along(Crossing[] Crossings, Line? Geometry);

    private sealed record Closure(Guid Id, string State);

    [Fact]
    public async Task Is_longer_and_goes_around_and_as_before_once_it_is_lifted()
    {
        Route before = await RouteAsync();
        double[] middle = await MiddleAsync();
        Assert.True(Passes(before, middle));

        Closure closed = await CloseAsync(new { });
        Route around = await RouteAsync();
        Assert.True(around.Seconds > before.Seconds && around.Meters > before.Meters);
        Assert.False(Passes(around, middle));

        await LiftAsync(closed);
        Assert.Equal(before.Seconds, (await RouteAsync()).Seconds);
    }

    [Fact]
    public async Task Knows_of_a_closure_that_begins_and_ends_by_the_clock()
    {
        Route before = await RouteAsync();
        DateTimeOffset now = closing.Clock.GetUtcNow();
        await CloseAsync(new { from = now.AddSeconds(400), until = now.AddSeconds(800) });
        Assert.Equal(before.Seconds, (await RouteAsync()).Seconds);

        closing.Clock.Move(TimeSpan.FromSeconds(401));
        await Eventually.GetAsync(RouteAsync, route => route.Meters > before.Meters, "the closure does not begin");
        closing.Clock.Move(TimeSpan.FromSeconds(400));
        await Eventually.GetAsync(RouteAsync, route => route.Meters.Equals(before.Meters), "the closure does not end");
    }

    [Fact]
    public async Task Takes_longer_over_a_slow_street_and_lets_lights_and_sirens_through_where_they_pass()
    {
        (double normal, double emergency) = (await SecondsAsync(RoadProfile.Normal), await SecondsAsync(RoadProfile.Emergency));
        Closure slow = await CloseAsync(new { kind = "slow", speedFactor = 0.9, emergencyPasses = true });
        Assert.True(await SecondsAsync(RoadProfile.Normal) > normal);
        Assert.Equal(emergency, await SecondsAsync(RoadProfile.Emergency));
        await LiftAsync(slow);
        Assert.Equal(normal, await SecondsAsync(RoadProfile.Normal));
    }

    [Fact]
    public async Task Reaches_what_stands_on_the_closed_street()
    {
        double[] middle = await MiddleAsync();
        Closure closed = await CloseAsync(new { });
        Route to = (await closing.Desk.GetAsync(FormattableString.Invariant($"/api/roads/route?from=118.49,37.44&to={middle[0]},{middle[1]}"))).Read<Route>();
        Assert.True(to.Seconds > 0);
        await LiftAsync(closed);
    }

    [Fact]
    public async Task Is_around_it_also_after_a_restart_and_on_another_server()
    {
        Route before = await RouteAsync();
        Closure closed = await CloseAsync(new { });
        await closing.RestartAsync();
        Assert.True((await RouteAsync()).Meters > before.Meters);

        // Another server over the same database hears of it.
        await closing.Server.Database.AdministerAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"UPDATE roads.closure SET lifted_at = made_at, state = 'ended' WHERE id = '{closed.Id}'; SELECT pg_notify('closures', '{closed.Id}')"));
        await Eventually.GetAsync(RouteAsync, route => route.Meters.Equals(before.Meters), "the notice is not heard");
    }

    private static bool Passes(Route route, double[] place) =>
        route.Geometry.Any(point => Math.Abs(point[0] - place[0]) < 0.0004 && Math.Abs(point[1] - place[1]) < 0.0004)
        || route.Geometry.Zip(route.Geometry.Skip(1)).Any(segment => Beside(segment.First, segment.Second, place));

    private static bool Beside(double[] a, double[] b, double[] place)
    {
        double square = (b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]);
        double part = square > 0 ? Math.Clamp(((place[0] - a[0]) * (b[0] - a[0]) + (place[1] - a[1]) * (b[1] - a[1])) / square, 0, 1) : 0;
        return Math.Abs(a[0] + part * (b[0] - a[0]) - place[0]) < 0.0001 && Math.Abs(a[1] + part * (b[1] - a[1]) - place[1]) < 0.0001;
    }

    /// <summary>A stretch of the street between two crossings, with one more on either side.</summary>
    private async Task<(Crossing[] Crossings, Line Line)> StretchAsync()
    {
        string path = $"/api/roads/closures/along?street={Uri.EscapeDataString(Street)}";
        Crossing[] crossings = (await closing.Desk.ReadAsync<Along>(path)).Crossings;
        return (crossings, (await closing.Desk.ReadAsync<Along>($"{path}&from={crossings[1].Node}&to={crossings[2].Node}")).Geometry!);
    }

    private async Task<double[]> MiddleAsync()
    {
        double[][] line = (await StretchAsync()).Line.Coordinates;
        (double[] a, double[] b) = (line[(line.Length - 1) / 2], line[line.Length / 2]);
        return line.Length == 2 ? [(line[0][0] + line[1][0]) / 2, (line[0][1] + line[1][1]) / 2] : [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    }

    private async Task<double> SecondsAsync(RoadProfile profile)
    {
        RoadNetwork network = await closing.Server.Services.GetRequiredService<Streets>().GetAsync(profile, TestContext.Current.CancellationToken);
        Crossing[] crossings = (await StretchAsync()).Crossings;
        RoadPosition Snap(Crossing crossing) => network.Graph.Snap(new LonLat(crossing.Lon, crossing.Lat))!.Value.Position;
        return network.Route(Snap(crossings[0]), Snap(crossings[3]))!.Seconds;
    }

    private async Task<Route> RouteAsync()
    {
        Crossing[] crossings = (await StretchAsync()).Crossings;
        return (await closing.Desk.PostAsync("/api/roads/route", new
        {
            from = new { lon = crossings[0].Lon, lat = crossings[0].Lat },
            to = new { lon = crossings[3].Lon, lat = crossings[3].Lat },
        })).Read<Route>();
    }

    private async Task<Closure> CloseAsync(object with)
    {
        Line line = (await StretchAsync()).Line;
        var wish = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["commandId"] = Guid.NewGuid(),
            ["geometry"] = new { type = line.Type, coordinates = line.Coordinates },
            ["kind"] = "closed",
            ["reason"] = "accident",
        };
        foreach (JsonProperty one in JsonSerializer.SerializeToElement(with).EnumerateObject())
        {
            wish[one.Name] = one.Value;
        }

        return (await closing.Desk.PostAsync("/api/roads/closures", wish)).Read<Closure>();
    }

    private async Task LiftAsync(Closure closure) =>
        (await closing.Desk.PostAsync($"/api/roads/closures/{closure.Id}/lift", new { commandId = Guid.NewGuid() })).Read<Closure>();
}
