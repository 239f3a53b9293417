using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace GeoDispatch.Tracking.Devices.Nmea;

/// <summary>
/// One terminal's connection. Whoever has named itself with its key is answered a line <c>OK1</c> for each RMC, after its commit. What one read
/// brought is stored before the next read: so a slow database makes the terminals wait, by TCP itself, and not the memory grow.
/// </summary>
internal sealed class NmeaConnection(NmeaSettings settings, TerminalDoor door, FixPipeline pipeline)
{
    internal const string Protocol = "nmea";

    /// <summary>As trackers of this kind know it.</summary>
    internal static readonly byte[] Acknowledgement = Encoding.ASCII.GetBytes("OK1\r\n");

    private const int MostFaults = 100;

    /// <summary>Names that are no terminal's, or with a wrong key: a terminal says its own.</summary>
    private const int MostAdmissions = 10;

    internal async Task ServeAsync(ConnectionContext connection, CancellationToken stopping)
    {
        // Machine time: a network knows nothing of an exercise that runs faster. Not bound to the connection's end: what a receiver sent before
        // it went is still to be read.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(settings.Unauthenticated);
        string remote = connection.RemoteEndPoint?.ToString() ?? "";
        PipeReader input = connection.Transport.Input;
        var stream = new NmeaStream();
        NmeaName? admitted = null;
        (int faults, int refusals) = (0, 0);
        while (true)
        {
            ReadResult read = await input.ReadAsync(deadline.Token);
            ReadOnlySequence<byte> buffer = read.Buffer;
            (List<(NmeaName? Name, AvlFix Fix)> said, bool isAll) = Take(stream, ref buffer, ref faults);
            foreach ((NmeaName? name, AvlFix[] fixes) in ByName(said, stream.Name))
            {
                if ((name is null ? null : await StoreAsync(name, fixes, remote, stopping)) is not { } stored)
                {
                    refusals++;
                }
                else if (stored > 0 || name != admitted)
                {
                    (admitted, faults, refusals) = (name, 0, 0);
                    deadline.CancelAfter(settings.Idle);
                    await AcknowledgeAsync(connection, stored, deadline.Token);
                }
            }

            // Where it stopped for the count, whole lines are left: they are looked at again at once.
            input.AdvanceTo(buffer.Start, isAll ? read.Buffer.End : buffer.Start);
            if (faults >= MostFaults || refusals >= MostAdmissions || (read.IsCompleted && isAll))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Stores what one terminal said, also where it has gone meanwhile, and waits where the database is away: few receivers of this kind could
    /// send it again.
    /// </summary>
    /// <returns>How many need not be sent again; null where it may not report.</returns>
    internal async Task<int?> StoreAsync(NmeaName name, IReadOnlyList<AvlFix> fixes, string remote, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(settings.Idle);
        while (true)
        {
            try
            {
                (DeviceIdentity? device, _) = await door.EnterAsync(new Sighting(Protocol, name.Terminal, remote), name.Key, limit.Token);
                if (device is null || fixes.Count == 0)
                {
                    return device is null ? null : 0;
                }

                (FixReceipt? receipt, _) = await pipeline.TakeAsync(device, fixes, limit.Token);
                if (receipt is not null)
                {
                    // What is refused for ever need not come again.
                    return fixes.Count - pipeline.RightLater(receipt, fixes).Count();
                }
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException)
            {
                // Not the terminal's fault: it has nothing to send it from again.
            }

            await Task.Delay(settings.Pause, limit.Token);
        }
    }

    /// <summary>The fixes of whole lines, each with who spoke then; false where more of them may be left.</summary>
    internal static (List<(NmeaName? Name, AvlFix Fix)> Said, bool IsAll) Take(NmeaStream stream, ref ReadOnlySequence<byte> buffer, ref int faults)
    {
        var said = new List<(NmeaName?, AvlFix)>();
        while (said.Count < FixRules.MostFixes)
        {
            if (!stream.TryRead(ref buffer, out AvlFix? fix, out NmeaFault? fault))
            {
                return (said, true);
            }

            faults += fault is null ? 0 : 1;
            if (fix is not null)
            {
                said.Add((stream.Name, fix));
            }
        }

        return (said, false);
    }

    /// <summary>The fixes by who sent them; whoever named itself and sent none yet stands there without any.</summary>
    internal static IEnumerable<(NmeaName? Name, AvlFix[] Fixes)> ByName(List<(NmeaName? Name, AvlFix Fix)> said, NmeaName? last) =>
        said.Count == 0 && last is not null
            ? [(last, [])]
            : said.GroupBy(static one => one.Name, static (name, fixes) => (name, fixes.Select(static one => one.Fix).ToArray()));

    private async Task AcknowledgeAsync(ConnectionContext connection, int stored, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Sending);
        for (int index = 0; index < stored; index++)
        {
            connection.Transport.Output.Write(Acknowledgement);
        }

        await connection.Transport.Output.FlushAsync(limit.Token);
    }
}
