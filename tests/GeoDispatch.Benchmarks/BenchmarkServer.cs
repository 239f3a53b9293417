using System.Globalization;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Sharing.Load;
using Microsoft.AspNetCore.Builder;

namespace GeoDispatch.Benchmarks;

/// <summary>Our server in this process over the benchmark city, with a folder of tilesets and rules of its own.</summary>
internal static class BenchmarkServer
{
    /// <summary>The plainest look, with which every peer can draw the same: grey lines of a pixel, areas filled and outlined, red dots.</summary>
    private const string Rules =
        """
        [
          {"id": "ground", "ground": {"colour": "@ground"}},
          {"id": "roads", "layer": "roads", "line": {"colour": "@road", "width": 1}},
          {"id": "buildings", "layer": "buildings", "fill": {"colour": "@building", "outline": "@edge"}},
          {"id": "pois", "layer": "pois", "dot": {"colour": "@poi", "radius": 2}}
        ]
        """;

    private const string Flavours =
        """
        {"day": {"ground": "#FFFFFF", "road": "#5A5A5A", "building": "#C8B4A0", "edge": "#78645A", "poi": "#C80000"},
         "night": {"ground": "#000000", "road": "#5A5A5A", "building": "#C8B4A0", "edge": "#78645A", "poi": "#C80000"}}
        """;

    /// <summary>A folder of one tileset, zooms 6 to 16.</summary>
    internal static async Task<string> FolderAsync(string tileset, string sql)
    {
        string home = Directory.CreateTempSubdirectory("geodispatch-bench-").FullName;
        Directory.CreateDirectory(Path.Combine(home, "icons"));
        await File.WriteAllTextAsync(Path.Combine(home, $"{tileset}.sql"), sql);
        await File.WriteAllTextAsync(Path.Combine(home, $"{tileset}.json"), $$"""{ "name": "{{tileset}}", "minzoom": 6, "maxzoom": 16, "vector_layers": [] }""");
        await File.WriteAllTextAsync(Path.Combine(home, "city.rules.json"), Rules);
        await File.WriteAllTextAsync(Path.Combine(home, "city.flavours.json"), Flavours);
        return home;
    }

    /// <param name="memoryBytes">For kept tiles; 0 keeps none. Nothing is kept on disk.</param>
    /// <param name="block">So many raster tiles by so many are drawn in one go.</param>
    internal static async Task<WebApplication> StartAsync(BenchmarkCity city, string folder, long memoryBytes, int block = 4)
    {
        WebApplication server = GeoDispatchServer.Build(new ServerSettings
        {
            ConnectionString = city.ConnectionString,
            Home = folder,
            Quota = new QuotaSettings { PerSecond = 0 },
            // As many as ask: what a server that does nothing else can give.
            MapLoad = new MapLoadSettings { AtOnce = 8, Waiting = 1_000, LongestWait = TimeSpan.FromMinutes(1) },
            TilesFolder = folder,
            Urls = "http://127.0.0.1:0",
            TileMemoryBytes = memoryBytes,
            TileDiskBytes = 0,
            RasterBlock = block,
        });
        await server.StartAsync();
        return server;
    }

    /// <summary>Lies beside the server's own programs.</summary>
    internal static (string File, string Package) Pgbench => (PostgresTools.Find()?.Program("pgbench") ?? "pgbench", "postgresql");

    /// <summary>Says which Debian packages the peers of a benchmark need and do not find here, before anything is started.</summary>
    /// <param name="programs">File and package: <c>/usr/bin/wrk</c> and <c>wrk</c>.</param>
    /// <exception cref="SetupException">Something is missing; the message is the line to run.</exception>
    internal static void Require(params (string File, string Package)[] programs)
    {
        string[] missing = [.. programs.Where(static program => !File.Exists(program.File)).Select(static program => program.Package)];
        if (missing.Length > 0)
        {
            throw new SetupException(string.Create(
                CultureInfo.InvariantCulture, $"{missing.Length} packages are missing, run: apt-get install -y --no-install-recommends {string.Join(' ', missing)}"));
        }
    }
}
