using Dapper;
using GeoDispatch.City;
using GeoDispatch.City.Import;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Ems.Hospitals;

/// <summary><c>import hospitals</c>: from a table with the columns name, lon, lat; also name_en, capabilities (separated by semicolons).</summary>
public static class ImportHospitals
{
    /// <summary>Takes every row that can be taken, in one transaction; the others are refused with their reason.</summary>
    public static async Task<TableReport> RunAsync(Databases databases, string path, CancellationToken cancellation)
    {
        IReadOnlyList<CsvRow> rows = CsvTable.Read(path, "name", "lon", "lat");
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        CityProfile city = await CityProfiles.ReadAsync(connection, cancellation);
        var refused = new List<RefusedRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        (int added, int changed) = (0, 0);
        foreach (CsvRow row in rows)
        {
            string[] able = (row["capabilities"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            RefusedRow? refusal = row.Text("name", 80) ?? row.Text("name_en", 120, needed: false) ?? row.Place(city, out _)
                ?? (able.All(HospitalCapability.Codes.Contains) ? null : row.Refuse("capabilities", string.Join(" | ", HospitalCapability.Codes)))
                ?? (seen.Add(row["name"]!) ? null : row.Refuse("name", "文件中重复 / stands in the file before"));
            if (refusal is not null)
            {
                refused.Add(refusal);
                continue;
            }

            row.Place(city, out LonLat at);
            Guid? known = await Destinations.FindIdAsync(connection, row["name"]!, cancellation);
            (added, changed) = known is null ? (added + 1, changed) : (added, changed + 1);
            Guid id = known ?? Guid.CreateVersion7();
            await Destinations.AddAsync(connection, id, row["name"]!, row["name_en"] ?? row["name"]!, "hospital", at, synthetic: false, cancellation);
            await connection.ExecuteAsync(
                """
                INSERT INTO ems.hospital (destination_id, capabilities) VALUES (@id, @able)
                ON CONFLICT (destination_id) DO UPDATE SET capabilities = excluded.capabilities, version = hospital.version + 1
                """,
                new { id, able });
        }

        await transaction.CommitAsync(cancellation);
        return new TableReport(added, changed, refused);
    }
}
