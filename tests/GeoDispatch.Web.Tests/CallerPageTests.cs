using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>The page that a caller opens from the message: on a telephone, without signing in.</summary>
public sealed class CallerPageTests(Chromium chromium, RunningServer server, ITestOutputHelper output) : IClassFixture<RunningServer>
{
    private sealed record Link(string Url);

    [Fact]
    public async Task A_caller_shares_position_words_and_a_photo_with_three_taps()
    {
        Session desk = await server.DispatcherAsync();
        (await desk.PutAsync("/api/seat", new { seat = "12" })).Read<object>();
        Call call = (await desk.PostAsync("/api/calls", new { commandId = Guid.NewGuid(), source = "telephone", number = "12000000001" })).Read<Call>();
        Link link = (await desk.PostAsync($"/api/calls/{call.Id}/link", new { commandId = Guid.NewGuid() })).Read<Link>();
        await using Screen phone = await chromium.OpenPhoneAsync(server.Address, new Geolocation { Longitude = 118.59f, Latitude = 37.46f, Accuracy = 12 });
        IPage page = phone.Page;
        await page.GotoAsync(link.Url);
        ILocator state = page.GetByRole(AriaRole.Status);

        await page.GetByRole(AriaRole.Button, new() { Name = "共享位置 / Share position" }).ClickAsync();
        await Expect(state).ToContainTextAsync("位置已共享,误差约 12 米");
        await page.GetByLabel("文字,至多 500 字").FillAsync("三单元门口<b>有人接</b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "发送文字" }).ClickAsync();
        await Expect(state).ToContainTextAsync("文字已发送");
        await page.Locator("#photo").SetInputFilesAsync(new FilePayload { Name = "现场.png", MimeType = "image/png", Buffer = await page.ScreenshotAsync() });
        await Expect(state).ToContainTextAsync("照片已发送");
        await Pictures.TakeAsync(page, "caller-page", output);

        CallDetail detail = await desk.ReadAsync<CallDetail>($"/api/calls/{call.Id}");
        Assert.Equal(["callEntered", "linkSent", "callerLocated", "callerWrote", "callerSentPhoto"], detail.Timeline.Select(entry => entry.Type));
        Assert.Equal((118.59, 37.46, 12.0), (Math.Round(detail.Call.Place!.Lon, 4), Math.Round(detail.Call.Place.Lat, 4), detail.Call.Place.UncertaintyMeters));
        Assert.Equal("三单元门口<b>有人接</b>", detail.Timeline[3].Data.GetProperty("text").GetString());
        Assert.Equal("image/png", detail.Timeline[4].Data.GetProperty("mediaType").GetString());
    }
}
