using System.Net;

namespace GeoDispatch.Tracking.Devices.Nmea;

/// <summary>How the server listens to terminals that send NMEA 0183, by TCP and by UDP on one port.</summary>
public sealed record NmeaSettings
{
    /// <summary>The port where nothing else is said.</summary>
    public const int UsualPort = 5018;

    /// <summary>Where to listen; null listens nowhere.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Connections open at one time; more are closed at once. Default 5,000.</summary>
    public int MostConnections { get; init; } = 5_000;

    /// <summary>Of these from one address. Default 1,000: carriers put many terminals behind one.</summary>
    public int MostOfAddress { get; init; } = 1_000;

    /// <summary>Datagrams in hand at one time; more are lost, as the network may lose them. Default 1,000.</summary>
    public int MostDatagrams { get; init; } = 1_000;

    /// <summary>Within this time a connection must have named an approved terminal and its key. Default 30 s.</summary>
    public TimeSpan Unauthenticated { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a place for so long, a connection ends; other lines do not count. Default 10 minutes.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A terminal that takes nothing of what it is sent for so long is gone. Default 20 s.</summary>
    public TimeSpan Sending { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long reading pauses where nothing can be stored. Default 2 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);
}
