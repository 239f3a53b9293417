using GeoDispatch.Cli.Simulate;
using GeoDispatch.Spatial;

namespace GeoDispatch.Cli.Tests.Simulate;

public sealed class SimulateVehicleTests : IDisposable
{
    private static readonly LonLat Start = new(118.60, 37.40);
    private static readonly LonLat Corner = new(118.61, 37.40);
    private static readonly LonLat End = new(118.61, 37.41);
    private readonly SteppedTime time = new();
    private readonly SimulateClock clock;

    public SimulateVehicleTests() => clock = new SimulateClock(new Uri("http://127.0.0.1"), time);

    [Fact]
    public void It_takes_as_long_as_its_route_says()
    {
        SimulateVehicle vehicle = Vehicle(pace: 1);
        vehicle.Follow([Start, Corner, End], seconds: 100);
        Assert.Equal(Start, vehicle.Now.At);
        time.Step(99.9);
        Assert.False(vehicle.HasArrived);
        time.Step(0.2);
        Assert.True(vehicle.HasArrived);
        Assert.Equal((End, 0), (vehicle.Now.At, vehicle.Now.SpeedKmh));
    }

    [Fact]
    public void On_the_way_it_is_on_its_line_and_looks_where_it_goes()
    {
        SimulateVehicle vehicle = Vehicle(pace: 1);
        vehicle.Follow([Start, Corner, End], seconds: 100);
        time.Step(30);
        VehiclePlace before = vehicle.Now;
        Assert.Equal(Start.Lat, before.At.Lat, 9);
        Assert.InRange(before.At.Lon, Start.Lon, Corner.Lon);
        Assert.Equal(90, before.HeadingDegrees, 0.1);
        time.Step(40);
        VehiclePlace after = vehicle.Now;
        Assert.Equal(Corner.Lon, after.At.Lon, 9);
        Assert.Equal(0, after.HeadingDegrees, 0.1);
        double meters = Geodesy.DistanceMeters(Start, Corner) + Geodesy.DistanceMeters(Corner, End);
        Assert.Equal(meters / 100 * 3.6, after.SpeedKmh, 6);
    }

    [Fact]
    public void A_faster_pace_arrives_earlier_but_shows_no_other_speed()
    {
        SimulateVehicle vehicle = Vehicle(pace: 20);
        vehicle.Follow([Start, Corner], seconds: 100);
        time.Step(1);
        Assert.Equal(Geodesy.DistanceMeters(Start, Corner) / 100 * 3.6, vehicle.Now.SpeedKmh, 6);
        time.Step(4.1);
        Assert.True(vehicle.HasArrived);
    }

    [Fact]
    public void A_withdrawn_task_leaves_it_standing_where_it_is()
    {
        SimulateVehicle vehicle = Vehicle(pace: 1);
        vehicle.Follow([Start, Corner], seconds: 100);
        time.Step(50);
        LonLat here = vehicle.Now.At;
        vehicle.Stand();
        time.Step(50);
        Assert.Equal((here, 0), (vehicle.Now.At, vehicle.Now.SpeedKmh));
        Assert.True(vehicle.HasArrived);
    }

    public void Dispose() => clock.Dispose();

    private SimulateVehicle Vehicle(double pace) =>
        new(new SimulateContext(new Uri("http://127.0.0.1"), clock, pace, Journal: null), Start);
}

public sealed class SimulateBackOffTests
{
    [Fact]
    public void Waits_grow_but_a_server_that_is_back_is_found_within_eight_seconds()
    {
        Assert.InRange(SimulateBackOff.After(0).TotalSeconds, 0.1, 0.25);
        for (int tries = 0; tries < 100; tries++)
        {
            Assert.InRange(SimulateBackOff.After(tries).TotalSeconds, 0.1, 8);
        }
    }

    [Fact]
    public void A_server_that_went_away_is_worth_another_try()
    {
        Assert.True(SimulateBackOff.IsPassing(new HttpRequestException(), CancellationToken.None));
        Assert.True(SimulateBackOff.IsPassing(new IOException(), CancellationToken.None));
        Assert.True(SimulateBackOff.IsPassing(new TaskCanceledException(), CancellationToken.None));
        Assert.True(SimulateBackOff.IsPassing(new AggregateException(new HttpRequestException()), CancellationToken.None));
    }

    [Fact]
    public void Being_stopped_or_a_wrong_setting_is_not()
    {
        Assert.False(SimulateBackOff.IsPassing(new TaskCanceledException(), new CancellationToken(canceled: true)));
        Assert.False(SimulateBackOff.IsPassing(new GeoDispatch.Cli.Cluster.SetupException("wrong password"), CancellationToken.None));
    }
}

public sealed class SimulateJournalTests
{
    [Fact]
    public void Each_acknowledgement_is_a_line_on_disk_at_once()
    {
        string path = Path.GetTempFileName();
        try
        {
            Guid device = Guid.NewGuid(), command = Guid.NewGuid();
            using var journal = new SimulateJournal(path);
            journal.Fixes(device, [new DateTimeOffset(2026, 11, 24, 16, 0, 0, 5, TimeSpan.FromHours(8))]);
            journal.Command(command);
            Assert.Equal([$"fix {device:D} 2026-11-24T08:00:00.005Z", $"command {command:D}"], ReadShared(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
