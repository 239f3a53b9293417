using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Live;

/// <summary>Each report is kept once, whatever way into the table it takes. A writer's memory ends with it, as at a restart.</summary>
public sealed class FixWriterTests(TestCluster cluster) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private TestDatabase database = null!;
    private Databases databases = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await cluster.CityAsync();
        databases = new Databases(database.ConnectionString);
    }

    public ValueTask DisposeAsync() => databases.DisposeAsync();

    [Fact]
    public async Task The_same_fixes_twice_shuffled_beside_those_of_others_and_after_a_restart_are_kept_once()
    {
        DeviceIdentity[] devices = [await DeviceAsync(), await DeviceAsync(), await DeviceAsync()];
        AvlFix[] day = [.. Enumerable.Range(0, 200).Select(static second => Fix(second))];
        var writer = new FixWriter(databases);
        Assert.Equal((int[])[120, 200], await WriteAsync(writer, (devices[0], day[..120]), (devices[1], day)));
        Assert.Equal((int[])[0, 0], await WriteAsync(writer, (devices[1], day), (devices[0], day[..120])));
        var random = new Random(808);
        for (int round = 0; round < 5; round++)
        {
            AvlFix[] shuffled = [.. day];
            random.Shuffle(shuffled);
            // The third device is new, its fixes come in any order, and twice in one transaction.
            int[] accepted = await WriteAsync(writer, (devices[2], shuffled), (devices[0], shuffled), (devices[2], day));
            Assert.Equal(round == 0 ? [200, 80, 0] : [0, 0, 0], accepted);
            writer = new FixWriter(databases);
        }

        foreach (DeviceIdentity device in devices)
        {
            Assert.Equal(200, await database.CountAsync("tracking.fix WHERE device_id = $1", device.DeviceId));
            Assert.Equal(199, await database.ReadAsync<float>("SELECT speed_kmh FROM tracking.latest_fix WHERE vehicle_id = $1", device.VehicleId));
        }
    }

    [Fact]
    public async Task A_fix_that_another_writer_stored_meanwhile_costs_none_of_the_others()
    {
        (DeviceIdentity shared, DeviceIdentity other) = (await DeviceAsync(), await DeviceAsync());
        (FixWriter first, FixWriter second) = (new FixWriter(databases), new FixWriter(databases));
        Assert.Equal((int[])[1, 1], await WriteAsync(first, (shared, [Fix(0)]), (other, [Fix(0)])));
        Assert.Equal((int[])[2], await WriteAsync(second, (shared, [Fix(1), Fix(3)])));

        // The first believes that all of these are new, and meets the second's in the index.
        Assert.Equal((int[])[2, 2], await WriteAsync(first, (other, [Fix(1), Fix(2)]), (shared, [Fix(1), Fix(2), Fix(3), Fix(4)])));
        Assert.Equal((int[])[1, 1], await WriteAsync(first, (other, [Fix(3)]), (shared, [Fix(5)])));
        Assert.Equal(6, await database.CountAsync("tracking.fix WHERE device_id = $1", shared.DeviceId));
        Assert.Equal(4, await database.CountAsync("tracking.fix WHERE device_id = $1", other.DeviceId));
        Assert.Equal(5, await database.ReadAsync<float>("SELECT speed_kmh FROM tracking.latest_fix WHERE vehicle_id = $1", shared.VehicleId));
        Assert.Equal([2f], await database.ListAsync<float>("SELECT speed_kmh FROM tracking.fix WHERE device_id = $1 AND quality = 2", shared.DeviceId));
    }

    [Fact]
    public async Task A_fix_after_a_newer_one_of_the_same_request_is_late_and_of_two_at_one_time_the_first_is_shown()
    {
        DeviceIdentity device = await DeviceAsync();
        AvlFix tie = Fix(9) with { Lon = 118.6, SpeedKmh = 90 };
        Assert.Equal((int[])[5], await WriteAsync(new FixWriter(databases), (device, [Fix(7), Fix(9), Fix(8), tie, Fix(6) with { MileageKm = 1.5, Items = [1] }])));
        Assert.Equal([6f, 8f], await database.ListAsync<float>(
            "SELECT speed_kmh FROM tracking.fix WHERE device_id = $1 AND quality = 2 ORDER BY fix_time", device.DeviceId));
        Assert.Equal(9, await database.ReadAsync<float>("SELECT speed_kmh FROM tracking.latest_fix WHERE vehicle_id = $1", device.VehicleId));
        Assert.Equal((int[])[0], await WriteAsync(new FixWriter(databases), (device, [tie])));
        Assert.Equal((int[])[1], await WriteAsync(new FixWriter(databases), (device, [tie with { SpeedKmh = 91 }])));
        Assert.Equal(9, await database.ReadAsync<float>("SELECT speed_kmh FROM tracking.latest_fix WHERE vehicle_id = $1", device.VehicleId));
    }

    private static AvlFix Fix(int second) =>
        new(Now.AddSeconds(second - 400), 118.4 + second / 10_000.0, 37.4, second, 90, Alarms: second % 2 == 0 ? second : null);

    private static async Task<int[]> WriteAsync(FixWriter writer, params (DeviceIdentity Device, AvlFix[] Fixes)[] batches) =>
        (await writer.WriteAsync([.. batches.Select(static batch => new FixBatch(batch.Device, Now, batch.Fixes))], Cancellation)).Accepted;

    private async Task<DeviceIdentity> DeviceAsync()
    {
        (var device, var vehicle) = (Guid.NewGuid(), Guid.NewGuid());
        await new DeviceRegistry(databases, TimeProvider.System).RegisterAsync(device, vehicle, "鲁E00000", "ambulance", "", null, Cancellation);
        return new DeviceIdentity(device, vehicle, "鲁E00000", "ambulance");
    }
}
