using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>What a vehicle's fixes say of whether it is there and whether it drives.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="HeardAt">When its last fix came, by the server's clock.</param>
/// <param name="MovedAt">When it was last more than 50 m from where it is now; null where it never was in the time looked at, or was not asked for.</param>
public sealed record VehicleSign(Guid VehicleId, DateTimeOffset HeardAt, DateTimeOffset? MovedAt);

/// <summary>Reads the signs of many vehicles at once, in one query.</summary>
public sealed class VehicleSigns(Databases databases)
{
    /// <summary>The signs of those that ever reported, by vehicle.</summary>
    /// <param name="vehicles">Whose are wanted.</param>
    /// <param name="driving">Those of them of which it is asked whether they move.</param>
    /// <param name="after">Fixes of before are not looked at.</param>
    /// <param name="cancellation">Of the question.</param>
    public async Task<IReadOnlyDictionary<Guid, VehicleSign>> ListAsync(
        IReadOnlyCollection<Guid> vehicles, IReadOnlyCollection<Guid> driving, DateTimeOffset after, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        // From the newest fix back: one that drives is far from here a few fixes ago. 0.00045 degrees of latitude are 50 m.
        IEnumerable<VehicleSign> rows = await connection.QueryAsync<VehicleSign>(new CommandDefinition(
            """
            SELECT latest.vehicle_id AS VehicleId, latest.received_at AS HeardAt, moved.fix_time AS MovedAt
            FROM tracking.latest_fix latest
            LEFT JOIN LATERAL (
                SELECT fix_time FROM tracking.fix
                WHERE latest.vehicle_id = ANY (@driving) AND fix.vehicle_id = latest.vehicle_id AND fix_time > @after AND quality & 4 = 0
                AND (abs(lat - latest.lat) > 0.00045 OR abs(lon - latest.lon) * cos(radians(latest.lat)) > 0.00045)
                ORDER BY fix_time DESC LIMIT 1) moved ON true
            WHERE latest.vehicle_id = ANY (@vehicles)
            """,
            new { vehicles = vehicles.ToArray(), driving = driving.ToArray(), after }, cancellationToken: cancellation));
        return rows.ToDictionary(static row => row.VehicleId);
    }
}
