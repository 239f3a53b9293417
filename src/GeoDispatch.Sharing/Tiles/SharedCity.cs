using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>The city as its profile says: names, attribution, where it ends and where a map of it begins; degrees.</summary>
internal sealed record SharedCity(
    string Name, string NameEn, string Attribution, double West, double South, double East, double North, double CenterLon, double CenterLat, float Zoom)
{
    /// <summary>Null while there is no city.</summary>
    internal static async Task<SharedCity?> FindAsync(Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(
            "SELECT name, name_en, attribution, west, south, east, north, center_lon, center_lat, zoom FROM share.profile");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new SharedCity(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6),
                row.GetDouble(7), row.GetDouble(8), row.GetFloat(9))
            : null;
    }
}
