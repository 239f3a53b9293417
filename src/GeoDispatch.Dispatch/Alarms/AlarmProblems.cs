using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>Every refusal of a command on an alarm.</summary>
internal static class AlarmProblems
{
    internal static readonly int[] ShelfMinutes = [15, 30, 60];

    internal static readonly Problem Unknown = new(
        404, "alarm.unknown", "没有此告警 / No such alarm", "核对编号,或见 GET /api/alarms / Check the id, or see GET /api/alarms", "id");

    internal static readonly Problem IsShelved = new(
        409, "alarm.shelved", "告警已搁置 / Alarm shelved", "先恢复告警,再确认 / Unshelve it first, then confirm it");

    internal static readonly Problem NotShelvable = new(
        409, "alarm.not_shelvable", "一级告警不能搁置 / An alarm of level 1 cannot be shelved", "确认后处理其原因 / Confirm it and see to its cause");

    internal static readonly Problem Ended = new(
        409, "alarm.ended", "告警已结束 / Alarm over", "已恢复并确认,无需搁置 / It is over and was confirmed: there is nothing to shelve");

    internal static Problem Stale(string? given, int version) => new(
        412, "alarm.stale", "告警已变化 / The alarm has changed",
        $"当前版本 {version},重新读取后再试 / It is at version {version} now: read it again", "If-Match", given);
}
