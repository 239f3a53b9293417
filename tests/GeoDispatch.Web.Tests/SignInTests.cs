using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The first screen.</summary>
public sealed class SignInTests(Chromium chromium, ConsoleServer console) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A_dispatcher_signs_in_and_stands_before_the_desk()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("sign-in-user")).ToBeFocusedAsync();
        await screen.Page.GetByTestId("sign-in-user").FillAsync("dispatcher1");
        await screen.Page.GetByTestId("sign-in-password").FillAsync(console.Server.Database.Credentials.PasswordOf("dispatcher1"));
        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Page.GetByTestId("sign-in-user")).ToBeHiddenAsync();
        await Expect(screen.Page.Locator("body")).ToContainTextAsync("调度员一席");
        await Expect(screen.Page.GetByTestId("map")).ToBeVisibleAsync();
        await screen.Page.Keyboard.PressAsync("Alt+5");
        await Expect(screen.Page.Locator("body")).ToContainTextAsync(console.Server.Crews[0].CallSign);
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task A_wrong_password_is_told_in_Chinese_and_the_name_stays()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByTestId("sign-in-user").FillAsync("dispatcher2");
        await screen.Page.GetByTestId("sign-in-password").FillAsync("guess-guess-guess");
        await screen.Page.GetByTestId("sign-in-submit").ClickAsync();
        await Expect(screen.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("用户名或密码不对");
        await Expect(screen.Page.GetByTestId("sign-in-user")).ToHaveValueAsync("dispatcher2");
        Assert.Empty(screen.Faults);
    }
}
