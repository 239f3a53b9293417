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

    internal static FaultLoad Start(FaultServer server)
    {
        var load = new FaultLoad();
        foreach ((string protocol, int devices, int rate) in Parts)
        {
            var start = new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "GeoDispatch.Cli.dll"), "loadtest", "fixes", "--home", server.Home,
                    "--url", server.Address.ToString(), "--jt808", server.Terminals.ToString(), "--protocol", protocol,
                    "--devices", Number(devices), "--rate", Number(rate), "--seconds", "3600", "--grace", "120", "--until-input-ends"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            Process process = Process.Start(start)!;
            load.running.Add((protocol, process, ReadAsync(process)));
        }

        return load;
    }

    /// <summary>Ends the sending, and waits for what is not acknowledged yet and for the comparisons.</summary>
    /// <returns>True where nothing that was acknowledged is missing, nothing is doubled, and all was acknowledged in the end.</returns>
    internal async Task<bool> EndAsync()
    {
        bool isTrue = true;
        running.ForEach(static part => part.Process.StandardInput.Close());
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
