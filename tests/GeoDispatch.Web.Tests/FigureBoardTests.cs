using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The figures of 120 in the browser: from all of them to one, to a group of it, to its cases and the incident.</summary>
public sealed class FigureBoardTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task From_the_figures_one_comes_by_the_keyboard_to_the_runs_behind_them_and_to_their_incident()
    {
        Session dispatcher = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await dispatcher.OpenAsync();
        Unit unit = (await dispatcher.ReadAsync<Board>("/api/board")).Units.First(static unit => unit.Status == "available" && unit.CallSign[0] == 'A');
        Assignment assignment = await dispatcher.AssignAsync(incident.Id, unit.Id);
        foreach (string milestone in (string[])["acknowledged", "enRoute", "onScene"])
        {
            (await dispatcher.PressAsync(assignment.Id, milestone)).Read<Incident>();
        }

        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.GotoAsync("/figures");
        await Expect(page.GetByTestId("figure-counts").Locator("[data-count=runs] dd")).ToHaveTextAsync("1");
        ILocator turnout = page.GetByTestId("figure-table").Locator("[data-figure=turnout]");
        await Expect(turnout).ToContainTextAsync("派车 → 出车");
        await Expect(turnout).ToContainTextAsync("1/1");
        await Expect(turnout).ToContainTextAsync("03:00 内 ≥95 %");
        await Expect(turnout).ToHaveAttributeAsync("data-reached", "true");
        await page.GetByTestId("choose-turnout").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByTestId("figures-by-district").FocusAsync();
        await page.Keyboard.PressAsync("4");
        await Expect(page.GetByTestId("figure-chart")).ToHaveAttributeAsync("data-bars", "1");
        await Expect(page.GetByTestId("group-table")).ToContainTextAsync(unit.StationName);
        await page.GetByTestId("choose-group").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator found = page.GetByTestId("figure-case");
        await Expect(found).ToHaveCountAsync(1);
        await Expect(found).ToContainTextAsync(unit.CallSign);
        await Pictures.TakeEverywhereAsync(page, "figures", page.GetByTestId("figures-body"), output);
        await AccessibilityTests.CheckAsync(page, "figures");
        await found.GetByRole(AriaRole.Link).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(incident.Number);

        await page.GotoAsync("/figures");
        await page.GetByRole(AriaRole.Tab, new() { Name = "日报" }).ClickAsync();
        await Expect(page.GetByTestId("reports")).ToContainTextAsync("还没有日报");
        Assert.Empty(screen.Faults);
    }
}
