using GeoDispatch.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>Triage on the dispatcher's desk, by the keys: what the caller says raises, digits answer, the advice is there to be read.</summary>
public sealed class TriageDeskTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A_key_word_raises_with_its_last_keystroke_digits_answer_and_compressions_have_a_beat()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.Keyboard.PressAsync("F2");
        await CallTests.TypeAsync(page, "黄河路100号", "老人没有呼");
        await Expect(page.GetByTestId("field-priority-2")).ToHaveAttributeAsync("aria-checked", "true");

        await page.Keyboard.TypeAsync("吸");

        await Expect(page.GetByTestId("field-priority-1")).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(page.GetByTestId("triage-heard")).ToContainTextAsync("没有呼吸");
        await page.Keyboard.PressAsync("Alt+0");
        await Expect(page.GetByTestId("triage")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("triage-choice-cardiacArrest")).ToContainTextAsync("1");
        await page.Keyboard.PressAsync("1");
        await Expect(page.GetByTestId("triage-question")).ToContainTextAsync("清醒");
        await page.Keyboard.PressAsync("1");
        await Expect(page.GetByTestId("triage-question")).ToContainTextAsync("整句话");

        // Said wrongly: the last question again.
        await page.Keyboard.PressAsync("Backspace");
        await Expect(page.GetByTestId("triage-question")).ToContainTextAsync("清醒");
        await page.Keyboard.PressAsync("2");
        await Expect(page.GetByTestId("triage-question")).ToContainTextAsync("胸口");
        await page.Keyboard.PressAsync("3");
        await Expect(page.GetByTestId("triage-reached")).ToContainTextAsync("00-1A");
        await Expect(page.GetByTestId("triage-reached")).ToContainTextAsync("红 濒危");
        await Expect(page.GetByTestId("triage-reached")).ToContainTextAsync("五到六厘米");
        await Expect(page.GetByTestId("field-conscious")).ToHaveValueAsync("no");
        await page.GetByTestId("metronome").PressAsync("Enter");
        await Expect(page.GetByTestId("metronome-beat")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("metronome-beat")).Not.ToHaveTextAsync("1");
        await Pictures.TakeEverywhereAsync(page, "triage", page.Locator(".form-pane"), output);

        await page.Keyboard.PressAsync("Alt+R");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("suggestion-row").First).ToBeFocusedAsync();
        Assert.Equal("没有呼吸", Assert.Single(await Eventually.GetAsync(
            () => console.Server.Database.ListAsync<string>("SELECT word FROM ems_care.triage_entry WHERE words = '老人没有呼吸'"),
            static words => words.Count == 1, "the caller's words are kept")));
        Assert.Equal("conscious yes, conscious no, chest no", await AnswersAsync("incident_id"));
        Assert.Empty(screen.Faults);
    }

    [Fact]
    public async Task The_answers_of_a_call_are_kept_as_they_are_given()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await CallTests.SitAsync(console, page, "dispatcher2", "61");
        string number = Exchange.NewNumber();
        await exchange.RingAsync(number);
        await Expect(CallTests.RowOf(page, number)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("F2");
        await CallTests.TypeAsync(page, "济南路50号", "胸痛");
        await page.Keyboard.PressAsync("Alt+0");
        foreach (string key in new[] { "1", "1", "1", "1", "1" })
        {
            await page.Keyboard.PressAsync(key);
        }

        await Expect(page.GetByTestId("triage-reached")).ToContainTextAsync("02-1A");
        await Expect(page.GetByTestId("field-priority-1")).ToHaveAttributeAsync("aria-checked", "true");
        await Eventually.GetAsync(
            () => AnswersAsync("call_id"), static said => said == "conscious yes, breathing normal, first pressing, sweat yes", "the answers are kept");
        Assert.Empty(screen.Faults);
    }

    /// <summary>In the order in which they were given.</summary>
    private async Task<string> AnswersAsync(string subject) => string.Join(", ", await console.Server.Database.ListAsync<string>(
        $"""
        SELECT question || ' ' || answer FROM ems_care.triage_answer JOIN ems_care.triage_entry ON id = entry_id
        WHERE {subject} IS NOT NULL ORDER BY sequence, part
        """));
}
