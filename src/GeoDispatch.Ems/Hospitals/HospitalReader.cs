using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>What only some hospitals can treat: the six kinds of patients that a city names centres for.</summary>
internal sealed record HospitalCapability(string Code, string Name, string NameEn)
{
    internal static readonly IReadOnlyList<HospitalCapability> All =
    [
        new("chestPain", "胸痛", "chest pain"), new("stroke", "卒中", "stroke"), new("trauma", "创伤", "trauma"),
        new("obstetric", "危重孕产妇", "critical pregnancy"), new("pediatric", "危重儿童", "critical child"), new("poisoning", "中毒", "poisoning"),
    ];

    internal static readonly string[] Codes = [.. All.Select(static capability => capability.Code)];

    internal static HospitalCapability Get(string code) => All.Single(capability => capability.Code == code);
}

/// <summary>That a hospital wants no patients until a moment that it names.</summary>
/// <param name="Capability">Of which kind; null for all.</param>
/// <param name="Until">Then it is over by itself.</param>
internal sealed record Diversion(string? Capability, string Reason, DateTimeOffset Until);

/// <summary>What a hospital said last that it can take.</summary>
/// <param name="Beds">Of the emergency department; null where they were not counted.</param>
/// <param name="Diversions">Those in force now.</param>
internal sealed record HospitalReport(
    DateTimeOffset At, string By, int? Beds, int? FreeBeds, IReadOnlyList<string> OpenCapabilities, IReadOnlyList<Diversion> Diversions);

/// <summary>A hospital as it is now.</summary>
/// <param name="Capabilities">What it can do at all, as administrators keep it.</param>
/// <param name="Version">Of that.</param>
/// <param name="Report">Null where it never reported.</param>
internal sealed record HospitalNow(Destination Place, IReadOnlyList<string> Capabilities, int Version, HospitalReport? Report)
{
    internal Guid Id => Place.Id;

    /// <summary>What it can do now. Of one that never reported, all that it can do at all.</summary>
    internal IReadOnlyList<string> Open => Report is null ? Capabilities : [.. Capabilities.Intersect(Report.OpenCapabilities, StringComparer.Ordinal)];
}

/// <summary>Reads the hospitals with what they said last.</summary>
internal sealed class HospitalReader(Destinations destinations, Databases databases, TimeProvider clock)
{
    /// <summary>On which the id of a hospital is notified about which, or about whose patients, there is something new to read.</summary>
    internal const string Channel = "hospital";

    private sealed record Row(
        Guid Id, string[] Capabilities, int Version, DateTimeOffset? At, string? By, int? Beds, int? FreeBeds, string[]? OpenCapabilities, string? Diversions);

    /// <summary>All, by name. Those of the demo city show in it alone.</summary>
    internal async Task<IReadOnlyList<HospitalNow>> ListAsync(CancellationToken cancellation)
    {
        Dictionary<Guid, Destination> places = (await destinations.ListAsync(cancellation)).ToDictionary(static place => place.Id);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        DateTimeOffset now = clock.GetUtcNow();
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(Select, cancellationToken: cancellation)))
            .Where(row => places.ContainsKey(row.Id))
            .Select(row => new HospitalNow(places[row.Id], row.Capabilities, row.Version, Report(row, now)))
            .OrderBy(static hospital => hospital.Place.Name, StringComparer.Ordinal)];
    }

    /// <summary>Null where there is no such hospital.</summary>
    internal async Task<HospitalNow?> FindAsync(Guid id, CancellationToken cancellation) =>
        (await ListAsync(cancellation)).FirstOrDefault(hospital => hospital.Id == id);

    /// <summary>The id of the hospital with this name; null where there is none.</summary>
    internal async Task<Guid?> FindIdAsync(string name, CancellationToken cancellation) =>
        (await ListAsync(cancellation)).FirstOrDefault(hospital => hospital.Place.Name == name)?.Id;

    /// <summary>Part of the transaction that changed something: whoever shows this hospital hears of it when that commits.</summary>
    internal static Task TellAsync(NpgsqlConnection connection, Guid hospitalId, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            $"SELECT pg_notify('{Channel}', @id)", new { id = hospitalId.ToString("D") }, cancellationToken: cancellation));

    private static HospitalReport? Report(Row row, DateTimeOffset now) => row.At is not { } at ? null : new HospitalReport(
        at, row.By!, row.Beds, row.FreeBeds, row.OpenCapabilities!,
        [.. JsonSerializer.Deserialize<Diversion[]>(row.Diversions!, JsonSerializerOptions.Web)!.Where(diversion => diversion.Until > now)]);

    private const string Select = """
        SELECT destination_id AS Id, capabilities, version, said.at, said.by, said.beds, said.free_beds AS FreeBeds, said.open_capabilities AS OpenCapabilities,
               said.diversions::text AS Diversions
        FROM ems.hospital
        LEFT JOIN LATERAL (SELECT * FROM ems.hospital_report WHERE hospital_id = destination_id ORDER BY ordinal DESC LIMIT 1) said ON true
        """;
}
