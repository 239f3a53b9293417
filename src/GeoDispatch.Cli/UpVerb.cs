using System.CommandLine;
using System.Diagnostics;
using System.Net;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Cli.Simulate;
using GeoDispatch.Dispatch.Calls.Link;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Host;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Tracking.Devices;

namespace GeoDispatch.Cli;

/// <summary><c>up</c>: from nothing to a running city, and the same city again at each later start.</summary>
internal static class UpVerb
{
    private const string GatewayKey = "GEODISPATCH_MESSAGE_GATEWAY_KEY";

    private sealed record Wishes(string Home, string Urls, bool Demo, bool MayInstall, string? Clock, int TileMemory, int TileDisk, int PerSecond, int AtOnce, IReadOnlyList<IPNetwork> Proxies, IPEndPoint? Jt808, IPEndPoint? Nmea, IPEndPoint? Mqtt, Uri? MessageGateway, int WishMinutes, int OwnAreaSeconds, int TransferUncover);

    private static IPNetwork? FindNetwork(string value) =>
        IPNetwork.TryParse(value, out IPNetwork network) ? network
        : IPAddress.TryParse(value, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "监听地址 / addresses to serve on, separated by semicolons",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var city = new Option<string>("--city")
        {
            Description = "空库装入演示城市或不装 / fill an empty database with the demo city, or with none",
            DefaultValueFactory = _ => "demo",
        };
        city.AcceptOnlyFromAmong("demo", "none");
        var noInstall = new Option<bool>("--no-install") { Description = "缺少软件包时不安装 / do not install what is missing" };
        var clock = new Option<string?>("--clock") { Description = "演练时钟 / exercise clock START@SPEED, e.g. 2026-11-24T08:00+08:00@10" };
        var tileMemory = Megabytes("--tile-memory", "内存中保留的瓦片 / tiles kept in memory, MB; 0: none", 256);
        var tileDisk = Megabytes("--tile-disk", "磁盘上保留的瓦片 / tiles kept on disk over restarts, MB; 0: none", 1024);
        var perSecond = new Option<int>("--per-second")
        {
            Description = "地图每个来源的每秒配额 / quota of the map a second for each key, account or address; 0: none",
            DefaultValueFactory = _ => new QuotaSettings().PerSecond,
        };
        perSecond.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 10_000)
            {
                result.AddError("--per-second: 0…10000");
            }
        });
        var atOnce = new Option<int>("--map-at-once")
        {
            Description = "地图同时执行的查询数 / queries and drawings of the map that run at one time (default: half of the cores)",
            DefaultValueFactory = _ => new MapLoadSettings().AtOnce,
        };
        atOnce.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 12)
            {
                result.AddError("--map-at-once: 1…12");
            }
        });
        var proxy = new Option<string[]>("--proxy")
        {
            Description = "可信的反向代理,地址或网段 / proxies in front whose X-Forwarded-For is believed: addresses or networks, e.g. 10.0.0.1 10.1.0.0/16",
            AllowMultipleArgumentsPerToken = true,
        };
        proxy.Validators.Add(result =>
        {
            foreach (string value in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (FindNetwork(value) is null)
                {
                    result.AddError($"--proxy: {value}");
                }
            }
        });
        Option<string> jt808 = Terminals("--jt808", "JT/T 808 车载终端", "vehicle terminals of JT/T 808", Jt808Settings.UsualPort);
        Option<string> nmea = Terminals("--nmea", "NMEA 0183 终端(TCP 与 UDP)", "terminals that send NMEA 0183, by TCP and UDP,", NmeaSettings.UsualPort);
        Option<string> mqtt = Terminals("--mqtt", "MQTT 终端", "terminals of MQTT", MqttSettings.UsualPort);
        var gateway = new Option<string?>("--message-gateway")
        {
            Description = "短信网关,POST {to, text};密钥取自环境变量 / gateway for text messages to callers; its key stands in the environment: " + GatewayKey,
        };
        gateway.Validators.Add(SimulateVerb.CheckWeb);
        Option<int> wishMinutes = Limited(
            "--wish-minutes", "濒危、危重患者自选医院最多多用的分钟 / minutes that the wish for a hospital may cost a patient of level 1 or 2",
            (int)new HospitalChoiceSettings().WishMayCost.TotalMinutes, 120);
        Option<int> ownAreaSeconds = Limited(
            "--own-area-seconds", "片区车组最多慢多少秒仍排在前 / seconds that a unit may be later and still go first in its own area",
            (int)new RecommendationSettings().OwnAreaMayCost.TotalSeconds, 600);
        Option<int> transferUncover = Limited(
            "--transfer-uncover", "转运出车最多留下多少无车可到的地址 / addresses that a transfer may leave with no unit in time",
            new RecommendationSettings().TransferMayUncover, 1_000_000);
        var verb = new Command("up", "启动 / start everything") { urls, city, noInstall, clock, tileMemory, tileDisk, perSecond, atOnce, proxy, jt808, nmea, mqtt, gateway, wishMinutes, ownAreaSeconds, transferUncover };
        verb.SetAction((parsed, cancellation) => RunAsync(
            ProductFolders.Find(),
            new Wishes(
                parsed.GetValue(home)?.FullName ?? ProductFolders.Find().DefaultHome,
                parsed.GetValue(urls)!,
                parsed.GetValue(city) == "demo",
                !parsed.GetValue(noInstall),
                parsed.GetValue(clock),
                parsed.GetValue(tileMemory),
                parsed.GetValue(tileDisk),
                parsed.GetValue(perSecond),
                parsed.GetValue(atOnce),
                [.. (parsed.GetValue(proxy) ?? []).Select(static value => FindNetwork(value)!.Value)],
                Listen(parsed.GetValue(jt808)),
                Listen(parsed.GetValue(nmea)),
                Listen(parsed.GetValue(mqtt)),
                parsed.GetValue(gateway) is { } address ? new Uri(address) : null,
                parsed.GetValue(wishMinutes),
                parsed.GetValue(ownAreaSeconds),
                parsed.GetValue(transferUncover)),
            cancellation));
        return verb;
    }

    /// <param name="most">From 0 to this.</param>
    private static Option<int> Limited(string name, string description, int usual, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < 0 || value > most))
            {
                result.AddError($"{name}: 0…{most}");
            }
        });
        return option;
    }

    private static IPEndPoint? Listen(string? value) => IPEndPoint.TryParse(value ?? "", out IPEndPoint? address) ? address : null;

    private static Option<string> Terminals(string name, string chinese, string english, int port)
    {
        var option = new Option<string>(name)
        {
            Description = $"{chinese}的监听地址,none 不监听 / where {english} connect, ADDRESS:PORT; none: nowhere",
            DefaultValueFactory = _ => $"127.0.0.1:{port}",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } value && value != "none" && Listen(value) is null)
            {
                result.AddError($"{name} {value}: ADDRESS:PORT, 0.0.0.0:{port}; none");
            }
        });
        return option;
    }

    private static Option<int> Megabytes(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError($"{name}: 0, 1, 2, … MB");
            }
        });
        return option;
    }

    private static async Task<int> RunAsync(ProductFolders folders, Wishes wishes, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        void Say(string line) => Console.WriteLine($"[{watch.Elapsed.TotalSeconds,5:0.0} s] {line}");

        Task console = ConsoleBuild.EnsureAsync(folders, Say, cancellation);
        await using ProductDatabase database = await ProductDatabase.OpenAsync(wishes.Home, wishes.MayInstall, Say, cancellation);
        Say("数据库就绪 / Database ready");
        int ran = GeoDispatchServer.Migrate(database.ConnectionString).Count;
        if (ran > 0)
        {
            Say($"数据库结构已升级 / Schema brought up to date: {ran}");
        }

        await console;
        Precedence.PromptThisProcess();
        await using WebApplication app = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = database.ConnectionString,
            Home = wishes.Home,
            TilesFolder = folders.Tiles,
            ConsoleFolder = folders.Console,
            Urls = wishes.Urls,
            TileMemoryBytes = (long)wishes.TileMemory << 20,
            TileDiskBytes = (long)wishes.TileDisk << 20,
            Proxies = wishes.Proxies,
            Quota = new QuotaSettings { PerSecond = wishes.PerSecond },
            Jt808 = new Jt808Settings { Listen = wishes.Jt808 },
            Nmea = new NmeaSettings { Listen = wishes.Nmea },
            Mqtt = new MqttSettings { Listen = wishes.Mqtt },
            MapLoad = new MapLoadSettings { AtOnce = wishes.AtOnce },
            CallerMessages = new CallerMessageSettings { GatewayUrl = wishes.MessageGateway, GatewayKey = Environment.GetEnvironmentVariable(GatewayKey) },
            Recommendation = new RecommendationSettings { OwnAreaMayCost = TimeSpan.FromSeconds(wishes.OwnAreaSeconds), TransferMayUncover = wishes.TransferUncover },
            HospitalChoice = new HospitalChoiceSettings { WishMayCost = TimeSpan.FromMinutes(wishes.WishMinutes) },
            Clock = await ClockAsync(wishes, database.ConnectionString, cancellation),
        });
        if (wishes.Demo && await DemoSeed.RunAsync(app.Services, wishes.Home, new Lines(Say), cancellation))
        {
            Say("演示城市已装入 / Demo city seeded (synthetic)");
        }

        Show(await DemoSeed.DeskAccountsAsync(app.Services, cancellation));
        await StartAsync(app, wishes, cancellation);
        Say($"已启动 / Serving on {string.Join(' ', app.Urls)}   (Ctrl-C 停止 / stops)");
        await app.WaitForShutdownAsync(cancellation);
        Say("正在停止 / Stopping");
        return 0;
    }

    /// <exception cref="SetupException">A port cannot be had; what had begun has ended.</exception>
    private static async Task StartAsync(WebApplication app, Wishes wishes, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (Ports.Explain(failure, wishes.Urls, wishes.Nmea, wishes.Mqtt) is { } line)
        {
            await app.StopAsync(cancellation);
            throw new SetupException(line);
        }
    }

    private static async Task<TimeProvider> ClockAsync(Wishes wishes, string connectionString, CancellationToken cancellation)
    {
        if (wishes.Clock is null)
        {
            return TimeProvider.System;
        }

        if (!ExerciseClock.TryParse(wishes.Clock, out DateTimeOffset start, out double speed))
        {
            throw new SetupException($"--clock {wishes.Clock}: 应为 / must be START@SPEED, 2026-11-24T08:00+08:00@10, 0 < SPEED ≤ 1000");
        }

        return await ExerciseRules.ResumeAsync(connectionString, start, speed, cancellation)
            ?? throw new SetupException("演练时钟只用于演示或演练数据库 / An exercise clock is for a demo or exercise database alone");
    }

    private static void Show(IReadOnlyList<NewAccount> accounts)
    {
        if (accounts.Count == 0)
        {
            return;
        }

        Console.WriteLine("账号(仅显示这一次)/ Accounts (shown this once):");
        foreach (NewAccount account in accounts)
        {
            Console.WriteLine($"  {account.UserName,-12} {account.Password}   {account.Role}");
        }
    }

    private sealed class Lines(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}
