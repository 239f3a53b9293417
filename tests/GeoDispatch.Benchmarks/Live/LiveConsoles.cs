using System.Globalization;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Tracking.Live;

namespace GeoDispatch.Benchmarks.Live;

/// <summary>
/// 5,000 vehicles that report once a second by JT/T 808, 50 consoles that each look at another part of the city: how long from the moment a
/// fix is sent until a console has read it, and how many bytes a console takes against one JSON frame for each of its fixes. The server is
/// <c>up</c> in a process of its own; vehicles and consoles are in this one, on the same cores.
/// </summary>
internal static class LiveConsoles
{
    private const int Vehicles = 5_000, Consoles = 50;
    private const double Reach = 0.12, AimMs = 300, AimBytes = 0.1;
    private static readonly (double Lon, double Lat) Middle = (118.55, 37.45);
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(10), Measuring = TimeSpan.FromSeconds(30);

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        Console.WriteLine($"load average at the start: {await File.ReadAllTextAsync("/proc/loadavg")}");
        await using ServerProcess server = await ServerProcess.UpAsync(arguments);
        await server.ImportTerminalsAsync(MovingFleet.Table(Vehicles));
        await using MovingFleet fleet = await MovingFleet.ConnectAsync(server.Jt808, Vehicles, Middle, Reach);
        using Desk desk = await Desk.SignInAsync(server.Address, "dispatcher1", server.Passwords["dispatcher1"]);
        fleet.Drive();
        var consoles = new List<WatchingConsole>();
        try
        {
            for (int number = 0; number < Consoles; number++)
            {
                consoles.Add(await WatchingConsole.OpenAsync(server.Address, desk.Cookies, fleet, View(number)));
            }

            await Task.Delay(Warming);
            int firstTick = fleet.Ticks;
            consoles.ForEach(static console => console.Begin());
            await Task.Delay(Measuring);
            consoles.ForEach(static console => console.End());
            return Judge(consoles, fleet, firstTick);
        }
        finally
        {
            foreach (WatchingConsole console in consoles)
            {
                await console.DisposeAsync();
            }
        }
    }

    /// <summary>Ten see the whole city, twenty a district of a quarter of its width, twenty a few streets.</summary>
    private static Viewport View(int number)
    {
        double half = number % 5 == 0 ? Reach * 1.2 : number % 5 < 3 ? Reach / 4 : Reach / 12;
        double range = Math.Max(0, Reach - half);
        double lon = Middle.Lon + (Math.Cos(number * 2.4) * range), lat = Middle.Lat + (Math.Sin(number * 2.4) * range * 0.8);
        return new Viewport(lon - half, lat - (half * 0.8), lon + half, lat + (half * 0.8));
    }

    private static Verdict Judge(List<WatchingConsole> consoles, MovingFleet fleet, int firstTick)
    {
        (double[] sent, double[] acknowledged) = (
            [.. consoles.SelectMany(static console => console.Delays.Select(static delay => delay.FromSent)).Order()],
            [.. consoles.SelectMany(static console => console.Delays.Select(static delay => delay.FromAcknowledged)).Order()]);
        long due = consoles.Sum(console => Due(console, fleet, firstTick, firstTick + (int)Measuring.TotalSeconds));
        Say($"{fleet.Count} vehicles, {consoles.Count} consoles, {Measuring.TotalSeconds:0} s: {sent.Length:N0} fixes came to consoles of {due:N0} due ({100.0 * sent.Length / due:0.0} %), {consoles.Sum(static console => console.Messages):N0} messages");
        Say($"fix to console: p50 {At(sent, 0.5):0} ms, p95 {At(sent, 0.95):0} ms (aim {AimMs:0}), p99 {At(sent, 0.99):0} ms; from its acknowledgement p50 {At(acknowledged, 0.5):0} ms, p95 {At(acknowledged, 0.95):0} ms");
        (long ours, long json) = (consoles.Sum(static console => console.Bytes), consoles.Sum(static console => console.JsonBytes));
        double ratio = (double)ours / json;
        double[] each = [.. consoles.Where(static console => console.JsonBytes > 0).Select(static console => (double)console.Bytes / console.JsonBytes).Order()];
        Say($"bytes per console and second: {ours / consoles.Count / Measuring.TotalSeconds:N0} of {json / consoles.Count / Measuring.TotalSeconds:N0} by one JSON frame a fix, ratio {ratio:0.000} (aim {AimBytes}); of one console from {each[0]:0.000} to {each[^1]:0.000}");
        Say($"load average at the end: {File.ReadAllText("/proc/loadavg")}");
        return new Verdict(At(sent, 0.95) / AimMs, 1, OthersMet: ratio <= AimBytes, AtMost: true);
    }

    private static long Due(WatchingConsole console, MovingFleet fleet, int first, int end)
    {
        Viewport view = console.Viewport;
        long due = 0;
        for (int tick = first; tick < end; tick++)
        {
            for (int number = 0; number < fleet.Count; number++)
            {
                (double lon, double lat) = fleet.PlaceAt(number, tick);
                due += lon >= view.West && lon <= view.East && lat >= view.South && lat <= view.North ? 1 : 0;
            }
        }

        return due;
    }

    private static double At(double[] ordered, double part) => ordered.Length == 0 ? double.NaN : ordered[(int)Math.Min(ordered.Length - 1, part * ordered.Length)];

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture).TrimEnd());
}
