namespace GeoDispatch.Identity.Quotas;

/// <summary>
/// Whether somebody of the control room or a crew has asked for something lately, be it to read or to do: the map leaves them more of the
/// machine meanwhile. Their own pictures of the map do not count.
/// </summary>
public sealed class DeskActivity(TimeProvider clock)
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(50);
    private long noted = long.MinValue;

    /// <summary>True for ten seconds after each request.</summary>
    public bool IsBusy => HasAsked(Lately);

    /// <summary>True for 50 ms after each request: most are answered in less.</summary>
    public bool IsAsking => HasAsked(JustNow);

    private bool HasAsked(TimeSpan within) => Volatile.Read(ref noted) is not long.MinValue and long last && clock.GetElapsedTime(last) < within;

    internal void Note() => Volatile.Write(ref noted, clock.GetTimestamp());
}
