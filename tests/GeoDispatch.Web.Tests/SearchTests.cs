using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The search of everything, by F3: places as callers and call takers say and mistype them.</summary>
public sealed class SearchTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A_call_taker_finds_places_by_initials_a_crossing_and_a_mistake_and_flies_there_by_the_keys_alone()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        ILocator field = page.GetByTestId("search"), rows = page.GetByTestId("search-option");

        await page.Keyboard.PressAsync("F3");
        await Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("hhl");
        ILocator street = rows.Filter(new() { HasText = "首字母" }).First;
        await Expect(street).ToContainTextAsync("黄河路");
        await Expect(street.Locator("mark")).ToHaveTextAsync("黄河路");
        await PicturesAsync(page, field, "hhl", "search-initials");

        await field.FillAsync("皇河路与西四路交叉口");
        await Expect(rows.First).ToContainTextAsync("西四路与黄河路口");
        await Expect(rows.First).ToContainTextAsync("路口");
        await Expect(rows.First).ToContainTextAsync("同音");
        await Expect(rows.First).ToContainTextAsync("km");
        await PicturesAsync(page, field, "皇河路与西四路交叉口", "search-crossing");

        PlaceFound crossing = (await (await console.Server.DispatcherAsync()).ReadAsync<PlacesFound>($"/api/places?q={Uri.EscapeDataString("西四路与黄河路口")}")).Places[0];
        await page.Keyboard.PressAsync("Enter");
        await Expect(rows).ToHaveCountAsync(0);
        await Expect(field).ToHaveValueAsync("");
        await Pictures.TakeAsync(page, "search-marked", output, TimeSpan.FromSeconds(4));
        // The map looks there now: what is asked next is near it.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        IRequest next = await page.RunAndWaitForRequestAsync(() => field.FillAsync("西四路"), static request => request.Url.Contains("/api/places?", StringComparison.Ordinal));
        string lon = System.Web.HttpUtility.ParseQueryString(new Uri(next.Url).Query)["lon"]!;
        Assert.Equal(crossing.Lon, double.Parse(lon, System.Globalization.CultureInfo.InvariantCulture), 0.001);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_house_number_between_known_ones_says_so_and_an_old_name_says_whose_it_was()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.Keyboard.PressAsync("F2");
        ILocator address = page.GetByTestId("field-address"), rows = page.GetByTestId("place-option");

        await address.FillAsync("渤海街146号");
        await Expect(rows.First).ToContainTextAsync("推算门牌: 144–148 之间");
        await PicturesAsync(page, address, "渤海街146号", "search-between");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("±60 m")).ToBeVisibleAsync();

        await address.FillAsync("胜利大街");
        await Expect(rows.First).ToContainTextAsync("黄河路");
        await Expect(rows.First).ToContainTextAsync("旧名: 胜利大街");
        // An input method's Enter takes its candidate, not ours.
        await address.DispatchEventAsync("keydown", new { key = "Enter", code = "Enter", keyCode = 229, bubbles = true });
        await Expect(address).ToHaveValueAsync("胜利大街");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task What_is_not_there_and_a_search_that_fails_are_said_and_the_rows_stay_until_the_next_answer()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.Keyboard.PressAsync("F3");
        ILocator field = page.GetByTestId("search"), rows = page.GetByTestId("search-option");
        await field.FillAsync("没有这样的地方呢");
        await Expect(page.GetByText("没有匹配的结果")).ToBeVisibleAsync();

        await field.FillAsync("济南路");
        await Expect(rows.First).ToContainTextAsync("济南路");
        var held = new TaskCompletionSource();
        await page.RouteAsync("**/api/places?*", async route =>
        {
            await held.Task;
            await route.AbortAsync();
        });
        await field.FillAsync("济宁路");
        await Expect(page.Locator(".choices")).ToHaveAttributeAsync("aria-busy", "true");
        await Expect(rows.First).ToContainTextAsync("济南路");
        // Enter takes none of the rows that are still of the former text.
        await page.Keyboard.PressAsync("Enter");
        await Expect(field).ToHaveValueAsync("济宁路");
        held.SetResult();
        await Expect(page.GetByText("地名检索失败")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".choices")).ToHaveCountAsync(0);
        await Expect(field).ToHaveValueAsync("济宁路");
    }

    [Fact]
    public async Task A_department_finds_places_on_the_map_page()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "department");
        await page.Keyboard.PressAsync("F3");
        await page.Keyboard.TypeAsync("niuzhuangzhen");
        ILocator row = page.GetByTestId("search-option").First;
        await Expect(row).ToContainTextAsync("牛庄镇");
        await PicturesAsync(page, page.GetByTestId("search"), "niuzhuangzhen", "search-map-page");
        await row.ClickAsync();
        await Expect(page.GetByTestId("search-option")).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);
    }

    /// <summary>The open list by day and by night, in both languages, on a large and a small screen: whole. Ends as it began.</summary>
    private async Task PicturesAsync(IPage page, ILocator field, string text, string name)
    {
        foreach ((int width, int height) in ((int, int)[])[(1280, 720), (1920, 1080)])
        {
            await page.SetViewportSizeAsync(width, height);
            for (int turn = 0; turn < 4; turn++)
            {
                await page.GetByTestId(turn == 2 ? "switch-theme" : "switch-language").ClickAsync();
                // The list closes with the field that it belongs to.
                await field.FillAsync("");
                await field.FillAsync(text);
                await Expect(page.Locator("[role=option] mark").First).ToBeVisibleAsync();
                ILocator list = page.Locator(".choices");
                Assert.True(await list.EvaluateAsync<bool>("list => { const box = list.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth }"), $"{name} {width}: the list is cut off");
                await Pictures.TakeAsync(page, FormattableString.Invariant($"{name}-{width}-{turn}"), output, TimeSpan.FromSeconds(1));
            }

            await page.GetByTestId("switch-theme").ClickAsync();
            await field.FillAsync("");
            await field.FillAsync(text);
            await Expect(page.Locator(".choices")).ToHaveAttributeAsync("aria-busy", "false");
        }
    }
}
