namespace GeoDispatch.Dispatch.Alarms;

/// <summary>What may be abnormal and needs somebody at the desk to act. Codes stand in the log for ever; new ones may be added.</summary>
/// <param name="Level">1 sounds until it is confirmed, 2 sounds once, 3 is silent.</param>
/// <param name="Limit">So long it may last.</param>
/// <param name="Delay">
/// So long it has to be past the limit before it is raised, and to be over before it is cleared. What is measured flickers; what somebody has or
/// has not done does not, and has none.
/// </param>
/// <param name="Action">What to do, verb first.</param>
internal sealed record AlarmKind(
    string Code, int Level, TimeSpan Limit, TimeSpan Delay, string Name, string NameEn, string Action, string ActionEn)
{
    /// <summary>What the standard of the desk (its §6) gives to rules that measure.</summary>
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(30);

    internal static readonly AlarmKind CallUnanswered = new(
        "callUnanswered", 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, "来电 10 秒未接听", "Call unanswered for 10 s", "接听", "Answer it");

    internal static readonly AlarmKind IncidentWaiting = new(
        "incidentWaiting", 1, TimeSpan.FromSeconds(60), TimeSpan.Zero, "P1 待派超过 60 秒", "P1 waiting over 60 s", "派单", "Dispatch a unit");

    internal static readonly AlarmKind UrgentOrderUnconfirmed = new(
        "urgentOrderUnconfirmed", 1, TimeSpan.FromSeconds(45), TimeSpan.Zero, "P1 派单 45 秒未确认", "P1 order unconfirmed for 45 s",
        "电话通知车组,或改派", "Phone the crew, or divert");

    internal static readonly AlarmKind OrderUnconfirmed = new(
        "orderUnconfirmed", 2, TimeSpan.FromSeconds(60), TimeSpan.Zero, "派单 60 秒未确认", "Order unconfirmed for 60 s",
        "电话通知车组,或改派", "Phone the crew, or divert");

    internal static readonly AlarmKind NotDeparted = new(
        "notDeparted", 2, TimeSpan.FromMinutes(3), TimeSpan.Zero, "派单 3 分钟未出车", "Not under way 3 min after the order",
        "催促出车,或改派", "Press for departure, or divert");

    internal static readonly AlarmKind UnitStill = new(
        "unitStill", 2, TimeSpan.FromMinutes(5), Measured, "途中停留超过 5 分钟", "Standing for over 5 min on the way",
        "询问车组,或增援", "Ask the crew, or reinforce");

    internal static readonly AlarmKind ArrivalSlipped = new(
        "arrivalSlipped", 2, TimeSpan.FromMinutes(5), TimeSpan.Zero, "到达晚于预计 5 分钟以上", "Arrival over 5 min later than foreseen",
        "询问车组,或增援", "Ask the crew, or reinforce");

    internal static readonly AlarmKind DeviceOffline = new(
        "deviceOffline", 3, TimeSpan.FromMinutes(15), Measured, "车载终端离线超过 15 分钟", "Device offline for over 15 min",
        "联系车组检查终端", "Let the crew check the device");

    internal static readonly IReadOnlyList<AlarmKind> All =
        [CallUnanswered, IncidentWaiting, UrgentOrderUnconfirmed, OrderUnconfirmed, NotDeparted, UnitStill, ArrivalSlipped, DeviceOffline];

    /// <summary>That no crew has confirmed its order.</summary>
    internal bool IsOfUnreadOrder => Code == UrgentOrderUnconfirmed.Code || Code == OrderUnconfirmed.Code;

    /// <summary>Throws where there is no such code.</summary>
    internal static AlarmKind Get(string code) => All.First(kind => kind.Code == code);
}
