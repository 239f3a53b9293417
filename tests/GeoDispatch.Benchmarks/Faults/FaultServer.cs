using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Cli.LoadTest;

namespace GeoDispatch.Benchmarks.Faults;

/// <summary><c>up</c> as a process of its own that is killed and started again on the same ports, and the processes of its database.</summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly CancellationTokenSource closing = new();
    private readonly Task watching;
    private Process? process;

    internal FaultServer(string home)
    {
        Home = home;
        watching = WatchAsync();
    }

    internal string Home { get; }

    internal Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    internal IPEndPoint Terminals { get; } = new(IPAddress.Loopback, FreePort());

    /// <summary>The most resident memory that a server had since this was set to 0.</summary>
    internal long MostMemory { get; set; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>After how long that was.</returns>
    internal async Task<TimeSpan> StartAsync()
    {
        var watch = Stopwatch.StartNew();
        var start = new ProcessStartInfo(
            // Begun in the background of a script, it would inherit that SIGINT is ignored, and never end.
            "env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "GeoDispatch.Cli.dll"), "up", "--home", Home, "--city", "none", "--urls", Address.GetLeftPart(UriPartial.Authority), "--jt808", Terminals.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilReadyAsync();
        return watch.Elapsed;
    }

    /// <returns>After how long it was ready again.</returns>
    /// <exception cref="TimeoutException">Not within three minutes, or the process ended by itself.</exception>
    internal async Task<TimeSpan> UntilReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            if (watch.Elapsed > Patience || process!.HasExited)
            {
                throw new TimeoutException($"The server is not ready after {watch.Elapsed.TotalSeconds:0} s{(process!.HasExited ? ": it ended by itself" : "")}.");
            }

            await Task.Delay(100);
        }

        return watch.Elapsed;
    }

    internal async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await http.GetAsync(new Uri(Address, "/healthz/ready"))).IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>kill −9.</summary>
    internal async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>The postmaster and, where asked for, all that it started.</summary>
    internal async Task<string[]> DatabaseProcessesAsync(bool withChildren)
    {
        string postmaster = File.ReadLines(Path.Combine(Home, "postgres", "data", "postmaster.pid")).First();
        string children = withChildren ? (await Shell.RunAsync("ps", ["-o", "pid=", "--ppid", postmaster])).Output : "";
        return [postmaster, .. children.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)];
    }

    internal async Task SignalDatabaseAsync(string signal, bool withChildren) =>
        await Shell.MustRunAsync("kill", [$"-{signal}", .. await DatabaseProcessesAsync(withChildren)]);

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await watching;
        if (process is not null)
        {
            await Shell.RunAsync("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        http.Dispose();
        closing.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WatchAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            if (process is { } one)
            {
                try
                {
                    MostMemory = Math.Max(MostMemory, ServerMemory.Find(one.Id) ?? 0);
                }
                catch (InvalidOperationException)
                {
                    // It was killed in this moment.
                }
            }

            await Task.Delay(200, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
