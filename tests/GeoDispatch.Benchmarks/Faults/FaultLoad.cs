using System.Diagnostics;
using System.Globalization;

namespace GeoDispatch.Benchmarks.Faults;

/// <summary>
/// <c>loadtest fixes</c> by each protocol at once, each in a process of its own, while something is done to the server. Each ends with its own
/// comparison of what was acknowledged with the database.
/// </summary>
internal sealed class FaultLoad
{
    private static readonly (string Protocol, int Devices, int Rate)[] Parts = [("jt808", 300, 150), ("http", 100, 60), ("hub", 60, 40)];
    private readonly List<(string Protocol, Process Process, Task<string> Said)> running = [];
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly int seconds;

    private FaultLoad(int seconds) => this.seconds = seconds;

    internal static FaultLoad Start(FaultServer server, int seconds)
    {
        var load = new FaultLoad(seconds);
        foreach ((string protocol, int devices, int rate) in Parts)
        {
            var start = new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "GeoDispatch.Cli.dll"), "loadtest", "fixes", "--home", server.Home,
                    "--url", server.Address.ToString(), "--jt808", server.Terminals.ToString(), "--protocol", protocol,
                    "--devices", Number(devices), "--rate", Number(rate), "--seconds", Number(seconds), "--grace", "120"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            Process process = Process.Start(start)!;
            load.running.Add((protocol, process, ReadAsync(process)));
        }

        return load;
    }

    /// <summary>Whether it still sends: a fault after its end would prove nothing.</summary>
    internal bool IsOn => watch.Elapsed < TimeSpan.FromSeconds(seconds);

    /// <returns>True where nothing that was acknowledged is missing, nothing is doubled, and all was acknowledged in the end.</returns>
    internal async Task<bool> EndAsync()
    {
        bool isTrue = true;
        foreach ((string protocol, Process process, Task<string> said) in running)
        {
            string[] lines = (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync();
            isTrue &= process.ExitCode == 0;
            Console.WriteLine($"  {protocol} (exit {process.ExitCode}):");
            foreach (string line in lines.Where(static line => !line.StartsWith('[')).TakeLast(process.ExitCode is 0 or 3 ? 5 : 15))
            {
                Console.WriteLine($"    {line}");
            }

            process.Dispose();
        }

        return isTrue;
    }

    private static async Task<string> ReadAsync(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        return await process.StandardOutput.ReadToEndAsync() + await errors;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
