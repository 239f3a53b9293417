using System.Text.Json;
using Dapper;
using GeoDispatch.City.Import;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>
/// <c>import station-areas</c>: the areas that stations answer for, from GeoJSON. A feature that cannot be taken is refused with its reason and
/// stops no other; all that are taken come in one transaction. The area of a station that had one is replaced, others stay.
/// </summary>
public static class ImportStationAreas
{
    private const int MostBytes = 20_000_000;

    private sealed record Station(Guid Id, string Name);

    /// <summary>A FeatureCollection of Polygons and MultiPolygons in longitude and latitude (EPSG:4326); the property <c>station</c> is the name of one.</summary>
    /// <returns>Refused features by their number, from 1.</returns>
    /// <exception cref="ImportRefusedException">The file is no FeatureCollection.</exception>
    public static async Task<TableReport> RunAsync(Databases databases, string path, CancellationToken cancellation)
    {
        JsonElement features = await ReadAsync(path, cancellation);
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        // Of two of one name the real one is meant.
        Dictionary<string, Guid> stations = (await connection.QueryAsync<Station>(
            "SELECT DISTINCT ON (name) id, name FROM dispatch.station ORDER BY name, synthetic, id")).ToDictionary(static one => one.Name, static one => one.Id, StringComparer.Ordinal);
        var refused = new List<RefusedRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        (int added, int changed, int number) = (0, 0, 0);
        foreach (JsonElement feature in features.EnumerateArray())
        {
            number++;
            string? name = Member(Member(feature, "properties"), "station") is { ValueKind: JsonValueKind.String } text ? text.GetString()!.Trim() : null;
            RefusedRow? refusal = name is null || !stations.ContainsKey(name) ? new RefusedRow(number, "station", name, "没有此站;先导入站点 / no such station: import stations first")
                : !seen.Add(name) ? new RefusedRow(number, "station", name, "文件中重复 / stands in the file before")
                : null;
            bool? isNew = refusal is null ? await SetAsync(connection, stations[name!], Member(feature, "geometry"), cancellation) : null;
            if (isNew is { } fresh)
            {
                (added, changed) = fresh ? (added + 1, changed) : (added, changed + 1);
            }
            else
            {
                refused.Add(refusal ?? new RefusedRow(
                    number, "geometry", name, "须为经纬度的 Polygon 或 MultiPolygon,不自交 / must be a Polygon or MultiPolygon in longitude and latitude that does not cross itself"));
            }
        }

        await transaction.CommitAsync(cancellation);
        return new TableReport(added, changed, refused);
    }

    /// <summary>The features of the file.</summary>
    private static async Task<JsonElement> ReadAsync(string path, CancellationToken cancellation)
    {
        JsonElement? features = null;
        if (File.Exists(path) && new FileInfo(path).Length <= MostBytes)
        {
            try
            {
                features = Member(JsonElement.Parse(await File.ReadAllTextAsync(path, cancellation)), "features");
            }
            catch (JsonException)
            {
                // No JSON: refused below.
            }
        }

        return features is { ValueKind: JsonValueKind.Array } array
            ? array
            : throw new ImportRefusedException($"须为 GeoJSON FeatureCollection,至多 20 MB / must be a GeoJSON FeatureCollection of at most 20 MB: {path}");
    }

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } thing && thing.TryGetProperty(name, out JsonElement member) ? member : null;

    /// <returns>True where the station had no area; null where this is none.</returns>
    private static async Task<bool?> SetAsync(NpgsqlConnection connection, Guid station, JsonElement? geometry, CancellationToken cancellation)
    {
        if (Member(geometry, "type") is not { ValueKind: JsonValueKind.String } type || type.GetString() is not ("Polygon" or "MultiPolygon"))
        {
            return null;
        }

        try
        {
            await connection.ExecuteAsync("SAVEPOINT feature");
            return await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(
                """
                INSERT INTO dispatch.station_area (station_id, geom)
                SELECT @station, ST_Multi(ST_Force2D(area)) FROM (SELECT ST_GeomFromGeoJSON(@json) AS area) given
                WHERE ST_IsValid(area) AND NOT ST_IsEmpty(area) AND ST_XMin(area) >= -180 AND ST_XMax(area) <= 180 AND ST_YMin(area) >= -90 AND ST_YMax(area) <= 90
                ON CONFLICT (station_id) DO UPDATE SET geom = excluded.geom
                RETURNING xmax = 0
                """,
                new { station, json = geometry!.Value.GetRawText() }, cancellationToken: cancellation));
        }
        catch (PostgresException)
        {
            // What PostGIS cannot read.
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT feature");
            return null;
        }
    }
}
