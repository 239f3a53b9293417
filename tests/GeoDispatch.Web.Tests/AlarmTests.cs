using GeoDispatch.Host;
using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The whole product with the console, on a day that runs so fast that nobody waits for an alarm.</summary>
public sealed class FastConsole(TestCluster cluster) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.FromHours(8));

    public ConsoleServer Console { get; } = new(cluster, new ExerciseClock(Start, 40, TimeProvider.System));

    public ValueTask InitializeAsync() => Console.InitializeAsync();

    public ValueTask DisposeAsync() => Console.DisposeAsync();
}

/// <summary>What is abnormal is seen, heard and confirmed at the desk, and takes nothing out of the dispatcher's hand.</summary>
public sealed class AlarmTests(Chromium chromium, FastConsole fast, ITestOutputHelper output) : IClassFixture<FastConsole>
{
    private sealed record Alarm(Guid Id, Guid? IncidentId, string State);

    private sealed record AlarmList(Alarm[] Alarms);

    /// <summary>A second press that is meant comes later than a slip of the hand.</summary>
    private const int BetweenPressesMilliseconds = 400;

    // Each tone is counted as it starts; what is heard cannot be seen otherwise.
    private const string CountTones =
        """
        window.tones = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...at) { window.tones++; return start.apply(this, at); };
        """;

    [Fact]
    public async Task F8_shows_the_first_alarm_and_confirms_it_when_pressed_again_and_nothing_else_takes_the_focus()
    {
        using Session desk = await QuietAsync();
        await using Screen screen = await OpenAsync();
        IPage page = screen.Page;
        ILocator pin = page.GetByTestId("alarm-pin");
        await Expect(pin).ToContainTextAsync("没有待确认的告警");
        LocatorBoundingBoxResult? before = await page.GetByTestId("detail").BoundingBoxAsync();
        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.TypeAsync("记 ");

        Incident incident = await WaitingAsync(desk);

        await Expect(pin).ToContainTextAsync("P1 待派超过 60 秒");
        await Expect(pin).ToContainTextAsync(incident.Number);
        await Expect(page.GetByTestId("count-a1")).ToHaveTextAsync("1");
        await Expect(page.GetByTestId("command-line")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("alarm-row")).ToHaveCountAsync(0);
        await ListenAsync(page, 6);

        await page.Keyboard.PressAsync("F8");
        ILocator row = page.GetByTestId("alarm-row");
        await Expect(row).ToHaveAttributeAsync("data-selected", "true");
        await Expect(row).ToContainTextAsync("派单");
        await Expect(row).ToHaveAttributeAsync("data-state", "unconfirmed");
        await Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(incident.Number);
        await Expect(page.GetByTestId("command-line")).ToBeFocusedAsync();
        await page.WaitForTimeoutAsync(BetweenPressesMilliseconds);
        await page.Keyboard.PressAsync("F8");

        // Confirmed it is silent, and still there: nobody was sent.
        await Expect(row).ToHaveAttributeAsync("data-state", "confirmed");
        await Expect(pin).ToContainTextAsync("没有待确认的告警");
        await Expect(page.GetByTestId("count-a1")).ToHaveTextAsync("1");
        await Expect(page.GetByTestId("command-line")).ToHaveValueAsync("记 ");
        int heard = await page.EvaluateAsync<int>("window.tones");
        await page.WaitForTimeoutAsync(6000);
        Assert.Equal(heard, await page.EvaluateAsync<int>("window.tones"));
        Assert.Equal(before?.Y, (await page.GetByTestId("detail").BoundingBoxAsync())?.Y);
        (await desk.CloseAsync(incident.Id, "noPatient")).Read<Incident>();
        await Expect(page.GetByTestId("alarm-row")).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task An_alarm_of_level_2_is_shelved_with_a_reason_by_the_keyboard_stands_apart_and_comes_back()
    {
        using Session desk = await QuietAsync();
        await using Screen screen = await OpenAsync();
        IPage page = screen.Page;
        Incident incident = (await desk.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455, priority: 3))).Read<Incident>();
        await desk.AssignAsync(incident.Id, fast.Console.Server.Crew("A30").UnitId);
        ILocator row = page.GetByTestId("alarm-row").And(page.Locator("[data-kind=orderUnconfirmed]"));
        await page.Keyboard.PressAsync("Alt+8");
        await Expect(row).ToContainTextAsync("A30");
        await Expect(row).ToHaveAttributeAsync("data-level", "2");

        // By keys from the first row to it, whatever else is there.
        await page.Keyboard.PressAsync("Alt+8");
        await page.Keyboard.PressAsync("Home");
        for (int tries = 0; tries < 10 && await row.GetAttributeAsync("data-selected") is null; tries++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        // It says how far the order came, what still holds and which keys help; that the crew was phoned is written down.
        await Expect(row).ToContainTextAsync("派单未送达 A30:车辆没有终端");
        await Expect(row).ToContainTextAsync("任务已保留。Alt+K 电话通知，或 Alt+G 改派。E-DSP-031");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Alt+K");
        await Expect(page.GetByTestId("field-note")).ToHaveValueAsync("已电话通知 A30");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=noteAdded]")).ToContainTextAsync("已电话通知 A30");
        await page.Keyboard.PressAsync("Alt+8");
        await Pictures.TakeEverywhereAsync(page, "alarms", page.GetByTestId("alarms"), output);
        await AccessibilityTests.CheckAsync(page, "the alarms");
        await page.Keyboard.PressAsync("Alt+Z");
        await page.GetByTestId("shelve-60").ClickAsync();
        await page.GetByTestId("field-shelve-reason").FocusAsync();
        await page.Keyboard.TypeAsync("已电话联系");
        await AccessibilityTests.CheckAsync(page, "the form that shelves");
        await page.Keyboard.PressAsync("Control+Enter");

        ILocator shelved = page.GetByTestId("shelved-row");
        await Expect(shelved).ToContainTextAsync("已电话联系");
        await Expect(shelved).ToContainTextAsync("已搁置 至");
        await Expect(row).ToHaveCountAsync(0);
        await shelved.ClickAsync();
        await page.Keyboard.PressAsync("Alt+Z");
        await Expect(row).ToHaveAttributeAsync("data-state", "unconfirmed");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task Twenty_alarms_while_a_call_is_typed_lose_no_character_and_move_nothing_under_the_hand()
    {
        using Session desk = await QuietAsync();
        await using Screen screen = await OpenAsync();
        IPage page = screen.Page;
        await WaitingAsync(desk);
        await page.Keyboard.PressAsync("Alt+8");
        ILocator first = page.GetByTestId("alarm-row").First;
        await Expect(first).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("F2");
        await page.Keyboard.PressAsync("Alt+8");
        await page.GetByTestId("field-complaint").FocusAsync();
        LocatorBoundingBoxResult box = (await first.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 20, box.Y + 10);
        await page.Mouse.MoveAsync(box.X + 24, box.Y + 12);
        string under = await UnderAsync(page, box);
        LocatorBoundingBoxResult? field = await page.GetByTestId("field-complaint").BoundingBoxAsync();

        Task storm = StormAsync(desk);
        const string Said = "Chest pain, sweating, male of sixty-two, awake, breathing fast, third floor, door code 4711";
        ILocator count = page.GetByTestId("count-a1");
        for (int at = 0; at < Said.Length || int.Parse(await count.InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture) < 21; at++)
        {
            Assert.True(at < 600, "twenty alarms do not come");
            await page.Keyboard.TypeAsync(at < Said.Length ? Said[at].ToString() : "", new() { Delay = 30 });
            await page.WaitForTimeoutAsync(30);
        }

        await storm;
        await Expect(page.GetByTestId("field-complaint")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync(Said);
        Assert.Equal((field!.X, field.Y), await PlaceAsync(page.GetByTestId("field-complaint")));
        Assert.Equal(under, await UnderAsync(page, box));
        await Expect(page.GetByTestId("flood")).ToContainTextAsync("告警洪泛");
        // Each of level 1 is still a row of its own.
        await Expect(page.GetByTestId("alarm-row").And(page.Locator("[data-level='1']"))).ToHaveCountAsync(21);
        await Pictures.TakeAsync(page, "alarms-flood", output);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task An_alarm_of_another_seat_is_listed_in_silence_until_somebody_sits_down_here_as_the_supervisor()
    {
        using Session quiet = await QuietAsync();
        using Session other = await fast.Console.Server.SignInAsync("dispatcher2"), boss = await fast.Console.Server.SignInAsync("admin");
        (await other.PutAsync("/api/seat", new { seat = "9" })).Read<object>();
        (await boss.PutAsync("/api/seat", new { seat = "3", supervisor = true })).Read<object>();
        await using Screen screen = await chromium.OpenAsync(fast.Console.Server.Address);
        IPage page = screen.Page;
        await page.AddInitScriptAsync(CountTones);
        await CallTests.SitAsync(fast.Console, page, "dispatcher1", "12");
        Incident incident = (await other.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455, priority: 3))).Read<Incident>();
        await other.AssignAsync(incident.Id, fast.Console.Server.Crew("A31").UnitId);
        ILocator row = page.GetByTestId("alarm-row").And(page.Locator("[data-kind=orderUnconfirmed]"));
        ILocator pin = page.GetByTestId("alarm-pin");

        await page.Keyboard.PressAsync("Alt+8");
        await Expect(row.GetByTestId("alarm-seat")).ToHaveTextAsync("9 席");
        await Expect(row.GetByTestId("alarm-passed")).ToContainTextAsync("已转 值班长 3 席");
        await Expect(pin).ToContainTextAsync("没有待确认的告警");
        Assert.Equal(0, await page.EvaluateAsync<int>("window.tones"));

        // From here on this desk leads, too.
        await page.GetByTestId("seat").ClickAsync();
        await JourneyTests.TabToAsync(page, "field-supervisor");
        await page.Keyboard.PressAsync("Space");
        await Pictures.TakeAsync(page, "seat-supervisor", output);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("seat")).ToContainTextAsync("12 值班长");
        await Expect(row.GetByTestId("alarm-passed")).ToContainTextAsync("已转 值班长 本席");
        await Expect(pin).ToContainTextAsync("A31");
        await ListenAsync(page, 2);
        await AccessibilityTests.CheckAsync(page, "the seat of a supervisor");
        foreach (Session one in new[] { quiet, other, boss })
        {
            (await one.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/seat"))).Read<object>();
        }

        Assert.Empty(screen.Faults);
    }

    private async Task<Screen> OpenAsync()
    {
        Screen screen = await chromium.OpenAsync(fast.Console.Server.Address);
        await screen.Page.AddInitScriptAsync(CountTones);
        await fast.Console.SignInAsync(screen.Page, "dispatcher1");
        return screen;
    }

    /// <summary>A life-threatening call to which nobody is sent.</summary>
    private static async Task<Incident> WaitingAsync(Session desk) =>
        (await desk.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455, priority: 1))).Read<Incident>();

    private static async Task StormAsync(Session desk)
    {
        for (int n = 0; n < 20; n++)
        {
            await WaitingAsync(desk);
        }
    }

    /// <summary>Waits until so many tones were heard.</summary>
    private static Task ListenAsync(IPage page, int tones) => page.WaitForFunctionAsync("least => window.tones >= least", tones, new() { Timeout = 30_000 });

    private static Task<string> UnderAsync(IPage page, LocatorBoundingBoxResult box) => page.EvaluateAsync<string>(
        "({ x, y }) => document.elementFromPoint(x, y).closest('[data-row]')?.dataset.row ?? ''", new { x = (double)box.X + 24, y = (double)box.Y + 12 });

    private static async Task<(float X, float Y)> PlaceAsync(ILocator element)
    {
        LocatorBoundingBoxResult? box = await element.BoundingBoxAsync();
        return (box!.X, box.Y);
    }

    /// <summary>Signs in beside the page as the same dispatcher; ends what the tests before left.</summary>
    private async Task<Session> QuietAsync()
    {
        Session desk = await fast.Console.Server.SignInAsync("dispatcher1");
        foreach (Incident incident in (await desk.ReadAsync<Board>("/api/board")).Incidents.Where(static incident => incident.Status != "closed"))
        {
            foreach (Assignment work in incident.Assignments.Where(static work => work.Active))
            {
                (await desk.CancelAsync(work.Id)).Read<Incident>();
            }

            (await desk.CloseAsync(incident.Id, "noPatient")).Read<Incident>();
        }

        await Eventually.GetAsync(
            async () =>
            {
                AlarmList list = await desk.ReadAsync<AlarmList>("/api/alarms");
                foreach (Alarm alarm in list.Alarms.Where(static alarm => alarm.State is "unconfirmed" or "clearedUnconfirmed"))
                {
                    await desk.PostAsync($"/api/alarms/{alarm.Id}/confirm", new { commandId = Guid.NewGuid() });
                }

                return list;
            },
            static list => list.Alarms.Length == 0, "what was abnormal before does not end", TimeSpan.FromSeconds(60));
        return desk;
    }
}
