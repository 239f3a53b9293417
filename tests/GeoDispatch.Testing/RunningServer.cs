using System.Net;
using GeoDispatch.Host;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Jt808;
using GeoDispatch.Tracking.Devices.Mqtt;
using GeoDispatch.Tracking.Devices.Nmea;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace GeoDispatch.Testing;

/// <summary>The whole application on a free port of this machine, over a database of its own with the demo city. A class fixture.</summary>
public sealed class RunningServer(TestCluster cluster) : IAsyncLifetime
{
    private readonly List<Session> sessions = [];
    private WebApplication? app;
    private TestDatabase? database;

    /// <summary>The folder of its state besides the database.</summary>
    public string Home { get; private set; } = "";

    /// <summary>The built web console; null serves the interfaces alone.</summary>
    public string? ConsoleFolder { get; init; }

    /// <summary>Its time of day; an exercise has its own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Nobody is counted: a test program asks more than a department.</summary>
    public QuotaSettings Quota { get; init; } = new() { PerSecond = 0, WrongKeysPerMinute = 0 };

    /// <summary>Whose forwarded addresses it believes.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Patient: on a busy machine a turn may be long in coming.</summary>
    public MapLoadSettings MapLoad { get; init; } = new() { AtOnce = 4, Waiting = 1_000, LongestWait = TimeSpan.FromSeconds(60), Answers = 10_000 };

    /// <summary>Where it serves.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>How it listens to terminals of JT/T 808; without an address on any free port.</summary>
    public Jt808Settings Jt808 { get; init; } = new();

    /// <summary>Where terminals of JT/T 808 reach it.</summary>
    public IPEndPoint Jt808Address => Services.GetRequiredService<Jt808Listener>().Address!;

    /// <summary>Where terminals that send NMEA 0183 reach it, by TCP and UDP.</summary>
    public IPEndPoint NmeaAddress => Services.GetRequiredService<NmeaListener>().Address!;

    /// <summary>Where terminals that speak MQTT reach it.</summary>
    public IPEndPoint MqttAddress => Services.GetRequiredService<MqttListener>().Address!;

    /// <summary>What it writes to.</summary>
    public TestDatabase Database => database ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>The parts of the running application, for what a test cannot see from outside.</summary>
    public IServiceProvider Services => (app ?? throw new InvalidOperationException("The server has not been started.")).Services;

    /// <summary>The crews of the demo city's ambulances.</summary>
    public IReadOnlyList<DemoCrew> Crews => [.. Database.Credentials.Crews.Where(static crew => crew.CallSign[0] == 'A')];

    /// <summary>The crew with this call sign, of any agency.</summary>
    public DemoCrew Crew(string callSign) => Database.Credentials.Crews.Single(crew => crew.CallSign == callSign);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        database = await cluster.CityAsync();
        Home = cluster.Folder.NewHome();
        await StartAsync();
    }

    /// <summary>Stops the application and puts a new one together over the same database and home. Its port is another.</summary>
    /// <param name="meanwhile">What happens while it is down.</param>
    public async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        await StopAsync();
        if (meanwhile is not null)
        {
            await meanwhile();
        }

        await StartAsync();
    }

    /// <summary>A browser in which nobody is signed in.</summary>
    public Session Anonymous()
    {
        var session = new Session(Address);
        sessions.Add(session);
        return session;
    }

    /// <param name="userName">A desk or a crew of the demo city.</param>
    public async Task<Session> SignInAsync(string userName)
    {
        Session session = Anonymous();
        (await session.SignInAsync(userName, Database.Credentials.PasswordOf(userName))).Read<SessionView>();
        return session;
    }

    /// <summary>The first desk of the demo city.</summary>
    public Task<Session> DispatcherAsync() => SignInAsync("dispatcher1");

    /// <summary>The crew of a unit.</summary>
    public Task<Session> CrewAsync(Guid unitId) => SignInAsync(Database.Credentials.CrewOf(unitId).UserName);

    /// <summary>A connected hub on which the session's person listens.</summary>
    /// <param name="packs">In MessagePack, as the console does; else in JSON.</param>
    public async Task<HubConnection> ListenAsync(Session session, string hub, Action<HubConnection>? before = null, bool packs = false)
    {
        IHubConnectionBuilder builder = new HubConnectionBuilder().WithUrl(new Uri(Address, hub), options => options.Cookies = session.Cookies);
        HubConnection connection = (packs ? builder.AddMessagePackProtocol() : builder).Build();
        before?.Invoke(connection);
        await connection.StartAsync();
        return connection;
    }

    /// <summary>A vehicle's terminal, connected as the ones on the road are.</summary>
    public async Task<HubConnection> DeviceAsync(DemoCrew crew)
    {
        HubConnection connection = new HubConnectionBuilder()
            .WithUrl(new Uri(Address, "/hubs/positions"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(crew.DeviceCredential))
            .AddMessagePackProtocol()
            .Build();
        await connection.StartAsync();
        return connection;
    }

    /// <summary>Sends fixes over HTTP as a terminal without a connection.</summary>
    public async Task<Answer> SendFixesAsync(DemoCrew crew, params AvlFix[] fixes) =>
        await SendFixesAsync(crew.DeviceCredential, new SendFixesRequest(crew.DeviceId, fixes));

    /// <param name="credential">Null sends none.</param>
    /// <param name="body">Becomes JSON.</param>
    public async Task<Answer> SendFixesAsync(string? credential, object body)
    {
        using var device = new Session(Address);
        return await device.SendFixesAsync(credential, body);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        sessions.ForEach(session => session.Dispose());
        await StopAsync();
    }

    private async Task StartAsync()
    {
        app = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = Database.ConnectionString,
            Home = Home,
            TilesFolder = Product.Tiles,
            ConsoleFolder = ConsoleFolder,
            Urls = "http://127.0.0.1:0",
            Clock = Clock,
            Quota = Quota,
            Proxies = Proxies,
            MapLoad = MapLoad,
            Nmea = new NmeaSettings { Listen = new IPEndPoint(IPAddress.Loopback, 0) },
            Mqtt = new MqttSettings { Listen = new IPEndPoint(IPAddress.Loopback, 0) },
            Jt808 = Jt808 with { Listen = Jt808.Listen ?? new IPEndPoint(IPAddress.Loopback, 0) },
        });
        await app.StartAsync();
        Address = new Uri(app.Urls.Single());
    }

    private async Task StopAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            app = null;
        }
    }
}
