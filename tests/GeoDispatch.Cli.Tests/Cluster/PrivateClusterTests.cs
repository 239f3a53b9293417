using System.Globalization;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Cli.Tests.Cluster;

/// <summary>A cluster as <c>up</c> starts it, durable, in a folder of its own.</summary>
public sealed class PrivateClusterTests : IAsyncLifetime
{
    private RunFolder folder = null!;
    private PostgresTools tools = null!;
    private string home = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        folder = await RunFolder.TakeAsync();
        home = folder.NewHome();
        tools = await PostgresTools.FindOrInstallAsync(Packages.PostGis, mayInstall: true, Console.WriteLine, Cancellation);
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_a_start()
    {
        PrivateCluster first = await StartAsync();
        await SayAsync(first, "CREATE TABLE note (text text); INSERT INTO note VALUES ('东营')");
        await StopAsync(first);
        PrivateCluster second = await StartAsync();
        Assert.Equal("东营", await ReadAsync(second, "SELECT text FROM note"));
        Assert.Equal("on", await ReadAsync(second, "SHOW fsync"));
        await StopAsync(second);
    }

    [Fact]
    public async Task A_start_takes_over_the_cluster_that_a_killed_owner_left_running()
    {
        PrivateCluster left = await StartAsync();
        await SayAsync(left, "CREATE TABLE note (text text)");
        PrivateCluster taken = await StartAsync();
        Assert.Equal(left.Port, taken.Port);
        Assert.Equal("0", await ReadAsync(taken, "SELECT count(*)::text FROM note"));
        await StopAsync(taken);
    }

    [Fact]
    public async Task While_it_is_kept_a_cluster_that_was_killed_is_back_on_its_port_with_all_that_was_written()
    {
        PrivateCluster kept = await StartAsync();
        await SayAsync(kept, "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')");
        using var stop = new CancellationTokenSource();
        var said = new List<string>();
        Task keeping = kept.KeepAsync(said.Add, stop.Token);
        for (int kill = 1; kill <= 2; kill++)
        {
            NpgsqlConnection.ClearAllPools();
            await Shell.MustRunAsync("kill", ["-KILL", (await File.ReadAllLinesAsync(Path.Combine(home, "postgres", "data", "postmaster.pid"), Cancellation))[0]], cancellation: Cancellation);
            await Eventually.GetAsync(() => Task.FromResult(said.Count), count => count == kill, "it was not started again", TimeSpan.FromSeconds(60));
            Assert.Equal("kept", await ReadAsync(kept, "SELECT text FROM note"));
        }

        await stop.CancelAsync();
        await keeping;
        await StopAsync(kept);
        // Whom nobody keeps stays down.
        Assert.Equal(2, said.Count);
        Assert.False(File.Exists(Path.Combine(home, "postgres", "data", "postmaster.pid")));
    }

    [Fact]
    public async Task After_a_crash_of_PostgreSQL_itself_the_pid_file_it_left_stops_nobody()
    {
        PrivateCluster crashed = await StartAsync();
        await SayAsync(crashed, "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')");
        NpgsqlConnection.ClearAllPools();
        string pidFile = Path.Combine(home, "postgres", "data", "postmaster.pid");
        string pid = (await File.ReadAllLinesAsync(pidFile, Cancellation))[0];
        await Shell.MustRunAsync("kill", ["-KILL", pid], cancellation: Cancellation);
        await Eventually.GetAsync(() => Task.FromResult(Directory.Exists($"/proc/{pid}")), there => !there, "the postmaster did not end");
        Assert.True(File.Exists(pidFile));
        PrivateCluster again = await StartAsync();
        Assert.Equal("kept", await ReadAsync(again, "SELECT text FROM note"));
        await StopAsync(again);
    }

    [Fact]
    public async Task The_role_of_the_product_is_no_superuser_and_nobody_enters_without_the_password()
    {
        PrivateCluster cluster = await StartAsync();
        Assert.Equal("off", await ReadAsync(cluster, "SELECT current_setting('is_superuser')"));
        var wrong = new NpgsqlConnectionStringBuilder(cluster.ConnectionString()) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(home, "postgres", "owner.secret")));
        await StopAsync(cluster);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await folder.DisposeAsync();
    }

    private Task<PrivateCluster> StartAsync() => PrivateCluster.StartAsync(tools, home, durable: true, Cancellation);

    private static async Task StopAsync(PrivateCluster cluster)
    {
        NpgsqlConnection.ClearAllPools();
        await cluster.StopAsync();
    }

    private static async Task SayAsync(PrivateCluster cluster, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(cluster.ConnectionString());
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<string> ReadAsync(PrivateCluster cluster, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(cluster.ConnectionString());
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return Convert.ToString(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture)!;
    }
}
