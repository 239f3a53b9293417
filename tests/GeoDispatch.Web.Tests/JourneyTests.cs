using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>One call from the telephone to the hospital door, on the whole product with simulated crews.</summary>
public sealed class JourneyTests(Chromium chromium, ConsoleServer console, TestCluster cluster, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private const int Crews = 12;
    private const double Pace = 25;
    private static readonly LocatorAssertionsToHaveAttributeOptions UntilTheRunIsOver = new() { Timeout = 180_000 };
    private static readonly string[] Milestones =
        ["acknowledged", "enRoute", "onScene", "atPatient", "leftScene", "atDestination", "handedOver", "available"];

    [Fact]
    public async Task By_mouse_a_call_becomes_an_incident_the_nearest_crew_drives_and_a_reload_shows_the_same()
    {
        await using ProductProcess crews = await console.Server.SimulateAsync(cluster.Folder.NewHome(), Crews, Pace);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");

        await page.GetByTestId("new-incident").ClickAsync();
        await page.GetByTestId("field-address").FillAsync("黄河路100号");
        await page.GetByTestId("place-option").Filter(new() { HasText = "黄河路100号" }).First.ClickAsync();
        await page.GetByTestId("field-complaint").FillAsync("胸痛 大汗");
        await page.GetByTestId("field-callback").FillAsync("13805460001");
        await page.GetByTestId("field-priority-1").ClickAsync();
        await Expect(page.GetByTestId("suggestion-row").First).ToBeVisibleAsync();
        await page.GetByTestId("submit-incident").ClickAsync();

        await Expect(page.GetByTestId("detail")).ToContainTextAsync("黄河路100号");
        string number = await page.GetByTestId("detail").Locator(".detail-number").InnerTextAsync();
        ILocator Mine(string list) => page.GetByTestId(list).GetByTestId("incident-row").Filter(new() { Has = page.GetByText(number, new() { Exact = true }) });
        await Expect(Mine("waiting-list")).ToHaveCountAsync(1);
        ILocator first = page.GetByTestId("suggestion-row").First;
        await Expect(first).ToContainTextAsync("道路");
        await SendOneThatDrivesAsync(page);
        await Expect(page.GetByTestId("assignment-row")).ToHaveCountAsync(1);
        await Expect(Mine("running-list")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "onScene", UntilTheRunIsOver);
        await Pictures.TakeAsync(page, "on-scene", output);
        await Expect(page.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "available", UntilTheRunIsOver);

        await page.GetByTestId("close-incident").ClickAsync();
        await page.GetByTestId("disposition-transported").ClickAsync();
        await page.GetByTestId("confirm-close").ClickAsync();
        await Expect(page.GetByTestId("timeline-entry").Last).ToHaveAttributeAsync("data-type", "incidentClosed");
        string[] before = await TimelineAsync(page);
        Assert.Equal(["incidentOpened", "unitAssigned", .. Milestones, "incidentClosed"], before.Select(line => line.Split('|')[0]));

        await page.ReloadAsync();
        await ReadyAsync(page);
        await Mine("running-list").ClickAsync();
        await Expect(page.GetByTestId("timeline-entry")).ToHaveCountAsync(before.Length);
        Assert.Equal(before, await TimelineAsync(page));
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task By_keyboard_alone_from_sign_in_to_closing()
    {
        await using ProductProcess crews = await console.Server.SimulateAsync(cluster.Folder.NewHome(), Crews, Pace);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("sign-in-user")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("dispatcher2");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(console.Server.Database.Credentials.PasswordOf("dispatcher2"));
        await page.Keyboard.PressAsync("Enter");
        await ReadyAsync(page);

        await page.Keyboard.PressAsync("F2");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("西四路");
        await Expect(page.GetByTestId("place-option").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("place-option")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Alt+R");
        await TabToAsync(page, "field-complaint");
        await page.Keyboard.TypeAsync("车祸 两人受伤");
        await TabToAsync(page, "field-callback");
        await page.Keyboard.TypeAsync("13805460002");
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page.GetByTestId("suggestion-row").First).ToBeFocusedAsync();
        await TickOneThatDrivesAsync(page);
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Alt+M");
        await page.Keyboard.TypeAsync("交警已通知");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("[data-testid=timeline-entry][data-type=noteAdded]")).ToContainTextAsync("交警已通知");
        await Expect(page.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "available", UntilTheRunIsOver);
        await page.Keyboard.PressAsync("Alt+X");
        await Expect(page.GetByTestId("confirm-close")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("timeline-entry").Last).ToHaveAttributeAsync("data-type", "incidentClosed");
        await Pictures.TakeAsync(page, "by-keyboard", output);
        Assert.Empty(screen.Faults);
    }

    /// <summary>Ticks the best suggestion whose crew is one of the simulated, and sends it.</summary>
    private async Task SendOneThatDrivesAsync(IPage page)
    {
        string unit = await BestThatDrivesAsync(page);
        await page.Locator($"[data-testid=suggestion-row][data-unit-id='{unit}']").GetByRole(AriaRole.Checkbox).Or(
            page.Locator($"[data-testid=suggestion-row][data-unit-id='{unit}']")).First.ClickAsync();
        await page.GetByTestId("assign").ClickAsync();
    }

    private async Task TickOneThatDrivesAsync(IPage page)
    {
        string unit = await BestThatDrivesAsync(page);
        string rank = await page.Locator($"[data-testid=suggestion-row][data-unit-id='{unit}']").GetAttributeAsync("data-rank") ?? "1";
        await page.Keyboard.PressAsync(rank);
    }

    private async Task<string> BestThatDrivesAsync(IPage page)
    {
        HashSet<string> driving = [.. console.Server.Crews.Take(Crews).Select(crew => crew.UnitId.ToString())];
        string[] offered = await page.GetByTestId("suggestion-row").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.unitId)");
        return offered.Take(9).First(driving.Contains);
    }

    private static Task ReadyAsync(IPage page) =>
        Expect(page.Locator("body")).ToHaveAttributeAsync("data-ready", "true", new() { Timeout = 60_000 });

    /// <summary>As a hand without a mouse gets there.</summary>
    internal static async Task TabToAsync(IPage page, string testId)
    {
        for (int tries = 0; tries < 20; tries++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.GetByTestId(testId).EvaluateAsync<bool>("field => field === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{testId} cannot be reached by Tab");
    }

    /// <summary>The lines as one reads them: kind, text and times.</summary>
    private static Task<string[]> TimelineAsync(IPage page) => page.GetByTestId("timeline-entry").EvaluateAllAsync<string[]>(
        "lines => lines.map(line => [line.dataset.milestone ?? line.dataset.type, line.innerText.replace(/\\s+/g, ' ')].join('|'))");
}
