using GeoDispatch.Cli.Cluster;
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

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await cluster.StopAsync();
        Directory.Delete(Home, recursive: true);
    }
}
