using Dapper;
using GeoDispatch.City.Demo;
using GeoDispatch.Dispatch.Units;
using Npgsql;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>A hospital of the demo city.</summary>
public sealed record DemoHospital(Guid Id, string Name);

/// <summary>The hospitals of the demo city, all synthetic.</summary>
public static class DemoHospitals
{
    private static readonly string[][] Profiles =
    [
        ["chestPain", "stroke", "trauma", "obstetric", "pediatric", "poisoning"],
        ["chestPain", "stroke", "trauma"],
        ["trauma", "obstetric"],
        ["chestPain", "pediatric"],
    ];

    /// <summary>Makes every hospital of the demo city a destination with capabilities. Again is harmless.</summary>
    public static async Task<IReadOnlyList<DemoHospital>> SeedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        IReadOnlyList<Site> sites = await DemoCitySites.ListAsync(database, "hospital", cancellation);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        var hospitals = new List<DemoHospital>();
        foreach ((int index, Site site) in sites.Index())
        {
            Guid id = DemoIds.Of($"hospital:{site.Name}");
            await Destinations.AddAsync(connection, id, site.Name, site.NameEn, "hospital", site.At, synthetic: true, cancellation);
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO ems.hospital (destination_id, capabilities) VALUES (@id, @capabilities) ON CONFLICT DO NOTHING",
                new { id, capabilities = Profiles[index % Profiles.Length] }, cancellationToken: cancellation));
            hospitals.Add(new DemoHospital(id, site.Name));
        }

        return hospitals;
    }
}
