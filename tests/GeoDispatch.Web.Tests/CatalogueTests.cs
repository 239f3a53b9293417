using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>Somebody of another department looks for a layer, by keyboard, and takes its address along.</summary>
public sealed class CatalogueTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_layer_is_found_by_keyboard_seen_on_the_map_and_its_address_marked_for_copying(ColorScheme scheme)
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        await page.GotoAsync("/ogc?f=html");
        await page.GetByRole(AriaRole.Link, new() { Name = "图层目录" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "图层目录" })).ToBeVisibleAsync();

        ILocator link = page.GetByRole(AriaRole.Link, new() { Name = "道路", Exact = true });
        await link.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator section = page.Locator("#layer-streets");
        await Expect(section).ToBeInViewportAsync();
        // The next stop of the tabulator is the first address of the layer; it is there to be copied.
        await page.Keyboard.PressAsync("Tab");
        ILocator address = section.GetByRole(AriaRole.Textbox).First;
        await Expect(address).ToBeFocusedAsync();
        await Expect(address).ToHaveValueAsync($"{console.Server.Address}ogc/collections/streets");
        // The picture was drawn, not merely asked for.
        await Expect(section.Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 480);
        Assert.Empty(screen.Faults);
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is { Length: > 0 } folder)
        {
            string path = Path.Combine(folder, $"catalogue-{(scheme == ColorScheme.Dark ? "night" : "day")}.png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
            output.WriteLine(path);
        }
    }

    [Fact]
    public async Task The_desk_leads_to_the_catalogue_by_keyboard_and_stays_open_beside_it()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage desk = screen.Page;
        await desk.GotoAsync("/");
        await desk.GetByTestId("sign-in-user").FillAsync("dispatcher1");
        await desk.GetByTestId("sign-in-password").FillAsync(console.Server.Database.Credentials.PasswordOf("dispatcher1"));
        await desk.GetByTestId("sign-in-submit").ClickAsync();
        ILocator link = desk.GetByRole(AriaRole.Link, new() { Name = "图层目录" });
        await link.FocusAsync();
        IPage catalogue = await desk.RunAndWaitForPopupAsync(() => desk.Keyboard.PressAsync("Enter"));
        await Expect(catalogue.GetByRole(AriaRole.Heading, new() { Name = "图层目录" })).ToBeVisibleAsync();
        await Expect(desk.GetByTestId("new-incident")).ToBeVisibleAsync();
        Assert.Empty(screen.Faults);
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is { Length: > 0 } folder)
        {
            await desk.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "desk-with-catalogue.png") });
        }
    }
}
