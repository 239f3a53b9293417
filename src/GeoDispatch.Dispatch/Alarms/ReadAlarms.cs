using Dapper;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Live;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>
/// <c>GET /api/alarms</c>: every alarm that is open, by level, then the oldest first, none left off; and how many were raised in the last hour.
/// </summary>
internal static class ReadAlarms
{
    /// <summary>More of those that sound in <see cref="FloodTime"/> are a flood (ISA-18.2).</summary>
    internal const int MostBeforeFlood = 10;

    private static readonly TimeSpan FloodTime = TimeSpan.FromMinutes(10), Shown = TimeSpan.FromHours(1);

    /// <summary>How many are open now.</summary>
    internal sealed record Counts(int A1, int A2, int A3, int Unconfirmed, int Shelved);

    /// <param name="Seat">Whose it was when it was raised; null for what is nobody's own.</param>
    /// <param name="PerTenMinutes">Of those that sound, levels 1 and 2; at most 1 is aimed at (EEMUA 191).</param>
    internal sealed record SeatRate(string? Seat, int A1, int A2, int A3, double PerTenMinutes);

    /// <param name="Flood">More than 10 that sound were raised in 10 minutes: level 2 is to sound no more until it is over; level 1 sounds.</param>
    /// <param name="LastHour">What was raised, by whose it was, also what is over.</param>
    internal sealed record AlarmList(DateTimeOffset Now, bool Flood, Counts Open, IReadOnlyList<SeatRate> LastHour, IReadOnlyList<AlarmView> Alarms);

    private sealed record Raised(string? Seat, int Level, DateTimeOffset At);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/alarms", HandleAsync).Produces<AlarmList>();

    private static async Task<IResult> HandleAsync(Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            {TakenSeat.Select};
            {AlarmReader.Select} WHERE state <> 'ended' ORDER BY level, since, id;
            SELECT seat, level, recorded_at AS At FROM dispatch.alarm_event JOIN dispatch.alarm ON id = alarm_id
            WHERE type IN ('alarmRaised', 'alarmRepeated') AND recorded_at > @from ORDER BY seat
            """,
            new { from = now - Shown }, cancellationToken: cancellation));
        TakenSeat[] seats = [.. await answers.ReadAsync<TakenSeat>()];
        AlarmView[] alarms = [.. (await AlarmReader.ReadAsync(answers)).Select(alarm => AlarmReader.View(alarm, seats, now))];
        return TypedResults.Ok(Make(alarms, [.. (await answers.ReadAsync<Raised>())], now));
    }

    private static AlarmList Make(AlarmView[] alarms, Raised[] raised, DateTimeOffset now)
    {
        return new AlarmList(
            now,
            raised.Count(one => one.Level < 3 && now - one.At <= FloodTime) > MostBeforeFlood,
            new Counts(
                alarms.Count(static alarm => alarm.Level == 1), alarms.Count(static alarm => alarm.Level == 2), alarms.Count(static alarm => alarm.Level == 3),
                alarms.Count(static alarm => alarm.State is AlarmStatus.Unconfirmed or AlarmStatus.ClearedUnconfirmed),
                alarms.Count(static alarm => alarm.State == AlarmStatus.Shelved)),
            [.. raised.GroupBy(static one => one.Seat).Select(static seat => new SeatRate(
                seat.Key, seat.Count(static one => one.Level == 1), seat.Count(static one => one.Level == 2), seat.Count(static one => one.Level == 3),
                Math.Round(seat.Count(static one => one.Level < 3) * (FloodTime / Shown), 1)))],
            alarms);
    }
}

/// <summary>An alarm changed; said to desks alone, on <c>/hubs/incidents</c> as <c>alarms</c>. Both null: all of them are to be read again.</summary>
public sealed record AlarmChange(Guid? AlarmId, int? Version);

/// <summary>Carries each <c>NOTIFY</c> of an alarm to the desks.</summary>
internal sealed class AlarmBroadcaster(PgListener listener, IHubContext<IncidentHub> hub) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string notice in listener.Listen(AlarmLog.Alarms.Name, stoppingToken))
            {
                await hub.Clients.Group(IncidentHub.Desk).SendAsync(
                    "alarms",
                    notice.Split(':') is [var id, var version]
                        ? new AlarmChange(Guid.Parse(id), int.Parse(version, System.Globalization.CultureInfo.InvariantCulture))
                        : new AlarmChange(null, null),
                    stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }
}
