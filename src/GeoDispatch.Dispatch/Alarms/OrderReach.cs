using System.Globalization;
using GeoDispatch.Dispatch.Recommendation;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>How far an order has come that no crew has confirmed.</summary>
/// <param name="SentAt">When it last went out to the vehicle's terminal; null while it has not.</param>
/// <param name="ReceiptAt">When the terminal said that it has it, or somebody at the station that he has read it; null while neither did.</param>
/// <param name="Failed"><c>noTerminal</c>, <c>failed</c> (the terminal said so), <c>expired</c>; null where it did not.</param>
internal sealed record OrderReach(DateTimeOffset? SentAt, DateTimeOffset? ReceiptAt, string? Failed)
{
    /// <summary>To stand behind what has a column <c>subject_id</c>: <c>OrderedAt</c> and the members, all null where that is no assignment.</summary>
    internal const string Join = """
        LEFT JOIN LATERAL (
            SELECT max(created_at) AS OrderedAt, max(sent_at) FILTER (WHERE channel = 'terminal') AS SentAt, min(receipt_at) AS ReceiptAt, max(failed) AS Failed
            FROM dispatch.order_delivery WHERE assignment_id = subject_id AND kind = 'order') way ON true
        """;

    internal bool IsDelivered => ReceiptAt is not null;

    /// <summary>What failed, and why. What still holds and what is to be done is said by the desk, with its keys.</summary>
    internal Reason Say(string callSign, DateTimeOffset now)
    {
        if (IsDelivered)
        {
            return new Reason($"派单已送达 {callSign},车组未确认", $"Order delivered to {callSign}, not confirmed by the crew");
        }

        string silent = SentAt is { } sent ? ((int)(now - sent).TotalSeconds).ToString(CultureInfo.InvariantCulture) : "";
        (string why, string whyEn) = (Failed, silent) switch
        {
            ("noTerminal", _) => ("车辆没有终端", "the vehicle has no terminal"),
            ("failed", _) => ("终端拒收", "refused by the terminal"),
            (_, "") => ("终端未连线", "the terminal is not connected"),
            _ => ($"终端{silent}秒未应答", $"no reply in {silent} s"),
        };
        return new Reason($"派单未送达 {callSign}:{why}", $"Order not delivered to {callSign}: {whyEn}");
    }
}
