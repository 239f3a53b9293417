using GeoDispatch.Cli;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using GeoDispatch.Identity.Quotas;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace GeoDispatch.Benchmarks;

/// <summary>A durable cluster of one run, empty at the start and gone with it.</summary>
internal sealed class ScratchCluster : IAsyncDisposable
{
    private readonly PrivateCluster cluster;

    private ScratchCluster(PrivateCluster cluster, string home) => (this.cluster, Home) = (cluster, home);

    internal string Home { get; }

    internal string ConnectionString => cluster.ConnectionString();

    internal static async Task<ScratchCluster> StartAsync()
    {
        PostgresTools tools = await PostgresTools.FindOrInstallAsync(Packages.PostGis, mayInstall: true, Console.WriteLine, default);
        string home = Directory.CreateTempSubdirectory("geodispatch-scratch-").FullName;
        // PostgreSQL runs as a user of its own, who must be able to enter.
        File.SetUnixFileMode(home, File.GetUnixFileMode(home) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return new ScratchCluster(await PrivateCluster.StartAsync(tools, home, durable: true, default), home);
    }

    /// <summary>Our server over it with the demo city, put together and not started yet. Whoever asks is not counted.</summary>
    /// <param name="clock">Of an exercise; null for life's own.</param>
    internal async Task<WebApplication> DemoAsync(TimeProvider? clock = null)
    {
        GeoDispatchServer.Migrate(ConnectionString);
        WebApplication server = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = ConnectionString,
            Home = Home,
            TilesFolder = ProductFolders.Find().Tiles,
            Urls = "http://127.0.0.1:0",
            Quota = new QuotaSettings { PerSecond = 0 },
            Clock = clock ?? TimeProvider.System,
        });
        await DemoSeed.RunAsync(server.Services, Home, progress: null, CancellationToken.None);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await cluster.StopAsync();
        Directory.Delete(Home, recursive: true);
    }
}
