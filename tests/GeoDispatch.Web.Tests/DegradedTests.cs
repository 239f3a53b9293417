using System.Diagnostics;
using System.Globalization;
using GeoDispatch.Testing;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace GeoDispatch.Web.Tests;

/// <summary>What a desk says and still can do when something that it stands on is away.</summary>
public sealed class DegradedTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    /// <summary>The desk promises five seconds; twice as long is left to a busy machine. What it took is printed.</summary>
    private static readonly LocatorAssertionsToBeVisibleOptions SoonVisible = new() { Timeout = 10_000 };

    [Fact]
    public async Task With_the_database_away_for_half_a_minute_the_desk_says_so_and_what_was_typed_becomes_an_incident_when_it_is_back()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await TypeCallAsync(page, "胸痛 大汗");

        await using (NpgsqlConnection other = await ElsewhereAsync())
        {
            await SetDatabaseThereAsync(other, isThere: false);
            long since = Stopwatch.GetTimestamp();
            await SaidAsync(page, "board", since);
            await page.Keyboard.TypeAsync(" 呼吸困难");
            await page.Keyboard.PressAsync("Control+Enter");
            await Expect(page.Locator(".form-pane .failure")).ToBeVisibleAsync();
            await Pictures.TakeAsync(page, "database-away", output, TimeSpan.FromSeconds(1));
            await WaitAsync(Pictures.Long(30) - Stopwatch.GetElapsedTime(since));
            await Expect(page.GetByTestId("field-complaint")).ToHaveValueAsync("胸痛 大汗 呼吸困难");
            await SetDatabaseThereAsync(other, isThere: true);
        }

        await Expect(Loss(page, "board")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("detail")).ToContainTextAsync("胸痛 大汗 呼吸困难");
        Board board = await (await console.Server.SignInAsync("dispatcher2")).ReadAsync<Board>("/api/board");
        Assert.Single(board.Incidents, static incident => incident.Complaint == "胸痛 大汗 呼吸困难");
    }

    [Fact]
    public async Task With_the_hub_cut_for_a_minute_the_desk_says_so_and_goes_on_reading_the_lists()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        Cut cut = await Cut.OfAsync(page, "incidents");
        await console.SignInAsync(page, "dispatcher1");
        Session colleague = await console.Server.SignInAsync("dispatcher2");
        await TypeCallAsync(page, "腹痛");

        long since = await cut.CutAsync();
        await SaidAsync(page, "incidents", since);
        Incident meanwhile = await colleague.OpenAsync();
        await Expect(page.GetByTestId("waiting-list").GetByText(meanwhile.Number, new() { Exact = true })).ToBeVisibleAsync(SoonVisible);
        await Expect(page.GetByTestId("field-complaint")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(" 一天");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("detail")).ToContainTextAsync("腹痛 一天");
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "notified");
        await WaitAsync(Pictures.Long(60) - Stopwatch.GetElapsedTime(since));
        await Expect(Loss(page, "incidents")).ToHaveCountAsync(1);

        await cut.MendAsync();
        await Expect(Loss(page, "incidents")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Without_positions_the_desk_says_so_and_a_unit_is_sent_all_the_same()
    {
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        Cut cut = await Cut.OfAsync(page, "positions");
        await console.SignInAsync(page, "dispatcher1");
        await SaidAsync(page, "positions", await cut.CutAsync());
        await SendByHandAsync(page, "摔伤");
    }

    [Fact]
    public async Task With_the_telephone_dead_the_desk_says_so_and_an_incident_is_opened_by_hand()
    {
        using Exchange exchange = await Exchange.ConnectAsync(console.Server);
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await exchange.SayAliveAsync();
        await Expect(page.Locator(".bar-state-up", new() { HasText = "电话" })).ToBeVisibleAsync();
        await exchange.SayAliveAsync();
        await SaidAsync(page, "telephony", Stopwatch.GetTimestamp());
        await Pictures.TakeAsync(page, "telephony-down", output, TimeSpan.FromSeconds(1));
        await SendByHandAsync(page, "触电");
        await exchange.SayAliveAsync();
        await Expect(Loss(page, "telephony")).ToHaveCountAsync(0);
    }

    private static Task WaitAsync(TimeSpan rest) => rest > TimeSpan.Zero ? Task.Delay(rest, TestContext.Current.CancellationToken) : Task.CompletedTask;

    private static ILocator Loss(IPage page, string loss) => page.GetByTestId("band").Locator($"[data-loss={loss}]");

    private async Task SaidAsync(IPage page, string loss, long since)
    {
        await Expect(Loss(page, loss)).ToBeVisibleAsync(SoonVisible);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{loss}: said after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s"));
    }

    private static async Task TypeCallAsync(IPage page, string complaint)
    {
        await page.Keyboard.PressAsync("F2");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("黄河路100号");
        await Expect(page.GetByTestId("place-option").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("place-option")).ToHaveCountAsync(0);
        await JourneyTests.TabToAsync(page, "field-complaint");
        await page.Keyboard.TypeAsync(complaint);
    }

    private static async Task SendByHandAsync(IPage page, string complaint)
    {
        await TypeCallAsync(page, complaint);
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByTestId("detail")).ToContainTextAsync(complaint);
        await Expect(page.GetByTestId("suggestion-row").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "notified");
    }

    /// <summary>Beside the server's database, in the same cluster.</summary>
    private async Task<NpgsqlConnection> ElsewhereAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(console.Server.Database.AdminConnectionString) { Database = "template1", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private async Task SetDatabaseThereAsync(NpgsqlConnection elsewhere, bool isThere)
    {
        string name = new NpgsqlConnectionStringBuilder(console.Server.Database.ConnectionString).Database!;
        await using var command = new NpgsqlCommand(
            isThere
                ? $"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true"
                : $"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
            elsewhere);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A hub's line, which can be cut.</summary>
    private sealed class Cut(IPage page, string hub)
    {
        private IWebSocketRoute? line;

        internal static async Task<Cut> OfAsync(IPage page, string hub)
        {
            var cut = new Cut(page, hub);
            await page.RouteWebSocketAsync(url => url.Contains($"/hubs/{hub}", StringComparison.Ordinal), socket =>
            {
                socket.ConnectToServer();
                cut.line = socket;
            });
            return cut;
        }

        /// <returns>When.</returns>
        internal async Task<long> CutAsync()
        {
            await page.RouteAsync($"**/hubs/{hub}/**", static request => request.AbortAsync());
            long since = Stopwatch.GetTimestamp();
            await line!.CloseAsync();
            return since;
        }

        internal Task MendAsync() => page.UnrouteAsync($"**/hubs/{hub}/**");
    }
}

/// <summary>A city whose streets are not there.</summary>
public sealed class NoStreetsTests(Chromium chromium, ConsoleServer console, ITestOutputHelper output) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task Without_streets_the_desk_says_that_it_goes_by_air_line_and_a_unit_is_sent_all_the_same()
    {
        await console.Server.Database.AdministerAsync("TRUNCATE city.street, city.turn_restriction CASCADE");
        await console.Server.RestartAsync();
        await using Screen screen = await chromium.OpenAsync(console.Server.Address);
        IPage page = screen.Page;
        await console.SignInAsync(page, "dispatcher1");
        await Expect(page.GetByTestId("band").Locator("[data-loss=roads]")).ToBeVisibleAsync(new() { Timeout = 10_000 });
        await page.Keyboard.PressAsync("F2");
        await Expect(page.GetByTestId("field-address")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("黄河路100号");
        await Expect(page.GetByTestId("place-option").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await JourneyTests.TabToAsync(page, "field-complaint");
        await page.Keyboard.TypeAsync("煤气中毒");
        await page.Keyboard.PressAsync("Control+Enter");
        ILocator first = page.GetByTestId("suggestion-row").First;
        await Expect(first).ToBeFocusedAsync();
        await Expect(page.GetByTestId("suggestions")).ToContainTextAsync("直线估算");
        await Pictures.TakeAsync(page, "no-streets", output, TimeSpan.FromSeconds(1));
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(page.GetByTestId("assignment-row")).ToHaveAttributeAsync("data-status", "notified");
    }
}
