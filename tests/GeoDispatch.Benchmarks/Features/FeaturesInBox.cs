using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Benchmarks.Tiles;
using GeoDispatch.Host;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace GeoDispatch.Benchmarks.Features;

/// <summary>
/// The first 100 buildings of a box of 0.02°, in the order of their keys, as GeoJSON: our <c>/ogc/collections/buildings/items</c>, over a
/// view in web mercator like every shared view, against <c>/items</c> of the yardstick, over its table in degrees. Nothing is kept.
/// </summary>
internal static class FeaturesInBox
{
    private const string Yardstick = "http://127.0.0.1:5610";
    private const string Ours = "/ogc/collections/bench_buildings/items?bbox={a},{b},{c},{d}";
    private const string Theirs = "/items?x0={a}&y0={b}&x1={c}&y1={d}&limit=100";

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        BenchmarkServer.Require(("/usr/bin/wrk", "wrk"));
        await using BenchmarkCity city = await BenchmarkCity.OpenAsync();
        GeoDispatchServer.Migrate(city.ConnectionString);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(city.ConnectionString);
        await using NpgsqlCommand prepare = source.CreateCommand(
            """
            CREATE OR REPLACE VIEW share.bench_buildings AS SELECT id, name, kind, levels, geom FROM public.buildings_m;
            COMMENT ON VIEW share.bench_buildings IS '建筑 / Buildings';
            GRANT SELECT ON share.bench_buildings TO share_reader
            """);
        await prepare.ExecuteNonQueryAsync();
        string folder = await BenchmarkServer.FolderAsync("bench", "SELECT mvt_c($1, $2, $3)");
        await using WebApplication server = await BenchmarkServer.StartAsync(city, folder, memoryBytes: 0);
        string address = server.Urls.Single();
        using Process baseline = await TileThroughput.StartBaselineAsync(city);
        try
        {
            await MustGiveTheSameAsync(address);
            return await TileThroughput.CompareAsync(
                "baseline", seconds => TileThroughput.WrkAsync(city, address, Ours, seconds, script: "items.lua"),
                seconds => TileThroughput.WrkAsync(city, Yardstick, Theirs, seconds, script: "items.lua"), 12, 1.30, "pages");
        }
        finally
        {
            baseline.Kill(entireProcessTree: true);
            await server.StopAsync();
        }
    }

    /// <summary>
    /// The same features with the same properties and the same corners: to a unit of the seventh digit, for ours were in metres meanwhile.
    /// The yardstick compares boxes with boxes, so it may have more, of which none lies in the box.
    /// </summary>
    private static async Task MustGiveTheSameAsync(string address)
    {
        using var http = new HttpClient();
        int compared = 0;
        foreach (string line in (await File.ReadAllLinesAsync(TileThroughput.TilesFile)).Take(200))
        {
            double[] tile = [.. line.Split('\t').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            double n = Math.Pow(2, tile[1]);
            (double lon, double lat) = (tile[2] / n * 360 - 180, Math.Atan(Math.Sinh(Math.PI * (1 - 2 * tile[3] / n))) * 180 / Math.PI);
            string Fill(string format) => format
                .Replace("{a}", (lon - .01).ToString("F5", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{b}", (lat - .01).ToString("F5", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{c}", (lon + .01).ToString("F5", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{d}", (lat + .01).ToString("F5", CultureInfo.InvariantCulture), StringComparison.Ordinal);
            Dictionary<int, JsonElement> ours = await FeaturesAsync(http, address + Fill(Ours));
            Dictionary<int, JsonElement> theirs = await FeaturesAsync(http, Yardstick + Fill(Theirs));
            if (ours.Count < theirs.Count - 5 || (theirs.Count == 100 && ours.Count != 100))
            {
                throw new InvalidOperationException($"{ours.Count} and {theirs.Count} features at {line}");
            }

            foreach (int id in ours.Keys.Intersect(theirs.Keys))
            {
                (JsonElement mine, JsonElement other) = (ours[id], theirs[id]);
                double[] a = [.. Corners(mine)], b = [.. Corners(other)];
                if (!JsonElement.DeepEquals(mine.GetProperty("properties"), other.GetProperty("properties"))
                    || a.Length != b.Length || a.Zip(b).Any(pair => Math.Abs(pair.First - pair.Second) > 1.01e-7))
                {
                    throw new InvalidOperationException($"Building {id} differs: {mine} {other}");
                }

                compared++;
            }
        }

        Console.WriteLine($"{compared} buildings of 200 boxes are the same");
    }

    private static async Task<Dictionary<int, JsonElement>> FeaturesAsync(HttpClient http, string address) =>
        JsonDocument.Parse(await http.GetByteArrayAsync(address)).RootElement.GetProperty("features").EnumerateArray()
            .ToDictionary(feature => feature.GetProperty("id").GetInt32());

    private static IEnumerable<double> Corners(JsonElement feature) =>
        feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().SelectMany(ring => ring.EnumerateArray())
            .SelectMany(corner => corner.EnumerateArray()).Select(number => number.GetDouble());
}
