using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>A dispatcher reads to a crew how to drive, and sees it change with the roads.</summary>
public sealed class DirectionsTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    // The desk asks again each 10 or 15 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private sealed record Route(double Seconds, double[][] Geometry);

    private sealed record Closure(Guid Id);

    [Fact]
    public async Task Of_a_suggested_unit_they_go_around_a_street_that_somebody_closes_and_come_back_when_it_is_open_again()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await colleague.OpenAsync(118.62, 37.44);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.GetByTestId("waiting-list").GetByTestId("incident-row").Filter(new() { HasText = incident.Number }).ClickAsync();
        ILocator first = page.GetByTestId("suggestion-row").First, way = page.GetByTestId("way"), steps = page.GetByTestId("way-step");
        await Expect(first.Locator(".road-time")).ToBeVisibleAsync();

        // Closed at first; by its key it says why it is empty, then it is the way of the suggestion that is looked at.
        await Expect(way).Not.ToHaveAttributeAsync("open", "");
        await page.Keyboard.PressAsync("Alt+N");
        await Expect(way.Locator("summary")).ToBeFocusedAsync();
        await Expect(way).ToContainTextAsync("没有在途单元");
        await first.ClickAsync();
        await Expect(steps.First).ToContainTextAsync("沿");
        await Expect(steps.Last).ToContainTextAsync("到达");
        await Pictures.TakeEverywhereAsync(page, "directions", page.GetByTestId("detail"), output);
        await page.GetByTestId("switch-language").ClickAsync();
        await Expect(steps.First).ToContainTextAsync("Drive ");
        await page.GetByTestId("switch-language").ClickAsync();

        string unit = await first.GetAttributeAsync("data-unit-id") ?? "";
        string[] before = await ReadAsync();
        string rankedBefore = await RankedAsync();
        Closure closed = await CloseMiddleAsync(colleague, Guid.Parse(unit), incident);
        await Eventually.GetAsync(RankedAsync, ranked => ranked != rankedBefore, "the suggestions do not hear of the closure", Patience);
        await page.Locator($"[data-testid=suggestion-row][data-unit-id='{unit}']").ClickAsync();
        // Until the row that was pressed is the one that is looked at, the way of the suggestion that is first now may stand there.
        await Eventually.GetAsync(ReadAsync, read => read.Length > before.Length, "the directions do not go around the closure", Patience);
        await Pictures.TakeAsync(page, "directions-around", output, TimeSpan.FromSeconds(2));

        (await colleague.PostAsync($"/api/roads/closures/{closed.Id}/lift", new { commandId = Guid.NewGuid() })).Read<Closure>();
        await Eventually.GetAsync(RankedAsync, ranked => ranked == rankedBefore, "the suggestions do not hear that it is open again", Patience);
        await Eventually.GetAsync(ReadAsync, read => read.SequenceEqual(before), "the directions do not hear that it is open again", Patience);

        // Sent, it is the way of the unit that drives; Esc closes it.
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveCountAsync(1);
        await Expect(way.Locator(".call-sign")).ToHaveTextAsync(await page.GetByTestId("assignment-row").Locator(".call-sign").InnerTextAsync());
        await Eventually.GetAsync(ReadAsync, read => read.SequenceEqual(before), "the directions of the unit that drives are others", Patience);
        await page.Keyboard.PressAsync("Escape");
        await Expect(steps.First).ToBeHiddenAsync();
        Assert.Empty(screen.Faults);

        // What failed is said in its place, with the way that was known, and read again at a press.
        await page.RouteAsync("**/api/roads/route*", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            Status = 503,
            ContentType = "application/problem+json",
            Body = """{"title":"数据库不可用 / The database is away","detail":"数据库不可用 / The database is away","code":"database.away","status":503}""",
        }));
        await way.Locator("summary").ClickAsync();
        await Expect(way.GetByRole(AriaRole.Alert)).ToContainTextAsync("database.away");
        Assert.Equal(before, await ReadAsync());
        await page.UnrouteAsync("**/api/roads/route*");
        await way.GetByRole(AriaRole.Button, new() { Name = "重新读取" }).ClickAsync();
        await Expect(way.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);

        async Task<string[]> ReadAsync() => [.. await page.Locator("[data-testid=way-step] > span:nth-child(2)").AllInnerTextsAsync()];
        Task<string> RankedAsync() => page.GetByTestId("suggestion-row").EvaluateAllAsync<string>(
            "rows => rows.map(row => `${row.dataset.unitId} ${row.querySelector('.road-time').textContent}`).join(', ')");
    }

    /// <summary>Closes the middle third of the way that the unit would take from its station.</summary>
    private static async Task<Closure> CloseMiddleAsync(Session desk, Guid unitId, Incident incident)
    {
        Unit unit = (await desk.ReadAsync<Board>("/api/board")).UnitOf(unitId);
        double[][] line = (await desk.ReadAsync<Route>(FormattableString.Invariant(
            $"/api/roads/route?from={unit.StationLon},{unit.StationLat}&to={incident.Place.Lon},{incident.Place.Lat}"))).Geometry;
        return (await desk.PostAsync("/api/roads/closures", new
        {
            commandId = Guid.NewGuid(),
            geometry = new { type = "LineString", coordinates = line[(line.Length / 3)..(2 * line.Length / 3 + 1)] },
            kind = "closed",
            reason = "accident",
        })).Read<Closure>();
    }
}
