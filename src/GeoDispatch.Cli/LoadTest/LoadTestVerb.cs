using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Tracking.Devices;

namespace GeoDispatch.Cli.LoadTest;

/// <summary>
/// <c>loadtest fixes</c>: devices in a process of their own that send by real sockets, and at the end the question to the database whether
/// each acknowledgement was true. Exit code 1 where one was not, 3 where some fixes were not acknowledged until the end.
/// </summary>
internal static class LoadTestVerb
{
    private const string SecretFile = "loadtest.secret";
    private const int OtherFiles = 300;

    internal static Command Create(Option<DirectoryInfo?> home)
    {
        Option<int> devices = Number("--devices", "合成车辆数 / synthetic vehicles", 100, 1, 50_000);
        Option<double> rate = new("--rate") { Description = "全部车辆每秒定位点数 / fixes of all vehicles a second (default: each vehicle one in 5 s)" };
        var protocol = new Option<string>("--protocol") { Description = string.Join(" | ", LoadRun.Protocols), DefaultValueFactory = _ => "jt808" };
        protocol.AcceptOnlyFromAmong(LoadRun.Protocols);
        Option<int> batch = Number("--batch", "一次发送的定位点数 / fixes in one message", 1, 1, 30);
        Option<int> seconds = Number("--seconds", "时长 / how long", 60, 1, 86_400);
        Option<int> warmUp = Number("--warm-up", "开头不计入用时的秒数 / seconds at the start whose times are not measured: devices connect", 10, 0, 3_600);
        Option<int> grace = Number("--grace", "结束后等待确认的秒数 / seconds in which the last are still acknowledged", 60, 1, 3_600);
        var untilInputEnds = new Option<bool>("--until-input-ends")
        {
            Description = "输入结束即停,至多 --seconds / make fixes until the input ends, at most --seconds: for programs that start this one",
        };
        var url = new Option<string>("--url") { Description = "服务器地址 / the server", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            {
                result.AddError("--url: http(s)://…");
            }
        });
        var terminals = new Option<string>("--jt808")
        {
            Description = "JT/T 808 地址 / where it listens to terminals, ADDRESS:PORT",
            DefaultValueFactory = _ => $"127.0.0.1:{Jt808Settings.UsualPort}",
        };
        terminals.Validators.Add(result =>
        {
            if (!IPEndPoint.TryParse(result.GetValueOrDefault<string>() ?? "", out _))
            {
                result.AddError("--jt808: ADDRESS:PORT");
            }
        });
        var process = new Option<int?>("--server-pid") { Description = "服务器进程号,显示其内存 / process of the server, to show its memory" };
        var fixes = new Command("fixes", "发送定位点并核对确认 / send fixes, and check every acknowledgement against the database")
        {
            devices, rate, protocol, batch, seconds, warmUp, grace, url, terminals, process, untilInputEnds,
        };
        fixes.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(home)?.FullName ?? ProductFolders.Find().DefaultHome,
            new LoadWishes(
                parsed.GetValue(devices),
                parsed.GetValue(rate) is > 0 and var wished ? wished : parsed.GetValue(devices) / 5.0,
                parsed.GetValue(protocol)!,
                parsed.GetValue(batch),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                TimeSpan.FromSeconds(parsed.GetValue(grace)),
                new Uri(parsed.GetValue(url)!),
                IPEndPoint.Parse(parsed.GetValue(terminals)!),
                parsed.GetValue(process),
                []),
            parsed.GetValue(untilInputEnds),
            cancellation));
        return new Command("loadtest", "负载测试 / load tests on a demo or exercise database") { fixes };
    }

    private static async Task<int> RunAsync(string home, LoadWishes wishes, bool untilInputEnds, CancellationToken cancellation)
    {
        if (wishes.Protocol == "jt808" && wishes.PerSecond > wishes.Devices)
        {
            throw new SetupException("--rate: JT/T 808 的时间以秒计,每车每秒至多一点 / times of JT/T 808 are whole seconds: at most one fix a second of each vehicle");
        }

        MustHaveFiles(wishes.Protocol == "http" ? Math.Min(wishes.Devices, 2_000) : wishes.Devices);
        wishes = wishes with { Secret = await SecretAsync(home, cancellation) };
        LoadOutcome outcome = await new LoadRun(wishes, Console.WriteLine, TimeProvider.System).RunAsync(
            async stop =>
            {
                ProductDatabase visit = await ProductDatabase.VisitAsync(home, Console.Error.WriteLine, stop);
                return new LoadDatabase(visit.ConnectionString, visit);
            },
            untilInputEnds ? EndOfInput() : CancellationToken.None,
            cancellation);
        Console.WriteLine(outcome.IsTrue ? "每个确认都属实 / Every acknowledgement was true" : "确认与数据库不符 / Acknowledgements and the database differ");
        return !outcome.IsTrue ? 1 : outcome.Figures.Waiting > 0 ? 3 : 0;
    }

    private static CancellationToken EndOfInput()
    {
        var ending = new CancellationTokenSource();
        // The console reads without giving its thread back.
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await ending.CancelAsync();
        });
        return ending.Token;
    }

    /// <summary>The same vehicles at the next run; readable by the owner of the home alone.</summary>
    private static async Task<byte[]> SecretAsync(string home, CancellationToken cancellation)
    {
        string path = Path.Combine(home, SecretFile);
        try
        {
            Directory.CreateDirectory(home);
            await using var made = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await made.WriteAsync(RandomNumberGenerator.GetBytes(32), cancellation);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Of an earlier run, or of one that began a moment ago.
        }

        for (int tries = 0; ; tries++)
        {
            byte[] secret = await File.ReadAllBytesAsync(path, cancellation);
            if (secret.Length == 32)
            {
                return secret;
            }

            await Task.Delay(100, cancellation);
            if (tries == 20)
            {
                throw new SetupException($"{path} 已损坏,请删除 / is damaged: delete it");
            }
        }
    }

    private static void MustHaveFiles(int sockets)
    {
        if (TerminalRoom.MayOpen() is { } most && most < sockets + OtherFiles)
        {
            throw new SetupException($"--devices: 系统只允许 {most} 个文件 / the system allows {most} files: ulimit -Hn {sockets + OtherFiles}");
        }
    }

    private static Option<int> Number(string name, string description, int standard, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
            {
                result.AddError($"{name}: {least}…{most}");
            }
        });
        return option;
    }
}
