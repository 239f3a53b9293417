using System.Globalization;
using GeoDispatch.Testing;
using Microsoft.Playwright;

namespace GeoDispatch.Web.Tests;

/// <summary>What is on a screen, kept where <c>GEODISPATCH_PICTURES</c> names a folder, for a person to look at.</summary>
internal static class Pictures
{
    private static readonly (int Width, int Height)[] sizes = [(1920, 1080), (1366, 768), (1280, 720)];

    /// <param name="settle">What was just asked for is drawn so much later.</param>
    internal static async Task TakeAsync(IPage page, string name, ITestOutputHelper output, TimeSpan settle = default)
    {
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is { Length: > 0 } folder)
        {
            await Task.Delay(settle, TestContext.Current.CancellationToken);
            string path = Path.Combine(folder, $"{name}.png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
            output.WriteLine(path);
        }
    }

    /// <summary>A wait that is long in life: whole where <c>GEODISPATCH_PATIENT</c> is set, else a sixth of it.</summary>
    internal static TimeSpan Long(int seconds) =>
        TimeSpan.FromSeconds(Thorough.IsWanted ? seconds : seconds / 6.0);

    /// <summary>
    /// On a large and on a small screen, by day and by night, in Chinese and in English: nothing of the page lies beyond the screen's edge.
    /// Ends as it began.
    /// </summary>
    /// <param name="part">What must be whole besides the bar at the top.</param>
    internal static async Task TakeEverywhereAsync(IPage page, string name, ILocator part, ITestOutputHelper output)
    {
        // Without pictures the ends of it tell: colours cut nothing off.
        bool isPictured = Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is { Length: > 0 };
        foreach ((int width, int height) in isPictured ? sizes : [sizes[0], sizes[^1]])
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (string theme in isPictured ? (string[])["one", "other"] : ["one"])
            {
                for (int language = 0; language < 2; language++)
                {
                    string code = await page.EvaluateAsync<string>("document.documentElement.lang");
                    string shown = await page.EvaluateAsync<string>("document.documentElement.dataset.theme");
                    string where = string.Create(CultureInfo.InvariantCulture, $"{name}-{width}-{shown}-{code}");
                    foreach (ILocator whole in (ILocator[])[page.Locator(".bar"), part])
                    {
                        string cut = await whole.EvaluateAsync<string>(Cut);
                        Assert.True(cut.Length == 0, $"{where}: cut off at the right: {cut}");
                    }

                    await TakeAsync(page, where, output, TimeSpan.FromSeconds(2));
                    await page.GetByTestId("switch-language").ClickAsync();
                }

                if (isPictured)
                {
                    await page.GetByTestId("switch-theme").ClickAsync();
                }
            }
        }

        await page.SetViewportSizeAsync(sizes[0].Width, sizes[0].Height);
    }

    // Buttons, headings, fields and figures that end right of the screen, or of the pane that holds them.
    private const string Cut =
        """
        part => [...part.querySelectorAll('button, a, h2, h3, input, select, textarea, time, strong, .number, .note-text')]
          .filter(one => one.getBoundingClientRect().width > 1
            && one.getBoundingClientRect().right > Math.min(innerWidth, (one.closest('.pane') ?? part).getBoundingClientRect().right) + 1)
          .map(one => one.dataset.testid ?? one.textContent.trim()).join(', ')
        """;
}
