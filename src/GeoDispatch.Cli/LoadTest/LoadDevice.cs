using GeoDispatch.Cli.Simulate;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR;

namespace GeoDispatch.Cli.LoadTest;

/// <summary>When a device makes fixes.</summary>
/// <param name="Interval">Between two of them.</param>
/// <param name="Batch">It sends when it has so many.</param>
/// <param name="Finest">Times are whole multiples of this: what the protocol carries.</param>
internal sealed record LoadRhythm(TimeSpan Interval, int Batch, TimeSpan Finest);

/// <summary>
/// One synthetic vehicle on a round through the city. It makes a fix whenever one is due, whatever became of those before, and sends what is
/// not acknowledged again and again: what is measured is the time from when a fix was due to its acknowledgement.
/// </summary>
internal sealed class LoadDevice(int number, ILoadLine line, LoadRhythm rhythm, LoadRecord record, LoadFigures figures, TimeProvider clock)
{
    private const int MostKept = 500;
    private const double RadiusMeters = 800, SpeedKmh = 40;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private readonly Queue<(AvlFix Fix, DateTimeOffset Due)> kept = [];
    private DateTimeOffset last = DateTimeOffset.MinValue;

    /// <summary>
    /// Makes fixes until <paramref name="makeUntil"/>, or until <paramref name="ending"/> is cancelled, then goes on until none waits or it is
    /// stopped.
    /// </summary>
    internal async Task RunAsync(DateTimeOffset start, DateTimeOffset makeUntil, CancellationToken ending, CancellationToken stopping)
    {
        // Spread over the interval, so that the city does not report in one instant.
        DateTimeOffset due = start + rhythm.Interval * (number * 0.618_033_988_75 % 1);
        int tries = 0;
        bool isLast = false;
        while (!isLast || kept.Count > 0)
        {
            DateTimeOffset now = clock.GetUtcNow();
            for (; due <= now && due < makeUntil && !ending.IsCancellationRequested; due += rhythm.Interval)
            {
                Make(due);
            }

            isLast = due >= makeUntil || ending.IsCancellationRequested;
            if (kept.Count >= rhythm.Batch || (isLast && kept.Count > 0))
            {
                tries = await TrySendAsync(stopping) ? 0 : tries + 1;
                if (tries > 0)
                {
                    await Task.Delay(SimulateBackOff.After(tries - 1), clock, stopping);
                }
            }
            else if (!isLast)
            {
                await Task.Delay(due - now + TimeSpan.FromMilliseconds(1), clock, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Make(DateTimeOffset due)
    {
        DateTimeOffset time = due.AddTicks(-(due.UtcTicks % rhythm.Finest.Ticks)).ToUniversalTime();
        time = time > last ? time : last + rhythm.Finest;
        last = time;
        if (kept.Count == MostKept)
        {
            kept.Dequeue();
            figures.GivenUp();
        }

        // Seconds of a day: the same for the same fix, however often it is sent.
        double angle = (time.TimeOfDay.TotalSeconds * SpeedKmh / 3.6 / RadiusMeters) + number;
        kept.Enqueue((
            new AvlFix(
                time,
                118.35 + (number % 97 * 0.007) + (Math.Cos(angle) * RadiusMeters / 88_000),
                37.2 + (number / 97 % 83 * 0.007) + (Math.Sin(angle) * RadiusMeters / 111_000),
                SpeedKmh,
                (((360 - (angle * 180 / Math.PI)) % 360) + 360) % 360),
            due));
        figures.Made();
    }

    private async Task<bool> TrySendAsync(CancellationToken stopping)
    {
        (AvlFix Fix, DateTimeOffset Due)[] together = [.. kept.Take(line.MostTogether)];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(AnswerWithin);
        try
        {
            int refused = await line.SendAsync(Array.ConvertAll(together, static one => one.Fix), patience.Token);
            DateTimeOffset now = clock.GetUtcNow();
            for (int done = 0; done < together.Length; done++)
            {
                kept.Dequeue();
            }

            if (refused > 0)
            {
                figures.Refused(refused);
                return true;
            }

            record.Add(number, together);
            figures.Acknowledged(together, now);
            return true;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested
            && (failure is LoadLineException or System.Net.Sockets.SocketException || SimulateBackOff.IsPassing(failure, stopping)))
        {
            figures.Failed(failure is LoadLineException or HubException ? failure.Message : failure.GetType().Name);
            return false;
        }
    }
}
