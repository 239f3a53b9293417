using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Cli.Cluster;
using Microsoft.Playwright;

namespace GeoDispatch.Benchmarks.Live;

/// <summary>
/// 5,000 vehicles move in one view of the real console, and of a plain page that gives MapLibre the same feed by <c>setData</c>, turn by
/// turn in one run: milliseconds of the page's main thread for each second of updates, and tasks of more than 50 ms. A task lasts as long
/// as the clock says, from its begin to its end: for so long a hand at this page waits, whatever the thread itself waits for, and that is
/// what is compared. How much of it the thread ran is said beside it: the browser has no screen and draws in software, in a process of its
/// own, and a page that is held up by drawing runs little.
/// </summary>
internal static class MapMovers
{
    private const int Vehicles = 5_000, Rounds = 2;
    private const double Reach = 0.009, LeastZoom = 14, Aim = 0.5;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(8), Measuring = TimeSpan.FromSeconds(12);

    /// <param name="Held">Milliseconds of each second in which the thread was in a task, by the clock.</param>
    /// <param name="Work">Of these, those in which it ran.</param>
    private sealed record Turn(double Held, double Work, double[] LongTasks);

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        BenchmarkServer.Require(("/usr/bin/chromium", "chromium"));
        Console.WriteLine($"load average at the start: {await File.ReadAllTextAsync("/proc/loadavg")}");
        await using ServerProcess server = await ServerProcess.UpAsync(arguments);
        await server.ImportTerminalsAsync(MovingFleet.Table(Vehicles));
        using Desk desk = await Desk.SignInAsync(server.Address, "dispatcher1", server.Passwords["dispatcher1"]);
        JsonElement city = await desk.GetAsync("/api/city");
        (double Lon, double Lat) middle = (city.GetProperty("center")[0].GetDouble(), city.GetProperty("center")[1].GetDouble());
        double cityZoom = city.GetProperty("zoom").GetDouble();
        int steps = (int)Math.Ceiling(LeastZoom - cityZoom);
        await using MovingFleet fleet = await MovingFleet.ConnectAsync(server.Jt808, Vehicles, middle, Reach);
        fleet.Drive();
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking", "--no-first-run", "--disable-features=LocalNetworkAccessChecks"],
        });
        var turns = new List<(Turn Ours, Turn Plain)>();
        for (int round = 1; round <= Rounds; round++)
        {
            Turn ours = await MeasureAsync(browser, server, page => OpenConsoleAsync(page, server, steps), $"console-{round}");
            Turn plain = await MeasureAsync(browser, server, page => OpenPlainAsync(page, server, middle, cityZoom + steps), $"plain-{round}");
            turns.Add((ours, plain));
            Say($"round {round}: console {ours.Held:0} ms/s (it ran {ours.Work:0}), tasks over 50 ms: {Tasks(ours)}; setData {plain.Held:0} ms/s (it ran {plain.Work:0}), tasks over 50 ms: {Tasks(plain)}");
        }

        Console.WriteLine($"load average at the end: {await File.ReadAllTextAsync("/proc/loadavg")}");
        return new Verdict(
            turns.Select(static turn => turn.Ours.Held / turn.Plain.Held).Median(), Aim,
            OthersMet: turns.TrueForAll(static turn => turn.Ours.LongTasks.Length == 0), AtMost: true);
    }

    private static async Task<Turn> MeasureAsync(IBrowser browser, ServerProcess server, Func<IPage, Task> openAsync, string name)
    {
        await using IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Address.ToString(),
            Locale = "zh-CN",
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new ViewportSize { Width = 1920, Height = 1080 },
        });
        IPage page = await context.NewPageAsync();
        page.PageError += (_, error) => Console.WriteLine($"{name}: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                Console.WriteLine($"{name}: {message.Text}");
            }
        };
        await page.AddInitScriptAsync("window.longTasks = []; new PerformanceObserver(list => longTasks.push(...list.getEntries().map(task => task.duration))).observe({ type: 'longtask' })");
        await openAsync(page);
        await Task.Delay(Warming);
        ICDPSession work = await DevtoolsAsync(context, page, "threadTicks"), held = await DevtoolsAsync(context, page, "timeTicks");
        await page.EvaluateAsync("longTasks.length = 0");
        long began = Stopwatch.GetTimestamp();
        (double workBefore, double heldBefore) = (await TasksAsync(work), await TasksAsync(held));
        await Task.Delay(Measuring);
        (double workAfter, double heldAfter) = (await TasksAsync(work), await TasksAsync(held));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] longTasks = await page.EvaluateAsync<double[]>("longTasks");
        if (Environment.GetEnvironmentVariable("GEODISPATCH_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"movers-{name}.png") });
        }

        return new Turn(1000 * (heldAfter - heldBefore) / seconds, 1000 * (workAfter - workBefore) / seconds, longTasks);
    }

    private static async Task OpenConsoleAsync(IPage page, ServerProcess server, int steps)
    {
        await page.GotoAsync("/");
        await page.GetByTestId("sign-in-user").FillAsync("dispatcher1");
        await page.GetByTestId("sign-in-password").FillAsync(server.Passwords["dispatcher1"]);
        await page.GetByTestId("sign-in-submit").ClickAsync();
        await page.Locator("body[data-ready=true]").WaitForAsync(new() { Timeout = 60_000 });
        ILocator map = page.GetByTestId("map");
        await map.FocusAsync();
        for (int step = 0; step < steps; step++)
        {
            await page.Keyboard.PressAsync("Equal");
            await Task.Delay(600);
        }
    }

    private static async Task OpenPlainAsync(IPage page, ServerProcess server, (double Lon, double Lat) middle, double zoom)
    {
        await page.RouteAsync("**/plain/**", FulfilAsync);
        await page.GotoAsync("/plain/map.html#" + FormattableString.Invariant($"{zoom}/{middle.Lon}/{middle.Lat}"));
        string script = $$"""
            async ({ userName, password }) => {
              const session = await (await fetch('/api/session')).json();
              await fetch('/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrfToken }, body: JSON.stringify({ userName, password }) });
              await start();
            }
            """;
        await page.EvaluateAsync(script, new { userName = "dispatcher1", password = server.Passwords["dispatcher1"] });
    }

    private static async Task FulfilAsync(IRoute route)
    {
        const string Packages = "/plain/packages/";
        string path = new Uri(route.Request.Url).AbsolutePath;
        string type = Path.GetExtension(path) switch { ".css" => "text/css", ".html" => "text/html; charset=utf-8", _ => "text/javascript" };
        await route.FulfillAsync(path.StartsWith(Packages, StringComparison.Ordinal)
            ? new RouteFulfillOptions { Path = Path.Combine(ConsoleFiles.Packages, path[Packages.Length..]), ContentType = type }
            : new RouteFulfillOptions { Body = Plain, ContentType = type });
    }

    private static async Task<ICDPSession> DevtoolsAsync(IBrowserContext context, IPage page, string clock)
    {
        ICDPSession devtools = await context.NewCDPSessionAsync(page);
        await devtools.SendAsync("Performance.enable", new Dictionary<string, object>(StringComparer.Ordinal) { ["timeDomain"] = clock });
        return devtools;
    }

    /// <summary>Seconds of all tasks of the main thread so far.</summary>
    private static async Task<double> TasksAsync(ICDPSession devtools) => (await devtools.SendAsync("Performance.getMetrics"))!.Value
        .GetProperty("metrics").EnumerateArray().Single(static metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();

    private static string Tasks(Turn turn) => turn.LongTasks.Length == 0
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{turn.LongTasks.Length}, longest {turn.LongTasks.Max():0} ms");

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    // As one would write it first: a feature for each vehicle, all of them given to the map at each batch of the feed.
    private const string Plain =
        """
        <!doctype html>
        <meta charset="utf-8">
        <link rel="stylesheet" href="/plain/packages/maplibre-gl/dist/maplibre-gl.css">
        <style>body { margin: 0 } #map { width: 880px; height: 960px }</style>
        <div id="map"></div>
        <script src="/plain/packages/@microsoft/signalr/dist/browser/signalr.min.js"></script>
        <script src="/plain/packages/@microsoft/signalr-protocol-msgpack/dist/browser/signalr-protocol-msgpack.min.js"></script>
        <script type="module">
          import { Map as BaseMap, setWorkerUrl } from '/plain/packages/maplibre-gl/dist/maplibre-gl.mjs';
          setWorkerUrl('/plain/packages/maplibre-gl/dist/maplibre-gl-worker.mjs');
          const [zoom, lon, lat] = location.hash.slice(1).split('/').map(Number);
          const map = new BaseMap({ container: 'map', style: `${location.origin}/tiles/styles/day.json`, center: [lon, lat], zoom, attributionControl: false });
          const features = [];
          const told = [];
          const collection = { type: 'FeatureCollection', features };
          window.start = async () => {
            if (!map.isStyleLoaded()) await new Promise(done => map.once('load', done));
            map.addSource('vehicles', { type: 'geojson', data: collection });
            map.addLayer({ id: 'vehicles', type: 'circle', source: 'vehicles', paint: { 'circle-radius': 4, 'circle-color': '#4A545F', 'circle-stroke-width': 1.5, 'circle-stroke-color': '#FFFFFF' } });
            const hub = new signalR.HubConnectionBuilder().withUrl('/hubs/positions').withHubProtocol(new signalR.protocols.msgpack.MessagePackHubProtocol()).build();
            hub.on('moves', ([, introduced, rows]) => {
              for (const [number, id, plate, kind] of introduced) {
                told[number] = [0, 0, 0, 0, 0];
                told[number].feature = { type: 'Feature', id: number, geometry: { type: 'Point', coordinates: [0, 0] }, properties: { id, plate, kind } };
                features.push(told[number].feature);
              }
              for (let at = 0, number = 0; at < rows.length; at += 6) {
                number += rows[at];
                const known = told[number];
                for (let column = 0; column < 5; column++) known[column] += rows[at + column + 1];
                known.feature.geometry.coordinates = [known[0] / 1e6, known[1] / 1e6];
                known.feature.properties.speedKmh = known[2];
                known.feature.properties.headingDegrees = known[3];
              }
              map.getSource('vehicles').setData(collection);
            });
            await hub.start();
            const bounds = map.getBounds();
            await hub.invoke('WatchMoves', { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() });
          };
        </script>
        """;
}

/// <summary>Where the console's packages lie: in the sources, above this program.</summary>
internal static class ConsoleFiles
{
    internal static string Packages { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "web", "package.json")))
            {
                return Path.Combine(folder.FullName, "web", "node_modules");
            }
        }

        throw new SetupException("The sources of the console are not above this program.");
    }
}
