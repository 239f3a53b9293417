using Dapper;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// For a module above: what it now asks of the units of an incident, as part of the transaction that it runs. What is asked already, and what is asked
/// of a closed incident, changes nothing.
/// </summary>
public delegate Task RequireCapabilities(
    NpgsqlConnection connection, NpgsqlTransaction transaction, Guid incidentId, Requirement requirement, Instruction given, CancellationToken cancellation);

/// <summary>Implemented by a module above: what it asks of the response to a call, or to an incident with all of its calls; null for nothing.</summary>
public delegate Task<Requirement?> FindRequirement(NpgsqlConnection connection, Guid id, bool isCall, CancellationToken cancellation);

/// <summary>Carries out <see cref="RequireCapabilities"/>, and asks for them where a call becomes part of an incident.</summary>
internal sealed class Requirements(EventLog log, FindRequirement? find = null)
{
    internal async Task RequireAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid incidentId, Requirement requirement, Instruction given, CancellationToken cancellation)
    {
        // The caller's transaction: it commits and disposes.
        Undertaking doing = log.Join(given, connection, transaction);
        if (await doing.LockAsync(IncidentLog.Incidents, incidentId, cancellation) is { } found)
        {
            await WriteAsync(doing, found, requirement, cancellation);
        }
    }

    /// <summary>The events that an incident begins with besides its opening, for the call that it was opened from.</summary>
    internal async Task<IncidentEvent[]> BeginAsync(Undertaking doing, Guid? callId, CancellationToken cancellation) =>
        callId is { } call && find is not null && await find(doing.Connection, call, true, cancellation) is { } requirement
            ? [new CapabilitiesRequired(await KnownAsync(doing.Connection, requirement, cancellation))]
            : [];

    /// <summary>After another call was merged into it.</summary>
    internal async Task ReviseAsync(Undertaking doing, Found<IncidentState> incident, CancellationToken cancellation)
    {
        if (find is not null && await find(doing.Connection, incident.Id, false, cancellation) is { } requirement)
        {
            await WriteAsync(doing, incident, requirement, cancellation);
        }
    }

    private static async Task WriteAsync(Undertaking doing, Found<IncidentState> incident, Requirement requirement, CancellationToken cancellation) =>
        await doing.WriteAsync(
            IncidentLog.Incidents, incident,
            IncidentDecider.Decide(incident.State, new IncidentCommand.RequireCapabilities(await KnownAsync(doing.Connection, requirement, cancellation)), doing.Now).Events,
            cancellation);

    /// <summary>Without the equipment that no vehicle is known by: that is part of what every crew of its level carries.</summary>
    private static async Task<Requirement> KnownAsync(NpgsqlConnection connection, Requirement requirement, CancellationToken cancellation)
    {
        HashSet<string> known = [.. await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT code FROM dispatch.capability WHERE agency = @Agency", new { requirement.Agency }, cancellationToken: cancellation))];
        return requirement with
        {
            Needs = [.. requirement.Needs.Where(need => known.Contains(need.Capability))
                .Select(need => need with { Also = need.Also?.Where(known.Contains).ToArray() is { Length: > 0 } carried ? carried : null })],
        };
    }
}
