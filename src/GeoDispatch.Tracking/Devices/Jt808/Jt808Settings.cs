using System.Net;

namespace GeoDispatch.Tracking.Devices.Jt808;

/// <summary>How the server listens to terminals that speak JT/T 808.</summary>
public sealed record Jt808Settings
{
    /// <summary>The port that the terminals of the field are set to.</summary>
    public const int UsualPort = 6808;

    /// <summary>Where to listen; null listens nowhere.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Open at one time; more are closed at once. Default 20,000.</summary>
    public int MostConnections { get; init; } = 20_000;

    /// <summary>Within this time a connection must have authenticated. Default 30 s.</summary>
    public TimeSpan Unauthenticated { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a whole message for so long, a connection ends; single bytes do not count. Default 10 minutes.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A terminal that takes nothing of what it is sent for so long is gone. Default 20 s.</summary>
    public TimeSpan Sending { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long reading pauses where nothing can be stored. Default 2 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);
}
