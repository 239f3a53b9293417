using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>A street is closed and opened again at the screen.</summary>
public sealed class ClosureTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private const string Street = "黄河路";

    private sealed record Route(double Seconds, double Meters);

    private sealed record Crossing(double Lon, double Lat);

    private sealed record Along(Crossing[] Crossings);

    private sealed record Listed(Closure[] Closures);

    private sealed record Closure(Guid Id);

    [Fact]
    public async Task A_dispatcher_closes_a_street_by_its_name_without_a_mouse_and_lifts_it_and_routes_go_around_in_between()
    {
        Session desk = await console.Server.DispatcherAsync();
        Route before = await RouteAsync(desk);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1", "/closures");
        await Expect(page.GetByTestId("closure-list")).ToContainTextAsync("没有封路");
        await Pictures.TakeAsync(page, "closures-empty", output);

        await page.Keyboard.PressAsync("F2");
        ILocator form = page.GetByTestId("closure-form");
        await Expect(form.GetByTestId("submit-closure")).ToBeDisabledAsync();
        await form.GetByTestId("field-way").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(form.GetByTestId("field-street")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Street);
        await Expect(form.GetByTestId("street-option").First).ToContainTextAsync(Street);
        await page.Keyboard.PressAsync("Enter");
        // The second crossing to the third, by the keys of the browser's own lists.
        await Expect(form.GetByTestId("field-from-crossing").Locator("option")).Not.ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Tab");
        await Expect(form.GetByTestId("field-from-crossing")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Tab");
        for (int press = 0; press < 3; press++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await Expect(form.GetByTestId("understood")).ToContainTextAsync(Street);
        await form.GetByTestId("field-until").SelectOptionAsync("twoHours");
        await form.GetByTestId("field-words").FillAsync("热力管抢修");
        await Pictures.TakeAsync(page, "closures-form", output, TimeSpan.FromSeconds(2));
        await page.Keyboard.PressAsync("Control+Enter");

        ILocator row = page.Locator("[data-testid=closure-row][data-state=current]");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync(Street);
        await Expect(row).ToContainTextAsync("封闭 · 施工 · 热力管抢修");
        await Expect(page.GetByTestId("closure-panel").GetByTestId("closure-history").Locator("li")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("closure-panel")).ToContainTextAsync("调度员一席");
        Assert.True((await RouteAsync(desk)).Meters > before.Meters);

        // Shown on the map: Tab comes to it there, and what the map says of it is its label.
        await row.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Alt+3");
        await page.WaitForTimeoutAsync(500);
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByTestId("map-spoken")).ToContainTextAsync("至 ");
        await page.Keyboard.PressAsync("Enter");
        // Beside one that is planned, dashed, and a slow-down.
        Closure planned = await MakeAsync(desk, Street, 4, "closed", "event", "马拉松", 26);
        Closure slow = await MakeAsync(desk, "济南路", 2, "slow", "flood", "积水", 0);
        await Expect(page.GetByTestId("closure-row")).ToHaveCountAsync(3);
        await Pictures.TakeEverywhereAsync(page, "closures", page.GetByTestId("closures"), output);
        await LiftAsync(desk, planned);
        await LiftAsync(desk, slow);
        await Expect(page.GetByTestId("closure-row")).ToHaveCountAsync(1);

        // And on the map of who is not signed in: where and until when, and nothing opens.
        await using (Screen everybody = await chromium.OpenAsync(console.Server.Address))
        {
            await everybody.Page.GotoAsync("/");
            await everybody.Page.GetByTestId("public-map").ClickAsync();
            await ConsoleServer.ReadyAsync(everybody.Page);
            ILocator told = everybody.Page.GetByTestId("map-spoken");
            await Eventually.GetAsync(
                async () =>
                {
                    await everybody.Page.GetByTestId("map").FocusAsync();
                    await everybody.Page.Keyboard.PressAsync("Tab");
                    return await told.InnerTextAsync();
                },
                static text => text.Contains("至 ", StringComparison.Ordinal), "the public map is without the closure");
            await everybody.Page.GetByTestId("map").FocusAsync();
            await everybody.Page.Keyboard.PressAsync("Enter");
            await Pictures.TakeAsync(everybody.Page, "closures-public", output, TimeSpan.FromSeconds(2));
            await Expect(everybody.Page.GetByTestId("closure-panel")).ToHaveCountAsync(0);
            await Expect(everybody.Page.Locator("body")).Not.ToContainTextAsync("热力管抢修");
            Assert.Empty(everybody.Faults);
        }

        // And on the desk.
        await page.GotoAsync("/");
        await ConsoleServer.ReadyAsync(page);
        await page.Keyboard.PressAsync("F3");
        await page.Keyboard.TypeAsync(Street);
        await page.GetByTestId("search-option").Filter(new() { HasText = "道路" }).First.ClickAsync();
        await page.Keyboard.PressAsync("Alt+3");
        await page.WaitForTimeoutAsync(500);
        // It is somewhere on this street: zoomed out until the street is whole.
        for (int press = 0; press < 4; press++)
        {
            await page.Keyboard.PressAsync("-");
            await page.WaitForTimeoutAsync(300);
        }

        ILocator spoken = page.GetByTestId("map-spoken");
        for (int press = 0; press < 60 && !(await spoken.InnerTextAsync()).Contains("至 ", StringComparison.Ordinal); press++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("closure-panel").GetByTestId("closure-streets")).ToContainTextAsync(Street);
        await Pictures.TakeAsync(page, "closures-desk", output, TimeSpan.FromSeconds(3));
        await page.GotoAsync("/closures");
        await ConsoleServer.ReadyAsync(page);

        await page.Locator("[data-testid=closure-row]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("lift-closure")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Alt+X");
        await Expect(page.GetByTestId("lift-closure")).ToHaveAttributeAsync("data-asked", "true");
        await page.WaitForTimeoutAsync(400);
        await page.Keyboard.PressAsync("Alt+X");
        await Expect(page.GetByTestId("closure-history").Locator("[data-type=lifted]")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("closure-list")).ToContainTextAsync("没有封路");
        Assert.Equal(before.Seconds, (await RouteAsync(desk)).Seconds, 0.5);
        await page.GetByRole(AriaRole.Tab, new() { Name = "已结束" }).ClickAsync();
        await Expect(page.Locator("[data-testid=closure-row][data-state=ended]").Filter(new() { HasText = "热力管抢修" })).ToContainTextAsync(Street);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task An_area_is_drawn_on_the_map_by_clicks_said_back_changed_and_read_by_who_may_not_draw()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher2", "/closures");
        await page.GetByTestId("draw-closure").ClickAsync();
        ILocator form = page.GetByTestId("closure-form");
        await form.GetByTestId("field-way").SelectOptionAsync("map");
        await form.GetByTestId("field-shape").SelectOptionAsync("area");
        LocatorBoundingBoxResult map = (await page.GetByTestId("map").BoundingBoxAsync())!;
        foreach ((int right, int down) in new[] { (-40, -40), (40, -40), (40, 40), (-40, 40), (0, 60) })
        {
            await page.Mouse.ClickAsync(map.X + map.Width / 2 + right, map.Y + map.Height / 2 + down);
        }

        await Expect(form.GetByTestId("drawn-points")).ToContainTextAsync("5");
        await form.GetByTestId("undo-point").ClickAsync();
        await Expect(form.GetByTestId("drawn-points")).ToContainTextAsync("4");
        await Expect(form.GetByTestId("understood")).ToHaveAttributeAsync("data-understood", "true");
        await form.GetByTestId("field-kind").SelectOptionAsync("slow");
        await form.GetByTestId("field-speed").SelectOptionAsync("30");
        await form.GetByTestId("field-reason").SelectOptionAsync("flood");
        await Pictures.TakeAsync(page, "closures-area", output, TimeSpan.FromSeconds(2));
        await form.GetByTestId("submit-closure").ClickAsync();
        ILocator row = page.Locator("[data-testid=closure-row]").Filter(new() { HasText = "积水" });
        await Expect(row).ToContainTextAsync("缓行 30%");

        await page.GetByTestId("locate-closure").ClickAsync();
        await Pictures.TakeAsync(page, "closures-slow", output, TimeSpan.FromSeconds(2));
        await page.Keyboard.PressAsync("Alt+U");
        await Expect(form.GetByTestId("drawn-points")).ToContainTextAsync("4");
        await form.GetByTestId("field-kind").SelectOptionAsync("closed");
        await form.GetByTestId("field-until").SelectOptionAsync("today");
        await form.GetByTestId("submit-closure").ClickAsync();
        await Expect(page.GetByTestId("closure-history").Locator("li")).ToHaveCountAsync(2);
        await Expect(row).ToContainTextAsync("封闭");

        // A department that may not draw sees it, and no button for it.
        await page.GetByTestId("sign-out").ClickAsync();
        // To leave the page before the session has ended would keep it.
        await Expect(page.GetByTestId("sign-in-user")).ToBeVisibleAsync();
        await console.SignInAsync(page, "department", "/closures");
        await row.ClickAsync();
        await Expect(page.GetByTestId("closure-panel").GetByTestId("closure-reason")).ToContainTextAsync("积水");
        await Expect(page.GetByTestId("draw-closure")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("lift-closure")).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);

        // The other test begins with open roads, whichever comes first.
        Session desk = await console.Server.DispatcherAsync();
        foreach (Closure closure in (await desk.ReadAsync<Listed>("/api/roads/closures?state=current")).Closures)
        {
            await LiftAsync(desk, closure);
        }
    }

    /// <summary>Closes a street, or slows it down, from its nth crossing to the next.</summary>
    private static async Task<Closure> MakeAsync(Session desk, string street, int nth, string kind, string reason, string words, int fromHours)
    {
        Crossing[] crossings = (await desk.ReadAsync<Along>($"/api/roads/closures/along?street={Uri.EscapeDataString(street)}")).Crossings;
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddHours(fromHours);
        return (await desk.PostAsync("/api/roads/closures", new
        {
            commandId = Guid.NewGuid(),
            geometry = new
            {
                type = "LineString",
                coordinates = crossings[nth..(nth + 2)].Select(static crossing => new[] { crossing.Lon, crossing.Lat }),
            },
            kind,
            speedFactor = kind == "slow" ? 0.3 : (double?)null,
            from,
            until = from.AddHours(3),
            reason,
            words,
        })).Read<Closure>();
    }

    private static async Task LiftAsync(Session desk, Closure closure) =>
        (await desk.PostAsync($"/api/roads/closures/{closure.Id}/lift", new { commandId = Guid.NewGuid() })).Read<Closure>();

    private static async Task<Route> RouteAsync(Session desk)
    {
        Crossing[] crossings = (await desk.ReadAsync<Along>($"/api/roads/closures/along?street={Uri.EscapeDataString(Street)}")).Crossings;
        return await desk.ReadAsync<Route>(FormattableString.Invariant(
            $"/api/roads/route?from={crossings[0].Lon},{crossings[0].Lat}&to={crossings[3].Lon},{crossings[3].Lat}"));
    }
}
