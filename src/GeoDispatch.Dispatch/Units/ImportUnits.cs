using Dapper;
using GeoDispatch.City;
using GeoDispatch.City.Import;
using GeoDispatch.Dispatch.Codes;
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
    private static readonly string[] Roles = [.. FixedCodes.CrewRoles.Select(static role => role.Code)];

    /// <summary>How a unit is drawn, and what its vehicle is to the map.</summary>
    private static readonly string[] Kinds = ["ambulance", "fire", "police", "rescue"];

    private sealed record Station(Guid Id, string Name);

    private sealed record Known(Guid Id, string CallSign, string Plate, Guid VehicleId, string Agency, string Kind, string[] Capabilities);

    /// <summary>Columns: name, lon, lat; also name_en, district, agency (code; left out: ems).</summary>
    public static async Task<TableReport> StationsAsync(Databases databases, string path, CancellationToken cancellation)
    {
        IReadOnlyList<CsvRow> rows = CsvTable.Read(path, "name", "lon", "lat");
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        CityProfile city = await CityProfiles.ReadAsync(connection, cancellation);
        Dictionary<string, Guid> known = (await connection.QueryAsync<Station>("SELECT id, name FROM dispatch.station WHERE NOT synthetic")).ToDictionary(s => s.Name, s => s.Id);
        string[] agencies = await CodesAsync(connection, "agency");
        var refused = new List<RefusedRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        (int added, int changed) = (0, 0);
        foreach (CsvRow row in rows)
        {
            RefusedRow? refusal = row.Text("name", 60) ?? row.Text("name_en", 80, needed: false) ?? row.Text("district", 60, needed: false)
                ?? OneOf(row, "agency", agencies) ?? row.Place(city, out _) ?? (seen.Add(row["name"]!) ? null : row.Refuse("name", "文件中重复 / stands in the file before"));
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
                INSERT INTO dispatch.station AS s (id, name, name_en, district, lon, lat, synthetic, agency)
                VALUES (@id, @name, @nameEn, @district, @Lon, @Lat, false, coalesce(@agency, 'ems'))
                ON CONFLICT (id) DO UPDATE SET name_en = excluded.name_en, district = excluded.district, lon = excluded.lon, lat = excluded.lat,
                    agency = coalesce(@agency, s.agency)
                """,
                new
                {
                    id = isNew ? Guid.CreateVersion7() : id,
                    name = row["name"],
                    nameEn = row["name_en"] ?? row["name"],
                    district = row["district"] ?? "",
                    at.Lon,
                    at.Lat,
                    agency = row["agency"],
                });
        }

        await transaction.CommitAsync(cancellation);
        return new TableReport(added, changed, refused);
    }

    /// <summary>
    /// Columns: call_sign, plate, station (its name); also agency (code), capabilities (codes, with spaces between), kind (ambulance, fire, police,
    /// rescue) and one of each role of a crew, such as doctor and driver. What is left out stays, or of a new unit is that of an ambulance with
    /// basic life support; a unit of another agency needs its capabilities. A new unit gets a terminal with a credential.
    /// </summary>
    public static async Task<(TableReport Report, IReadOnlyList<NewUnit> Units)> UnitsAsync(
        Databases databases, DeviceRegistry devices, string path, CancellationToken cancellation)
    {
        IReadOnlyList<CsvRow> rows = CsvTable.Read(path, "call_sign", "plate", "station");
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        Dictionary<string, Guid> stations = (await connection.QueryAsync<Station>("SELECT id, name FROM dispatch.station WHERE NOT synthetic")).ToDictionary(s => s.Name, s => s.Id);
        Dictionary<string, Known> known = (await connection.QueryAsync<Known>(
            "SELECT id, call_sign AS CallSign, plate, vehicle_id AS VehicleId, agency, kind, capabilities FROM dispatch.unit")).ToDictionary(unit => unit.CallSign);
        string[] agencies = await CodesAsync(connection, "agency"), capabilities = await CodesAsync(connection, "capability");
        var refused = new List<RefusedRow>();
        var taken = new List<(CsvRow Row, Known Unit, bool IsNew)>();
        foreach (CsvRow row in rows)
        {
            RefusedRow? refusal = row.Text("call_sign", 12) ?? row.Text("plate", 20) ?? row.Text("station", 60)
                ?? Roles.Select(role => row.Text(role, 40, needed: false)).FirstOrDefault(static wrong => wrong is not null)
                ?? (stations.ContainsKey(row["station"]!) ? null : row.Refuse("station", "没有此站;先导入站点 / no such station: import stations first"))
                ?? (taken.Any(other => other.Unit.CallSign == row["call_sign"]) ? row.Refuse("call_sign", "文件中重复 / stands in the file before") : null)
                ?? (taken.Select(static other => other.Unit).Concat(known.Values).Any(other => other.Plate == row["plate"] && other.CallSign != row["call_sign"])
                    ? row.Refuse("plate", "另一单元已用此车牌 / another unit has this plate") : null)
                ?? OneOf(row, "agency", agencies) ?? OneOf(row, "kind", Kinds)
                ?? (Capabilities(row).Except(capabilities, StringComparer.Ordinal).Any() ? row.Refuse("capabilities", string.Join(" | ", capabilities)) : null);
            bool isNew = !known.TryGetValue(row["call_sign"] ?? "", out Known? unit);
            string agency = row["agency"] ?? unit?.Agency ?? "ems";
            refusal ??= agency != (unit?.Agency ?? "ems") && Capabilities(row).Length == 0
                ? row.Refuse("capabilities", $"不能为空 / may not be empty: {string.Join(" | ", capabilities)}") : null;
            if (refusal is not null)
            {
                refused.Add(refusal);
                continue;
            }

            string[] can = Capabilities(row) is { Length: > 0 } said ? said : unit?.Capabilities ?? ["bls"];
            string kind = row["kind"] ?? (agency == unit?.Agency ? unit.Kind : KindOf(agency));
            taken.Add((row, new Known(unit?.Id ?? Guid.CreateVersion7(), row["call_sign"]!, row["plate"]!, unit?.VehicleId ?? Guid.CreateVersion7(), agency, kind, can), isNew));
        }

        // Terminals first: a unit points to its vehicle. A terminal whose unit never came is replaced by the next import.
        var made = new List<NewUnit>();
        foreach ((CsvRow _, Known unit, bool _) in taken.Where(static one => one.IsNew))
        {
            Guid deviceId = Guid.CreateVersion7();
            made.Add(new NewUnit(
                unit.Id, unit.CallSign, deviceId,
                await devices.RegisterAsync(
                    deviceId, unit.VehicleId, unit.Plate, unit.Kind, unit.CallSign, unit.Agency == "ems" ? "120" : null, cancellation)));
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
            INSERT INTO dispatch.unit (id, call_sign, kind, plate, vehicle_id, station_id, synthetic, agency, capabilities)
            VALUES (@Id, @CallSign, @Kind, @Plate, @VehicleId, @stationId, false, @Agency, @Capabilities)
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, plate = excluded.plate, station_id = excluded.station_id, synthetic = false,
                agency = excluded.agency, capabilities = excluded.capabilities;
            DELETE FROM dispatch.crew_member WHERE unit_id = @Id
            """,
            new { unit.Id, unit.CallSign, unit.Kind, unit.Plate, unit.VehicleId, stationId, unit.Agency, unit.Capabilities });
        foreach (string role in Roles.Where(role => row[role] is not null))
        {
            await connection.ExecuteAsync(
                "INSERT INTO dispatch.crew_member (unit_id, role, name) VALUES (@Id, @role, @name)", new { unit.Id, role, name = row[role] });
        }
    }

    /// <param name="table">Of codes: constant text.</param>
    private static async Task<string[]> CodesAsync(NpgsqlConnection connection, string table) =>
        [.. await connection.QueryAsync<string>($"SELECT code FROM dispatch.{table} ORDER BY ordinal")];

    private static RefusedRow? OneOf(CsvRow row, string column, string[] allowed) =>
        row[column] is { } value && !allowed.Contains(value, StringComparer.Ordinal) ? row.Refuse(column, string.Join(" | ", allowed)) : null;

    private static string[] Capabilities(CsvRow row) =>
        [.. (row["capabilities"] ?? "").Split([' ', ';', '；', '、'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static string KindOf(string agency) => agency switch
    {
        "ems" => "ambulance",
        "fire" => "fire",
        "police" or "traffic" => "police",
        _ => "rescue",
    };
}
