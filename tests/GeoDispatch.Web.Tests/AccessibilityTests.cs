using GeoDispatch.Cli;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;
using Microsoft.Playwright;

namespace GeoDispatch.Web.Tests;

/// <summary>What a machine can tell of whether everybody can use a screen (axe-core, rules of WCAG 2.2 A and AA).</summary>
public sealed class AccessibilityTests(Chromium chromium, ConsoleServer console) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task The_desk_with_an_incident_the_form_or_the_command_line_has_no_serious_fault_by_day_and_by_night()
    {
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        Incident incident = await colleague.OpenAsync();
        Unit unit = (await colleague.ReadAsync<Board>("/api/board")).Units.First(static unit => unit.Status == "available");
        await colleague.AssignAsync(incident.Id, unit.Id);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        for (int theme = 0; theme < 2; theme++)
        {
            await page.Keyboard.PressAsync("F4");
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.TypeAsync($"开 {incident.Number}");
            await page.Keyboard.PressAsync("Enter");
            await page.GetByTestId("assignment-row").WaitForAsync();
            await page.Keyboard.TypeAsync($"派 {unit.CallSign[..1]}");
            await page.GetByTestId("command-option").First.WaitForAsync();
            await CheckAsync(page, "the line with its words");
            await page.Keyboard.TypeAsync($"{unit.CallSign[1..]} .");
            await CheckAsync(page, "the line with a conflict");
            await page.Keyboard.PressAsync("F2");
            await page.GetByTestId("field-address").WaitForAsync();
            await CheckAsync(page, "the form");
            await page.Keyboard.PressAsync("Escape");
            await page.GetByTestId("switch-theme").ClickAsync();
        }
    }

    [Fact]
    public async Task The_strip_of_calls_and_the_form_of_a_call_have_no_serious_fault_by_day_and_by_night()
    {
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await page.GetByTestId("field-seat").FillAsync("31");
        await CheckAsync(page, "the field of the seat");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByTestId("seat").WaitForAsync();
        string spoken = Exchange.NewNumber();
        await exchange.RingAsync(spoken);
        await exchange.LocateAsync(spoken, 118.58, 37.455, 180);
        await page.GetByTestId("call-row").First.WaitForAsync();
        await page.Keyboard.PressAsync("F2");
        await page.GetByTestId("use-place").ClickAsync();
        await exchange.RingAsync(Exchange.NewNumber());
        await page.Locator("[data-testid=call-row][data-status=ringing]").WaitForAsync();
        for (int theme = 0; theme < 2; theme++)
        {
            await CheckAsync(page, "the strip and the form of a call");
            await page.GetByTestId("call-end").ClickAsync();
            await CheckAsync(page, "how a call ended");
            await page.Keyboard.PressAsync("Escape");
            await page.GetByTestId("switch-theme").ClickAsync();
        }
    }

    /// <summary>Fails with each rule, its element and what is wrong.</summary>
    internal static async Task CheckAsync(IPage page, string where)
    {
        string axe = await File.ReadAllTextAsync(Path.Combine(new ProductFolders(Product.Root).Web, "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken);
        await page.EvaluateAsync(axe);
        // Half way through a fade a colour is neither: what is judged is what stays.
        await page.EvaluateAsync("() => Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => null)))");
        string[] faults = await page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })).violations
              .filter(fault => ['serious', 'critical'].includes(fault.impact))
              .flatMap(fault => fault.nodes.map(node => `${fault.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))
            """);
        Assert.True(faults.Length == 0, $"{where}:\n{string.Join('\n', faults)}");
    }
}
