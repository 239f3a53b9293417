using GeoDispatch.Dispatch.Alarms;

namespace GeoDispatch.Dispatch.Tests.Alarms;

/// <summary>What the desk is told of an order that no crew has confirmed.</summary>
public sealed class OrderReachTests
{
    private static readonly DateTimeOffset Sent = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, OrderReach> Reaches = new(StringComparer.Ordinal)
    {
        ["sent"] = new(Sent, null, null),
        ["sent in vain"] = new(Sent, null, "expired"),
        ["never connected"] = new(null, null, null),
        ["never connected in time"] = new(null, null, "expired"),
        ["refused"] = new(Sent, null, "failed"),
        ["no terminal"] = new(null, null, "noTerminal"),
        ["received"] = new(Sent, Sent, null),
        ["read at the station, no terminal"] = new(null, Sent, "noTerminal"),
    };

    [Theory]
    [InlineData("sent", "派单未送达 A12:终端40秒未应答", "Order not delivered to A12: no reply in 40 s")]
    [InlineData("sent in vain", "派单未送达 A12:终端40秒未应答", "Order not delivered to A12: no reply in 40 s")]
    [InlineData("never connected", "派单未送达 A12:终端未连线", "Order not delivered to A12: the terminal is not connected")]
    [InlineData("never connected in time", "派单未送达 A12:终端未连线", "Order not delivered to A12: the terminal is not connected")]
    [InlineData("refused", "派单未送达 A12:终端拒收", "Order not delivered to A12: refused by the terminal")]
    [InlineData("no terminal", "派单未送达 A12:车辆没有终端", "Order not delivered to A12: the vehicle has no terminal")]
    [InlineData("received", "派单已送达 A12,车组未确认", "Order delivered to A12, not confirmed by the crew")]
    [InlineData("read at the station, no terminal", "派单已送达 A12,车组未确认", "Order delivered to A12, not confirmed by the crew")]
    public void It_is_said_how_far_the_order_came(string reach, string zh, string en)
    {
        var said = Reaches[reach].Say("A12", Sent.AddSeconds(40.9));

        Assert.Equal((zh, en), (said.Zh, said.En));
    }
}
