using GeoDispatch.Postgres;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>What hospitals and the pre-alerts to them refuse.</summary>
internal static class HospitalProblems
{
    internal static readonly Problem NotYours = new(
        403, "hospital.not_yours", "不是本医院 / Not your hospital", "医院账号只能读写本院 / The people of a hospital read and write what is of their own alone", "id");

    internal static readonly Problem NotYourTask = new(
        403, "prealert.not_yours", "不是本车任务 / Not your task", "车组只能预告本车的患者 / A crew tells of its own unit's patient alone", "id");

    internal static Problem Unknown(Guid id, string field = "id") => new(
        404, "hospital.unknown", "没有此医院 / No such hospital", "见 / See GET /api/hospitals", field, id.ToString());

    internal static Problem Stale(string? given, int version) => new(
        412, "hospital.stale", "医院资料已变化 / The hospital has changed",
        $"当前版本 {version},重新读取后再试 / It is at version {version} now: read it again", "If-Match", given);

    internal static Problem AssignmentUnknown(Guid id, string field = "id") => new(
        404, "assignment.unknown", "没有此任务 / No such assignment", "核对任务编号 / Check the assignment", field, id.ToString());

    internal static Problem OffRoad(string value) => new(
        409, "hospital.off_road", "起点附近没有道路 / No street near the start", "两公里内没有道路,无法计算时间 / No street within 2 km, so that no time is known", "lon", value);

    internal static Problem RunEnded(string callSign) => new(
        409, "prealert.ended", "任务已结束 / The run has ended",
        $"{callSign} 已交接或撤回,不能再预告 / {callSign} has handed over or was called off: nobody is expected", "id");

    internal static Problem PrealertUnknown(Guid id) => new(
        404, "prealert.unknown", "没有此预告 / No such pre-alert", "见 / See GET /api/hospitals/…/prealerts", "prealertId", id.ToString());
}
