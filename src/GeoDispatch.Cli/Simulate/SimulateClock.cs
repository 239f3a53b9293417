using System.Net.Http.Json;
using System.Text.Json;

namespace GeoDispatch.Cli.Simulate;

/// <summary>
/// The server's time of day, which an exercise makes run faster than life. Read every few seconds; in between, and while
/// the server is away, counted on from the last reading.
/// </summary>
internal sealed class SimulateClock(Uri server, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private readonly HttpClient http = new() { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5) };
    private volatile Reading last = new(DateTimeOffset.UnixEpoch, 1, 0);

    private sealed record ClockView(DateTimeOffset Now, double Speed);

    private sealed record Reading(DateTimeOffset Now, double Speed, long ReadAt);

    /// <summary>Real time: for waits and for what is counted in seconds of life.</summary>
    internal TimeProvider Time => time;

    /// <summary>Seconds of the server's clock in a second of life.</summary>
    internal double Speed => last.Speed;

    /// <summary>By the server's clock, in whole milliseconds: what is sent, stored and journalled is then the same text.</summary>
    internal DateTimeOffset Now
    {
        get
        {
            Reading reading = last;
            DateTimeOffset now = reading.Now + time.GetElapsedTime(reading.ReadAt) * reading.Speed;
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)).ToUniversalTime();
        }
    }

    /// <summary>Reads the server's clock, trying until it answers.</summary>
    internal async Task SynchronizeAsync(CancellationToken cancellation)
    {
        for (int tries = 0; !await ReadAsync(cancellation); tries++)
        {
            await Task.Delay(SimulateBackOff.After(tries), time, cancellation);
        }
    }

    /// <summary>Keeps the reading fresh until stopped.</summary>
    internal async Task KeepAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Between, time, cancellation);
            await SynchronizeAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            long asked = time.GetTimestamp();
            ClockView? view = await http.GetFromJsonAsync<ClockView>("/api/clock", JsonSerializerOptions.Web, cancellation);
            if (view is null)
            {
                return false;
            }

            // The server looked at its clock about half-way between question and answer.
            long answered = time.GetTimestamp();
            last = new Reading(view.Now, view.Speed, asked + (answered - asked) / 2);
            return true;
        }
        catch (Exception failure) when (SimulateBackOff.IsPassing(failure, cancellation))
        {
            return false;
        }
    }
}
