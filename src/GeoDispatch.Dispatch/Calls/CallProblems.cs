using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>Every refusal about calls, seats and numbers. None of them repeats a telephone number.</summary>
internal static class CallProblems
{
    internal static readonly Problem Unknown = new(404, "call.unknown", "没有此来电 / No such call", "核对编号后重试 / Check the id", "id");

    internal static readonly Problem Over = new(
        409, "call.over", "来电已办结 / The call is over", "可并案拆分或新建来电 / It can be split from its incident; enter a new call for more");

    internal static readonly Problem NotHeld = new(
        409, "call.not_held", "尚未接听 / Not taken", "先接听或取回此来电 / Take the call first");

    internal static readonly Problem NotMerged = new(
        409, "call.not_merged", "来电未并案 / Not merged", "只有并案的来电可拆分 / Only a merged call can be split", "id");

    internal static readonly Problem ResultMissing = new(
        400, "call.result_missing", "缺少结果 / Result missing",
        "结束来电须有结果 / To end a call say what became of it: noEmergency | nuisance | silent | dropped | unreachable", "result");

    internal static readonly Problem NotCalledBack = new(
        409, "call.not_called_back", "尚未回拨 / Not called back", "至少回拨一次后才可记为无法接通 / Call back at least once before saying unreachable", "result");

    internal static readonly Problem NoNumber = new(
        409, "call.no_number", "没有号码 / No number", "来电未显示号码,不能发短信 / The number was withheld: no message can be sent");

    internal static readonly Problem SeatMissing = new(
        409, "seat.missing", "未选坐席 / No seat", "先用 PUT /api/seat 选坐席 / Say first at which seat you sit: PUT /api/seat");

    internal static readonly Problem KeysOnly = new(
        403, "telephony.keys_only", "仅限程序密钥 / For programs' keys alone", "须用范围为 telephony 的密钥 / Send a key with the scope telephony");

    internal static readonly Problem NumberMissing = new(
        400, "number.missing", "缺少号码 / Number missing", "给出 number 或有号码的 callId / Give number, or a callId whose call has a number", "number");

    internal static readonly Problem NumberMalformed = new(
        400, "number.malformed", "号码不对 / Bad number", "3 至 20 位数字,可有 + - 空格与括号 / 3 to 20 digits, with + - blanks and brackets", "number");

    /// <param name="seat">Where it is.</param>
    internal static Problem HeldBy(string seat) => new(
        409, "call.held", "他席正在处理 / Another seat has it", $"坐席 {seat} 持有此来电;可请其转接 / Seat {seat} holds it: ask for a transfer");

    internal static Problem Joined(string incidentNumber) => new(
        409, "call.joined", "已有警情 / Has an incident", $"已属 {incidentNumber};先拆分 / It belongs to {incidentNumber}: split it first");

    internal static Problem Stale(string? given, int version) => new(
        412, "call.stale", "来电已变化 / The call has changed", $"当前版本 {version},重新读取后再试 / It is at version {version} now: read it again", "If-Match", given);

    internal static Problem SeatUnknown(string seat) => new(
        409, "seat.empty", "坐席无人 / Nobody sits there", "从 GET /api/seats 中选择 / Choose one of GET /api/seats", "seat", seat);

    internal static Problem DraftTooLarge(int bytes, int most) => new(
        400, "draft.too_large", "草稿过大 / Draft too large", $"草稿至多 {most} 字节 / A draft may have {most} bytes", "content", $"{bytes} B");
}
