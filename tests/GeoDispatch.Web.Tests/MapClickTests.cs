using System.Text.RegularExpressions;
using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The place of a call by a click on the map.</summary>
public sealed class MapClickTests(Chromium chromium, ConsoleServer console) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task It_serves_at_once_and_gets_a_name_that_the_incident_keeps_beside_the_callers_words()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.GetByTestId("new-incident").ClickAsync();
        LocatorBoundingBoxResult map = (await page.GetByTestId("map").BoundingBoxAsync())!;
        ILocator address = page.GetByTestId("field-address");

        // Nobody answers for the name: the coordinates stand, and units are suggested for them.
        await page.RouteAsync("**/api/places/at?*", static route => route.AbortAsync());
        await page.Mouse.ClickAsync(map.X + map.Width / 2, map.Y + map.Height / 2);
        await Expect(address).ToHaveValueAsync(new Regex("^118\\.[0-9]{5}, 37\\.[0-9]{5}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(page.GetByTestId("suggestion-row").First).ToBeVisibleAsync();

        await page.UnrouteAsync("**/api/places/at?*");
        await address.FillAsync("肯德基对面");
        await page.Mouse.ClickAsync(map.X + map.Width / 2 + 40, map.Y + map.Height / 2 - 30);
        await Expect(page.GetByTestId("caller-words")).ToContainTextAsync("肯德基对面");
        string named = await address.InputValueAsync();
        Assert.Matches("[路街镇村区号]", named);
        await page.GetByTestId("field-complaint").FillAsync("胸痛");
        await page.GetByTestId("submit-incident").ClickAsync();

        await Expect(page.GetByTestId("detail")).ToContainTextAsync(named);
        await Expect(page.GetByTestId("detail")).ToContainTextAsync("地图点选");
        await Expect(page.GetByTestId("caller-words")).ToContainTextAsync("肯德基对面");
        Incident kept = Assert.Single((await (await console.Server.DispatcherAsync()).ReadAsync<Board>("/api/board")).Incidents, incident => incident.Place.CallerWords is not null);
        Assert.Equal((named, "map", "肯德基对面"), (kept.Place.Address, kept.Place.FoundBy, kept.Place.CallerWords));
        PlaceNamed again = await (await console.Server.DispatcherAsync()).ReadAsync<PlaceNamed>(
            FormattableString.Invariant($"/api/places/at?lon={kept.Place.Lon:F6}&lat={kept.Place.Lat:F6}"));
        Assert.Equal(again.Name, named);
        Assert.Empty(screen.Faults);
    }
}
