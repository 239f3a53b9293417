using System.Security.Cryptography;
using System.Text;
using Npgsql;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Demo;

/// <summary>Ids of demo things, the same at each seeding, so that seeding again after an interruption adds nothing twice.</summary>
public static class DemoIds
{
    private static readonly byte[] Namespace = Encoding.ASCII.GetBytes("geodispatch-demo");

    /// <summary>A UUID of version 5 (RFC 9562 section 5.5) of a name such as <c>unit:A01</c>.</summary>
    public static Guid Of(string name)
    {
#pragma warning disable CA5350 // version 5 is defined by SHA-1; nothing secret depends on it
        byte[] hash = SHA1.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}

/// <summary>A site of the base map, such as a station or a hospital.</summary>
/// <param name="District">Name of its district.</param>
public sealed record Site(string Name, string NameEn, string District, LonLat At);

/// <summary>What a seed of the modules above reads of the demo city.</summary>
public static class DemoCitySites
{
    /// <summary>True where the city in the database is a synthetic one.</summary>
    public static async Task<bool> AreThereAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand("SELECT count(*) FROM city.profile WHERE synthetic");
        return (long)(await command.ExecuteScalarAsync(cancellation))! > 0;
    }

    /// <summary>The sites of one kind (<c>ambulance_station</c>, <c>hospital</c>), in a fixed order.</summary>
    public static async Task<IReadOnlyList<Site>> ListAsync(NpgsqlDataSource database, string kind, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            SELECT p.name, coalesce(p.name_en, p.name), d.name, ST_X(p.geom), ST_Y(p.geom)
            FROM city.poi p JOIN city.district d ON d.code = p.district_code WHERE p.kind = $1 ORDER BY p.id
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = kind });
        var sites = new List<Site>();
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            sites.Add(new Site(row.GetString(0), row.GetString(1), row.GetString(2), new LonLat(row.GetDouble(3), row.GetDouble(4))));
        }

        return sites;
    }
}
