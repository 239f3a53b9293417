using System.Globalization;
using GeoDispatch.Postgres;

namespace GeoDispatch.Ems.Care;

/// <summary>What patients' records refuse. No refusal repeats who a patient is.</summary>
internal static class CareProblems
{
    internal static readonly Problem NotYours = new(
        403, "care.not_yours", "不能读写此患者 / Not your patient",
        "病历由本车车组书写;接收医院自预告起至交接后 24 小时可读 / The run's own crew writes the record; the receiving hospital reads it from the pre-alert until 24 hours after the hand-over", "id");

    internal static readonly Problem NotForDesk = new(
        403, "care.not_for_desk", "调度席不能读取 / Not for the desk",
        "图片只供车组和接收医院 / Pictures are for the crew and the receiving hospital");

    internal static Problem PurposeMissing(string? given) => new(
        400, "care.purpose_missing", "须说明查阅目的 / Say what you read it for",
        "请求头 X-Purpose:1 至 100 个字,UTF-8 百分号编码 / Header X-Purpose: 1 to 100 characters, percent-encoded UTF-8", "X-Purpose", given);

    internal static Problem Ended(string callSign) => new(
        409, "care.ended", "病历已截止 / The record is closed",
        $"{callSign} 的任务结束已超过 24 小时 / The run of {callSign} ended more than 24 hours ago", "id");

    internal static Problem PatientUnknown(Guid id) => new(
        404, "care.patient_unknown", "本任务没有此患者 / No such patient of this run", "先添加患者 / Add the patient first: POST /api/assignments/…/patients", "patientId", id.ToString());

    internal static Problem PatientElsewhere(Guid id) => new(
        409, "care.patient_elsewhere", "患者编号已用于别的任务 / The patient's id belongs to another run", "新患者须用新的 patientId / A new patient needs a new patientId", "patientId", id.ToString());

    internal static Problem TooMany(string what, int most) => new(
        409, "care.too_many", "数量已满 / Too many", $"至多 {most} / at most {most}: {what}", what);

    internal static Problem NothingToReplace(Guid id) => new(
        409, "care.nothing_to_replace", "没有可更正的此条 / No such entry to correct",
        "须为此患者的同类记录,且未被更正 / It must be of this patient and this kind, and not be corrected yet", "replaces", id.ToString());

    internal static Problem ImageUnknown(Guid id) => new(
        404, "care.image_unknown", "没有此图片 / No such picture", "见患者的记录 / See the patient's entries", "commandId", id.ToString());

    internal static Problem OutOfTime(DateTimeOffset? at, DateTimeOffset from, DateTimeOffset until) => new(
        400, "command.bad_field", "内容不对 / Bad content", $"at: {Stamp(from)} … {Stamp(until)}", "at", at is { } given ? Stamp(given) : null);

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
