using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The computer in a station: its bell, what is read from four metres, one key to accept, and what a cut of the network leaves.</summary>
public sealed class StationPageTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private RunningServer Server => console.Server;

    [Fact]
    public async Task An_order_rings_over_a_reload_until_somebody_presses_Enter_and_is_printed()
    {
        Session desk = await Server.SignInAsync("dispatcher2");
        DemoCrew crew = Server.Crew("A01");
        StationScreen issued = await StationScreen.OfUnitAsync(Server, desk, crew.UnitId);
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage page = screen.Page;
        await page.GotoAsync("/station");
        await page.GetByTestId("station-credential").FillAsync($"{issued.StationId}.wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("凭据无效")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(page, "the station's set-up");
        await page.GetByTestId("station-credential").FillAsync(issued.Credential);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("station-idle")).ToContainTextAsync("没有任务");
        await Expect(page.GetByTestId("station-unit").Filter(new() { HasText = crew.CallSign })).ToContainTextAsync("待命");
        await Expect(page.GetByTestId("station-link")).ToHaveAttributeAsync("data-link", "online");
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "quiet");

        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);

        ILocator card = Card(page, crew.CallSign);
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "ringing");
        foreach (string shown in (string[])["胸痛", "黄河路100号", "3单元201", "已复述", incident.Number, "P2", "基础生命支持"])
        {
            await Expect(card).ToContainTextAsync(shown);
        }

        Assert.DoesNotContain("8300000", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(card).ToContainTextAsync("黄河路100号");
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "ringing");
        await Expect(page.GetByTestId("station-accept")).ToContainTextAsync("Enter");
        Assert.True((await page.GetByTestId("station-accept").BoundingBoxAsync())!.Height >= 72);
        await AccessibilityTests.CheckAsync(page, "the station with an order");

        await page.Keyboard.PressAsync("Enter");
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "quiet");
        await Expect(Bell(page)).ToHaveAttributeAsync("data-sound", "on");
        await Expect(page.GetByTestId("station-accepted")).ToContainTextAsync("收到");
        Delivery read = await StationDeliveryAsync(desk, incident.Id, work.Id, delivery => delivery.ReceiptAt is not null);
        Assert.Equal((await issued.ReadAsync()).Name, read.ReceiptBy);
        Assert.Equal("notified", (await desk.ReadAsync<Board>("/api/board"))[incident.Id].Assignments.Single().Status);

        IResponse? sheet = null;
        IPage paper = await page.RunAndWaitForPopupAsync(async () => sheet = await page.RunAndWaitForResponseAsync(
            () => page.GetByTestId("station-print").ClickAsync(), response => response.Url.EndsWith("/order.pdf", StringComparison.Ordinal)));
        Assert.Equal((200, "application/pdf"), (sheet!.Status, await sheet.HeaderValueAsync("content-type")));
        await Pictures.TakeAsync(paper, "station-paper", output, TimeSpan.FromSeconds(3));
        await paper.CloseAsync();

        (await desk.CancelAsync(work.Id)).Read<Incident>();
        await Expect(card).ToHaveAttributeAsync("data-turn", "recalled");
        await Expect(card).ToContainTextAsync("停止执行");
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "ringing");
        // The button that was pressed last would be pressed again.
        await page.GetByTestId("station-print").EvaluateAsync("button => button.blur()");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByTestId("station-idle")).ToBeVisibleAsync();
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task While_the_network_is_cut_the_screen_says_since_when_and_catches_up_with_what_was_accepted_and_what_came()
    {
        Session desk = await Server.SignInAsync("dispatcher2");
        StationScreen issued = await StationScreen.OfUnitAsync(Server, desk, Server.Crew("A02").UnitId);
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage page = screen.Page;
        await OpenAsync(page, issued);
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, Server.Crew("A02").UnitId);
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "ringing");

        await page.Context.SetOfflineAsync(true);
        await Expect(page.GetByTestId("station-link")).ToHaveAttributeAsync("data-link", "offline");
        await Expect(page.GetByTestId("station-band")).ToContainTextAsync("离线，自 ");
        await Expect(Card(page, "A02")).ToContainTextAsync("黄河路100号");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "quiet");
        await Expect(page.GetByTestId("station-accepted")).ToHaveAttributeAsync("data-waiting", "true");
        Incident second = await desk.OpenAsync();
        await desk.AssignAsync(second.Id, Server.Crew("A28").UnitId);
        Assert.Null((await StationDeliveryAsync(desk, incident.Id, work.Id, _ => true)).ReceiptAt);

        await page.Context.SetOfflineAsync(false);
        await Expect(Card(page, "A28")).ToHaveAttributeAsync("data-asked", "true");
        await Expect(Bell(page)).ToHaveAttributeAsync("data-bell", "ringing");
        await StationDeliveryAsync(desk, incident.Id, work.Id, delivery => delivery.ReceiptAt is not null);
        await Expect(page.GetByTestId("station-band")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_dispatcher_makes_the_computer_of_a_station_its_screen_on_the_spot()
    {
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.GotoAsync("/station");
        string chosen = (await page.GetByTestId("station-choice").Locator("option").Nth(4).TextContentAsync())!;
        await page.GetByTestId("station-choice").SelectOptionAsync(chosen);
        await page.GetByTestId("station-issue").ClickAsync();
        await Expect(page.GetByTestId("station-issued")).ToContainTextAsync(".");
        await page.GetByTestId("station-use-here").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(chosen);
        await Expect(page.GetByTestId("station-idle")).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "station-idle", output);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task Three_orders_stand_side_by_side_by_day_and_by_night_in_both_languages()
    {
        Session desk = await Server.SignInAsync("dispatcher2");
        StationScreen issued = await StationScreen.OfUnitAsync(Server, desk, Server.Crew("A03").UnitId);
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage page = screen.Page;
        await OpenAsync(page, issued);
        foreach ((string callSign, int priority) in new[] { ("A03", 1), ("A29", 3), ("A55", 2) })
        {
            Incident incident = (await desk.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455, priority: priority))).Read<Incident>();
            await desk.AssignAsync(incident.Id, Server.Crew(callSign).UnitId);
            if (callSign == "A29")
            {
                (await desk.TellAsync(incident.Id, "corrections", new { why = "听错", place = new { lon = 118.61, lat = 37.455, address = "胜利街8号" } })).Read<Incident>();
            }

            await Expect(Card(page, callSign)).ToBeVisibleAsync();
            if (callSign == "A03")
            {
                await Pictures.TakeAsync(page, "station-one", output, TimeSpan.FromSeconds(1));
            }
        }

        await Expect(Card(page, "A29")).ToContainTextAsync("未核实");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Card(page, "A03")).ToHaveAttributeAsync("data-asked", "false");
        // Nobody's order moves while another is accepted.
        Assert.Equal(["A03", "A29", "A55"], await page.GetByTestId("station-order").EvaluateAllAsync<string[]>("cards => cards.map(card => card.dataset.callSign)"));
        await Pictures.TakeEverywhereAsync(page, "station", page.Locator("main"), output);
        for (int theme = 0; theme < 2; theme++)
        {
            await AccessibilityTests.CheckAsync(page, "three orders");
            await page.GetByTestId("switch-theme").ClickAsync();
        }

        Assert.Empty(screen.Faults);
    }

    private static async Task OpenAsync(IPage page, StationScreen issued)
    {
        await page.GotoAsync("/station");
        await page.GetByTestId("station-credential").FillAsync(issued.Credential);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("station-idle")).ToBeVisibleAsync();
    }

    private static ILocator Bell(IPage page) => page.Locator("main");

    private static ILocator Card(IPage page, string callSign) => page.Locator($"[data-testid=station-order][data-call-sign='{callSign}']");

    private static async Task<Delivery> StationDeliveryAsync(Session desk, Guid incidentId, Guid assignmentId, Func<Delivery, bool> fits) => (await Eventually.GetAsync(
        async () => (await desk.ReadAsync<Board>("/api/board"))[incidentId].Assignments.Single(work => work.Id == assignmentId)
            .Deliveries.Where(delivery => delivery.Channel == "station" && fits(delivery)).ToArray(),
        found => found.Length > 0, "the desk sees what the station did"))[0];
}
