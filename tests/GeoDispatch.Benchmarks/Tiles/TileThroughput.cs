using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace GeoDispatch.Benchmarks.Tiles;

/// <summary>
/// Tiles a second of the benchmark city, zooms 12 to 16, 8 connections, both cut by the same function <c>mvt_c</c>. Live, nothing is kept:
/// against <c>ST_AsMVT</c> in pgbench. Cached, everything is warm: against a dictionary behind Kestrel (<c>/cached</c> of the baseline).
/// wrk is Debian's.
/// </summary>
internal static partial class TileThroughput
{
    private const int Rounds = 3, Connections = 8;

    internal static async Task<Verdict> LiveAsync(string[] arguments)
    {
        BenchmarkServer.Require(("/usr/bin/wrk", "wrk"), BenchmarkServer.Pgbench);
        await using BenchmarkCity city = await BenchmarkCity.OpenAsync();
        PostgresTools tools = await PrepareAsync(city);
        await using WebApplication server = await ServeAsync(city, memoryBytes: 0);
        var connection = new NpgsqlConnectionStringBuilder(city.ConnectionString);
        async Task<double> PgbenchAsync(int seconds)
        {
            string said = await Shell.MustRunAsync(
                tools.Program("pgbench"),
                ["-n", "-M", "prepared", "-c", $"{Connections}", "-j", "2", "-T", $"{seconds}", "-f", Path.Combine(city.Folder, "tile_length.sql"),
                    $"postgresql://{connection.Username}:{connection.Password}@/{connection.Database}?host={connection.Host}&port={connection.Port}"]);
            return Number(TransactionsPerSecond(), said);
        }

        return await CompareAsync(
            "pgbench", seconds => WrkAsync(city, server.Urls.Single(), "/tiles/bench/{z}/{x}/{y}.mvt", seconds), PgbenchAsync, 15, 0.90);
    }

    internal static async Task<Verdict> CachedAsync(string[] arguments)
    {
        BenchmarkServer.Require(("/usr/bin/wrk", "wrk"));
        await using BenchmarkCity city = await BenchmarkCity.OpenAsync();
        await PrepareAsync(city);
        await KeepOrderAsync(city);
        await using WebApplication server = await ServeAsync(city, memoryBytes: 1L << 30);
        const string Baseline = "http://127.0.0.1:5610";
        using Process baseline = await StartBaselineAsync(city);
        try
        {
            using var http = new HttpClient();
            string[] tiles = await File.ReadAllLinesAsync(TilesFile);
            await Parallel.ForEachAsync(tiles, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (line, cancellation) =>
            {
                string[] tile = line.Split('\t');
                byte[] ours = await http.GetByteArrayAsync($"{server.Urls.Single()}/tiles/bench/{tile[1]}/{tile[2]}/{tile[3]}.mvt", cancellation);
                byte[] theirs = await http.GetByteArrayAsync($"{Baseline}/cached/{tile[1]}/{tile[2]}/{tile[3]}", cancellation);
                if (!ours.AsSpan().SequenceEqual(theirs))
                {
                    throw new InvalidOperationException($"Tile {line} differs from the baseline's");
                }
            });
            using Process own = Process.GetCurrentProcess();
            return await CompareAsync(
                "baseline", seconds => WrkAsync(own, city, server.Urls.Single(), "/tiles/bench/{z}/{x}/{y}.mvt", seconds),
                seconds => WrkAsync(baseline, city, Baseline, "/cached/{z}/{x}/{y}", seconds), 4, 0.80, rounds: 7);
        }
        finally
        {
            baseline.Kill(entireProcessTree: true);
        }
    }

    internal static string TilesFile => Path.Combine(Path.GetTempPath(), "geodispatch-bench", "city", "tiles.tsv");

    /// <summary>The median ratio of rounds, ours and theirs in turn.</summary>
    internal static async Task<Verdict> CompareAsync(
        string name, Func<int, Task<double>> ours, Func<int, Task<double>> theirs, int seconds, double aim, string unit = "tiles", int rounds = Rounds)
    {
        await ours(3);
        await theirs(3);
        var ratios = new List<double>();
        for (int round = 1; round <= rounds; round++)
        {
            (double mine, double yardstick) = (await ours(seconds), await theirs(seconds));
            ratios.Add(mine / yardstick);
            Console.WriteLine(FormattableString.Invariant($"round {round}: ours {mine:0} {unit}/s, {name} {yardstick:0} {unit}/s, ratio {ratios[^1]:0.00}"));
        }

        return new Verdict(ratios.Median(), aim);
    }

    internal static async Task<PostgresTools> PrepareAsync(BenchmarkCity city)
    {
        GeoDispatchServer.Migrate(city.ConnectionString);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(city.ConnectionString);
        await using NpgsqlCommand prepare = source.CreateCommand(await File.ReadAllTextAsync(Path.Combine(city.Folder, "mvt.sql")));
        await prepare.ExecuteNonQueryAsync();
        await using NpgsqlCommand grant = source.CreateCommand("GRANT SELECT ON roads_m, buildings_m, pois_m TO share_reader");
        await grant.ExecuteNonQueryAsync();
        return PostgresTools.Find()!;
    }

    /// <summary>
    /// The yardstick's function asks for no order, so that a tile has its rows as the plan found them: another in a session that had cut five
    /// tiles before, or beside another scan of the table. Here the same plan cuts for both, that their bytes can be compared.
    /// </summary>
    private static async Task KeepOrderAsync(BenchmarkCity city)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(city.ConnectionString);
        await using NpgsqlCommand keep = source.CreateCommand(
            """
            ALTER FUNCTION mvt_c(int, int, int) SET plan_cache_mode = force_custom_plan;
            ALTER FUNCTION mvt_c(int, int, int) SET synchronize_seqscans = off
            """);
        await keep.ExecuteNonQueryAsync();
    }

    /// <summary>Our server in this process, with one tileset that asks the yardstick's function.</summary>
    private static async Task<WebApplication> ServeAsync(BenchmarkCity city, long memoryBytes) =>
        await BenchmarkServer.StartAsync(city, await BenchmarkServer.FolderAsync("bench", "SELECT mvt_c($1, $2, $3)"), memoryBytes);

    /// <summary>The yardstick's own server, built from a copy, on port 5610. Whoever started it kills it.</summary>
    internal static async Task<Process> StartBaselineAsync(BenchmarkCity city)
    {
        string folder = Directory.CreateTempSubdirectory("geodispatch-baseline-").FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(city.Folder, "baseline")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await Shell.MustRunAsync("dotnet", ["build", "-c", "Release", "-v", "q", "-o", Path.Combine(folder, "out")], folder);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "out", "baseline.dll")]) { WorkingDirectory = folder };
        start.Environment["DB"] = city.ConnectionString;
        start.Environment["PORT"] = "5610";
        Process process = Process.Start(start)!;
        using var http = new HttpClient();
        for (int tries = 0; ; tries++)
        {
            try
            {
                await http.GetByteArrayAsync("http://127.0.0.1:5610/cached/12/3396/1587");
                return process;
            }
            catch (HttpRequestException) when (tries < 50)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>Answers a second; says what each cost the server, which tells more than the rate where other programs share the cores.</summary>
    private static async Task<double> WrkAsync(Process server, BenchmarkCity city, string address, string format, int seconds)
    {
        server.Refresh();
        TimeSpan before = server.TotalProcessorTime;
        double rate = await WrkAsync(city, address, format, seconds);
        server.Refresh();
        Console.WriteLine(FormattableString.Invariant($"  {address}: {(server.TotalProcessorTime - before).TotalMicroseconds / (rate * seconds):0.0} µs of processor a tile"));
        return rate;
    }

    /// <summary>Answers a second, all of them good.</summary>
    internal static async Task<double> WrkAsync(
        BenchmarkCity city, string address, string format, int seconds, string zoom = "", string script = "tiles.lua")
    {
        string said = await Shell.MustRunAsync(
            "/usr/bin/env",
            [$"TILES={TilesFile}", $"TFMT={format}", $"ZSEL={zoom}", "wrk", "-t2", $"-c{Connections}", $"-d{seconds}", "-s", Path.Combine(city.Folder, script), address]);
        return said.Contains("non2xx=0 sockerr=0", StringComparison.Ordinal)
            ? Number(RequestsPerSecond(), said)
            : throw new InvalidOperationException($"wrk met errors: {said}");
    }

    private static double Number(Regex pattern, string text) => double.Parse(pattern.Match(text).Groups["number"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"rps=(?<number>[0-9.]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RequestsPerSecond();

    [GeneratedRegex(@"tps = (?<number>[0-9.]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TransactionsPerSecond();
}
