using System.Globalization;
using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>A city keeps its units, types and run cards at the screen, by the keyboard alone; the desk goes by what was kept.</summary>
public sealed class SetupTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task An_administrator_makes_a_type_and_a_card_that_the_city_cannot_fill_takes_a_unit_out_and_the_desk_shows_all_three()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "admin", "/admin");

        await ToPartAsync(page, "类型");
        ILocator types = page.GetByTestId("setup-types");
        await Expect(types.GetByTestId("setup-row")).ToHaveCountAsync(24);
        await page.Keyboard.PressAsync("F2");
        await WriteAsync(page, "field-type-code", "Sea");
        await WriteAsync(page, "field-type-name", "海上救援");
        await WriteAsync(page, "field-type-nameEn", "Rescue at sea");
        await ChooseAsync(page, "field-type-lead", "fire");
        await ChooseAsync(page, "field-type-priority", "1");
        await WriteAsync(page, "field-type-words", "海上 渔船");
        await page.Keyboard.PressAsync("Enter");
        // What is wrong stands beside its field, and what was written stays.
        await Expect(types.Locator("#fault-type-code")).ToContainTextAsync("小写字母开头");
        await Expect(page.GetByTestId("field-type-words")).ToHaveValueAsync("海上 渔船");
        await WriteAsync(page, "field-type-code", "seaRescue");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("said")).ToContainTextAsync("已保存类型 海上救援");
        await Expect(Row(page, "seaRescue")).ToContainTextAsync("消防");
        await LookAsync(page, "setup-types", types);

        await ToPartAsync(page, "预案");
        ILocator cards = page.GetByTestId("setup-cards");
        await Expect(cards.GetByTestId("setup-row").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("F2");
        await WriteAsync(page, "field-card-name", "海上救援 高处");
        await ChooseAsync(page, "field-card-type", "seaRescue");
        await ChooseAsync(page, "field-need-0", "ladder");
        await Expect(page.GetByTestId("gap")).ToContainTextAsync("不缺");
        await WriteAsync(page, "field-count-0", "3");
        // The city has two.
        await Expect(page.GetByTestId("gap")).ToContainTextAsync("缺: 云梯车 1");
        await ReachAsync(page, "add-need");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(cards.Locator("#fault-need-1")).ToHaveTextAsync("选择能力");
        await ChooseAsync(page, "field-need-1", "boat");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("said")).ToContainTextAsync("已保存预案 海上救援 高处");
        await WriteAsync(page, "setup-filter", "海上");
        await Expect(cards.GetByTestId("setup-row")).ToHaveCountAsync(1);
        await Expect(cards.GetByTestId("setup-row")).ToContainTextAsync("缺: 云梯车 1");
        await WriteAsync(page, "setup-filter", "");
        await LookAsync(page, "setup-cards", cards);
        await DrawAsync(page);

        await ToPartAsync(page, "单元");
        ILocator units = page.GetByTestId("setup-units");
        Guid boat = console.Server.Crew("F13").UnitId;
        await WriteAsync(page, "setup-filter", "舟艇");
        await Expect(units.GetByTestId("setup-row")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Tab");
        await Expect(Row(page, boat.ToString())).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await ReachAsync(page, "unit-out-submit");
        await page.Keyboard.PressAsync("Enter");
        await Expect(units.Locator("#fault-out-reason")).ToHaveTextAsync("选择原因");
        await ChooseAsync(page, "field-out-reason", "equipment");
        await WriteAsync(page, "field-out-words", "舷外机");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("said")).ToContainTextAsync("F13 已停用：设备故障，恢复时间未定");
        await Expect(Row(page, boat.ToString())).ToContainTextAsync("设备故障 舷外机");
        await WriteAsync(page, "setup-filter", "");
        await LookAsync(page, "setup-units", units);
        Assert.Empty(screen.Faults);

        await OnTheDeskAsync(boat);
    }

    [Fact]
    public async Task Who_changes_what_a_colleague_changed_meanwhile_is_told_and_reads_again_and_a_dispatcher_reads_cards_without_fields()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1", "/admin");
        Guid ladder = console.Server.Crew("F10").UnitId;
        await Expect(page.GetByRole(AriaRole.Tab)).ToHaveTextAsync(["单元", "类型", "预案"]);
        await WriteAsync(page, "setup-filter", "F10");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await WriteAsync(page, "field-rest", "45");
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        (await colleague.PostAsync($"/api/units/{ladder}/rest", new { commandId = Guid.NewGuid(), minutes = 20 })).Read<Unit>();
        await ReachAsync(page, "unit-rest-submit");
        await page.Keyboard.PressAsync("Enter");
        ILocator rest = page.GetByTestId("unit-rest");
        await Expect(rest.GetByRole(AriaRole.Alert)).ToContainTextAsync("unit.stale");
        await Expect(page.GetByTestId("field-rest")).ToHaveValueAsync("45");
        await rest.GetByRole(AriaRole.Button, new() { Name = "重新读取" }).PressAsync("Enter");
        await Expect(page.GetByTestId("field-rest")).ToHaveValueAsync("20");
        await WriteAsync(page, "field-rest", "30");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("said")).ToContainTextAsync("已保存 F10 的休息：30 分钟");
        Assert.Equal(30, (await colleague.ReadAsync<Board>("/api/board")).UnitOf(ladder).RestMinutes);

        await ToPartAsync(page, "预案");
        await Expect(page.GetByTestId("setup-row").First).ToBeVisibleAsync();
        await Expect(page.GetByTestId("setup-new")).ToHaveCountAsync(0);
        await page.GetByTestId("setup-row").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("setup-facts")).ToContainTextAsync("出动力量");
        await Expect(page.GetByTestId("setup-detail").Locator("input, select")).ToHaveCountAsync(0);
        await AccessibilityTests.CheckAsync(page, "a card for reading");
        await Pictures.TakeAsync(page, "setup-cards-read", output);
        Assert.Empty(screen.Faults);
    }

    /// <summary>The card counts within three corners that are set at the cross of the map, and then everywhere again.</summary>
    private static async Task DrawAsync(IPage page)
    {
        ILocator row = page.GetByTestId("setup-row").Filter(new() { HasText = "海上救援 高处" });
        await ChooseAsync(page, "field-card-area", "drawn");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("#fault-card-area")).ToContainTextAsync("多边形");
        await Expect(page.GetByTestId("map")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Alt+3");
        await Expect(page.GetByTestId("map")).ToBeFocusedAsync();
        foreach ((string key, string corners) in new[] { ("ArrowRight", "1"), ("ArrowDown", "2"), ("ArrowLeft", "3") })
        {
            await page.Keyboard.PressAsync(key);
            // The map glides there.
            await page.WaitForTimeoutAsync(500);
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByTestId("corners")).ToContainTextAsync(corners);
        }

        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(row).ToContainTextAsync("图上划定");
        await AccessibilityTests.CheckAsync(page, "an area on the map");
        await ChooseAsync(page, "field-card-area", "everywhere");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(row).Not.ToContainTextAsync("图上划定");
    }

    /// <summary>A dispatcher opens an incident of the new type: what it lacks is said, and the boat is out.</summary>
    private async Task OnTheDeskAsync(Guid boat)
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.Keyboard.PressAsync("F2");
        await CallTests.TypeAsync(page, "黄河路100号", "渔船起火");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("hsjy");
        await Expect(page.GetByTestId("type-option").First).ToContainTextAsync("海上救援");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Alt+R");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("detail").Locator(".needs").First).ToContainTextAsync("缺: 云梯车 3、舟艇 1");
        ILocator row = page.Locator($"[data-testid=unit-row][data-unit-id='{boat}']");
        await page.Keyboard.PressAsync("Alt+5");
        await Expect(row).ToContainTextAsync("停用");
        Assert.Empty(screen.Faults);
    }

    private static ILocator Row(IPage page, string id) => page.Locator($"[data-testid=setup-row][data-id='{id}']");

    /// <summary>By the arrows of the tabs, from wherever the focus is.</summary>
    private static async Task ToPartAsync(IPage page, string name)
    {
        await page.Locator("[role=tab][aria-selected=true]").FocusAsync();
        ILocator tab = page.GetByRole(AriaRole.Tab, new() { Name = name });
        for (int press = 0; press < 8 && await tab.GetAttributeAsync("aria-selected") != "true"; press++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
            await page.Keyboard.PressAsync("Enter");
        }

        await Expect(tab).ToHaveAttributeAsync("aria-selected", "true");
    }

    /// <summary>By Tab, or by Shift+Tab where it stands before: some fields are many stops away, and dates are several in one.</summary>
    private static async Task ReachAsync(IPage page, string testId)
    {
        for (int press = 0; press < 80; press++)
        {
            string where = await page.GetByTestId(testId).EvaluateAsync<string>(
                """
                field => field === document.activeElement ? 'here'
                  : document.activeElement.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_PRECEDING ? 'Shift+Tab' : 'Tab'
                """);
            if (where == "here")
            {
                return;
            }

            await page.Keyboard.PressAsync(where);
        }

        Assert.Fail($"{testId} cannot be reached by Tab");
    }

    private static async Task WriteAsync(IPage page, string field, string text)
    {
        await ReachAsync(page, field);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.PressAsync("Delete");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>By the keys of the browser's own list.</summary>
    private static async Task ChooseAsync(IPage page, string field, string value)
    {
        await ReachAsync(page, field);
        ILocator list = page.GetByTestId(field);
        int from = await IndexAsync("list => list.selectedIndex"), to = await IndexAsync("(list, value) => [...list.options].findIndex(one => one.value === value)");
        for (int press = from; press != to; press += Math.Sign(to - from))
        {
            await page.Keyboard.PressAsync(to > from ? "ArrowDown" : "ArrowUp");
        }

        await Expect(list).ToHaveValueAsync(value);

        Task<int> IndexAsync(string script) => list.EvaluateAsync<int>(script, value);
    }

    private async Task LookAsync(IPage page, string name, ILocator part)
    {
        await AccessibilityTests.CheckAsync(page, name);
        await Pictures.TakeEverywhereAsync(page, name, part, output);
        await AccessibilityTests.CheckAsync(page, string.Create(CultureInfo.InvariantCulture, $"{name} after all of them"));
    }
}
