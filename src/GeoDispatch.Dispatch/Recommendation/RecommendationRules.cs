using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>What weighs how much where units are recommended.</summary>
public sealed record RecommendationSettings
{
    /// <summary>So much later than another unit that of the station that answers for the place (划片) may be there and still go first. Default 60 s.</summary>
    public TimeSpan OwnAreaMayCost { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>So many addresses at most a transfer may leave without a unit that reaches them in time; 0 or more. Default 20, ours until the city says.</summary>
    public int TransferMayUncover { get; init; } = 20;
}

/// <summary>What the centre decided on recommendations, as of late: read again each half minute.</summary>
/// <param name="Types">By code, the agencies that a type of incident asks for, the leading one first.</param>
/// <param name="Capabilities">By code, what they are called.</param>
/// <param name="HandoverSeconds">Median from arriving at hospital until handed over, of the last 14 days; the assumption where too few were seen.</param>
internal sealed record RecommendationRules(
    IReadOnlyDictionary<string, string[]> Types, IReadOnlySet<string> Agencies, IReadOnlyDictionary<string, Reason> Capabilities, DivertPolicy Policy, double HandoverSeconds)
{
    /// <summary>The areas that stations answer for, as far as the city has drawn them.</summary>
    internal IReadOnlyDictionary<Guid, Area> Areas { get; init; } = new Dictionary<Guid, Area>();

    /// <summary>The stations that answer for a place: none, or more where areas overlap.</summary>
    internal HashSet<Guid> StationsOf(LonLat place) => [.. Areas.Where(area => area.Value.Contains(place)).Select(static area => area.Key)];

    internal Reason NameOf(UnitNeed need)
    {
        (string zh, string en) = need.Named(code => (Capabilities[code].Zh, Capabilities[code].En));
        return new Reason(zh, en);
    }

    /// <summary>The wish with the agencies that its type asks for, or what is not known of it.</summary>
    internal (Wish? Wish, Problem? Problem) Complete(Wish wish) =>
        wish.Type is { } type && !Types.ContainsKey(type) ? (null, DispatchProblems.BadField("type", type, string.Join(" | ", Types.Keys)))
        : wish.Agencies.FirstOrDefault(agency => !Agencies.Contains(agency)) is { } agency
            ? (null, DispatchProblems.BadField("agencies", agency, string.Join(" | ", Agencies)))
        : wish.Capabilities.FirstOrDefault(capability => !Capabilities.ContainsKey(capability)) is { } capability
            ? (null, DispatchProblems.BadField("capabilities", capability, string.Join(" | ", Capabilities.Keys)))
        : wish.Agencies.Count > 0 ? (wish, null)
        : (wish with { Agencies = wish.Type is { } known ? Types[known] : ["ems"] }, null);
}

/// <summary>Reads <see cref="RecommendationRules"/>.</summary>
internal sealed class RuleReader(Databases databases, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(30);

    private const int FewestHandovers = 20;

    private readonly SemaphoreSlim turn = new(1);
    private volatile Kept? kept;

    /// <param name="At">Of the machine, not of the city's clock: an exercise that runs fast is no reason to read more often.</param>
    private sealed record Kept(RecommendationRules Rules, long At);

    private sealed record TypeRow(string Code, string[] Agencies);

    private sealed record CapabilityRow(string Code, string Name, string NameEn);

    private sealed record PolicyRow(int From, int To, int SavedSeconds);

    private sealed record AreaRow(Guid StationId, byte[] Wkb);

    private sealed record Handovers(double? Median, long Count);

    internal async ValueTask<RecommendationRules> GetAsync(CancellationToken cancellation)
    {
        Kept? last = kept;
        if (last is null)
        {
            await turn.WaitAsync(cancellation);
        }
        else if (IsFresh(last) || !await turn.WaitAsync(0, cancellation))
        {
            // One reads again; the others go on with what was.
            return last.Rules;
        }

        try
        {
            if (kept is not { } read || !IsFresh(read))
            {
                kept = read = new Kept(await ReadAsync(cancellation), clock.GetTimestamp());
            }

            return read.Rules;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private bool IsFresh(Kept read) => clock.GetElapsedTime(read.At) < Holds;

    private async Task<RecommendationRules> ReadAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT code, array_prepend(lead, others) AS Agencies FROM dispatch.incident_type WHERE active ORDER BY ordinal;
            SELECT code FROM dispatch.agency ORDER BY ordinal;
            SELECT code, name, name_en AS NameEn FROM dispatch.capability ORDER BY ordinal;
            SELECT from_priority AS From, to_priority AS To, saved_seconds AS SavedSeconds FROM dispatch.divert_policy;
            SELECT station_id AS StationId, ST_AsBinary(geom, 'NDR') AS Wkb FROM dispatch.station_area;
            WITH step AS (
                SELECT data->>'assignmentId' AS assignment, data->>'milestone' AS milestone, (data->>'at')::timestamptz AS at
                FROM dispatch.incident_event WHERE type = 'milestoneRecorded' AND recorded_at > @since AND data->>'milestone' IN ('atDestination', 'handedOver'))
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended.at - begun.at)) AS Median, count(*) AS Count
            FROM step begun JOIN step ended USING (assignment) WHERE begun.milestone = 'atDestination' AND ended.milestone = 'handedOver'
            """,
            new { since = clock.GetUtcNow().AddDays(-14) },
            cancellationToken: cancellation));
        Dictionary<string, string[]> types = (await answers.ReadAsync<TypeRow>()).ToDictionary(static row => row.Code, static row => row.Agencies, StringComparer.Ordinal);
        HashSet<string> agencies = [.. await answers.ReadAsync<string>()];
        Dictionary<string, Reason> capabilities = (await answers.ReadAsync<CapabilityRow>())
            .ToDictionary(static row => row.Code, static row => new Reason(row.Name, row.NameEn), StringComparer.Ordinal);
        var policy = new DivertPolicy((await answers.ReadAsync<PolicyRow>()).ToDictionary(static row => (row.From, row.To), static row => (double)row.SavedSeconds));
        Dictionary<Guid, Area> areas = (await answers.ReadAsync<AreaRow>()).ToDictionary(static row => row.StationId, static row => Area.Read(row.Wkb));
        Handovers handovers = await answers.ReadSingleAsync<Handovers>();
        return new RecommendationRules(
            types, agencies, capabilities, policy,
            handovers.Count >= FewestHandovers ? handovers.Median!.Value + Sifting.ClearSeconds : Sifting.HandoverSeconds)
        {
            Areas = areas,
        };
    }
}
