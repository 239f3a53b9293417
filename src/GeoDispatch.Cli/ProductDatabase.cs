using System.Diagnostics;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using Npgsql;

namespace GeoDispatch.Cli;

/// <summary>
/// The database that the settings name, or else the private cluster under the home folder. One process at a time runs the cluster and
/// stops it at its end; others may visit it meanwhile, and it waits for them.
/// </summary>
internal sealed class ProductDatabase : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan VisitPatience = TimeSpan.FromSeconds(10);
    private readonly string home;
    private readonly PrivateCluster? cluster;
    private readonly FileStream? turn;
    private readonly CancellationTokenSource closing = new();
    private Task keeping = Task.CompletedTask;

    private ProductDatabase(string home, string connectionString, PrivateCluster? cluster, FileStream? turn)
    {
        this.home = home;
        ConnectionString = connectionString;
        this.cluster = cluster;
        this.turn = turn;
    }

    internal string ConnectionString { get; }

    private static string? Named => Environment.GetEnvironmentVariable("ConnectionStrings__GeoDispatch") is { Length: > 0 } named ? named : null;

    /// <summary>
    /// For whoever runs the product: starts the cluster where it does not run, starts it again whenever it ends, and stops it at the end.
    /// </summary>
    /// <exception cref="SetupException">Another process uses this home, or PostgreSQL is missing and may not be installed.</exception>
    internal static async Task<ProductDatabase> OpenAsync(
        string home, bool mayInstall, Action<string> say, CancellationToken cancellation)
    {
        ProductDatabase opened = await TryOpenAsync(home, mayInstall, say, cancellation)
            ?? throw new SetupException($"{home} 正被另一个 GeoDispatch 使用,请用 --home 另选文件夹 / is in use by another GeoDispatch: choose another folder with --home");
        opened.keeping = opened.cluster?.KeepAsync(say, opened.closing.Token) ?? Task.CompletedTask;
        return opened;
    }

    /// <summary>
    /// For a verb that does one thing: visits the cluster that <c>up</c> runs and leaves it running; where none runs, starts it,
    /// brings its schema up to date and stops it at the end. A database that the settings name must have its schema already.
    /// </summary>
    /// <exception cref="SetupException">PostgreSQL is missing, or whoever uses this home has no database of this version ready within 60 s.</exception>
    internal static async Task<ProductDatabase> VisitAsync(string home, Action<string> say, CancellationToken cancellation)
    {
        if (Named is { } named)
        {
            return await IsReadyAsync(named, cancellation)
                ? new ProductDatabase(home, named, null, null)
                : throw new SetupException("数据库结构不是最新,请先运行 migrate / The schema is not up to date: run migrate first");
        }

        var watch = Stopwatch.StartNew();
        do
        {
            if (await TryOpenAsync(home, mayInstall: true, say, cancellation) is { } own)
            {
                GeoDispatchServer.Migrate(own.ConnectionString);
                return own;
            }

            FileStream? visit = TryLock(home, "visit.lock", FileAccess.Read, FileShare.Read);
            if (visit is not null && PostgresTools.Find() is { } tools
                && await PrivateCluster.FindRunningAsync(tools, home, cancellation) is { } running
                && await IsReadyAsync(running.ConnectionString(), cancellation))
            {
                return new ProductDatabase(home, running.ConnectionString(), null, visit);
            }

            // Whoever holds the home is still starting, or is stopping and will soon be gone.
            await (visit?.DisposeAsync() ?? default);
            await Task.Delay(300, cancellation);
        }
        while (watch.Elapsed < StartPatience);
        throw new SetupException($"{home} 正被另一个 GeoDispatch 使用,但其数据库 60 秒内未就绪或版本不同 / is in use by another GeoDispatch whose database was not ready within 60 s, or is of another version");
    }

    /// <summary>Stops what was started here, after the visitors have gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await keeping;
        closing.Dispose();
        NpgsqlConnection.ClearAllPools();
        if (cluster is not null)
        {
            var watch = Stopwatch.StartNew();
            FileStream? alone;
            while ((alone = TryLock(home, "visit.lock", FileAccess.ReadWrite, FileShare.None)) is null && watch.Elapsed < VisitPatience)
            {
                await Task.Delay(100);
            }

            await cluster.StopAsync();
            await (alone?.DisposeAsync() ?? default);
        }

        await (turn?.DisposeAsync() ?? default);
    }

    /// <summary>Null where another process runs the product here.</summary>
    private static async Task<ProductDatabase?> TryOpenAsync(string home, bool mayInstall, Action<string> say, CancellationToken cancellation)
    {
        Directory.CreateDirectory(home);
        if (TryLock(home, "up.lock", FileAccess.ReadWrite, FileShare.None) is not { } turn)
        {
            return null;
        }

        try
        {
            if (Named is { } named)
            {
                return new ProductDatabase(home, named, null, turn);
            }

            PostgresTools tools = await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Fonts, mayInstall, say, cancellation);
            PrivateCluster cluster = await PrivateCluster.StartAsync(tools, home, durable: true, cancellation);
            return new ProductDatabase(home, cluster.ConnectionString(), cluster, turn);
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    /// <summary>A lock falls with its process, however that ends: a crash leaves none behind.</summary>
    private static FileStream? TryLock(string home, string name, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(Path.Combine(home, name), FileMode.OpenOrCreate, access, share);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>True where the database answers and has the schema that this program knows.</summary>
    private static async Task<bool> IsReadyAsync(string connectionString, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 }.ConnectionString);
            await connection.OpenAsync(cancellation);
        }
        catch (NpgsqlException)
        {
            return false;
        }

        return GeoDispatchServer.IsUpToDate(connectionString);
    }
}
