using System.Diagnostics;
using System.Globalization;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Cli;
using GeoDispatch.Host;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Motion;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Benchmarks.Fixes;

/// <summary>
/// A long history: the report of a vehicle's day and its trail over HTTP, how fast fixes are stored with and without the history, and the
/// drop of a day while fixes come in. Limits: p95 of report and trail 300 ms, the drop 1 s; ingest as without within a tenth.
/// </summary>
internal static class History
{
    private const int Asked = 300, Devices = 2_000, FixesOfDevice = 60, PerRequest = 10, IngestRounds = 5;
    private const double LongestMilliseconds = 300, LongestDropMilliseconds = 1_000, LeastIngest = 0.9;

    /// <param name="arguments"><c>--fixes N</c> (default 100,000,000: about 25 GB on disk and a quarter of an hour to make).</param>
    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        long fixes = Array.IndexOf(arguments, "--fixes") is var at and >= 0 ? long.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : 100_000_000;
        await using ScratchCluster cluster = await ScratchCluster.StartAsync();
        GeoDispatchServer.Migrate(cluster.ConnectionString);
        await using WebApplication server = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = cluster.ConnectionString,
            Home = cluster.Home,
            TilesFolder = ProductFolders.Find().Tiles,
            Urls = "http://127.0.0.1:0",
            Quota = new QuotaSettings { PerSecond = 0 },
        });
        string password = (await DemoSeed.DeskAccountsAsync(server.Services, default)).First(static account => account.UserName == "dispatcher1").Password;
        await server.StartAsync();
        NpgsqlDataSource source = server.Services.GetRequiredService<Databases>().Batch;
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var fleet = new Fleet(server.Services.GetRequiredService<FixPipeline>(), now.AddHours(-2));
        await fleet.EnterAsync(source);
        double before = await fleet.RateAsync();

        HistoryData data = HistoryData.Of(fixes, DateOnly.FromDateTime(now));
        await data.MakeAsync(source);
        Console.WriteLine(FormattableString.Invariant(
            $"{data.Fixes:N0} fixes of {data.Vehicles.Length:N0} vehicles in {data.Days.Length} days, {await SizeAsync(source):0.0} GB with their indexes"));

        using Desk desk = await Desk.SignInAsync(new Uri(server.Urls.First()), "dispatcher1", password);
        var random = new Random(5);
        (Guid Vehicle, DateOnly Day)[] asked = [.. Enumerable.Range(0, Asked)
            .Select(_ => (data.Vehicles[random.Next(data.Vehicles.Length)], data.Days[random.Next(data.Days.Length)])).Distinct()];
        double report = Math.Max(
            await TimeAsync("report of a day, told from the history", desk, asked, static one => $"/api/vehicles/{one.Vehicle:D}/days/{one.Day:yyyy-MM-dd}"),
            await TimeAsync("report of a day, kept", desk, asked, static one => $"/api/vehicles/{one.Vehicle:D}/days/{one.Day:yyyy-MM-dd}"));
        await TimeAsync("report of ten days, most told from the history", desk, asked[..(asked.Length / 5)], one => string.Create(
            CultureInfo.InvariantCulture, $"/api/vehicles/{one.Vehicle:D}/days?from={data.Days[0]:yyyy-MM-dd}&to={data.Days[^1]:yyyy-MM-dd}"));
        double trail = await TimeAsync("trail of a day", desk, asked, static one => string.Create(
            CultureInfo.InvariantCulture, $"/api/vehicles/{one.Vehicle:D}/trail?from={one.Day:yyyy-MM-dd}T00:00:00Z&to={one.Day.AddDays(1):yyyy-MM-dd}T00:00:00Z"));

        double after = await fleet.RateAsync();
        Console.WriteLine(FormattableString.Invariant($"ingest {before:0} fixes/s before, {after:0} with the history: ratio {after / before:0.00}"));
        DayKeeper keeper = server.Services.GetRequiredService<DayKeeper>();
        long began = Stopwatch.GetTimestamp();
        await keeper.KeepAsync(default);
        Console.WriteLine(FormattableString.Invariant(
            $"days of {Devices} vehicles told on by up to {2 * (IngestRounds + 1) * FixesOfDevice} fixes each: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        double drop = await DropAsync(source, fleet, data.Days[0]);
        double worst = Math.Max(report, trail);
        return new Verdict(worst / LongestMilliseconds, 1, drop < LongestDropMilliseconds && after / before >= LeastIngest, AtMost: true);
    }

    private static async Task<double> SizeAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand size = source.CreateCommand(
            "SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'tracking.fix'::regclass");
        return (long)(await size.ExecuteScalarAsync())! / 1e9;
    }

    /// <returns>The p95 in milliseconds.</returns>
    private static async Task<double> TimeAsync(string what, Desk desk, (Guid Vehicle, DateOnly Day)[] asked, Func<(Guid Vehicle, DateOnly Day), string> path)
    {
        var measured = new Measured();
        foreach ((Guid Vehicle, DateOnly Day) one in asked)
        {
            await measured.TimeAsync(() => desk.GetAsync(path(one)));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{what}: p50 {measured.Median:0.0} ms, p95 {measured.At(0.95):0.0} ms, longest {measured.At(1):0.0} ms of {asked.Length}"));
        return measured.At(0.95);
    }

    /// <summary>Drops a day while a device sends, and tells how long that took and how long the device waited at most.</summary>
    private static async Task<double> DropAsync(NpgsqlDataSource source, Fleet fleet, DateOnly day)
    {
        using var over = new CancellationTokenSource();
        Task<Measured> sending = Task.Run(() => fleet.SendUntilAsync(over.Token));
        await Task.Delay(2_000);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        long began = Stopwatch.GetTimestamp();
        await FixDays.DropAsync(connection, new FixDay(day, FixDayState.Attached), default);
        double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await Task.Delay(2_000);
        await over.CancelAsync();
        Measured waits = await sending;
        Console.WriteLine(FormattableString.Invariant(
            $"drop of a day: {milliseconds:0} ms; a device waited for its receipt p50 {waits.Median:0.0} ms, longest {waits.At(1):0.0} ms meanwhile"));
        return milliseconds;
    }

    /// <summary>Devices that send into the pipeline, each request after the receipt of the one before, each vehicle at a vehicle's pace.</summary>
    private sealed class Fleet(FixPipeline pipeline, DateTime start)
    {
        private readonly DeviceIdentity[] devices = [.. Enumerable.Range(0, Devices).Select(static _ => new DeviceIdentity(Guid.NewGuid(), Guid.NewGuid(), "", "bus"))];
        private int seconds;

        internal async Task EnterAsync(NpgsqlDataSource source)
        {
            await using NpgsqlCommand vehicles = source.CreateCommand("INSERT INTO tracking.vehicle (id, plate, kind, name) SELECT id, '', 'bus', '' FROM unnest($1) AS id");
            vehicles.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(devices, static device => device.VehicleId) });
            await vehicles.ExecuteNonQueryAsync();
        }

        /// <summary>Fixes a second, the median of some rounds after one that warms up.</summary>
        internal async Task<double> RateAsync()
        {
            var rates = new List<double>();
            for (int round = 0; round <= IngestRounds; round++)
            {
                int from = seconds;
                seconds += FixesOfDevice;
                long began = Stopwatch.GetTimestamp();
                await Task.WhenAll(devices.Select((device, index) => Task.Run(async () =>
                {
                    for (int sent = 0; sent < FixesOfDevice; sent += PerRequest)
                    {
                        await SendAsync(device, index, from + sent, PerRequest);
                    }
                })));
                rates.Add(Devices * FixesOfDevice / Stopwatch.GetElapsedTime(began).TotalSeconds);
            }

            return rates.Skip(1).Median();
        }

        internal async Task<Measured> SendUntilAsync(CancellationToken over)
        {
            var waits = new Measured();
            while (!over.IsCancellationRequested)
            {
                await waits.TimeAsync(() => SendAsync(devices[0], 0, seconds++, 1));
                await Task.Delay(5, CancellationToken.None);
            }

            return waits;
        }

        private async Task<FixReceipt> SendAsync(DeviceIdentity device, int index, int from, int count)
        {
            AvlFix[] fixes = [.. Enumerable.Range(from, count).Select(second => new AvlFix(
                new DateTimeOffset(start.AddSeconds(second)), 118.3 + index % 100 * 0.006 + Math.Abs(second % 1_200 - 600) * 0.0001, 37.15 + index / 100 * 0.006, 32, 90, 5))];
            // Busy means: the same again, a little later, as a device does.
            FixReceipt? receipt;
            while ((receipt = (await pipeline.TakeAsync(device, fixes, CancellationToken.None)).Receipt) is null)
            {
                await Task.Delay(5);
            }

            return receipt.Accepted == count ? receipt : throw new InvalidOperationException($"{receipt.Accepted} of {count} fixes were stored.");
        }
    }
}
