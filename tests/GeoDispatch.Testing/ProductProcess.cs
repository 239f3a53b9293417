using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using Xunit;

namespace GeoDispatch.Testing;

/// <summary>The built command line as a process of its own, which a test may kill.</summary>
public sealed class ProductProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly Process process;

    private ProductProcess(Process process) => this.process = process;

    /// <summary>What it said so far.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>What of it went to the error stream.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    /// <summary>True once it ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Runs <c>GeoDispatch.Cli</c> with these arguments.</summary>
    public static ProductProcess Start(params string[] arguments)
    {
        // Where the tests run in the background of a script, SIGINT is ignored, and whatever they start inherits that (POSIX, sh, 2.11); .NET
        // leaves alone what was ignored at its start. As a person would start it, in the foreground, Ctrl-C is heard.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "GeoDispatch.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        var product = new ProductProcess(new Process { StartInfo = start });
        product.process.OutputDataReceived += (_, line) => product.Take(line.Data);
        product.process.ErrorDataReceived += (_, line) => product.Take(line.Data, isError: true);
        product.process.Start();
        product.process.BeginOutputReadLine();
        product.process.BeginErrorReadLine();
        return product;
    }

    /// <summary>Starts <c>up</c> and waits until it serves.</summary>
    public static async Task<ProductProcess> UpAsync(string home, Uri url, TimeSpan within)
    {
        ProductProcess product = Start("up", "--home", home, "--urls", url.GetLeftPart(UriPartial.Authority), "--jt808", "127.0.0.1:0", "--nmea", "127.0.0.1:0", "--mqtt", "127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.GetAsync(
            async () =>
            {
                Assert.False(product.HasEnded, $"up ended by itself: {product}");
                try
                {
                    return (await http.GetAsync("/healthz/live")).StatusCode;
                }
                catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
                {
                    return HttpStatusCode.ServiceUnavailable;
                }
            },
            status => status == HttpStatusCode.OK,
            $"up does not serve: {product}",
            within);
        return product;
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>The accounts that <c>up</c> showed at its first start.</summary>
    public IReadOnlyList<NewAccount> Accounts() => [.. lines
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(parts => parts.Length == 3 && parts[1].Length == 16)
        .Select(parts => new NewAccount(parts[0], parts[1], parts[2]))];

    /// <summary>Kill −9: nothing is said, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ctrl-C, and waits for the end.</summary>
    public async Task<int> InterruptAsync()
    {
        await Shell.RunAsync("kill", ["-INT", $"{process.Id}"]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It does not end after Ctrl-C: {this}");
        }

        return process.ExitCode;
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> EndAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', lines);

    private void Take(string? line, bool isError = false)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            if (isError)
            {
                errors.Enqueue(line);
            }
        }
    }
}
