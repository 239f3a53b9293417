using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>Calls on the dispatcher's desk, by the keyboard alone, with an exchange that lets telephones ring.</summary>
public sealed class CallTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A_ringing_call_is_answered_typed_in_pinyin_and_dispatched()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(page, "dispatcher1", "21");
        string number = Exchange.NewNumber();
        await page.Keyboard.PressAsync("Alt+2");
        await exchange.RingAsync(number);
        await Expect(RowOf(page, number)).ToHaveAttributeAsync("data-status", "ringing");
        await Expect(page.GetByTestId("count-ringing")).ToHaveTextAsync("1");
        // It lights the strip alone: what had the focus keeps it.
        Assert.Equal("running", await page.EvaluateAsync<string>("document.activeElement.closest('[data-pane]').dataset.pane"));

        // The key after F2 belongs into the address already: the server's answer is not awaited.
        await page.Keyboard.PressAsync("F2");
        await page.Keyboard.PressAsync("7");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("call-head")).ToBeVisibleAsync();
        await Expect(RowOf(page, number)).ToHaveAttributeAsync("data-status", "answered");
        await Expect(page.GetByTestId("field-address")).ToHaveValueAsync("7");
        await page.Keyboard.PressAsync("Backspace");
        await Expect(page.GetByTestId("caller-place")).ToHaveTextAsync("无定位");

        var hand = await InputMethod.AttachAsync(page);
        await hand.ComposeAsync("huanghelu");
        // Places are found by the letters already; the Enter of the candidate takes none of them.
        await Expect(page.GetByTestId("place-option").First).ToContainTextAsync("黄河路");
        await Expect(page.Locator(".choices")).ToHaveAttributeAsync("aria-busy", "false");
        await hand.TakeAsync("黄河路");
        await Expect(page.GetByTestId("field-address")).ToHaveValueAsync("黄河路");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("100");
        await hand.TypeAsync("hao", "号");
        await Expect(page.GetByTestId("field-address")).ToHaveValueAsync("黄河路100号");
        await Expect(page.GetByTestId("place-option").First).ToContainTextAsync("黄河路100号");
        await Expect(page.Locator(".choices")).ToHaveAttributeAsync("aria-busy", "false");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("field-detail")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("suggestion-row").First).ToBeVisibleAsync();
        await hand.TypeAsync("sandanyuan", "三单元");
        await page.Keyboard.PressAsync("Tab");
        await hand.TypeAsync("chehuo", "车祸");
        await hand.TypeAsync("liangrenshoushang", "两人受伤");
        // The Enter of a candidate is the input method's: the form is still there, and whole.
        await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync("车祸两人受伤");
        await Expect(page.GetByTestId("field-detail")).ToHaveValueAsync("三单元");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("jtsgsr");
        await Expect(page.GetByTestId("type-option").First).ToContainTextAsync("交通事故伤人");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("field-type")).ToHaveValueAsync("交通事故伤人");
        await JourneyTests.TabToAsync(page, "field-age");
        await page.Keyboard.TypeAsync("62");
        // Traffic police lead it: what is suggested follows the type at once.
        await Expect(page.GetByTestId("suggestion-row").First).ToContainTextAsync("交警");

        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("suggestion-row").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("timeline-entry").First).ToContainTextAsync("年龄 62");
        await Expect(page.GetByTestId("joined-calls")).ToContainTextAsync(Exchange.Mask(number));
        // The line is open: the call stands at the seat until it ends.
        await Expect(RowOf(page, number)).ToHaveAttributeAsync("data-status", "answered");
        await exchange.HangUpAsync(number);
        await Expect(RowOf(page, number)).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_second_caller_of_the_same_event_is_merged_while_the_first_is_parked_and_split_again()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(page, "dispatcher1", "22");
        string first = Exchange.NewNumber(), second = Exchange.NewNumber();
        await exchange.RingAsync(first);
        await exchange.RingAsync(second);
        await Expect(page.GetByTestId("count-ringing")).ToHaveTextAsync("2");

        await page.Keyboard.PressAsync("F2");
        await TypeAsync(page, "济南路50号", "两车相撞");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator(".detail-number")).ToBeVisibleAsync();
        string incident = await page.Locator(".detail-number").InnerTextAsync();

        await page.Keyboard.PressAsync("F2");
        await Expect(RowOf(page, first)).ToHaveAttributeAsync("data-status", "parked");
        await Expect(RowOf(page, second)).ToHaveAttributeAsync("data-status", "answered");
        double before = await TopOfAsync(page, "field-address");
        await TypeAsync(page, "济南路50号", "车祸 有人受伤");
        await Expect(page.GetByTestId("duplicate")).ToContainTextAsync($"{incident}?");
        // Its line was always there: nothing beneath it moved.
        Assert.Equal(before, await TopOfAsync(page, "field-address"));
        await Pictures.TakeEverywhereAsync(page, "call-duplicate", page.Locator(".form-pane"), output);
        await page.GetByTestId("field-complaint").FocusAsync();

        await TwiceAsync(page, "Alt+J", $"并入 {incident}");
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=callJoined]")).ToContainTextAsync(Exchange.Mask(second));
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=noteAdded]")).ToContainTextAsync("车祸 有人受伤");
        await Expect(RowOf(page, second)).ToContainTextAsync($"→ {incident}");
        await Pictures.TakeAsync(page, "call-merged", output);

        await GoToAsync(page, second);
        await TwiceAsync(page, "7", $"从 {incident} 拆分");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await Expect(RowOf(page, second)).Not.ToContainTextAsync(incident);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=callLeft]")).ToHaveCountAsync(1);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task Where_a_telephone_says_it_is_stands_on_the_map_and_becomes_the_place()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(page, "dispatcher1", "23");
        string number = Exchange.NewNumber();
        await AnsweredAsync(page, exchange, number);
        await Expect(page.GetByTestId("caller-place")).ToHaveTextAsync("无定位");
        await page.Keyboard.TypeAsync("东");
        await exchange.LocateAsync(number, 118.58, 37.455, 180);
        await Expect(page.GetByTestId("caller-place")).ToContainTextAsync("±180 m");
        await Expect(page.GetByTestId("map-caller")).ToContainTextAsync("118.58000, 37.45500 ±180 m");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Backspace");

        await ShiftTabToAsync(page, "use-place");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("field-address")).Not.ToHaveValueAsync("");
        await Expect(page.Locator(".placed")).ToContainTextAsync("±180 m");
        await Expect(page.GetByTestId("suggestion-row").First).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "call-located", output, TimeSpan.FromSeconds(4));
        await exchange.HangUpAsync(number);
        await Expect(page.GetByText("已挂断").First).ToBeVisibleAsync();
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task The_callers_words_and_photo_come_by_the_link_that_was_sent_and_move_nothing_that_is_typed()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        await using Screen phone = await chromium.OpenPhoneAsync(console.Server.Address, new Geolocation { Longitude = 118.59f, Latitude = 37.46f, Accuracy = 12 });
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(page, "dispatcher1", "30");
        string number = Exchange.NewNumber();
        await AnsweredAsync(page, exchange, number);
        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("5");
        string link = await page.GetByTestId("sent-link").InnerTextAsync();
        await page.GetByTestId("field-complaint").FocusAsync();
        await page.Keyboard.TypeAsync("胸");
        double before = await TopOfAsync(page, "field-complaint");

        await phone.Page.GotoAsync(link[link.IndexOf("http", StringComparison.Ordinal)..].Trim());
        ILocator state = phone.Page.GetByRole(AriaRole.Status);
        await phone.Page.GetByLabel("文字,至多 500 字").FillAsync("三单元门口有人接");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "发送文字" }).ClickAsync();
        await Expect(state).ToContainTextAsync("文字已发送");
        await phone.Page.Locator("#photo").SetInputFilesAsync(new FilePayload { Name = "现场.png", MimeType = "image/png", Buffer = await phone.Page.ScreenshotAsync() });
        await Expect(state).ToContainTextAsync("照片已发送");

        await Expect(page.GetByTestId("from-caller")).ToContainTextAsync("三单元门口有人接");
        ILocator photo = page.GetByTestId("from-caller").Locator("img");
        await photo.ScrollIntoViewIfNeededAsync();
        await Expect(photo).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await photo.EvaluateAsync<int>("photo => photo.naturalWidth") > 0);
        await page.GetByTestId("field-complaint").ScrollIntoViewIfNeededAsync();
        await page.Locator(".form-pane .pane-body").EvaluateAsync("body => body.scrollTop = 0");
        Assert.Equal(before, await TopOfAsync(page, "field-complaint"));
        await page.Keyboard.TypeAsync("痛");
        await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync("胸痛");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task What_was_typed_survives_a_reload_and_goes_with_the_parked_call_to_another_seat()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        await using Screen other = await chromium.OpenAsync(console.Server.Address);
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(screen.Page, "dispatcher1", "24");
        await SitAsync(other.Page, "dispatcher2", "25");
        IPage page = screen.Page;
        string number = Exchange.NewNumber();
        await AnsweredAsync(page, exchange, number);
        await TypeAsync(page, "黄河路100号", "胸痛 大汗");
        await Expect(page.GetByText("草稿 ").First).ToBeVisibleAsync();

        await page.ReloadAsync();
        await ConsoleServer.ReadyAsync(page);
        await Expect(RowOf(page, number)).ToBeVisibleAsync();
        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync("胸痛 大汗");
        await page.GetByTestId("field-complaint").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(" 62岁");
        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("1");
        await Expect(RowOf(page, number)).ToHaveAttributeAsync("data-status", "parked");
        await Expect(page.GetByTestId("field-complaint")).ToHaveCountAsync(0);

        await Expect(RowOf(other.Page, number)).ToHaveAttributeAsync("data-status", "parked");
        await GoToAsync(other.Page, number);
        await other.Page.Keyboard.PressAsync("Enter");
        await Expect(other.Page.GetByTestId("field-complaint")).ToHaveValueAsync("胸痛 大汗 62岁");
        await Expect(other.Page.GetByTestId("field-address")).ToHaveValueAsync("黄河路100号");
        Assert.Empty(screen.Faults);
        Assert.Empty(other.Faults);
    }

    [Fact]
    public async Task In_a_storm_of_sixty_calls_nothing_moves_under_the_hand_and_every_call_is_reached()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(page, "dispatcher1", "26");
        string[] numbers = [.. Enumerable.Range(0, 60).Select(static _ => Exchange.NewNumber())];
        // What is to be called back stands below what rings: each call that rings would push it down.
        Guid under = await exchange.RingAsync(numbers[0]);
        await exchange.HangUpAsync(numbers[0]);
        ILocator row = RowOf(page, numbers[0]);
        await Expect(row).ToHaveAttributeAsync("data-status", "callBack");
        await row.HoverAsync();
        await page.Keyboard.PressAsync("F4");
        ILocator line = page.Locator(":focus");
        string typed = "";
        LocatorBoundingBoxResult hand = (await row.BoundingBoxAsync())!;
        for (int batch = 0; batch < 6; batch++)
        {
            await Task.WhenAll(numbers[Math.Max(1, batch * 10)..((batch + 1) * 10)].Select(exchange.RingAsync));
            // Some hang up again: their rows stay as long as the hand is there.
            await exchange.HangUpAsync(numbers[(batch * 10) + 1]);
            await Expect(page.GetByTestId("count-ringing")).ToHaveTextAsync($"{((batch + 1) * 10) - (batch + 2)}");
            await page.Keyboard.TypeAsync("记");
            typed += "记";
            await Expect(line).ToHaveValueAsync(typed);
            Assert.Equal(under.ToString(), await page.EvaluateAsync<string>(
                "([x, y]) => document.elementFromPoint(x, y).closest('[data-call-id]').dataset.callId", new double[] { hand.X + 60, hand.Y + 10 }));
        }

        await Pictures.TakeAsync(page, "call-storm", output);
        await page.Keyboard.PressAsync("Escape");
        HashSet<string> reached = [];
        await page.Keyboard.PressAsync("Alt+9");
        await page.Keyboard.PressAsync("Home");
        int rows = await page.Locator("[data-pane=calls] [role=option]").CountAsync();
        for (int step = 0; step < rows; step++)
        {
            reached.Add(await page.EvaluateAsync<string>("document.activeElement.innerText"));
            Assert.True(await page.EvaluateAsync<bool>(
                "(() => { const row = document.activeElement.getBoundingClientRect(), list = document.querySelector('[data-pane=calls] .pane-body').getBoundingClientRect(); return row.top >= list.top - 1 && row.bottom <= list.bottom + 1 })()"), $"row {step} is out of sight");
            await page.Keyboard.PressAsync("ArrowDown");
        }

        Assert.All(numbers, number => Assert.Contains(reached, text => text.Contains(Exchange.Mask(number), StringComparison.Ordinal)));
        foreach (string number in numbers)
        {
            await exchange.HangUpAsync(number);
        }

        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_seat_of_somebody_else_is_named_and_taken_over_by_a_second_press_alone_and_the_loser_keeps_what_he_typed()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        await using Screen other = await chromium.OpenAsync(console.Server.Address);
        await SitAsync(other.Page, "dispatcher2", "27");
        await other.Page.Keyboard.PressAsync("F2");
        await JourneyTests.TabToAsync(other.Page, "field-complaint");
        await other.Page.Keyboard.TypeAsync("胸痛");

        IPage page = screen.Page;
        await LeaveAsync(console, "dispatcher1");
        await console.SignInAsync(page, "dispatcher1");
        await page.GetByTestId("field-seat").FocusAsync();
        await page.Keyboard.TypeAsync("27");
        await TwiceAsync(page, "Enter", "再按 Enter 接管");
        await Expect(page.GetByTestId("seat")).ToContainTextAsync("27");
        await Expect(other.Page.GetByTestId("call-said")).ToContainTextAsync("坐席 27 已由他人就座");
        await Expect(other.Page.GetByTestId("field-complaint")).ToHaveValueAsync("胸痛");
        await Expect(other.Page.GetByTestId("field-complaint")).ToBeFocusedAsync();

        // Remembered, but not taken back behind his back.
        await other.Page.ReloadAsync();
        await ConsoleServer.ReadyAsync(other.Page);
        await Expect(other.Page.GetByTestId("field-seat")).ToHaveValueAsync("27");
        await Expect(other.Page.GetByTestId("call-said")).ToContainTextAsync("坐席 27 现为");
        await Expect(page.GetByTestId("seat")).ToContainTextAsync("27");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_number_is_marked_and_lifted_a_call_ends_with_a_result_and_a_dropped_one_is_called_back()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(page, "dispatcher1", "28");
        string number = Exchange.NewNumber(), dropped = Exchange.NewNumber();
        await AnsweredAsync(page, exchange, number);

        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("6");
        await Expect(page.GetByTestId("field-mark-reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("反复拨打不说话");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(RowOf(page, number)).ToContainTextAsync("骚扰：反复拨打不说话");
        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("6");
        await Expect(page.GetByTestId("call-ask")).ToContainTextAsync("反复拨打不说话");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(RowOf(page, number)).Not.ToContainTextAsync("骚扰");

        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("3");
        await Expect(page.GetByTestId("field-call-result")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(RowOf(page, number)).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("call-head")).ToHaveCountAsync(0);
        Assert.Equal("silent", (await (await console.Server.DispatcherAsync()).ReadAsync<CallList>($"/api/calls?endedAfter={Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddMinutes(-5).ToString("O"))}"))
            .Calls.Single(call => call.Number == Exchange.Mask(number)).Result);

        await exchange.RingAsync(dropped);
        await exchange.HangUpAsync(dropped);
        await Expect(RowOf(page, dropped)).ToContainTextAsync("未接即挂断");
        await GoToAsync(page, dropped);
        await page.Keyboard.PressAsync("Alt+K");
        await Expect(page.GetByTestId("whole-number")).ToHaveTextAsync(dropped);
        await page.GetByTestId("called-unreached").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(RowOf(page, dropped)).ToContainTextAsync("回拨未通");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task Without_the_server_the_strip_says_how_old_it_is_and_what_was_typed_stays()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await SitAsync(page, "dispatcher1", "29");
        string number = Exchange.NewNumber();
        await AnsweredAsync(page, exchange, number);
        await JourneyTests.TabToAsync(page, "field-complaint");
        await page.Keyboard.TypeAsync("胸痛");

        await page.Context.SetOfflineAsync(true);
        await Expect(page.GetByTestId("call-said")).ToContainTextAsync("停在");
        await page.Keyboard.TypeAsync(" 大汗");
        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("1");
        await Expect(page.GetByTestId("call-said")).ToContainTextAsync("服务器没有应答");
        await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync("胸痛 大汗");

        await page.Context.SetOfflineAsync(false);
        await Expect(page.GetByTestId("band")).ToBeEmptyAsync();
        await GoToAsync(page, number);
        await page.Keyboard.PressAsync("1");
        await Expect(RowOf(page, number)).ToHaveAttributeAsync("data-status", "parked");
        CallDetail kept = await (await console.Server.DispatcherAsync()).ReadAsync<CallDetail>(
            $"/api/calls/{await RowOf(page, number).GetAttributeAsync("data-call-id")}");
        Assert.Equal("胸痛 大汗", kept.Draft!.Content.GetProperty("complaint").GetString());
    }

    /// <summary>Signs in and says at which extension he sits, as a hand without a mouse does it.</summary>
    private Task SitAsync(IPage page, string userName, string seat) => SitAsync(console, page, userName, seat);

    internal static async Task SitAsync(ConsoleServer console, IPage page, string userName, string seat)
    {
        await LeaveAsync(console, userName);
        await console.SignInAsync(page, userName);
        await page.GetByTestId("field-seat").FocusAsync();
        await page.Keyboard.TypeAsync(seat);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("seat")).ToContainTextAsync(seat);
    }

    private static async Task LeaveAsync(ConsoleServer console, string userName) => (await (await console.Server.SignInAsync(userName)).SendAsync(
        new HttpRequestMessage(HttpMethod.Delete, "/api/seat"))).Read<object>();

    /// <summary>Lets it ring and answers it by F2: the form is open, the call at the seat.</summary>
    private static async Task AnsweredAsync(IPage page, Exchange exchange, string number)
    {
        await exchange.RingAsync(number);
        await Expect(RowOf(page, number)).ToHaveAttributeAsync("data-status", "ringing");
        await page.Keyboard.PressAsync("F2");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await Expect(RowOf(page, number)).ToHaveAttributeAsync("data-status", "answered");
    }

    /// <summary>Address and complaint, from the field that has the focus on.</summary>
    internal static async Task TypeAsync(IPage page, string address, string complaint)
    {
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(address);
        await Expect(page.GetByTestId("place-option").First).ToContainTextAsync(address);
        await Expect(page.Locator(".choices")).ToHaveAttributeAsync("aria-busy", "false");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("place-option")).ToHaveCountAsync(0);
        await JourneyTests.TabToAsync(page, "field-complaint");
        await page.Keyboard.TypeAsync(complaint);
    }

    /// <summary>To the row of a call in the strip, by the keys.</summary>
    internal static async Task GoToAsync(IPage page, string number)
    {
        await page.Keyboard.PressAsync("Alt+9");
        await page.Keyboard.PressAsync("Home");
        for (int rows = await page.GetByTestId("call-row").CountAsync(); rows >= 0; rows--)
        {
            if ((await page.EvaluateAsync<string>("document.activeElement.innerText")).Contains(Exchange.Mask(number), StringComparison.Ordinal))
            {
                return;
            }

            await page.Keyboard.PressAsync("ArrowDown");
        }

        Assert.Fail($"{number} is not reached in the strip");
    }

    /// <summary>What asks for a second press is asked for, and said again after the pause.</summary>
    internal static async Task TwiceAsync(IPage page, string key, string question)
    {
        await page.Keyboard.PressAsync(key);
        await Expect(page.GetByTestId("call-said")).ToContainTextAsync(question);
        await Task.Delay(TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken);
        await page.Keyboard.PressAsync(key);
    }

    private static async Task ShiftTabToAsync(IPage page, string testId)
    {
        for (int tries = 0; tries < 20; tries++)
        {
            await page.Keyboard.PressAsync("Shift+Tab");
            if (await page.GetByTestId(testId).EvaluateAsync<bool>("field => field === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{testId} cannot be reached by Shift+Tab");
    }

    private static Task<double> TopOfAsync(IPage page, string testId) =>
        page.GetByTestId(testId).EvaluateAsync<double>("field => field.getBoundingClientRect().top");

    internal static ILocator RowOf(IPage page, string number) =>
        page.GetByTestId("call-row").Filter(new() { HasText = Exchange.Mask(number) });
}
