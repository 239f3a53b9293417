using System.Globalization;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.City.Import;

/// <summary>What a city is called and where it ends.</summary>
/// <param name="Name">As shown; Chinese first.</param>
/// <param name="Extent">Null for all of the file; else only what touches this box is taken.</param>
/// <param name="TimeZone">IANA name, such as <c>Asia/Shanghai</c>.</param>
public sealed record CityWishes(string Name, string NameEn, Bbox? Extent, string TimeZone);

/// <summary>What an import brought.</summary>
public sealed record OsmImportReport(int DrivableWays, int Edges, long Buildings, long Addresses, long Places, long Pois, long TurnRestrictions);

/// <summary>Replaces the base map by an OpenStreetMap file: read beside the live map, checked, and put in its place in one transaction.</summary>
public static class OsmImport
{
    /// <summary>Notified, empty, when the streets were replaced: <c>StreetsChanged</c>.</summary>
    public const string StreetsChanged = "streets_changed";

    private const string Attribution = "© OpenStreetMap contributors";

    /// <exception cref="ImportRefusedException">The file is unusable, or another import runs. The base map is as it was.</exception>
    public static async Task<OsmImportReport> RunAsync(
        NpgsqlDataSource batch, string connectionString, string file, CityWishes wishes, Action<string> say, CancellationToken cancellation)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            throw new ImportRefusedException($"{file} 不存在或为空 / does not exist or is empty");
        }

        await using NpgsqlConnection guard = await batch.OpenConnectionAsync(cancellation);
        if (await ScalarAsync(guard, "SELECT pg_try_advisory_lock(7203403)", cancellation) is not true)
        {
            throw new ImportRefusedException("另一导入正在进行 / Another import is running");
        }

        await ExecuteAsync(guard, $"DROP SCHEMA IF EXISTS {Osm2pgsql.Staging} CASCADE; CREATE SCHEMA {Osm2pgsql.Staging}", cancellation);
        say($"读取 / Reading {Path.GetFileName(file)}");
        await Osm2pgsql.ReadAsync(connectionString, file, say, cancellation);
        List<OsmLine> lines = await OsmLines.ReadAsync(guard, wishes.Extent, cancellation);
        int drivable = lines.Count(line => OsmRoads.IsDrivable(line.Way));
        if (drivable == 0)
        {
            throw new ImportRefusedException($"{file} 中没有可行驶的道路,数据未改动 / holds no street to drive on, nothing was changed");
        }

        say($"道路 / Streets: {drivable}");
        StreetEdge[] edges = [.. StreetEdges.Cut(lines)];
        await using NpgsqlTransaction transaction = await guard.BeginTransactionAsync(cancellation);
        await ExecuteAsync(guard, "SELECT city.clear()", cancellation);
        await OsmLines.WriteAsync(guard, edges, cancellation);
        Bbox extent = wishes.Extent ?? Around(edges);
        say("建筑、地址、地名、区界 / Buildings, addresses, places, borders");
        string box = string.Create(CultureInfo.InvariantCulture, $"ST_MakeEnvelope({extent.West:R}, {extent.South:R}, {extent.East:R}, {extent.North:R}, 4326)");
        await ExecuteAsync(guard, (await Resources.ReadAsync("OsmCity.sql", cancellation)).Replace("$extent", box, StringComparison.Ordinal), cancellation);
        await WriteProfileAsync(guard, wishes, extent, Path.GetFileName(file), cancellation);
        OsmImportReport report = await CountAsync(guard, drivable, edges.Count(static edge => edge.Drivable), cancellation);
        await ExecuteAsync(guard, $"DROP SCHEMA {Osm2pgsql.Staging} CASCADE; SELECT pg_notify('{StreetsChanged}', '')", cancellation);
        await transaction.CommitAsync(cancellation);
        await ExecuteAsync(guard, "ANALYZE city.street, city.building, city.address, city.area, city.poi, city.crossing, city.town", cancellation);
        return report;
    }

    private static Bbox Around(StreetEdge[] edges)
    {
        LonLat[] points = [.. edges.Where(static edge => edge.Drivable).SelectMany(static edge => edge.Points)];
        return new Bbox(points.Min(static p => p.Lon), points.Min(static p => p.Lat), points.Max(static p => p.Lon), points.Max(static p => p.Lat));
    }

    private static async Task WriteProfileAsync(
        NpgsqlConnection connection, CityWishes wishes, Bbox extent, string source, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO city.profile (name, name_en, synthetic, west, south, east, north, center_lon, center_lat, zoom, attribution, time_zone,
                projected_srids, source)
            VALUES ($1, $2, false, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            connection);
        double centre = (extent.West + extent.East) / 2;
        // A window of about 900 pixels shows the whole extent; tiles of 512 pixels.
        double zoom = Math.Clamp(Math.Log2(900 / 512.0 * 360 / Math.Max(extent.East - extent.West, 0.005)), 8, 15);
        foreach (object value in (object[])
            [wishes.Name, wishes.NameEn, extent.West, extent.South, extent.East, extent.North, centre, (extent.South + extent.North) / 2, (float)zoom,
                Attribution, wishes.TimeZone, ProjectedSrids(extent), source])
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// The CGCS2000 3-degree Gauss–Krüger systems whose zones the city touches: EPSG:4513 to 4533 with the zone's number in the easting
    /// (zones 25 to 45), EPSG:4534 to 4554 without (central meridians 75° to 135° E). Empty outside of China's zones.
    /// </summary>
    internal static int[] ProjectedSrids(Bbox extent)
    {
        int first = (int)Math.Floor((extent.West + 1.5) / 3), last = (int)Math.Floor((extent.East + 1.5) / 3);
        int[] zones = [.. Enumerable.Range(first, last - first + 1).Where(static zone => zone is >= 25 and <= 45)];
        return [.. zones.Select(static zone => 4513 + zone - 25), .. zones.Select(static zone => 4534 + zone - 25)];
    }

    private static async Task<OsmImportReport> CountAsync(NpgsqlConnection connection, int drivable, int edges, CancellationToken cancellation)
    {
        async Task<long> Count(string table) => (long)(await ScalarAsync(connection, $"SELECT count(*) FROM city.{table}", cancellation))!;
        return new OsmImportReport(
            drivable, edges, await Count("building"), await Count("address"), await Count("place"), await Count("poi"), await Count("turn_restriction"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }
}
