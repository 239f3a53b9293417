using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Benchmarks.Week;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Benchmarks.Dispatch;

/// <summary>
/// Real calls of San Francisco, relocated onto the demo city, through the public API on an exercise clock: opened, recommended, sent, driven by
/// road with fixes, all milestones, closed. <c>replay-calls --hours 24 --speed 60</c>, <c>--hours 336 --speed 600</c>. The ratio is the share of
/// calls that were handled to the close.
/// </summary>
internal static class ReplayCalls
{
    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        double Option(string name, double otherwise) => arguments.SkipWhile(word => word != name).Skip(1).FirstOrDefault() is { } word
            ? double.Parse(word, CultureInfo.InvariantCulture) : otherwise;
        (double hours, double speed) = (Option("--hours", 24), Option("--speed", 60));
        string shared = Environment.GetEnvironmentVariable("GEODISPATCH_SHARED") ?? Path.Combine(Directory.GetCurrentDirectory(), "..", "shared");
        string file = Path.Combine(shared, "data", "incidents", "sf_fire_calls_2020-04.csv");
        RealCall[] calls = File.Exists(file) ? RealCall.Read(file) : throw new SetupException($"{file} is absent: name the folder of the real calls in GEODISPATCH_SHARED");
        // From the first whole day on.
        DateTime begin = calls[0].Received.Date.AddDays(hours <= 24 ? 1 : 0);
        calls = [.. calls.Where(call => call.Received >= begin && call.Received < begin.AddHours(hours))];
        Console.WriteLine($"SYNTHETIC: {calls.Length} real calls of San Francisco (PDDL, April 2020), relocated onto the demo city");

        await using ScratchCluster cluster = await ScratchCluster.StartAsync();
        var clock = new ExerciseClock(new DateTimeOffset(begin, TimeSpan.FromHours(8)).AddMinutes(-10), speed, TimeProvider.System);
        await using WebApplication server = await cluster.DemoAsync(clock);
        NewAccount account = (await DemoSeed.DeskAccountsAsync(server.Services, CancellationToken.None)).First(static one => one.UserName == "dispatcher1");
        await server.StartAsync();
        var address = new Uri(server.Urls.Single());
        using var world = new ReplayWorld(
            address, account, clock, await server.Services.GetRequiredService<Streets>().GetAsync(RoadProfile.Emergency),
            [.. (await CityAddresses.ReadAsync(server.Services.GetRequiredService<Databases>().Batch)).Select(static address => address.At)], Path.Combine(cluster.Home, DemoSeed.CredentialsFile));
        await world.BeginAsync();

        // The clock ran on while the city was made: the calls come from now on, as far apart as they were.
        TimeSpan later = clock.GetUtcNow() - new DateTimeOffset(begin, TimeSpan.FromHours(8)) + TimeSpan.FromMinutes(5);
        long began = Stopwatch.GetTimestamp();
        var running = new List<Task>();
        foreach (RealCall call in calls)
        {
            await world.UntilAsync(new DateTimeOffset(call.Received, TimeSpan.FromHours(8)) + later);
            running.Add(new ReplayedCall(world, call).RunAsync());
        }

        await Task.WhenAll(running);
        world.Tally.Print(TimeSpan.FromHours(hours), Stopwatch.GetElapsedTime(began));
        return new Verdict((double)world.Tally.Closed / calls.Length, 1);
    }
}

/// <summary>What all replayed calls share: the server's address, the clock, the roads that vehicles drive on, and where each unit is.</summary>
internal sealed class ReplayWorld(Uri address, NewAccount account, ExerciseClock clock, RoadNetwork network, LonLat[] addresses, string credentials)
    : ExerciseWorld(address, clock, network), IDisposable
{
    private readonly ConcurrentDictionary<Guid, ExerciseUnit> units = new();
    private (LonLat At, Guid Id)[] hospitals = [];

    internal ReplayTally Tally { get; } = new();

    internal Desk Desk { get; private set; } = null!;

    internal double Speed => clock.Speed;

    internal async Task BeginAsync()
    {
        Desk = await Desk.SignInAsync(Address, account.UserName, account.Password);
        JsonElement board = await Desk.GetAsync("/api/board");
        Dictionary<Guid, JsonElement> crews = JsonDocument.Parse(await File.ReadAllTextAsync(credentials)).RootElement.GetProperty("crews").EnumerateArray()
            .ToDictionary(static crew => crew.GetProperty("unitId").GetGuid());
        foreach (JsonElement unit in board.GetProperty("units").EnumerateArray())
        {
            JsonElement crew = crews[unit.GetProperty("id").GetGuid()];
            var station = new LonLat(unit.GetProperty("stationLon").GetDouble(), unit.GetProperty("stationLat").GetDouble());
            units[unit.GetProperty("id").GetGuid()] = new ExerciseUnit(this, station, crew.GetProperty("deviceId").GetGuid(), crew.GetProperty("deviceCredential").GetString()!);
        }

        hospitals = [.. (await Desk.GetAsync("/api/destinations")).GetProperty("destinations").EnumerateArray()
            .Select(static one => (new LonLat(one.GetProperty("lon").GetDouble(), one.GetProperty("lat").GetDouble()), one.GetProperty("id").GetGuid()))];
    }

    internal ExerciseUnit Unit(Guid id) => units[id];

    /// <summary>The address that lies in our city as the call lay in its own.</summary>
    internal LonLat PlaceOf(RealCall call)
    {
        double west = addresses.Min(static point => point.Lon), east = addresses.Max(static point => point.Lon);
        double south = addresses.Min(static point => point.Lat), north = addresses.Max(static point => point.Lat);
        var wanted = new LonLat(west + call.X * (east - west), south + call.Y * (north - south));
        return addresses.MinBy(point => Geodesy.DistanceMeters(point, wanted));
    }

    internal (LonLat At, Guid Id) NearestHospital(LonLat from) => hospitals.MinBy(hospital => Geodesy.DistanceMeters(hospital.At, from));

    internal override Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(Math.Max(0, seconds) / clock.Speed));

    internal Task UntilAsync(DateTimeOffset moment) => WaitAsync((moment - Now).TotalSeconds);

    internal override void Begin(Func<Task> work) => _ = work();

    protected override void Refuse(string code) => Tally.Refuse(code);

    public void Dispose() => Desk.Dispose();
}
