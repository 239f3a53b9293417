using System.Collections.Concurrent;
using GeoDispatch.Cli;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(TestCluster))]
[assembly: AssemblyFixture(typeof(GeoDispatch.Web.Tests.Chromium))]

namespace GeoDispatch.Web.Tests;

/// <summary>One browser for all tests of this program; each page of it is a person of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Of the machine that runs the tests; the driver brings no browser of its own.</summary>
    private const string Program = "/usr/bin/chromium";

    public async ValueTask InitializeAsync()
    {
        await PostgresTools.FindOrInstallAsync(
            Packages.PostGis | Packages.Browser | Packages.Fonts, mayInstall: true, System.Console.WriteLine, CancellationToken.None);
        playwright = await Playwright.CreateAsync();
        // Two cores draw a map in software and serve it: what takes a second alone may take ten beside other work.
        Assertions.SetDefaultExpectTimeout(30_000);
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            // WebGL is drawn in software; nothing of the browser's own goes to the internet.
            Args =
            [
                "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-first-run",
            ],
        });
    }

    /// <summary>A control-room screen in Chinese, with a fresh profile.</summary>
    public Task<Screen> OpenAsync(Uri server, int width = 1920, int height = 1080) => OpenAsync(server, width, height, null);

    /// <summary>A crew's phone, held upright, that measures its place.</summary>
    public Task<Screen> OpenPhoneAsync(Uri server, Geolocation at) => OpenAsync(server, 390, 844, at);

    private async Task<Screen> OpenAsync(Uri server, int width, int height, Geolocation? at)
    {
        IBrowserContext context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.ToString(),
            Locale = "zh-CN",
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Geolocation = at,
            Permissions = at is null ? [] : ["geolocation"],
            HasTouch = at is not null,
        });
        return new Screen(context, await context.NewPageAsync(), server);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }

        playwright?.Dispose();
    }
}

/// <summary>A person's screen, and what went wrong behind it.</summary>
public sealed class Screen : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> faults = new();
    private readonly IBrowserContext context;

    internal Screen(IBrowserContext context, IPage page, Uri server)
    {
        this.context = context;
        Page = page;
        page.PageError += (_, error) => faults.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith(server.ToString(), StringComparison.Ordinal))
            {
                faults.Enqueue($"Asked another server: {request.Url}");
            }
        };
        page.Console += (_, message) =>
        {
            // A refused sign-in is an answer like any other; the browser writes every 4xx into its console.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                faults.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, and requests that left for other servers. A good journey has none.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    public async ValueTask DisposeAsync() => await context.CloseAsync();
}

/// <summary>The whole product with the console as <c>up</c> serves it. A class fixture.</summary>
public sealed class ConsoleServer : IAsyncLifetime
{
    public ConsoleServer(TestCluster cluster)
        : this(cluster, TimeProvider.System)
    {
    }

    /// <param name="clock">Its time of day, which an exercise lets run faster.</param>
    internal ConsoleServer(TestCluster cluster, TimeProvider clock) =>
        Server = new RunningServer(cluster) { ConsoleFolder = new ProductFolders(Product.Root).Console, Clock = clock };

    public RunningServer Server { get; }

    public async ValueTask InitializeAsync()
    {
        await ConsoleBuild.EnsureAsync(new ProductFolders(Product.Root), System.Console.WriteLine, CancellationToken.None);
        await Server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Signs in by the form, and waits until the screen is ready.</summary>
    public async Task SignInAsync(IPage page, string userName, string path = "/")
    {
        await page.GotoAsync(path);
        await page.GetByTestId("sign-in-user").FillAsync(userName);
        await page.GetByTestId("sign-in-password").FillAsync(Server.Database.Credentials.PasswordOf(userName));
        await page.GetByTestId("sign-in-submit").ClickAsync();
        await ReadyAsync(page);
    }

    /// <summary>Opens an incident as one does by the keyboard, and waits until its detail is there.</summary>
    public static async Task OpenAsync(IPage page, string number)
    {
        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync($"开 {number}");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("detail").Locator(".detail-number")).ToHaveTextAsync(number);
    }

    /// <summary>Waits until the screen has all that it shows at first.</summary>
    public static Task ReadyAsync(IPage page) =>
        Assertions.Expect(page.Locator("body")).ToHaveAttributeAsync("data-ready", "true", new() { Timeout = 60_000 });
}
