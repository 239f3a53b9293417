using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace GeoDispatch.Cli.Cluster;

/// <summary>
/// A PostgreSQL cluster of our own under one folder: run by an unprivileged user, heard on loopback and a socket, scram
/// passwords. It outlives a crash of the server; the next start takes it over.
/// </summary>
internal sealed class PrivateCluster
{
    /// <summary>The database of the product, and the role that owns it. The role is no superuser.</summary>
    internal const string Owner = "geodispatch";

    private const string Admin = "cluster_admin";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly PostgresTools tools;
    private readonly string folder;
    private readonly string adminPassword;
    private readonly string ownerPassword;
    private readonly bool durable;

    private PrivateCluster(PostgresTools tools, string folder, int port, bool durable)
    {
        this.durable = durable;
        this.tools = tools;
        this.folder = folder;
        Port = port;
        adminPassword = File.ReadAllText(Secret(folder, "admin")).Trim();
        ownerPassword = File.ReadAllText(Secret(folder, "owner")).Trim();
    }

    internal int Port { get; }

    /// <summary>As the owner of the product's database.</summary>
    internal string ConnectionString(string database = Owner) => Connection(Owner, ownerPassword, database);

    /// <summary>As the superuser: for making databases and extensions.</summary>
    internal string AdminConnectionString(string database = "postgres") => Connection(Admin, adminPassword, database);

    /// <summary>Makes the cluster where there is none, starts it where it does not run, and makes the product's database.</summary>
    /// <param name="durable">False only for throw-away clusters of tests: switches fsync off.</param>
    internal static async Task<PrivateCluster> StartAsync(
        PostgresTools tools, string home, bool durable, CancellationToken cancellation)
    {
        string folder = await PrepareFolderAsync(home, cancellation);
        string data = Path.Combine(folder, "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            await InitialiseAsync(tools, folder, data, cancellation);
        }

        int? running = await RunningPortAsync(tools, data, cancellation);
        int port = running ?? FreePort();
        if (running is null)
        {
            await LaunchAsync(tools, folder, data, port, durable, cancellation);
        }

        var cluster = new PrivateCluster(tools, folder, port, durable);
        await cluster.MakeDatabaseAsync(cancellation);
        return cluster;
    }

    /// <summary>The cluster that another process runs under this home; null while none is up.</summary>
    internal static async Task<PrivateCluster?> FindRunningAsync(PostgresTools tools, string home, CancellationToken cancellation)
    {
        string folder = await PrepareFolderAsync(home, cancellation);
        return await RunningPortAsync(tools, Path.Combine(folder, "data"), cancellation) is { } port
            ? new PrivateCluster(tools, folder, port, durable: true)
            : null;
    }

    /// <summary>
    /// Until stopped, starts the cluster again on its port wherever it ended: killed, out of memory, or with a full disk, as soon as there is
    /// room. Without it a crash of PostgreSQL would need a person.
    /// </summary>
    internal async Task KeepAsync(Action<string> say, CancellationToken stopping)
    {
        string data = Path.Combine(folder, "data");
        string? said = null;
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Look, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested || IsAlive(data))
            {
                continue;
            }

            try
            {
                // Not to be broken off: what is half started would be left behind.
                await LaunchAsync(tools, folder, data, Port, durable, CancellationToken.None);
                say("数据库曾中断,已重新启动 / The database had ended and was started again");
                said = null;
            }
            catch (SetupException failure)
            {
                if (failure.Message != said)
                {
                    say(failure.Message);
                }

                said = failure.Message;
            }
        }
    }

    /// <summary>Ends every connection and stops the cluster, all data safe on disk.</summary>
    internal Task StopAsync() => IsAlive(Path.Combine(folder, "data"))
        ? RunAsync(tools.Program("pg_ctl"), ["stop", "-D", Path.Combine(folder, "data"), "-m", "fast", "-w", "-t", "60"])
        : Task.CompletedTask;

    /// <summary>As <c>pg_ctl status</c> finds it, without a process for the question.</summary>
    private static bool IsAlive(string data)
    {
        try
        {
            return File.ReadLines(Path.Combine(data, "postmaster.pid")).FirstOrDefault() is { } process && Directory.Exists($"/proc/{process}");
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string Connection(string user, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        // The socket spares each question two ways through the network's layers, which wait for their own turn on a busy machine.
        Host = SocketFolder(folder) is { Length: > 0 } socket ? socket : "127.0.0.1",
        Port = Port,
        Username = user,
        Password = password,
        Database = database,
    }.ConnectionString;

    /// <summary>PostgreSQL refuses root, and its user must be able to enter every parent of its folder.</summary>
    private static async Task<string> PrepareFolderAsync(string home, CancellationToken cancellation)
    {
        string folder = Path.Combine(Path.GetFullPath(home), "postgres");
        Directory.CreateDirectory(folder);
        if (!Environment.IsPrivilegedProcess)
        {
            return folder;
        }

        if ((await RunAsync("test", ["-x", folder], mustSucceed: false, cancellation)).ExitCode != 0)
        {
            string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..12];
            Directory.Delete(folder);
            folder = Path.Combine("/var/lib/geodispatch", name);
            Directory.CreateDirectory(folder);
        }

        await Shell.MustRunAsync("chown", ["postgres:postgres", folder], cancellation: cancellation);
        return folder;
    }

    private static async Task InitialiseAsync(PostgresTools tools, string folder, string data, CancellationToken cancellation)
    {
        // A half-made cluster of an interrupted first start holds nothing yet.
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        foreach (string name in new[] { "admin", "owner" })
        {
            string secret = Secret(folder, name);
            File.Delete(secret);
            await using (var file = new FileStream(secret, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))), cancellation);
            }

            if (Environment.IsPrivilegedProcess)
            {
                await Shell.MustRunAsync("chown", ["postgres:postgres", secret], cancellation: cancellation);
            }
        }

        string making = data + ".making";
        if (Directory.Exists(making))
        {
            Directory.Delete(making, recursive: true);
        }

        await RunAsync(
            tools.Program("initdb"),
            ["-D", making, "-U", Admin, "--pwfile", Secret(folder, "admin"), "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"],
            cancellation: cancellation);
        Directory.Move(making, data);
    }

    private static async Task LaunchAsync(
        PostgresTools tools, string folder, string data, int port, bool durable, CancellationToken cancellation)
    {
        string settings = $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{SocketFolder(folder)}' -c shared_buffers=256MB "
            // One server takes a few dozen; of a cluster that need not last, many servers of tests take theirs at once.
            + $"-c max_connections={(durable ? 120 : 400)} "
            + "-c max_wal_size=2GB -c password_encryption=scram-sha-256 -c timezone=UTC -c jit=off "
            + (durable ? "-c fsync=on -c synchronous_commit=on" : "-c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        await RunAsync(
            tools.Program("pg_ctl"),
            ["start", "-D", data, "-l", Path.Combine(folder, "postgres.log"), "-w", "-t", "120", "-o", settings],
            cancellation: cancellation);
    }

    /// <summary>The port of the cluster where it runs. A crash leaves the pid file behind, so the process is asked for.</summary>
    private static async Task<int?> RunningPortAsync(PostgresTools tools, string data, CancellationToken cancellation)
    {
        if ((await RunAsync(tools.Program("pg_ctl"), ["status", "-D", data], mustSucceed: false, cancellation)).ExitCode != 0)
        {
            return null;
        }

        string[] lines = (await RunAsync("cat", [Path.Combine(data, "postmaster.pid")], cancellation: cancellation)).Output.Split('\n');
        return int.Parse(lines[3], CultureInfo.InvariantCulture);
    }

    private async Task MakeDatabaseAsync(CancellationToken cancellation)
    {
        await using (NpgsqlDataSource admin = NpgsqlDataSource.Create(AdminConnectionString()))
        {
            await using NpgsqlConnection connection = await admin.OpenConnectionAsync(cancellation);
            if (await HasAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = 'geodispatch'", cancellation) is false)
            {
                await SayAsync(connection, $"CREATE ROLE {Owner} LOGIN PASSWORD '{ownerPassword}'", cancellation);
            }

            if (await HasAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = 'share_reader'", cancellation) is false)
            {
                await SayAsync(connection, "CREATE ROLE share_reader NOLOGIN", cancellation);
            }

            await SayAsync(connection, $"GRANT share_reader TO {Owner}", cancellation);
            if (await HasAsync(connection, "SELECT 1 FROM pg_database WHERE datname = 'geodispatch'", cancellation) is false)
            {
                await SayAsync(connection, $"CREATE DATABASE {Owner} OWNER {Owner}", cancellation);
            }
        }

        await using NpgsqlDataSource product = NpgsqlDataSource.Create(AdminConnectionString(Owner));
        await using NpgsqlConnection inside = await product.OpenConnectionAsync(cancellation);
        await SayAsync(inside, "CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS pg_trgm", cancellation);
    }

    private static async Task<bool> HasAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static async Task SayAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Secret(string folder, string name) => Path.Combine(folder, $"{name}.secret");

    /// <summary>A socket's path may have 107 bytes: a deep folder falls back to none but loopback.</summary>
    private static string SocketFolder(string folder) => folder.Length <= 80 ? folder : "";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<Shell.Outcome> RunAsync(
        string program, string[] arguments, bool mustSucceed = true, CancellationToken cancellation = default)
    {
        (string name, string[] all) = Environment.IsPrivilegedProcess
            ? ("setpriv", (string[])["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments])
            : (program, arguments);
        Shell.Outcome outcome = await Shell.RunAsync(name, all, "/", cancellation: cancellation);
        return outcome.ExitCode == 0 || !mustSucceed
            ? outcome
            : throw new SetupException($"{Path.GetFileName(program)} 失败 / failed ({outcome.ExitCode}): {outcome.Output.Trim()}");
    }
}
