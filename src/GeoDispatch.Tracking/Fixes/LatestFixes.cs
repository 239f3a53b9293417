using Dapper;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>Where a vehicle was last.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="Plate">Its number plate.</param>
/// <param name="Kind">Its kind, as registered.</param>
/// <param name="Position">In degrees.</param>
/// <param name="Time">When the fix was made.</param>
/// <param name="SpeedKmh">Null where not measured.</param>
/// <param name="HeadingDegrees">Null where not measured.</param>
public sealed record LatestFix(
    Guid VehicleId, string Plate, string Kind, LonLat Position, DateTimeOffset Time, double? SpeedKmh, double? HeadingDegrees);

/// <summary>Reads the last known place of every vehicle that ever reported.</summary>
public sealed class LatestFixes(Databases databases)
{
    private sealed record Row(
        Guid VehicleId, string Plate, string Kind, double Lon, double Lat, DateTimeOffset FixTime, float? SpeedKmh, float? HeadingDegrees);

    /// <summary>All vehicles with a fix, by vehicle id; how old the fix is must be judged by its time.</summary>
    public async Task<IReadOnlyDictionary<Guid, LatestFix>> ListAsync(CancellationToken cancellation = default)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(Select, cancellationToken: cancellation));
        return rows.ToDictionary(row => row.VehicleId, Fix);
    }

    /// <summary>Where one vehicle was last; null where it never reported.</summary>
    public async Task<LatestFix?> FindAsync(Guid vehicleId, CancellationToken cancellation = default)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} WHERE vehicle_id = @vehicleId", new { vehicleId }, cancellationToken: cancellation)) is { } row ? Fix(row) : null;
    }

    private static LatestFix Fix(Row row) => new(
        row.VehicleId, row.Plate, row.Kind, new LonLat(row.Lon, row.Lat),
        row.FixTime, row.SpeedKmh, row.HeadingDegrees);

    private const string Select = """
        SELECT vehicle_id AS VehicleId, plate AS Plate, kind AS Kind, lon AS Lon, lat AS Lat, fix_time AS FixTime,
               speed_kmh AS SpeedKmh, heading_degrees AS HeadingDegrees
        FROM tracking.latest_fix JOIN tracking.vehicle ON vehicle.id = vehicle_id
        """;
}
