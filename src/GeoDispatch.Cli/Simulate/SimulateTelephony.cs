using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using GeoDispatch.Cli.Cluster;

namespace GeoDispatch.Cli.Simulate;

/// <summary>
/// <c>simulate telephony</c>: an exchange that lets calls ring, by the server's own webhook. Every number begins with 120 and has eleven digits,
/// which no telephone of China has: they begin with 13 to 19.
/// </summary>
internal static class SimulateTelephony
{
    private sealed record Wishes(
        Uri Server, string Key, double PerMinute, int Calls, string[] Seats, double Dropped, double Silent, double Aml, double Pace, int Seed);

    private static readonly TimeSpan AliveEach = TimeSpan.FromSeconds(1);

    /// <param name="Clock">The server's: an exercise may run at another time of day.</param>
    private sealed record Exchange(HttpClient Http, SimulateClock Clock);

    internal static Command Create()
    {
        var url = new Option<string>("--url") { Description = "服务器地址 / the server", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        url.Validators.Add(SimulateVerb.CheckWeb);
        var keyFile = new Option<FileInfo>("--key-file") { Description = "存有密钥的文件,范围 telephony / a file with a key of the scope telephony", Required = true };
        Option<double> perMinute = Number("--per-minute", "每分钟来电数 / calls a minute", 6, 0.1, 6_000);
        var calls = new Option<int>("--calls") { Description = "来电总数,0 为不停 / how many in all; 0: until stopped", DefaultValueFactory = _ => 0 };
        var seats = new Option<string[]>("--seats")
        {
            Description = "由交换机接到这些坐席;缺省只振铃 / put through to these seats; by default they ring until somebody takes them",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        Option<double> dropped = Number("--dropped", "未接即挂断的比例 / share that hangs up before the answer", 0.1, 0, 1);
        Option<double> silent = Number("--silent", "无声来电的比例 / share in which nobody speaks", 0.05, 0, 1);
        Option<double> aml = Number("--aml", "带 AML 定位的比例 / share whose telephone sends its place", 0.5, 0, 1);
        Option<double> pace = Number("--pace", "加快的倍数 / how many times faster than people", 1, 0.1, 1_000);
        var seed = new Option<int>("--seed") { Description = "随机种子 / the same seed makes the same calls", DefaultValueFactory = _ => 120 };
        var verb = new Command("telephony", "模拟电话交换机 / simulate a telephone exchange") { url, keyFile, perMinute, calls, seats, dropped, silent, aml, pace, seed };
        verb.SetAction((parsed, cancellation) => RunAsync(
            new Wishes(
                new Uri(parsed.GetValue(url)!), ReadKey(parsed.GetValue(keyFile)!), parsed.GetValue(perMinute), parsed.GetValue(calls), parsed.GetValue(seats)!,
                parsed.GetValue(dropped), parsed.GetValue(silent), parsed.GetValue(aml), parsed.GetValue(pace), parsed.GetValue(seed)),
            cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(Wishes wishes, CancellationToken cancellation)
    {
        using var clock = new SimulateClock(wishes.Server, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = wishes.Server, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Add("X-API-Key", wishes.Key);
        var chance = new Random(wishes.Seed);
        var speaking = new List<Task>();
        int rung = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task alive = TellAliveAsync(http, over.Token);
        try
        {
            await clock.SynchronizeAsync(cancellation);
            for (; wishes.Calls == 0 || rung < wishes.Calls; rung++)
            {
                // Callers do not know of each other: the pauses between them are exponential.
                await WaitAsync(-Math.Log(1 - chance.NextDouble()) * 60 / wishes.PerMinute, wishes, cancellation);
                speaking.RemoveAll(static call => call.IsCompletedSuccessfully);
                // What was refused once will be refused again: the first refusal ends the exchange and says why.
                await (speaking.Find(static call => call.IsFaulted) ?? Task.CompletedTask);
                speaking.Add(CallAsync(new Exchange(http, clock), wishes, new Random(chance.Next()), cancellation));
            }

            await Task.WhenAll(speaking);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped by whoever started it.
        }

        await over.CancelAsync();
        await alive;
        Console.WriteLine($"{rung} 个来电 / calls (synthetic)");
        return 0;
    }

    /// <summary>That it is there, each second; one that is lost is made good by the next.</summary>
    private static async Task TellAliveAsync(HttpClient http, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                using HttpResponseMessage answer = await http.PostAsync(new Uri("/api/telephony/alive", UriKind.Relative), null, over);
                await Task.Delay(AliveEach, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (SimulateBackOff.IsPassing(failure, over))
            {
                await Task.Delay(AliveEach, CancellationToken.None);
            }
        }
    }

    private static async Task CallAsync(Exchange exchange, Wishes wishes, Random chance, CancellationToken cancellation)
    {
        string callId = $"synthetic-{Guid.NewGuid():N}", number = (12000000000 + chance.NextInt64(100_000_000)).ToString(CultureInfo.InvariantCulture);
        await TellAsync(exchange, callId, "ringing", number, null, cancellation);
        if (chance.NextDouble() < wishes.Dropped)
        {
            await WaitAsync(2 + chance.NextDouble() * 8, wishes, cancellation);
            await TellAsync(exchange, callId, "ended", number, null, cancellation);
            return;
        }

        await WaitAsync(1 + chance.NextDouble() * 9, wishes, cancellation);
        if (wishes.Seats.Length > 0)
        {
            await TellAsync(exchange, callId, "answered", number, wishes.Seats[chance.Next(wishes.Seats.Length)], cancellation);
        }

        bool silent = chance.NextDouble() < wishes.Silent;
        if (!silent && chance.NextDouble() < wishes.Aml)
        {
            await WaitAsync(5, wishes, cancellation);
            await SendPlaceAsync(exchange, number, chance, cancellation);
        }

        await WaitAsync(silent ? 5 + chance.NextDouble() * 5 : 40 + chance.NextDouble() * 120, wishes, cancellation);
        await TellAsync(exchange, callId, "ended", number, null, cancellation);
    }

    private static Task TellAsync(Exchange exchange, string callId, string kind, string number, string? seat, CancellationToken cancellation) =>
        SendAsync(exchange.Http, "/api/telephony/events", new { eventId = $"{callId}-{kind}", callId, kind, number, seat, at = exchange.Clock.Now }, cancellation);

    private static Task SendPlaceAsync(Exchange exchange, string number, Random chance, CancellationToken cancellation)
    {
        // Somewhere in the demo city, as a telephone with satellites or with a cell alone.
        double lat = 37.455 + (chance.NextDouble() - 0.5) * 0.08, lon = 118.58 + (chance.NextDouble() - 0.5) * 0.12;
        bool satellites = chance.Next(4) > 0;
        return SendAsync(exchange.Http, "/api/telephony/aml", new
        {
            number,
            text = string.Create(
                CultureInfo.InvariantCulture,
                $"A\"ML=1;lt=+{lat:00.00000};lg=+{lon:000.00000};rd={(satellites ? chance.Next(5, 50) : chance.Next(300, 2_000))};top={exchange.Clock.Now:yyyyMMddHHmmss};lc=90;pm={(satellites ? 'G' : 'C')}"),
        }, cancellation);
    }

    /// <summary>Again until it is taken: an exchange may not lose a call because the server is away for a moment.</summary>
    private static async Task SendAsync(HttpClient http, string path, object body, CancellationToken cancellation)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                using HttpResponseMessage answer = await http.PostAsJsonAsync(path, body, JsonSerializerOptions.Web, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                if ((int)answer.StatusCode < 500 && answer.StatusCode != System.Net.HttpStatusCode.TooManyRequests)
                {
                    throw new SetupException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
                }
            }
            catch (Exception failure) when (SimulateBackOff.IsPassing(failure, cancellation))
            {
                // The server is away; the event bears its id and is sent again.
            }

            await Task.Delay(SimulateBackOff.After(tries), cancellation);
        }
    }

    private static Task WaitAsync(double seconds, Wishes wishes, CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromSeconds(seconds / wishes.Pace), cancellation);

    private static string ReadKey(FileInfo file)
    {
        try
        {
            return File.ReadAllText(file.FullName).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"{file.FullName} 无法读取 / cannot be read");
        }
    }

    private static Option<double> Number(string name, string description, double usual, double least, double most)
    {
        var option = new Option<double>(name) { Description = $"{description}, {least.ToString(CultureInfo.InvariantCulture)}–{most.ToString(CultureInfo.InvariantCulture)}", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() >= least && result.GetValueOrDefault<double>() <= most))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: {least}–{most}"));
            }
        });
        return option;
    }
}
