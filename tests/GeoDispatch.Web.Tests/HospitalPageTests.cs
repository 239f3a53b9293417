using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The emergency department's page: who comes and when, received by one key, and what the control room is told of beds and diversions.</summary>
public sealed class HospitalPageTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private RunningServer Server => console.Server;

    [Fact]
    public async Task A_pre_alert_is_read_in_large_letters_received_by_Enter_and_beds_and_a_diversion_are_reported()
    {
        Session desk = await Server.SignInAsync("dispatcher2");
        DemoHospitalAccount account = Server.Database.Credentials.Hospitals[0];
        DemoCrew crew = Server.Crew("A01");
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, account.UserName);
        await Expect(page).ToHaveURLAsync(new Uri(Server.Address, "/hospital").ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = account.Hospital })).ToBeVisibleAsync();
        await Expect(page.GetByText("没有预告的患者")).ToBeVisibleAsync();

        Assignment work = await ComesAsync(desk, crew, account.HospitalId);
        await desk.PostAsync($"/api/assignments/{work.Id}/prealert", new
        {
            commandId = Guid.NewGuid(),
            hospitalId = account.HospitalId,
            patient = new { ageYears = 62, sex = "male", complaint = "胸痛伴大汗", vitals = new { heartRate = 118, systolicMmHg = 85, diastolicMmHg = 50 } },
        });

        ILocator card = page.GetByTestId("prealert");
        await Expect(card).ToHaveAttributeAsync("data-state", "coming");
        foreach (string shown in (string[])["胸痛伴大汗", "男 62 岁", "118 /min", "85/50 mmHg", crew.CallSign, "预计"])
        {
            await Expect(card).ToContainTextAsync(shown);
        }

        await Expect(page.GetByTestId("inbound")).ToContainTextAsync(crew.CallSign);
        Assert.True((await page.GetByTestId("receive").BoundingBoxAsync())!.Height >= 72);
        await AccessibilityTests.CheckAsync(page, "the page of a hospital");
        await Pictures.TakeAsync(page, "hospital", output);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("received")).ToContainTextAsync("已收到");
        JsonElement told = (await desk.ReadAsync<JsonElement>($"/api/assignments/{work.Id}/prealert")).GetProperty("prealerts")[0];
        Assert.Contains(account.Hospital, told.GetProperty("receipt").GetProperty("by").GetString(), StringComparison.Ordinal);

        await page.GetByTestId("beds").FillAsync("20");
        await page.GetByTestId("free-beds").FillAsync("21");
        await page.GetByTestId("send-report").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("command.bad_field");
        await page.GetByTestId("free-beds").FillAsync("7");
        await page.GetByTestId("add-diversion").ClickAsync();
        await page.GetByTestId("diversion-reason").FillAsync("停电");
        await page.GetByTestId("send-report").ClickAsync();
        await Expect(page.GetByTestId("report-state")).ToHaveTextAsync("已上报");
        await Expect(page.GetByTestId("diversion")).ToContainTextAsync("全部患者");
        JsonElement report = (await desk.ReadAsync<JsonElement>("/api/hospitals")).GetProperty("hospitals").EnumerateArray()
            .Single(hospital => hospital.GetProperty("id").GetGuid() == account.HospitalId).GetProperty("report");
        Assert.Equal((20, 7, "停电"), (report.GetProperty("beds").GetInt32(), report.GetProperty("freeBeds").GetInt32(), report.GetProperty("diversions")[0].GetProperty("reason").GetString()));

        (await desk.PressAsync(work.Id, "atDestination")).Read<Incident>();
        await Expect(card).ToHaveAttributeAsync("data-state", "arrived");
        (await desk.PressAsync(work.Id, "handedOver")).Read<Incident>();
        await Expect(card).ToHaveAttributeAsync("data-state", "handedOver");
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task An_administrator_makes_an_account_of_a_hospital_and_gives_it_to_another_one()
    {
        (string before, string after) = (Server.Database.Credentials.Hospitals[1].Hospital, Server.Database.Credentials.Hospitals[2].Hospital);
        await using Screen screen = await chromium.OpenAsync(Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "admin", "/admin");
        await page.GetByTestId("field-userName").FillAsync("triage-nurse");
        await page.GetByTestId("field-displayName").FillAsync("分诊护士");
        await page.GetByTestId("field-role").SelectOptionAsync("hospital");
        await page.GetByTestId("field-hospital").SelectOptionAsync(before);
        await page.GetByTestId("add-person-submit").ClickAsync();
        string password = await page.GetByTestId("secret-value").InnerTextAsync();
        ILocator row = page.Locator("[data-testid=person-row][data-user-name=triage-nurse]");
        await Expect(row).ToContainTextAsync(before);

        await row.GetByTestId("role").ClickAsync();
        await Expect(page.GetByTestId("field-changed-role")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("field-changed-role")).ToHaveValueAsync("hospital");
        await page.GetByTestId("field-changed-hospital").SelectOptionAsync(after);
        await AccessibilityTests.CheckAsync(page, "the role of an account");
        await Pictures.TakeAsync(page, "admin-hospital", output);
        await page.GetByTestId("change-role-submit").ClickAsync();
        await Expect(row).ToContainTextAsync(after);
        await Expect(page.GetByTestId("change-role")).ToHaveCountAsync(0);

        await using Screen ward = await chromium.OpenAsync(Server.Address);
        await ward.Page.GotoAsync("/");
        await ward.Page.GetByTestId("sign-in-user").FillAsync("triage-nurse");
        await ward.Page.GetByTestId("sign-in-password").FillAsync(password);
        await ward.Page.GetByTestId("sign-in-submit").ClickAsync();
        await Expect(ward.Page.GetByRole(AriaRole.Heading, new() { Name = after })).ToBeVisibleAsync();
        Assert.Empty(screen.Faults.Concat(ward.Faults));
    }

    private async Task<Assignment> ComesAsync(Session desk, DemoCrew crew, Guid hospitalId)
    {
        Incident incident = await desk.OpenAsync(118.5, 37.44);
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        (await Server.SendFixesAsync(crew, new AvlFix(TimeProvider.System.GetUtcNow(), 118.5, 37.44))).Read<FixReceipt>();
        foreach (string milestone in (string[])["acknowledged", "enRoute", "onScene", "atPatient", "leftScene"])
        {
            (await desk.PressAsync(work.Id, milestone, milestone == "leftScene" ? hospitalId : null)).Read<Incident>();
        }

        return work;
    }
}
