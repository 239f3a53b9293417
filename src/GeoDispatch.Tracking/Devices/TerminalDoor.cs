using System.Buffers;
using System.Collections.Concurrent;
using GeoDispatch.Postgres;

namespace GeoDispatch.Tracking.Devices;

/// <summary>
/// Lets in the terminals that show a key with what they say: those of every protocol but JT/T 808. A key stands beside the terminal's number
/// or, where a client has one field alone, behind it: <c>number.key</c>.
/// </summary>
internal sealed class TerminalDoor(TerminalRegistry terminals, TimeProvider clock) : IDisposable
{
    private const int MostNoted = 40_000;
    private static readonly TimeSpan StrangersNoted = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KnownNoted = TimeSpan.FromMinutes(10);
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");
    private readonly ConcurrentDictionary<(string Protocol, string Terminal), long> noted = new();

    // Whoever is not known yet has the database for a few of them at a time: a crowd at the door takes nothing from those inside.
    private const int MostStrangers = 500;
    private readonly SemaphoreSlim strangers = new(3);
    private int waiting;

    public void Dispose() => strangers.Dispose();

    /// <summary>Takes the key off a number that ends in one; other dots belong to the number.</summary>
    internal static (string Terminal, string? Key) Split(string name)
    {
        int dot = name.Length - TerminalRegistry.KeyDigits - 1;
        return dot > 0 && name[dot] == '.' && name.AsSpan(dot + 1).IndexOfAnyExcept(HexDigits) < 0 ? (name[..dot], name[(dot + 1)..]) : (name, null);
    }

    /// <summary>Whose fixes it sends. One that may not is listed, and the problem says why: it is to keep what it has.</summary>
    /// <param name="sighting">What it says of itself.</param>
    /// <param name="key">Null where it showed none.</param>
    internal async ValueTask<(DeviceIdentity? Device, Problem? Problem)> EnterAsync(Sighting sighting, string? key, CancellationToken cancellation)
    {
        (string protocol, string number) = (sighting.Protocol, sighting.Terminal);
        if (TerminalNumber.Check(protocol, number) is { } bad)
        {
            return (null, bad);
        }

        if (number.AsSpan().ContainsAny("/+#"))
        {
            // It stands in addresses and topics.
            return (null, TerminalProblems.BadField("terminal", number, "不含 / + # / without / + #"));
        }

        if (!terminals.TryRemember(protocol, number, out Terminal? terminal))
        {
            (bool isKnown, terminal) = await AsStrangerAsync(() => terminals.FindAsync(protocol, number, cancellation).AsTask(), cancellation);
            if (!isKnown)
            {
                return (null, TerminalProblems.Busy);
            }
        }

        if (terminal is { MayReport: true } && key is not null && terminal.IsKey(key.ToUpperInvariant()))
        {
            await NoteAsync(sighting, KnownNoted, cancellation);
            return (terminal.Device, null);
        }

        if (IsToBeNoted((protocol, number), StrangersNoted))
        {
            await AsStrangerAsync(() => NoteAsync(sighting, StrangersNoted, cancellation), cancellation);
        }

        return (null, terminal switch
        {
            { MayReport: true } => TerminalProblems.WrongKey(number),
            null or { State: "waiting" } => TerminalProblems.Waiting(number),
            _ => TerminalProblems.MayNotReport(number),
        });
    }

    private async Task<(bool IsDone, T? Result)> AsStrangerAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref waiting) > MostStrangers)
        {
            Interlocked.Decrement(ref waiting);
            return (false, default);
        }

        try
        {
            await strangers.WaitAsync(cancellation);
            try
            {
                return (true, await ask());
            }
            finally
            {
                strangers.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private bool IsToBeNoted((string, string) terminal, TimeSpan every) =>
        !noted.TryGetValue(terminal, out long at) || clock.GetElapsedTime(at) >= every;

    private async Task<bool> NoteAsync(Sighting sighting, TimeSpan every, CancellationToken cancellation)
    {
        (string, string) terminal = (sighting.Protocol, sighting.Terminal);
        if (!IsToBeNoted(terminal, every))
        {
            return false;
        }

        bool isListed = await terminals.SeenAsync(sighting, cancellation);
        if (noted.Count >= MostNoted)
        {
            noted.Clear();
        }

        noted[terminal] = clock.GetTimestamp();
        return isListed;
    }
}
