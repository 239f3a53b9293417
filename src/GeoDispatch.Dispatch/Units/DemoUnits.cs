using System.Globalization;
using Dapper;
using GeoDispatch.City.Demo;
using GeoDispatch.Tracking.Devices;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>A unit of the demo city, and the credential of its terminal, which is shown this once.</summary>
public sealed record DemoUnit(Guid UnitId, string CallSign, Guid DeviceId, string DeviceCredential);

/// <summary>Stations, ambulances and crews of the demo city. All of it is synthetic and says so.</summary>
public static class DemoUnits
{
    private const int Ambulances = 55;

    /// <summary>Seeds 55 ambulances over the ambulance stations. Again is harmless: every terminal gets a new credential, nothing else changes.</summary>
    public static async Task<IReadOnlyList<DemoUnit>> SeedAsync(
        NpgsqlDataSource database, DeviceRegistry devices, CancellationToken cancellation)
    {
        IReadOnlyList<Site> sites = await DemoCitySites.ListAsync(database, "ambulance_station", cancellation);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        foreach (Site site in sites)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO dispatch.station (id, name, name_en, district, lon, lat, synthetic)
                VALUES (@id, @Name, @NameEn, @District, @Lon, @Lat, true) ON CONFLICT (id) DO NOTHING
                """,
                new { id = StationId(site), site.Name, site.NameEn, site.District, site.At.Lon, site.At.Lat }, cancellationToken: cancellation));
        }

        var made = new List<DemoUnit>();
        for (int index = 0; index < Ambulances && sites.Count > 0; index++)
        {
            // Round the stations, so that each has two and the first ones three.
            made.Add(await SeedUnitAsync(connection, devices, index + 1, sites[index % sites.Count], cancellation));
        }

        return made;
    }

    private static async Task<DemoUnit> SeedUnitAsync(
        NpgsqlConnection connection, DeviceRegistry devices, int number, Site station, CancellationToken cancellation)
    {
        string callSign = string.Create(CultureInfo.InvariantCulture, $"A{number:00}");
        string plate = string.Create(CultureInfo.InvariantCulture, $"鲁E演{number:000}急");
        Guid unitId = DemoIds.Of($"unit:{callSign}"), vehicleId = DemoIds.Of($"vehicle:{callSign}"), deviceId = DemoIds.Of($"device:{callSign}");
        string credential = await devices.RegisterAsync(deviceId, vehicleId, plate, "ambulance", callSign, "120", cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.unit (id, call_sign, kind, plate, vehicle_id, station_id, synthetic)
            VALUES (@unitId, @callSign, 'ambulance', @plate, @vehicleId, @stationId, true) ON CONFLICT (id) DO NOTHING;
            INSERT INTO dispatch.crew_member (unit_id, role, name)
            VALUES (@unitId, 'doctor', @doctor), (@unitId, 'nurse', @nurse), (@unitId, 'driver', @driver) ON CONFLICT DO NOTHING
            """,
            new
            {
                unitId,
                callSign,
                plate,
                vehicleId,
                stationId = StationId(station),
                doctor = $"演示医生{number:00}",
                nurse = $"演示护士{number:00}",
                driver = $"演示驾驶员{number:00}",
            },
            cancellationToken: cancellation));
        return new DemoUnit(unitId, callSign, deviceId, credential);
    }

    private static Guid StationId(Site site) => DemoIds.Of($"station:{site.Name}");
}
