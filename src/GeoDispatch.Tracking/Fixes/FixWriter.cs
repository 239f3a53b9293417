using System.Runtime.InteropServices;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Live;
using GeoDispatch.Tracking.Motion;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>What a transaction stored.</summary>
/// <param name="Accepted">For each batch: how many of its fixes were new.</param>
/// <param name="Moved">The vehicles whose latest fix is a newer one now.</param>
internal sealed record StoredFixes(int[] Accepted, IReadOnlyList<VehiclePosition> Moved);

/// <summary>
/// Stores batches and moves the latest fixes in one transaction. What is newer than all before it of its device is copied straight into
/// the table; the rest (late or repeated) is inserted where it is not there yet. Of one worker alone, not safe for threads.
/// </summary>
internal sealed class FixWriter(Databases databases)
{
    private const int MostDaysRemembered = 1_000;
    private readonly HashSet<DateTime> knownDays = [];
    private readonly FixJudge judge = new();

    internal async Task<StoredFixes> WriteAsync(IReadOnlyList<FixBatch> batches, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        try
        {
            try
            {
                return await WriteAsync(connection, batches, mayCopy: true, cancellation);
            }
            catch (PostgresException violation) when (violation.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // Another writer had one of the devices meanwhile. Nothing of the transaction is there; the slow way takes it all.
                judge.Forget(batches);
                return await WriteAsync(connection, batches, mayCopy: false, cancellation);
            }
        }
        catch
        {
            // It may have been committed or not, and a day may have been dropped.
            judge.Forget(batches);
            knownDays.Clear();
            throw;
        }
    }

    private async Task<StoredFixes> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<FixBatch> batches, bool mayCopy, CancellationToken cancellation)
    {
        await judge.LoadAsync(connection, batches, cancellation);
        (List<FixRow> rows, FixRow[] uncertain) = Judge(batches, mayCopy);
        await EnsureDaysAsync(connection, rows, cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (uncertain.Length < rows.Count)
        {
            await FixTable.CopyNewestAsync(connection, rows, cancellation);
        }

        HashSet<(Guid Device, DateTime Time, long ContentHash)> inserted =
            uncertain.Length == 0 ? [] : await FixTable.InsertAsync(connection, uncertain, cancellation);
        var stored = new Accepted(batches.Count);
        stored.Take(rows, inserted);
        List<VehiclePosition> moved = stored.Moving.Count == 0 ? [] : await FixTable.MoveLatestAsync(connection, stored.Moving, cancellation);
        if (moved.Count < stored.Moving.Count)
        {
            Outrun(stored, rows, moved);
        }

        if (stored.Past.Count > 0)
        {
            await DayTable.MarkLateAsync(connection, stored.Past, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return new StoredFixes(stored.OfBatch, moved);
    }

    /// <summary>Another writer moved some of the vehicles farther meanwhile: to their days these fixes are late, though memory said otherwise.</summary>
    private void Outrun(Accepted stored, List<FixRow> rows, List<VehiclePosition> moved)
    {
        HashSet<Guid> outrun = [.. stored.Moving.Keys];
        outrun.ExceptWith(moved.Select(static position => position.VehicleId));
        rows.FindAll(row => outrun.Contains(row.Device.VehicleId) && row.Fix.HasPlace).ForEach(row => stored.ChangePast(in row));
        foreach (Guid vehicleId in outrun)
        {
            judge.Forget(vehicleId);
        }
    }

    /// <summary>All fixes in the order they came, judged, and those of them that may be in the table already.</summary>
    private (List<FixRow> Rows, FixRow[] Uncertain) Judge(IReadOnlyList<FixBatch> batches, bool mayCopy)
    {
        var rows = new List<FixRow>(batches.Count);
        List<FixRow>? uncertain = null;
        for (int index = 0; index < batches.Count; index++)
        {
            IReadOnlyList<AvlFix> fixes = batches[index].Fixes;
            for (int at = 0; at < fixes.Count; at++)
            {
                FixRow row = judge.Take(batches[index], index, fixes[at]);
                row = mayCopy ? row : row with { IsNewest = false };
                rows.Add(row);
                if (!row.IsNewest)
                {
                    (uncertain ??= []).Add(row);
                }
            }
        }

        return (rows, uncertain is null ? [] : [.. uncertain]);
    }

    /// <summary>Makes missing days before the transaction: those of late fixes, for the others are made ahead (<see cref="HistoryUpkeep"/>).</summary>
    private async Task EnsureDaysAsync(NpgsqlConnection connection, List<FixRow> rows, CancellationToken cancellation)
    {
        DateTime before = DateTime.MinValue;
        for (int index = 0; index < rows.Count; index++)
        {
            DateTime day = rows[index].Time.Date;
            if (day != before)
            {
                await EnsureDayAsync(connection, day, cancellation);
                before = day;
            }
        }
    }

    private async Task EnsureDayAsync(NpgsqlConnection connection, DateTime day, CancellationToken cancellation)
    {
        if (knownDays.Contains(day))
        {
            return;
        }

        await FixDays.MakeAsync(connection, DateOnly.FromDateTime(day), cancellation);
        if (knownDays.Count >= MostDaysRemembered)
        {
            knownDays.Clear();
        }

        knownDays.Add(day);
    }
}

/// <summary>What of a transaction was new.</summary>
internal sealed class Accepted(int batches)
{
    /// <summary>For each batch: how many of its fixes.</summary>
    internal int[] OfBatch { get; } = new int[batches];

    /// <summary>The newest place of each vehicle.</summary>
    internal Dictionary<Guid, FixRow> Moving { get; } = [];

    /// <summary>Of days that are not as they were told: the oldest of the fixes that change them.</summary>
    internal Dictionary<(Guid VehicleId, DateOnly Day), DateTime> Past { get; } = [];

    /// <param name="rows">In the order they came.</param>
    /// <param name="inserted">Those that might have been there, and were not.</param>
    internal void Take(List<FixRow> rows, HashSet<(Guid Device, DateTime Time, long ContentHash)> inserted)
    {
        Moving.EnsureCapacity(rows.Count);
        foreach (ref readonly FixRow row in CollectionsMarshal.AsSpan(rows))
        {
            if (!row.IsNewest && !inserted.Remove((row.Device.DeviceId, row.Time, row.ContentHash)))
            {
                continue;
            }

            OfBatch[row.BatchIndex]++;
            if (row.Moves)
            {
                // They come in the order of their times.
                Moving[row.Device.VehicleId] = row;
            }
            else if (row.ChangesPast)
            {
                ChangePast(in row);
            }
        }
    }

    internal void ChangePast(in FixRow row)
    {
        ref DateTime oldest = ref CollectionsMarshal.GetValueRefOrAddDefault(
            Past, (row.Device.VehicleId, VehicleDay.Of(new DateTimeOffset(row.Time))), out bool isThere);
        oldest = isThere && oldest < row.Time ? oldest : row.Time;
    }
}
