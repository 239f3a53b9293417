using System.Globalization;
using GeoDispatch.Cli.Cluster;

namespace GeoDispatch.Benchmarks.Faults;

/// <summary>
/// <c>faults [NAME…]</c>: what happens to servers, each under load by several protocols: kill −9 of the server 20 times and of the database 5
/// times, a database that stands still for a minute, a full disk, terminals that say nothing or a byte a minute, 5,000 sockets that are
/// opened and left. After each: nothing acknowledged is missing, nothing is doubled, all is acknowledged in the end, and the server's memory
/// stayed bounded, without anybody's hand. The ratio is the share of faults that were passed.
/// </summary>
internal static class FaultRun
{
    private const long MostMemory = 800L << 20;

    private sealed record Fault(string Name, Func<FaultServer, Task<string>> HappenAsync, string? Tmpfs = null);

    private static readonly Fault[] All =
    [
        new("server-killed", ServerKilledAsync),
        new("database-killed", DatabaseKilledAsync),
        new("database-paused", DatabasePausedAsync),
        new("disk-full", DiskFullAsync, Tmpfs: "700m"),
        new("half-open", SilentTerminals.HalfOpenAsync),
        new("byte-a-minute", SilentTerminals.ByteAMinuteAsync),
    ];

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        Fault[] wanted = [.. All.Where(fault => arguments.Length == 0 || arguments.Contains(fault.Name, StringComparer.Ordinal))];
        if (wanted.Length == 0)
        {
            throw new SetupException($"There are: {string.Join(", ", All.Select(static fault => fault.Name))}");
        }

        int passed = 0;
        foreach (Fault fault in wanted)
        {
            bool isPassed = await TryAsync(fault);
            passed += isPassed ? 1 : 0;
            Console.WriteLine($"{fault.Name}: {(isPassed ? "passed" : "FAILED")}");
        }

        return new Verdict((double)passed / wanted.Length, 1);
    }

    private static async Task<bool> TryAsync(Fault fault)
    {
        string home = Directory.CreateTempSubdirectory("geodispatch-faults-").FullName;
        // PostgreSQL runs as a user of its own, who must be able to enter.
        File.SetUnixFileMode(home, File.GetUnixFileMode(home) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        string disk = Directory.CreateDirectory(Path.Combine(home, "postgres")).FullName;
        if (fault.Tmpfs is not null)
        {
            await Shell.MustRunAsync("mount", ["-t", "tmpfs", "-o", $"size={fault.Tmpfs},mode=0755", "tmpfs", disk]);
        }

        try
        {
            await using var server = new FaultServer(home);
            TimeSpan started = await server.StartAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault.Name}: server ready after {started.TotalSeconds:0.0} s"));
            FaultLoad load = FaultLoad.Start(server);
            await Task.Delay(TimeSpan.FromSeconds(10));
            long before = server.MostMemory;
            bool isPassed = true;
            try
            {
                Console.WriteLine($"  {await fault.HappenAsync(server)}");
            }
            catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
            {
                Console.WriteLine($"  {failure.Message}");
                isPassed = false;
            }

            // All of it goes on for a while after the harm.
            await Task.Delay(TimeSpan.FromSeconds(10));
            isPassed &= await load.EndAsync();
            Console.WriteLine($"  server memory: {before >> 20} MB before, {server.MostMemory >> 20} MB at most");
            return isPassed && server.MostMemory < MostMemory && await server.IsReadyAsync();
        }
        finally
        {
            if (fault.Tmpfs is not null)
            {
                await Shell.RunAsync("umount", [disk]);
            }

            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<string> ServerKilledAsync(FaultServer server)
    {
        var random = new Random(20);
        var back = new List<double>();
        for (int kill = 0; kill < 20; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (5 * random.NextDouble())));
            await server.KillAsync();
            back.Add((await server.StartAsync()).TotalSeconds);
        }

        return string.Create(CultureInfo.InvariantCulture, $"killed 20 times; ready again after {back.Median():0.0} s, at most {back.Max():0.0}");
    }

    private static async Task<string> DatabaseKilledAsync(FaultServer server)
    {
        var back = new List<double>();
        for (int kill = 0; kill < 5; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            await server.SignalDatabaseAsync("KILL", withChildren: kill % 2 == 1);
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            back.Add(0.3 + (await server.UntilReadyAsync()).TotalSeconds);
        }

        return string.Create(CultureInfo.InvariantCulture, $"postmaster killed 5 times; ready again after {back.Median():0.0} s, at most {back.Max():0.0}");
    }

    private static async Task<string> DatabasePausedAsync(FaultServer server)
    {
        await server.SignalDatabaseAsync("STOP", withChildren: true);
        await Task.Delay(TimeSpan.FromSeconds(60));
        await server.SignalDatabaseAsync("CONT", withChildren: true);
        TimeSpan back = await server.UntilReadyAsync();
        return string.Create(CultureInfo.InvariantCulture, $"stood still for 60 s; ready {back.TotalSeconds:0.0} s after it went on");
    }

    private static async Task<string> DiskFullAsync(FaultServer server)
    {
        string ballast = Path.Combine(server.Home, "postgres", "ballast");
        await Shell.RunAsync("dd", ["if=/dev/zero", $"of={ballast}", "bs=1M"]);
        await Task.Delay(TimeSpan.FromSeconds(20));
        bool wasReady = await server.IsReadyAsync();
        File.Delete(ballast);
        TimeSpan back = await server.UntilReadyAsync();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"full for 20 s ({(wasReady ? "still" : "not")} ready at its end); ready {back.TotalSeconds:0.0} s after there was room");
    }
}
