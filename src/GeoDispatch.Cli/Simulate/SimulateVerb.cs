using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;

namespace GeoDispatch.Cli.Simulate;

/// <summary>What one crew signs in with, and its terminal; as the demo seed wrote it.</summary>
internal sealed record CrewCredentials(
    Guid UnitId, string CallSign, string UserName, string Password, Guid DeviceId, string DeviceCredential);

/// <summary><c>simulate</c>: crews of the demo city who drive, press their milestones and send fixes, as real ones would.</summary>
internal static class SimulateVerb
{
    private sealed record CredentialsFile(string? ServerUrl, CrewCredentials[]? Crews);

    private sealed record Wishes(string File, int Units, string? Url, double Pace, string? Journal);

    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var units = new Option<int>("--units") { Description = "车组数 / how many crews", DefaultValueFactory = _ => 10 };
        units.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--units: 至少为1 / must be at least 1");
            }
        });
        var url = new Option<string?>("--url") { Description = "服务器地址 / the server (default: http://127.0.0.1:8080)" };
        url.Validators.Add(CheckWeb);
        var pace = new Option<double>("--pace")
        {
            Description = "车组动作与行驶加快的倍数 / how many times faster crews act and drive, 0.1 to 100",
            DefaultValueFactory = _ => 1,
        };
        pace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 100))
            {
                result.AddError("--pace: 0.1–100");
            }
        });
        var journal = new Option<FileInfo?>("--journal")
        {
            Description = "确认记录文件 / a file that gets a line for each acknowledged fix and command",
        };
        var verb = new Command("simulate", "模拟车组 / simulate crews of the demo city") { units, url, pace, journal, SimulateTelephony.Create() };
        verb.SetAction((parsed, cancellation) => RunAsync(
            new Wishes(
                Path.Combine(parsed.GetValue(home)?.FullName ?? ProductFolders.Find().DefaultHome, DemoSeed.CredentialsFile),
                parsed.GetValue(units),
                parsed.GetValue(url),
                parsed.GetValue(pace),
                parsed.GetValue(journal)?.FullName),
            cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(Wishes wishes, CancellationToken cancellation)
    {
        CredentialsFile credentials = await ReadAsync(wishes.File, cancellation);
        CrewCredentials[] crews = credentials.Crews ?? [];
        if (crews.Length < wishes.Units)
        {
            throw new SetupException($"--units {wishes.Units}: 演示城市只有 / the demo city has only {crews.Length}");
        }

        var server = new Uri(wishes.Url ?? credentials.ServerUrl ?? "http://127.0.0.1:8080");
        using SimulateJournal? journal = wishes.Journal is { } path ? new SimulateJournal(path) : null;
        using var clock = new SimulateClock(server, TimeProvider.System);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await clock.SynchronizeAsync(stopping.Token);
            Console.WriteLine($"{wishes.Units} 个车组 / crews → {server}   (Ctrl-C 停止 / stops)");
            List<Task> running = [clock.KeepAsync(stopping.Token)];
            foreach (CrewCredentials crew in crews[..wishes.Units])
            {
                running.Add(RunCrewAsync(crew, new SimulateContext(server, clock, wishes.Pace, journal), stopping.Token));
            }

            // Nobody ends by itself: the first to end failed, or everybody was stopped.
            Task first = await Task.WhenAny(running);
            await stopping.CancelAsync();
            await Task.WhenAll(running).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await first;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.WriteLine("已停止 / Stopped");
        }

        return 0;
    }

    private static async Task RunCrewAsync(CrewCredentials credentials, SimulateContext context, CancellationToken stopping)
    {
        await using var crew = new SimulateCrew(credentials, context);
        await crew.RunAsync(stopping);
    }

    private static async Task<CredentialsFile> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using FileStream file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<CredentialsFile>(file, JsonSerializerOptions.Web, cancellation)
                ?? throw new JsonException();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SetupException($"{path} 无法读取;先运行 up 装入演示城市 / cannot be read: run up first, which seeds the demo city");
        }
    }

    /// <summary>Refuses what is no address of http or https.</summary>
    internal static void CheckWeb(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            result.AddError($"{result.Option.Name} {text}: 应为 / must be http(s)://…");
        }
    }
}
