using System.Globalization;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Units;

/// <summary>What units refuse.</summary>
internal static class UnitProblems
{
    internal static readonly Problem Unknown = DispatchProblems.UnitUnknown(Guid.Empty) with { Field = "id", Value = null };

    internal static readonly Problem NotYours = new(
        403, "unit.not_yours", "不是本车 / Not your unit", "车组只能登录、停用本车 / A crew logs on to and takes out its own unit alone");

    internal static Problem Stale(string? given, int version) => new(
        412, "unit.stale", "车辆状态已变化 / The unit has changed",
        $"当前版本 {version},重新读取后再试 / It is at version {version} now: read it again", "If-Match", given);

    internal static Problem AtWork(string callSign, string incidentNumber) => new(
        409, "unit.at_work", "车辆正在执行任务 / Unit at work",
        $"{callSign} 正在执行 {incidentNumber},任务结束后再改 / {callSign} works on {incidentNumber}: change it when that has ended", "id");

    /// <param name="zone">In which the time is said.</param>
    internal static Problem OutOfService(string callSign, UnitOut @out, TimeZoneInfo zone)
    {
        NamedCode reason = OutReason.Get(@out.Reason);
        string words = @out.Words is { } more ? $"({more})" : "";
        (string zh, string en) = @out.Until is { } until
            ? ($"至 {Stamp(until, zone)}", $"until {Stamp(until, zone)}")
            : ("恢复时间未定", "until somebody brings it back");
        return new Problem(
            409, "unit.out_of_service", "车辆停用 / Unit out of service",
            $"{callSign} 停用:{reason.Name}{words},{zh} / {callSign} is out of service: {reason.NameEn}{words}, {en}", "unitId");
    }

    internal static Problem OffDuty(string callSign) => new(
        409, "unit.off_duty", "车组未当班 / Crew off duty",
        $"{callSign} 无当班车组,须先登录班次 / Nobody is on duty on {callSign}: its crew must log on first", "unitId");

    private static string Stamp(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
