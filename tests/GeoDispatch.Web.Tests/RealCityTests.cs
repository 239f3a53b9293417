using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>Two people at once on a real city: a dispatcher at the desk and a crew with a phone, whose unit came in by a table.</summary>
public sealed class RealCityTests(Chromium chromium, ConsoleServer console, TestCluster cluster, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    private const string Stations = "name,name_en,district,lon,lat\n人民广场急救站,People's Square,黄浦,121.4750,31.2320\n外面的站,Outside,无,118.5,37.4\n";
    private const string Hospitals = "name,lon,lat,capabilities\n中心医院,121.4800,31.2360,chestPain;trauma\n";
    private const string Units = "call_sign,plate,station,doctor,nurse,driver\n沪急01,沪A12345,人民广场急救站,张医生,李护士,王师傅\n沪急02,沪A12346,没有的站,,,\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_Shanghai_the_desk_sends_a_unit_that_came_by_table_and_its_crew_brings_the_patient_in()
    {
        string pbf = SharedData.OrSkip("data/osm/shanghai_center.osm.pbf");
        (Guid unit, string password) = await PrepareAsync(pbf);
        await using Screen desk = await chromium.OpenAsync(console.Server.Address);
        await using Screen crew = await chromium.OpenPhoneAsync(console.Server.Address, new Geolocation { Longitude = 121.4750f, Latitude = 31.2320f, Accuracy = 8 });

        await SignInAsync(crew.Page, "crew.hu01", password);
        await Expect(crew.Page.GetByTestId("crew-idle")).ToBeVisibleAsync();
        await SignInAsync(desk.Page, "dispatcher1", console.Server.Database.Credentials.PasswordOf("dispatcher1"));
        await Expect(desk.Page.Locator("body")).ToHaveAttributeAsync("data-ready", "true", new() { Timeout = 60_000 });
        await Expect(desk.Page.GetByTestId("map")).ToContainTextAsync("© OpenStreetMap contributors");

        await desk.Page.Keyboard.PressAsync("F2");
        await desk.Page.GetByTestId("field-address").FillAsync("南京西路");
        await desk.Page.GetByTestId("place-option").Filter(new() { HasText = "南京西路" }).First.ClickAsync();
        await desk.Page.GetByTestId("field-complaint").FillAsync("胸痛 62岁 男");
        await desk.Page.GetByTestId("field-callback").FillAsync("13800138000");
        await desk.Page.GetByTestId("field-priority-1").ClickAsync();
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        ILocator suggestion = desk.Page.Locator($"[data-testid=suggestion-row][data-unit-id='{unit}']");
        await Expect(suggestion).ToContainTextAsync("沪急01");
        await Expect(desk.Page.GetByTestId("suggestion-row")).ToHaveCountAsync(1);
        // The suggestions stand there while the form is open, too; once the incident is created they have the focus.
        await Expect(suggestion).ToBeFocusedAsync();
        await desk.Page.Keyboard.PressAsync("1");
        await desk.Page.Keyboard.PressAsync("Alt+Enter");
        ILocator assignment = desk.Page.GetByTestId("assignment-row");
        await Expect(assignment).ToHaveAttributeAsync("data-status", "notified");
        // It was the only one: the keys go on with the incident, not into nothing.
        await Expect(desk.Page.GetByTestId("suggestion-row")).ToHaveCountAsync(0);
        await Expect(desk.Page.Locator("[data-testid=detail]:focus, [data-testid=detail] :focus")).ToHaveCountAsync(1);

        await Expect(crew.Page.GetByTestId("crew-task")).ToContainTextAsync("胸痛");
        await Expect(crew.Page.GetByTestId("crew-address")).ToContainTextAsync("南京西路");
        await Expect(crew.Page.GetByTestId("crew-map")).ToHaveAttributeAsync("data-routed", "true");
        await PictureAsync(desk.Page, "shanghai-desk");
        await PictureAsync(crew.Page, "shanghai-crew");
        foreach (string milestone in new[] { "acknowledged", "enRoute", "onScene", "atPatient" })
        {
            await HoldAsync(crew.Page, milestone);
        }

        await Expect(assignment).ToHaveAttributeAsync("data-status", "onScene");
        await HoldAsync(crew.Page, "leftScene");
        await crew.Page.GetByTestId("hospital-option").Filter(new() { HasText = "中心医院" }).ClickAsync();
        foreach (string milestone in new[] { "atDestination", "handedOver", "available" })
        {
            await HoldAsync(crew.Page, milestone);
        }

        await Expect(crew.Page.GetByTestId("crew-idle")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(assignment).ToHaveAttributeAsync("data-status", "available");
        await Expect(assignment).ToContainTextAsync("中心医院");
        await desk.Page.Keyboard.PressAsync("Alt+X");
        await Expect(desk.Page.GetByTestId("confirm-close")).ToBeEnabledAsync();
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Page.GetByTestId("timeline-entry").Last).ToHaveAttributeAsync("data-type", "incidentClosed");
        Assert.True(await console.Server.Database.CountAsync("tracking.fix JOIN dispatch.unit USING (vehicle_id) WHERE unit.id = $1", unit) > 0, "The crew's page sent no position.");
        Assert.Empty(desk.Faults);
        Assert.Empty(crew.Faults);
    }

    /// <summary>Shanghai in the place of the demo city, a station, a hospital and a unit from tables, and the crew's account.</summary>
    private async Task<(Guid UnitId, string Password)> PrepareAsync(string pbf)
    {
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport, mayInstall: true, static _ => { }, Cancellation);
        string folder = cluster.Folder.NewHome();
        async Task<string> WriteAsync(string name, string text)
        {
            string path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, text, Cancellation);
            return path;
        }

        await using AsyncServiceScope scope = console.Server.Services.CreateAsyncScope();
        Databases databases = scope.ServiceProvider.GetRequiredService<Databases>();
        await OsmImport.RunAsync(
            databases.Batch, databases.ConnectionString, pbf, new CityWishes("上海市中心", "Central Shanghai", null, "Asia/Shanghai"), static _ => { }, Cancellation);
        TableReport stations = await ImportUnits.StationsAsync(databases, await WriteAsync("stations.csv", Stations), Cancellation);
        Assert.Equal((1, "lon"), (stations.Added, Assert.Single(stations.Refused).Column));
        Assert.Empty((await ImportHospitals.RunAsync(databases, await WriteAsync("hospitals.csv", Hospitals), Cancellation)).Refused);
        (TableReport units, IReadOnlyList<NewUnit> made) = await ImportUnits.UnitsAsync(
            databases, scope.ServiceProvider.GetRequiredService<DeviceRegistry>(), await WriteAsync("units.csv", Units), Cancellation);
        Assert.Equal((1, "station", 3), (units.Added, Assert.Single(units.Refused).Column, units.Refused[0].Line));
        NewUnit unit = Assert.Single(made);
        return (unit.UnitId, await scope.ServiceProvider.GetRequiredService<AccountSeeder>().IssueAsync(
            "crew.hu01", "沪急01车组", Roles.Crew, "120", unit.UnitId, Cancellation));
    }

    private static async Task SignInAsync(IPage page, string userName, string password)
    {
        await page.GotoAsync("/");
        await page.GetByTestId("sign-in-user").FillAsync(userName);
        await page.GetByTestId("sign-in-password").FillAsync(password);
        await page.GetByTestId("sign-in-submit").ClickAsync();
    }

    /// <summary>Holds the large button as a thumb does, for a second.</summary>
    internal static async Task HoldAsync(IPage page, string milestone)
    {
        ILocator button = page.GetByTestId("milestone-hold");
        await Expect(button).ToHaveAttributeAsync("data-milestone", milestone);
        await button.HoverAsync();
        await page.Mouse.DownAsync();
        await page.WaitForTimeoutAsync(1_000);
        await page.Mouse.UpAsync();
    }

    private async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is { Length: > 0 } folder)
        {
            // The base map draws after the symbols; a picture of a half-drawn one tells nothing.
            await page.WaitForTimeoutAsync(3_000);
            string path = Path.Combine(folder, $"{name}.png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
            output.WriteLine(path);
        }
    }
}
