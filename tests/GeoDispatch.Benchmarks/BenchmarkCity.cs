using GeoDispatch.Cli.Cluster;

namespace GeoDispatch.Benchmarks;

/// <summary>The benchmark city of <c>shared/bench</c> in a PostGIS of its own, made at the first run and kept for later ones.</summary>
internal sealed class BenchmarkCity : IAsyncDisposable
{
    private const string Database = "bench";
    private readonly PrivateCluster cluster;

    private BenchmarkCity(PrivateCluster cluster, string folder)
    {
        this.cluster = cluster;
        Folder = folder;
    }

    /// <summary>Where the yardsticks stand.</summary>
    internal string Folder { get; }

    internal string ConnectionString => cluster.AdminConnectionString(Database);

    /// <exception cref="SetupException">The shared folder is absent.</exception>
    internal static async Task<BenchmarkCity> OpenAsync()
    {
        string shared = Environment.GetEnvironmentVariable("GEODISPATCH_SHARED") ?? Path.Combine(Directory.GetCurrentDirectory(), "..", "shared");
        string bench = Path.GetFullPath(Path.Combine(shared, "bench"));
        if (!File.Exists(Path.Combine(bench, "city.py")))
        {
            throw new SetupException($"{bench} is absent: name the folder of the benchmark city in GEODISPATCH_SHARED");
        }

        PostgresTools tools = await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.PgRouting, mayInstall: true, Console.WriteLine, default);
        string home = Path.Combine(Path.GetTempPath(), "geodispatch-bench");
        Directory.CreateDirectory(home);
        PrivateCluster cluster = await PrivateCluster.StartAsync(tools, home, durable: false, default);
        var city = new BenchmarkCity(cluster, bench);
        string loaded = Path.Combine(home, "loaded");
        if (!File.Exists(loaded))
        {
            await city.LoadAsync(tools, Path.Combine(home, "city"));
            await File.WriteAllTextAsync(loaded, "");
        }

        return city;
    }

    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        await cluster.StopAsync();
    }

    private async Task LoadAsync(PostgresTools tools, string folder)
    {
        Console.WriteLine("Making the benchmark city (once, about a minute) …");
        await Shell.MustRunAsync("/usr/bin/python3", [Path.Combine(Folder, "city.py"), folder]);
        await PsqlAsync(tools, "postgres", folder, "-c", $"DROP DATABASE IF EXISTS {Database}", "-c", $"CREATE DATABASE {Database}");
        await PsqlAsync(tools, Database, folder, "-c", "CREATE EXTENSION postgis", "-c", "CREATE EXTENSION pgrouting", "-f", Path.Combine(Folder, "load.sql"));
    }

    private Task PsqlAsync(PostgresTools tools, string database, string folder, params string[] arguments)
    {
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(cluster.AdminConnectionString(database));
        return Shell.MustRunAsync(
            tools.Program("psql"),
            ["-q", "-v", "ON_ERROR_STOP=1", $"postgresql://{settings.Username}:{settings.Password}@/{database}?host={settings.Host}&port={settings.Port}", .. arguments], folder);
    }
}
