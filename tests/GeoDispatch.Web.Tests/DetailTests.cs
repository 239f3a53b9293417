using System.Text.Json.Nodes;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>All of an incident in its detail: what is missing, who else is there, what was wrong, what the position says.</summary>
public sealed class DetailTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private static readonly byte[] Png =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0];

    [Fact]
    public async Task What_is_missing_is_said_until_it_is_sent_and_other_agencies_are_led_by_their_next_step()
    {
        using Session desk = await console.Server.DispatcherAsync();
        Incident incident = await TrappedAsync(desk);
        foreach (string callSign in (string[])["A01", "A02", "F07", "T01"])
        {
            await desk.AssignAsync(incident.Id, console.Server.Crew(callSign).UnitId);
        }

        await using Screen screen = await OpenAsync(incident);
        IPage page = screen.Page;
        await Expect(page.GetByTestId("needs")).ToContainTextAsync("缺: 巡逻 1");
        await Expect(page.GetByTestId("needs")).ToContainTextAsync("高级生命支持 A01");
        await Expect(page.GetByTestId("suggestion-needs")).ToContainTextAsync("缺: 巡逻 1");
        await Pictures.TakeEverywhereAsync(page, "detail", page.GetByTestId("detail"), output);
        await AccessibilityTests.CheckAsync(page, "the detail");
        await page.Keyboard.PressAsync("Alt+-");
        await Expect(page.Locator(".map").First).Not.ToBeVisibleAsync();
        await Pictures.TakeEverywhereAsync(page, "detail-wide", page.GetByTestId("detail"), output);
        await AccessibilityTests.CheckAsync(page, "the widened detail");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".map").First).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.TypeAsync("派 P01 .");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("needs")).ToContainTextAsync("所需已齐");
        await Expect(page.GetByTestId("suggestion-needs")).ToContainTextAsync("所需已齐");

        ILocator fire = Agency(page, "fire");
        await Expect(fire).ToContainTextAsync("已通知");
        await fire.GetByTestId("agency-next").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(fire).ToHaveAttributeAsync("data-status", "accepted");
        // The key asks what an agency says: its next step, unless another agency or another status is chosen.
        await page.Keyboard.PressAsync("Alt+Backquote");
        await page.GetByTestId("agency-of-fire").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("agency-status-enRoute")).ToHaveAttributeAsync("aria-checked", "true");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(fire).ToHaveAttributeAsync("data-status", "enRoute");
        await fire.GetByTestId("agency-other").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("6");
        // Who does not come says why.
        await Expect(page.GetByTestId("confirm-agency-status")).ToBeDisabledAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("另有火警");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(fire).ToHaveAttributeAsync("data-status", "refused");
        await Expect(fire).ToContainTextAsync("另有火警");
        await page.Keyboard.PressAsync("Alt+[");
        await page.GetByTestId("add-agency-gas").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(Agency(page, "gas")).ToHaveAttributeAsync("data-status", "notified");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task When_other_suggestions_come_before_it_the_keys_still_mean_the_row_that_has_the_focus()
    {
        using Session desk = await console.Server.DispatcherAsync();
        Incident incident = await TrappedAsync(desk);
        await using Screen screen = await OpenAsync(incident);
        IPage page = screen.Page;
        ILocator first = page.GetByTestId("suggestion-row").First;
        await Expect(first).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Alt+4");
        await Expect(first).ToBeFocusedAsync();
        string unit = await first.GetAttributeAsync("data-unit-id") ?? "";
        await page.RouteAsync("**/api/recommendations", static async route =>
        {
            IAPIResponse answer = await route.FetchAsync();
            JsonNode found = JsonNode.Parse(await answer.TextAsync())!;
            found["units"] = new JsonArray([.. found["units"]!.AsArray().Reverse().Select(static one => one!.DeepClone())]);
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = found.ToJsonString() });
        });

        (await desk.TellAsync(incident.Id, "notes", new { text = "路口拥堵" })).Read<Incident>();
        await Expect(first).Not.ToHaveAttributeAsync("data-unit-id", unit);
        await Expect(page.Locator($"[data-unit-id='{unit}']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");

        ILocator ticked = page.Locator("[data-testid=suggestion-row][aria-selected=true]");
        await Expect(ticked).ToHaveCountAsync(1);
        await Expect(ticked).ToHaveAttributeAsync("data-unit-id", unit);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task What_is_to_be_done_is_ticked_and_what_was_wrong_is_corrected_by_a_new_line_that_marks_the_old_one()
    {
        using Session desk = await console.Server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        await using Screen screen = await OpenAsync(incident);
        IPage page = screen.Page;

        await page.Keyboard.PressAsync("Alt+]");
        await page.Keyboard.TypeAsync("通知家属");
        await page.Keyboard.PressAsync("Control+Enter");
        ILocator todo = page.GetByTestId("todo-row");
        await Expect(todo).ToContainTextAsync("通知家属");
        await todo.GetByRole(AriaRole.Checkbox).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(todo).ToHaveAttributeAsync("data-done", "true");

        await page.Keyboard.PressAsync("Alt+M");
        await page.Keyboard.TypeAsync("二楼");
        await page.Keyboard.PressAsync("Control+Enter");
        ILocator note = Line(page, "noteAdded");
        await Expect(note.GetByTestId("correct")).ToContainTextAsync("Alt+\\");
        foreach (ILocator target in new[] { note.GetByTestId("correct"), Line(page, "incidentOpened").GetByTestId("correct"), page.GetByTestId("widen") })
        {
            LocatorBoundingBoxResult box = (await target.BoundingBoxAsync())!;
            Assert.True(box is { Width: >= 32, Height: >= 32 }, $"{await target.InnerTextAsync()} is {box.Width} × {box.Height} px.");
        }

        await page.Keyboard.PressAsync("Alt+\\");
        await Expect(page.GetByTestId("field-correct")).ToHaveValueAsync("二楼");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("三楼");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("听错");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(Line(page, "noteCorrected")).ToContainTextAsync("更正记事：三楼（听错）");
        await Expect(note).ToHaveAttributeAsync("data-corrected", "true");
        await Expect(note).ToContainTextAsync("已更正");
        await Expect(note.GetByTestId("correct")).ToHaveCountAsync(0);

        // What it is at all is corrected at the line that opened it: the one before.
        await page.Keyboard.PressAsync("Alt+\\");
        await Expect(page.GetByTestId("field-correct")).ToHaveValueAsync("三楼");
        await page.Keyboard.PressAsync("Alt+\\");
        await page.GetByTestId("correct-complaint").ClickAsync();
        await page.GetByTestId("field-correct").FillAsync("呼吸困难");
        await page.GetByTestId("field-correct-why").FillAsync("家属更正");
        await page.GetByTestId("confirm-correct").ClickAsync();
        await Expect(page.GetByTestId("detail").Locator(".detail-complaint")).ToContainTextAsync("呼吸困难");
        await page.GetByTestId("filter-calls").CheckAsync();
        await Expect(Line(page, "noteCorrected")).ToHaveCountAsync(0);
        await Expect(Line(page, "incidentOpened")).ToContainTextAsync("电话");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_closed_incident_is_reopened_by_the_key_that_closed_it_and_says_why()
    {
        using Session desk = await console.Server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        (await desk.CloseAsync(incident.Id, "noPatient")).Read<Incident>();
        await using Screen screen = await OpenAsync(incident);
        IPage page = screen.Page;
        await Expect(page.GetByTestId("reopen")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Alt+X");
        await Expect(page.GetByTestId("confirm-reopen")).ToBeDisabledAsync();
        await page.Keyboard.TypeAsync("来电人再次呼救");
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page.GetByTestId("close-incident")).ToBeVisibleAsync();
        await Expect(Line(page, "incidentReopened")).ToContainTextAsync("来电人再次呼救");
        await Expect(page.GetByTestId("waiting-list").GetByTestId("incident-row").Filter(new() { HasText = incident.Number })).ToHaveCountAsync(1);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task What_the_position_says_is_proposed_and_one_key_confirms_it()
    {
        using Session desk = await console.Server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        DemoCrew crew = console.Server.Crews[40];
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        await using Screen screen = await OpenAsync(incident);
        IPage page = screen.Page;
        ILocator proposal = page.GetByTestId("proposal");
        await Expect(proposal).ToContainTextAsync("GPS 建议：无");
        float before = (await page.GetByTestId("note").BoundingBoxAsync())!.Y;

        // Each place is there long enough to be looked at.
        await Eventually.GetAsync(
            async () =>
            {
                foreach (double east in (double[])[0, 0.0045])
                {
                    (await console.Server.SendFixesAsync(crew, new AvlFix(TimeProvider.System.GetUtcNow(), 118.50 + east, 37.44))).Read<FixReceipt>();
                    await Task.Delay(2_500, TestContext.Current.CancellationToken);
                }

                return (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Assignments[0].Proposal;
            },
            static proposed => proposed is not null, "nothing was proposed", TimeSpan.FromSeconds(40));

        await Expect(proposal).ToContainTextAsync($"{crew.CallSign} 出车");
        ILocator row = page.Locator($"[data-testid=assignment-row][data-unit-id='{work.UnitId}']");
        await Expect(row).ToHaveAttributeAsync("data-status", "notified");
        Assert.Equal(before, (await page.GetByTestId("note").BoundingBoxAsync())!.Y);
        await Pictures.TakeAsync(page, "proposal", output);
        await page.Keyboard.PressAsync("Alt+,");
        await Expect(row).ToHaveAttributeAsync("data-status", "enRoute");
        await Expect(Line(page, "milestoneRecorded")).ToContainTextAsync("定位");
        await Expect(proposal).ToContainTextAsync("GPS 建议：无");

        // Says on scene, and is not: that is flagged with its reason.
        (await desk.PressAsync(work.Id, "onScene")).Read<Incident>();
        await Expect(row.GetByTestId("contradiction")).ToContainTextAsync("报到达现场");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task Another_unit_relieves_incidents_are_linked_and_a_file_is_added_and_opened()
    {
        using Session desk = await console.Server.DispatcherAsync();
        Incident incident = await desk.OpenAsync(), other = await desk.OpenAsync(118.6);
        await desk.AssignAsync(incident.Id, console.Server.Crews[30].UnitId);
        string free = console.Server.Crews[31].CallSign;
        await using Screen screen = await OpenAsync(incident);
        IPage page = screen.Page;

        await page.Keyboard.PressAsync("Alt+=");
        await page.Keyboard.TypeAsync(free);
        await Expect(page.GetByTestId("relieve-option").First).ToContainTextAsync(free);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("爆胎");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("assignment-row").Filter(new() { HasText = free })).ToHaveAttributeAsync("data-status", "notified");

        await page.Keyboard.PressAsync("Alt+;");
        await page.Keyboard.TypeAsync(other.Number);
        await Expect(page.GetByTestId("link-option").First).ToContainTextAsync(other.Number);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("同一事故");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("link-row")).ToContainTextAsync(other.Number);

        await page.GetByTestId("field-attachment").SetInputFilesAsync(new FilePayload { Name = "现场.png", MimeType = "image/png", Buffer = Png });
        await Expect(page.GetByTestId("attachment-row")).ToContainTextAsync("现场.png");
        await page.GetByTestId("field-attachment").SetInputFilesAsync(new FilePayload { Name = "名单.txt", MimeType = "text/plain", Buffer = [1] });
        await Expect(page.GetByTestId("section-attachments")).ToContainTextAsync("未上传 名单.txt");
        IAPIResponse file = await page.APIRequest.GetAsync(await page.GetByTestId("attachment-row").GetByRole(AriaRole.Link).GetAttributeAsync("href") ?? "");
        Assert.Equal(Png, await file.BodyAsync());

        await page.GetByTestId("open-link").ClickAsync();
        await Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(other.Number);
        await Expect(page.GetByTestId("remove-link")).ToContainTextAsync("Alt+Delete");
        await page.Keyboard.PressAsync("Alt+Delete");
        await page.Keyboard.TypeAsync("两起");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("link-row")).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);
    }

    private async Task<Screen> OpenAsync(Incident incident)
    {
        Screen screen = await chromium.OpenAsync(console.Server.Address);
        await console.SignInAsync(screen.Page, "dispatcher1");
        await ConsoleServer.OpenAsync(screen.Page, incident.Number);
        return screen;
    }

    private static ILocator Agency(IPage page, string code) => page.Locator($"[data-testid=agency-row][data-agency={code}]");

    private static ILocator Line(IPage page, string type) => page.Locator($"[data-testid=timeline-entry][data-type={type}]");

    private static async Task<Incident> TrappedAsync(Session desk) => (await desk.PostAsync("/api/incidents", new
    {
        commandId = Guid.NewGuid(),
        type = "trafficTrapped",
        priority = 1,
        complaint = "两车相撞,有人被困",
        place = new { lon = 118.58, lat = 37.455, address = "黄河路100号" },
    })).Read<Incident>();
}
