using System.Collections.Concurrent;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Live;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Tracking.Motion;

/// <summary>
/// Goes on with the days of those who reported, once a minute and many in one query, and tells anew those that late fixes changed. It only
/// saves work: whoever asks for a day is told all of it, from where it is kept on. So nothing is lost when the server ends between.
/// </summary>
internal sealed class DayKeeper(Databases databases, TimeProvider clock, ILogger<DayKeeper> log) : RoundWorker(TimeSpan.FromMinutes(1), log)
{
    private const int MostReported = 200_000;
    private const int DaysInQuery = 100;
    private const int MostLate = 1_000;
    private const int WorthKeeping = 2_000;

    /// <summary>What comes in a little disorder, by two devices or two ways, is in order by then.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(Guid VehicleId, DateOnly Day), bool> reported = new();

    /// <summary>Takes who moved; never waits.</summary>
    internal void Follow(IReadOnlyList<VehiclePosition> moved)
    {
        if (reported.Count > MostReported)
        {
            return;
        }

        for (int index = 0; index < moved.Count; index++)
        {
            reported.TryAdd((moved[index].VehicleId, VehicleDay.Of(moved[index].Time)), true);
        }
    }

    /// <summary>Days with all fixes that are stored, by vehicle and day. Keeps what was long to tell.</summary>
    internal static async Task<List<VehicleDay>> TellAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(Guid VehicleId, DateOnly Day)> asked, CancellationToken cancellation)
    {
        List<KeptDay> told = await DayTable.GoOnAsync(
            connection, await DayTable.ReadAsync(connection, asked, cancellation), DateTime.MaxValue, cancellation);
        if (told.FindAll(static day => day.Worth > WorthKeeping) is { Count: > 0 } worth)
        {
            await DayTable.SaveAsync(connection, worth, cancellation);
        }

        return [.. told.Select(static day => day.SoFar.Told).OrderBy(static day => day.Day)];
    }

    /// <summary>One round: all that reported since the last, and what is late.</summary>
    protected internal override async Task KeepAsync(CancellationToken cancellation)
    {
        (Guid VehicleId, DateOnly Day)[] days = [.. reported.Keys];
        try
        {
            await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
            HashSet<(Guid VehicleId, DateOnly Day)> all = [.. days, .. await DayTable.ListLateAsync(connection, MostLate, cancellation)];
            DateTime until = clock.GetUtcNow().UtcDateTime - Behind;
            // Of one day together: a query opens the tables of few days.
            foreach ((Guid VehicleId, DateOnly Day)[] some in all.GroupBy(static one => one.Day).SelectMany(static of => of.Chunk(DaysInQuery)))
            {
                // Taken out first: who reports meanwhile is put in again.
                Array.ForEach(some, one => reported.TryRemove(one, out _));
                List<KeptDay> told = await DayTable.GoOnAsync(
                    connection, await DayTable.ReadAsync(connection, some, cancellation), until, cancellation);
                await DayTable.SaveAsync(connection, told, cancellation);
            }
        }
        catch
        {
            Array.ForEach(days, one => reported.TryAdd(one, true));
            throw;
        }
    }

    /// <summary>Who reported before the server ended last.</summary>
    private protected override async Task BeginAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        DateTime since = clock.GetUtcNow().UtcDateTime.AddDays(-2);
        (await DayTable.ListRecentAsync(connection, since, cancellation)).ForEach(one => reported.TryAdd(one, true));
    }
}
