using System.IO.Compression;
using System.Reflection;
using GeoDispatch.City;
using GeoDispatch.Dispatch;
using GeoDispatch.Ems;
using GeoDispatch.Ems.Triage;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Sharing;
using GeoDispatch.Tracking;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using IPNetwork = System.Net.IPNetwork;

namespace GeoDispatch.Host;

/// <summary>The whole server, as a table of contents.</summary>
public static class GeoDispatchServer
{
    /// <summary>The largest body that a request may have. Files come by the command line.</summary>
    public const int LargestBodyBytes = 1_048_576;

    /// <summary>The longest first line of a request. A filter with a district's border in it is that long, percent-encoded.</summary>
    internal const int LongestRequestLineBytes = 65_536;

    /// <summary>The modules that bring SQL, lowest first: the order of the arrows.</summary>
    internal static readonly Assembly[] Modules =
    [
        typeof(PostgresModule).Assembly,
        typeof(IdentityModule).Assembly,
        typeof(SharingModule).Assembly,
        typeof(CityModule).Assembly,
        typeof(RoadsModule).Assembly,
        typeof(TrackingModule).Assembly,
        typeof(DispatchModule).Assembly,
        typeof(EmsModule).Assembly,
    ];

    /// <summary>Puts the server together; nothing runs until it is started.</summary>
    public static WebApplication Build(ServerSettings settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(GeoDispatchServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Directory.Exists(settings.ConsoleFolder) ? settings.ConsoleFolder : null,
        });
        builder.WebHost.UseUrls(settings.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestBodyBytes;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLineBytes;
        });
        builder.Logging
            .SetMinimumLevel(LogLevel.Warning)
            // The keys lie in a folder that its owner alone may enter; sealing them would need a key beside them.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // What keeps the server from starting is thrown to whoever starts it; what ends a worker later is told as critical.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            // A refusal that a hub answers with is no fault of the server; what is one, the pipeline logs itself.
            .AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical);
        if (!builder.Configuration.GetSection("Logging").GetChildren().Any())
        {
            // It has nothing to say at that level, but while it may say anything it begins a trace and a scope with each request.
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        }

        builder.Services
            .AddSingleton<IMemoryPoolFactory<byte>, AnswerBlocks.Factory>()
            .AddSingleton(settings.Clock)
            .AddSingleton(settings.Quota)
            .AddSingleton(settings.MapLoad)
            .AddPostgres(settings.ConnectionString)
            .AddIdentityModule(Path.Combine(settings.Home, "keys"))
            .AddSharing(settings.TilesFolder, new()
            {
                MemoryBytes = settings.TileMemoryBytes,
                DiskBytes = settings.TileDiskBytes,
                Folder = Path.Combine(settings.Home, "tiles"),
            }, settings.RasterBlock)
            .AddCity()
            .AddRoads()
            .AddTracking(settings.Jt808, settings.Nmea, settings.Mqtt)
            .AddDispatch(settings.CallerMessages, settings.Recommendation)
            .AddEms(new TriageSettings(settings.ProtocolsFolder ?? Path.Combine(settings.Home, "protocols")), settings.HospitalChoice,
                Path.Combine(settings.Home, "patients", "keys"));
        builder.Services
            .AddProblemDetails()
            .AddExceptionHandler<Problems>()
            .AddOpenApi()
            .AddHealth()
            .AddResponseCompression(compression =>
            {
                compression.Providers.Add<BrotliCompressionProvider>();
                compression.Providers.Add<GzipCompressionProvider>();
                compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/geo+json"];
            })
            .Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest)
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .AddSignalR(hub => hub.MaximumReceiveMessageSize = LargestBodyBytes)
            .AddMessagePackProtocol();

        WebApplication app = builder.Build();
        app.BelieveProxies(settings.Proxies);
        app.UseExceptionHandler();
        app.UseStatusCodePages(Problems.OnEmptyAnswer);
        app.UseSecurityHeaders();
        app.RefuseKeysInUrls();
        app.Use(Problems.RefuseLargeBodiesAsync);
        app.UseResponseCompression();
        app.UseConsole();
        app.UseRateLimiter();
        app.UseIdentity();
        app.UseAuthorization();
        app.UseSharing();

        app.MapClock();
        app.MapHealth();
        app.MapOpenApi();
        app.MapIdentity();
        app.MapSharing();
        app.MapCity();
        app.MapRoads();
        app.MapTracking();
        app.MapDispatch();
        app.MapEms();
        app.MapConsole();
        return app;
    }

    private static void BelieveProxies(this WebApplication app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (IPNetwork proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }

    /// <summary>Brings the database to the newest schema.</summary>
    /// <returns>The names of the files that ran now.</returns>
    public static IReadOnlyList<string> Migrate(string connectionString) => Migrations.Run(connectionString, Modules);

    /// <summary>True where <see cref="Migrate"/> would find nothing to do.</summary>
    public static bool IsUpToDate(string connectionString) => !Migrations.ArePending(connectionString, Modules);
}
