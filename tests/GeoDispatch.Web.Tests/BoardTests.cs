using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The second screen beside the desk: the same selection, a focus of its own, and nothing of a person.</summary>
public sealed class BoardTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task It_opens_by_a_key_shares_the_selection_both_ways_and_leaves_the_focus_where_it_is()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await colleague.OpenAsync();
        Incident other = await colleague.OpenAsync(118.6);
        Unit[] free = [.. (await colleague.ReadAsync<Board>("/api/board")).Units.Where(static unit => unit.Status == "available").Take(2)];
        await colleague.AssignAsync(incident.Id, free[0].Id);
        await colleague.AssignAsync(other.Id, free[1].Id);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage desk = screen.Page;
        await console.SignInAsync(desk, "dispatcher1");
        ILocator row = desk.GetByTestId("running-list").GetByTestId("incident-row").Filter(new() { HasText = incident.Number }).First;
        await row.ClickAsync();

        IPage board = await desk.RunAndWaitForPopupAsync(() => desk.Keyboard.PressAsync("Alt+W"));
        await ConsoleServer.ReadyAsync(board);
        // What was selected before it was there is selected on it.
        await Expect(Cell(board, free[0])).ToHaveAttributeAsync("data-selected", "true");
        await Expect(Cell(board, free[0])).ToHaveAttributeAsync("data-state", "notified");
        await Expect(Cell(board, free[0])).ToContainTextAsync(incident.Number);
        await Expect(Cell(board, free[1])).Not.ToHaveAttributeAsync("data-selected", "true");

        await desk.GetByTestId("command-line").FocusAsync();
        await Cell(board, free[1]).ClickAsync();
        await Expect(desk.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(other.Number);
        await Expect(desk.GetByTestId("command-line")).ToBeFocusedAsync();
        await desk.Keyboard.PressAsync("F2");
        await desk.Keyboard.TypeAsync("黄河");
        await Cell(board, free[0]).ClickAsync();
        // A call being taken stays.
        await Expect(Cell(board, free[0])).ToHaveAttributeAsync("data-selected", "true");
        await Expect(desk.GetByTestId("field-address")).ToHaveValueAsync("黄河");
        await Expect(desk.GetByTestId("field-address")).ToBeFocusedAsync();
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task It_shows_every_unit_once_in_its_district_and_who_comes_to_which_hospital_and_no_name_number_or_address()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await colleague.OpenAsync();
        Board before = await colleague.ReadAsync<Board>("/api/board");
        Unit unit = before.Units.First(static unit => unit.Status == "available");
        Assignment work = await colleague.AssignAsync(incident.Id, unit.Id);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage board = screen.Page;
        await console.SignInAsync(board, "dispatcher1", "/board");
        await Expect(board.GetByTestId("unit-cell")).ToHaveCountAsync(before.Units.Length);
        await Expect(board.GetByTestId("district").First).ToBeVisibleAsync();
        string[] places = await PlacesAsync(board);

        Target hospital = (await colleague.ReadAsync<Hospitals>("/api/hospitals")).Items[0];
        foreach (string milestone in (string[])["enRoute", "onScene", "leftScene"])
        {
            Answer pressed = await colleague.PressAsync(work.Id, milestone, milestone == "leftScene" ? hospital.Id : null);
            Assert.Equal(200, pressed.Status);
        }

        ILocator row = board.GetByTestId("hospital-row").Filter(new() { HasText = hospital.Name });
        await Expect(row).ToContainTextAsync(unit.CallSign);
        await Expect(row).ToContainTextAsync("在途 1");
        await Expect(Cell(board, unit)).ToHaveAttributeAsync("data-state", "leftScene");
        Assert.Equal(places, await PlacesAsync(board));
        string shown = await board.Locator("main").InnerTextAsync();
        Assert.DoesNotContain("王女士", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("0546", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("黄河路", shown, StringComparison.Ordinal);
        await Pictures.TakeEverywhereAsync(board, "board", board.Locator("main"), output);
        await AccessibilityTests.CheckAsync(board, "the second screen");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task It_says_how_much_of_the_city_is_bare_and_says_more_when_a_station_is_empty()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage board = screen.Page;
        await console.SignInAsync(board, "dispatcher1", "/board");
        Cover before = await CoverAsync(colleague);
        ILocator words = board.GetByTestId("cover-words");
        await Expect(words).ToContainTextAsync($"{before.Near + before.Beyond} 处地址 8 分钟内到不了");
        await Expect(board.GetByTestId("cover").Locator("canvas").First).ToBeVisibleAsync();

        Cover after = before;
        foreach (IGrouping<Guid, Unit> station in (await colleague.ReadAsync<Board>("/api/board")).Units
            .Where(static unit => unit is { Agency: "ems", Status: "available" }).GroupBy(static unit => unit.StationId))
        {
            Incident incident = await colleague.OpenAsync();
            await colleague.TryAssignAllAsync(incident.Id, [.. station.Select(static unit => unit.Id)]);
            after = await CoverAsync(colleague);
            if (after.Near + after.Beyond > before.Near + before.Beyond)
            {
                break;
            }
        }

        Assert.True(after.Near + after.Beyond > before.Near + before.Beyond, "No station alone reaches anything.");
        await Expect(words).ToContainTextAsync($"空闲 {after.Units} 车：{after.Near + after.Beyond} 处地址");
        await Pictures.TakeAsync(board, "board-cover", output, TimeSpan.FromSeconds(8));
        Assert.Empty(screen.Faults);
    }

    private sealed record Cover(int Units, int Near, int Beyond);

    /// <summary>Once it is worked out: on a busy machine the first one takes a while.</summary>
    private static async Task<Cover> CoverAsync(Session session) => (await Eventually.GetAsync(
        () => session.GetAsync("/api/cover"), answer => answer.Status == 200, "cover is worked out", TimeSpan.FromSeconds(60))).Read<Cover>();

    private static ILocator Cell(IPage board, Unit unit) => board.Locator($"[data-testid=unit-cell][data-unit-id='{unit.Id}']");

    /// <summary>Where each cell stands.</summary>
    private static Task<string[]> PlacesAsync(IPage board) => board.GetByTestId("unit-cell").EvaluateAllAsync<string[]>(
        "cells => cells.map(cell => `${cell.dataset.unitId} ${cell.offsetLeft} ${cell.offsetTop}`)");
}
