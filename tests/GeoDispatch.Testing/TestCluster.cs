using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using Npgsql;
using Xunit;

namespace GeoDispatch.Testing;

/// <summary>
/// The throw-away PostGIS of one test program: an assembly fixture. A database costs a copy of a template; the demo city is
/// laid out once, at the first wish for it.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    private const string EmptyTemplate = "template_empty";
    private const string CityTemplate = "template_city";
    private readonly SemaphoreSlim turn = new(1, 1);
    private RunFolder? folder;
    private PrivateCluster? cluster;
    private DemoCredentials? city;
    private bool migrated;
    private int databases;

    /// <summary>The folder of this test program; gone when it ends.</summary>
    public RunFolder Folder => folder ?? throw new InvalidOperationException("The cluster has not been started.");

    private PrivateCluster Cluster => cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        folder = await RunFolder.TakeAsync();
        PostgresTools tools = await PostgresTools.FindOrInstallAsync(
            Packages.PostGis | Packages.PgRouting | Packages.Fonts, mayInstall: true, Console.WriteLine, CancellationToken.None);
        cluster = await PrivateCluster.StartAsync(tools, folder.NewHome(), durable: false, CancellationToken.None);
    }

    /// <summary>A database without a schema of ours.</summary>
    public async Task<TestDatabase> BlankAsync()
    {
        await turn.WaitAsync();
        try
        {
            return await CopyAsync("template1", DemoCredentials.None);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A database with the newest schema and nothing in it.</summary>
    public async Task<TestDatabase> EmptyAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (!migrated)
            {
                await MakeAsync(EmptyTemplate, "template1");
                GeoDispatchServer.Migrate(Cluster.ConnectionString(EmptyTemplate));
                await CloseAsync(EmptyTemplate);
                migrated = true;
            }

            return await CopyAsync(EmptyTemplate, DemoCredentials.None);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A database with the demo city, its units, hospitals, crews and desks.</summary>
    public async Task<TestDatabase> CityAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (city is null)
            {
                await MakeAsync(CityTemplate, "template1");
                string connection = Cluster.ConnectionString(CityTemplate);
                GeoDispatchServer.Migrate(connection);
                city = await SeedAsync(connection, Folder.NewHome());
                await CloseAsync(CityTemplate);
            }

            return await CopyAsync(CityTemplate, city);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await cluster.StopAsync();
        }

        if (folder is not null)
        {
            await folder.DisposeAsync();
        }

        turn.Dispose();
    }

    private static async Task<DemoCredentials> SeedAsync(string connection, string home)
    {
        // Put together but never started: seeding needs the services alone.
        await using WebApplication app = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = connection,
            Home = home,
            TilesFolder = Product.Tiles,
        });
        await DemoSeed.RunAsync(app.Services, home, progress: null, CancellationToken.None);
        return await DemoCredentials.ReadAsync(home, await DemoSeed.DeskAccountsAsync(app.Services, CancellationToken.None));
    }

    private async Task<TestDatabase> CopyAsync(string template, DemoCredentials credentials)
    {
        string name = $"test_{++databases}";
        await MakeAsync(name, template);
        return new TestDatabase(Cluster.ConnectionString(name), Cluster.AdminConnectionString(name), credentials);
    }

    private async Task MakeAsync(string name, string template)
    {
        await SayAsync("postgres", $"CREATE DATABASE {name} OWNER {PrivateCluster.Owner} TEMPLATE {template} STRATEGY FILE_COPY");
        await SayAsync(name, "CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS pg_trgm");
    }

    /// <summary>A template may have no connection when it is copied.</summary>
    private Task CloseAsync(string template)
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(Cluster.ConnectionString(template)));
        return SayAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'");
    }

    private async Task SayAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Cluster.AdminConnectionString(database)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>One database of the test cluster.</summary>
/// <param name="ConnectionString">As the owner of the product's schemas.</param>
/// <param name="AdminConnectionString">As the superuser, for what the product itself may not do.</param>
/// <param name="Credentials">Of the demo city in it.</param>
public sealed record TestDatabase(string ConnectionString, string AdminConnectionString, DemoCredentials Credentials)
{
    /// <summary>The first column of every row.</summary>
    public async Task<List<T>> ListAsync<T>(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    /// <summary>The only value of the only row.</summary>
    public async Task<T> ReadAsync<T>(string sql, params object[] values) => Assert.Single(await ListAsync<T>(sql, values));

    /// <summary>How many rows the query gives.</summary>
    public Task<long> CountAsync(string from, params object[] values) => ReadAsync<long>($"SELECT count(*) FROM {from}", values);

    /// <summary>Runs statements as the superuser.</summary>
    public async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
