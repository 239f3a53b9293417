using System.Globalization;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices.Jt808;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>A vehicle from the first knock of its terminal to a text that its driver has read.</summary>
public sealed class FleetTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private const string Phone = "13905460601";
    private const string Plate = "鲁E60601";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task An_administrator_lets_a_terminal_in_reads_where_its_vehicle_was_and_its_driver_reads_a_text()
    {
        await using Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(console.Server.Jt808Address, Phone);
        Assert.NotEqual(0, (await terminal.RegisterAsync(Plate)).Result);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await SignInAsync(page, "admin", "/fleet");

        // Approved by the keyboard: the plate that it says is there already, Enter takes it for a new vehicle.
        ILocator waiting = page.GetByTestId("waiting-terminals").Locator($"[data-terminal='{Phone}']");
        await Expect(waiting).ToContainTextAsync(Plate);
        await PictureAsync(page, "fleet-waiting");
        await waiting.GetByTestId("approve").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("approve-plate")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("approve-choice")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("bus");
        await page.GetByTestId("field-newDepartment").SelectOptionAsync("city");
        await page.GetByTestId("field-newName").FillAsync("601路公交");
        await PictureAsync(page, "fleet-approve");
        await page.GetByTestId("field-newName").PressAsync("Enter");
        await Expect(page.GetByTestId("approved")).ToContainTextAsync(Plate);
        await Expect(page.GetByTestId("known-terminals").Locator($"[data-terminal='{Phone}']")).ToContainTextAsync("601路公交");

        DateTimeOffset noon = await ReportAsync(terminal);
        await page.GetByTestId("known-terminals").Locator($"[data-terminal='{Phone}']").GetByTestId("show-vehicle").ClickAsync();
        ILocator panel = page.GetByTestId("vehicle-panel");
        await Expect(panel.GetByTestId("vehicle-plate")).ToHaveTextAsync(Plate);
        await Expect(panel.GetByTestId("vehicle-place")).ToHaveTextAsync("118.56000, 37.45000");
        await Expect(page.Locator($"[data-testid=vehicle-row][data-plate='{Plate}']")).ToContainTextAsync("601路公交");
        await panel.GetByTestId("locate-vehicle").ClickAsync();

        await panel.GetByTestId("edit").ClickAsync();
        await panel.GetByTestId("field-vehicle-name").FillAsync("601路公交(备用)");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator($"[data-testid=vehicle-row][data-plate='{Plate}']")).ToContainTextAsync("601路公交(备用)");

        // What it did yesterday, and the way that it took.
        await panel.GetByTestId("day-before").ClickAsync();
        await Expect(panel.GetByTestId("day-report")).ToHaveAttributeAsync("data-date", noon.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await Expect(panel.GetByTestId("day-trip")).ToHaveCountAsync(2);
        await Expect(panel.GetByTestId("day-stop")).ToHaveCountAsync(1);
        await Expect(panel.GetByTestId("day-stop")).ToContainTextAsync("12:10:00–12:20:00");
        await Expect(panel.GetByTestId("day-summary")).ToContainTextAsync("12.0 km");
        await Expect(page.Locator("[data-trail='2']")).ToHaveCountAsync(1);
        await Expect(panel.GetByTestId("trail-notes")).ToContainTextAsync("1 处中断");
        await panel.GetByTestId("fit-trail").ClickAsync();
        await PictureAsync(page, "fleet-day");

        // A text, and its way to the driver.
        await panel.GetByTestId("message-text").FillAsync("前方施工,请绕行");
        await panel.GetByTestId("message-text").PressAsync("Enter");
        await Expect(panel.GetByTestId("message")).ToHaveAttributeAsync("data-state", "sent");
        (Jt808Frame frame, Jt808Message message) = await terminal.HearAsync();
        Assert.Equal("前方施工,请绕行", ((Jt808Text)message).Text);
        await terminal.SendAsync(new Jt808Reply(true, frame.Header.Serial, 0x8300, Jt808Result.Done));
        await Expect(panel.GetByTestId("message")).ToHaveAttributeAsync("data-state", "received");
        await Expect(panel.GetByTestId("message-text")).ToHaveValueAsync("");
        await page.GetByTestId("switch-theme").ClickAsync();
        await Expect(page.Locator("[data-trail='2']")).ToHaveCountAsync(1);
        await Pictures.TakeEverywhereAsync(page, "fleet", page.GetByTestId("fleet-vehicles"), output);
        await page.GetByRole(AriaRole.Tab, new() { Name = "终端" }).ClickAsync();
        await Pictures.TakeEverywhereAsync(page, "terminals", page.GetByTestId("fleet-terminals"), output);

        // Who else is at the desk finds it by its plate.
        await page.GetByTestId("sign-out").ClickAsync();
        await SignInAsync(page, "dispatcher1", null);
        await page.GotoAsync("/");
        await ReadyAsync(page);
        await page.Keyboard.PressAsync("F3");
        await page.Keyboard.TypeAsync(Plate[2..]);
        await page.GetByTestId("search-option").Filter(new() { HasText = Plate }).ClickAsync();
        await Expect(page.GetByTestId("vehicle-panel").GetByTestId("vehicle-plate")).ToHaveTextAsync(Plate);
        await Expect(page.GetByTestId("vehicle-panel").GetByTestId("message")).ToHaveAttributeAsync("data-state", "received");
        await Pictures.TakeEverywhereAsync(page, "desk-vehicle", page.GetByTestId("vehicle-panel"), output);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("vehicle-panel")).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_department_enters_a_driver_who_takes_over_one_of_its_vehicles()
    {
        Session boss = await console.Server.SignInAsync("admin");
        await using (Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(console.Server.Jt808Address, "13905460602"))
        {
            await terminal.RegisterAsync("鲁E60602");
        }

        (await boss.PostAsync("/api/terminals/jt808/13905460602/approve", new { plate = "鲁E60602", kind = "sanitation", department = "city" })).Read<object>();
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await SignInAsync(page, "department", "/fleet");
        await Expect(page.Locator("[data-testid=vehicle-row][data-plate='鲁E60602']")).ToHaveCountAsync(1);
        // Of other fleets a department sees nothing, and no terminal that waits.
        await Expect(page.GetByTestId("vehicle-row").Filter(new() { HasText = "急" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Tab, new() { Name = "终端" }).ClickAsync();
        await Expect(page.Locator("[data-terminal='13905460602']")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("waiting-terminals")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("refuse")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Tab, new() { Name = "驾驶员" }).ClickAsync();
        await page.GetByTestId("field-name").FillAsync("周师傅");
        await page.GetByTestId("field-licence").FillAsync("370502198001010011");
        await page.GetByTestId("field-phone").FillAsync("13800002222");
        await page.Keyboard.PressAsync("Enter");
        ILocator driver = page.Locator("[data-testid=driver-row][data-name='周师傅']");
        await Expect(driver).ToContainTextAsync("…0011");
        await driver.GetByTestId("take-over").ClickAsync();
        await page.GetByTestId("take-vehicle").FillAsync("60602");
        await page.GetByTestId("take-choice").ClickAsync();
        await Expect(driver).ToContainTextAsync("鲁E60602");
        await Pictures.TakeEverywhereAsync(page, "drivers", page.GetByTestId("fleet-drivers"), output);

        await page.GetByRole(AriaRole.Tab, new() { Name = "车辆" }).ClickAsync();
        await page.Locator("[data-testid=vehicle-row][data-plate='鲁E60602']").ClickAsync();
        await Expect(page.GetByTestId("vehicle-driver")).ToContainTextAsync("周师傅");
        await Expect(page.GetByTestId("message-text")).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);
    }

    /// <summary>Yesterday at noon: ten minutes east, ten standing, ten north; then silence until it stands somewhere now.</summary>
    /// <returns>When it began, in the city's time.</returns>
    private static async Task<DateTimeOffset> ReportAsync(Jt808Terminal terminal)
    {
        string code = (await terminal.RegisterAsync(Plate)).Code!;
        Assert.Equal(Jt808Result.Done, await terminal.AuthenticateAsync(code));
        var noon = new DateTimeOffset(Now.ToOffset(TimeSpan.FromHours(8)).Date.AddDays(-1).AddHours(12), TimeSpan.FromHours(8));
        for (int step = 0; step <= 90; step++)
        {
            (int east, int north) = (Math.Min(step, 30), Math.Max(0, step - 60));
            int speed = step is > 30 and <= 60 ? 0 : 36;
            await SendAsync(noon.AddSeconds(20 * step), 118.48 + east * 200 / 88_380.0, 37.44 + north * 200 / 111_195.0, speed, north > 0 ? 0 : 90);
        }

        await SendAsync(noon.AddHours(3), 118.56, 37.47, 0, 0);
        await SendAsync(Now, 118.56, 37.45, 0, 0);
        return noon;

        async Task SendAsync(DateTimeOffset time, double lon, double lat, int speedKmh, int heading) => Assert.Equal(
            Jt808Result.Done,
            await terminal.AskAsync(new Jt808Report(new Jt808Location(
                0, 3, (uint)Math.Round(lat * 1e6), (uint)Math.Round(lon * 1e6), 12, (ushort)(speedKmh * 10), (ushort)heading, time, default))));
    }

    private async Task SignInAsync(IPage page, string userName, string? path)
    {
        if (path is not null)
        {
            await page.GotoAsync(path);
        }

        await page.GetByTestId("sign-in-user").FillAsync(userName);
        await page.GetByTestId("sign-in-password").FillAsync(console.Server.Database.Credentials.PasswordOf(userName));
        await page.GetByTestId("sign-in-submit").ClickAsync();
        await ReadyAsync(page);
    }

    private static Task ReadyAsync(IPage page) =>
        Expect(page.Locator("body")).ToHaveAttributeAsync("data-ready", "true", new() { Timeout = 60_000 });

    // What was just asked for is drawn a moment later.
    private Task PictureAsync(IPage page, string name) => Pictures.TakeAsync(page, name, output, TimeSpan.FromSeconds(2));
}
