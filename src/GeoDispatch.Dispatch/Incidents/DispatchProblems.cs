using System.Globalization;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>Every refusal of this module, in one place so that codes and words stay even.</summary>
internal static class DispatchProblems
{
    internal static readonly Problem IncidentUnknown = new(
        404, "incident.unknown", "没有此警情 / No such incident", "核对编号后重试 / Check the id", "id");

    internal static readonly Problem DestinationMissing = new(
        400, "destination.missing", "缺少送往医院 / Destination missing",
        "离开现场须选择送往的医院 / Left scene needs the hospital it goes to", "destinationId");

    internal static readonly Problem NotYours = new(
        403, "assignment.not_yours", "不是本车任务 / Not your task", "车组只能读写本车的任务 / A crew reads and writes its own unit's task alone");

    internal static Problem BadField(string field, string? value, string right) => new(
        400, "command.bad_field", "内容不对 / Bad content", $"{field}: {right}", field, value);

    internal static Problem CommandReused(Guid id) => new(
        409, "command.id_reused", "命令编号已用于别的命令 / Command id already used",
        "每条新命令须用新的 commandId / Each new command needs a new commandId", "commandId", id.ToString());

    internal static Problem Stale(string? given, int version) => new(
        412, "incident.stale", "警情已变化 / The incident has changed",
        $"当前版本 {version},重新读取后再试 / It is at version {version} now: read it again", "If-Match", given);

    internal static Problem Closed(string number) => new(
        409, "incident.closed", "警情已结案 / Incident closed", $"{number} 已结案,可记事、更正、关联、附件,或重开 / {number} is closed: it takes notes, corrections, links and attachments, or is reopened");

    internal static Problem UnitsActive(string number, string[] callSigns) => new(
        409, "incident.units_active", "仍有车辆在执行 / Units are still at work",
        $"{number}: {string.Join(", ", callSigns)};先撤回或等其完成 / recall them or wait until they are available");

    internal static Problem UnitUnknown(Guid id) => new(
        404, "unit.unknown", "没有此车辆 / No such unit", "从单元列表中选择 / Choose one of the list of units", "unitId", id.ToString());

    internal static Problem UnitBusy(string callSign, string incidentNumber) => new(
        409, "unit.busy", "车辆已有任务 / Unit already assigned",
        $"{callSign} 正在执行 {incidentNumber},请另选车辆 / {callSign} works on {incidentNumber}: choose another unit", "unitId");

    /// <param name="cannot">Call sign and reason, one for each.</param>
    internal static Problem UnitsCannotGo(IEnumerable<(string CallSign, Problem Why)> cannot) => new(
        409, "units.cannot_go", "所选车辆未全部可派,一辆都未派出 / Not all of these units can go, and none was sent",
        string.Join("; ", cannot.Select(static one => $"{one.CallSign}: {one.Why.Detail}")), "unitIds", string.Join(", ", cannot.Select(static one => one.CallSign)));

    internal static Problem SameIncident(Guid id) => new(
        400, "assignment.same_incident", "已在此警情 / Already on this incident", "改派须选另一警情 / Divert to another incident", "toIncidentId", id.ToString());

    internal static Problem AgencyNotInvolved(string agency, string number) => new(
        409, "agency.not_involved", "此单位未参与 / Agency not involved",
        $"先将 {agency} 加入 {number} / add {agency} to {number} first: POST /api/incidents/…/agencies", "agency", agency);

    internal static Problem TodoUnknown(Guid id) => new(
        404, "todo.unknown", "没有此待办 / No such task", "见警情的待办列表 / See the incident's list of things to do", "todoId", id.ToString());

    internal static Problem AttachmentUnknown(Guid id) => new(
        404, "attachment.unknown", "没有此附件 / No such attachment", "见警情的附件列表 / See the incident's list of attachments", "attachmentId", id.ToString());

    internal static Problem TooManyAttachments(string number) => new(
        409, "attachment.too_many", "附件已满 / Too many attachments",
        $"{number} 已有 {IncidentDecider.MostAttachments} 个附件 / has {IncidentDecider.MostAttachments} attachments already");

    /// <param name="lines">Those that could be corrected.</param>
    internal static Problem NothingToCorrect(string field, int version, IEnumerable<int> lines) => new(
        409, "correction.no_such_line", "没有可更正的此行 / No such line to correct",
        $"该行不是此类,或已被更正;可更正 / it is of another kind or was corrected already; these can be: {string.Join(", ", lines.Select(static line => line.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("—"))}",
        field, version.ToString(CultureInfo.InvariantCulture));

    internal static Problem CorrectionOutOfOrder(string callSign, AssignmentStatus milestone, DateTimeOffset at, DateTimeOffset from, DateTimeOffset until) => new(
        409, "correction.out_of_order", "更正会打乱节点顺序 / The milestones would be out of order",
        $"{callSign} {milestone.Text()}: {Stamp(from)} … {Stamp(until)}", "milestone.at", Stamp(at));

    internal static Problem NoCrewDevice(string callSign) => new(
        409, "unit.no_device", "车组屏不能发送定位 / This screen cannot send positions",
        $"{callSign} 的车辆未登记或车组屏已停用,位置由车载终端发送 / {callSign}'s vehicle is unknown or its crew page was disabled: the terminal sends the position");

    internal static Problem AssignmentUnknown(Guid id) => new(
        404, "assignment.unknown", "没有此任务 / No such assignment", "可能属于另一警情 / It may belong to another incident", "id", id.ToString());

    internal static Problem AssignmentEnded(string callSign) => new(
        409, "assignment.ended", "任务已结束 / Assignment has ended", $"{callSign} 已不在此任务 / {callSign} no longer works on it");

    internal static Problem WithPatient(string callSign) => new(
        409, "assignment.with_patient", "车上有患者 / Patient on board",
        $"{callSign} 已离开现场,不能撤回或改派 / {callSign} has left the scene and can be neither recalled nor diverted");

    internal static Problem OutOfOrder(string callSign, AssignmentStatus now, AssignmentStatus wanted) => new(
        409, "milestone.out_of_order", "时间节点顺序不对 / Milestone out of order",
        $"{callSign} 当前为 {now.Text()},之后可记 / is at {now.Text()}, after which may come: {string.Join(", ", After(now))}",
        "milestone", wanted.Text());

    internal static Problem MilestoneFromFuture(DateTimeOffset at, DateTimeOffset now) => new(
        400, "milestone.from_future", "时间晚于现在 / Time in the future",
        $"at 不得晚于现在 30 秒以上 / at may be at most 30 s ahead of {Stamp(now)}", "at", Stamp(at));

    internal static Problem MilestoneTooEarly(DateTimeOffset at, DateTimeOffset before) => new(
        400, "milestone.too_early", "时间早于上一节点 / Earlier than the milestone before",
        $"at 不得早于 / at may not be before {Stamp(before)}", "at", Stamp(at));

    internal static Problem DestinationUnknown(Guid id) => new(
        400, "destination.unknown", "没有此目的地 / No such destination", "见 / See GET /api/destinations", "destinationId", id.ToString());

    private static IEnumerable<string> After(AssignmentStatus now) =>
        Enum.GetValues<AssignmentStatus>().Where(next => AssignmentDecider.MayFollow(now, next)).Select(static next => next.Text()).DefaultIfEmpty("—");

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
