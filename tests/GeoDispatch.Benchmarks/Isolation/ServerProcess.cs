using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GeoDispatch.Cli.Cluster;

namespace GeoDispatch.Benchmarks.Isolation;

/// <summary><c>up</c> in a process of its own, with a demo city of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string home;

    private ServerProcess(Process process, string home, Uri address, IPEndPoint jt808) =>
        (this.process, this.home, Address, Jt808) = (process, home, address, jt808);

    internal Uri Address { get; }

    /// <summary>Where it takes terminals.</summary>
    internal IPEndPoint Jt808 { get; }

    /// <summary>Of the accounts that it showed at its start.</summary>
    internal ConcurrentDictionary<string, string> Passwords { get; } = new(StringComparer.Ordinal);

    internal static async Task<ServerProcess> UpAsync(string[] more)
    {
        string home = Directory.CreateTempSubdirectory("geodispatch-isolation-").FullName;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var jt808 = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo(
            // Begun in the background of a script, it would inherit that SIGINT is ignored, and never end.
            "env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "GeoDispatch.Cli.dll"), "up", "--home", home, "--urls", address.GetLeftPart(UriPartial.Authority), "--jt808", jt808.ToString(), "--nmea", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", .. more])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var server = new ServerProcess(Process.Start(start)!, home, address, jt808);
        server.process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, { Length: 16 } password, _])
            {
                server.Passwords[name] = password;
            }
        };
        server.process.BeginOutputReadLine();
        using var http = new HttpClient { BaseAddress = address };
        for (int tries = 0; ; tries++)
        {
            try
            {
                if ((await http.GetAsync("/healthz/ready")).IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException) when (tries < 600 && !server.process.HasExited)
            {
                // Not there yet.
            }

            await Task.Delay(500);
        }
    }

    /// <summary>Lets in the terminals of a table, by <c>devices import</c>.</summary>
    internal async Task ImportTerminalsAsync(string table)
    {
        string file = Path.Combine(home, "terminals.csv");
        await File.WriteAllTextAsync(file, table);
        await Shell.MustRunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "GeoDispatch.Cli.dll"), "devices", "import", file, "--home", home]);
    }

    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(home, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
