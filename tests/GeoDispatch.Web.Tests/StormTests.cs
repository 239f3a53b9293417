using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The worst minute: sixty telephones ring and twenty alarms are raised while a dispatcher types.</summary>
public sealed class StormTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private sealed record Alarm(Guid? IncidentId);

    private sealed record AlarmList(Alarm[] Alarms);

    private const int Calls = 60;
    private const int Alarms = 20;
    private const int Batches = 10;

    [Fact]
    public async Task Sixty_calls_and_twenty_alarms_in_a_minute_move_nothing_under_the_hand_and_all_of_them_are_reached()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await CallTests.SitAsync(console, page, "dispatcher1", "31");
        string[] numbers = [.. Enumerable.Range(0, Calls).Select(static _ => Exchange.NewNumber())];
        await exchange.RingAsync(numbers[0]);
        await Expect(CallTests.RowOf(page, numbers[0])).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("F2");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await JourneyTests.TabToAsync(page, "field-complaint");
        ILocator row = CallTests.RowOf(page, numbers[0]);
        LocatorBoundingBoxResult hand = (await row.BoundingBoxAsync())!;
        await row.HoverAsync();
        string under = await UnderAsync(page, hand);
        double[] before = await PlacesAsync(page);

        string typed = "";
        var incidents = new List<Incident>();
        for (int batch = 0; batch < Batches; batch++)
        {
            await Task.WhenAll(numbers[Math.Max(1, batch * Calls / Batches)..((batch + 1) * Calls / Batches)].Select(exchange.RingAsync));
            for (int alarm = 0; alarm < Alarms / Batches; alarm++)
            {
                // Life-threatening: after a minute in which nobody is sent it is an alarm.
                incidents.Add((await colleague.PostAsync("/api/incidents", new
                {
                    commandId = Guid.NewGuid(),
                    type = "medical",
                    priority = 1,
                    complaint = "呼吸心跳停止",
                    place = new { lon = 118.55 + (incidents.Count * 0.003), lat = 37.45, address = $"黄河路{incidents.Count + 1}号" },
                })).Read<Incident>());
            }

            foreach (string character in (string[])["车", "祸", "两", "人"])
            {
                await page.Keyboard.InsertTextAsync(character);
                typed += character;
            }

            await Expect(page.GetByTestId("field-complaint")).ToBeFocusedAsync();
            await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync(typed);
            Assert.Equal(under, await UnderAsync(page, hand));
        }

        // The other telephones ring on: each is an alarm of the first level, and after a minute each incident that nobody was sent to.
        bool isPatient = Pictures.Long(6) == TimeSpan.FromSeconds(6);
        await Eventually.GetAsync(
            () => colleague.ReadAsync<AlarmList>("/api/alarms"),
            list => list.Alarms.Length >= Alarms && (!isPatient || incidents.TrueForAll(incident => list.Alarms.Any(alarm => alarm.IncidentId == incident.Id))),
            "not every alarm is raised", TimeSpan.FromSeconds(150));
        await Expect(page.GetByTestId("count-ringing")).ToHaveTextAsync($"{Calls - 1}");
        await Expect(page.GetByTestId("field-complaint")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync(typed);
        Assert.Equal(under, await UnderAsync(page, hand));
        Assert.Equal(before, await PlacesAsync(page));
        await Pictures.TakeAsync(page, "storm", output);

        await page.Keyboard.PressAsync("Alt+9");
        List<string> calls = await WalkAsync(page, "calls");
        Assert.All(numbers, number => Assert.Contains(calls, text => text.Contains(Exchange.Mask(number), StringComparison.Ordinal)));
        await page.Keyboard.PressAsync("Alt+8");
        List<string> alarms = await WalkAsync(page, "alarms");
        Assert.True(alarms.Count >= Alarms, $"{alarms.Count} alarms are reached");
        Assert.All(isPatient ? incidents : [], incident => Assert.Contains(alarms, text => text.Contains(incident.Number, StringComparison.Ordinal)));
        await page.Keyboard.PressAsync("Alt+1");
        List<string> waiting = await WalkAsync(page, "waiting");
        Assert.All(incidents, incident => Assert.Contains(waiting, text => text.Contains(incident.Number, StringComparison.Ordinal)));
        Assert.Empty(screen.Faults);
    }

    /// <summary>What lies where the hand lay when it began.</summary>
    private static Task<string> UnderAsync(IPage page, LocatorBoundingBoxResult hand) => page.EvaluateAsync<string>(
        "([x, y]) => document.elementFromPoint(x, y).closest('[role=option]').innerText.split('\\n')[0]", new double[] { hand.X + 60, hand.Y + 10 });

    /// <summary>Where the panes begin.</summary>
    private static Task<double[]> PlacesAsync(IPage page) => page.EvaluateAsync<double[]>(
        "() => [...document.querySelectorAll('[data-pane]')].flatMap((pane) => { const { x, y } = pane.getBoundingClientRect(); return [x, y]; })");

    /// <summary>By the arrow keys from the first row to the last, what is folded unfolded; each has to be in sight when it is reached.</summary>
    private static async Task<List<string>> WalkAsync(IPage page, string pane)
    {
        await page.Keyboard.PressAsync("Home");
        var texts = new List<string>();
        while (texts.Count < 500)
        {
            await page.Keyboard.PressAsync("ArrowRight");
            texts.Add(await page.EvaluateAsync<string>("document.activeElement.innerText"));
            Assert.True(await page.EvaluateAsync<bool>(
                "(pane) => { const row = document.activeElement.getBoundingClientRect(), list = document.querySelector(`[data-pane=${pane}]`).getBoundingClientRect(); return row.top >= list.top - 1 && row.bottom <= list.bottom + 1 }",
                pane), $"row {texts.Count} of {pane} is out of sight");
            await page.EvaluateAsync("() => { window.rowBefore = document.activeElement }");
            await page.Keyboard.PressAsync("ArrowDown");
            if (await page.EvaluateAsync<bool>("() => window.rowBefore === document.activeElement"))
            {
                break;
            }
        }

        return texts;
    }
}
