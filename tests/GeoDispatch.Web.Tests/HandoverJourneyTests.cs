using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>One dispatcher hands over, the next one reads what is open and what is new, and takes over.</summary>
public sealed class HandoverJourneyTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A_shift_ends_with_a_note_and_the_next_one_takes_it_over_with_what_is_new()
    {
        using Session desk = await console.Server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        await desk.AssignAsync(incident.Id, console.Server.Crews[20].UnitId);
        await using Screen going = await chromium.OpenAsync(console.Server.Address);
        await console.SignInAsync(going.Page, "dispatcher1");
        await going.Page.Keyboard.PressAsync("Alt+/");
        await Expect(going.Page.GetByTestId("handover-open")).ToContainTextAsync($"{incident.Number} P2 胸痛");
        await Expect(going.Page.GetByTestId("handover-open")).ToContainTextAsync(console.Server.Crews[20].CallSign);
        await Expect(going.Page.GetByTestId("hand-over")).ToBeDisabledAsync();
        await JourneyTests.TabToAsync(going.Page, "handover-text");
        await going.Page.Keyboard.TypeAsync("家属在门口等");
        await Pictures.TakeEverywhereAsync(going.Page, "handover", going.Page.GetByTestId("handover"), output);
        await AccessibilityTests.CheckAsync(going.Page, "the hand-over");
        await going.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(going.Page.GetByTestId("handover-written")).ToContainTextAsync("已交班");

        Incident later = await desk.OpenAsync(118.6);
        await using Screen coming = await chromium.OpenAsync(console.Server.Address);
        await console.SignInAsync(coming.Page, "dispatcher2");
        await coming.Page.GetByTestId("to-handover").ClickAsync();
        ILocator note = coming.Page.GetByTestId("last-note");
        await Expect(note).ToContainTextAsync("家属在门口等");
        await Expect(coming.Page.GetByTestId("handover-then")).ToContainTextAsync(incident.Number);
        await Expect(coming.Page.GetByTestId("handover-then")).Not.ToContainTextAsync(later.Number);
        await Expect(coming.Page.GetByTestId("handover-new")).ToContainTextAsync(later.Number);
        await Expect(coming.Page.GetByTestId("handover-new")).Not.ToContainTextAsync($"{incident.Number} P2");
        await Expect(coming.Page.GetByTestId("take-over")).ToContainTextAsync("Alt+PgDn");
        await coming.Page.Keyboard.PressAsync("Alt+PageDown");
        await Expect(note).ToContainTextAsync("已接班");
        await Expect(coming.Page.GetByTestId("take-over")).ToHaveCountAsync(0);
        Assert.Empty(going.Faults);
        Assert.Empty(coming.Faults);
    }
}
