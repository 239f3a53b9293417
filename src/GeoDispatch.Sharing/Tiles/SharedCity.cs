using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>The city as its profile says: names, attribution, where it ends and where a map of it begins; degrees.</summary>
internal sealed record SharedCity(string Name, string NameEn, string Attribution, Bbox Box, double CenterLon, double CenterLat, float Zoom);

/// <summary>Reads the profile of the city and keeps it for a few seconds: every description of tiles needs it.</summary>
internal sealed class CityProfile(Databases databases)
{
    private const int KeptMilliseconds = 2_000;

    private sealed record Remembered(SharedCity? City, long ReadAt);

    private volatile Remembered? remembered;

    /// <summary>At most two seconds old; null while there is no city.</summary>
    internal async ValueTask<SharedCity?> FindAsync(CancellationToken cancellation)
    {
        if (remembered is Remembered(var city, var readAt) && Environment.TickCount64 - readAt < KeptMilliseconds)
        {
            return city;
        }

        long now = Environment.TickCount64;
        SharedCity? read = await ReadAsync(cancellation);
        remembered = new Remembered(read, now);
        return read;
    }

    private async Task<SharedCity?> ReadAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(
            "SELECT name, name_en, attribution, west, south, east, north, center_lon, center_lat, zoom FROM share.profile");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new SharedCity(
                row.GetString(0), row.GetString(1), row.GetString(2),
                new Bbox(row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6)), row.GetDouble(7), row.GetDouble(8), row.GetFloat(9))
            : null;
    }
}
