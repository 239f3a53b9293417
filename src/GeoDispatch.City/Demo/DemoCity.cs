using System.Globalization;
using GeoDispatch.City.Import;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.City.Demo;

/// <summary>Writes the demo city into an empty database.</summary>
public static class DemoCity
{
    /// <summary>
    /// Seeds in one transaction, so that an interruption leaves nothing. Takes about ten seconds. Where the demo city is there already, other
    /// names and kilometre posts that an earlier version did not have are added to it.
    /// </summary>
    /// <returns>False where there is a city already.</returns>
    public static async Task<bool> SeedAsync(NpgsqlDataSource batch, IProgress<string>? progress, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await batch.OpenConnectionAsync(cancellation);
        return await WriteAsync(connection, replace: false, progress, cancellation);
    }

    /// <summary>Puts the demo city in the place of whatever base map is there, in one transaction.</summary>
    public static async Task ReplaceAsync(NpgsqlDataSource batch, IProgress<string>? progress, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await batch.OpenConnectionAsync(cancellation);
        await WriteAsync(connection, replace: true, progress, cancellation);
    }

    private static async Task<bool> WriteAsync(NpgsqlConnection connection, bool replace, IProgress<string>? progress, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (replace)
        {
            await using var clear = new NpgsqlCommand("SELECT city.clear()", connection) { CommandTimeout = 600 };
            await clear.ExecuteNonQueryAsync(cancellation);
        }

        await using (var lockProfile = new NpgsqlCommand("LOCK TABLE city.profile IN EXCLUSIVE MODE; SELECT count(*) FROM city.profile", connection))
        {
            if ((long)(await lockProfile.ExecuteScalarAsync(cancellation))! > 0)
            {
                await AddNamesAsync(connection, progress, cancellation);
                await transaction.CommitAsync(cancellation);
                return false;
            }
        }

        progress?.Report("生成演示城市 / Laying out the demo city (synthetic)");
        DemoPlan plan = DemoPlan.Make(DemoFacts.Read());
        progress?.Report($"道路 / Streets: {plan.Streets.Count}");
        await CopyAsync(
            connection,
            "city.street (id, way_id, name, kind, ref, oneway, speed_kmh, from_node, to_node, length_m, travel_s, district_code, synthetic, geom)",
            plan.Streets,
            street => [
                street.Id, street.Id, street.Name, street.Kind, street.Ref, street.Oneway, street.SpeedKmh, street.FromNode, street.ToNode,
                street.LengthMeters, street.LengthMeters / (street.SpeedKmh / 3.6), street.District, true,
                $"SRID=4326;LINESTRING({Pair(street.From)},{Pair(street.To)})"],
            cancellation);
        progress?.Report($"建筑 / Buildings: {plan.Buildings.Count}; 地址 / addresses: {plan.Addresses.Count}");
        await CopyAsync(
            connection, "city.building (id, kind, synthetic, geom)", plan.Buildings.Index(),
            row => [row.Index + 1, row.Item.Kind, true, Polygon(DemoPlan.Box((row.Item.SouthWest, row.Item.NorthEast)))], cancellation);
        await CopyAsync(
            connection, "city.address (id, street_name, house_number, district_code, synthetic, geom)", plan.Addresses.Index(),
            row => [row.Index + 1, row.Item.Street, row.Item.Number, row.Item.District, true, Point(row.Item.At)], cancellation);
        await CopyAsync(
            connection, "city.area (id, layer, kind, name, synthetic, geom)", plan.Areas.Index(),
            row => [row.Index + 1, row.Item.Layer, row.Item.Kind, row.Item.Name, true, Polygon(row.Item.Ring)], cancellation);
        await CopyAsync(
            connection, "city.place (id, kind, code, name, name_en, district_code, synthetic, geom)", plan.Places.Index(),
            row => [row.Index + 1, row.Item.Kind, row.Item.Code, row.Item.Name, row.Item.NameEn, row.Item.District, true, Point(row.Item.At)],
            cancellation);
        await CopyAsync(
            connection, "city.poi (id, kind, name, name_en, district_code, synthetic, geom)", plan.Pois.Index(),
            row => [row.Index + 1, row.Item.Kind, row.Item.Name, row.Item.NameEn, row.Item.District, true, Point(row.Item.At)],
            cancellation);

        await WriteNamesAsync(connection, plan, cancellation);

        progress?.Report("区界与路口 / Borders and crossings");
        await using (var finish = new NpgsqlCommand(await Resources.ReadAsync("DemoCity.sql", cancellation), connection))
        {
            finish.CommandTimeout = 120;
            await finish.ExecuteNonQueryAsync(cancellation);
        }

        await TellAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        await using var analyze = new NpgsqlCommand("ANALYZE city.street, city.building, city.address, city.crossing, city.town", connection);
        await analyze.ExecuteNonQueryAsync(cancellation);
        return true;
    }

    /// <summary>Gives the demo city of an earlier version what it was laid out without. Another layout is left as it is, which is said.</summary>
    private static async Task AddNamesAsync(NpgsqlConnection connection, IProgress<string>? progress, CancellationToken cancellation)
    {
        await using (var lacking = new NpgsqlCommand(
            "SELECT count(*) FROM city.profile WHERE source = 'demo' AND NOT EXISTS (SELECT FROM city.alias) AND NOT EXISTS (SELECT FROM city.km_post)", connection))
        {
            if ((long)(await lacking.ExecuteScalarAsync(cancellation))! == 0)
            {
                return;
            }
        }

        DemoPlan plan = DemoPlan.Make(DemoFacts.Read());
        await using var same = new NpgsqlCommand(
            "SELECT (SELECT count(*) FROM city.street) = $1 AND (SELECT count(*) FROM city.poi) = $2 AND (SELECT count(*) FROM city.place) = $3", connection)
        {
            Parameters = { new() { Value = (long)plan.Streets.Count }, new() { Value = (long)plan.Pois.Count }, new() { Value = (long)plan.Places.Count } },
        };
        if (!(bool)(await same.ExecuteScalarAsync(cancellation))!)
        {
            progress?.Report("演示城市是旧版,检索不到别名和里程桩;import demo 可更新 / The demo city is of an earlier version, without other names and kilometre posts for the search: import demo brings them");
            return;
        }

        await WriteNamesAsync(connection, plan, cancellation);
        await TellAsync(connection, cancellation);
        progress?.Report("演示城市已补上别名和里程桩 / Other names and kilometre posts were added to the demo city");
    }

    private static async Task WriteNamesAsync(NpgsqlConnection connection, DemoPlan plan, CancellationToken cancellation)
    {
        await CopyAsync(
            connection, "city.km_post (road, ref, km, synthetic, geom)", plan.KmPosts,
            post => [post.Road, post.Ref, post.Km, true, Point(post.At)], cancellation);
        IReadOnlyList<DemoAlias> aliases = DemoAlias.Read();
        await CopyAsync(
            connection, "city.alias (of_kind, of_id, of_street, name, kind, synthetic)", aliases,
            alias => [
                alias.Of,
                alias.Of switch
                {
                    "poi" => plan.Pois.FindIndex(poi => poi.Name == alias.Name) + 1,
                    "place" => plan.Places.FindIndex(place => place.Name == alias.Name) + 1,
                    _ => null,
                },
                alias.Of == "street" ? alias.Name : null, alias.Alias, alias.Kind, true],
            cancellation);
    }

    private static async Task TellAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var notify = new NpgsqlCommand($"SELECT pg_notify('{OsmImport.StreetsChanged}', '')", connection);
        await notify.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>COPY in text form: PostGIS reads well-known text, and no value here holds a tab, a backslash or a line end.</summary>
    private static async Task CopyAsync<T>(
        NpgsqlConnection connection, string target, IEnumerable<T> rows, Func<T, object?[]> values, CancellationToken cancellation)
    {
        await using TextWriter writer = await connection.BeginTextImportAsync($"COPY {target} FROM STDIN", cancellation);
        foreach (T row in rows)
        {
            await writer.WriteAsync(string.Join('\t', values(row).Select(Text)) + "\n");
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "\\N",
        bool flag => flag ? "t" : "f",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static string Pair(LonLat point) => string.Create(CultureInfo.InvariantCulture, $"{point.Lon:R} {point.Lat:R}");

    private static string Point(LonLat point) => $"SRID=4326;POINT({Pair(point)})";

    private static string Polygon(IReadOnlyList<LonLat> ring) =>
        $"SRID=4326;POLYGON(({string.Join(',', ring.Append(ring[0]).Select(Pair))}))";
}
