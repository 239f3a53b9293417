using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace GeoDispatch.Cli.Tests;

/// <summary><c>accounts</c>, <c>keys</c>, <c>layers</c> and <c>devices</c> as a person runs them, beside a running server and alone.</summary>
public sealed class AdministrationVerbTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private RunFolder folder = null!;
    private string home = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        folder = await RunFolder.TakeAsync();
        home = folder.NewHome();
    }

    [Fact]
    public async Task Alone_a_verb_starts_the_database_does_its_work_and_stops_it_again()
    {
        string[] made = await SaysAsync(0, "accounts", "create", "boss", "--display", "王主任", "--role", "administrator", "--department", "city");
        Assert.Single(made, line => line.Length == 16 && line.All(char.IsAsciiLetterOrDigit));
        Assert.False(File.Exists(Path.Combine(home, "postgres", "data", "postmaster.pid")));

        Assert.Contains(await SaysAsync(0, "accounts", "list"), line => line.StartsWith("boss ", StringComparison.Ordinal) && line.EndsWith("王主任", StringComparison.Ordinal));
        Assert.Contains(await SaysAsync(1, "accounts", "lock", "boss"), line => line.Contains("account.last_administrator", StringComparison.Ordinal));
        Assert.Contains(await SaysAsync(1, "accounts", "reset", "nobody"), line => line.Contains("Unknown account: nobody", StringComparison.Ordinal));
        Assert.Contains(
            await SaysAsync(1, "accounts", "create", "crew1", "--display", "车组", "--role", "crew", "--department", "120", "--unit", "X1"),
            line => line.Contains("admin.bad_field", StringComparison.Ordinal));
        Assert.Contains(
            await SaysAsync(1, "keys", "create", "--department", "city", "--role", "administrator", "--scope", "map"),
            line => line.Contains("admin.bad_field", StringComparison.Ordinal));
        Assert.Contains(
            await SaysAsync(1, "keys", "create", "--department", "city", "--days", "1826", "--scope", "map"),
            line => line.Contains("1 to 1825", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(home, "postgres", "data", "postmaster.pid")));
    }

    [Fact]
    public async Task Beside_a_running_server_a_verb_counts_at_once_and_leaves_the_server_running()
    {
        await using ProductDatabase running = await OpenAsync();
        await using WebApplication app = await ServeAsync(running);
        using var desk = new Session(new Uri(app.Urls.Single()));
        string password = Secret(await SaysAsync(
            0, "accounts", "create", "desk", "--display", "一席", "--role", "dispatcher", "--department", "120"));
        (await desk.SignInAsync("desk", password)).Read<SessionView>();
        Assert.Equal(200, (await desk.GetAsync("/api/board")).Status);

        await SaysAsync(0, "accounts", "lock", "desk");
        await OutAsync(desk, "/api/board", "session.required");
        (await desk.SignInAsync("desk", password)).MustRefuse(423, "session.account_locked");
        await SaysAsync(0, "accounts", "unlock", "desk");
        (await desk.SignInAsync("desk", password)).Read<SessionView>();
        string again = Secret(await SaysAsync(0, "accounts", "reset", "desk"));
        await OutAsync(desk, "/api/board", "session.required");
        (await desk.SignInAsync("desk", again)).Read<SessionView>();

        string key = (await SaysAsync(0, "keys", "create", "--department", "120", "--role", "dispatcher", "--name", "大屏", "--days", "30", "--scope", "board", "map"))
            .Single(line => line.StartsWith("gd_", StringComparison.Ordinal));
        using var program = new Session(new Uri(app.Urls.Single()));
        Assert.Equal(200, (await WithAsync(program, key)).Status);
        string listed = (await SaysAsync(0, "keys", "list")).Single(line => line.EndsWith("大屏", StringComparison.Ordinal));
        Assert.Contains(" active ", listed, StringComparison.Ordinal);
        Assert.Contains(" map,board ", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key[^43..], listed, StringComparison.Ordinal);
        await SaysAsync(0, "keys", "revoke", listed[..36]);
        await Eventually.GetAsync(
            async () => (await WithAsync(program, key)).Code, code => code == "key.revoked", "the key still opens", TimeSpan.FromSeconds(5));

        Assert.Equal(200, (await desk.GetAsync("/api/board")).Status);
        await app.StopAsync(Cancellation);
        Assert.Equal(
            ["account.created", "account.locked", "account.reset", "account.unlocked", "key.created", "key.revoked"],
            await ActsAsync(running.ConnectionString));
    }

    [Fact]
    public async Task Rules_of_a_layer_are_set_from_a_file_and_hold_for_the_running_server()
    {
        await using ProductDatabase running = await OpenAsync();
        await using WebApplication app = await ServeAsync(running);
        using var anybody = new Session(new Uri(app.Urls.Single()));
        Assert.Equal(200, (await anybody.GetAsync("/ogc/collections/pois")).Status);
        string wish = Path.Combine(home, "layer.json"), rule = Path.Combine(home, "rule.json");
        await File.WriteAllTextAsync(wish, """{"sharingClass": "conditional"}""", Cancellation);
        await SaysAsync(0, "layers", "describe", "pois", wish);
        await Eventually.GetAsync(
            async () => (await anybody.GetAsync("/ogc/collections/pois")).Status, status => status == 404, "the layer is still open", TimeSpan.FromSeconds(5));

        await File.WriteAllTextAsync(rule, """{"department": "120", "hidden": ["name"], "rows": "kind = 'school'"}""", Cancellation);
        string id = (await SaysAsync(0, "layers", "set-rule", "pois", rule)).Single(line => Guid.TryParse(line, out _));
        string[] listed = await SaysAsync(0, "layers", "list");
        Assert.Contains(listed, line => line.StartsWith("pois ", StringComparison.Ordinal) && line.Contains(" conditional ", StringComparison.Ordinal));
        Assert.Contains(listed, line => line.StartsWith($"  {id} 120 ", StringComparison.Ordinal) && line.EndsWith("rows=kind = 'school' hidden=name", StringComparison.Ordinal));
        await File.WriteAllTextAsync(rule, """{"department": "120", "hiden": ["name"]}""", Cancellation);
        Assert.Contains(await SaysAsync(1, "layers", "set-rule", "pois", rule), line => line.Contains("Malformed JSON", StringComparison.Ordinal));
        await File.WriteAllTextAsync(rule, """{"rows": "height > 3"}""", Cancellation);
        Assert.Contains(await SaysAsync(1, "layers", "set-rule", "pois", rule), line => line.Contains("filter.unknown_property", StringComparison.Ordinal));
        await SaysAsync(0, "layers", "remove-rule", "pois", id);
        Assert.Contains(await SaysAsync(1, "layers", "remove-rule", "pois", id), line => line.Contains("rule.unknown", StringComparison.Ordinal));
        await app.StopAsync(Cancellation);
        Assert.Equal(["layer.described", "layer.rule_removed", "layer.rule_set"], await ActsAsync(running.ConnectionString));
    }

    [Fact]
    public async Task Terminals_are_listed_approved_refused_and_imported_whole_or_not_at_all()
    {
        await using ProductDatabase running = await OpenAsync();
        await ExecuteAsync(
            running.ConnectionString,
            """
            INSERT INTO tracking.terminal (protocol, terminal, plate, first_seen, last_seen)
            VALUES ('jt808', '13811112222', '鲁E22222', '2026-11-25 08:00:00+08', '2026-11-25 08:00:00+08')
            """);
        Assert.Contains(await SaysAsync(0, "devices", "list", "--state", "waiting"), line => IsTerminal(line, "jt808", "13811112222", "waiting", "-", "-", "鲁E22222"));
        Assert.Contains(
            await SaysAsync(1, "devices", "approve", "13811112222", "--plate", "鲁E22222", "--kind", "bus", "--department", "moon"),
            line => line.Contains("department.unknown", StringComparison.Ordinal));
        Assert.Contains(
            await SaysAsync(1, "devices", "approve", "13811119999", "--plate", "鲁E22222", "--kind", "bus", "--department", "city"),
            line => line.Contains("terminal.unknown", StringComparison.Ordinal));
        Assert.Contains("13811112222: 已批准 / approved", await SaysAsync(0, "devices", "approve", "13811112222", "--plate", "鲁E22222", "--kind", "bus", "--department", "city"));
        Assert.Contains("13811112222: 已拒绝 / refused", await SaysAsync(0, "devices", "refuse", "13811112222"));

        string table = Path.Combine(home, "terminals.csv");
        const string Good = "terminal,protocol,plate,kind,department,name\nbus-1,osmand,鲁E10001,bus,city,1路\n13811113333,jt808,鲁E10002,taxi,city,\n";
        await File.WriteAllTextAsync(table, Good + "13811112222,jt808,鲁E22222,bus,city,\nbus-2,osmand,鲁E10003,BUS,city,\n", Cancellation);
        string[] refused = await SaysAsync(1, "devices", "import", table);
        Assert.Contains(refused, line => line.Contains("line 4:", StringComparison.Ordinal) && line.Contains("terminal.refused", StringComparison.Ordinal));
        Assert.Contains(refused, line => line.Contains("line 5:", StringComparison.Ordinal) && line.Contains("kind: BUS", StringComparison.Ordinal));
        Assert.DoesNotContain(await SaysAsync(0, "devices", "list"), line => line.Contains("bus-1", StringComparison.Ordinal));

        await File.WriteAllTextAsync(table, Good, Cancellation);
        Assert.Contains("2 行,2 行有改动 / 2 lines, 2 changed something", await SaysAsync(0, "devices", "import", table));
        Assert.Contains("2 行,0 行有改动 / 2 lines, 0 changed something", await SaysAsync(0, "devices", "import", table));
        string[] listed = await SaysAsync(0, "devices", "list");
        Assert.Contains(listed, line => IsTerminal(line, "osmand", "bus-1", "approved", "bus", "city", "鲁E10001"));
        Assert.Contains(listed, line => IsTerminal(line, "jt808", "13811113333", "approved", "taxi", "city", "鲁E10002"));
        Assert.Contains(listed, line => IsTerminal(line, "jt808", "13811112222", "refused", "bus", "city", "鲁E22222"));
        await File.WriteAllTextAsync(table, "terminal,protocol,plate\n", Cancellation);
        Assert.Contains(await SaysAsync(1, "devices", "import", table), line => line.Contains("missing columns: kind, department, name", StringComparison.Ordinal));
        Assert.Equal(["terminal.approved", "terminal.refused"], await ActsAsync(running.ConnectionString));

        static bool IsTerminal(string line, params string[] cells) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).SequenceEqual(cells, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Whoever_runs_the_database_waits_for_a_visitor_before_stopping_it()
    {
        ProductDatabase running = await OpenAsync();
        ProductDatabase visitor = await ProductDatabase.VisitAsync(home, _ => { }, Cancellation);
        Assert.Equal(running.ConnectionString, visitor.ConnectionString);
        Task stopping = running.DisposeAsync().AsTask();
        await Task.Delay(500, Cancellation);
        Assert.False(stopping.IsCompleted);
        Assert.Empty(await ActsAsync(visitor.ConnectionString));
        await visitor.DisposeAsync();
        await stopping;
        Assert.False(File.Exists(Path.Combine(home, "postgres", "data", "postmaster.pid")));
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await folder.DisposeAsync();
    }

    /// <summary>As <c>up</c> does it.</summary>
    private async Task<ProductDatabase> OpenAsync()
    {
        ProductDatabase database = await ProductDatabase.OpenAsync(home, mayInstall: true, _ => { }, Cancellation);
        GeoDispatchServer.Migrate(database.ConnectionString);
        return database;
    }

    private async Task<WebApplication> ServeAsync(ProductDatabase database)
    {
        WebApplication app = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = database.ConnectionString,
            Home = home,
            TilesFolder = Product.Tiles,
            Urls = "http://127.0.0.1:0",
        });
        await app.StartAsync(Cancellation);
        return app;
    }

    private async Task<string[]> SaysAsync(int exitCode, params string[] arguments)
    {
        await using ProductProcess product = ProductProcess.Start([.. arguments, "--home", home]);
        int ended = await product.EndAsync(Patience);
        Assert.True(ended == exitCode, $"{string.Join(' ', arguments)}: {ended}\n{product}");
        Assert.DoesNotContain("   at ", product.ToString(), StringComparison.Ordinal);
        return [.. product.Lines];
    }

    private static string Secret(string[] lines) => lines.Single(line => line.Length == 16 && line.All(char.IsAsciiLetterOrDigit));

    /// <summary>The notice of another process takes a moment to arrive.</summary>
    private static Task<string?> OutAsync(Session session, string path, string code) => Eventually.GetAsync(
        async () => (await session.GetAsync(path)).Code, found => found == code, "still signed in", TimeSpan.FromSeconds(5));

    private static Task<Answer> WithAsync(Session program, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/board");
        request.Headers.Add("X-API-Key", key);
        return program.SendAsync(request);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<List<string>> ActsAsync(string connectionString)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand(
            "SELECT DISTINCT action FROM identity.administration WHERE by LIKE 'cli:%' AND account_id IS NULL ORDER BY action");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        var acts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            acts.Add(reader.GetString(0));
        }

        return acts;
    }
}
