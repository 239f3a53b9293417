using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>From a call about a stroke to the hospital that awaits the patient: the desk by keys alone, two emergency departments, the crew, the second screen.</summary>
public sealed class StrokeTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private sealed record Ranked(Guid HospitalId, string Name, double RoadSeconds);

    private sealed record Choice(Ranked[] Hospitals);

    private RunningServer Server => console.Server;

    [Fact]
    public async Task The_nearest_stroke_centre_diverts_so_the_next_is_chosen_by_keys_told_who_comes_and_says_that_it_read_it()
    {
        Session colleague = await Server.SignInAsync("dispatcher2");
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage desk = screen.Page;
        await console.SignInAsync(desk, "dispatcher1");
        Assignment work = await TakeCallAndDispatchAsync(colleague, desk);
        (Ranked nearest, Ranked next) = await TwoNearestAsync(colleague, work.Id);
        await using Screen diverting = await DivertAsync(nearest.HospitalId);

        // What the answers came to is what the hospital has to be able to do.
        await desk.Keyboard.PressAsync("Alt+7");
        await Expect(desk.GetByTestId("needs-stroke")).ToBeCheckedAsync();
        await Expect(desk.GetByTestId("needs-trauma")).Not.ToBeCheckedAsync();
        ILocator left = desk.GetByTestId("left-out-hospital").Filter(new() { HasText = nearest.Name });
        await Expect(left).ToContainTextAsync("CT 故障");
        await Expect(left).ToContainTextAsync("分流至");
        ILocator first = desk.GetByTestId("ranked-hospital").First;
        await Expect(first).ToHaveAttributeAsync("data-hospital-id", next.HospitalId.ToString());
        await Expect(first).ToContainTextAsync("道路");

        await WishAsync(desk, nearest.HospitalId);
        await Expect(left).ToContainTextAsync("患者意愿,但分流至");
        await Expect(desk.GetByTestId("wish-refused")).ToContainTextAsync(nearest.Name);
        await Expect(first).ToHaveAttributeAsync("data-hospital-id", next.HospitalId.ToString());
        await AccessibilityTests.CheckAsync(desk, "the hospitals of a run");
        await Pictures.TakeEverywhereAsync(desk, "stroke-choice", desk.GetByTestId("hospitals"), output);

        await desk.Keyboard.PressAsync("Alt+7");
        await Expect(desk.Locator("[data-testid=ranked-hospital]:focus, [data-testid=left-out-hospital]:focus")).ToHaveCountAsync(1);
        await desk.Keyboard.PressAsync("1");
        await Expect(desk.GetByTestId("summary-complaint")).ToBeFocusedAsync();
        await Expect(desk.GetByTestId("summary-complaint")).ToHaveValueAsync("老人嘴歪");
        await Expect(desk.GetByTestId("summary-determinant")).ToHaveValueAsync("04-1A 疑卒中,六小时以内");
        await Expect(desk.GetByTestId("summary-age")).ToHaveValueAsync("71");
        await JourneyTests.TabToAsync(desk, "summary-systolicMmHg");
        await desk.Keyboard.TypeAsync("188");
        await JourneyTests.TabToAsync(desk, "summary-gcs");
        await desk.Keyboard.TypeAsync("19");
        await desk.Keyboard.PressAsync("Control+Enter");
        // Refused by name; what was typed is there to be corrected.
        await Expect(desk.GetByTestId("prealert-form").GetByRole(AriaRole.Alert)).ToContainTextAsync("3…15");
        await desk.Keyboard.PressAsync("Control+A");
        await desk.Keyboard.TypeAsync("13");
        await AccessibilityTests.CheckAsync(desk, "the pre-alert");
        await Pictures.TakeAsync(desk, "stroke-prealert", output);
        await desk.Keyboard.PressAsync("Control+Enter");
        ILocator line = desk.GetByTestId("prealert-line");
        await Expect(line).ToContainTextAsync("已预告");
        await Expect(line).ToContainTextAsync(next.Name);
        await Expect(line).ToHaveAttributeAsync("data-received", "false");

        await using Screen awaiting = await chromium.OpenAsync(Server.Address, 1366, 768);
        await ReceiveAsync(awaiting.Page, next.HospitalId);
        await Expect(line).ToHaveAttributeAsync("data-received", "true");
        await Expect(line).ToContainTextAsync("已接收");
        await Expect(first).ToContainTextAsync("已接收");
        await Pictures.TakeEverywhereAsync(desk, "stroke-received", desk.GetByTestId("detail"), output);

        // The verb says why, and the key offers the hospital that was told.
        await desk.Keyboard.PressAsync("F4");
        await desk.Keyboard.TypeAsync($"院 {work.CallSign} ");
        await Expect(desk.GetByTestId("command-option").First).ToContainTextAsync(next.Name[..4]);
        await Expect(desk.GetByTestId("command-option").First).ToContainTextAsync("道路");
        await desk.Keyboard.PressAsync("Control+A");
        await desk.Keyboard.PressAsync("Delete");
        await desk.Keyboard.PressAsync("Alt+Y");
        await Expect(desk.GetByTestId("field-hospital")).ToHaveValueAsync(next.Name);
        await desk.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "leftScene");
        await Expect(awaiting.Page.GetByTestId("inbound")).ToContainTextAsync(work.CallSign);

        await BoardAsync(nearest.Name, next.Name, work.CallSign);
        Assert.Empty(screen.Faults.Concat(diverting.Faults).Concat(awaiting.Faults));
    }

    [Fact]
    public async Task A_crew_sees_who_diverts_last_with_why_tells_the_first_who_comes_and_leaves_with_one_tap()
    {
        Session colleague = await Server.SignInAsync("dispatcher2");
        DemoCrew crew = Server.Crew("A02");
        Assignment work = await colleague.AssignAsync((await colleague.OpenAsync(118.5, 37.44)).Id, crew.UnitId);
        await BringToPatientAsync(colleague, crew, work);
        (Ranked nearest, Ranked next) = await TwoNearestAsync(colleague, work.Id);
        await using Screen diverting = await DivertAsync(nearest.HospitalId);
        await using Screen phone = await chromium.OpenPhoneAsync(Server.Address, new Geolocation { Longitude = 118.5f, Latitude = 37.44f });
        IPage page = phone.Page;
        await console.SignInAsync(page, crew.UserName);
        await OpenSheetAsync(page);
        ILocator options = page.GetByTestId("hospital-option");
        await Expect(options.First).ToHaveAttributeAsync("data-destination-id", next.HospitalId.ToString());
        ILocator left = options.Filter(new() { HasText = nearest.Name });
        await Expect(left).ToHaveAttributeAsync("data-left-out", "true");
        await Expect(left).ToContainTextAsync("CT 故障");
        string?[] marks = await options.EvaluateAllAsync<string?[]>("all => all.map(one => one.dataset.leftOut)");
        Assert.Equal(marks.Order(StringComparer.Ordinal), marks);
        Assert.All(await page.Locator(".crew-sheet button").EvaluateAllAsync<double[]>("all => all.map(one => one.getBoundingClientRect().height)"), static height => Assert.True(height >= 72));
        await AccessibilityTests.CheckAsync(page, "the hospitals of a crew");
        await Pictures.TakeAsync(page, "stroke-crew-zh", output);
        await page.GetByTestId("sheet-back").ClickAsync();
        await page.GetByTestId("crew-more").ClickAsync();
        await page.GetByTestId("switch-language").ClickAsync();
        await page.GetByTestId("sheet-back").ClickAsync();
        await OpenSheetAsync(page);
        await Expect(left).ToContainTextAsync("diverts until");
        await Pictures.TakeAsync(page, "stroke-crew-en", output);
        await page.GetByTestId("tell-hospital").First.ClickAsync();
        await Pictures.TakeAsync(page, "stroke-crew-prealert-en", output);
        await page.GetByTestId("sheet-back").ClickAsync();

        await page.GetByTestId("tell-hospital").First.ClickAsync();
        await page.GetByTestId("summary-heartRate").FillAsync("96");
        await Pictures.TakeAsync(page, "stroke-crew-prealert", output);
        await page.GetByTestId("send-prealert").ClickAsync();
        await Expect(page.GetByTestId("tell-hospital").First).ToContainTextAsync("Pre-alerted");
        JsonElement told = (await colleague.ReadAsync<JsonElement>($"/api/assignments/{work.Id}/prealert")).GetProperty("prealerts")[0];
        Assert.Equal(
            (next.HospitalId, "胸痛", 96),
            (told.GetProperty("hospitalId").GetGuid(), told.GetProperty("patient").GetProperty("complaint").GetString(), told.GetProperty("patient").GetProperty("vitals").GetProperty("heartRate").GetInt32()));
        await options.First.ClickAsync();
        await Expect(page.GetByTestId("hospital-sheet")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("milestone-hold")).ToHaveAttributeAsync("data-milestone", "atDestination");
        Assert.Empty(phone.Faults.Concat(diverting.Faults));
    }

    /// <summary>The call is typed, its questions answered and the first unit sent, without a mouse; then the crew is with the patient.</summary>
    private async Task<Assignment> TakeCallAndDispatchAsync(Session colleague, IPage desk)
    {
        await desk.Keyboard.PressAsync("F2");
        await CallTests.TypeAsync(desk, "黄河路100号", "老人嘴歪");
        await JourneyTests.TabToAsync(desk, "field-age");
        await desk.Keyboard.TypeAsync("71");
        await desk.Keyboard.PressAsync("Alt+0");
        await Expect(desk.GetByTestId("triage-choice-stroke")).ToContainTextAsync("1");
        foreach (string key in (string[])["1", "1", "1", "1", "1"])
        {
            await desk.Keyboard.PressAsync(key);
        }

        await Expect(desk.GetByTestId("triage-reached")).ToContainTextAsync("04-1A");
        await desk.Keyboard.PressAsync("Alt+R");
        await desk.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.GetByTestId("suggestion-row").First).ToBeFocusedAsync();
        await desk.Keyboard.PressAsync("Alt+Enter");
        ILocator row = desk.GetByTestId("assignment-row");
        await Expect(row).ToHaveCountAsync(1);
        var unitId = Guid.Parse((await row.GetAttributeAsync("data-unit-id"))!);
        Assignment work = (await colleague.ReadAsync<UnitTask>($"/api/units/{unitId}/task")).Assignment!;
        await BringToPatientAsync(colleague, Server.Database.Credentials.CrewOf(unitId), work);
        await Expect(row).ToHaveAttributeAsync("data-status", "atPatient");
        return work;
    }

    private async Task BringToPatientAsync(Session colleague, DemoCrew crew, Assignment work)
    {
        (await Server.SendFixesAsync(crew, new AvlFix(TimeProvider.System.GetUtcNow(), 118.5, 37.44))).Read<FixReceipt>();
        foreach (string milestone in (string[])["acknowledged", "enRoute", "onScene", "atPatient"])
        {
            (await colleague.PressAsync(work.Id, milestone)).Read<Incident>();
        }
    }

    private static async Task<(Ranked Nearest, Ranked Next)> TwoNearestAsync(Session colleague, Guid assignmentId)
    {
        Choice choice = (await colleague.PostAsync("/api/hospitals/choice", new { assignmentId, capabilities = new[] { "stroke" } })).Read<Choice>();
        return (choice.Hospitals[0], choice.Hospitals[1]);
    }

    /// <summary>The people of a hospital say on their own page that they take no strokes.</summary>
    private async Task<Screen> DivertAsync(Guid hospitalId)
    {
        Screen screen = await chromium.OpenAsync(Server.Address, 1366, 768);
        IPage page = screen.Page;
        await console.SignInAsync(page, AccountOf(hospitalId));
        await page.GetByTestId("beds").FillAsync("10");
        await page.GetByTestId("free-beds").FillAsync("3");
        await page.GetByTestId("add-diversion").ClickAsync();
        await page.GetByTestId("diversion").GetByLabel("分流对象").SelectOptionAsync("stroke");
        await page.GetByTestId("diversion-reason").FillAsync("CT 故障");
        await page.GetByTestId("send-report").ClickAsync();
        await Expect(page.GetByTestId("report-state")).ToHaveTextAsync("已上报");
        return screen;
    }

    private string AccountOf(Guid hospitalId) => Server.Database.Credentials.Hospitals.Single(one => one.HospitalId == hospitalId).UserName;

    /// <summary>Back from the list to the field of the wish, down to the hospital.</summary>
    private static async Task WishAsync(IPage desk, Guid hospitalId)
    {
        ILocator wish = desk.GetByTestId("choice-wish");
        for (int tries = 0; tries < 5 && !await wish.EvaluateAsync<bool>("field => field === document.activeElement"); tries++)
        {
            await desk.Keyboard.PressAsync("Shift+Tab");
        }

        await Expect(wish).ToBeFocusedAsync();
        for (int tries = 0; tries < 20 && await wish.InputValueAsync() != hospitalId.ToString(); tries++)
        {
            await desk.Keyboard.PressAsync("ArrowDown");
        }

        await Expect(wish).ToHaveValueAsync(hospitalId.ToString());
    }

    private async Task ReceiveAsync(IPage page, Guid hospitalId)
    {
        await console.SignInAsync(page, AccountOf(hospitalId));
        ILocator card = page.GetByTestId("prealert");
        foreach (string shown in (string[])["老人嘴歪", "04-1A", "71 岁", "188/–", "预计"])
        {
            await Expect(card).ToContainTextAsync(shown);
        }

        // Its time counts down.
        string before = await card.GetByTestId("prealert-eta").InnerTextAsync();
        await Expect(card.GetByTestId("prealert-eta")).Not.ToHaveTextAsync(before);
        await Pictures.TakeAsync(page, "stroke-ed-zh", output);
        await page.GetByTestId("switch-language").ClickAsync();
        await Pictures.TakeAsync(page, "stroke-ed-en", output);
        await page.GetByTestId("switch-language").ClickAsync();
        await page.GetByTestId("switch-language").BlurAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("received")).ToBeVisibleAsync();
    }

    private async Task BoardAsync(string diverting, string awaiting, string callSign)
    {
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage board = screen.Page;
        await console.SignInAsync(board, "dispatcher1", "/board");
        ILocator RowOf(string name) => board.GetByTestId("hospital-row").Filter(new() { HasText = name });
        await Expect(RowOf(diverting).GetByTestId("load")).ToHaveTextAsync("▮▮▮▯ 7/10");
        await Expect(RowOf(diverting).GetByTestId("diversion-mark")).ToContainTextAsync("卒中");
        await Expect(RowOf(awaiting)).ToContainTextAsync("在途 1");
        await Expect(RowOf(awaiting)).ToContainTextAsync(callSign);
        await Expect(RowOf(awaiting).GetByTestId("inbound-count")).ToContainTextAsync("最早");
        await AccessibilityTests.CheckAsync(board, "the hospital board");
        await Pictures.TakeEverywhereAsync(board, "stroke-board", board.GetByTestId("hospital-board"), output);
        Assert.Empty(screen.Faults);
    }

    /// <summary>What a crew does that leaves: it holds, and says what the patient needs.</summary>
    private static async Task OpenSheetAsync(IPage page)
    {
        await RealCityTests.HoldAsync(page, "leftScene");
        await page.GetByTestId("needs-stroke").ClickAsync();
    }
}
