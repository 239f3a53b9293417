using System.Net.Http.Json;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;

namespace GeoDispatch.Benchmarks.Dispatch;

/// <summary>What the vehicles of an exercise share: the server that they tell where they are, its clock, and the roads that they drive on.</summary>
internal abstract class ExerciseWorld(Uri address, TimeProvider clock, RoadNetwork network)
{
    private static readonly HttpClient Vehicles = new();

    internal Uri Address => address;

    internal RoadNetwork Network => network;

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Seconds of the exercise.</summary>
    internal abstract Task WaitAsync(double seconds);

    /// <summary>Goes on beside what goes on already.</summary>
    internal abstract void Begin(Func<Task> work);

    /// <summary>What the server would not take.</summary>
    protected abstract void Refuse(string code);

    /// <summary>As a terminal sends it; what the server does with it is the server's affair.</summary>
    internal async Task TellAsync(Guid deviceId, string credential, LonLat at)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/api/positions/fixes"))
        {
            Content = JsonContent.Create(new { deviceId, fixes = new[] { new { time = Now, lon = at.Lon, lat = at.Lat } } }),
        };
        request.Headers.Authorization = new("Bearer", credential);
        using HttpResponseMessage answer = await Vehicles.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            Refuse($"fix {(int)answer.StatusCode}");
        }
    }
}

/// <summary>A vehicle that drives by road and tells where it is while it is away from its station.</summary>
/// <param name="drivingTellsEach">Seconds of the exercise between two positions while it drives; each minute while it stands.</param>
internal sealed class ExerciseUnit(ExerciseWorld world, LonLat station, Guid deviceId, string credential, double drivingTellsEach = 60)
{
    private const double StandingTellsEach = 60;

    private LonLat? at;
    private volatile int orders;

    internal LonLat Station => station;

    internal LonLat At => at ?? station;

    /// <summary>Its terminal is dead.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>On its way home it is stopped: it has been sent.</summary>
    internal void Stop() => Interlocked.Increment(ref orders);

    internal void GoHome()
    {
        int order = orders;
        world.Begin(() => DriveAsync(station, during: order));
    }

    /// <summary>Off the road: in the yard of a house or of a hospital.</summary>
    internal void ParkAt(LonLat place) => at = place;

    /// <param name="share">Of the way, after which it is called off.</param>
    /// <param name="during">Only as long as no other order than this comes; null for whatever comes.</param>
    internal async Task DriveAsync(LonLat to, double share = 1, int? during = null)
    {
        RoadGraph graph = world.Network.Graph;
        if (graph.Snap(At) is not { } from || graph.Snap(to) is not { } target || world.Network.Route(from.Position, target.Position) is not { Geometry.Count: > 1 } route)
        {
            return;
        }

        double[] metersAt = [0, .. route.Geometry.Zip(route.Geometry.Skip(1), Geodesy.DistanceMeters)];
        for (int index = 1; index < metersAt.Length; index++)
        {
            metersAt[index] += metersAt[index - 1];
        }

        for (double driven = 0; driven < route.Seconds * share; driven += drivingTellsEach)
        {
            await TellAsync(PointAt(route, metersAt, driven / route.Seconds));
            await world.WaitAsync(Math.Min(drivingTellsEach, route.Seconds * share - driven));
            if (during is { } order && order != orders)
            {
                return;
            }
        }

        await TellAsync(PointAt(route, metersAt, share));
    }

    internal async Task StayAsync(double seconds)
    {
        for (double stayed = 0; stayed < seconds; stayed += StandingTellsEach)
        {
            await TellAsync(At);
            await world.WaitAsync(Math.Min(StandingTellsEach, seconds - stayed));
        }
    }

    internal Task TellAsync(LonLat place)
    {
        at = place;
        return IsSilent ? Task.CompletedTask : world.TellAsync(deviceId, credential, place);
    }

    private static LonLat PointAt(RoadRoute route, double[] metersAt, double share)
    {
        double meters = share * metersAt[^1];
        int next = Math.Clamp(Array.FindIndex(metersAt, one => one >= meters), 1, metersAt.Length - 1);
        double length = metersAt[next] - metersAt[next - 1];
        return Geodesy.Between(route.Geometry[next - 1], route.Geometry[next], length > 0 ? Math.Clamp((meters - metersAt[next - 1]) / length, 0, 1) : 0);
    }
}
