using System.Globalization;
using System.Net;

namespace GeoDispatch.Tracking.Devices;

/// <summary>How the server listens to terminals that keep a connection.</summary>
public abstract record ListenerSettings
{
    /// <summary>Where to listen; null listens nowhere.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>
    /// Connections open at one time, fewer where the process may not open as many files. When they are reached, one that has said nothing yet
    /// gives way to the next; where all have spoken, the next is closed at once. Default 5,000.
    /// </summary>
    public int MostConnections { get; init; } = 5_000;

    /// <summary>Of these from one address, in the same way. Default 1,000: carriers put many terminals behind one.</summary>
    public int MostOfAddress { get; init; } = 1_000;

    /// <summary>Without a single byte for so long after it was opened, a connection ends. Default 30 s.</summary>
    public TimeSpan Silent { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Within this time from its first byte a connection must have shown that it is an approved terminal. Default 30 s.</summary>
    public TimeSpan Unauthenticated { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a whole message (NMEA: a place) for so long, a connection ends; single bytes do not count. Default 10 minutes.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A terminal that takes nothing of what it is sent for so long is gone. Default 20 s.</summary>
    public TimeSpan Sending { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long reading pauses where nothing can be stored. Default 2 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>How the server listens to terminals that speak JT/T 808: 20,000, from any address as many as come.</summary>
public sealed record Jt808Settings : ListenerSettings
{
    /// <summary>The port that the terminals of the field are set to.</summary>
    public const int UsualPort = 6808;

    /// <summary>20,000 connections, from one address as many.</summary>
    public Jt808Settings() => (MostConnections, MostOfAddress) = (20_000, int.MaxValue);
}

/// <summary>How the server listens to terminals that send NMEA 0183, by TCP and by UDP on one port.</summary>
public sealed record NmeaSettings : ListenerSettings
{
    /// <summary>The port where nothing else is said.</summary>
    public const int UsualPort = 5018;

    /// <summary>Datagrams in hand at one time; more are lost, as the network may lose them. Default 1,000.</summary>
    public int MostDatagrams { get; init; } = 1_000;
}

/// <summary>How the server listens to terminals that speak MQTT.</summary>
public sealed record MqttSettings : ListenerSettings
{
    /// <summary>The port of MQTT without TLS.</summary>
    public const int UsualPort = 1883;

    /// <summary>Idle for 20 minutes, whatever a terminal asked to be kept for.</summary>
    public MqttSettings() => Idle = TimeSpan.FromMinutes(20);
}

/// <summary>
/// How many connections all ports for terminals together may hold, each within its own limit, so that the process keeps files for consoles, the
/// database and the disk: a quarter of what it may open, and no more than it needs.
/// </summary>
/// <param name="files">That the process may open; null is no limit.</param>
internal sealed class TerminalRoom(long? files)
{
    private const int FilesForTheRest = 4_000;
    private int taken;

    /// <summary>At least 1.</summary>
    internal int Most { get; } = files is { } all ? (int)Math.Clamp(all - Math.Min(all / 4, FilesForTheRest), 1, int.MaxValue) : int.MaxValue;

    /// <summary>Takes a place, be there one or not: a connection that has to give way leaves its own a moment later.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool Enter() => Interlocked.Increment(ref taken) <= Most;

    internal void Leave() => Interlocked.Decrement(ref taken);

    /// <summary>As the system tells it, <c>ulimit -n</c>; null where it tells nothing. .NET takes all that it may at its start.</summary>
    internal static long? MayOpen()
    {
        const string Limits = "/proc/self/limits";
        string? line = File.Exists(Limits)
            ? File.ReadLines(Limits).FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal))
            : null;
        return long.TryParse(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], NumberStyles.None, CultureInfo.InvariantCulture, out long most) ? most : null;
    }
}
