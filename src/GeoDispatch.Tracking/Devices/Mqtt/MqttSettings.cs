using System.Net;

namespace GeoDispatch.Tracking.Devices.Mqtt;

/// <summary>How the server listens to terminals that speak MQTT.</summary>
public sealed record MqttSettings
{
    /// <summary>The port of MQTT without TLS.</summary>
    public const int UsualPort = 1883;

    /// <summary>Where to listen; null listens nowhere.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Connections open at one time; more are closed at once. Default 5,000.</summary>
    public int MostConnections { get; init; } = 5_000;

    /// <summary>Of these from one address. Default 1,000: carriers put many terminals behind one.</summary>
    public int MostOfAddress { get; init; } = 1_000;

    /// <summary>Within this time a connection must have said who it is. Default 30 s.</summary>
    public TimeSpan Unauthenticated { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a whole packet for so long, a connection ends, whatever it asked to be kept for. Default 20 minutes.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>A terminal that takes nothing of what it is sent for so long is gone. Default 20 s.</summary>
    public TimeSpan Sending { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a terminal waits before it is cut where nothing can be stored. Default 2 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);
}
