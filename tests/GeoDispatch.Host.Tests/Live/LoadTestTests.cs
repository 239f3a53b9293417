using System.Security.Cryptography;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Cli.LoadTest;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using Npgsql;

namespace GeoDispatch.Host.Tests.Live;

/// <summary><c>loadtest fixes</c>, small: that it sends what it says, and that it would find a false acknowledgement.</summary>
public sealed class LoadTestTests(RunningServer server) : IClassFixture<RunningServer>
{
    // Vehicles are the same for the same secret: each test has its own.
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("jt808", 1)]
    [InlineData("jt808", 2)]
    [InlineData("http", 1)]
    [InlineData("hub", 3)]
    public async Task Every_fix_that_was_acknowledged_is_in_the_database_once(string protocol, int batch)
    {
        var said = new List<string>();
        long before = await StoredAsync();
        LoadOutcome outcome = await RunAsync(protocol, batch, said.Add, _ => Task.CompletedTask);
        Assert.True(outcome.IsTrue, string.Join('\n', said));
        // 20 vehicles, 20 fixes a second, 4 seconds.
        Assert.Equal((80, 80, 0), (outcome.Figures.MadeCount, outcome.Figures.AcknowledgedCount, outcome.Figures.Waiting));
        Assert.Equal(before + 80, await StoredAsync());
        Assert.InRange(outcome.Figures.Milliseconds(50), 0.1, 20_000);
        Assert.Contains(said, line => line.StartsWith("server memory: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fix_that_is_gone_and_one_that_is_there_twice_are_found()
    {
        LoadOutcome outcome = await RunAsync("http", 1, static _ => { }, async () =>
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Database.ConnectionString);
            await using NpgsqlCommand harm = source.CreateCommand(
                $"""
                CREATE TEMP TABLE one AS SELECT fix.* FROM tracking.fix JOIN tracking.vehicle ON vehicle.id = vehicle_id
                WHERE kind = '{SyntheticFleet.Kind}' ORDER BY received_at DESC LIMIT 2;
                DELETE FROM tracking.fix USING (SELECT device_id, fix_time FROM one LIMIT 1) AS gone
                WHERE fix.device_id = gone.device_id AND fix.fix_time = gone.fix_time;
                INSERT INTO tracking.fix (device_id, vehicle_id, fix_time, received_at, lon, lat, content_hash)
                SELECT device_id, vehicle_id, fix_time, received_at, lon, lat, 1 FROM one OFFSET 1
                """);
            await harm.ExecuteNonQueryAsync(Cancellation);
        });
        Assert.Equal((80L, 1L, 1L, false), (outcome.Check.Acknowledged, outcome.Check.Missing, outcome.Check.Doubled, outcome.IsTrue));
    }

    [Fact]
    public async Task No_synthetic_vehicle_is_sent_among_real_ones()
    {
        await server.Database.AdministerAsync("UPDATE city.profile SET synthetic = false");
        try
        {
            SetupException refusal = await Assert.ThrowsAsync<SetupException>(() => RunAsync("http", 1, static _ => { }, _ => Task.CompletedTask));
            Assert.Contains("demo or exercise database", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            await server.Database.AdministerAsync("UPDATE city.profile SET synthetic = true");
        }
    }

    private Task<long> StoredAsync() => server.Database.CountAsync(
        "tracking.fix JOIN tracking.vehicle ON vehicle.id = vehicle_id WHERE kind = $1", SyntheticFleet.Kind);

    private Task<LoadOutcome> RunAsync(string protocol, int batch, Action<string> say, Func<Task> beforeCheck) =>
        RunAsync(protocol, batch, say, opened => opened == 2 ? beforeCheck() : Task.CompletedTask);

    private async Task<LoadOutcome> RunAsync(string protocol, int batch, Action<string> say, Func<int, Task> opening)
    {
        var wishes = new LoadWishes(
            20, 20, protocol, batch, TimeSpan.FromSeconds(4), TimeSpan.Zero, TimeSpan.FromSeconds(30), server.Address, server.Jt808Address,
            Environment.ProcessId, secret);
        int opened = 0;
        return await new LoadRun(wishes, say, TimeProvider.System).RunAsync(
            async _ =>
            {
                await opening(++opened);
                return new LoadDatabase(server.Database.ConnectionString);
            },
            CancellationToken.None,
            Cancellation);
    }
}
