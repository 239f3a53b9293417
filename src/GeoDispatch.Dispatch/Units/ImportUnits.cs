using Dapper;
using GeoDispatch.City;
using GeoDispatch.City.Import;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Devices;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>What an import of a table did.</summary>
/// <param name="Added">Rows that were new.</param>
/// <param name="Changed">Rows whose thing was there and is now as the row says.</param>
public sealed record TableReport(int Added, int Changed, IReadOnlyList<RefusedRow> Refused);

/// <summary>A unit that came in, and the credential of its terminal, which is shown this once.</summary>
public sealed record NewUnit(Guid UnitId, string CallSign, Guid DeviceId, string DeviceCredential);

/// <summary>
/// <c>import stations</c> and <c>import units</c>: from tables. A row that cannot be taken is refused with its reason and stops no other;
/// all that are taken come in one transaction. Importing the same table again changes nothing.
/// </summary>
public static class ImportUnits
{
    private static readonly string[] Roles = ["doctor", "nurse", "driver"];

    private sealed record Station(Guid Id, string Name);

    private sealed record Known(Guid Id, string CallSign, string Plate, Guid VehicleId);

    /// <summary>Columns: name, lon, lat; also name_en, district.</summary>
    public static async Task<TableReport> StationsAsync(Databases databases, string path, CancellationToken cancellation)
    {
        IReadOnlyList<CsvRow> rows = CsvTable.Read(path, "name", "lon", "lat");
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        CityProfile city = await CityProfiles.ReadAsync(connection, cancellation);
        Dictionary<string, Guid> known = (await connection.QueryAsync<Station>("SELECT id, name FROM dispatch.station WHERE NOT synthetic")).ToDictionary(s => s.Name, s => s.Id);
        var refused = new List<RefusedRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        (int added, int changed) = (0, 0);
        foreach (CsvRow row in rows)
        {
            RefusedRow? refusal = row.Text("name", 60) ?? row.Text("name_en", 80, needed: false) ?? row.Text("district", 60, needed: false)
                ?? row.Place(city, out _) ?? (seen.Add(row["name"]!) ? null : row.Refuse("name", "文件中重复 / stands in the file before"));
            if (refusal is not null)
            {
                refused.Add(refusal);
                continue;
            }

            row.Place(city, out LonLat at);
            bool isNew = !known.TryGetValue(row["name"]!, out Guid id);
            (added, changed) = isNew ? (added + 1, changed) : (added, changed + 1);
            await connection.ExecuteAsync(
                """
                INSERT INTO dispatch.station (id, name, name_en, district, lon, lat, synthetic) VALUES (@id, @name, @nameEn, @district, @Lon, @Lat, false)
                ON CONFLICT (id) DO UPDATE SET name_en = excluded.name_en, district = excluded.district, lon = excluded.lon, lat = excluded.lat
                """,
                new { id = isNew ? Guid.CreateVersion7() : id, name = row["name"], nameEn = row["name_en"] ?? row["name"], district = row["district"] ?? "", at.Lon, at.Lat });
        }

        await transaction.CommitAsync(cancellation);
        return new TableReport(added, changed, refused);
    }

    /// <summary>Columns: call_sign, plate, station (its name); also doctor, nurse, driver. A new unit gets a terminal with a credential.</summary>
    public static async Task<(TableReport Report, IReadOnlyList<NewUnit> Units)> UnitsAsync(
        Databases databases, DeviceRegistry devices, string path, CancellationToken cancellation)
    {
        IReadOnlyList<CsvRow> rows = CsvTable.Read(path, "call_sign", "plate", "station");
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        Dictionary<string, Guid> stations = (await connection.QueryAsync<Station>("SELECT id, name FROM dispatch.station WHERE NOT synthetic")).ToDictionary(s => s.Name, s => s.Id);
        Dictionary<string, Known> known = (await connection.QueryAsync<Known>(
            "SELECT id, call_sign AS CallSign, plate, vehicle_id AS VehicleId FROM dispatch.unit")).ToDictionary(unit => unit.CallSign);
        var refused = new List<RefusedRow>();
        var taken = new List<(CsvRow Row, Known Unit, bool IsNew)>();
        foreach (CsvRow row in rows)
        {
            RefusedRow? refusal = row.Text("call_sign", 12) ?? row.Text("plate", 20) ?? row.Text("station", 60)
                ?? Roles.Select(role => row.Text(role, 40, needed: false)).FirstOrDefault(static wrong => wrong is not null)
                ?? (stations.ContainsKey(row["station"]!) ? null : row.Refuse("station", "没有此站;先导入站点 / no such station: import stations first"))
                ?? (taken.Any(other => other.Unit.CallSign == row["call_sign"]) ? row.Refuse("call_sign", "文件中重复 / stands in the file before") : null)
                ?? (taken.Select(static other => other.Unit).Concat(known.Values).Any(other => other.Plate == row["plate"] && other.CallSign != row["call_sign"])
                    ? row.Refuse("plate", "另一单元已用此车牌 / another unit has this plate") : null);
            if (refusal is not null)
            {
                refused.Add(refusal);
                continue;
            }

            bool isNew = !known.TryGetValue(row["call_sign"]!, out Known? unit);
            taken.Add((row, isNew ? new Known(Guid.CreateVersion7(), row["call_sign"]!, row["plate"]!, Guid.CreateVersion7()) : unit! with { Plate = row["plate"]! }, isNew));
        }

        // Terminals first: a unit points to its vehicle. A terminal whose unit never came is replaced by the next import.
        var made = new List<NewUnit>();
        foreach ((CsvRow _, Known unit, bool _) in taken.Where(static one => one.IsNew))
        {
            Guid deviceId = Guid.CreateVersion7();
            made.Add(new NewUnit(
                unit.Id, unit.CallSign, deviceId,
                await devices.RegisterAsync(deviceId, unit.VehicleId, unit.Plate, "ambulance", unit.CallSign, "120", cancellation)));
        }

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        foreach ((CsvRow row, Known unit, bool _) in taken)
        {
            await WriteUnitAsync(connection, row, unit, stations[row["station"]!]);
        }

        await transaction.CommitAsync(cancellation);
        return (new TableReport(taken.Count(static one => one.IsNew), taken.Count(static one => !one.IsNew), refused), made);
    }

    private static async Task WriteUnitAsync(NpgsqlConnection connection, CsvRow row, Known unit, Guid stationId)
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO dispatch.unit (id, call_sign, kind, plate, vehicle_id, station_id, synthetic)
            VALUES (@Id, @CallSign, 'ambulance', @Plate, @VehicleId, @stationId, false)
            ON CONFLICT (id) DO UPDATE SET plate = excluded.plate, station_id = excluded.station_id, synthetic = false;
            DELETE FROM dispatch.crew_member WHERE unit_id = @Id
            """,
            new { unit.Id, unit.CallSign, unit.Plate, unit.VehicleId, stationId });
        foreach (string role in Roles.Where(role => row[role] is not null))
        {
            await connection.ExecuteAsync(
                "INSERT INTO dispatch.crew_member (unit_id, role, name) VALUES (@Id, @role, @name)", new { unit.Id, role, name = row[role] });
        }
    }
}
