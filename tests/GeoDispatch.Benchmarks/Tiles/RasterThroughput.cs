using System.Diagnostics;
using System.Globalization;
using GeoDispatch.Cli.Cluster;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace GeoDispatch.Benchmarks.Tiles;

/// <summary>
/// Raster tiles of zoom 14 of the benchmark city against MapServer (<c>mapserver.sh</c>), both with the same features in the same way: grey
/// lines of a pixel, buildings filled and outlined, red dots. First, nothing is kept and each tile is drawn alone: wrk, 8 connections, random
/// tiles. Then by blocks of 4 by 4: of the blocks of the first 40 tiles of the sample all 16 tiles are asked for, each once, in random order,
/// by 8 connections, from caches that are empty at the start, as by people who look at these parts of the map; a tile whose block was drawn
/// for a neighbour comes from the cache. MapServer is asked for the same tiles in the same order.
/// </summary>
internal static class RasterThroughput
{
    private const int Rounds = 3, Connections = 8, Seconds = 12, MapServerPort = 5620;
    private const double AloneAim = 2.0, BlockAim = 4.0;
    private const string MapServerFormat = "/ms?map=CITY&mode=tile&tilemode=gmap&tile={x}+{y}+{z}&layers=roads+buildings+pois&map.imagetype=png";
    private const string OurFormat = "/tiles/city/{z}/{x}/{y}.png";

    // In the manner of the product's own tileset: like features in one, and of their columns only what a rule asks for.
    private const string Sql =
        """
        WITH tile AS (SELECT ST_TileEnvelope($1, $2, $3) AS box, ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) AS wide),
        roads AS (SELECT ST_AsMVT(row, 'roads', 4096, 'geom') AS layer FROM (
            SELECT highway, ST_CollectionExtract(ST_Collect(ST_AsMVTGeom(geom, box, 4096, 64)), 2) AS geom FROM roads_m, tile WHERE geom && wide GROUP BY highway, box) row),
        buildings AS (SELECT ST_AsMVT(row, 'buildings', 4096, 'geom') AS layer FROM (
            SELECT ST_AsMVTGeom(geom, box, 4096, 64) AS geom FROM buildings_m, tile WHERE geom && wide) row),
        pois AS (SELECT ST_AsMVT(row, 'pois', 4096, 'geom') AS layer FROM (
            SELECT ST_AsMVTGeom(geom, box, 4096, 64) AS geom FROM pois_m, tile WHERE geom && wide) row)
        SELECT roads.layer || buildings.layer || pois.layer FROM roads, buildings, pois
        """;

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        BenchmarkServer.Require(
            ("/usr/bin/wrk", "wrk"), ("/usr/bin/mapserv", "cgi-mapserver"), ("/usr/bin/spawn-fcgi", "spawn-fcgi"), ("/usr/sbin/nginx", "nginx-light"));
        await using BenchmarkCity city = await BenchmarkCity.OpenAsync();
        await TileThroughput.PrepareAsync(city);
        string home = await BenchmarkServer.FolderAsync("city", Sql);
        string[] once = Shuffled((await File.ReadAllLinesAsync(TileThroughput.TilesFile)).Select(static line => line.Split('\t'))
            .Where(static tile => tile[1] == "14").Take(40).SelectMany(static tile => BlockOf(Whole(tile[2]), Whole(tile[3]))).Distinct(StringComparer.Ordinal));
        string[] others = [.. (await File.ReadAllLinesAsync(TileThroughput.TilesFile)).Select(static line => line.Split('\t'))
            .Where(static tile => tile[1] == "14").Select(static tile => BlockOf(Whole(tile[2]), Whole(tile[3])).First()).Distinct(StringComparer.Ordinal)
            .Where(tile => !once.Contains(tile, StringComparer.Ordinal)).Take(24)];
        string mapServer = await StartMapServerAsync(city, home);
        try
        {
            (var alone, var blocks) = (new List<double>(), new List<double>());
            for (int round = 0; round <= Rounds; round++)
            {
                // The first warms both up.
                int seconds = round == 0 ? 4 : Seconds;
                double ours, theirs, oursOnce, theirsOnce;
                await using (WebApplication server = await BenchmarkServer.StartAsync(city, home, memoryBytes: 0, block: 1))
                {
                    ours = await TileThroughput.WrkAsync(city, server.Urls.Single(), OurFormat, seconds, "14");
                    theirs = await TileThroughput.WrkAsync(city, mapServer, MapServerFormat, seconds, "14");
                }

                await using (WebApplication server = await BenchmarkServer.StartAsync(city, home, memoryBytes: 256L << 20, block: 4))
                {
                    // MapServer has its connections since the rounds before. Ours are opened by tiles of other blocks.
                    await OnceAsync(others, server.Urls.Single(), OurFormat);
                    oursOnce = await OnceAsync(once, server.Urls.Single(), OurFormat);
                    theirsOnce = await OnceAsync(once, mapServer, MapServerFormat);
                }

                if (round > 0)
                {
                    alone.Add(ours / theirs);
                    blocks.Add(oursOnce / theirsOnce);
                    Console.WriteLine(FormattableString.Invariant(
                        $"round {round}: alone {ours:0.0} tiles/s, MapServer {theirs:0.0}, ratio {alone[^1]:0.00}; {once.Length} tiles once in blocks {oursOnce:0.0} tiles/s, MapServer {theirsOnce:0.0}, ratio {blocks[^1]:0.00}"));
                }
            }

            Console.WriteLine(FormattableString.Invariant($"tiles-raster-blocks ratio {blocks.Median():0.00} (aim {BlockAim:0.0})"));
            return new Verdict(alone.Median(), AloneAim, OthersMet: blocks.Median() >= BlockAim);
        }
        finally
        {
            await Shell.RunAsync("/bin/sh", ["-c", $"kill $(cat {home}/nginx.pid); kill -9 $(cat {home}/mapserv.pid)"]);
        }
    }

    private static async Task<string> StartMapServerAsync(BenchmarkCity city, string home)
    {
        var connection = new NpgsqlConnectionStringBuilder(city.ConnectionString);
        await Shell.MustRunAsync(
            "/usr/bin/env",
            [$"PGHOST={connection.Host}", $"PGPORT={connection.Port}", $"PGUSER={connection.Username}", $"PGPASSWORD={connection.Password}", $"PGDATABASE={connection.Database}",
                "/bin/bash", "-c", $"\"$0\" {home} {MapServerPort} </dev/null >/dev/null 2>&1", Path.Combine(city.Folder, "baseline", "mapserver.sh")]);
        return $"http://127.0.0.1:{MapServerPort}";
    }

    /// <summary>Tiles a second when each is asked for once.</summary>
    private static async Task<double> OnceAsync(string[] tiles, string address, string format)
    {
        using var http = new HttpClient();
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(tiles, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (tile, cancellation) =>
        {
            string[] parts = tile.Split(' ');
            byte[] png = await http.GetByteArrayAsync(
                address + format.Replace("{z}", parts[0], StringComparison.Ordinal).Replace("{x}", parts[1], StringComparison.Ordinal).Replace("{y}", parts[2], StringComparison.Ordinal), cancellation);
            if (png.Length < 100 || png[1] != 'P')
            {
                throw new InvalidOperationException($"Tile {tile} is no image");
            }
        });
        return tiles.Length / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> BlockOf(int x, int y) => Enumerable.Range(0, 16)
        .Select(i => string.Create(CultureInfo.InvariantCulture, $"14 {(x & ~3) + (i % 4)} {(y & ~3) + (i / 4)}"));

    private static string[] Shuffled(IEnumerable<string> tiles)
    {
        string[] shuffled = [.. tiles.Order(StringComparer.Ordinal)];
        new Random(20261125).Shuffle(shuffled);
        return shuffled;
    }
}
