using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Host;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Benchmarks.Places;

/// <summary>
/// 400 searches among 500,000 addresses: the 300 written ones of the demo city, a third with mistakes, and 100 addresses as they are written.
/// Ours over HTTP, as a dispatcher at the desk asks, against what an engineer gets in an hour: <c>ILIKE '%…%'</c> over the same names with a
/// trigram index, ten rows, as JSON by Kestrel and Npgsql. That finds no crossing, no pinyin and nothing with a mistake, and is quick to say so;
/// of two characters it has no trigram and reads every name. The ratio is of searches a second over all of them, one after the other.
/// </summary>
internal static class PlacesSearch
{
    private const int Addresses = 500_000, Rounds = 5;
    private const double Aim = 2;

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        await using ScratchCluster cluster = await ScratchCluster.StartAsync();
        await using WebApplication server = await cluster.DemoAsync();
        NpgsqlDataSource source = server.Services.GetRequiredService<Databases>().Batch;
        await FillAsync(source);
        await server.StartAsync();
        await using WebApplication plain = await ServePlainAsync(cluster.ConnectionString);
        NewAccount account = (await DemoSeed.DeskAccountsAsync(server.Services, CancellationToken.None)).First(static one => one.UserName == "dispatcher1");
        using Desk desk = await Desk.SignInAsync(new Uri(server.Urls.Single()), account.UserName, account.Password);
        using var http = new HttpClient { BaseAddress = new Uri(plain.Urls.Single()) };

        string[] queries = await QueriesAsync(source);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long began = Stopwatch.GetTimestamp();
        await desk.GetAsync($"/api/places?q={Uri.EscapeDataString("黄河路")}");
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Say($"gazetteer of {Addresses:N0} addresses: read in {seconds:0.0} s, {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:0} MB");

        var ratios = new List<double>();
        var found = (Ours: 0, Theirs: 0);
        var all = (Ours: new Measured(), Theirs: new Measured());
        // The first warms both up.
        for (int round = 0; round <= Rounds; round++)
        {
            (Measured ours, Measured theirs) = (new Measured(), new Measured());
            (found.Ours, found.Theirs) = (0, 0);
            foreach (string query in queries)
            {
                string asked = Uri.EscapeDataString(query);
                JsonElement places = (await ours.TimeAsync(() => desk.GetAsync($"/api/places?q={asked}&lon=118.58&lat=37.455"))).GetProperty("places");
                string rows = await theirs.TimeAsync(() => http.GetStringAsync($"/places?q={asked}"));
                found.Ours += places.GetArrayLength() > 0 ? 1 : 0;
                found.Theirs += rows.Length > 2 ? 1 : 0;
            }

            if (round > 0)
            {
                ratios.Add(theirs.Mean / ours.Mean);
                all.Ours.AddAll(ours);
                all.Theirs.AddAll(theirs);
                Say($"round {round}: ours {1_000 / ours.Mean:0} searches/s, ILIKE {1_000 / theirs.Mean:0} searches/s, ratio {ratios[^1]:0.00}; p95 ours {ours.At(0.95):0.00} ms, ILIKE {theirs.At(0.95):0.00} ms");
            }
        }

        Say($"of {queries.Length} searches ours finds something for {found.Ours}, ILIKE for {found.Theirs}, which says of the rest that there is nothing");
        Say($"ours p50 {all.Ours.Median:0.00} p95 {all.Ours.At(0.95):0.00} p99 {all.Ours.At(0.99):0.00} mean {all.Ours.Mean:0.00} ms; ILIKE p50 {all.Theirs.Median:0.00} p95 {all.Theirs.At(0.95):0.00} p99 {all.Theirs.At(0.99):0.00} mean {all.Theirs.Mean:0.00} ms");
        return new Verdict(ratios.Median(), Aim);
    }

    /// <summary>Streets of two characters and 路 or 街 with a hundred houses each, beside those of the demo city; and the table of the yardstick.</summary>
    private static async Task FillAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand fill = source.CreateCommand(
            """
            WITH letters AS (SELECT '春夏秋冬梅兰竹菊松柏桃李杏桂荷莲金银铜铁玉珠翠碧红橙青蓝紫白云雨雪霜虹霞星月日光明亮和平安宁福禄寿喜康乐文华武英杰仁义礼智信忠孝勤俭诚实友善新兴' AS a),
            streets AS (
                SELECT n, substr(a, n % length(a) + 1, 1) || substr(a, n / length(a) % length(a) + 1, 1) || CASE n % 2 WHEN 0 THEN '路' ELSE '街' END AS name,
                       118.1 + n % 71 * 0.014 AS lon, 37.0 + n / 71 * 0.015 AS lat
                FROM letters, generate_series(0, (SELECT ($1 - count(*)) / 100 FROM city.address)::integer) n
            ), drawn AS (
                INSERT INTO city.street (id, way_id, name, kind, oneway, speed_kmh, from_node, to_node, length_m, travel_s, district_code, synthetic, geom)
                SELECT 1000000 + n, 1000000 + n, name, 'residential', false, 30, 2000000 + 2 * n, 2000001 + 2 * n, 900, 108, '370502', true,
                       ST_SetSRID(ST_MakeLine(ST_MakePoint(lon, lat), ST_MakePoint(lon + 0.01, lat)), 4326)
                FROM streets
            )
            INSERT INTO city.address (id, street_name, house_number, district_code, synthetic, geom)
            SELECT 1000000 + n * 100 + house, name, (house + 1)::text, '370502', true, ST_SetSRID(ST_MakePoint(lon + house * 0.0001, lat + house % 2 * 0.0002), 4326)
            FROM streets, generate_series(0, 99) house
            """);
        fill.CommandTimeout = 600;
        fill.Parameters.Add(new NpgsqlParameter { Value = Addresses });
        await fill.ExecuteNonQueryAsync();
        await using NpgsqlCommand plain = source.CreateCommand(
            """
            CREATE TABLE bench_name AS
            SELECT city.address_name(street_name, house_number) AS name, geom FROM city.address
            UNION ALL SELECT name, geom FROM city.poi UNION ALL SELECT name, geom FROM city.place
            UNION ALL SELECT name, min(ST_StartPoint(geom)::text)::geometry FROM city.street WHERE name IS NOT NULL GROUP BY name;
            CREATE INDEX ON bench_name USING gin (name gin_trgm_ops);
            ANALYZE bench_name, city.address, city.street
            """);
        plain.CommandTimeout = 600;
        await plain.ExecuteNonQueryAsync();
    }

    private static async Task<string[]> QueriesAsync(NpgsqlDataSource source)
    {
        string[] written = [.. (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "queries-demo.csv")))[1..].Select(static line => line.Split(',')[2])];
        await using NpgsqlCommand draw = source.CreateCommand(
            "SELECT city.address_name(street_name, house_number) FROM city.address WHERE id % 4999 = 1 AND id > 1000000 ORDER BY id LIMIT 100");
        var drawn = new List<string>();
        await using NpgsqlDataReader row = await draw.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            drawn.Add(row.GetString(0));
        }

        return [.. written, .. drawn];
    }

    private static async Task<WebApplication> ServePlainAsync(string connectionString)
    {
        NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString + ";Max Auto Prepare=20;Auto Prepare Min Usages=1;No Reset On Close=true");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapGet("/places", async (HttpContext context, string q) =>
        {
            await using NpgsqlCommand command = source.CreateCommand(
                """
                SELECT coalesce(json_agg(json_build_object('name', name, 'lon', ST_X(geom), 'lat', ST_Y(geom))), '[]')::text
                FROM (SELECT name, geom FROM bench_name WHERE name ILIKE '%' || $1 || '%' LIMIT 10) found
                """);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = q });
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync((string)(await command.ExecuteScalarAsync())!);
        });
        await app.StartAsync();
        return app;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
