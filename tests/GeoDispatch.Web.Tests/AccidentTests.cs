using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>A traffic accident with people trapped, by the keyboard alone: four agencies, a run card that the city cannot fill, a second caller.</summary>
public sealed class AccidentTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task People_trapped_bring_police_fire_and_two_ambulances_and_what_the_city_lacks_is_said()
    {
        await AskForLadderAsync();
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await CallTests.SitAsync(console, page, "dispatcher1", "41");
        string first = Exchange.NewNumber(), second = Exchange.NewNumber();
        await exchange.RingAsync(first);
        await Expect(CallTests.RowOf(page, first)).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("F2");
        await CallTests.TypeAsync(page, "黄河路100号", "两车相撞 驾驶员卡住");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("jtsgbk");
        await Expect(page.GetByTestId("type-option").First).ToContainTextAsync("交通事故被困");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Alt+R");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("suggestion-row").First).ToBeFocusedAsync();
        string incident = await page.GetByTestId("detail").Locator(".detail-number").InnerTextAsync();
        ILocator needs = page.GetByTestId("detail").Locator(".needs").First;
        await Expect(needs).ToContainTextAsync("缺");

        // One of each that the card asks for, and two ambulances: ticked by the keys, sent by one.
        var wanted = new List<string> { "trafficPolice", "rescue", "als", "bls" };
        Board board = await (await console.Server.SignInAsync("dispatcher2")).ReadAsync<Board>("/api/board");
        // Others may come before the row that has the focus while the list is walked: then it is walked again.
        ILocator rows = page.GetByTestId("suggestion-row");
        await Expect(rows.Filter(new LocatorFilterOptions { HasText = "T0" })).Not.ToHaveCountAsync(0);
        for (int walk = 0; walk < 3 && wanted.Count > 0; walk++)
        {
            await page.Keyboard.PressAsync("Home");
            for (int row = await rows.CountAsync(); row > 0; row--)
            {
                string text = await page.EvaluateAsync<string>("document.activeElement.innerText");
                Unit unit = board.Units.Single(one => text.Contains(one.CallSign, StringComparison.Ordinal));
                if (await page.EvaluateAsync<string?>("document.activeElement.ariaSelected") != "true" && wanted.Find(unit.Capabilities.Contains) is { } capability)
                {
                    wanted.Remove(capability);
                    await page.Keyboard.PressAsync("Space");
                }

                await page.Keyboard.PressAsync("ArrowDown");
            }
        }

        Assert.Empty(wanted);
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveCountAsync(4);
        await Expect(needs).ToContainTextAsync("缺: 云梯车 1");
        await Pictures.TakeEverywhereAsync(page, "accident", page.GetByTestId("detail"), output);
        await AccessibilityTests.CheckAsync(page, "the accident");

        // The second caller tells of the same.
        await exchange.RingAsync(second);
        await Expect(page.GetByTestId("count-ringing")).ToHaveTextAsync("1");
        await page.Keyboard.PressAsync("F2");
        await CallTests.TypeAsync(page, "黄河路100号", "车祸 有人被卡在车里");
        await Expect(page.GetByTestId("duplicate")).ToContainTextAsync($"{incident}?");
        await CallTests.TwiceAsync(page, "Alt+J", $"并入 {incident}");
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=callJoined]")).ToContainTextAsync(Exchange.Mask(second));

        // An ambulance that is under way to it goes to somebody in danger of death.
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident worse = (await colleague.PostAsync("/api/incidents", Commands.NewIncident(118.6, 37.46, priority: 1))).Read<Incident>();
        string ambulance = (await colleague.ReadAsync<Board>("/api/board")).Units.First(unit => unit.IncidentNumber == incident && unit.Agency == "ems").CallSign;
        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.TypeAsync($"改 {ambulance} {worse.Number} 更危重");
        await Expect(page.GetByTestId("command-said")).ToHaveAttributeAsync("data-kind", "order");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("command-said")).ToContainTextAsync("再按 Enter 执行");
        await Task.Delay(400, TestContext.Current.CancellationToken);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("command-said")).ToHaveAttributeAsync("data-kind", "done");
        Assert.Equal(worse.Number, (await colleague.ReadAsync<Board>("/api/board")).Units.Single(unit => unit.CallSign == ambulance).IncidentNumber);
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=assignmentCancelled]")).ToContainTextAsync(worse.Number);
        Assert.Empty(screen.Faults);
    }

    /// <summary>The card of such accidents asks for a ladder, too, and both of the city's are out of service.</summary>
    private async Task AskForLadderAsync()
    {
        Session admin = await console.Server.SignInAsync("admin");
        (await admin.PutAsync($"/api/run-cards/{Guid.NewGuid()}", new
        {
            name = "交通事故被困 P1(测试)",
            type = "trafficTrapped",
            priority = 1,
            needs = new[] { Need("als"), Need("bls"), Need("rescue"), Need("trafficPolice"), Need("ladder") },
        })).Read<object>();
        Session desk = await console.Server.SignInAsync("dispatcher2");
        foreach (Unit ladder in (await desk.ReadAsync<Board>("/api/board")).Units.Where(static unit => unit.Capabilities.Contains("ladder")))
        {
            (await desk.PostAsync($"/api/units/{ladder.Id}/take-out", new { commandId = Guid.NewGuid(), reason = "vehicle" })).Read<object>();
        }

        static object Need(string capability) => new { capability, count = 1 };
    }
}
