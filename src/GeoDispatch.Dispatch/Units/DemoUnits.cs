using System.Globalization;
using Dapper;
using GeoDispatch.City.Demo;
using GeoDispatch.Tracking.Devices;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>A unit of the demo city, and the credential of its terminal, which is shown this once.</summary>
/// <param name="Department">Code of the department whose people its crew are.</param>
public sealed record DemoUnit(Guid UnitId, string CallSign, Guid DeviceId, string DeviceCredential, string Department);

/// <summary>Stations, units and crews of the demo city, ambulances and those of the other agencies. All of it is synthetic and says so.</summary>
public static class DemoUnits
{
    /// <summary>One agency's units. They go round its stations, the first to the first.</summary>
    /// <param name="Sites">The sites of the base map at which its stations stand.</param>
    /// <param name="Skipped">How many of these stand empty before them.</param>
    /// <param name="StationName">What they are called there; null leaves them the names of their sites.</param>
    /// <param name="Capabilities">Of each unit in turn, over and over.</param>
    private sealed record Fleet(
        string Agency, string Prefix, string Kind, int Units, string Sites, int Skipped, int Stations, (string Zh, string En)? StationName, string[] Roles,
        string[][] Capabilities);

    private static readonly Dictionary<string, string> RoleNames = new(StringComparer.Ordinal)
    {
        ["doctor"] = "医生",
        ["nurse"] = "护士",
        ["driver"] = "驾驶员",
        ["leader"] = "班长",
        ["firefighter"] = "消防员",
        ["officer"] = "民警",
        ["technician"] = "抢修员",
    };

    private static readonly Fleet[] Fleets =
    [
        // 26 stations: each has two ambulances, the first three a third.
        new("ems", "A", "ambulance", 55, "ambulance_station", 0, 26, null, ["doctor", "nurse", "driver"],
            [["als", "bls"], ["bls"], ["bls"], ["als", "bls", "negativePressure"], ["bls"], ["bls"], ["als", "bls"], ["bls"], ["als", "bls", "neonatal"]]),
        new("fire", "F", "fire", 14, "fire_station", 0, 6, null, ["leader", "firefighter", "driver"],
            [
                ["engine"], ["engine"], ["engine"], ["engine"], ["engine"], ["engine"], ["rescue"], ["rescue", "engine"], ["ladder"], ["ladder"], ["rescue"],
                ["hazmat"], ["boat"], ["engine"],
            ]),
        new("police", "P", "police", 20, "townhall", 0, 8, ("派出所", "Police station"), ["officer", "driver"], [["patrol"]]),
        new("traffic", "T", "police", 8, "townhall", 8, 4, ("交警中队", "Traffic police squad"), ["officer", "driver"], [["trafficPolice"]]),
        new("power", "E", "rescue", 2, "townhall", 12, 1, ("供电抢修站", "Power repair depot"), ["technician", "driver"], [["powerRepair"]]),
        new("water", "W", "rescue", 2, "townhall", 13, 1, ("供水抢修站", "Water repair depot"), ["technician", "driver"], [["waterRepair"]]),
        new("gas", "G", "rescue", 2, "townhall", 14, 1, ("燃气抢修站", "Gas repair depot"), ["technician", "driver"], [["gasRepair"]]),
        new("heat", "H", "rescue", 2, "townhall", 15, 1, ("热力抢修站", "Heating repair depot"), ["technician", "driver"], [["heatRepair"]]),
    ];

    /// <summary>
    /// Seeds 55 ambulances, 14 fire vehicles, 28 cars of the police and 8 of the utilities, ambulances first. Again is harmless: every terminal
    /// gets a new credential, nothing else changes.
    /// </summary>
    public static async Task<IReadOnlyList<DemoUnit>> SeedAsync(
        NpgsqlDataSource database, DeviceRegistry devices, CancellationToken cancellation)
    {
        var made = new List<DemoUnit>();
        foreach (Fleet fleet in Fleets)
        {
            Site[] stations =
            [
                .. (await DemoCitySites.ListAsync(database, fleet.Sites, cancellation)).Skip(fleet.Skipped).Take(fleet.Stations)
                    .Select((site, index) => fleet.StationName is var (zh, en)
                        ? site with { Name = $"{zh}{index + 1}（演示）", NameEn = $"{en} {index + 1} (demo)" }
                        : site),
            ];
            await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
            foreach (Site site in stations)
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    INSERT INTO dispatch.station (id, name, name_en, district, lon, lat, synthetic, agency)
                    VALUES (@id, @Name, @NameEn, @District, @Lon, @Lat, true, @Agency) ON CONFLICT (id) DO NOTHING
                    """,
                    new { id = StationId(site), site.Name, site.NameEn, site.District, site.At.Lon, site.At.Lat, fleet.Agency }, cancellationToken: cancellation));
            }

            for (int index = 0; index < fleet.Units && stations.Length > 0; index++)
            {
                made.Add(await SeedUnitAsync(connection, devices, fleet, index, stations[index % stations.Length], cancellation));
            }
        }

        return made;
    }

    private static async Task<DemoUnit> SeedUnitAsync(
        NpgsqlConnection connection, DeviceRegistry devices, Fleet fleet, int index, Site station, CancellationToken cancellation)
    {
        bool isAmbulance = fleet.Agency == "ems";
        string number = (index + 1).ToString("00", CultureInfo.InvariantCulture), callSign = fleet.Prefix + number;
        string plate = isAmbulance ? $"鲁E演{index + 1:000}急" : $"鲁E演{callSign}";
        Guid unitId = DemoIds.Of($"unit:{callSign}"), vehicleId = DemoIds.Of($"vehicle:{callSign}"), deviceId = DemoIds.Of($"device:{callSign}");
        string credential = await devices.RegisterAsync(deviceId, vehicleId, plate, fleet.Kind, callSign, isAmbulance ? "120" : null, cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH added AS (
                INSERT INTO dispatch.unit (id, call_sign, kind, plate, vehicle_id, station_id, synthetic, agency, capabilities)
                VALUES (@unitId, @callSign, @Kind, @plate, @vehicleId, @stationId, true, @Agency, @capabilities) ON CONFLICT (id) DO NOTHING
                RETURNING id
            )
            INSERT INTO dispatch.crew_member (unit_id, role, name) SELECT id, role, name FROM added, unnest(@Roles, @names) AS crew (role, name)
            """,
            new
            {
                unitId,
                callSign,
                fleet.Kind,
                plate,
                vehicleId,
                stationId = StationId(station),
                fleet.Agency,
                capabilities = fleet.Capabilities[index % fleet.Capabilities.Length],
                fleet.Roles,
                names = fleet.Roles.Select(role => $"演示{RoleNames[role]}{(isAmbulance ? "" : fleet.Prefix)}{number}").ToArray(),
            },
            cancellationToken: cancellation));
        return new DemoUnit(unitId, callSign, deviceId, credential, isAmbulance ? "120" : "city");
    }

    private static Guid StationId(Site site) => DemoIds.Of($"station:{site.Name}");
}
