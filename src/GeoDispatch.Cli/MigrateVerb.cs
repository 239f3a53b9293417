using System.CommandLine;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;

namespace GeoDispatch.Cli;

/// <summary><c>migrate</c>: brings the database to the newest schema and stops.</summary>
internal static class MigrateVerb
{
    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var verb = new Command("migrate", "升级数据库结构 / bring the database to the newest schema");
        verb.SetAction(async (parsed, cancellation) =>
        {
            string folder = parsed.GetValue(home)?.FullName ?? ProductFolders.Find().DefaultHome;
            await using var database = await ProductDatabase.OpenAsync(folder, mayInstall: true, Console.WriteLine, cancellation);
            IReadOnlyList<string> ran = GeoDispatchServer.Migrate(database.ConnectionString);
            Console.WriteLine(ran.Count == 0 ? "已是最新 / Up to date" : string.Join('\n', ran));
            return 0;
        });
        return verb;
    }
}

/// <summary>The database that the settings name, or else the private cluster under the home folder, running while this is open.</summary>
internal sealed class ProductDatabase : IAsyncDisposable
{
    private readonly PrivateCluster? cluster;
    private readonly FileStream turn;

    private ProductDatabase(string connectionString, PrivateCluster? cluster, FileStream turn)
    {
        ConnectionString = connectionString;
        this.cluster = cluster;
        this.turn = turn;
    }

    internal string ConnectionString { get; }

    /// <exception cref="SetupException">Another process uses this home, or PostgreSQL is missing and may not be installed.</exception>
    internal static async Task<ProductDatabase> OpenAsync(
        string home, bool mayInstall, Action<string> say, CancellationToken cancellation)
    {
        Directory.CreateDirectory(home);
        FileStream turn;
        try
        {
            // Falls with the process, however it ends: a crash leaves no lock behind.
            turn = new FileStream(Path.Combine(home, "up.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new SetupException($"{home} 正被另一个 GeoDispatch 使用,请用 --home 另选文件夹 / is in use by another GeoDispatch: choose another folder with --home");
        }

        if (Environment.GetEnvironmentVariable("ConnectionStrings__GeoDispatch") is { Length: > 0 } named)
        {
            return new ProductDatabase(named, null, turn);
        }

        PostgresTools tools = await PostgresTools.FindOrInstallAsync(Packages.PostGis, mayInstall, say, cancellation);
        PrivateCluster cluster = await PrivateCluster.StartAsync(tools, home, durable: true, cancellation);
        return new ProductDatabase(cluster.ConnectionString(), cluster, turn);
    }

    /// <summary>Stops what was started here.</summary>
    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        if (cluster is not null)
        {
            await cluster.StopAsync();
        }

        await turn.DisposeAsync();
    }
}
