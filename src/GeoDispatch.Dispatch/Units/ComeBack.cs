using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>
/// Brings back each unit whose time out of service has passed, by an event of its own log that bears the name <c>system</c>. Whoever changed the
/// unit meanwhile was first: the decision looks at the time again.
/// </summary>
internal sealed class ComeBack(UnitLog units, EventLog log, Databases databases, ILogger<ComeBack> logger) : RoundWorker(TimeSpan.FromSeconds(2), logger)
{
    protected override async Task KeepAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = log.Now;
        foreach (Guid unitId in await DueAsync(now, cancellation))
        {
            var given = new Instruction(Guid.CreateVersion7(now), "comeBack", [], Guid.Empty, "system", null, IsCrew: false, null);
            await units.AppendAsync(unitId, given, new UnitCommand.ComeBack(), cancellation);
        }
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT id FROM dispatch.unit WHERE out_until <= @now ORDER BY out_until, id", new { now }, cancellationToken: cancellation))];
    }
}
