using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>A dispatcher reads how right the arrival times were, from the page that knows nothing yet to a trip on the map.</summary>
public sealed class EtaTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task Arrival_times_are_judged_by_hour_and_length_and_the_worst_trip_is_seen_on_the_map()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await page.GotoAsync("/eta");
        await page.GetByTestId("sign-in-user").FillAsync("dispatcher1");
        await page.GetByTestId("sign-in-password").FillAsync(console.Server.Database.Credentials.PasswordOf("dispatcher1"));
        await page.GetByTestId("sign-in-submit").ClickAsync();
        ILocator body = page.GetByTestId("eta-body");
        // Nothing was driven: it says why, and what is known of the streets.
        await Expect(body).ToContainTextAsync("这段时间没有可评判的行程");
        await Expect(page.GetByTestId("eta-learned")).ToContainTextAsync("未学习");
        await Expect(page.GetByTestId("eta-figures")).ToHaveCountAsync(0);
        await Pictures.TakeAsync(page, "eta-empty", output);

        await DriveAsync();
        // By the keyboard: the period is the first thing in the page.
        await page.GetByTestId("eta-span").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.GetByTestId("eta-span")).ToHaveValueAsync("30");
        ILocator figures = page.GetByTestId("eta-figures");
        await Expect(figures.Locator("[data-figure=trips] dd")).ToHaveTextAsync("240");
        await Expect(figures.Locator("[data-figure=median] dd")).ToHaveTextAsync("10.0 %");
        await Expect(figures.Locator("[data-figure=class] dd")).ToHaveTextAsync("30.0 %");
        await Expect(figures.Locator("[data-figure=inside] dd")).ToHaveTextAsync("74.9 %");
        await Expect(figures.Locator("[data-figure=bias] dd")).ToHaveTextAsync("+10.0 %");
        await Expect(page.GetByTestId("eta-hour").Locator("tbody tr")).ToHaveCountAsync(24);
        await Expect(page.GetByTestId("eta-length").Locator("tbody tr").First).ToContainTextAsync("不足 2 km");
        await Expect(page.GetByTestId("eta-run").Locator("[data-key=emergency]")).ToContainTextAsync("鸣笛");
        // A quarter of the trips ended in another district, and those that fell out of the band beyond the city's border.
        string[] names = [.. await console.Server.Database.ListAsync<string>("SELECT name FROM city.district ORDER BY code LIMIT 2")];
        ILocator districts = page.GetByTestId("eta-district").Locator("tbody tr");
        await Expect(districts).ToHaveCountAsync(3);
        await Expect(districts.Nth(0)).ToContainTextAsync(names[0]);
        await Expect(districts.Nth(0).Locator("td").Last).ToHaveTextAsync("120");
        await Expect(districts.Nth(1)).ToContainTextAsync(names[1]);
        await Expect(districts.Nth(1).Locator("td").Last).ToHaveTextAsync("60");
        await Expect(districts.Nth(2)).ToContainTextAsync("区县以外");
        await Expect(districts.Nth(2)).ToContainTextAsync("0.0 %");
        await Pictures.TakeEverywhereAsync(page, "eta", body, output);

        await page.GetByRole(AriaRole.Tab, new() { Name = "最差行程" }).ClickAsync();
        await Expect(page.GetByTestId("eta-trip")).ToHaveCountAsync(20);
        ILocator worst = page.GetByTestId("eta-trip").First;
        await Expect(worst).ToContainTextAsync("+300.0 %");
        await Expect(worst).ToContainTextAsync("未学习");
        await Pictures.TakeEverywhereAsync(page, "eta-worst", body, output);
        string day = await console.Server.Database.ReadAsync<string>(
            "SELECT to_char(start_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') FROM tracking.eta_error ORDER BY predicted_s / actual_s DESC LIMIT 1");
        await worst.GetByTestId("show-trip").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("vehicle-panel")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("day-report")).ToHaveAttributeAsync("data-date", day);
        await page.GetByTestId("to-eta").ClickAsync();
        await Expect(page.GetByTestId("eta-figures")).ToBeVisibleAsync();
        Assert.Empty(screen.Faults);

        // The page says what failed, keeps the period that was asked for, and reads again at a press.
        await page.RouteAsync("**/api/roads/eta*", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            Status = 503,
            ContentType = "application/problem+json",
            Body = """{"title":"数据库不可用 / The database is away","detail":"数据库不可用 / The database is away","code":"database.away","status":503}""",
        }));
        await page.GetByTestId("eta-span").SelectOptionAsync("92");
        await Expect(body.GetByRole(AriaRole.Alert)).ToContainTextAsync("database.away");
        await Pictures.TakeAsync(page, "eta-failed", output);
        await page.UnrouteAsync("**/api/roads/eta*");
        await body.GetByRole(AriaRole.Button, new() { Name = "重新读取" }).ClickAsync();
        await Expect(body.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("eta-figures")).ToBeVisibleAsync();
    }

    /// <summary>Ten trips in each hour of yesterday: told 10 % too long, by class 30 %; a quarter outside of the band, and one told four times as long.</summary>
    private async Task DriveAsync()
    {
        string noon = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await console.Server.Database.AdministerAsync($"""
            INSERT INTO tracking.eta_error
            SELECT (SELECT id FROM tracking.vehicle ORDER BY plate OFFSET trip % 7 LIMIT 1), start_at, start_at + interval '400 seconds', 118.49, 37.45,
                coalesce(ST_X(ends), 119.9), coalesce(ST_Y(ends), 38.9),
                CASE trip % 3 WHEN 0 THEN 1200 WHEN 1 THEN 3400 ELSE 8200 END, trip % 5 = 0, 0.9, CASE WHEN trip = 100 THEN 1600 ELSE 440 END,
                CASE WHEN trip <> 100 THEN 360 END, CASE WHEN trip <> 100 THEN CASE WHEN trip % 4 = 1 THEN 390 ELSE 480 END END, 520, 400
            FROM generate_series(0, 239) AS trip, LATERAL (SELECT timestamptz '{noon} 00:00+08' + trip * interval '6 minutes' AS start_at) AS at,
                LATERAL (SELECT (SELECT ST_PointOnSurface(geom) FROM city.district WHERE trip % 4 <> 1 ORDER BY code OFFSET (trip % 4 = 0)::int LIMIT 1) AS ends) AS place
            """);
    }
}
