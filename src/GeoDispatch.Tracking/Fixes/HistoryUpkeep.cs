using Dapper;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Motion;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>
/// Looks after the history at the start and every hour: makes the tables of the days to come, drops those of which nothing is to be kept,
/// and, once a day, deletes in small portions what fleets with a shorter time have in the others.
/// </summary>
internal sealed partial class HistoryUpkeep(Databases databases, TimeProvider clock, ILogger<HistoryUpkeep> log) : RoundWorker(TimeSpan.FromHours(1), log)
{
    private const int DaysAhead = 7;
    private const int VehiclesAtOnce = 20;
    private const int StoriesAtOnce = 5_000;

    /// <summary>
    /// The story of a day outlives its fixes: offences against speed are to be kept for three years (道路运输车辆动态监督管理办法), and it
    /// takes a few kilobytes.
    /// </summary>
    private static readonly TimeSpan StoriesKept = TimeSpan.FromDays(3 * 366);

    private (DateOnly Day, string Retention) cleared;

    private sealed record Vehicle(Guid Id, int Days);

    protected internal override async Task KeepAsync(CancellationToken cancellation)
    {
        // Fixes are stored by UTC days.
        DateOnly today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        for (int ahead = 0; ahead <= DaysAhead; ahead++)
        {
            await FixDays.MakeAsync(connection, today.AddDays(ahead), cancellation);
        }

        Retention retention = await Retention.ReadAsync(connection, cancellation);
        List<FixDay> days = await FixDays.ListAsync(connection, cancellation);
        foreach (FixDay day in days.Where(day => IsOver(day.Day, retention.Longest)))
        {
            await FixDays.DropAsync(connection, day, cancellation);
            LogDropped(log, day.Day);
        }

        // Once a day, and when an administrator has changed something.
        (DateOnly, string) now = (today, string.Join(' ', retention.Fleets.Append(new FleetRetention("", retention.Days))));
        if (cleared != now)
        {
            await ClearAsync(connection, retention, [.. days.Where(day => !IsOver(day.Day, retention.Longest)).Select(static day => day.Day)], today, cancellation);
            await ForgetStoriesAsync(connection, cancellation);
            cleared = now;
        }

        bool IsOver(DateOnly day, int kept) => day.AddDays(kept) < today;
    }

    private static async Task ClearAsync(
        NpgsqlConnection connection, Retention retention, DateOnly[] days, DateOnly today, CancellationToken cancellation)
    {
        if (retention.Fleets.All(fleet => fleet.Days == retention.Days))
        {
            return;
        }

        IEnumerable<Vehicle> vehicles = await connection.QueryAsync<Vehicle>(new CommandDefinition(
            """
            SELECT vehicle.id AS Id, retention.days AS Days FROM tracking.vehicle
            JOIN tracking.retention ON retention.department IS NOT DISTINCT FROM (
                SELECT fleet.department FROM tracking.retention AS fleet WHERE fleet.department = vehicle.department)
            WHERE retention.days < @longest
            """,
            new { longest = retention.Longest }, cancellationToken: cancellation));
        foreach (IGrouping<int, Vehicle> fleet in vehicles.GroupBy(static vehicle => vehicle.Days).ToList())
        {
            foreach (DateOnly day in days.Where(day => day.AddDays(fleet.Key) < today))
            {
                foreach (Vehicle[] some in fleet.Chunk(VehiclesAtOnce))
                {
                    await FixDays.ClearAsync(connection, day, Array.ConvertAll(some, static vehicle => vehicle.Id), cancellation);
                }
            }
        }
    }

    private async Task ForgetStoriesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        DateOnly before = VehicleDay.Of(clock.GetUtcNow() - StoriesKept);
        int forgotten;
        do
        {
            forgotten = await connection.ExecuteAsync(new CommandDefinition(
                """
                DELETE FROM tracking.vehicle_day
                WHERE ctid = ANY (ARRAY (SELECT ctid FROM tracking.vehicle_day WHERE day < @before LIMIT @most))
                """,
                new { before, most = StoriesAtOnce }, cancellationToken: cancellation));
        }
        while (forgotten == StoriesAtOnce);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The fixes of {Day} were dropped: their time is over.")]
    private static partial void LogDropped(ILogger logger, DateOnly day);
}
