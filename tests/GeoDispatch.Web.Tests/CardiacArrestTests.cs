using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>A cardiac arrest by the keyboard alone: the word that raises, compressions to a beat, two units, a chest-pain centre.</summary>
public sealed class CardiacArrestTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private sealed record Hospital(string Name, string[] Capabilities);

    private sealed record Hospitals(Hospital[] Items)
    {
        [System.Text.Json.Serialization.JsonPropertyName("hospitals")]
        public Hospital[] Items { get; init; } = Items;
    }

    [Fact]
    public async Task A_cardiac_arrest_is_raised_by_its_word_led_to_compressions_and_gets_two_units_and_a_chest_pain_centre()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await CallTests.SitAsync(console, page, "dispatcher1", "71");
        string number = Exchange.NewNumber();
        await exchange.RingAsync(number);
        await Expect(CallTests.RowOf(page, number)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("F2");
        await CallTests.TypeAsync(page, "黄河路100号", "老人倒地 没有呼");
        await Expect(page.GetByTestId("field-priority-2")).ToHaveAttributeAsync("aria-checked", "true");
        await page.Keyboard.TypeAsync("吸");
        await Expect(page.GetByTestId("field-priority-1")).ToHaveAttributeAsync("aria-checked", "true");

        // Three digits to the compressions, and a beat for them.
        await page.Keyboard.PressAsync("Alt+0");
        await Expect(page.GetByTestId("triage-choice-cardiacArrest")).ToContainTextAsync("1");
        foreach (string digit in new[] { "1", "2", "3" })
        {
            await page.Keyboard.PressAsync(digit);
        }

        await Expect(page.GetByTestId("triage-reached")).ToContainTextAsync("00-1A");
        await Expect(page.GetByTestId("triage-reached")).ToContainTextAsync("五到六厘米");
        await page.GetByTestId("metronome").PressAsync("Enter");
        await Expect(page.GetByTestId("metronome-beat")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Alt+R");
        await page.Keyboard.PressAsync("Control+Enter");

        // Two units are asked for by the determinant; the first two of the list fill it.
        ILocator needs = page.GetByTestId("needs");
        await Expect(needs).ToContainTextAsync("（分诊 00-1A）");
        await Expect(needs).ToContainTextAsync("缺: 高级生命支持 1、基础生命支持 1");
        ILocator rows = page.GetByTestId("suggestion-row");
        await Expect(rows.First).ToBeFocusedAsync();
        await Expect(rows.Nth(0)).ToContainTextAsync("补");
        await Expect(rows.Nth(1)).ToContainTextAsync("补");
        await Expect(rows.Nth(2)).Not.ToContainTextAsync("补");
        await Pictures.TakeEverywhereAsync(page, "cardiac-arrest", page.GetByTestId("detail"), output);
        await AccessibilityTests.CheckAsync(page, "two units asked for");
        await page.Keyboard.PressAsync("Alt+4");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveCountAsync(1);
        await Expect(needs).ToContainTextAsync("生命支持 1");
        await Expect(rows.First).ToContainTextAsync("补");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveCountAsync(2);
        await Expect(needs).ToContainTextAsync("所需已齐");
        await exchange.HangUpAsync(number);

        Hospital centre = (await (await console.Server.DispatcherAsync()).ReadAsync<Hospitals>("/api/hospitals")).Items
            .First(static hospital => hospital.Capabilities.Contains("chestPain"));
        string unit = await page.GetByTestId("assignment-row").First.Locator(".call-sign").InnerTextAsync();
        await page.Keyboard.PressAsync("F4");
        foreach (string line in new[] { $"态 {unit} 出车", $"态 {unit} 到达", $"院 {unit} {centre.Name}" })
        {
            await page.Keyboard.TypeAsync(line);
            await Expect(page.GetByTestId("command-said")).ToHaveAttributeAsync("data-kind", "order");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByTestId("command-line")).ToHaveValueAsync("");
        }

        await Expect(page.GetByTestId("assignment-row").First).ToHaveAttributeAsync("data-status", "leftScene");
        await Expect(page.GetByTestId("timeline-entry").Filter(new() { HasText = centre.Name })).ToHaveCountAsync(1);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task What_triage_finds_more_urgent_later_is_raised_by_one_key()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await colleague.OpenAsync();
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.TypeAsync($"开 {incident.Number}");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(incident.Number);
        await Expect(page.GetByTestId("raise")).ToHaveCountAsync(0);

        await colleague.PostAsync($"/api/incidents/{incident.Id}/triage", new { commandId = Guid.NewGuid(), words = "没有呼吸了" });
        await Expect(page.GetByTestId("raise")).ToContainTextAsync("分诊 没有呼吸：提升到 P1");
        await page.Keyboard.PressAsync("Alt+PageUp");

        await Expect(page.GetByTestId("raise")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=priorityChanged]")).ToContainTextAsync("P2 → P1");
        await page.GetByTestId("switch-language").ClickAsync();
        await Expect(page.GetByTestId("needs")).ToContainTextAsync("(triage 没有呼吸)");
        Assert.Empty(screen.Faults);
    }
}
