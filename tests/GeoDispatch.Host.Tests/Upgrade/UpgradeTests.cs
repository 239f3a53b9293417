using System.IO.Compression;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Identity;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Host.Tests.Upgrade;

/// <summary>
/// Databases that earlier versions made, kept as dumps beside this test, are brought to the newest schema and work. A new dump is added
/// with each version that is released; none is ever changed. <c>0001</c>: a small part of the demo city, one closed incident and one
/// under way, no passwords.
/// </summary>
public sealed class UpgradeTests(TestCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0001_the_city_runs")]
    public async Task A_database_of_an_earlier_version_is_brought_up_to_date_and_the_shift_goes_on(string version)
    {
        TestDatabase database = await RestoreAsync(version);
        Assert.NotEmpty(GeoDispatchServer.Migrate(database.ConnectionString));
        Assert.Empty(GeoDispatchServer.Migrate(database.ConnectionString));
        await using WebApplication app = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = database.ConnectionString,
            Home = cluster.Folder.NewHome(),
            TilesFolder = Product.Tiles,
            Urls = "http://127.0.0.1:0",
        });
        string password;
        await using (AsyncServiceScope scope = app.Services.CreateAsyncScope())
        {
            password = await scope.ServiceProvider.GetRequiredService<AccountSeeder>().IssueAsync(
                "dispatcher1", "调度员一席", Roles.Dispatcher, "120", null, Cancellation);
        }

        await app.StartAsync(Cancellation);
        using var desk = new Session(new Uri(app.Urls.Single()));
        (await desk.SignInAsync("dispatcher1", password)).Read<SessionView>();

        // What was under way is under way, and goes on.
        Board board = await desk.ReadAsync<Board>("/api/board");
        Incident running = Assert.Single(board.Incidents, incident => incident.Status == "running");
        Assert.Equal(("I2", "摔伤"), (running.Number, running.Complaint));
        Assignment work = Assert.Single(running.Assignments, assignment => assignment.Active);
        Assert.Equal(("A01", "enRoute"), (work.CallSign, work.Status));
        Assert.Equal("assigned", board.UnitOf(work.UnitId).Status);
        Assert.Equal("onScene", (await desk.PressAsync(work.Id, "onScene")).Read<Incident>().Assignments.Single().Status);

        // What is over can be read in full.
        Guid closed = await database.ReadAsync<Guid>("SELECT id FROM dispatch.incident WHERE number = 'I1'");
        Incident past = await desk.ReadAsync<Incident>($"/api/incidents/{closed}");
        Assert.Equal(("closed", 11), (past.Status, past.Timeline!.Length));
        Assert.Equal("A08", past.Timeline[1].Data.GetProperty("callSign").GetString());

        // And the next call finds its place and its unit.
        PlacesFound places = await desk.ReadAsync<PlacesFound>("/api/places?q=黄河路");
        Assert.NotEmpty(places.Places);
        Incident next = await desk.OpenAsync(118.5, 37.43);
        Recommendations advice = await desk.ReadAsync<Recommendations>("/api/recommendations?lon=118.5&lat=37.43");
        Assert.Equal("road", advice.Basis);
        Assert.True((await desk.AssignAsync(next.Id, advice.Units[0].UnitId)).ExpectedSeconds > 0);
        await app.StopAsync(Cancellation);
    }

    private async Task<TestDatabase> RestoreAsync(string version)
    {
        TestDatabase database = await cluster.BlankAsync();
        string dump = Path.Combine(cluster.Folder.NewHome(), "dump.sql");
        await using (var packed = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Upgrade", $"{version}.sql.gz")), CompressionMode.Decompress))
        await using (FileStream plain = File.Create(dump))
        {
            await packed.CopyToAsync(plain, Cancellation);
        }

        var owner = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await Shell.MustRunAsync(
            PostgresTools.Find()!.Program("psql"),
            ["-q", "-v", "ON_ERROR_STOP=1", "-f", dump, $"postgresql://{owner.Username}:{owner.Password}@/{owner.Database}?host={owner.Host}&port={owner.Port}"],
            cancellation: Cancellation);
        return database;
    }
}
