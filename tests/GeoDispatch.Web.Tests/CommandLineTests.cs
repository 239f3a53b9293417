using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The desk by words, at F4: mouse unplugged, pinyin typed, calls coming in meanwhile.</summary>
public sealed class CommandLineTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task By_the_line_alone_a_call_is_served_from_the_ringing_to_the_closing()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await CallTests.SitAsync(console, page, "dispatcher1", "31");
        string caller = Exchange.NewNumber();
        await exchange.RingAsync(caller);
        await page.Keyboard.PressAsync("F4");
        await Expect(Line(page)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("接");
        await Expect(Said(page)).ToContainTextAsync($"接听 {Exchange.Mask(caller)}");
        await page.Keyboard.PressAsync("Enter");
        await Expect(CallTests.RowOf(page, caller)).ToHaveAttributeAsync("data-status", "answered");
        // Its form stands beside the line, and the hand stays on the line.
        await Expect(page.GetByTestId("call-head")).ToBeVisibleAsync();
        await Expect(Line(page)).ToBeFocusedAsync();
        await Expect(Line(page)).ToHaveValueAsync("");
        await page.Keyboard.TypeAsync("新 黄河路100");
        await Expect(page.GetByTestId("command-option").First).ToContainTextAsync("黄河路100号");
        await page.Keyboard.PressAsync("Tab");
        await Expect(Line(page)).ToHaveValueAsync("新 黄河路100号 ");
        await page.Keyboard.TypeAsync("胸痛 大汗");
        await Expect(Said(page)).ToContainTextAsync($"（来电 {Exchange.Mask(caller)}）");
        await Pictures.TakeAsync(page, "command-new", output, TimeSpan.FromSeconds(1));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("joined-calls")).ToContainTextAsync(Exchange.Mask(caller));
        await exchange.HangUpAsync(caller);
        await Expect(Line(page)).ToHaveValueAsync("");
        string unit = await page.GetByTestId("suggestion-row").First.Locator(".call-sign").InnerTextAsync();
        string number = await page.GetByTestId("detail").Locator(".detail-number").InnerTextAsync();

        // The preview says it in words, with the time by road, before anything is sent.
        await page.Keyboard.TypeAsync($"派　{unit} ．");
        await Expect(Said(page)).ToContainTextAsync($"派单 {unit} 预计 0");
        await Expect(Said(page)).ToContainTextAsync($"→ {number} P2 胸痛");
        await Pictures.TakeEverywhereAsync(page, "command-preview", page.GetByTestId("command"), output);
        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.PressAsync("Enter");
        ILocator row = page.GetByTestId("assignment-row");
        await Expect(row).ToHaveAttributeAsync("data-status", "notified");
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "done");
        await Expect(Line(page)).ToHaveValueAsync("");

        // Sent once more, its incident is named, and Enter does nothing.
        await page.Keyboard.TypeAsync($"p {unit} {number}");
        await Expect(Said(page)).ToContainTextAsync($"{unit} 正在执行 {number}");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Control+A");
        string hospital = await HospitalAsync();
        foreach ((string line, string status) in ((string, string)[])
            [($"态 {unit} 出车", "enRoute"), ($"s {unit} ddxc", "onScene"), ($"院 {unit} {hospital}", "leftScene"), ($"status {unit} 送达", "atDestination"),
             ($"态{unit}、毕", "handedOver"), ($"态 {unit}，可", "available")])
        {
            await RunAsync(page, line);
            await Expect(row).ToHaveAttributeAsync("data-status", status);
            await Expect(Line(page)).ToHaveValueAsync("");
        }

        await RunAsync(page, "记 . 交警已通知，路口封闭");
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=noteAdded]")).ToContainTextAsync("交警已通知，路口封闭");
        await RunAsync(page, "关 . 已送医");
        await Expect(Said(page)).ToContainTextAsync("再按 Enter 执行");
        await Task.Delay(400, TestContext.Current.CancellationToken);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("timeline-entry").Last).ToHaveAttributeAsync("data-type", "incidentClosed");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task What_takes_a_unit_away_needs_two_Enters_with_a_moment_between_and_an_order_can_be_taken_back()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await colleague.OpenAsync();
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        string unit = (await colleague.ReadAsync<Board>("/api/board")).Units.First(static unit => unit.Status == "available").CallSign;
        await page.Keyboard.PressAsync("F4");
        await RunAsync(page, $"开 {incident.Number}");
        await Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(incident.Number);

        // Tab completes: the incident that is offered first after the unit.
        await page.Keyboard.TypeAsync($"派 {unit} {incident.Number[..1]}");
        await Expect(page.GetByTestId("command-option").First).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "command-completion", output, TimeSpan.FromSeconds(1));
        await page.Keyboard.PressAsync("Tab");
        await Expect(Line(page)).ToHaveValueAsync($"派 {unit} {incident.Number} ");
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "order");
        await page.Keyboard.PressAsync("Enter");
        ILocator row = page.GetByTestId("assignment-row");
        await Expect(row).ToHaveAttributeAsync("data-status", "notified");
        await Expect(page.GetByTestId("undo")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Alt+O");
        await Expect(row).ToHaveAttributeAsync("data-status", "cancelled");
        await Expect(Said(page)).ToContainTextAsync($"已撤销：{unit} → {incident.Number}");

        await RunAsync(page, $"派 {unit} .");
        ILocator again = row.And(page.Locator("[data-status=notified]"));
        await Expect(again).ToHaveCountAsync(1);
        await Expect(Line(page)).ToHaveValueAsync("");
        await RunAsync(page, $"撤 {unit} 误派");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Said(page)).ToContainTextAsync("再按 Enter 执行");
        Assert.Equal("assigned", (await colleague.ReadAsync<Board>("/api/board")).Units.Single(one => one.CallSign == unit).Status);
        await Task.Delay(400, TestContext.Current.CancellationToken);
        await page.Keyboard.PressAsync("Enter");
        await Expect(again).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("timeline-entry").Last).ToContainTextAsync($"撤回 {unit}：误派");

        // Esc leads back to where the hand was, and the text stays.
        await page.Keyboard.PressAsync("Alt+5");
        ILocator seat = page.GetByTestId("unit-row").First;
        await Expect(seat).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.TypeAsync("记 . 半句");
        await page.Keyboard.PressAsync("Escape");
        await Expect(seat).ToBeFocusedAsync();
        await Expect(Line(page)).ToHaveValueAsync("记 . 半句");

        // F1 names every verb.
        await page.Keyboard.PressAsync("F1");
        await Expect(page.Locator("dialog.help")).ToContainTextAsync("改 g divert");
        await Pictures.TakeAsync(page, "command-help", output, TimeSpan.FromSeconds(1));
        await page.SetViewportSizeAsync(1280, 720);
        await Pictures.TakeAsync(page, "command-help-1280", output, TimeSpan.FromSeconds(1));
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_unit_is_diverted_by_the_line_or_by_its_key_and_a_unit_with_a_patient_is_not()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident first = await colleague.OpenAsync(), second = await colleague.OpenAsync(118.6);
        Unit unit = (await colleague.ReadAsync<Board>("/api/board")).Units.First(static unit => unit.Status == "available");
        await colleague.AssignAsync(first.Id, unit.Id);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.Keyboard.PressAsync("F4");
        await RunAsync(page, $"改 {unit.CallSign} {second.Number}");
        await Expect(Said(page)).ToContainTextAsync("再按 Enter 执行");
        await Task.Delay(400, TestContext.Current.CancellationToken);
        await page.Keyboard.PressAsync("Enter");
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "done");
        Assert.Equal(second.Number, (await colleague.ReadAsync<Board>("/api/board")).UnitOf(unit.Id).IncidentNumber);

        await RunAsync(page, $"开 {second.Number}");
        await Expect(page.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "notified");
        await page.Keyboard.PressAsync("Alt+G");
        await Expect(page.GetByTestId("field-divert")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(first.Number);
        await Expect(page.GetByTestId("divert-option").First).ToContainTextAsync(first.Number);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("返回原任务");
        await Pictures.TakeEverywhereAsync(page, "divert", page.GetByTestId("detail"), output);
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(first.Number);
        Assert.Equal(first.Number, (await colleague.ReadAsync<Board>("/api/board")).UnitOf(unit.Id).IncidentNumber);

        Hospitals hospitals = await colleague.ReadAsync<Hospitals>("/api/hospitals");
        Guid work = (await colleague.ReadAsync<Board>("/api/board")).UnitOf(unit.Id).AssignmentId!.Value;
        foreach (string milestone in (string[])["enRoute", "onScene", "leftScene"])
        {
            await colleague.PressAsync(work, milestone, milestone == "leftScene" ? hospitals.Items[0].Id : null);
        }

        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.TypeAsync($"g {unit.CallSign} {second.Number}");
        await Expect(Said(page)).ToContainTextAsync($"{unit.CallSign} 已载患者，不能撤回或改派");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task By_the_line_a_duplicate_is_merged_and_a_unit_waits_where_it_is_told_to()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident first = await colleague.OpenAsync(), twice = await colleague.OpenAsync();
        Unit unit = (await colleague.ReadAsync<Board>("/api/board")).Units.First(static unit => unit.Status == "available");
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.Keyboard.PressAsync("F4");
        await RunAsync(page, $"并 {twice.Number} {first.Number}");
        await Expect(Said(page)).ToContainTextAsync("再按 Enter 执行");
        Assert.Equal("waiting", (await colleague.ReadAsync<Incident>($"/api/incidents/{twice.Id}")).Status);
        await Task.Delay(400, TestContext.Current.CancellationToken);
        await page.Keyboard.PressAsync("Enter");
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "done");
        await Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(first.Number);
        await Expect(page.GetByTestId("timeline-entry").Last).ToContainTextAsync(twice.Number);
        Assert.Equal("duplicate", (await colleague.ReadAsync<Incident>($"/api/incidents/{twice.Id}")).Disposition);

        string post = (await colleague.ReadAsync<Board>("/api/board")).Units.First(other => other.StationId != unit.StationId).StationName;
        await RunAsync(page, $"待 {unit.CallSign} {post}");
        await Expect(Said(page)).ToContainTextAsync($"{unit.CallSign} 移至 {post} 待命");
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "done");
        Assert.Equal(post, (await colleague.ReadAsync<Board>("/api/board")).UnitOf(unit.Id).Post?.Name);
        await RunAsync(page, $"待 {unit.CallSign} {unit.StationName}");
        await Expect(Said(page)).ToContainTextAsync($"{unit.CallSign} 移至 {unit.StationName} 待命");
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "done");
        Assert.Null((await colleague.ReadAsync<Board>("/api/board")).UnitOf(unit.Id).Post);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task An_input_method_writes_into_the_line_and_loses_nothing_while_calls_come_in()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await colleague.OpenAsync();
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        ICDPSession keyboard = await page.Context.NewCDPSessionAsync(page);
        await page.Keyboard.PressAsync("F4");
        await Expect(Line(page)).ToBeFocusedAsync();
        Task storm = StormAsync(colleague);

        await ComposeAsync(keyboard, "记", "j", "ji");
        await page.Keyboard.TypeAsync($" {incident.Number} ");
        await ComposeAsync(keyboard, "交警已通知", "jiao", "jiao jing", "jiao jing yi tong zhi");
        await ComposeAsync(keyboard, "，", "，");
        await ComposeAsync(keyboard, "路口封闭", "lu", "lu kou feng", "lu kou feng bi");
        await storm;
        await Expect(Line(page)).ToHaveValueAsync($"记 {incident.Number} 交警已通知，路口封闭");
        await Expect(Line(page)).ToBeFocusedAsync();
        await Expect(Said(page)).ToContainTextAsync($"{incident.Number} 记事：交警已通知，路口封闭");
        // The input method's own Enters ran nothing.
        Assert.DoesNotContain((await colleague.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Timeline!, static entry => entry.Type == "noteAdded");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "done");
        Assert.Contains(
            (await colleague.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Timeline!,
            static entry => entry.Type == "noteAdded" && entry.Data.GetProperty("text").GetString() == "交警已通知，路口封闭");
        Assert.Empty(screen.Faults);
    }

    /// <summary>Types a line, reads that it can be run, and runs it.</summary>
    private static async Task RunAsync(IPage page, string line)
    {
        await page.Keyboard.TypeAsync(line);
        await Expect(Said(page)).ToHaveAttributeAsync("data-kind", "order");
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>As an input method does it: letters that are not text yet, then an Enter of its own, then the characters.</summary>
    private static async Task ComposeAsync(ICDPSession keyboard, string text, params string[] letters)
    {
        foreach (string typed in letters)
        {
            await keyboard.SendAsync("Input.imeSetComposition", new() { ["text"] = typed, ["selectionStart"] = typed.Length, ["selectionEnd"] = typed.Length });
            await Task.Delay(60, TestContext.Current.CancellationToken);
        }

        await keyboard.SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "rawKeyDown", ["key"] = "Process", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 229 });
        await keyboard.SendAsync("Input.insertText", new() { ["text"] = text });
        await keyboard.SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13 });
    }

    /// <summary>Twelve calls, as fast as the server takes them.</summary>
    private static async Task StormAsync(Session desk)
    {
        for (int call = 0; call < 12; call++)
        {
            await desk.OpenAsync(118.55 + (call * 0.01));
        }
    }

    private async Task<string> HospitalAsync() =>
        (await (await console.Server.DispatcherAsync()).ReadAsync<Hospitals>("/api/hospitals")).Items[0].Name;

    private static ILocator Line(IPage page) => page.GetByTestId("command-line");

    private static ILocator Said(IPage page) => page.GetByTestId("command-said");
}
