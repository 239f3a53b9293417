using Microsoft.Playwright;

namespace GeoDispatch.Web.Tests;

/// <summary>A Chinese input method, as the browser knows one: letters are composed into a candidate, and Enter or Space takes it.</summary>
internal sealed class InputMethod
{
    private readonly ICDPSession browser;

    private InputMethod(ICDPSession browser) => this.browser = browser;

    internal static async Task<InputMethod> AttachAsync(IPage page) => new(await page.Context.NewCDPSessionAsync(page));

    /// <summary>Types the letters one after the other, and takes the candidate by the Enter that is the input method's own.</summary>
    internal async Task TypeAsync(string pinyin, string candidate)
    {
        for (int length = 1; length <= pinyin.Length; length++)
        {
            string letters = pinyin[..length];
            await PressAsync("Process", letters[^1..].ToUpperInvariant());
            await browser.SendAsync("Input.imeSetComposition", new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["text"] = letters,
                ["selectionStart"] = letters.Length,
                ["selectionEnd"] = letters.Length,
            });
        }

        await PressAsync("Process", "Enter");
        await browser.SendAsync("Input.insertText", new Dictionary<string, object>(StringComparer.Ordinal) { ["text"] = candidate });
    }

    /// <summary>A key that the input method swallowed: its place is told, its code is 229.</summary>
    private async Task PressAsync(string key, string place)
    {
        foreach (string type in (string[])["rawKeyDown", "keyUp"])
        {
            await browser.SendAsync("Input.dispatchKeyEvent", new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = place == "Enter" ? "Enter" : $"Key{place}",
                ["windowsVirtualKeyCode"] = 229,
            });
        }
    }
}
