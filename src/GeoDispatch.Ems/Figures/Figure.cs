namespace GeoDispatch.Ems.Figures;

/// <summary>A moment of a call, an incident or a run, as people name it.</summary>
internal sealed record End(string Zh, string En);

/// <summary>An interval that the centre is judged by, with both of its ends.</summary>
/// <param name="Code">As interfaces name it.</param>
/// <param name="Of">Of what it is one: <c>call</c>, <c>incident</c> or <c>run</c>.</param>
/// <param name="Seconds">SQL for its length in seconds, over the row of that kind in <see cref="FigureSql"/>; null where an end is missing.</param>
/// <param name="TargetSeconds">As long as it may take where the city has set nothing else; null where nobody says.</param>
/// <param name="TargetPercent">In so many of a hundred cases.</param>
internal sealed record Figure(
    string Code, string Zh, string En, End From, End To, string Of, string Seconds, int? TargetSeconds = null, int? TargetPercent = null)
{
    private static readonly End Rang = new("振铃", "ringing"), Answered = new("摘机", "answered"), Received = new("来电", "call"),
        Opened = new("受理完毕（建立警情）", "information taken (incident opened)"), Notified = new("派车（首个指令）", "unit notified (first order)"),
        Order = new("派车", "unit notified"), Acknowledged = new("车组确认", "acknowledged"), EnRoute = new("出车", "en route"),
        OnScene = new("到达现场", "on scene"), FirstOnScene = new("首车到达现场", "first unit on scene"), AtPatient = new("首次接触患者", "first at patient"),
        LeftScene = new("离开现场", "left scene"), AtDestination = new("送达医院", "at hospital"), HandedOver = new("交接完成", "handed over"),
        Available = new("恢复待命", "available");

    /// <summary>
    /// All. Targets: answered within 10 s and 出车 within 3 min, each in 95 % (national aims for 2025); the order within a minute after the
    /// information was taken (Qingdao, 2017); first unit on scene within 12 min (Kunshan's threshold). The city's own stand in <c>ems.figure_target</c>.
    /// </summary>
    internal static readonly IReadOnlyList<Figure> All =
    [
        new("answer", "10秒接听", "Call answered", Rang, Answered, "call", Between("rang_at", "answered_at"), 10, 95),
        new("intake", "受理时长", "Information taken", Received, Opened, "incident", Between("received_at", "opened_at")),
        new("order", "派车时长", "Order given", Opened, Notified, "incident", Between("opened_at", "notified_at"), 60, 100),
        new("response", "急救反应时间", "Response", Received, FirstOnScene, "incident", Between("received_at", "on_scene_at"), 720, 90),
        new("patient", "接触患者时间", "Patient reached", Received, AtPatient, "incident", Between("received_at", "at_patient_at")),
        new("acknowledge", "确认时长", "Acknowledged", Order, Acknowledged, "run", Between("notified_at", "acknowledged_at"), 60, 95),
        new("turnout", "3分钟出车", "Turnout", Order, EnRoute, "run", Between("notified_at", "en_route_at"), 180, 95),
        new("travel", "行驶时长", "Travel", EnRoute, OnScene, "run", Between("en_route_at", "on_scene_at")),
        new("scene", "现场时长", "On scene", OnScene, LeftScene, "run", Between("on_scene_at", "left_scene_at")),
        new("transport", "送院时长", "Transport", LeftScene, AtDestination, "run", Between("left_scene_at", "at_destination_at")),
        new("handover", "交接时长", "Hand-over", AtDestination, HandedOver, "run", Between("at_destination_at", "handed_over_at")),
        new("turnaround", "医院周转", "Hospital turnaround", AtDestination, Available, "run", Between("at_destination_at", "available_at")),
        new("run", "任务时长", "Whole run", Order, Available, "run", Between("notified_at", "available_at")),
    ];

    /// <summary>Null where there is none.</summary>
    internal static Figure? Find(string? code) => All.FirstOrDefault(figure => figure.Code == code);

    private static string Between(string from, string to) => $"extract(epoch FROM {to} - {from})::float8";
}
