using System.Diagnostics;
using System.Globalization;
using System.Net;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;
using Npgsql;

namespace GeoDispatch.Cli.LoadTest;

/// <summary>What is sent where.</summary>
/// <param name="Devices">1 to 50,000.</param>
/// <param name="PerSecond">Fixes of all devices together.</param>
/// <param name="Protocol"><c>jt808</c>, <c>http</c>, <c>hub</c>.</param>
/// <param name="Batch">Fixes that a device gathers for one message.</param>
/// <param name="Duration">How long fixes are made.</param>
/// <param name="WarmUp">At its start: what is due then is sent and checked, but its time is not measured.</param>
/// <param name="Grace">How long those that wait then may still be acknowledged.</param>
/// <param name="Server">Of http and hub.</param>
/// <param name="Terminals">Of jt808.</param>
/// <param name="ServerProcess">Whose memory is watched; null for none.</param>
/// <param name="Secret">Of the synthetic fleet.</param>
internal sealed record LoadWishes(
    int Devices, double PerSecond, string Protocol, int Batch, TimeSpan Duration, TimeSpan WarmUp, TimeSpan Grace, Uri Server, IPEndPoint Terminals,
    int? ServerProcess, byte[] Secret);

/// <summary>What came of it.</summary>
internal sealed record LoadOutcome(LoadFigures Figures, AcknowledgementCheck Check)
{
    internal bool IsTrue => Check is { Missing: 0, Doubled: 0 } && Check.Acknowledged == Figures.AcknowledgedCount && Figures.RefusedCount == 0;
}

/// <summary>Sends from many devices, and compares what was acknowledged with the database.</summary>
internal sealed class LoadRun(LoadWishes wishes, Action<string> say, TimeProvider clock)
{
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(10), Look = TimeSpan.FromSeconds(1);
    private readonly SyntheticFleet fleet = new(wishes.Protocol, wishes.Secret);
    private readonly LoadFigures figures = new(clock.GetUtcNow() + wishes.WarmUp);
    private long memoryFirst, memoryMost, memoryLast;

    internal static readonly string[] Protocols = ["jt808", "http", "hub"];

    /// <param name="open">Opens the database: at the start for the vehicles, at the end for the comparison.</param>
    /// <param name="ending">Cancelled where no more fixes are to be made, before the duration is over.</param>
    /// <param name="cancellation">Breaks it off: nothing is compared.</param>
    internal async Task<LoadOutcome> RunAsync(
        Func<CancellationToken, Task<LoadDatabase>> open, CancellationToken ending, CancellationToken cancellation)
    {
        await using (LoadDatabase database = await open(cancellation))
        {
            await RefuseRealCityAsync(database.Source, cancellation);
            await fleet.RegisterAsync(database.Source, wishes.Devices, clock.GetUtcNow(), cancellation);
        }

        say($"{wishes.Devices} 辆合成车辆 / synthetic vehicles, {wishes.Protocol}");
        using var record = new LoadRecord();
        DateTimeOffset start = clock.GetUtcNow();
        await SendAsync(record, start, ending, cancellation);
        double seconds = (clock.GetUtcNow() - start).TotalSeconds;
        say(figures.Say());
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.AcknowledgedCount / seconds:0} fixes/s acknowledged over {seconds:0.0} s; not acknowledged at first: {(figures.SayReasons() is { Length: > 0 } why ? why : "none")}"));
        if (memoryFirst > 0)
        {
            say($"server memory: {memoryFirst >> 20} MB at the start, {memoryMost >> 20} at most, {memoryLast >> 20} at the end");
        }

        await using LoadDatabase after = await open(cancellation);
        AcknowledgementCheck check = await AcknowledgedFixes.CheckAsync(
            after.Source, record.Read().Select(one => (fleet.Device(one.Device), one.Time)),
            [.. Enumerable.Range(0, wishes.Devices).Select(fleet.Device)], start - TimeSpan.FromSeconds(1), cancellation);
        say($"database: of {check.Acknowledged} acknowledged {check.Missing} missing; {check.Doubled} doubled");
        return new LoadOutcome(figures, check);
    }

    private async Task SendAsync(LoadRecord record, DateTimeOffset start, CancellationToken ending, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2) })
        {
            BaseAddress = wishes.Server,
        };
        TimeSpan finest = wishes.Protocol == "jt808" ? TimeSpan.FromSeconds(1) : ILoadLine.Finest;
        var rhythm = new LoadRhythm(TimeSpan.FromSeconds(wishes.Devices / wishes.PerSecond), wishes.Batch, finest);
        ILoadLine[] lines = [.. Enumerable.Range(0, wishes.Devices).Select(number => Line(http, number))];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(wishes.Duration + wishes.Grace);
        await using CancellationTokenRegistration early = ending.Register(() => end.CancelAfter(wishes.Grace));
        using var make = CancellationTokenSource.CreateLinkedTokenSource(end.Token, ending);
        Task watching = WatchAsync(start, end.Token);
        try
        {
            await Task.WhenAll(lines.Select((line, number) => new LoadDevice(number, line, rhythm, record, figures, clock)
                .RunAsync(start, start + wishes.Duration, make.Token, end.Token)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The grace is over; what still waits was never acknowledged, and is said.
        }

        await end.CancelAsync();
        await watching;
        foreach (ILoadLine line in lines)
        {
            await line.DisposeAsync();
        }
    }

    private ILoadLine Line(HttpClient http, int number) => wishes.Protocol switch
    {
        "http" => new LoadHttpLine(http, fleet.Device(number), fleet.Credential(number)),
        "hub" => new LoadHubLine(wishes.Server, fleet.Device(number), fleet.Credential(number)),
        _ => new LoadJt808Line(wishes.Terminals, fleet.Phone(number), fleet.Key(number)),
    };

    private async Task WatchAsync(DateTimeOffset start, CancellationToken end)
    {
        var sinceReport = Stopwatch.StartNew();
        while (!end.IsCancellationRequested)
        {
            if (wishes.ServerProcess is { } process && ServerMemory.Find(process) is { } bytes)
            {
                memoryFirst = memoryFirst == 0 ? bytes : memoryFirst;
                (memoryMost, memoryLast) = (Math.Max(memoryMost, bytes), bytes);
            }

            if (sinceReport.Elapsed >= Report)
            {
                sinceReport.Restart();
                string memory = memoryLast == 0 ? "" : $"; server {memoryLast >> 20} MB";
                say(string.Create(CultureInfo.InvariantCulture, $"[{(clock.GetUtcNow() - start).TotalSeconds,5:0} s] {figures.Say()}{memory}"));
            }

            await Task.Delay(Look, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Synthetic vehicles among real ones would be seen, and counted, by people who dispatch.</summary>
    private static async Task RefuseRealCityAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using NpgsqlCommand real = source.CreateCommand("SELECT count(*) FROM city.profile WHERE NOT synthetic");
        if ((long)(await real.ExecuteScalarAsync(cancellation))! > 0)
        {
            throw new SetupException("负载测试只用于演示或演练数据库 / A load test is for a demo or exercise database alone");
        }
    }
}

/// <summary>The database, for as long as something is read or written there.</summary>
internal sealed class LoadDatabase(string connectionString, IAsyncDisposable? visit = null) : IAsyncDisposable
{
    internal NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(connectionString);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (visit is not null)
        {
            await visit.DisposeAsync();
        }
    }
}

/// <summary>What the system says of another process.</summary>
internal static class ServerMemory
{
    /// <summary>Resident bytes (<c>VmRSS</c>); null where there is no such process.</summary>
    internal static long? Find(int process)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{process}/status"))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                {
                    return long.Parse(line.AsSpan(6, line.Length - 6 - 3).Trim(), CultureInfo.InvariantCulture) << 10;
                }
            }
        }
        catch (IOException)
        {
            // Gone.
        }

        return null;
    }
}
