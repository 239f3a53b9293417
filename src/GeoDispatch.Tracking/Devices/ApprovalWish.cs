using System.Text.RegularExpressions;
using GeoDispatch.Postgres;

namespace GeoDispatch.Tracking.Devices;

/// <summary>The vehicle that a terminal shall report for: one that is there by its id, or by its plate one that may be new.</summary>
/// <param name="VehicleId">Then nothing else.</param>
/// <param name="Plate">1 to 20 characters. A vehicle that has it already is taken, where what else is said fits.</param>
/// <param name="Kind">Such as <c>ambulance</c>: 1 to 32 lower-case letters, digits, hyphens, underscores.</param>
/// <param name="Department">Code of the department whose fleet it is in.</param>
/// <param name="Name">At most 60 characters; the plate where nothing is said.</param>
internal sealed partial record ApprovalWish(
    Guid? VehicleId = null, string? Plate = null, string? Kind = null, string? Department = null, string? Name = null)
{
    /// <summary>Null where it says one vehicle, in bounds. Whether that is there only the database knows.</summary>
    internal Problem? Check() => (VehicleId, Plate) switch
    {
        (null, null) => TerminalProblems.BadField("vehicleId", null, "vehicleId,或 plate、kind、department / vehicleId, or plate, kind and department"),
        ({ } id, _) when id == Guid.Empty => TerminalProblems.BadField("vehicleId", id.ToString(), "UUID"),
        (not null, _) => (Plate ?? Kind ?? Department ?? Name) is { } more
            ? TerminalProblems.BadField("vehicleId", more, "已给出 vehicleId 时不能再给其他 / with vehicleId nothing else is said")
            : null,
        _ => Text("plate", Plate, 1, 20)
            ?? (Kind is not null && IsKind(Kind)
                ? null
                : TerminalProblems.BadField("kind", Kind, "小写字母、数字、_、-,1 至 32 个 / 1 to 32 lower-case letters, digits, _, -"))
            ?? Text("department", Department, 1, 32)
            ?? Text("name", Name, 0, 60),
    };

    internal static bool IsKind(string text) => KindName().IsMatch(text);

    internal static Problem? Text(string field, string? value, int least, int most) =>
        (value?.Trim().Length ?? 0) < least || value?.Length > most || value?.Any(char.IsControl) == true
            ? TerminalProblems.BadField(field, value, $"{least} 至 {most} 个字 / {least} to {most} characters")
            : null;

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,31}$", RegexOptions.NonBacktracking)]
    private static partial Regex KindName();
}

/// <summary>What the approval of terminals refuses.</summary>
internal static class TerminalProblems
{
    internal static Problem BadField(string field, string? value, string right) =>
        new(400, "terminal.bad_field", "内容不合要求 / Bad field", $"{field}: {right}", field, value);

    internal static Problem TerminalUnknown(string terminal) => new(
        404, "terminal.unknown", "没有此终端 / Unknown terminal",
        "终端须先连接一次,或由 devices import 登记 / It must connect once first, or be entered by devices import", "terminal", terminal);

    internal static Problem NotApproved(string terminal) => new(
        409, "terminal.not_approved", "终端未获批准 / The terminal is not approved", "先批准,再发密钥 / Approve it first", "terminal", terminal);

    internal static Problem Waiting(string terminal) => new(
        403, "terminal.waiting", "终端待批准 / The terminal waits for approval",
        "未保存,批准后请重发 / Nothing was saved; send it again once an administrator has approved the terminal", "terminal", terminal);

    internal static Problem WrongKey(string terminal) => new(
        401, "terminal.wrong_key", "终端密钥无效 / Wrong key of the terminal",
        "未保存;密钥由管理员发放 / Nothing was saved; an administrator issues the key", "terminal", terminal);

    internal static readonly Problem Busy = new(
        429, "terminal.busy", "未知终端过多 / Too many unknown terminals", "未保存,请稍后重发 / Nothing was saved; send the same again later");

    internal static Problem MayNotReport(string terminal) => new(
        403, "terminal.refused", "终端被拒绝 / The terminal was refused", "未保存,请与管理员联系 / Nothing was saved; ask the administrator", "terminal", terminal);

    internal static Problem WasRefused(string terminal) => new(
        409, "terminal.refused", "此终端曾被拒绝 / The terminal was refused",
        "如仍要接入,请逐台批准 / Approve it by itself if it shall come in after all", "terminal", terminal);

    internal static Problem VehicleUnknown(Guid? vehicle) => new(
        404, "vehicle.unknown", "没有此车辆 / Unknown vehicle", "核对车辆编号 / Check the id of the vehicle", "vehicleId", vehicle?.ToString());

    internal static Problem VehicleDiffers(string field, string? asked, string there) => new(
        409, "vehicle.differs", "车牌已登记,但内容不同 / The plate is entered with other facts", $"{field}: {there}", field, asked);

    internal static Problem DepartmentUnknown(string? code) => new(
        400, "department.unknown", "没有此部门 / Unknown department",
        "先由管理员登记部门 / An administrator must enter the department first", "department", code);
}
