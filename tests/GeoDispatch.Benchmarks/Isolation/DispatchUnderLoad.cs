using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace GeoDispatch.Benchmarks.Isolation;

/// <summary>
/// What a dispatcher waits for from the call to the order (open the incident, read the recommendation, send the first unit; over HTTP, as
/// the console does), alone and beside 64 greedy clients of the map, turn by turn in one run. The server is <c>up</c> with the demo city, as
/// it comes. What is compared is the time that 95 of 100 orders stay under; an aim of 2 says that it may at most double.
/// </summary>
internal static class DispatchUnderLoad
{
    private const int Rounds = 5, Orders = 60, Keys = 4;
    private const double Aim = 2.0;

    /// <param name="arguments">More of what <c>up</c> is started with.</param>
    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        Console.WriteLine($"load average at the start: {await File.ReadAllTextAsync("/proc/loadavg")}");
        await using ServerProcess server = await ServerProcess.UpAsync(arguments);
        using Desk desk = await Desk.SignInAsync(server.Address, "dispatcher1", server.Passwords["dispatcher1"]);
        using Desk admin = await Desk.SignInAsync(server.Address, "admin", server.Passwords["admin"]);
        var keys = new List<string>();
        for (int number = 0; number < Keys; number++)
        {
            JsonElement key = await admin.PostAsync("/api/admin/keys", new { department = "city", role = "department", name = $"greedy {number}", scopes = new[] { "map" } });
            keys.Add(key.GetProperty("secret").GetString()!);
        }

        await MeasureAsync(desk, Orders);
        (var ratios, var allIdle, var allLoaded) = (new List<double>(), new Measured(), new Measured());
        for (int round = 1; round <= Rounds; round++)
        {
            Measured idle = await MeasureAsync(desk, Orders);
            using Process greedy = StartGreedy(server.Address, keys);
            await Task.Delay(TimeSpan.FromSeconds(3));
            Measured loaded = await MeasureAsync(desk, Orders);
            greedy.StandardInput.Close();
            string served = (await greedy.StandardOutput.ReadToEndAsync()).Trim();
            await greedy.WaitForExitAsync();
            ratios.Add(loaded.At(0.95) / idle.At(0.95));
            allIdle.AddAll(idle);
            allLoaded.AddAll(loaded);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round}: alone median {idle.Median:0.0} p95 {idle.At(0.95):0.0} ms, beside 64 median {loaded.Median:0.0} p95 {loaded.At(0.95):0.0} ms, ratio {ratios[^1]:0.00}; answers to the 64: {served}"));
            await Task.Delay(TimeSpan.FromSeconds(2));
        }

        string load = await File.ReadAllTextAsync("/proc/loadavg");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"all rounds: p95 alone {allIdle.At(0.95):0.0} ms, beside 64 {allLoaded.At(0.95):0.0} ms; load average at the end: {load}"));
        return new Verdict(ratios.Median(), Aim, AtMost: true);
    }

    private static async Task<Measured> MeasureAsync(Desk desk, int orders)
    {
        var times = new Measured();
        for (int order = 0; order < orders; order++)
        {
            double lon = 118.55 + (order % 8 * 0.008), lat = 37.44 + (order / 8 % 8 * 0.004);
            JsonElement incident = await times.TimeAsync(() => OrderAsync(desk, lon, lat));
            string id = incident.GetProperty("id").GetString()!;
            string assignment = incident.GetProperty("assignments")[0].GetProperty("id").GetString()!;
            await desk.PostAsync($"/api/assignments/{assignment}/cancel", new { commandId = Guid.NewGuid(), reason = "测量" });
            await desk.PostAsync($"/api/incidents/{id}/close", new { commandId = Guid.NewGuid(), disposition = "other" });
        }

        return times;
    }

    private static async Task<JsonElement> OrderAsync(Desk desk, double lon, double lat)
    {
        JsonElement incident = await desk.PostAsync("/api/incidents", new
        {
            commandId = Guid.NewGuid(),
            type = "medical",
            priority = 2,
            complaint = "胸痛",
            callbackNumber = "0546-8300000",
            place = new { lon, lat, address = "黄河路100号" },
            readBack = true,
        });
        JsonElement advice = await desk.GetAsync(FormattableString.Invariant($"/api/recommendations?lon={lon}&lat={lat}"));
        return await desk.PostAsync(
            $"/api/incidents/{incident.GetProperty("id").GetString()}/assignments",
            new { commandId = Guid.NewGuid(), unitIds = new[] { advice.GetProperty("units")[0].GetProperty("unitId").GetString() } });
    }

    private static Process StartGreedy(Uri address, List<string> keys)
    {
        Process greedy = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "GeoDispatch.Benchmarks.dll"), GreedyClients.Name, address.ToString(), .. keys])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        // They would be on other machines: what they do with the answers must not take the server's cores.
        greedy.PriorityClass = ProcessPriorityClass.BelowNormal;
        return greedy;
    }
}
